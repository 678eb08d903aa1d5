/* bound.c - K of [SD15] eq. 14 by Monte Carlo over t and x_t, with its standard errors.
 *
 * Each row gets `replicates` independent estimates of its sum over t. One estimate takes one t from
 * each of `strata` equal strata of the law of t (every t once when there are as many strata as
 * steps). The spread between replicates of a chunk of rows that share their times gives the Monte
 * Carlo error. A few rows get chunks of their own, so that no lane is idle. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "measure/bound_job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "dist/comm.h"
#include "measure/usable.h"

/* Terms when the caller does not say: in all, and for each row. */
enum { DEFAULT_TOTAL = 1 << 21, DEFAULT_LEAST = 64, COSTLY_LEAST = 4, ROW_MOST = 1 << 17 };
/* Where rows count one by one: terms of each, and their replicates. */
enum { EACH_LEAST = 64, EACH_MOST = 1 << 12, EACH_REPLICATES = 16 };
/* Rows with so many terms each are taken one to a chunk: where there are fewer than a chunk has,
 * and where each row counts. */
enum { LEAST_REPLICATES = 4 };
/* What a replicate draws once (t = 1 where it is learned, the noise of a row's own terms) is drawn
 * once at least for so many terms. */
enum { ONCE_TERMS = 64 };
enum { ALONE_LEAST = LEAST_REPLICATES * NQI_BOUND_ROWS, ALONE_TERMS = 2 * ALONE_LEAST };
/* Estimates with fewer terms in all draw their times evenly: looking first would cost too much. */
enum { LOOK_TERMS = 1 << 18 };
/* Bytes that the records of a wave may take. */
enum { WAVE_BYTES = 1 << 26 };
/* Floating-point operations: of all terms of a costly network by default, about half a minute on
 * two cores of 2024; of a row's terms, some two milliseconds on one. */
static const double default_work = 4e12, row_work = 3.6e8;

nq_status nqi_bound_constants(double *constant, double *null, nq_context *context,
                              const nq_model *model, const nq_dataset *data, size_t max_rows)
{
    const size_t rows = nq_dataset_rows(data), count = rows < max_rows ? rows : max_rows;
    double terms[NQI_BOUND_TERMS], sums[NQI_BOUND_TERMS] = {0};
    nqi_row_reader reader;
    nq_status status = nqi_row_reader_new(&reader, context, model);
    if (status)
        return status;
    for (size_t r = 0; r < count && !status; r++) {
        const double share = nqi_row_reader_read(&reader, data, (uint64_t)r * rows / count, 1);
        nqi_bound_row_terms(&model->process, reader.x_0, 1, terms);
        for (int k = 0; k < NQI_BOUND_TERMS; k++)
            sums[k] += terms[k] + share;
        status = r % NQI_TELL_ROWS ? NQ_OK : nqi_tell_again(context);
    }
    nqi_row_reader_free(&reader);
    *constant = sums[0] / (double)count;
    *null = sums[2] / (double)count;
    return status;
}

/* Entropies of the first and last state are means over rows where they depend on the row. */
static nq_status add_entropies(const nqi_bound_job *job, nq_bound *out)
{
    const nqi_process *process = &job->model->process;
    const size_t count = nqi_process_entropies_vary(process) ? job->rows : 1;
    nqi_row_reader reader;
    nq_status status = nqi_row_reader_new(&reader, job->context, job->model);
    if (status)
        return status;
    for (size_t r = 0; r < count && !status; r++) {
        status = r % NQI_TELL_ROWS ? NQ_OK : nqi_tell_again(job->context);
        (void)nqi_row_reader_read(&reader, job->data, (uint64_t)r * job->stride_rows / job->rows,
                                  0);
        out->entropy_first +=
            nqi_process_entropy_given_data(process, reader.x_0, 1, 1) / (double)count;
        out->entropy_last +=
            nqi_process_entropy_given_data(process, reader.x_0, 1, process->schedule.steps) /
            (double)count;
    }
    nqi_row_reader_free(&reader);
    return status;
}

