/* binomial_path.c - trajectories of bits: a forward step, and log p - log q of a step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/binomial/binomial.h"

static void forward_step(const nqi_block *block, const nqi_rows *rows, double *after,
                         const double *before)
{
    const size_t ld = rows->ld, t = rows->t;
    const uint32_t *bits = nqi_bits_of(rows->noise);
    const double beta = block->schedule.beta[t - 1];
    for (size_t i = 0; i < block->count; i++) {
        const double m = block->equilibrium[i];
        const double from_zero = 4294967296.0 * nqi_bit_law(1 - beta, beta, m, 0, 1);
        const double from_one = 4294967296.0 * nqi_bit_law(1 - beta, beta, m, 1, 1);
        for (size_t j = i * ld; j < (i + 1) * ld; j++)
            after[j] = (double)bits[j] < (before[j] > 0 ? from_one : from_zero) ? 1 : 0;
    }
}

/* p(x_{t-1} = 1 | x_t) is rho q1 + (1 - rho) q0, and 0 is alike with the complements. Per x_t and
 * x_{t-1}: both posteriors' probability of x_{t-1}, over q(x_t | x_{t-1}). */
typedef struct ratio_table {
    double logit[2], one[2][2], zero[2][2];
} ratio_table;

static ratio_table ratio_of(const nqi_block *block, size_t t, size_t i)
{
    ratio_table table;
    const nqi_binomial_step *step =
        nqi_binomial_at(block, t) + i * nqi_binomial_of(block)->stride;
    const double beta = block->schedule.beta[t - 1], m = block->equilibrium[i];
    for (int now = 0; now < 2; now++) {
        table.logit[now] = (double)step->logit_prior[now];
        for (int x_0 = 0; x_0 < 2; x_0++) {
            double p[2];
            nqi_binomial_posterior(&block->schedule, t, m, now, x_0, &p[1], &p[0]);
            for (int to = 0; to < 2; to++)
                (x_0 ? table.one : table.zero)[now][to] =
                    p[to] / nqi_bit_law(1 - beta, beta, m, to, now);
        }
    }
    return table;
}

/* A ratio is over 1e-40 and a product of a few is a normal number: one logarithm for them all. */
enum { RATIO_BITS = 4, RATIO_ROWS = 64 };

static void multiply_ratio(double *product, const ratio_table *table, const nqi_real *z,
                           const double *before, const double *after, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        const int now = after[r] > 0, to = before[r] > 0;
        const double logit = (double)z[r] + table->logit[now], size = fabs(logit);
        const double e = exp(-(size > NQI_LOGIT_LIMIT ? NQI_LOGIT_LIMIT : size));
        const double one = table->one[now][to], zero = table->zero[now][to];
        product[r] *= (logit < 0 ? e * one + zero : one + e * zero) / (1 + e);
    }
}

static void add_learned(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                        double *log_w, const double *before, const double *after)
{
    const size_t ld = rows->ld;
    for (size_t at = 0; at < ld; at += RATIO_ROWS) {
        double product[RATIO_ROWS];
        const size_t some = ld - at < RATIO_ROWS ? ld - at : RATIO_ROWS;
        for (size_t r = 0; r < some; r++)
            product[r] = 1;
        for (size_t i = first; i < first + count; i++) {
            const ratio_table table = ratio_of(block, rows->t, i);
            multiply_ratio(product, &table, rows->output + i * ld + at, before + i * ld + at,
                           after + i * ld + at, some);
            if ((i + 1) % RATIO_BITS && i + 1 < first + count)
                continue;
            for (size_t r = 0; r < some; r++) {
                log_w[at + r] += log(product[r]);
                product[r] = 1;
            }
        }
    }
}

static void log_ratio(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                      double *log_w, const double *before, const double *after)
{
    const size_t ld = rows->ld;
    if (rows->t >= block->first_learned) {
        add_learned(block, rows, first, count, log_w, before, after);
        return;
    }
    for (size_t i = first; i < first + count; i++) {
        const double logit = log(block->equilibrium[i]) - log1p(-block->equilibrium[i]);
        for (size_t r = 0; r < ld; r++)
            log_w[r] += logit * (before[i * ld + r] - after[i * ld + r]);
    }
}

const nqi_paths nqi_binomial_paths = {.forward_step = forward_step, .log_ratio = log_ratio};
