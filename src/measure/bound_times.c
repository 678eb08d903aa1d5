/* bound_times.c - which times K is looked at: those whose divergences spread, more often.
 *
 * A term is KL_t / P(t). Its variance is least with P(t) proportional to the root of E KL_t^2,
 * which for bits is a hundred times larger at the first steps than in the middle. That root is
 * measured with a few terms and smoothed; a part of the times is spread evenly whatever was seen,
 * so that no term weighs more than a few times what it would then. Any such law gives K without
 * bias. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "measure/bound_job.h"

/* Times that are tried: four to a pass, each with the rows of a group. */
enum { BINS = 32, PASSES = 16, TRIED = PASSES * NQI_BOUND_GROUPS };
/* Parts of the law: as seen, evenly over t, evenly over log t. */
static const double part_seen = 0.7, part_even = 0.2, part_log = 0.1;

uint32_t nqi_times_at(double *weight, const nqi_times *times, double part)
{
    const double steps = (double)times->steps;
    if (!times->mass) {
        *weight = steps;
        return (uint32_t)(fmin(part * steps, steps - 1) + (double)times->first);
    }
    size_t low = 0, high = times->steps - 1; /* the last i with cumulated[i] <= part */
    while (low < high) {
        const size_t middle = low + (high - low + 1) / 2;
        if (times->cumulated[middle] <= part)
            low = middle;
        else
            high = middle - 1;
    }
    *weight = 1 / times->mass[low];
    return (uint32_t)(low + times->first);
}

void nqi_times_free(nqi_times *times)
{
    free(times->mass);
    free(times->cumulated);
    times->mass = times->cumulated = NULL;
}

static nq_status times_alloc(nqi_times *times, nq_context *context)
{
    times->mass = malloc(times->steps * sizeof *times->mass);
    times->cumulated = malloc((times->steps + 1) * sizeof *times->cumulated);
    return times->mass && times->cumulated
               ? NQ_OK
               : nqi_fail_memory(context, "times", 2 * times->steps * sizeof(double));
}

static void accumulate(nqi_times *times)
{
    double sum = 0;
    for (size_t i = 0; i < times->steps; i++)
        sum += times->mass[i];
    times->cumulated[0] = 0;
    for (size_t i = 0; i < times->steps; i++) {
        times->mass[i] /= sum;
        times->cumulated[i + 1] = times->cumulated[i] + times->mass[i];
    }
}

static void set_broad(nqi_times *times)
{
    const double steps = (double)times->steps, logs = log(steps + 1);
    for (size_t i = 0; i < times->steps; i++)
        times->mass[i] = 0.5 / steps + 0.5 * log1p(1 / ((double)i + 1)) / logs;
    accumulate(times);
}

static size_t bin_of(const nqi_times *broad, size_t i)
{
    const double middle = (broad->cumulated[i] + broad->cumulated[i + 1]) / 2;
    return (size_t)fmin(middle * BINS, BINS - 1);
}

/* Sums of KL^2 and numbers of terms in each bin. */
typedef struct trial {
    const nqi_bound_job *job;
    double squares[BINS], counts[BINS];
} trial;

/* One of PASSES microbatches of rows spread over the data, with times spread over the broad law. */
static void try_pass(void *state, size_t pass, int thread)
{
    trial *t = state;
    const nqi_bound_job *job = t->job;
    nqi_batch *batch = &job->batches[thread];
    uint64_t rows[NQI_BOUND_ROWS];
    const nqi_stream noise = {job->seed, NQI_DRAW_TRY, (uint32_t)pass, 0};
    const nqi_stream grains = {nqi_seed_child(job->seed, NQI_DRAW_TRY), NQI_DRAW_DEQUANT,
                               (uint32_t)pass, 0};
    batch->tape.params = job->params;
    batch->tape.map.hand = (nqi_hand){job->context->pool, thread};
    for (size_t r = 0; r < NQI_BOUND_ROWS; r++) {
        const uint64_t at = (r * PASSES + pass) * job->rows / (NQI_BOUND_ROWS * PASSES);
        rows[r] = at * job->stride_rows / job->rows;
    }
    nqi_bound_load(job, (size_t)thread, rows, NQI_BOUND_ROWS, &grains);
    for (size_t g = 0; g < NQI_BOUND_GROUPS; g++) {
        double weight;
        const double part = ((double)(g * PASSES + pass) + 0.5) / TRIED;
        batch->tape.time[g] = nqi_times_at(&weight, &job->times, part);
    }
    nqi_batch_score(&job->model->process, batch, &noise, 1, 0);
    for (size_t r = 0; r < NQI_BOUND_ROWS; r++) {
        const size_t time = batch->tape.time[r / NQI_BOUND_GROUP_ROWS];
        const size_t bin = bin_of(&job->times, time - job->times.first);
        const double kl = (double)batch->kl[r];
        t->squares[bin] += isfinite(kl) ? kl * kl : 0;
        t->counts[bin] += isfinite(kl);
    }
}

/* Root of the mean square in a bin and its neighbours. */
static double root_near(const double *squares, const double *counts, size_t bin)
{
    double sum = 0, count = 0;
    for (size_t b = bin ? bin - 1 : 0; b <= bin + 1 && b < BINS; b++) {
        const double share = b == bin ? 2 : 1;
        sum += share * squares[b];
        count += share * counts[b];
    }
    return count > 0 ? sqrt(sum / count) : 0;
}

nq_status nqi_bound_choose_times(nqi_bound_job *job)
{
    nqi_times *times = &job->times;
    trial tried = {.job = job};
    double root[BINS], total = 0;
    nq_status status = times_alloc(times, job->context);
    if (status)
        return status;
    set_broad(times);
    if ((status = nqi_tell(job->context, "estimating K", 0, 1)) ||
        (status = nqi_pool_run_alone(job->context->pool, 0, PASSES, try_pass, &tried)))
        return status;
    for (size_t b = 0; b < BINS; b++)
        root[b] = root_near(tried.squares, tried.counts, b);
    for (size_t i = 0; i < times->steps; i++)
        total += root[bin_of(times, i)];
    if (!(total > 0))
        return NQ_OK;
    const double steps = (double)times->steps, logs = log(steps + 1);
    for (size_t i = 0; i < times->steps; i++) /* bin_of reads what is accumulated afterwards */
        times->mass[i] = part_seen * root[bin_of(times, i)] / total + part_even / steps +
                         part_log * log1p(1 / ((double)i + 1)) / logs;
    accumulate(times);
    return NQ_OK;
}