static size_t default_terms(const nqi_bound_job *job, int each_row)
{
    const double cost = nqi_regressor_cost(&job->model->regressor), rows = (double)job->rows;
    if (each_row)
        return (
            size_t)fmin(fmax(row_work / cost, rows < NQI_BOUND_ROWS ? ALONE_LEAST : EACH_LEAST),
                        EACH_MOST);
    const double affordable = default_work / cost;
    const double least = fmin(DEFAULT_LEAST, fmax(COSTLY_LEAST, affordable / rows));
    return (size_t)fmin(fmax(fmin(DEFAULT_TOTAL, affordable) / rows, least), ROW_MOST);
}

/* At least the terms that were asked for; of those by default at most so many. */
static void choose_chunks(nqi_bound_job *job, size_t terms, int each_row, int asked)
{
    const size_t first = (size_t)job->with_first, steps = job->times.steps + first;
    job->alone = (job->rows < NQI_BOUND_ROWS && terms >= ALONE_LEAST) ||
                 (each_row && terms >= ALONE_TERMS);
    if (job->alone) {
        const size_t passes = (terms + NQI_BOUND_ROWS - 1) / NQI_BOUND_ROWS;
        job->replicates = passes < EACH_REPLICATES ? passes : EACH_REPLICATES;
        if (job->replicates < LEAST_REPLICATES)
            job->replicates = LEAST_REPLICATES;
        job->strata = (passes + (asked ? job->replicates - 1 : 0)) / job->replicates;
        if (job->strata < 1 + first)
            job->strata = 1 + first;
        return;
    }
    job->replicates = each_row && terms >= EACH_REPLICATES ? EACH_REPLICATES / 2 : 2;
    if ((job->with_first || job->spreads) && terms / ONCE_TERMS > job->replicates)
        job->replicates = terms / ONCE_TERMS;
    job->strata = (terms + job->replicates - 1) / job->replicates;
    if (job->strata > steps && !job->times.mass && !each_row) {
        job->replicates = (terms + steps - 1) / steps;
        job->strata = steps;
    }
    if (job->strata < 1 + first)
        job->strata = 1 + first;
}

/* Everything that depends on the number of terms. */
static nq_status plan(nqi_bound_job *job, const nq_bound_options *options)
{
    const int each_row = options && options->each_row;
    const size_t asked = options ? options->terms : 0;
    const size_t terms = asked ? asked : default_terms(job, each_row);
    /* a term's number has 32 bits in the key of its noise */
    if (terms > ((size_t)1 << 31))
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        "%zu terms for each row: expected at most %zu", terms, (size_t)1 << 31);
    choose_chunks(job, terms, each_row, asked > 0);
    if (job->purpose == NQI_DRAW_VALID || !job->times.steps ||
        (asked && !each_row && (double)asked * (double)job->rows < LOOK_TERMS))
        return NQ_OK;
    const nq_status status = nqi_bound_choose_times(job);
    choose_chunks(job, terms, each_row, asked > 0);
    return status;
}

static size_t wave_of(const nqi_bound_job *job)
{
    const size_t size = nqi_bound_chunk_rows(job), chunks = (job->rows + size - 1) / size;
    const size_t bytes =
        job->replicates * job->strata * NQI_BOUND_GROUPS * sizeof(nqi_bound_record);
    const size_t fit = WAVE_BYTES / bytes, most = fit < NQI_BOUND_WAVE ? fit : NQI_BOUND_WAVE;
    return most < 1 ? 1 : most < chunks ? most : chunks;
}

