/* metrics.h - figures of a run as JSON lines and TensorBoard events in one folder. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_METRICS_H
#define NONEQ_CLI_METRICS_H

#include <stdio.h>

#include <noneq.h>

typedef struct metrics {
    FILE *lines, *events; /* NULL: nothing is logged */
    const char *folder;
} metrics;

/* One figure; NaN ones are left out. */
typedef struct metric {
    const char *name;
    double value;
} metric;

/* Opens DIR/metrics.jsonl (appending) and a new event file there, making the folder where there
 * is none. folder NULL: everything below does nothing. Returns an exit status. */
int metrics_open(metrics *out, const char *folder);
/* The same for a training run that goes on after `update`: what a lost run logged of later updates
 * is taken back, so that updates rise from line to line. 0: a run begins, and what another one left
 * stays as metrics.1.jsonl, metrics.2.jsonl, ... */
int metrics_open_run(metrics *out, const char *folder, int64_t update);
/* A line and its events. `stage` may be NULL. */
void metrics_write(metrics *log, int64_t step, const char *stage, const metric *figures,
                   size_t count);
/* The figures of a training state, in bits. */
void metrics_train(metrics *log, const nq_train_state *state);
/* Returns an exit status: EXIT_FAILED when something could not be written. */
int metrics_close(metrics *log);

#endif
