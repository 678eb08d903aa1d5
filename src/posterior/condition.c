/* condition.c - multiplies the reverse step by the twist of the next level, exactly for
 * cells and linear evidence, to first order for custom evidence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "posterior/posterior.h"

/* A first-order mean may leave the region in which first order means anything; what is cut off
 * here only costs weight. In standard deviations, and in logits. */
static const double furthest_tilt = 3, furthest_logit = 10;

static int is_of_bits(const nqi_walk *walk)
{
    return !walk->job->model->process.family->is_density;
}

/* Either multiplies the moments (level of the next x), or takes log r_t(x_t) off. */
static void normal_cells(nqi_walk *walk, const nq_evidence *part, size_t level, int untwist)
{
    const nqi_process *process = &walk->job->model->process;
    for (size_t i = 0; i < process->dim; i++) {
        const nqi_factor factor =
            nqi_factor_at(walk->job->twist, &process->schedule, level, part->variance[i]);
        for (size_t r = 0; r < walk->rows; r++) {
            const double y = part->value[walk->target[r] * process->dim + i];
            const size_t j = i * walk->rows + r;
            if (isnan(y))
                continue;
            walk->log_weight[r] +=
                untwist ? -nqi_factor_log(&factor, y, (double)walk->x[j])
                        : nqi_factor_multiply(&walk->mean[j], &walk->variance[j], &factor, y);
        }
    }
}

static void bit_cells(nqi_walk *walk, const nq_evidence *part, size_t level, int untwist)
{
    const nqi_process *process = &walk->job->model->process;
    for (size_t i = 0; i < process->dim; i++) {
        nqi_bit_factor factor = {0, 0};
        for (size_t r = 0; r < walk->rows; r++) {
            const double d = part->value[walk->target[r] * process->dim + i];
            const size_t j = i * walk->rows + r;
            if (isnan(d))
                continue;
            if (r == 0 || walk->target[r] != walk->target[r - 1])
                factor = nqi_bit_factor_at(walk->job->twist, &process->schedule, level, d,
                                           process->activity[i]);
            if (untwist)
                walk->log_weight[r] -= walk->x[j] > 0 ? factor.log_one : factor.log_zero;
            else
                walk->log_weight[r] += nqi_bit_factor_multiply(&walk->mean[j], &factor);
        }
    }
}

static void cells(nqi_walk *walk, size_t level, int untwist)
{
    const nqi_evidence_list *list = &walk->job->list;
    for (size_t p = 0; p < list->cell_count; p++) {
        if (is_of_bits(walk))
            bit_cells(walk, list->cells[p], level, untwist);
        else
            normal_cells(walk, list->cells[p], level, untwist);
    }
}

void nqi_walk_condition(nqi_walk *walk, size_t level)
{
    nqi_posterior_job *job = walk->job;
    cells(walk, level, 0);
    if (job->list.custom_count)
        nqi_walk_custom_tilt(walk, level);
    nqi_linear_factor_set(&walk->linear, &job->list, job->twist, &job->model->process.schedule,
                          level, job->model->process.dim);
    if (!walk->linear.flat)
        nqi_walk_linear_condition(walk);
}

/* The linear factor is still the one that x_t was drawn with. */
void nqi_walk_untwist(nqi_walk *walk, size_t t)
{
    cells(walk, t, 1);
    if (!walk->linear.flat)
        nqi_walk_linear_untwist(walk);
}

/* Real numbers: at the mean of what the exact factors leave; bits: at x_t, which is a row of
 * bits. Sum over the parts, into gradient. */
static void gradients(nqi_walk *walk, size_t level)
{
    const nqi_posterior_job *job = walk->job;
    const size_t numbers = job->model->process.dim * walk->rows;
    for (size_t j = 0; j < numbers; j++)
        walk->base[j] = is_of_bits(walk) ? walk->x[j] : (nqi_real)walk->mean[j];
    memset(walk->tilt, 0, numbers * sizeof *walk->tilt);
    for (size_t p = 0; p < job->list.custom_count; p++) {
        for (size_t r = 0; r < walk->rows; r++)
            nqi_custom_log(job->list.custom[p], job->twist, level, walk->target[r],
                           walk->base + r, walk->rows, walk->gradient + r, walk->row,
                           walk->slope);
        for (size_t j = 0; j < numbers; j++)
            walk->tilt[j] += walk->gradient[j];
    }
}

static double clip(double x, double most)
{
    return fmax(-most, fmin(most, x));
}

static void blame(nqi_walk *walk, size_t r)
{
    if (walk->fault)
        return;
    walk->fault = walk->target[r] + 1;
    walk->undefined = 1;
}

void nqi_walk_custom_tilt(nqi_walk *walk, size_t level)
{
    gradients(walk, level);
    for (size_t j = 0; j < walk->job->model->process.dim * walk->rows; j++) {
        const double g = walk->tilt[j];
        if (isnan(g)) {
            blame(walk, j % walk->rows);
            walk->tilt[j] = 0;
        } else if (is_of_bits(walk)) {
            walk->tilt[j] = walk->mean[j] > 0 && walk->mean[j] < 1 ? clip(g, furthest_logit) : 0;
        } else if (walk->variance[j] == 0) {
            walk->tilt[j] = 0;
        } else {
            walk->tilt[j] = clip(walk->variance[j] * g, furthest_tilt * sqrt(walk->variance[j]));
        }
    }
}

/* log of (untilted density at x) / (tilted one). */
static double tilt_cost(const nqi_walk *walk, size_t j)
{
    const double tilt = walk->tilt[j], x = (double)walk->x[j];
    if (tilt == 0)
        return 0;
    if (is_of_bits(walk))
        return log1p(walk->mean[j] * expm1(tilt)) - (x > 0 ? tilt : 0);
    return tilt * (0.5 * tilt - (x - walk->mean[j])) / walk->variance[j];
}

/* Weights hold r_t(x_t) of custom evidence while rows are resampled, so that it counts there; its
 * place is now taken by the value at the new level. */
void nqi_walk_custom_settle(nqi_walk *walk, size_t level)
{
    const nqi_posterior_job *job = walk->job;
    const size_t dim = job->model->process.dim;
    for (size_t r = 0; r < walk->rows; r++) {
        double value = 0, cost = 0;
        for (size_t p = 0; p < job->list.custom_count; p++)
            value += nqi_custom_log(job->list.custom[p], job->twist, level, walk->target[r],
                                    walk->x + r, walk->rows, NULL, walk->row, walk->slope);
        for (size_t i = 0; i < dim; i++)
            cost += tilt_cost(walk, i * walk->rows + r);
        if (isnan(value))
            blame(walk, r);
        walk->log_weight[r] +=
            walk->log_weight[r] > -INFINITY ? value - walk->custom[r] + cost : 0;
        walk->custom[r] = value;
    }
}
