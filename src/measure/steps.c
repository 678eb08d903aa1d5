/* steps.c - what longer steps than were trained cost, measured on rows; and how few lose little.
 * Rows are diffused to a time, the network is asked once, and a step from there to each earlier
 * time is scored. By chance some times look cheap, and a search among all chains would find just
 * these. What the network believes of x_0 tells nearly without noise what a step would cost if the
 * belief were right: only how far it is wrong is taken from the scores, as a mean over neighbouring
 * times. Chains are then judged by their scores on other rows, with rows and noise in common, so
 * that what two of them share drops out of their difference. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "measure/steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "measure/usable.h"

enum {
    GROUP = 64, /* rows that are scored at once */
    ROWS_MOST = 512,
    COSTS = 1 << 26,  /* costs of single numbers or levels, about: two seconds */
    KNOTS = 14,       /* steps from a time whose costs are looked at, about */
    TIMES_LEAST = 16, /* of large pictures */
    ASKED = 256,      /* steps of a chain that are looked at to judge it, at most */
    JUDGED = 1 << 20, /* numbers of rows that a chain is judged by, about */
    FEW = 4,          /* steps that are tried first where no costs were measured */
    NEAR = 3          /* times on each side that count as neighbours */
};
static const double lost_most = 0.02; /* bits a column */
static const double bits_per_nat = 1.44269504088896340736;

/* Rows at some times of a chain, a time for each item of work. */
typedef struct looking {
    nq_context *context;
    const nq_model *model;
    const nq_dataset *data;
    const nqi_process *process; /* the chain */
    const uint32_t *time;       /* [count] of it */
    size_t count, rows;
    uint64_t seed;
    nqi_batch *batches;
    nqi_real *law; /* [threads][2][laws][rows] */
    nqi_ladder *ladder;
    double *cost;   /* [count] of the step from each time, nats a row */
    double *scored; /* as the ladder's costs, by their scores */
} looking;

static nq_status looking_new(looking *l)
{
    const size_t threads = (size_t)nq_context_threads(l->context);
    const size_t laws = 2 * l->process->laws * l->rows;
    l->batches = calloc(threads, sizeof *l->batches);
    l->law = nqi_aligned_new(threads * laws, sizeof *l->law);
    l->cost = calloc(l->count, sizeof *l->cost);
    l->scored = calloc(l->count * (l->count + 1) / 2, sizeof *l->scored);
    nq_status status =
        l->batches && l->law && l->cost && l->scored
            ? NQ_OK
            : nqi_fail_memory(l->context, "costs of steps", threads * laws * sizeof *l->law);
    for (size_t i = 0; i < threads && !status; i++)
        status = nqi_batch_open(&l->batches[i], l->context, l->process, &l->model->regressor,
                                l->context->ops, l->rows, GROUP, 0);
    return status;
}

static void looking_free(looking *l)
{
    for (int i = 0; l->batches && i < nq_context_threads(l->context); i++)
        nqi_batch_free(&l->batches[i]);
    free(l->batches);
    nqi_aligned_free(l->law);
    free(l->cost);
    free(l->scored);
}

/* x_t of the rows at item k, the network's outputs, and divergences; draw: which noise. */
static void look(const looking *l, nqi_batch *batch, size_t k, uint32_t draw)
{
    const size_t all = nq_dataset_rows(l->data), count = all < l->rows ? all : l->rows;
    const nqi_stream grains =
        nqi_row_stream(nqi_seed_child(l->seed, NQI_DRAW_TRY), NQI_DRAW_DEQUANT, draw, 0);
    const nqi_stream noise = nqi_row_stream(l->seed, NQI_DRAW_TRY, draw, 0);
    uint64_t rows[ROWS_MOST];
    for (size_t r = 0; r < count; r++)
        rows[r] = (uint64_t)r * all / count;
    nqi_model_gather(l->model, l->context->ops, l->data, rows, count, batch, &grains);
    for (size_t g = 0; g < l->rows / GROUP; g++)
        batch->tape.time[g] = l->time[k];
    nqi_batch_score(l->process, batch, &noise, 1, 0);
}

