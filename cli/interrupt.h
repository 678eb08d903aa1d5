/* interrupt.h - the first Ctrl-C asks a job to stop, the second stops the process. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_INTERRUPT_H
#define NONEQ_CLI_INTERRUPT_H

/* From now on SIGINT and SIGTERM only leave a note, once. */
void interrupt_catch(void);
/* The number of the signal that has come to this process, or 0: ranks must agree on what they do
 * about it (nq_context_share). */
int interrupt_signal(void);

#endif
