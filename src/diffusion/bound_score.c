/* bound_score.c - the divergences of a block of rows, for bound.c to sum. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "diffusion/bound_job.h"

/* Time of stratum j: in 2..T, uniform within the stratum's share of the steps. */
static uint32_t draw_time(const nqi_bound_job *job, const nqi_stream *stream, uint64_t number,
                          size_t j)
{
    const nqi_process *process = &job->model->process;
    const double steps = (double)nqi_process_learned(process);
    if (job->strata == nqi_process_learned(process))
        return (uint32_t)(j + process->first_learned);
    const double u = nqi_stream_uniform(stream, number);
    const double position = ((double)j + u) * steps / (double)job->strata;
    return (uint32_t)(fmin(position, steps - 1) + (double)process->first_learned);
}

static void score_rows(const nqi_bound_job *job, nqi_batch *batch, size_t local, size_t replicate)
{
    const size_t block = job->first_block + local;
    const nqi_stream times = {job->seed, NQI_DRAW_TIMES + 64 * (uint32_t)job->purpose,
                              (uint32_t)replicate, (uint32_t)block};
    const double scale = (double)nqi_process_learned(&job->model->process) / (double)job->strata;
    double *sums = job->estimates + (local * job->replicates + replicate) * NQI_BOUND_ROWS;
    nqi_bound_record *records =
        job->records + (local * job->replicates + replicate) * job->strata * NQI_BOUND_GROUPS;
    memset(sums, 0, NQI_BOUND_ROWS * sizeof *sums);
    for (size_t j = 0; j < job->strata; j++) {
        const nqi_stream noise = {job->seed, (uint32_t)job->purpose,
                                  (uint32_t)(replicate * job->strata + j), (uint32_t)block};
        for (size_t g = 0; g < NQI_BOUND_GROUPS; g++)
            batch->tape.time[g] = draw_time(job, &times, j * NQI_BOUND_GROUPS + g, j);
        nqi_batch_score(&job->model->process, batch, &noise, 1, 0);
        for (size_t g = 0; g < NQI_BOUND_GROUPS; g++) {
            nqi_bound_record *record = &records[j * NQI_BOUND_GROUPS + g];
            memset(record, 0, sizeof *record);
            record->t = batch->tape.time[g];
            for (size_t r = g * NQI_BOUND_GROUP_ROWS; r < (g + 1) * NQI_BOUND_GROUP_ROWS; r++) {
                const double kl = (double)batch->kl[r];
                if (r >= batch->valid_rows)
                    break;
                sums[r] += scale * kl;
                record->rows++;
                record->sum += kl;
                record->sum_squares += kl * kl;
            }
        }
    }
}

void nqi_bound_row_terms(const nqi_process *process, const nq_real *x_0, size_t stride,
                         double terms[3])
{
    const nqi_family *family = process->family;
    terms[1] = family->entropy_given_data(process, x_0, stride, process->schedule.steps) -
               family->entropy_first(process, x_0, stride) - family->entropy_prior(process);
    terms[0] = terms[1] + family->edge(process, x_0, stride);
    terms[2] = family->log_prior(process, x_0, stride);
}

void nqi_bound_score_block(void *state, size_t item, int thread)
{
    const nqi_bound_job *job = state;
    const size_t local = item / job->replicates, replicate = item % job->replicates;
    nqi_batch *batch = &job->batches[thread];
    const size_t first = (job->first_block + local) * NQI_BOUND_ROWS;
    const size_t count = job->rows - first < NQI_BOUND_ROWS ? job->rows - first : NQI_BOUND_ROWS;
    uint64_t rows[NQI_BOUND_ROWS];
    for (size_t r = 0; r < count; r++)
        rows[r] = (uint64_t)(first + r) * job->stride_rows / job->rows;
    const nqi_stream stream = {job->seed, NQI_DRAW_DEQUANT + 64 * (uint32_t)job->purpose, 0,
                               (uint32_t)(job->first_block + local)};
    batch->tape.params = job->params;
    nqi_model_gather(job->model, job->context->ops, job->data, rows, count, batch, &stream);
    for (size_t r = 0; r < count && !replicate; r++)
        nqi_bound_row_terms(&job->model->process, batch->x_0 + r, batch->tape.ld,
                            job->row_terms + (item * NQI_BOUND_ROWS + r) * 3);
    score_rows(job, batch, local, replicate);
}
