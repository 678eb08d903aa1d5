/* costs.c - what longer steps than were trained cost, measured on rows.
 * Rows are diffused to a time, the network is asked once, and a step from there to each earlier
 * time is scored. By chance some times look cheap, and a search among all chains would find just
 * these. What the network believes of x_0 tells nearly without noise what a step would cost if the
 * belief were right: only how far it is wrong is taken from the scores, as a mean over neighbouring
 * times. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "measure/steps/looking.h"
#include "measure/steps/steps.h"

enum {
    COSTS = 1 << 26,  /* costs of single numbers or levels, about: two seconds */
    KNOTS = 14,       /* steps from a time whose costs are looked at, about */
    TIMES_LEAST = 16, /* of large pictures */
    NEAR = 3          /* times on each side that count as neighbours */
};

/* E (x_0 - expected x_0)^2 of each number, in units of 1 - abar_t; pictures have one for all. */
static void residual_fill(const nqi_looking *l, const nqi_block *block, const nqi_rows *rows,
                          const nqi_real *mean, double *out)
{
    const size_t width = l->ladder->of.width;
    const double unit =
        1 / (double)l->rows / l->process->schedule.one_minus_alpha_bar[rows->t - 1];
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < l->rows; r++) {
            const size_t j = i * rows->ld + r;
            const double gap = (double)rows->x_0[j] - (double)mean[j];
            if (width > 1)
                out[block->first + i] += gap * gap * unit;
            else
                out[0] += gap * gap * unit / (double)l->process->dim;
        }
}

/* Steps from time t of a ladder down to time s > 0 that are looked at: short ones, and those to
 * early times; costs of others are between them. */
static int is_power(size_t n)
{
    return n && !(n & (n - 1));
}
static int is_knot(size_t s, size_t t)
{
    return !s || is_power(s) || is_power(t - s);
}

/* Their logs are nearly linear in log s / (t - s). */
static void fill_between(nqi_ladder *ladder, size_t t)
{
    for (size_t s = 1, low = 1; s < t; s++) {
        size_t high = s;
        if (is_knot(s, t)) {
            low = s;
            continue;
        }
        while (!is_knot(high, t))
            high++;
        const double x_0 = log((double)low / (double)(t - low));
        const double x_1 = log((double)high / (double)(t - high));
        const double part = (log((double)s / (double)(t - s)) - x_0) / (x_1 - x_0);
        const double y_0 = fmax(*nqi_ladder_cost(ladder, low, t), 1e-30);
        const double y_1 = fmax(*nqi_ladder_cost(ladder, high, t), 1e-30);
        *nqi_ladder_cost(ladder, s, t) = exp((1 - part) * log(y_0) + part * log(y_1));
    }
}

/* Of the steps from time k + 1 of the ladder that are looked at, nats a row. */
static void block_costs(const nqi_looking *l, const nqi_block *block, const nqi_rows *rows,
                        size_t k, const nqi_real *mean, const nqi_real *variance)
{
    const size_t width = nqi_block_width(block), ld = rows->ld;
    const nqi_residual *residual = l->ladder->of.width ? &l->ladder->of : NULL;
    nqi_block own = *block;
    own.residual = residual;
    for (size_t s = 0; s <= k; s++) {
        if (!is_knot(s, k + 1))
            continue;
        const nqi_jump jump =
            nqi_schedule_jump(&l->process->schedule, s ? l->ladder->time[s - 1] : 0, rows->t);
        double sum = 0;
        for (size_t i = 0; i < block->count; i++) {
            const double measured =
                residual ? jump.forget * nqi_residual_at(&own, rows->t, i) : 0;
            for (size_t r = 0; r < l->rows; r++)
                sum += block->family->steps->jump_cost(block, &jump, i, mean + i * width * ld + r,
                                                       ld,
                                                       residual
                                                           ? measured
                                                           : (double)variance[i * width * ld + r],
                                                       (double)rows->x_t[i * ld + r]);
        }
        *nqi_ladder_cost(l->ladder, s, k + 1) += sum / (double)l->rows;
    }
}

/* The scores of a step down to `from`, 0: x_0, nats a row. */
static nq_status step_score(double *out, const nqi_looking *l, const nqi_process *measured,
                            const nqi_batch *batch, uint32_t from, uint32_t to)
{
    const uint32_t times[2][3] = {{0, to, 0}, {0, from, to}};
    const size_t steps = from ? 2 : 1;
    nqi_real kl[NQI_LOOKING_GROUP];
    nqi_process pair;
    double sum = 0;
    const nq_status status = nqi_process_shorten(&pair, NULL, measured, times[steps - 1], steps);
    if (status)
        return status;
    for (size_t g = 0; g < l->rows / NQI_LOOKING_GROUP; g++)
        for (size_t b = 0; b < pair.block_count; b++) {
            const nqi_block *block = &pair.blocks[b];
            nqi_rows rows = nqi_batch_rows(batch, block, g, 0);
            rows.t = steps;
            block->family->steps->divergence(block, &rows, 0, block->count, kl, 1);
            for (size_t r = 0; r < NQI_LOOKING_GROUP; r++)
                sum += (double)kl[r] +
                       (from ? 0 : nqi_block_entropy_first(block, rows.x_0 + r, rows.ld));
        }
    nqi_process_free(&pair);
    *out = sum / (double)l->rows;
    return NQ_OK;
}

/* Of all steps from time k + 1 of the ladder; blocks know what has been measured there. Other times
 * are other threads'. */