static size_t whole_groups(double rows, const nq_dataset *data)
{
    const double all = (double)nq_dataset_rows(data);
    const double some = fmin(fmin(rows, ROWS_MOST), all);
    return some < GROUP ? GROUP : (size_t)some / GROUP * GROUP;
}

/* E (x_0 - expected x_0)^2 of each number, in units of 1 - abar_t; pictures have one for all. */
static void residual_fill(const looking *l, const nqi_block *block, const nqi_rows *rows,
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
static void block_costs(const looking *l, const nqi_block *block, const nqi_rows *rows, size_t k,
                        const nqi_real *mean, const nqi_real *variance)
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

/* The scores of a step down to `from`, 0: x_0, nats a row. NAN: memory is out. */
static double step_score(const looking *l, const nqi_process *measured, const nqi_batch *batch,
                         uint32_t from, uint32_t to)
{
    const uint32_t times[2][3] = {{0, to, 0}, {0, from, to}};
    const size_t steps = from ? 2 : 1;
    nqi_real kl[GROUP];
    nqi_process pair;
    double sum = 0;
    if (nqi_process_shorten(&pair, NULL, measured, times[steps - 1], steps))
        return NAN;
    for (size_t g = 0; g < l->rows / GROUP; g++)
        for (size_t b = 0; b < pair.block_count; b++) {
            const nqi_block *block = &pair.blocks[b];
            nqi_rows rows = nqi_batch_rows(batch, block, g, 0);
            rows.t = steps;
            block->family->steps->divergence(block, &rows, 0, block->count, kl, 1);
            for (size_t r = 0; r < GROUP; r++)
                sum += (double)kl[r] +
                       (from ? 0 : nqi_block_entropy_first(block, rows.x_0 + r, rows.ld));
        }
    nqi_process_free(&pair);
    return sum / (double)l->rows;
}

/* Of all steps from time k + 1 of the ladder; blocks know what has been measured. */
static void scores_fill(const looking *l, const nqi_batch *batch, size_t k)
{
    nqi_process measured = *l->process;
    nqi_block *blocks = malloc(measured.block_count * sizeof *blocks);
    for (size_t b = 0; blocks && b < measured.block_count; b++) {
        blocks[b] = l->process->blocks[b];
        blocks[b].residual = l->ladder->of.width ? &l->ladder->of : NULL;
    }
    measured.blocks = blocks;
    for (size_t s = 0; s <= k; s++)
        l->scored[k * (k + 1) / 2 + s] =
            blocks ? step_score(l, &measured, batch, s ? l->ladder->time[s - 1] : 0,
                                l->ladder->time[k])
                   : NAN;
    free(blocks);
}

/* A fixed last step is the same for every chain: it costs nothing here. */
static void measure_time(void *state, size_t k, int thread)
{
    const looking *l = state;
    nqi_batch *batch = &l->batches[thread];
    const nqi_process *process = l->process;
    nqi_real *mean = l->law + (size_t)thread * 2 * process->laws * l->rows;
    nqi_real *variance = mean + process->laws * l->rows;
    double *residual = l->ladder->residual + k * l->ladder->of.width;
    look(l, batch, k, (uint32_t)k);
    for (size_t i = 0; i < l->ladder->of.width; i++)
        residual[i] = 1e-30;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        nqi_rows rows = nqi_batch_rows(batch, b, 0, 0);
        rows.rows = l->rows;
        b->family->steps->belief(b, &rows, mean, variance);
        if (b->family->steps->needs_residual && b->family->steps->needs_residual(b))
            residual_fill(l, b, &rows, mean, residual);
        block_costs(l, b, &rows, k, mean, variance);
    }
    fill_between(l->ladder, k + 1);
    scores_fill(l, batch, k);
}

/* How far beliefs are wrong: of steps to x_0 a difference, as costs are logs of densities; of
 * others a factor. */
static double correction(const looking *l, size_t s, size_t t)
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

