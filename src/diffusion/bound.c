/* bound.c - K of [SD15] eq. 14 by Monte Carlo over t and x_t, with its standard errors.
 *
 * Each row gets `replicates` independent estimates of its sum over t. One estimate takes one t from
 * each of `strata` equal strata of 2..T (every t once when there are T - 1). The spread between
 * replicates of a block of rows that share their times gives the Monte Carlo error. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/bound_job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "dist/comm.h"

/* Terms in all, and for each row at least, when the caller does not say. */
enum { DEFAULT_TOTAL = 1 << 21, DEFAULT_LEAST = 64, COSTLY_LEAST = 4 };
/* Floating-point operations that all terms of a costly network may take by default: about half a
 * minute on two cores of 2024. */
static const double default_work = 4e12;

/* Running sums over the whole data, in order of block number. */
typedef struct totals {
    double bound, paper, null, square, within;
    double *kl, *kl_squares, *kl_rows; /* [T] */
} totals;

static void add_group(const nqi_bound_job *job, size_t local, size_t g, totals *sum,
                      nq_bound *out)
{
    const size_t first = (job->first_block + local) * NQI_BOUND_ROWS + g * NQI_BOUND_GROUP_ROWS;
    double mean = 0, square = 0;
    for (size_t replicate = 0; replicate < job->replicates; replicate++) {
        const double *estimates = job->estimates +
                                  (local * job->replicates + replicate) * NQI_BOUND_ROWS +
                                  g * NQI_BOUND_GROUP_ROWS;
        double whole = 0;
        for (size_t r = 0; r < NQI_BOUND_GROUP_ROWS && first + r < job->rows; r++)
            whole += estimates[r];
        mean += whole;
        square += whole * whole;
    }
    const double n = (double)job->replicates;
    sum->within += fmax(square - mean * mean / n, 0) / (n * (n - 1));
    for (size_t r = 0; r < NQI_BOUND_GROUP_ROWS && first + r < job->rows; r++) {
        const double *terms =
            job->row_terms +
            (local * job->replicates * NQI_BOUND_ROWS + g * NQI_BOUND_GROUP_ROWS + r) * 3;
        double kl = 0;
        for (size_t replicate = 0; replicate < job->replicates; replicate++)
            kl += job->estimates[(local * job->replicates + replicate) * NQI_BOUND_ROWS +
                                 g * NQI_BOUND_GROUP_ROWS + r];
        const double bound = terms[0] - kl / n;
        out->row_bound[first + r] = bound;
        sum->bound += bound;
        sum->paper += terms[1] - kl / n;
        sum->null += terms[2];
    }
}

static void add_wave(const nqi_bound_job *job, size_t blocks, totals *sum, nq_bound *out)
{
    for (size_t local = 0; local < blocks; local++) {
        for (size_t g = 0; g < NQI_BOUND_GROUPS; g++)
            if ((job->first_block + local) * NQI_BOUND_ROWS + g * NQI_BOUND_GROUP_ROWS <
                job->rows)
                add_group(job, local, g, sum, out);
        const size_t count = job->replicates * job->strata * NQI_BOUND_GROUPS;
        for (size_t i = 0; i < count; i++) {
            const nqi_bound_record *record = &job->records[local * count + i];
            sum->kl[record->t - 1] += record->sum;
            sum->kl_squares[record->t - 1] += record->sum_squares;
            sum->kl_rows[record->t - 1] += record->rows;
        }
    }
}

static void finish(const nqi_bound_job *job, const totals *sum, nq_bound *out)
{
    const double rows = (double)job->rows;
    const nqi_process *process = &job->model->process;
    out->bound = sum->bound / rows;
    out->bound_paper = sum->paper / rows;
    out->null = sum->null / rows;
    out->gain = out->bound - out->null;
    out->se = sqrt(sum->within) / rows;
    double spread = 0;
    for (size_t r = 0; r < job->rows; r++) {
        const double gap = out->row_bound[r] - out->bound;
        spread += gap * gap;
    }
    out->se_rows = job->rows > 1 ? sqrt(spread / (rows - 1) / rows) : INFINITY;
    out->entropy_prior = process->family->entropy_prior(process);
    for (size_t i = 0; i < out->steps; i++) {
        const double n = sum->kl_rows[i];
        out->kl[i] = n > 0 ? sum->kl[i] / n : 0;
        out->kl_se[i] =
            n > 1 ? sqrt(fmax(sum->kl_squares[i] / n - out->kl[i] * out->kl[i], 0) / n) : 0;
    }
}

