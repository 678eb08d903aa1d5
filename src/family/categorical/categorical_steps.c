/* categorical_steps.c - levels on their way: corrupted, scored, drawn, and their laws. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/categorical/categorical.h"

size_t nqi_categorical_draw(const nqi_block *block, size_t i, uint32_t bits, uint32_t kept,
                            size_t from)
{
    const uint32_t *below = nqi_categorical_of(block)->below + i * block->levels;
    size_t low = 0, high = block->levels - 1;
    if (bits < kept)
        return from;
    while (low < high) { /* the least whose end is above the bits, or the last */
        const size_t middle = (low + high) / 2;
        if (bits < nqi_level_end(kept, below[middle]))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

nqi_level_odds nqi_level_odds_of(const nqi_block *block, size_t i, const nqi_rows *rows,
                                 size_t row)
{
    const double *pi = nqi_categorical_pi(block, i);
    nqi_level_odds odds = {rows->output + i * rows->ld + row, block->count * rows->ld, 0, 0};
    odds.most = (double)odds.z[0];
    for (size_t k = 1; k < block->levels; k++)
        odds.most = fmax(odds.most, (double)odds.z[k * odds.stride]);
    double sum = 0;
    for (size_t k = 0; k < block->levels; k++)
        sum += pi[k] * exp(nqi_level_log_odds(&odds, k));
    odds.log_sum = log(sum);
    return odds;
}

double nqi_level_log_odds(const nqi_level_odds *odds, size_t k)
{
    const double gap = (double)odds->z[k * odds->stride] - odds->most;
    return (gap < -NQI_LEVEL_LIMIT ? -NQI_LEVEL_LIMIT : gap) - odds->log_sum;
}

void nqi_categorical_posterior(double *law, const nqi_block *block, size_t i, size_t t,
                               size_t now, size_t truth)
{
    const nq_schedule *s = &block->schedule;
    const double *pi = nqi_categorical_pi(block, i);
    const double keep = t > 1 ? s->alpha_bar[t - 2] : 1;
    const double forget = t > 1 ? s->one_minus_alpha_bar[t - 2] : 0;
    const double reached =
        nqi_level_law(s->alpha_bar[t - 1], s->one_minus_alpha_bar[t - 1], pi, truth, now);
    for (size_t k = 0; k < block->levels; k++)
        law[k] = nqi_level_law(1 - s->beta[t - 1], s->beta[t - 1], pi, k, now) *
                 nqi_level_law(keep, forget, pi, truth, k) / reached;
}

static void draw(const nqi_block *block, const nqi_ops *ops, nqi_real *noise, size_t ld,
                 const nqi_stream *stream, size_t rows)
{
    ops->random.bits_rows((uint32_t *)(void *)noise, ld, stream, rows, block->count);
}

static void corrupt(const nqi_block *block, const nqi_rows *rows)
{
    const nqi_levels levels = nqi_categorical_levels(block, 0, rows->t);
    rows->ops->levels.corrupt(rows->x_t, rows->x_0, nqi_bits_of(rows->noise), &levels,
                              nqi_rows_extent(rows, block->count));
}

static void divergence(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                       nqi_real *kl, nqi_real weight)
{
    const nqi_levels levels = nqi_categorical_levels(block, first, rows->t);
    const size_t at = first * rows->ld;
    const nqi_slope slope = {rows->output_gradient ? rows->output_gradient + at : NULL, weight};
    const nqi_const_matrix z = {rows->output + at, block->count * rows->ld};
    rows->ops->levels.divergence(kl, slope, z, rows->x_0 + at, rows->x_t + at, &levels,
                                 nqi_rows_extent(rows, count));
}

static void start(const nqi_block *block, const nqi_rows *rows)
{
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++)
            rows->x_t[j] =
                (nqi_real)nqi_categorical_draw(block, i, nqi_bits_of(rows->noise)[j], 0, 0);
}

/* Where p(x_0|x_1) is not learned it is the forward kernel, T_pi(x_0|x_1; beta_1). */
static void reverse(const nqi_block *block, const nqi_rows *rows)
{
    const nqi_levels levels = nqi_categorical_levels(block, 0, rows->t);
    const nqi_const_matrix z = {rows->output, block->count * rows->ld};
    const nqi_extent size = nqi_rows_extent(rows, block->count);
    const uint32_t *bits = nqi_bits_of(rows->noise);
    if (rows->t < block->first_learned)
        rows->ops->levels.corrupt(rows->x_t, rows->x_t, bits, &levels, size);
    else
        rows->ops->levels.reverse(rows->x_t, rows->x_t, z, bits, &levels, size);
}

