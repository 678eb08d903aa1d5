/* interrupt.h - Ctrl-C and its like: a job that can stop is asked to, all else ends cleanly. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_INTERRUPT_H
#define NONEQ_CLI_INTERRUPT_H

#include <noneq.h>

/* From now on SIGINT, SIGTERM and SIGHUP end the process with status 128 + their number, and
 * remove what is half written. One that is ignored at the start (nohup, a job in the background)
 * stays ignored. */
void interrupt_start(void);
/* What is said on standard error then, a whole line that must stay where it is; NULL: nothing. */
void interrupt_says(const char *line);
/* The context whose files are removed then; NULL: none. */
void interrupt_context(nq_context *context);

/* From now on the first signal only leaves a note; the next one ends the process. A note that was
 * left since an earlier call stays. */
void interrupt_catch(void);
/* The number of the signal that has come to this process, or 0: ranks must agree on what they do
 * about it (nq_context_share). */
int interrupt_signal(void);

#endif
