/* fit.c - how far rows reach: so that each row is most likely under the law of the others, by
 * expectation and maximisation (Dempster et al. 1977). log P(row) has a closed form and is what K
 * comes near to with enough steps: it stands for K. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/kernel/kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/monitor.h"
#include "core/thread/thread.h"

/* Parts that sums are added up by, whatever the threads; cells that a fit looks at in all, about;
 * rows left out in turn. */
enum { PARTS = 16, ROUNDS = 25, LEFT_LEAST = 256 };
static const double cells_looked_at = 1e8, level_cost = 0.06, gain_least = 1e-3;

/* What a round adds up of a cell: of levels rows that keep theirs; of a number rows that are near,
 * far, and their squares of distance. */
enum { NEAR, FAR, NEAR_SQUARES, FAR_SQUARES, COUNTS };

/* One round. */
typedef struct kernel_round {
    const nqi_kernel *kernel;
    nqi_pool *pool;
    const nqi_real *sample; /* [rows][cells] */
    size_t left_out;        /* rows that are, one at a time */
    size_t laws;
    double *sum;       /* [PARTS][1 + cells][COUNTS]: first all rows' weights, and log P */
    nqi_real *scratch; /* [threads][2 laws + scratch] */
} kernel_round;

/* How likely it is that each row kept the level that is seen, or is near to the number. */
static void cells_count(const nqi_kernel_pass *pass, const nqi_real *row, double *sum)
{
    const nqi_kernel *kernel = pass->kernel;
    for (size_t c = 0; c < kernel->cells; c++, sum += COUNTS) {
        const nqi_kernel_cell *cell = &kernel->cell[c];
        const nqi_real *of = nqi_kernel_sums(pass, c);
        if (cell->levels) {
            const size_t k = nqi_level_of((double)row[c], cell->levels);
            const double own = 1 - cell->moved;
            const double kept =
                (double)of[k] * own / (own + cell->moved * kernel->usual[cell->at + k]);
            sum[NEAR] += kept;
            sum[FAR] += 1 - pass->apart - kept;
        } else {
            sum[NEAR] += (double)of[0];
            sum[NEAR_SQUARES] += (double)of[2];
            sum[FAR] += (double)of[3];
            sum[FAR_SQUARES] += (double)of[5];
        }
    }
}

static void row_count(const kernel_round *job, size_t row, nqi_real *space, double *sum)
{
    const nqi_kernel *kernel = job->kernel;
    const nqi_real *x = job->sample + row * kernel->cells;
    const nqi_question question = {.said = space,
                                   .said_variance = space + job->laws,
                                   .rows = 1,
                                   .ld = 1};
    nqi_kernel_pass pass = {.kernel = kernel,
                            .question = &question,
                            .self = row,
                            .scratch = space + 2 * job->laws};
    for (size_t c = 0; c < kernel->cells; c++) {
        const nqi_variate cell = {kernel->cell[c].levels, kernel->cell[c].law};
        nqi_variate_say(&cell, space + cell.law, space + job->laws + cell.law, 1, x[c], 1);
    }
    nqi_kernel_weigh(&pass);
    nqi_kernel_sum(&pass);
    sum[0] += pass.apart;
    sum[1] += pass.log_law;
    cells_count(&pass, x, sum + COUNTS);
}

static void part_run(void *state, size_t item, int thread)
{
    const kernel_round *job = state;
    nqi_real *space = job->scratch + (size_t)thread * (2 * job->laws + job->kernel->scratch);
    double *sum = job->sum + item * (1 + job->kernel->cells) * COUNTS;
    for (size_t i = item; i < job->left_out && !nqi_pool_stops(job->pool, thread); i += PARTS)
        row_count(job, i * job->kernel->rows / job->left_out, space, sum);
}

/* Sums of all parts into the first. */
static nq_status round_run(kernel_round *job, nq_context *context)
{
    const size_t count = (1 + job->kernel->cells) * COUNTS;
    memset(job->sum, 0, PARTS * count * sizeof *job->sum);
    const nq_status status = nqi_pool_run(context->pool, PARTS, part_run, job);
    for (size_t k = 1; k < PARTS; k++)
        for (size_t j = 0; j < count; j++)
            job->sum[j] += job->sum[k * count + j];
    return status;
}

/* Half a row more on either side, so that nothing is impossible; a reach that few rows tell of
 * stays about what it was. */
static void laws_set(nqi_kernel *kernel, const kernel_round *job)
{
    const double half = 0.5, least = 1e-6, *sum = job->sum;
    kernel->apart = fmin((sum[0] + half) / ((double)job->left_out + 1), half);
    for (size_t c = 0; c < kernel->cells; c++) {
        nqi_kernel_cell *cell = &kernel->cell[c];
        sum += COUNTS;
        cell->moved = (sum[FAR] + half) / (sum[NEAR] + sum[FAR] + 2 * half);
        for (int s = 0; s < NQI_KERNEL_REACHES && !cell->levels; s++)
            cell->reach[s] =
                fmax((sum[NEAR_SQUARES + s] + half * cell->reach[s]) / (sum[NEAR + s] + half),
                     least * cell->variance);
    }
}

/* As many rows as all rounds look at in about a second. */
static size_t left_out_count(const nqi_kernel *kernel)
{
    const double levels = (double)(kernel->cells - kernel->numbers);
    const double cells = (double)kernel->numbers + level_cost * levels;
    const double each = (double)kernel->distinct * cells * ROUNDS;
    const double count = fmax(cells_looked_at / each, LEFT_LEAST);
    return count < (double)kernel->rows ? (size_t)count : kernel->rows;
}

static nq_status rounds_run(nqi_kernel *kernel, kernel_round *job, nq_context *context)
{
    nq_status status = NQ_OK;
    double before = -INFINITY;
    for (int round = 0; round < ROUNDS && !status; round++) {
        if ((status =
                 nqi_tell_region(context, "choosing how far rows reach", round, 1, ROUNDS)) ||
            (status = round_run(job, context)))
            break;
        const double law = job->sum[1] / (double)job->left_out;
        laws_set(kernel, job);
        if (law - before < gain_least)
            break;
        before = law;
    }
    return status;
}

nq_status nqi_kernel_fit(nqi_kernel *kernel, nq_context *context, const nqi_real *sample)
{
    const size_t threads = (size_t)nq_context_threads(context);
    kernel_round job = {.kernel = kernel,
                        .pool = context->pool,
                        .sample = sample,
                        .left_out = left_out_count(kernel),
                        .laws = kernel->width};
    const size_t sums = PARTS * (1 + kernel->cells) * COUNTS;
    const size_t space = threads * (2 * job.laws + kernel->scratch);
    job.sum = malloc(sums * sizeof *job.sum);
    job.scratch = malloc(space * sizeof *job.scratch);
    const nq_status status = job.sum && job.scratch
                                 ? rounds_run(kernel, &job, context)
                                 : nqi_fail_memory(context, "kept rows", space);
    free(job.sum);
    free(job.scratch);
    return status;
}
