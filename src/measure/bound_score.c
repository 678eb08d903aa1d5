/* bound_score.c - the divergences of a chunk of rows, for bound_sum.c to sum. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "measure/bound_job.h"

/* Of the rows of a chunk of the wave, for a purpose beside that of the estimate (of: it) or for
 * itself (of 0). */
static nqi_stream chunk_stream(const nqi_bound_job *job, nqi_purpose of, nqi_purpose purpose,
                               size_t step, size_t chunk)
{
    return nqi_row_stream(of ? nqi_seed_child(job->seed, of) : job->seed, purpose, (uint32_t)step,
                          (uint64_t)(job->first_chunk + chunk) * NQI_BOUND_ROWS);
}

/* A stratum is one time: the first where t = 1 counts, and all where there is one for each. */
static int is_single(const nqi_bound_job *job, size_t j)
{
    const size_t first = (size_t)job->with_first, others = job->strata - first;
    return j < first || (!job->alone && !job->times.mass && others == job->times.steps);
}

/* Time of stratum j, within the stratum's share of the law. A row alone has finer strata, one for
 * each group of lanes. Where t = 1 counts it is the first stratum, and the others share the law. */
static uint32_t draw_time(double *weight, const nqi_bound_job *job, const nqi_stream *stream,
                          size_t j, size_t g)
{
    const nqi_times *times = &job->times;
    const size_t first = (size_t)job->with_first, others = job->strata - first;
    const size_t number = (j - first) * NQI_BOUND_GROUPS + g;
    if (j < first) {
        *weight = (double)job->strata;
        return 1;
    }
    const double share = (double)job->strata / (double)others;
    if (is_single(job, j)) {
        *weight = (double)times->steps * share;
        return (uint32_t)(j - first + times->first);
    }
    nqi_stream own = *stream; /* of this group of rows */
    own.item += (uint32_t)g;
    const double u = nqi_stream_uniform(&own, j);
    const double strata = (double)others;
    const uint32_t t =
        nqi_times_at(weight, times,
                     job->alone ? ((double)number + u) / (strata * NQI_BOUND_GROUPS)
                                : ((double)(j - first) + u) / strata);
    *weight *= share;
    return t;
}

static void draw_times(uint32_t *time, double *weight, const nqi_bound_job *job,
                       const nqi_stream *stream, size_t j)
{
    const int is_one = is_single(job, j);
    for (size_t g = 0; g < NQI_BOUND_GROUPS; g++) {
        time[g] = is_one && g ? time[0] : draw_time(&weight[g], job, stream, j, g);
        weight[g] = is_one ? weight[0] : weight[g];
    }
}

/* Adds the divergences of a group to the estimates of its rows; by twos, so that a sum need not
 * wait for the last one. */
static void add_group(double *restrict sums, double *sum, double *squares,
                      const nqi_real *restrict kl, double scale)
{
    double even = 0, odd = 0, even_squares = 0, odd_squares = 0;
    for (size_t r = 0; r < NQI_BOUND_GROUP_ROWS; r += 2) {
        const double first = (double)kl[r], second = (double)kl[r + 1];
        sums[r] += scale * first;
        sums[r + 1] += scale * second;
        even += first;
        odd += second;
        even_squares += first * first;
        odd_squares += second * second;
    }
    *sum = even + odd;
    *squares = even_squares + odd_squares;
}

/* scale: what a divergence of this time counts in the estimates of its rows. */
static void record_group(nqi_bound_record *record, double *sums, const nqi_batch *batch, size_t g,
                         double scale)
{
    const size_t first = g * NQI_BOUND_GROUP_ROWS;
    const size_t left = batch->valid_rows > first ? batch->valid_rows - first : 0;
    const size_t count = left < NQI_BOUND_GROUP_ROWS ? left : NQI_BOUND_GROUP_ROWS;
    const nqi_real *kl = batch->kl + first;
    double sum = 0, squares = 0;
    if (count == NQI_BOUND_GROUP_ROWS)
        add_group(sums + first, &sum, &squares, kl, scale);
    for (size_t r = 0; r < count && count < NQI_BOUND_GROUP_ROWS; r++) {
        sums[first + r] += scale * (double)kl[r];
        sum += (double)kl[r];
        squares += (double)kl[r] * (double)kl[r];
    }
    *record = (nqi_bound_record){.t = batch->tape.time[g],
                                 .rows = (uint32_t)count,
                                 .sum = sum,
                                 .sum_squares = squares};
}