nq_status nqi_bound_constants(double *constant, double *null, nq_context *context,
                              const nq_model *model, const nq_dataset *data, size_t max_rows)
{
    const nqi_process *process = &model->process;
    const size_t rows = nq_dataset_rows(data), count = rows < max_rows ? rows : max_rows;
    double terms[3], sums[3] = {0};
    nq_real *x_0 = malloc(process->dim * sizeof *x_0);
    if (!x_0)
        return nqi_fail_memory(context, "a row", process->dim * sizeof *x_0);
    for (size_t r = 0; r < count; r++) {
        const uint64_t at = (uint64_t)r * rows / count;
        nqi_scaling_gather(&model->scaling, data, &at, 1, x_0, 1);
        nqi_bound_row_terms(process, x_0, 1, terms);
        for (int k = 0; k < 3; k++)
            sums[k] += terms[k];
    }
    free(x_0);
    *constant = sums[0] / (double)count;
    *null = sums[2] / (double)count;
    return NQ_OK;
}

/* Entropies of the first and last state are means over rows where they depend on the row. */
static void add_entropies(const nqi_bound_job *job, nq_bound *out)
{
    const nqi_process *process = &job->model->process;
    nq_real *x_0 = malloc(process->dim * sizeof *x_0);
    const size_t count = process->family->outputs == 2 ? 1 : job->rows;
    for (size_t r = 0; x_0 && r < count; r++) {
        const uint64_t at = (uint64_t)r * job->stride_rows / job->rows;
        nqi_scaling_gather(&job->model->scaling, job->data, &at, 1, x_0, 1);
        out->entropy_first +=
            process->family->entropy_given_data(process, x_0, 1, 1) / (double)count;
        out->entropy_last +=
            process->family->entropy_given_data(process, x_0, 1, process->schedule.steps) /
            (double)count;
    }
    free(x_0);
}

static void choose_terms(nqi_bound_job *job, size_t terms)
{
    const size_t steps = nqi_process_learned(&job->model->process);
    if (!terms) {
        const double affordable = default_work / nqi_graph_cost(&job->model->graph);
        const double rows = job->rows ? (double)job->rows : 1;
        const double least = fmin(DEFAULT_LEAST, fmax(COSTLY_LEAST, affordable / rows));
        terms = (size_t)fmax(fmin(DEFAULT_TOTAL, affordable) / rows, least);
    }
    job->replicates = 2;
    job->strata = (terms + 1) / 2;
    if (job->strata < 1)
        job->strata = 1;
    if (job->strata > steps) {
        job->replicates = (terms + steps - 1) / steps;
        job->strata = steps;
    }
    if (job->replicates < 2)
        job->replicates = 2;
}

static nq_status job_alloc(nqi_bound_job *job, totals *sum, nq_bound *out)
{
    const size_t steps = out->steps, per_block = job->replicates * job->strata * NQI_BOUND_GROUPS;
    const int threads = nq_context_threads(job->context);
    out->kl = calloc(steps, sizeof(double));
    out->kl_se = calloc(steps, sizeof(double));
    out->row_bound = calloc(job->rows, sizeof(double));
    sum->kl = calloc(3 * steps, sizeof(double));
    job->records = calloc(NQI_BOUND_WAVE * per_block, sizeof(nqi_bound_record));
    job->estimates = calloc(NQI_BOUND_WAVE * job->replicates * NQI_BOUND_ROWS, sizeof(double));
    job->row_terms =
        calloc(NQI_BOUND_WAVE * job->replicates * NQI_BOUND_ROWS * 3, sizeof(double));
    job->batches = calloc((size_t)threads, sizeof(nqi_batch));
    if (!out->kl || !out->kl_se || !out->row_bound || !sum->kl || !job->records ||
        !job->estimates || !job->row_terms || !job->batches)
        return nqi_fail_memory(job->context, "the bound",
                               NQI_BOUND_WAVE * per_block * sizeof(nqi_bound_record));
    sum->kl_squares = sum->kl + steps;
    sum->kl_rows = sum->kl + 2 * steps;
    for (int i = 0; i < threads; i++) {
        const nq_status status =
            nqi_batch_new(&job->batches[i], job->context, &job->model->process,
                          &job->model->graph, job->context->ops, NQI_BOUND_ROWS,
                          NQI_BOUND_GROUP_ROWS, 0);
        if (status)
            return status;
    }
    return NQ_OK;
}