/* p(x_{t-1} = k | x_t = now) = q(now | k) pi_k (before g_k + lost) / D, g_k the odds against pi. */
static void learned_law(nqi_real *law, const nqi_block *block, const nqi_rows *rows, size_t i,
                        size_t row, size_t now)
{
    const nq_schedule *s = &block->schedule;
    const double *pi = nqi_categorical_pi(block, i), beta = s->beta[rows->t - 1];
    const double before = rows->t > 1 ? s->alpha_bar[rows->t - 2] : 1;
    const double lost = rows->t > 1 ? s->one_minus_alpha_bar[rows->t - 2] : 0;
    const nqi_level_odds odds = nqi_level_odds_of(block, i, rows, row);
    const double all = s->alpha_bar[rows->t - 1] * exp(nqi_level_log_odds(&odds, now)) +
                       s->one_minus_alpha_bar[rows->t - 1];
    for (size_t k = 0; k < block->levels; k++) {
        const double part = before * exp(nqi_level_log_odds(&odds, k)) + lost;
        const double to_now = beta + (k == now ? (1 - beta) / pi[now] : 0);
        law[k * rows->ld] = (nqi_real)(to_now * pi[k] * part / all);
    }
}

static void moments(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                    nqi_real *variance)
{
    const double beta = block->schedule.beta[0];
    (void)variance;
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < rows->rows; r++) {
            nqi_real *law = mean + i * block->levels * rows->ld + r;
            const size_t now = nqi_level_at(block, rows->x_t[i * rows->ld + r]);
            if (rows->t >= block->first_learned)
                learned_law(law, block, rows, i, r, now);
            for (size_t k = 0; rows->t < block->first_learned && k < block->levels; k++)
                law[k * rows->ld] =
                    (nqi_real)nqi_level_law(1 - beta, beta, nqi_categorical_pi(block, i), now, k);
        }
}

/* rho_k = pi_k g_k q_t(now | k) / (pi_now D), g_k the odds against pi. */
static void learned_belief(nqi_real *law, const nqi_block *block, const nqi_rows *rows, size_t i,
                           size_t row, size_t now)
{
    const double *pi = nqi_categorical_pi(block, i);
    const double keep = block->schedule.alpha_bar[rows->t - 1];
    const double forget = block->schedule.one_minus_alpha_bar[rows->t - 1];
    const nqi_level_odds odds = nqi_level_odds_of(block, i, rows, row);
    const double all = keep * exp(nqi_level_log_odds(&odds, now)) + forget;
    for (size_t k = 0; k < block->levels; k++) {
        const double to_now = forget + (k == now ? keep / pi[now] : 0);
        law[k * rows->ld] = (nqi_real)(pi[k] * exp(nqi_level_log_odds(&odds, k)) * to_now / all);
    }
}

static void belief(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                   nqi_real *variance)
{
    if (rows->t < block->first_learned) {
        moments(block, rows, mean, variance);
        return;
    }
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < rows->rows; r++)
            learned_belief(mean + i * block->levels * rows->ld + r, block, rows, i, r,
                           nqi_level_at(block, rows->x_t[i * rows->ld + r]));
}

static double jump_cost(const nqi_block *block, const nqi_jump *jump, size_t i,
                        const nqi_real *law, size_t stride, double variance, double x_t)
{
    (void)variance;
    return nqi_jump_levels(jump, nqi_categorical_pi(block, i), law, stride, block->levels,
                           nqi_level_of(x_t, block->levels));
}

/* 0 where the belief is that of pi and x_t alone. */
static void outputs(const nqi_block *block, const nqi_rows *rows, const nqi_real *mean,
                    const nqi_real *variance, nqi_real *output)
{
    const double keep = block->schedule.alpha_bar[rows->t - 1], least = 0x1p-26;
    const double forget = block->schedule.one_minus_alpha_bar[rows->t - 1];
    (void)variance;
    for (size_t j = 0; j < nqi_block_laws(block) * rows->rows; j++) {
        const size_t i = j / rows->rows / block->levels, k = j / rows->rows % block->levels;
        const size_t r = j % rows->rows;
        const double *pi = nqi_categorical_pi(block, i);
        const size_t now = nqi_level_at(block, rows->x_t[i * rows->ld + r]);
        const double belief = (double)mean[(i * block->levels + k) * rows->ld + r];
        const double usual = pi[k] * forget + (k == now ? keep : 0);
        output[(k * block->count + i) * rows->ld + r] =
            (nqi_real)(log(fmax(belief, least * usual)) - log(usual));
    }
}

static void said(const nqi_block *block, const nqi_rows *rows, nqi_real *value,
                 nqi_real *variance)
{
    const double keep = block->schedule.alpha_bar[rows->t - 1];
    const double forget = block->schedule.one_minus_alpha_bar[rows->t - 1];
    (void)variance;
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < rows->rows; r++) {
            const size_t now = nqi_level_at(block, rows->x_t[i * rows->ld + r]);
            const double fresh = forget * nqi_categorical_pi(block, i)[now];
            for (size_t k = 0; k < block->levels; k++)
                value[(i * block->levels + k) * rows->ld + r] =
                    (nqi_real)log(fresh + (k == now ? keep : 0));
        }
}

const nqi_steps nqi_categorical_steps = {.draw = draw,
                                         .corrupt = corrupt,
                                         .divergence = divergence,
                                         .start = start,
                                         .reverse = reverse,
                                         .outputs = outputs,
                                         .said = said,
                                         .moments = moments,
                                         .belief = belief,
                                         .jump_cost = jump_cost};