static nq_status batches_alloc(nqi_bound_job *job)
{
    const int threads = nq_context_threads(job->context);
    const size_t numbers = job->model->process.dim * NQI_BOUND_ROWS * (size_t)threads;
    job->batches = calloc((size_t)threads, sizeof(nqi_batch));
    job->spreads = nqi_model_spreads(job->model);
    if (job->model->options.dequantize > 0)
        job->beside.clean = malloc(numbers * sizeof *job->beside.clean);
    if (job->beside.column_roles || job->beside.has_gaps) {
        job->beside.roles = nqi_aligned_new(NQI_ROLES * numbers, sizeof *job->beside.roles);
        job->beside.cells =
            calloc((size_t)threads * job->model->scaling.columns, sizeof *job->beside.cells);
    }
    if (!job->batches || (job->model->options.dequantize > 0 && !job->beside.clean) ||
        ((job->beside.column_roles || job->beside.has_gaps) &&
         !(job->beside.roles && job->beside.cells)))
        return nqi_fail_memory(job->context, "the bound", numbers * sizeof *job->beside.clean);
    for (int i = 0; i < threads; i++) {
        const nq_status status =
            nqi_batch_open(&job->batches[i], job->context, &job->model->process,
                           &job->model->regressor, job->context->ops, NQI_BOUND_ROWS,
                           NQI_BOUND_GROUP_ROWS, 0);
        if (status)
            return status;
    }
    return NQ_OK;
}

static nq_status sums_alloc(nqi_bound_job *job, nqi_bound_totals *sum, nq_bound *out,
                            int by_column)
{
    const size_t steps = out->steps, items = job->wave * job->replicates;
    const size_t records = items * job->strata * NQI_BOUND_GROUPS;
    out->kl = calloc(2 * steps, sizeof(double));
    out->row_bound = calloc(2 * out->all_rows, sizeof(double));
    sum->kl = calloc(3 * steps, sizeof(double));
    job->found.records = calloc(records, sizeof(nqi_bound_record));
    job->found.estimates = calloc(items * NQI_BOUND_ROWS, sizeof(double));
    job->found.row_terms = calloc(items * NQI_BOUND_ROWS * NQI_BOUND_TERMS, sizeof(double));
    if (!out->kl || !out->row_bound || !sum->kl || !job->found.records || !job->found.estimates ||
        !job->found.row_terms)
        return nqi_fail_memory(job->context, "the bound", records * sizeof(nqi_bound_record));
    if (by_column) {
        out->columns = job->model->scaling.columns;
        out->column_bound = calloc(out->columns, sizeof(double));
        out->row_column_bound = calloc(out->all_rows * out->columns, sizeof(double));
        job->found.columns = calloc(items * NQI_BOUND_ROWS * out->dim, sizeof(double));
        if (!out->column_bound || !out->row_column_bound || !job->found.columns)
            return nqi_fail_memory(job->context, "the bound of columns", out->all_rows);
    }
    out->kl_se = out->kl + steps;
    out->row_se = out->row_bound + out->all_rows;
    sum->kl_squares = sum->kl + steps;
    sum->kl_rows = sum->kl + 2 * steps;
    return NQ_OK;
}

static void job_free(nqi_bound_job *job, nqi_bound_totals *sum)
{
    for (int i = 0; job->batches && i < nq_context_threads(job->context); i++)
        nqi_batch_free(&job->batches[i]);
    nqi_times_free(&job->times);
    free(job->batches);
    free(job->beside.clean);
    nqi_aligned_free(job->beside.roles);
    free(job->beside.cells);
    free(job->found.records);
    free(job->found.estimates);
    free(job->found.row_terms);
    free(job->found.columns);
    free(sum->kl);
}

static nq_status run_wave(nqi_bound_job *job, size_t wave, size_t chunks)
{
    const size_t items = wave * job->replicates, dim = job->model->process.dim;
    const nqi_result results[] = {
        {job->found.records, job->strata * NQI_BOUND_GROUPS * sizeof *job->found.records},
        {job->found.estimates, NQI_BOUND_ROWS * sizeof *job->found.estimates},
        {job->found.row_terms, NQI_BOUND_TERMS * NQI_BOUND_ROWS * sizeof *job->found.row_terms},
        {job->found.columns, dim * NQI_BOUND_ROWS * sizeof *job->found.columns}};
    nq_status status = nqi_tell_region(job->context, "estimating K",
                                       (double)(job->first_chunk * job->replicates),
                                       (double)items, (double)(chunks * job->replicates));
    if (!status)
        status = nqi_ranks_run(job->context, items, nqi_bound_score_chunk, job);
    return status ? status
                  : nqi_ranks_gather(job->context, items, results, job->found.columns ? 4 : 3);
}

