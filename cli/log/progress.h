/* progress.h - one line on a terminal that is redrawn, or plain lines every few seconds. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PROGRESS_H
#define NONEQ_CLI_PROGRESS_H

#include <stddef.h>

#include <noneq.h>

typedef struct progress {
    int quiet, terminal;
    int drawn;            /* a line stands on the terminal */
    int shown_any;        /* for users: some line has been shown */
    double started;       /* clock at the start, seconds */
    double shown;         /* clock at the last line */
    double progress_then; /* part of the work that was done before this run */
    int64_t update_then;  /* updates likewise */
} progress;

/* Progress goes to standard error. */
void progress_init(progress *line, int quiet);
/* State of a training run, at most ten times a second on a terminal, else every five seconds;
 * `last`: whatever the clock says. */
void progress_train(progress *line, const nq_train_state *state, int last);
/* Any sentence, with the pace of progress_train. */
void progress_text(progress *line, const char *text, int last);
/* Whether progress_text would show a line now. */
int progress_is_due(const progress *line);
/* Takes the line off the terminal before something else is printed. */
void progress_clear(progress *line);

#endif
