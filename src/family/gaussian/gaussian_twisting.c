/* gaussian_twisting.c - real numbers under evidence: normal proposals, multiplied and tilted. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/gaussian/gaussian.h"
#include "family/normal.h"

/* A first-order mean may leave the region in which first order means anything; what is cut off
 * here only costs weight. In standard deviations. */
static const double furthest_tilt = 3;

static void prior(const nqi_block *block, nqi_proposal *p)
{
    for (size_t j = 0; j < block->count * p->rows; j++) {
        p->mean[j] = 0;
        p->variance[j] = 1;
        p->x[j] = 0;
    }
}

static void draw_from(const nqi_block *block, nqi_proposal *p, const nqi_real *noise)
{
    for (size_t j = 0; j < block->count * p->rows; j++)
        p->x[j] = (nqi_real)(p->mean[j] + p->tilt[j] + sqrt(p->variance[j]) * (double)noise[j]);
}

static void diffuse(const nqi_block *block, double keep, double forget, const double *from,
                    nqi_real *x, const nqi_real *noise, size_t rows)
{
    for (size_t j = 0; j < block->count * rows; j++)
        if (!isnan(from[j]))
            x[j] = (nqi_real)(sqrt(keep) * from[j] + sqrt(forget) * (double)noise[j]);
}

static void multiply(const nqi_block *block, const nqi_cells *cells, nqi_twist twist,
                     size_t level, nqi_proposal *p, double *log_weight)
{
    for (size_t i = 0; i < block->count; i++) {
        const nqi_factor factor =
            nqi_factor_at(twist, &block->schedule, level, cells->variance[i]);
        for (size_t r = 0; r < p->rows; r++) {
            const double y = cells->value[cells->target[r] * cells->stride + i];
            const size_t j = i * p->rows + r;
            if (!isnan(y))
                log_weight[r] += nqi_factor_multiply(&p->mean[j], &p->variance[j], &factor, y);
        }
    }
}

static void untwist(const nqi_block *block, const nqi_cells *cells, nqi_twist twist, size_t level,
                    const nqi_proposal *p, double *log_weight)
{
    for (size_t i = 0; i < block->count; i++) {
        const nqi_factor factor =
            nqi_factor_at(twist, &block->schedule, level, cells->variance[i]);
        for (size_t r = 0; r < p->rows; r++) {
            const double y = cells->value[cells->target[r] * cells->stride + i];
            if (!isnan(y))
                log_weight[r] += -nqi_factor_log(&factor, y, (double)p->x[i * p->rows + r]);
        }
    }
}

/* At the mean of what the exact factors leave. */
static void ask_at(const nqi_block *block, const nqi_proposal *p, nqi_real *at)
{
    for (size_t j = 0; j < block->count * p->rows; j++)
        at[j] = (nqi_real)p->mean[j];
}

static double clip(double x, double most)
{
    return fmax(-most, fmin(most, x));
}

static void tilt(const nqi_block *block, nqi_proposal *p, const double *gradient)
{
    for (size_t j = 0; j < block->count * p->rows; j++)
        p->tilt[j] =
            isnan(gradient[j]) || p->variance[j] == 0
                ? 0
                : clip(p->variance[j] * gradient[j], furthest_tilt * sqrt(p->variance[j]));
}

static double tilt_cost(const nqi_block *block, const nqi_proposal *p, size_t row)
{
    double sum = 0;
    for (size_t i = 0; i < block->count; i++) {
        const size_t j = i * p->rows + row;
        const double tilted = p->tilt[j], x = (double)p->x[j];
        sum += tilted == 0 ? 0 : tilted * (0.5 * tilted - (x - p->mean[j])) / p->variance[j];
    }
    return sum;
}

static double log_law(const nqi_block *block, const nqi_proposal *p, size_t i, size_t row)
{
    const size_t j = i * p->rows + row;
    const double gap = (double)p->x[j] - p->mean[j];
    (void)block;
    return -0.5 * (log(2 * acos(-1) * p->variance[j]) + gap * gap / p->variance[j]);
}

/* Where c_t^2 (1 - abar_t) is little beside v, an error of one per cent in a free Sigma would be
 * all that is left of it for V, which then is that of pi. */
static double hold(const nqi_block *block, size_t t, double variance)
{
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[t - 1];
    const double slope = (double)step->cs / (double)step->spread, least_told = 0.05, most = 4;
    const double complement = block->schedule.one_minus_alpha_bar[t - 1];
    if (nqi_gaussian_believes(block, t))
        return variance;
    return slope * slope * complement < least_told * exp((double)step->log_v)
               ? complement
               : fmin(variance, most * complement);
}

static void back(const nqi_block *block, const nqi_rows *rows, const double *slope,
                 double *x_slope)
{
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[rows->t - 1];
    const double gain = (double)step->spread * (double)step->gain;
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            rows->output_gradient[j] = (nqi_real)(gain * slope[j]);
            rows->output_gradient[block->count * rows->ld + j] = 0;
            x_slope[j] = (double)step->signal * slope[j];
        }
}

/* The forward posterior's mean at the believed x_0, and its variance with the belief's. */
static void step(const nqi_block *block, size_t t, double x_t, size_t number,
                 const double *belief, size_t belief_stride, double *law, size_t law_stride)
{
    const nqi_gaussian_step *s = &nqi_gaussian_of(block)->step[t - 1];
    const double slope = (double)s->cs / (double)s->spread;
    (void)number;
    law[0] = (double)s->root_alpha * x_t + slope * (belief[0] - (double)s->signal * x_t);
    law[law_stride] =
        (t > 1 ? exp(block->schedule.log_v[t - 1]) : 0) + slope * slope * belief[belief_stride];
}

const nqi_twisting nqi_gaussian_twisting = {.noise = NQI_NOISE_NORMAL,
                                            .is_normal = 1,
                                            .prior = prior,
                                            .draw_from = draw_from,
                                            .diffuse = diffuse,
                                            .multiply = multiply,
                                            .untwist = untwist,
                                            .ask_at = ask_at,
                                            .tilt = tilt,
                                            .tilt_cost = tilt_cost,
                                            .log_law = log_law,
                                            .ahead = {back, step, hold}};
