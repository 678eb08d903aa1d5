/* custom.c - the caller's own log r(x_0), at level t and with its gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "evidence/kind.h"

nq_status nq_evidence_custom(nq_evidence **out, nq_context *context, const nq_model *model,
                             nq_log_evidence function, void *user, int has_gradient,
                             size_t targets)
{
    *out = NULL;
    if (model->scaling.coding)
        return nqi_fail(
            context, NQ_ERROR_UNSUPPORTED,
            "evidence by a function of the row is for models of one kernel; this one is mixed: "
            "expected known cells or weights of levels");
    for (size_t k = 0; k < model->process.block_count; k++)
        if (!model->process.blocks[k].family->twisting->tilt)
            return nqi_fail(
                context, NQ_ERROR_UNSUPPORTED,
                "evidence by a function of the row is for columns of numbers and bits; "
                "this model has %s ones",
                model->process.blocks[k].family->name);
    const nq_status status = nqi_evidence_new(out, context, &nqi_evidence_custom, model, targets);
    if (status)
        return status;
    (*out)->function = function;
    (*out)->user = user;
    (*out)->has_gradient = has_gradient;
    return NQ_OK;
}

static double ask(const nq_evidence *part, size_t target, const double *row, double *slope)
{
    const double value = part->function(part->user, target, row, slope);
    return value < INFINITY ? value : NAN; /* +infinity is no density */
}

/* log r of the row with column c set to x. */
static double ask_at(const nq_evidence *part, size_t target, double *row, size_t c, double x)
{
    const double kept = row[c];
    row[c] = x;
    const double value = ask(part, target, row, NULL);
    row[c] = kept;
    return value;
}

/* Differences over a thousandth of a deviation either way; of two values, from one to the other. */
static double difference(const nq_evidence *part, size_t target, double *row, size_t c)
{
    const double *pair = nqi_model_family(part->model, c)->twisting->pair;
    if (pair) {
        const double high = ask_at(part, target, row, c, pair[1]);
        const double low = ask_at(part, target, row, c, pair[0]);
        return high == low ? 0 : (high - low) / (pair[1] - pair[0]); /* -inf - -inf: neither */
    }
    const double step = 1e-3 * part->model->scaling.deviation[c];
    const double above = row[c] + step, below = row[c] - step;
    const double width = above - below;
    if (!(width > 0))
        return 0;
    const double high = ask_at(part, target, row, c, above);
    const double low = ask_at(part, target, row, c, below);
    return high == low ? 0 : (high - low) / width;
}

/* What x_t counts at the point at which number i is asked about. Informed: r at E[x_0 | x_t] under
 * pi; what has two values must keep to them. */
static double signal_of(const nqi_process *process, nqi_twist twist, size_t t, size_t i)
{
    const int moves = t > 0 && twist == NQI_TWIST_INFORMED &&
                      !nqi_process_block(process, i)->family->twisting->pair;
    return moves ? sqrt(process->schedule.alpha_bar[t - 1]) : 1;
}

/* That point, in the data's units. */
static void point_load(const nq_model *model, nqi_twist twist, size_t t, const nqi_real *x,
                       size_t stride, double *row)
{
    const nqi_scaling *scaling = &model->scaling;
    for (size_t c = 0; c < scaling->columns; c++)
        row[c] = scaling->mean[c];
    for (size_t i = 0; i < scaling->active; i++) {
        const size_t c = scaling->active_index[i];
        row[c] = signal_of(&model->process, twist, t, i) * (double)x[i * stride] *
                     scaling->deviation[c] +
                 scaling->mean[c];
    }
}

/* Tempered, where the point is not x_0 yet. */
static double power_of(const nqi_process *process, nqi_twist twist, size_t t)
{
    const double steps = (double)process->schedule.steps;
    return twist == NQI_TWIST_CONSTANT ? 1 : (steps - (double)t) / steps;
}

/* What a thread asks with. */
typedef struct custom_scratch {
    double *row, *slope; /* [columns] */
    nqi_real *base;      /* [dim][rows] where the gradient is asked for */
    double *gradient;    /* [dim][rows] of one leaf */
    double *sum;         /* [dim][rows] of all */
    double *value;       /* [rows] log r_t(x_t) that the weights hold */
    double *spare;       /* [rows] */
    nqi_arena arena;
} custom_scratch;