static nq_status correct(const looking *l)
{
    nqi_ladder *ladder = l->ladder;
    const int fixed = l->process->first_learned > 1;
    double *costs = malloc(l->count * (l->count + 1) / 2 * sizeof *costs), *at = costs;
    if (!costs)
        return nqi_fail_memory(l->context, "costs of steps", l->count * l->count);
    for (size_t t = 1; t <= l->count; t++)
        for (size_t s = 0; s < t; s++) {
            const double own = *nqi_ladder_cost(ladder, s, t), by = correction(l, s, t);
            *at++ = s ? own * by : fixed ? 0 : own + by;
        }
    free(ladder->cost);
    ladder->cost = costs;
    return NQ_OK;
}

/* Into an empty ladder. */
static nq_status measure(nqi_ladder *out, nq_context *context, const nq_model *model,
                         const nq_dataset *data)
{
    const nqi_process *process = &model->process;
    const size_t width = !nqi_model_needs_residual(model) ? 0
                         : model->picture.channels        ? 1
                                                          : process->dim;
    const double times =
        fmax((double)COSTS / KNOTS / GROUP / (double)process->laws, (double)TIMES_LEAST);
    nq_status status =
        nqi_ladder_of(out, context, process->schedule.steps, (size_t)fmin(times, 1e6), width);
    if (status)
        return status;
    const double pairs = (double)out->count * KNOTS;
    looking l = {.context = context,
                 .model = model,
                 .data = data,
                 .process = process,
                 .time = out->time,
                 .count = out->count,
                 .rows = whole_groups(COSTS / pairs / (double)process->laws, data),
                 .seed = 1,
                 .ladder = out};
    if (!(status = looking_new(&l)))
        nqi_pool_run(context->pool, out->count, measure_time, &l);
    if (!status)
        status = correct(&l);
    looking_free(&l);
    for (size_t j = 0; j < out->count * (out->count + 1) / 2 && !status; j++)
        if (!isfinite(out->cost[j]))
            status = nqi_fail(context, NQ_ERROR_DIVERGED,
                              "what longer steps cost is not finite: the model does not fit this "
                              "data");
    if (status)
        nqi_ladder_free(out);
    return status;
}

static void judge_time(void *state, size_t k, int thread)
{
    const looking *l = state;
    nqi_batch *batch = &l->batches[thread];
    const nqi_process *process = l->process;
    double sum = 0;
    if (l->time[k] < process->first_learned)
        return;
    look(l, batch, k, 0);
    for (size_t r = 0; r < l->rows; r++) {
        sum += (double)batch->kl[r];
        if (l->time[k] == 1)
            sum += nqi_process_entropy_first(process, batch->x_0 + r, batch->tape.ld);
    }
    l->cost[k] = sum / (double)l->rows;
}

/* Of a chain whose steps were not all looked at: between two that were, the log of the cost of one
 * is linear. */
static double whole_cost(const looking *l)
{
    double sum = l->cost[0];
    for (size_t k = 1; k < l->count; k++) {
        const double low = l->cost[k - 1], high = l->cost[k];
        const double between = l->time[k] - l->time[k - 1];
        const int smooth = k > 1 && low > 0 && high > 0;
        for (double j = 1; j <= between; j++)
            sum += smooth ? exp(((between - j) * log(low) + j * log(high)) / between) : high;
    }
    return sum;
}

/* What K of a chain holds of divergences, on rows and noise that did not choose it. */
static nq_status judge(double *out, nq_context *context, const nq_model *model,
                       const nq_dataset *data)
{
    const size_t steps = nq_model_steps(model), count = steps < ASKED ? steps : ASKED;
    uint32_t time[ASKED];
    for (size_t k = 0; k < count; k++)
        time[k] = 1 + (uint32_t)(count < 2 ? 0 : k * (steps - 1) / (count - 1));
    looking l = {.context = context,
                 .model = model,
                 .data = data,
                 .process = &model->process,
                 .time = time,
                 .count = count,
                 .rows = whole_groups(JUDGED / (double)model->process.outputs, data),
                 .seed = 2};
    const nq_status status = looking_new(&l);
    if (!status)
        nqi_pool_run(context->pool, l.count, judge_time, &l);
    *out = status ? 0 : whole_cost(&l);
    looking_free(&l);
    return status;
}