static nq_status scores_fill(const nqi_looking *l, const nqi_batch *batch, size_t k)
{
    const size_t width = l->ladder->of.width;
    const nqi_residual own = {1, width, l->ladder->time + k, l->ladder->residual + k * width};
    nqi_process measured = *l->process;
    nqi_block *blocks = malloc(measured.block_count * sizeof *blocks);
    nq_status status = blocks ? NQ_OK : NQ_ERROR_MEMORY;
    for (size_t b = 0; blocks && b < measured.block_count; b++) {
        blocks[b] = l->process->blocks[b];
        blocks[b].residual = width ? &own : NULL;
    }
    measured.blocks = blocks;
    for (size_t s = 0; s <= k && !status && !nqi_hand_stops(&batch->tape.map.hand); s++)
        status = step_score(&l->scored[k * (k + 1) / 2 + s], l, &measured, batch,
                            s ? l->ladder->time[s - 1] : 0, l->ladder->time[k]);
    free(blocks);
    return status;
}

/* A fixed last step is the same for every chain: it costs nothing here. */
static void measure_time(void *state, size_t k, int thread)
{
    const nqi_looking *l = state;
    nqi_batch *batch = &l->batches[thread];
    const nqi_process *process = l->process;
    nqi_real *mean = l->law + (size_t)thread * 2 * process->laws * l->rows;
    nqi_real *variance = mean + process->laws * l->rows;
    double *residual = l->ladder->residual + k * l->ladder->of.width;
    batch->tape.map.hand = (nqi_hand){l->context->pool, thread};
    nqi_look(l, batch, k, (uint32_t)k);
    for (size_t i = 0; i < l->ladder->of.width; i++)
        residual[i] = 1e-30;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        if (nqi_hand_stops(&batch->tape.map.hand))
            return;
        nqi_rows rows = nqi_batch_rows(batch, b, 0, 0);
        rows.rows = l->rows;
        b->family->steps->belief(b, &rows, mean, variance);
        if (b->family->steps->needs_residual && b->family->steps->needs_residual(b))
            residual_fill(l, b, &rows, mean, residual);
        block_costs(l, b, &rows, k, mean, variance);
    }
    fill_between(l->ladder, k + 1);
    const nq_status status = scores_fill(l, batch, k);
    if (status)
        l->failed[thread] = status;
}

/* How far beliefs are wrong: of steps to x_0 a difference, as costs are logs of densities; of
 * others a factor. */
static double correction(const nqi_looking *l, size_t s, size_t t)
{
    double believed = 0, scored = 0, count = 0;
    const size_t low = t > NEAR ? t - NEAR : 1;
    for (size_t near = low; near <= t + NEAR && near <= l->count; near++) {
        const size_t from = (size_t)((double)s * (double)near / (double)t + 0.5);
        const size_t at = s && from == 0 ? 1 : from;
        if (at >= near)
            continue;
        believed += *nqi_ladder_cost(l->ladder, at, near);
        scored += l->scored[near * (near - 1) / 2 + at];
        count++;
    }
    if (!s)
        return (scored - believed) / count;
    return believed > 0 && scored > 0 ? scored / believed : 1;
}

static nq_status correct(const nqi_looking *l)
{
    nqi_ladder *ladder = l->ladder;
    const int fixed = l->process->first_learned > 1;
    double *costs = malloc(l->count * (l->count + 1) / 2 * sizeof *costs), *at = costs;
    if (!costs)
        return nqi_fail_memory(l->context, "costs of steps", l->count * l->count);
    nq_status status = NQ_OK;
    for (size_t t = 1; t <= l->count && !status; t++) {
        for (size_t s = 0; s < t; s++) {
            const double own = *nqi_ladder_cost(ladder, s, t), by = correction(l, s, t);
            *at++ = s ? own * by : fixed ? 0 : own + by;
        }
        status = nqi_tell_again(l->context);
    }
    free(status ? costs : ladder->cost);
    ladder->cost = status ? ladder->cost : costs;
    return status;
}

nq_status nqi_steps_costs(nqi_ladder *out, nq_context *context, const nq_model *model,
                          const nq_dataset *data)
{
    const nqi_process *process = &model->process;
    const size_t width = !nqi_model_needs_residual(model) ? 0
                         : model->picture.channels        ? 1
                                                          : process->dim;
    const double times = fmax((double)COSTS / KNOTS / NQI_LOOKING_GROUP / (double)process->laws,
                              (double)TIMES_LEAST);
    nq_status status =
        nqi_ladder_of(out, context, process->schedule.steps, (size_t)fmin(times, 1e6), width);
    if (status)
        return status;
    const double pairs = (double)out->count * KNOTS;
    nqi_looking l = {.context = context,
                     .model = model,
                     .data = data,
                     .process = process,
                     .time = out->time,
                     .count = out->count,
                     .rows = nqi_looking_groups(COSTS / pairs / (double)process->laws, data),
                     .seed = 1,
                     .ladder = out};
    if (!(status = nqi_looking_new(&l)))
        status = nqi_looking_run(&l, measure_time);
    if (!status)
        status = correct(&l);
    nqi_looking_free(&l);
    for (size_t j = 0; j < out->count * (out->count + 1) / 2 && !status; j++)
        if (!isfinite(out->cost[j]))
            status = nqi_fail(context, NQ_ERROR_DIVERGED,
                              "what longer steps cost is not finite: the model does not fit this "
                              "data");
    if (status)
        nqi_ladder_free(out);
    return status;
}
