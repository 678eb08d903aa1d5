/* gaussian_path.c - trajectories of real numbers: a forward step, and log p - log q of a step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/gaussian/gaussian.h"

static void forward_step(const nqi_block *block, const nqi_rows *rows, double *after,
                         const double *before)
{
    const double beta = block->schedule.beta[rows->t - 1];
    const double keep = sqrt(1 - beta), spread = sqrt(beta);
    for (size_t j = 0; j < block->count * rows->ld; j++)
        after[j] = keep * before[j] + spread * (double)rows->noise[j];
}

/* log pi(x_{t-1}) - log pi(x_t), the transition being reversible */
static void add_prior_ratio(double *log_w, const double *before, const double *after, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        log_w[r] += 0.5 * (after[r] - before[r]) * (after[r] + before[r]);
}

/* -log S of the model, and 1 / S: with e = exp(-(z_var + logit beta)) S = 1 / (1 + e), or S is that
 * of a belief. */
static double log_precision(const nqi_block *block, size_t t, double logit_beta, double z_var,
                            double *precision)
{
    if (nqi_gaussian_believes(block, t)) {
        const double variance = nqi_gaussian_belief_variance(block, t, z_var);
        *precision = 1 / variance;
        return -log(variance);
    }
    const double e = exp(-(z_var + logit_beta));
    *precision = 1 + e;
    return log1p(e);
}

/* Both errors are differences of float64 states whose leading digits agree. */
static void log_ratio(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                      double *log_w, const double *before, const double *after)
{
    const size_t ld = rows->ld, i_t = rows->t - 1;
    const nq_schedule *s = &block->schedule;
    const double beta = s->beta[i_t], keep = sqrt(1 - beta), log_beta = log(beta);
    const double logit_beta = beta < 1 ? log_beta - log1p(-beta) : 0; /* 1: of a belief alone */
    const double abar_before = i_t ? s->alpha_bar[i_t - 1] : 1;
    const int is_long = nqi_block_is_long(block, rows->t);
    const nqi_gaussian_tables *tables = nqi_gaussian_of(block);
    const double shift = tables->forward_form && !is_long
                             ? sqrt(beta)
                             : sqrt(abar_before) * beta / sqrt(s->one_minus_alpha_bar[i_t]) *
                                   (is_long ? (double)tables->step[i_t].gain : 1);
    for (size_t i = first; i < first + count; i++) {
        const double *now = before + i * ld, *next = after + i * ld;
        if (rows->t < block->first_learned) {
            add_prior_ratio(log_w, now, next, ld);
            continue;
        }
        const nqi_real *z = rows->output + i * ld;
        for (size_t r = 0; r < ld; r++) {
            double precision;
            const double log_p =
                log_precision(block, rows->t, logit_beta,
                              nqi_gaussian_z_var(block, rows, i, i * ld + r), &precision);
            const double error_p = now[r] - keep * next[r] - shift * (double)z[r];
            const double error_q = next[r] - keep * now[r];
            log_w[r] += 0.5 * (log_beta + log_p + error_q * error_q / beta -
                               error_p * error_p * precision);
        }
    }
}

const nqi_paths nqi_gaussian_paths = {.forward_step = forward_step, .log_ratio = log_ratio};