/* Each term has noise of its own where rows are made with some, so that the error counts it. */
static void renoise(const nqi_bound_job *job, nqi_batch *batch, size_t item, size_t j, int thread)
{
    if (!job->spreads)
        return;
    const size_t numbers = job->model->process.dim * NQI_BOUND_ROWS;
    const size_t replicate = item % job->replicates, chunk = item / job->replicates;
    const nqi_stream stream =
        chunk_stream(job, job->purpose, NQI_DRAW_DEQUANT, replicate * job->strata + j, chunk);
    if (job->beside.clean)
        memcpy(batch->x_0, job->beside.clean + (size_t)thread * numbers,
               numbers * sizeof *batch->x_0);
    nqi_model_spread(job->model, job->context->ops, batch, &stream);
    if (batch->roles)
        nqi_model_settle_known(job->model, batch);
}

void nqi_bound_load(const nqi_bound_job *job, size_t thread, const uint64_t *rows, size_t count,
                    const nqi_stream *stream)
{
    nqi_batch *batch = &job->batches[thread];
    nqi_model_gather(job->model, job->context->ops, job->data, rows, count, batch, stream);
    if (!job->beside.roles)
        return;
    nqi_real *roles =
        job->beside.roles + thread * NQI_ROLES * job->model->process.dim * NQI_BOUND_ROWS;
    nqi_model_gather_roles(job->model, job->data, rows, count, job->beside.column_roles, batch,
                           job->beside.cells + thread * job->model->scaling.columns, roles);
}

void nqi_bound_row_terms(const nqi_process *process, const nqi_real *x_0, size_t stride,
                         double terms[NQI_BOUND_TERMS])
{
    terms[1] = nqi_process_entropy_given_data(process, x_0, stride, process->schedule.steps) -
               nqi_process_entropy_first(process, x_0, stride) -
               nqi_process_entropy_prior(process);
    terms[0] = terms[1] + nqi_process_edge(process, x_0, stride);
    terms[2] = nqi_process_log_prior(process, x_0, stride);
}

/* What recorded cells add to every term of a row. */
static double share_of(const nqi_bound_job *job, const nqi_batch *batch, size_t row)
{
    const nqi_process *process = &job->model->process;
    double sum = 0;
    for (size_t i = 0; i < process->spread; i++)
        if (nqi_batch_is_target(batch, process->dim, i, row))
            sum += batch->share[i * batch->tape.ld + row];
    return sum;
}

/* A number's part of nqi_bound_row_terms. */
static void number_terms(const nqi_process *process, const nqi_batch *batch, size_t number,
                         size_t row, double terms[NQI_BOUND_TERMS])
{
    const nqi_block block = nqi_block_single(nqi_process_block(process, number), number);
    const nqi_account *account = block.family->account;
    const size_t ld = batch->tape.ld;
    const nqi_real *x_0 = batch->x_0 + number * ld + row;
    terms[1] = account->entropy_given_data(&block, x_0, ld, process->schedule.steps) -
               nqi_block_entropy_first(&block, x_0, ld) - account->entropy_prior(&block);
    terms[0] = terms[1] + nqi_block_edge(&block, x_0, ld);
    terms[2] = account->log_prior(&block, x_0, ld);
}

void nqi_bound_target_terms(const nqi_process *process, const nqi_batch *batch, size_t row,
                            double terms[NQI_BOUND_TERMS])
{
    for (int k = 0; k < NQI_BOUND_TERMS; k++)
        terms[k] = 0;
    for (size_t i = 0; i < process->dim; i++) {
        double own[NQI_BOUND_TERMS];
        if (!nqi_batch_is_target(batch, process->dim, i, row))
            continue;
        number_terms(process, batch, i, row, own);
        for (int k = 0; k < NQI_BOUND_TERMS; k++)
            terms[k] += own[k];
    }
}

/* What K holds of a number beside its divergences. */
static double number_term(const nqi_process *process, const nqi_batch *batch, size_t number,
                          size_t row)
{
    double terms[NQI_BOUND_TERMS];
    if (!nqi_batch_is_target(batch, process->dim, number, row))
        return 0;
    number_terms(process, batch, number, row, terms);
    return terms[0] +
           (number < process->spread ? batch->share[number * batch->tape.ld + row] : 0);
}

static void fill_columns(const nqi_bound_job *job, const nqi_batch *batch, size_t item)
{
    const nqi_process *process = &job->model->process;
    double *columns = job->found.columns + item * NQI_BOUND_ROWS * process->dim;
    memset(columns, 0, NQI_BOUND_ROWS * process->dim * sizeof *columns);
    for (size_t r = 0; r < batch->valid_rows; r++)
        for (size_t i = 0; i < process->dim; i++)
            columns[(job->alone ? 0 : r) * process->dim + i] +=
                number_term(process, batch, i, r) / (job->alone ? (double)batch->valid_rows : 1);
}

