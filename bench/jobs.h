/* jobs.h - the standard jobs a, b and c: networks, rows and settings that every engine shares. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_BENCH_JOBS_H
#define NONEQ_BENCH_JOBS_H

#include "train/trainer.h"

typedef struct job_setting {
    const char *field, *value;
} job_setting;

enum { JOB_SETTINGS = 20, CHECK_ROWS_MOST = 1024 };

/* a: swiss roll, b: heartbeat, c: the reference code's MNIST network. bench/peers/jobs.py has the
 * same numbers; docs/speed.md shows them. */
typedef struct job {
    const char *name, *data, *preset; /* preset NULL: model and train say all */
    size_t data_rows, data_dim;
    job_setting model[JOB_SETTINGS], train[JOB_SETTINGS];
    size_t sample_rows;
    int sample_steps; /* reverse steps that are timed; 0: the whole trajectory */
    size_t bound_rows, bound_terms;
    size_t check_rows, check_group; /* of the comparison of losses; check_group share t */
} job;

/* NULL: there is none of this name. */
const job *job_find(const char *name);
/* In order, NULL-terminated by a NULL name. */
const job *jobs_all(void);
/* Options for this job; precision "float32" or "bf16". */
nq_status job_options(nq_context *context, const job *j, const char *precision,
                      nq_model_options *model, nq_train_options *train);
/* Synthetic rows of the job's shape. */
nq_status job_data(nq_dataset **out, nq_context *context, const job *j);
/* Useful floating-point operations for one row, a multiply-add being two: forward, and forward and
 * backward (no gradient where nothing before it has parameters). */
double job_forward_cost(const nqi_graph *graph);
double job_train_cost(const nqi_graph *graph);

/* Writes folder/JOB.nq (every weight moved from its start, so that all of them matter) and a batch:
 * JOB_x_0.npy, JOB_x_t.npy, JOB_noise.npy (real numbers), JOB_t.npy, JOB_kl.npy. loss: the mean
 * divergence, nats per row and step. */
nq_status job_exchange_write(double *loss, nq_context *context, const job *j,
                             const nq_dataset *data, const char *precision, const char *folder);
/* The same mean from those files. */
nq_status job_exchange_check(double *loss, nq_context *context, const job *j,
                             const char *precision, const char *folder);

#endif
