/* ais.h - log weights of forward trajectories ([SD15] eq. 9), step by step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_AIS_H
#define NQI_MEASURE_AIS_H

#include <noneq/likelihood.h>

#include "core/real.h"
#include "model/model.h"

/* Trajectories on a thread: one in each row of a batch of a single group. log_w[row] collects
 * log pi(x_T) + sum over t of log p(x_{t-1}|x_t) - log q(x_t|x_{t-1}). */
typedef struct nqi_ais_path {
    const nqi_process *process;
    nqi_batch batch;
    double *before, *after; /* [dim][ld] x_{t-1} and x_t */
    double *log_w;          /* [ld] */
    nqi_real *roles;        /* [NQI_ROLES][dim][ld], for a batch of a network that sees roles */
    nqi_arena arena;
} nqi_ais_path;

/* rows: a multiple of NQI_LANES. */
nq_status nqi_ais_path_new(nqi_ais_path *out, nq_context *context, const nqi_process *process,
                           const nqi_regressor *regressor, const nqi_ops *ops, size_t rows);
void nqi_ais_path_free(nqi_ais_path *path); /* copes with a zeroed struct */

/* From x_0 in `after`, and log_w 0. */
void nqi_ais_path_start(nqi_ais_path *path);
/* x_t, for t = 1..T in turn, drawn from q; or, where `given` is, taken from there ([dim][ld]). */
void nqi_ais_path_step(nqi_ais_path *path, size_t t, const nqi_stream *stream,
                       const double *given);
/* Once x_T is there. */
void nqi_ais_path_finish(nqi_ais_path *path);

#endif