/* scale: as in record_group. */
static void add_columns(const nqi_bound_job *job, nqi_batch *batch, size_t item, size_t g,
                        double scale)
{
    const nqi_process *process = &job->model->process;
    double *columns = job->found.columns + item * NQI_BOUND_ROWS * process->dim;
    const size_t first = g * NQI_BOUND_GROUP_ROWS;
    nqi_real kl[NQI_BOUND_GROUP_ROWS];
    for (size_t i = 0; i < process->dim; i++) {
        nqi_batch_number_divergence(process, batch, g, i, kl);
        for (size_t r = 0; r < NQI_BOUND_GROUP_ROWS && first + r < batch->valid_rows; r++)
            if (nqi_batch_is_target(batch, process->dim, i, first + r))
                columns[(job->alone ? 0 : first + r) * process->dim + i] -=
                    scale * (double)kl[r] / (job->alone ? NQI_BOUND_ROWS : 1);
    }
}

static void fill_row_terms(const nqi_bound_job *job, const nqi_batch *batch, size_t item)
{
    double *terms = job->found.row_terms + item * NQI_BOUND_ROWS * NQI_BOUND_TERMS;
    const size_t rows = job->alone && !job->spreads ? 1 : batch->valid_rows;
    for (size_t r = 0; r < rows; r++) {
        double *own = terms + r * NQI_BOUND_TERMS;
        const double share = share_of(job, batch, r);
        if (batch->roles)
            nqi_bound_target_terms(&job->model->process, batch, r, own);
        else
            nqi_bound_row_terms(&job->model->process, batch->x_0 + r, batch->tape.ld, own);
        for (int k = 0; k < NQI_BOUND_TERMS && share != 0; k++)
            own[k] += share;
    }
    for (int k = 0; k < NQI_BOUND_TERMS && job->alone; k++) {
        double sum = 0;
        for (size_t r = 0; r < rows; r++)
            sum += terms[r * NQI_BOUND_TERMS + (size_t)k];
        terms[k] = sum / (double)rows;
    }
}

static void score_rows(const nqi_bound_job *job, nqi_batch *batch, size_t item, int thread)
{
    const size_t replicate = item % job->replicates;
    const size_t chunk = item / job->replicates;
    const nqi_stream stream = chunk_stream(job, job->purpose, NQI_DRAW_TIMES, replicate, chunk);
    double *sums = job->found.estimates + item * NQI_BOUND_ROWS, weight[NQI_BOUND_GROUPS];
    nqi_bound_record *records = job->found.records + item * job->strata * NQI_BOUND_GROUPS;
    memset(sums, 0, NQI_BOUND_ROWS * sizeof *sums);
    for (size_t j = 0;
         j < job->strata && !nqi_hand_reaches(&batch->tape.map.hand, j, job->strata); j++) {
        const nqi_stream noise =
            chunk_stream(job, 0, job->purpose, replicate * job->strata + j, chunk);
        renoise(job, batch, item, j, thread);
        if (!j && nqi_bound_terms_of(job, replicate) == replicate)
            fill_row_terms(job, batch, item);
        draw_times(batch->tape.time, weight, job, &stream, j);
        nqi_batch_score(&job->model->process, batch, &noise, 1, 0);
        if (!j && job->found.columns)
            fill_columns(job, batch, item);
        for (size_t g = 0; g < NQI_BOUND_GROUPS; g++) {
            record_group(&records[j * NQI_BOUND_GROUPS + g], sums, batch, g,
                         weight[g] / (double)job->strata);
            if (job->found.columns)
                add_columns(job, batch, item, g, weight[g] / (double)job->strata);
        }
    }
    if (job->alone) {
        for (size_t r = 1; r < NQI_BOUND_ROWS; r++)
            sums[0] += sums[r];
        sums[0] /= NQI_BOUND_ROWS;
    }
}

void nqi_bound_score_chunk(void *state, size_t item, int thread)
{
    const nqi_bound_job *job = state;
    const size_t size = nqi_bound_chunk_rows(job);
    const size_t first = (job->first_chunk + item / job->replicates) * size;
    const size_t count = job->rows - first < size ? job->rows - first : size;
    nqi_batch *batch = &job->batches[thread];
    uint64_t rows[NQI_BOUND_ROWS];
    for (size_t r = 0; r < count; r++)
        rows[r] = (uint64_t)(first + r) * job->stride_rows / job->rows;
    batch->tape.params = job->params;
    batch->tape.map.hand = (nqi_hand){job->context->pool, thread};
    nqi_bound_load(job, (size_t)thread, rows, count, NULL);
    if (job->alone)
        batch->valid_rows = NQI_BOUND_ROWS; /* copies that count */
    if (job->beside.clean) {
        const size_t numbers = job->model->process.dim * NQI_BOUND_ROWS;
        memcpy(job->beside.clean + (size_t)thread * numbers, batch->x_0,
               numbers * sizeof *batch->x_0);
    }
    score_rows(job, batch, item, thread);
}
