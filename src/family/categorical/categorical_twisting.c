/* categorical_twisting.c - levels under evidence: a law for each cell, multiplied by weights. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/categorical/categorical.h"
#include "family/normal.h"

static void prior(const nqi_block *block, nqi_proposal *p)
{
    for (size_t i = 0; i < block->count; i++) {
        const double *pi = nqi_categorical_pi(block, i);
        size_t most = 0;
        for (size_t k = 0; k < block->levels; k++) {
            most = pi[k] > pi[most] ? k : most;
            for (size_t r = 0; r < p->rows; r++) {
                p->mean[(i * block->levels + k) * p->rows + r] = pi[k];
                p->variance[(i * block->levels + k) * p->rows + r] = 1;
            }
        }
        for (size_t r = 0; r < p->rows; r++)
            p->x[i * p->rows + r] = (nqi_real)most;
    }
}

/* law[k rows], which sums to 1 but for rounding. */
static size_t draw_level(const double *law, size_t rows, size_t levels, uint32_t bits)
{
    double sum = 0, below = 0;
    size_t k = 0;
    for (size_t l = 0; l < levels; l++)
        sum += law[l * rows];
    const double u = ((double)bits + 0.5) * 0x1p-32 * sum;
    while (k + 1 < levels && (below += law[k * rows]) <= u)
        k++;
    return k;
}

static void draw_from(const nqi_block *block, nqi_proposal *p, const nqi_real *noise)
{
    for (size_t j = 0; j < block->count * p->rows; j++) {
        const double *law = p->mean + j / p->rows * block->levels * p->rows + j % p->rows;
        p->x[j] = (nqi_real)draw_level(law, p->rows, block->levels, nqi_bits_of(noise)[j]);
    }
}

static void diffuse(const nqi_block *block, double keep, double forget, const double *from,
                    nqi_real *x, const nqi_real *noise, size_t rows)
{
    const uint32_t kept = nqi_categorical_kept(keep);
    (void)forget;
    for (size_t j = 0; j < block->count * rows; j++)
        if (!isnan(from[j]))
            x[j] = (nqi_real)nqi_categorical_draw(block, j / rows, nqi_bits_of(noise)[j], kept,
                                                  nqi_level_of(from[j], block->levels));
}

/* The twist of a cell at a level of the walk, from its weights r. */
typedef struct level_twist {
    const double *r; /* NULL: nothing is known */
    double keep;     /* informed: r_t = keep r + rest */
    double rest;
    double power; /* else r_t = r^power, where 0^0 = 0 */
} level_twist;

static level_twist twist_of(const nqi_block *block, const nqi_cells *cells, nqi_twist twist,
                            size_t level, size_t i, size_t target)
{
    const nq_schedule *s = &block->schedule;
    const double *r = cells->value + target * cells->stride + i * block->levels;
    level_twist out = {isnan(*r) ? NULL : r, 1, 0, 1};
    if (!out.r || level == 0 || twist == NQI_TWIST_CONSTANT)
        return out;
    if (twist == NQI_TWIST_ANNEALED) {
        out.power = nqi_annealing(s, level);
        return out;
    }
    out.keep = s->alpha_bar[level - 1];
    for (size_t k = 0; k < block->levels; k++)
        out.rest += s->one_minus_alpha_bar[level - 1] * nqi_categorical_pi(block, i)[k] * r[k];
    return out;
}

static double twist_at(const level_twist *twist, size_t k)
{
    const double r = twist->keep * twist->r[k] + twist->rest;
    return r > 0 && twist->power < 1 ? pow(r, twist->power) : r;
}

/* law[k rows] times the twist, normalised; the log of its sum. Where that is nothing the law stays.
 */
static double multiply_law(double *law, size_t rows, size_t levels, const level_twist *twist)
{
    double sum = 0;
    for (size_t k = 0; k < levels; k++)
        sum += law[k * rows] * twist_at(twist, k);
    for (size_t k = 0; sum > 0 && k < levels; k++)
        law[k * rows] *= twist_at(twist, k) / sum;
    return log(sum);
}

static void multiply(const nqi_block *block, const nqi_cells *cells, nqi_twist twist,
                     size_t level, nqi_proposal *p, double *log_weight)
{
    level_twist own = {0};
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < p->rows; r++) {
            if (r == 0 || cells->target[r] != cells->target[r - 1])
                own = twist_of(block, cells, twist, level, i, cells->target[r]);
            if (own.r)
                log_weight[r] += multiply_law(p->mean + i * block->levels * p->rows + r, p->rows,
                                              block->levels, &own);
        }
}

static void untwist(const nqi_block *block, const nqi_cells *cells, nqi_twist twist, size_t level,
                    const nqi_proposal *p, double *log_weight)
{
    level_twist own = {0};
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < p->rows; r++) {
            if (r == 0 || cells->target[r] != cells->target[r - 1])
                own = twist_of(block, cells, twist, level, i, cells->target[r]);
            if (own.r)
                log_weight[r] -= log(twist_at(&own, nqi_level_at(block, p->x[i * p->rows + r])));
        }
}

static double log_law(const nqi_block *block, const nqi_proposal *p, size_t i, size_t row)
{
    const size_t level = nqi_level_at(block, p->x[i * p->rows + row]);
    return log(p->mean[(i * block->levels + level) * p->rows + row]);
}

static void back(const nqi_block *block, const nqi_rows *rows, const double *slope,
                 double *x_slope)
{
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < rows->rows; r++) {
            for (size_t k = 0; k < block->levels; k++)
                rows->output_gradient[(k * block->count + i) * rows->ld + r] =
                    (nqi_real)slope[(i * block->levels + k) * rows->ld + r];
            x_slope[i * rows->ld + r] = 0;
        }
}

/* sum_i rho_i q(x_{t-1} = k | x_t, x_0 = i), in as many steps as there are levels. */
static void step(const nqi_block *block, size_t t, double x_t, size_t number,
                 const double *belief, size_t belief_stride, double *law, size_t law_stride)
{
    const nq_schedule *s = &block->schedule;
    const double *pi = nqi_categorical_pi(block, number);
    const double before = t > 1 ? s->alpha_bar[t - 2] : 1;
    const double lost = t > 1 ? s->one_minus_alpha_bar[t - 2] : 0;
    const size_t now = nqi_level_of(x_t, block->levels);
    double all = 0;
    for (size_t k = 0; k < block->levels; k++)
        all += belief[k * belief_stride] /
               nqi_level_law(s->alpha_bar[t - 1], s->one_minus_alpha_bar[t - 1], pi, k, now);
    for (size_t k = 0; k < block->levels; k++) {
        const double own =
            belief[k * belief_stride] /
            nqi_level_law(s->alpha_bar[t - 1], s->one_minus_alpha_bar[t - 1], pi, k, now);
        law[k * law_stride] = nqi_level_law(1 - s->beta[t - 1], s->beta[t - 1], pi, k, now) *
                              (before * own + lost * pi[k] * all);
    }
}

const nqi_twisting nqi_categorical_twisting = {.noise = NQI_NOISE_LEVELS,
                                               .prior = prior,
                                               .draw_from = draw_from,
                                               .diffuse = diffuse,
                                               .multiply = multiply,
                                               .untwist = untwist,
                                               .log_law = log_law,
                                               .ahead = {.back = back, .step = step}};