/* log r_t of a leaf at a scaled row x[i * stride], and when gradient is not NULL its gradient there
 * (of two values: the difference quotient), gradient[i * stride]. NaN where the caller's
 * function gave no usable number. */
static double custom_log(const nqi_twist_leaves *leaves, const nq_evidence *part, size_t t,
                         size_t target, const nqi_real *x, size_t stride, double *gradient)
{
    const nqi_process *process = &leaves->model->process;
    const nqi_scaling *scaling = &leaves->model->scaling;
    const custom_scratch *scratch = leaves->scratch;
    const nqi_twist twist = leaves->twist;
    const double power = power_of(process, twist, t);
    double *row = scratch->row, *slope = scratch->slope;
    for (size_t i = 0; power == 0 && gradient && i < scaling->active; i++)
        gradient[i * stride] = 0;
    if (power == 0)
        return 0;
    point_load(leaves->model, twist, t, x, stride, row);
    const double value = ask(part, target, row, gradient && part->has_gradient ? slope : NULL);
    for (size_t i = 0; gradient && i < scaling->active; i++) {
        const size_t c = scaling->active_index[i];
        const double each = part->has_gradient ? slope[c] : difference(part, target, row, c);
        gradient[i * stride] =
            power * signal_of(process, twist, t, i) * scaling->deviation[c] * each;
    }
    return power * value;
}

static nq_status custom_open(nqi_twist_leaves *leaves, nq_context *context, size_t rows)
{
    const size_t columns = leaves->model->scaling.columns;
    const size_t numbers = leaves->model->process.dim * rows;
    custom_scratch *s = leaves->scratch = calloc(1, sizeof *s);
    if (!s || nqi_arena_new(&s->arena, 2 * nqi_arena_need(columns, sizeof(double)) +
                                           nqi_arena_need(numbers, sizeof(nqi_real)) +
                                           2 * nqi_arena_need(numbers, sizeof(double)) +
                                           2 * nqi_arena_need(rows, sizeof(double))))
        return nqi_fail_memory(context, "custom evidence", numbers * 20);
    s->row = nqi_arena_take(&s->arena, columns, sizeof(double));
    s->slope = nqi_arena_take(&s->arena, columns, sizeof(double));
    s->base = nqi_arena_take(&s->arena, numbers, sizeof(nqi_real));
    s->gradient = nqi_arena_take(&s->arena, numbers, sizeof(double));
    s->sum = nqi_arena_take(&s->arena, numbers, sizeof(double));
    s->value = nqi_arena_take(&s->arena, rows, sizeof(double));
    s->spare = nqi_arena_take(&s->arena, rows, sizeof(double));
    return NQ_OK;
}

static void custom_close(nqi_twist_leaves *leaves)
{
    custom_scratch *s = leaves->scratch;
    if (s)
        nqi_arena_free(&s->arena);
    free(s);
}

static void custom_begin(nqi_twist_leaves *leaves, nqi_particles *particles)
{
    const custom_scratch *s = leaves->scratch;
    memset(s->value, 0, particles->walk->proposal.rows * sizeof *s->value);
}

/* The sum over the leaves, each where its family is asked. */
static void gradients(nqi_twist_leaves *leaves, const nqi_particles *particles, size_t level)
{
    const custom_scratch *s = leaves->scratch;
    const nqi_process *process = &leaves->model->process;
    const size_t rows = particles->walk->proposal.rows, numbers = process->dim * rows;
    for (size_t k = 0; k < process->block_count; k++) {
        const nqi_block *block = &process->blocks[k];
        const nqi_proposal proposal = nqi_walk_block(particles->walk, block);
        block->family->twisting->ask_at(block, &proposal, s->base + block->first * rows);
    }
    memset(s->sum, 0, numbers * sizeof *s->sum);
    for (size_t p = 0; p < leaves->count; p++) {
        for (size_t r = 0; r < rows; r++)
            custom_log(leaves, leaves->leaf[p], level, particles->target[r], s->base + r, rows,
                       s->gradient + r);
        for (size_t j = 0; j < numbers; j++)
            s->sum[j] += s->gradient[j];
    }
}

