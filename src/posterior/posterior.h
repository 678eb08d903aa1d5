/* posterior.h - draws of rows given evidence: the plan, a thread's worker, and what is left. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_POSTERIOR_POSTERIOR_H
#define NQI_POSTERIOR_POSTERIOR_H

#include <noneq/posterior.h>

#include "core/real.h"
#include "evidence/kind.h"
#include "posterior/lookahead.h"
#include "posterior/method.h"

/* Who draws what. A filter serves one target with `particles` rows; without weights it is one row.
 * A microbatch is some filters, one after another. */
typedef struct nqi_posterior_plan {
    size_t targets, draws;
    size_t filters, particles; /* of a target; of a filter */
    size_t kept;               /* rows that a filter hands on */
    size_t batch_filters, batches;
    size_t batch_rows;   /* rows that the network sees at a time */
    size_t first;        /* the caller's first target, ... */
    size_t first_filter; /* ... and of it the first filter among those of all targets */
    size_t jumps;
    int paired; /* draws 2k and 2k + 1 of all have noise of opposite sign */
} nqi_posterior_plan;

/* What microbatches leave behind. */
typedef struct nqi_posterior_found {
    nqi_real *candidates; /* [targets * filters][kept][dim] */
    double *log_z, *ess; /* [targets * filters] log evidence, least part of effective particles */
    size_t *resamplings; /* [targets * filters] */
    size_t *start;       /* [targets * filters][kept] the particle at T behind a candidate */
    size_t *fault;       /* [batches] target + 1 that cannot be, 0: none */
    unsigned char *undefined; /* [batches] the fault is a NaN, not a zero */
} nqi_posterior_found;

/* The filters of the microbatch at hand. */
typedef struct nqi_filters {
    size_t *ancestor;    /* [rows] */
    size_t *start;       /* [rows] the filter's particle at T that they come from */
    double *spare;       /* [rows] */
    double *log_z, *ess; /* [batch_filters] so far */
    size_t *resamplings;
} nqi_filters;

/* What a thread works with. */
typedef struct nqi_worker {
    const struct nqi_posterior_job *job;
    nqi_predictor predictor;
    nqi_walk walk;
    nqi_twists twists;
    nqi_lookahead ahead; /* of that twist */
    nqi_particles particles;
    nqi_filters filters;
    unsigned char *mirrors; /* [rows] as the walk's, where draws are paired */
    nqi_real *roles;        /* [NQI_ROLES][dim][ld] of its rows, where the method is of roles */
    nqi_real *told;         /* [NQI_TOLD][dim][ld] means of squares, where the network is told */
    size_t batch;           /* the microbatch at hand */
    nqi_arena arena;
} nqi_worker;

typedef struct nqi_posterior_job {
    nq_context *context;
    const nq_model *model;
    const nq_evidence *evidence;
    const nqi_method *method;
    nqi_twist twist;
    uint64_t seed;
    nqi_posterior_plan plan;
    nqi_posterior_found found;
    nqi_worker *workers; /* [threads] */
    int worker_count;
} nqi_posterior_job;

/* plan.c */
/* The name of nqi_twist i; NULL past the last. */
const char *nqi_twist_name(size_t i);
nq_status nqi_posterior_plan_make(nqi_posterior_job *job, const nq_posterior_options *options);

/* worker.c: memory, and a whole microbatch (an nqi_work; state is the job). */
nq_status nqi_worker_new(nqi_worker *out, const nqi_posterior_job *job);
void nqi_worker_free(nqi_worker *worker);
void nqi_worker_run(void *job, size_t batch, int thread);
/* The stream of its rows for a purpose. */
nqi_stream nqi_worker_stream(const nqi_worker *worker, nqi_purpose purpose, uint32_t step);

/* A uniform number of its filter f. */
double nqi_worker_uniform(const nqi_worker *worker, size_t f, uint32_t step);

/* Before x of `level` is drawn: of levels of which a cell may have several, as one that is no gap,
 * a table's are chosen at the end. */
void nqi_worker_choose_levels(nqi_worker *worker, size_t level);

/* resample.c: resamples each filter whose effective sample size is under half, before x of `level`
 * is drawn. */
void nqi_worker_resample(nqi_worker *worker, size_t level);
/* Ancestors of `count` rows, systematic with one uniform u, from log weights [n]; the number of
 * times that i occurs is n w_i / sum w rounded up or down. */
void nqi_systematic(size_t *ancestor, size_t count, const double *log_weight, size_t n, double u);

/* collect.c: draws and evidence of all targets. */
nq_status nqi_posterior_collect(nq_posterior *out, const nqi_posterior_job *job);

#endif
