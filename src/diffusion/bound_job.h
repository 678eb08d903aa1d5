/* bound_job.h - one estimate of K while it is made: shared by its scoring and its sums. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DIFFUSION_BOUND_JOB_H
#define NQI_DIFFUSION_BOUND_JOB_H

#include "diffusion/bound.h"

enum {
    NQI_BOUND_ROWS = 64,       /* a microbatch */
    NQI_BOUND_GROUP_ROWS = 16, /* rows that share their times */
    NQI_BOUND_GROUPS = NQI_BOUND_ROWS / NQI_BOUND_GROUP_ROWS,
    NQI_BOUND_WAVE = 64, /* blocks between two sequential sums, which fixes their order */
};

/* One scored group: what the sums over t need. */
typedef struct nqi_bound_record {
    uint32_t t;
    uint32_t rows;
    double sum, sum_squares; /* of kl over the group's rows */
} nqi_bound_record;

typedef struct nqi_bound_job {
    nq_context *context;
    const nq_model *model;
    const nq_real *params;
    const nq_dataset *data;
    nqi_batch *batches;       /* one for each thread */
    size_t rows, stride_rows; /* rows used; data row of row r is r * stride_rows / rows */
    size_t strata, replicates, first_block;
    uint64_t seed;
    nqi_purpose purpose;
    nqi_bound_record *records; /* [NQI_BOUND_WAVE][replicates][strata][NQI_BOUND_GROUPS] */
    double *estimates;         /* [NQI_BOUND_WAVE][replicates][NQI_BOUND_ROWS] sum over t of KL */
    double *row_terms; /* [NQI_BOUND_WAVE][replicates][NQI_BOUND_ROWS][3]: entropies and edge;
                          paper's; null. Of the first replicate only */
} nqi_bound_job;

/* Work on one replicate of a block of the wave (an nqi_work of the pool; state is the job): so a
 * block is enough for two threads. item = block * replicates + replicate. */
void nqi_bound_score_block(void *job, size_t item, int thread);
/* For one row: terms[0] what K holds beside its divergences, terms[1] the same without the edge
 * term ([SD15] eq. 14), terms[2] log pi(x_0). Nats. */
void nqi_bound_row_terms(const nqi_process *process, const nq_real *x_0, size_t stride,
                         double terms[3]);

#endif