static nq_status run_waves(nqi_bound_job *job, nqi_bound_totals *sum, nq_bound *out)
{
    const size_t size = nqi_bound_chunk_rows(job), chunks = (job->rows + size - 1) / size;
    for (; job->first_chunk < chunks; job->first_chunk += job->wave) {
        const size_t left = chunks - job->first_chunk;
        const size_t wave = left < job->wave ? left : job->wave;
        const nq_status status = run_wave(job, wave, chunks);
        if (status)
            return status;
        nqi_bound_add_wave(job, wave, sum, out);
    }
    nqi_bound_finish(job, sum, out);
    if (job->beside.roles) { /* those of rows whose cells are all targets do not matter */
        out->entropy_first = out->entropy_last = NAN;
        return NQ_OK;
    }
    return add_entropies(job, out);
}

/* Rows of `usable`, or at most so many of them. */
static nq_status estimate(nq_bound *out, nqi_bound_job job, const nqi_usable *usable,
                          const nq_bound_options *options)
{
    const size_t most = options && options->max_rows ? options->max_rows : usable->rows;
    nqi_bound_totals sum = {0};
    job.data = usable->data;
    job.beside.has_gaps = usable->has_gaps;
    job.stride_rows = usable->rows;
    job.rows = usable->rows < most ? usable->rows : most;
    job.with_first = job.model->process.first_learned == 1;
    job.times = (nqi_times){.first = 2, .steps = job.model->process.schedule.steps - 1};
    out->rows = job.rows;
    out->all_rows = job.rows == usable->rows ? usable->rows + usable->count : job.rows;
    out->dim = job.model->process.dim;
    out->steps = job.model->process.schedule.steps;
    nq_status status = batches_alloc(&job);
    if (!status)
        status = plan(&job, options);
    if (!status) /* without a plan there are no chunks */
        job.wave = wave_of(&job);
    out->terms = job.strata * job.replicates * (job.alone ? NQI_BOUND_ROWS : 1);
    if (!status)
        status = sums_alloc(&job, &sum, out, options && options->by_column);
    if (!status)
        status = run_waves(&job, &sum, out);
    job_free(&job, &sum);
    if (status)
        nq_bound_free(out);
    return status;
}

/* Every row is impossible. */
static nq_status estimate_nothing(nq_bound *out, const nqi_bound_job *job,
                                  const nqi_usable *usable)
{
    out->dim = job->model->process.dim;
    out->steps = job->model->process.schedule.steps;
    out->all_rows = usable->count;
    out->bound = out->bound_paper = out->null = out->gain = out->se = out->se_rows = NAN;
    out->kl = calloc(2 * out->steps, sizeof(double));
    out->row_bound = calloc(2 * out->all_rows + 1, sizeof(double));
    if (!out->kl || !out->row_bound) {
        nq_bound_free(out);
        return nqi_fail_memory(job->context, "the bound", out->all_rows * sizeof(double));
    }
    out->kl_se = out->kl + out->steps;
    out->row_se = out->row_bound + out->all_rows;
    return NQ_OK;
}

/* Rows whose K is no number are left out, and the others estimated anew: their figures must not
 * depend on such a neighbour. */
static nq_status drop_faulty(const nq_bound *out, nqi_usable *usable, nq_context *context,
                             int *dropped)
{
    size_t count = 0, *rows = malloc((out->rows + 1) * sizeof *rows);
    *dropped = 0;
    if (!rows)
        return nqi_fail_memory(context, "impossible rows", out->rows * sizeof *rows);
    for (size_t r = 0; r < out->rows; r++)
        if (!isfinite(out->row_bound[r]))
            rows[count++] = (size_t)((uint64_t)r * usable->rows / out->rows);
    *dropped = count > 0;
    const nq_status status = count ? nqi_usable_drop(usable, context, rows, count) : NQ_OK;
    free(rows);
    return status;
}

