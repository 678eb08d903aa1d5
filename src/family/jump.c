/* jump.c - what a step of any length costs of a level that is believed to be drawn from a law. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* With j = x_t and w_k = q(j|k) lost pi_k, q(k | j, i) is w_k / Z_i but for k = i, where it is
 * u_i / Z_i, u_i = w_i + before q(j|i); Z_i = q_t(j|i). So the entropy of each is the same sum but
 * for one term, and the cost H(p) - sum_i rho_i H(q(. | j, i)) is of order `levels`. */
#include "family/jump.h"

#include "family/family.h"

static double entropy(const nqi_real *rho, size_t stride, size_t levels)
{
    double sum = 0;
    for (size_t k = 0; k < levels; k++)
        sum -= nqi_xlogx((double)rho[k * stride]);
    return sum;
}

double nqi_jump_levels(const nqi_jump *jump, const double *pi, const nqi_real *rho, size_t stride,
                       size_t levels, size_t now)
{
    if (!(jump->lost > 0))
        return entropy(rho, stride, levels);
    const double other = jump->forget * pi[now], own = jump->keep + other; /* Z_i, and of i = j */
    double shared = 0, mixed = 0, inside = 0, all = 0;
    for (size_t i = 0; i < levels; i++)
        all += (double)rho[i * stride] / (i == now ? own : other);
    for (size_t k = 0; k < levels; k++) {
        const double to_now = jump->beta * pi[now] + (k == now ? jump->alpha : 0);
        shared += nqi_xlogx(to_now * jump->lost * pi[k]);
    }
    for (size_t i = 0; i < levels; i++) {
        const double part = (double)rho[i * stride], z = i == now ? own : other;
        const double to_now = jump->beta * pi[now] + (i == now ? jump->alpha : 0);
        const double w = to_now * jump->lost * pi[i];
        mixed -= nqi_xlogx(to_now * jump->before * part / z + w * all);
        if (part > 0)
            inside += part * (log(z) -
                              (shared - nqi_xlogx(w) + nqi_xlogx(w + jump->before * to_now)) / z);
    }
    return fmax(mixed - inside, 0);
}