/* Of a belief, r is asked at its mean (of two values: at x_t), and tempered as it is there. */
static void custom_foresee(nqi_twist_leaves *leaves, nqi_particles *particles, size_t t)
{
    const custom_scratch *s = leaves->scratch;
    const nqi_process *process = &leaves->model->process;
    const size_t rows = particles->walk->proposal.rows;
    gradients(leaves, particles, t);
    for (size_t r = 0; r < rows; r++)
        for (size_t p = 0; p < leaves->count; p++)
            particles->log_weight[r] += custom_log(leaves, leaves->leaf[p], t,
                                                   particles->target[r], s->base + r, rows, NULL);
    for (size_t r = 0; r < rows; r++)
        if (isnan(particles->log_weight[r]))
            nqi_particles_blame(particles, r);
    for (size_t k = 0; k < process->block_count; k++) {
        const nqi_block *block = &process->blocks[k];
        nqi_proposal p = nqi_walk_block(particles->walk, block);
        block->family->twisting->tilt(block, &p, s->sum + block->first * rows);
        for (size_t j = 0; j < block->count * rows; j++) {
            const double odds = p.mean[j] / (1 - p.mean[j]) * exp(p.tilt[j]);
            if (p.tilt[j] != 0)
                p.mean[j] =
                    block->family->twisting->pair ? odds / (1 + odds) : p.mean[j] + p.tilt[j];
            p.tilt[j] = 0;
        }
    }
}

/* To first order. */
static void custom_condition(nqi_twist_leaves *leaves, nqi_particles *particles, size_t level)
{
    const custom_scratch *s = leaves->scratch;
    const nqi_process *process = &leaves->model->process;
    const size_t rows = particles->walk->proposal.rows;
    gradients(leaves, particles, level);
    for (size_t j = 0; j < process->dim * rows; j++)
        if (isnan(s->sum[j]))
            nqi_particles_blame(particles, j % rows);
    for (size_t k = 0; k < process->block_count; k++) {
        const nqi_block *block = &process->blocks[k];
        nqi_proposal proposal = nqi_walk_block(particles->walk, block);
        block->family->twisting->tilt(block, &proposal, s->sum + block->first * rows);
    }
}

static void custom_resample(nqi_twist_leaves *leaves, nqi_particles *particles, size_t first,
                            const size_t *ancestor, size_t count)
{
    const custom_scratch *s = leaves->scratch;
    const nqi_proposal *proposal = &particles->walk->proposal;
    for (size_t i = 0; i < leaves->model->process.dim; i++)
        nqi_particles_move(proposal->tilt + i * proposal->rows + first, ancestor, count,
                           s->spare);
    nqi_particles_move(s->value + first, ancestor, count, s->spare);
}

/* Weights hold r_t(x_t) while rows are resampled, so that it counts there; its place is now taken
 * by the value at the new level. */
static void custom_settle(nqi_twist_leaves *leaves, nqi_particles *particles, size_t level)
{
    const custom_scratch *s = leaves->scratch;
    const nqi_process *process = &leaves->model->process;
    const nqi_proposal *all = &particles->walk->proposal;
    for (size_t r = 0; r < all->rows; r++) {
        double value = 0, cost = 0;
        for (size_t p = 0; p < leaves->count; p++)
            value += custom_log(leaves, leaves->leaf[p], level, particles->target[r], all->x + r,
                                all->rows, NULL);
        for (size_t k = 0; k < process->block_count; k++) {
            const nqi_block *block = &process->blocks[k];
            const nqi_proposal proposal = nqi_walk_block(particles->walk, block);
            cost += block->family->twisting->tilt_cost(block, &proposal, r);
        }
        if (isnan(value))
            nqi_particles_blame(particles, r);
        particles->log_weight[r] +=
            particles->log_weight[r] > -INFINITY ? value - s->value[r] + cost : 0;
        s->value[r] = value;
    }
}

const nqi_evidence_kind nqi_evidence_custom = {.name = "custom",
                                               .open = custom_open,
                                               .close = custom_close,
                                               .begin = custom_begin,
                                               .condition = custom_condition,
                                               .foresee = custom_foresee,
                                               .is_open = 1,
                                               .resample = custom_resample,
                                               .settle = custom_settle};
