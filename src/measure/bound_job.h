/* bound_job.h - one estimate of K while it is made: shared by its scoring and its sums. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_BOUND_JOB_H
#define NQI_MEASURE_BOUND_JOB_H

#include "core/real.h"
#include "measure/bound.h"

enum {
    NQI_BOUND_ROWS = 64,       /* a microbatch */
    NQI_BOUND_GROUP_ROWS = 16, /* rows that share their times */
    NQI_BOUND_GROUPS = NQI_BOUND_ROWS / NQI_BOUND_GROUP_ROWS,
    NQI_BOUND_WAVE = 64, /* chunks between two sequential sums, at most */
    NQI_BOUND_TERMS = 3, /* what a row adds beside its divergences: nqi_bound_row_terms */
};

/* The law by which times are drawn. */
typedef struct nqi_times {
    size_t first, steps;      /* times are first .. first + steps - 1 */
    double *mass, *cumulated; /* [steps], [steps + 1]; NULL: all alike */
} nqi_times;

/* The time at `part` of the way (0 to 1), and one over its probability. */
uint32_t nqi_times_at(double *weight, const nqi_times *times, double part);
void nqi_times_free(nqi_times *times); /* copes with a zeroed struct */

/* One scored group: what the sums over t need. */
typedef struct nqi_bound_record {
    uint32_t t;
    uint32_t rows;
    double sum, sum_squares; /* of kl over the group's rows */
} nqi_bound_record;

/* What the chunks of a wave were found to have. */
typedef struct nqi_bound_arrays {
    nqi_bound_record *records; /* [wave][replicates][strata][NQI_BOUND_GROUPS] */
    double *estimates; /* [wave][replicates][NQI_BOUND_ROWS] sum over t of KL; alone: of the one
                          row, first */
    double *columns; /* [wave][replicates][NQI_BOUND_ROWS][dim] what each number adds; or NULL */
    double *row_terms; /* [wave][replicates][NQI_BOUND_ROWS][NQI_BOUND_TERMS], likewise */
} nqi_bound_arrays;

/* What threads keep of rows beside their batches. */
typedef struct nqi_bound_beside {
    nqi_real *clean; /* [threads][dim][NQI_BOUND_ROWS] rows without noise, or NULL */
    const unsigned char *column_roles; /* [columns] the caller's, or NULL: all are targets */
    int has_gaps;                      /* some rows have absent cells */
    nqi_real *roles; /* [threads][NQI_ROLES][dim][NQI_BOUND_ROWS], where either is there, ... */
    double *cells;   /* ... and [threads][columns] for them; else NULL */
} nqi_bound_beside;

/* A chunk is 64 rows; or, where `alone`, one row that fills all lanes with terms of its own. */
typedef struct nqi_bound_job {
    nq_context *context;
    const nq_model *model;
    const nqi_real *params;
    const nq_dataset *data;
    nqi_batch *batches; /* one for each thread */
    nqi_bound_beside beside;
    size_t rows, stride_rows; /* rows used; data row of row r is r * stride_rows / rows */
    int with_first; /* p(x_0|x_1) is learned: t = 1 is in every estimate, as its first stratum */
    int alone, spreads; /* spreads: what a row is drawn from is drawn anew for each term */
    size_t strata, replicates, first_chunk, wave;
    nqi_times times;
    uint64_t seed;
    nqi_purpose purpose;
    nqi_bound_arrays found;
} nqi_bound_job;

static inline size_t nqi_bound_chunk_rows(const nqi_bound_job *job)
{
    return job->alone ? 1 : NQI_BOUND_ROWS;
}

/* Running sums over the whole data, in order of chunk number. */
typedef struct nqi_bound_totals {
    double bound, paper, null, within, variances;

    double *kl, *kl_squares, *kl_rows; /* [T] */
} nqi_bound_totals;

/* The replicate that holds the row terms of this one: rows without noise have the same in all. */
static inline size_t nqi_bound_terms_of(const nqi_bound_job *job, size_t replicate)
{
    return job->spreads ? replicate : 0;
}

/* Work on one replicate of a chunk of the wave (an nqi_work of the pool; state is the job): so a
 * chunk is enough for two threads. item = chunk * replicates + replicate. */
void nqi_bound_score_chunk(void *job, size_t item, int thread);
/* Rows of the data into a thread's batch, with their roles. */
void nqi_bound_load(const nqi_bound_job *job, size_t thread, const uint64_t *rows, size_t count,
                    const nqi_stream *stream);
/* A row's own terms: [0] what K holds beside its divergences, [1] the same without the edge
 * term ([SD15] eq. 14), [2] log pi(x_0). Nats. */
void nqi_bound_row_terms(const nqi_process *process, const nqi_real *x_0, size_t stride,
                         double terms[NQI_BOUND_TERMS]);
/* The same of the targets of a row whose cells have roles. */
void nqi_bound_target_terms(const nqi_process *process, const nqi_batch *batch, size_t row,
                            double terms[NQI_BOUND_TERMS]);

/* Adds the chunks of a wave, and brings it all to means and errors. */
void nqi_bound_add_wave(const nqi_bound_job *job, size_t chunks, nqi_bound_totals *sum,
                        nq_bound *out);
void nqi_bound_finish(const nqi_bound_job *job, const nqi_bound_totals *sum, nq_bound *out);

/* Times by how far their divergences spread, seen in a few hundred rows. */
nq_status nqi_bound_choose_times(nqi_bound_job *job);

#endif
