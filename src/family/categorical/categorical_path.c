/* categorical_path.c - trajectories of levels: a forward step, and log p - log q of a step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/categorical/categorical.h"

static void forward_step(const nqi_block *block, const nqi_rows *rows, double *after,
                         const double *before)
{
    const uint32_t kept = nqi_categorical_kept(1 - block->schedule.beta[rows->t - 1]);
    for (size_t j = 0; j < block->count * rows->ld; j++)
        after[j] = (double)nqi_categorical_draw(block, j / rows->ld, nqi_bits_of(rows->noise)[j],
                                                kept, nqi_level_of(before[j], block->levels));
}

/* log p(to | now) - log q(now | to): the step's own q cancels, and what is left is
 * pi_to (before g_to + lost) / (pi_now (keep g_now + forget)), g the odds against pi. */
static double learned_ratio(const nqi_block *block, const nqi_rows *rows, size_t i, size_t row,
                            size_t to, size_t now)
{
    const nq_schedule *s = &block->schedule;
    const double *pi = nqi_categorical_pi(block, i);
    const size_t t = rows->t;
    const nqi_level_odds odds = nqi_level_odds_of(block, i, rows, row);
    const double up = nqi_level_log_odds(&odds, to);
    const double before =
        t > 1 ? log(s->alpha_bar[t - 2] * exp(up) + s->one_minus_alpha_bar[t - 2]) : up;
    const double all =
        s->alpha_bar[t - 1] * exp(nqi_level_log_odds(&odds, now)) + s->one_minus_alpha_bar[t - 1];
    return log(pi[to]) + before - log(pi[now]) - log(all);
}

static void log_ratio(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                      double *log_w, const double *before, const double *after)
{
    for (size_t i = first; i < first + count; i++)
        for (size_t r = 0; r < rows->ld; r++) {
            const double *pi = nqi_categorical_pi(block, i);
            const size_t to = nqi_level_of(before[i * rows->ld + r], block->levels);
            const size_t now = nqi_level_of(after[i * rows->ld + r], block->levels);
            log_w[r] += rows->t >= block->first_learned
                            ? learned_ratio(block, rows, i, r, to, now)
                            : log(pi[to]) - log(pi[now]);
        }
}

const nqi_paths nqi_categorical_paths = {.forward_step = forward_step, .log_ratio = log_ratio};