/* Columns that vary; one of a table may have several numbers. */
static size_t columns_of(const nq_model *model)
{
    const nqi_scaling *scaling = &model->scaling;
    size_t count = scaling->active;
    for (size_t i = 1; scaling->coding && i < scaling->active; i++)
        for (size_t j = 0; j < i; j++)
            if (scaling->active_index[j] == scaling->active_index[i]) {
                count--;
                break;
            }
    return count;
}

/* What K of the best chain of so many steps is found to lose, nats a row. */
static nq_status lost_by(double *out, nq_context *context, const nq_model *model, size_t steps,
                         double all, const nq_dataset *data)
{
    nq_model *made;
    nq_status status = nq_model_shorten(&made, context, model, steps);
    if (status)
        return status;
    status = judge(out, context, made, data);
    *out -= all;
    nq_model_free(made);
    return status;
}

/* The first guess is by the ladder's own costs; without one, few. */
static nq_status guess(size_t *out, nq_context *context, const nq_model *model, double most)
{
    uint32_t time[NQI_LADDER_MOST + 1];
    const nqi_ladder *ladder = &model->ladder;
    double full, cost;
    nq_status status = NQ_OK;
    *out = FEW;
    if (!ladder->count)
        return NQ_OK;
    status = nqi_ladder_times(time, &full, context, ladder, &model->process, ladder->count);
    for (*out = model->process.first_learned; !status && *out < ladder->count; (*out)++)
        if ((status = nqi_ladder_times(time, &cost, context, ladder, &model->process, *out)) ||
            cost - full <= most)
            break;
    return status;
}

/* Few steps whose best chain is found to lose little: all are taken where none is. */
static nq_status fewest(size_t *out, nq_context *context, const nq_model *model,
                        const nq_dataset *data)
{
    const double most = lost_most / bits_per_nat * (double)columns_of(model);
    size_t steps;
    double all, lost;
    nq_status status = judge(&all, context, model, data);
    *out = nq_model_steps(model);
    if (status || (status = guess(&steps, context, model, most)))
        return status;
    while (steps < nq_model_steps(model)) {
        if ((status = lost_by(&lost, context, model, steps, all, data)) || lost <= most) {
            *out = steps;
            break;
        }
        steps += steps / 4 + 1;
    }
    return status;
}

/* Of levels alone evenly spaced times are as good as any (docs/likelihood.md). */
nq_status nqi_steps_measure(nq_model *model, nq_context *context, const nq_dataset *data,
                            const nq_dataset *valid)
{
    nqi_ladder ladder = {0};
    size_t usual = 0;
    nq_status status =
        nqi_process_is_density(&model->process) ? measure(&ladder, context, model, data) : NQ_OK;
    if (status)
        return status;
    nqi_ladder_free(&model->ladder);
    model->ladder = ladder;
    nqi_model_take_ladder(model);
    /* with measured variances samples lose more than K does (test_missing): only if asked for */
    if (!nqi_model_needs_residual(model))
        status = fewest(&usual, context, model, valid ? valid : data);
    model->usual_steps = status ? 0 : usual;
    return status;
}

nq_status nq_model_measure_steps(nq_model *model, nq_context *context, const nq_dataset *data,
                                 const nq_dataset *valid)
{
    nqi_usable usable = {0}, judged = {0};
    nq_status status = model->trained ? nqi_fail(context, NQ_ERROR_ARGUMENT,
                                                 "a model with fewer steps than were trained is "
                                                 "not measured: expected the trained one")
                                      : NQ_OK;
    if (!status)
        status = nqi_usable_find_given(&usable, context, model, data, NULL);
    if (!status && valid)
        status = nqi_usable_find_given(&judged, context, model, valid, NULL);
    if (!status && (!usable.rows || (valid && !judged.rows)))
        status = nqi_fail(context, NQ_ERROR_SHAPE,
                          "no row is possible to the model: expected some to measure steps by");
    if (!status)
        status = nqi_steps_measure(model, context, usable.data, valid ? judged.data : NULL);
    nqi_usable_free(&usable);
    nqi_usable_free(&judged);
    return status;
}