/* Rows of columns move to their places, the last first. */
static void spread_columns(nq_bound *out, const nqi_usable *usable)
{
    const size_t n = out->columns;
    size_t from = usable->rows, to = usable->rows + usable->count;
    for (size_t f = usable->count; out->row_column_bound && f > 0; f--) {
        for (; to > usable->faults[f - 1].row + 1; to--, from--)
            memmove(out->row_column_bound + (to - 1) * n, out->row_column_bound + (from - 1) * n,
                    n * sizeof(double));
        to--;
        for (size_t c = 0; c < n; c++)
            out->row_column_bound[to * n + c] = NAN;
    }
}

static void keep_faults(nq_bound *out, nqi_usable *usable)
{
    if (out->all_rows == usable->rows + usable->count) {
        nqi_usable_spread(out->row_bound, usable, -INFINITY);
        nqi_usable_spread(out->row_se, usable, NAN);
        spread_columns(out, usable);
    }
    out->faults = usable->faults;
    out->impossible = usable->count;
    usable->faults = NULL;
}

static nq_status run_usable(nq_bound *out, const nqi_bound_job *job, nqi_usable *usable,
                            const nq_bound_options *options)
{
    for (int dropped = 1; dropped;) {
        nq_bound_free(out);
        if (!usable->rows)
            return estimate_nothing(out, job, usable);
        nq_status status = estimate(out, *job, usable, options);
        if (!status)
            status = drop_faulty(out, usable, job->context, &dropped);
        if (status)
            return status;
    }
    return NQ_OK;
}

nq_status nqi_bound_run(nq_bound *out, nq_context *context, const nq_model *model,
                        const nqi_real *params, const nq_dataset *data,
                        const nq_bound_options *options, nqi_purpose purpose)
{
    nqi_usable whole = {.whole = data, .data = data, .rows = nq_dataset_rows(data)};
    const nqi_bound_job job = {.context = context,
                               .model = model,
                               .params = params ? params : model->regressor.params,
                               .seed = options ? options->seed : 0,
                               .purpose = purpose};
    memset(out, 0, sizeof *out);
    const nq_status status = estimate(out, job, &whole, options);
    if (status || isfinite(out->bound))
        return status;
    nq_bound_free(out);
    return nqi_fail(context, NQ_ERROR_DIVERGED,
                    "the bound is not finite: the model does not fit this data");
}

nq_status nq_bound_estimate(nq_bound *out, nq_context *context, const nq_model *model,
                            const nq_dataset *data, const nq_bound_options *options)
{
    nqi_usable usable = {0};
    nq_bound_options own;
    memset(out, 0, sizeof *out);
    nq_status status = nqi_options_take(&own, context, &nqi_bound_options, options);
    if (status)
        return status;
    nqi_bound_job job = {.context = context,
                         .params = model->regressor.params,
                         .seed = own.seed,
                         .purpose = NQI_DRAW_BOUND,
                         .beside.column_roles = own.roles};
    nq_model *owned = NULL;
    memset(out, 0, sizeof *out);
    status = nqi_model_with_steps(&job.model, &owned, context, model, own.steps);
    if (!status)
        status = nqi_usable_find_given(&usable, context, model, data, job.beside.column_roles);
    if (!status)
        status = run_usable(out, &job, &usable, &own);
    if (!status)
        keep_faults(out, &usable);
    else
        nq_bound_free(out);
    nqi_usable_free(&usable);
    nq_model_free(owned);
    return status;
}

void nq_bound_free(nq_bound *bound)
{
    if (!bound)
        return;
    free(bound->kl);        /* and kl_se, which stands behind it */
    free(bound->row_bound); /* and row_se */
    free(bound->faults);
    free(bound->column_bound);
    free(bound->row_column_bound);
    memset(bound, 0, sizeof *bound);
}