static void job_free(nqi_bound_job *job, totals *sum)
{
    for (int i = 0; job->batches && i < nq_context_threads(job->context); i++)
        nqi_batch_free(&job->batches[i]);
    free(job->batches);
    free(job->records);
    free(job->estimates);
    free(job->row_terms);
    free(sum->kl);
}

static nq_status run_wave(nqi_bound_job *job, size_t blocks)
{
    const size_t items = blocks * job->replicates;
    const nqi_result results[] = {{job->records,
                                   job->strata * NQI_BOUND_GROUPS * sizeof *job->records},
                                  {job->estimates, NQI_BOUND_ROWS * sizeof *job->estimates},
                                  {job->row_terms, 3 * NQI_BOUND_ROWS * sizeof *job->row_terms}};
    nqi_ranks_run(job->context, items, nqi_bound_score_block, job);
    return nqi_ranks_gather(job->context, items, results, 3);
}

static nq_status run_waves(nqi_bound_job *job, totals *sum, nq_bound *out)
{
    const size_t blocks = (job->rows + NQI_BOUND_ROWS - 1) / NQI_BOUND_ROWS;
    for (; job->first_block < blocks; job->first_block += NQI_BOUND_WAVE) {
        const size_t left = blocks - job->first_block;
        const size_t wave = left < NQI_BOUND_WAVE ? left : NQI_BOUND_WAVE;
        const nq_status status = run_wave(job, wave);
        if (status)
            return status;
        add_wave(job, wave, sum, out);
    }
    finish(job, sum, out);
    add_entropies(job, out);
    return isfinite(out->bound)
               ? NQ_OK
               : nqi_fail(job->context, NQ_ERROR_DIVERGED,
                          "the bound is not finite: the model does not fit this data");
}

nq_status nqi_bound_run(nq_bound *out, nq_context *context, const nq_model *model,
                        const nq_real *params, const nq_dataset *data,
                        const nq_bound_options *options, nqi_purpose purpose)
{
    const size_t rows = nq_dataset_rows(data);
    const size_t most = options && options->max_rows ? options->max_rows : rows;
    nqi_bound_job job = {.context = context,
                         .model = model,
                         .params = params ? params : model->params,
                         .data = data,
                         .rows = rows < most ? rows : most,
                         .stride_rows = rows,
                         .seed = options ? options->seed : 1,
                         .purpose = purpose};
    totals sum = {0};
    memset(out, 0, sizeof *out);
    choose_terms(&job, options ? options->terms : 0);
    out->rows = job.rows;
    out->dim = model->process.dim;
    out->steps = model->process.schedule.steps;
    out->terms = job.strata * job.replicates;
    nq_status status = job_alloc(&job, &sum, out);
    if (!status)
        status = run_waves(&job, &sum, out);
    job_free(&job, &sum);
    if (status)
        nq_bound_free(out);
    return status;
}

nq_status nq_bound_estimate(nq_bound *out, nq_context *context, const nq_model *model,
                            const nq_dataset *data, const nq_bound_options *options)
{
    const nq_dataset *rows;
    nq_dataset *owned;
    memset(out, 0, sizeof *out);
    nq_status status = nqi_model_rows(&rows, &owned, context, model, data);
    if (!status && !(status = nqi_scaling_check(&model->scaling, context, rows)))
        status = nqi_bound_run(out, context, model, NULL, rows, options, NQI_DRAW_NOISE);
    nq_dataset_free(owned);
    return status;
}

void nq_bound_free(nq_bound *bound)
{
    if (!bound)
        return;
    free(bound->kl);
    free(bound->kl_se);
    free(bound->row_bound);
    memset(bound, 0, sizeof *bound);
}
