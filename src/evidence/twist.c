/* twist.c - what evidence on one coordinate is worth at level t, and its products. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "evidence/evidence.h"

static const double log_two_pi = 1.83787706640934548356;

static double annealing(const nq_schedule *schedule, size_t t)
{
    return (double)(schedule->steps - t) / (double)schedule->steps;
}

/* N(y; x, v)^kappa = e^log_scale N(y; x, v / kappa). */
static nqi_factor factor_power(double variance, double kappa)
{
    if (kappa == 0)
        return (nqi_factor){.flat = 1};
    const double normal = log_two_pi + log(variance);
    return (nqi_factor){.signal = 1,
                        .variance = variance / kappa,
                        .log_scale = 0.5 * ((1 - kappa) * normal - log(kappa))};
}

nqi_factor nqi_factor_at(nqi_twist twist, const nq_schedule *schedule, size_t t, double variance)
{
    if (t > 0 && twist == NQI_TWIST_INFORMED)
        return (nqi_factor){.signal = sqrt(schedule->alpha_bar[t - 1]),
                            .variance = variance + schedule->one_minus_alpha_bar[t - 1]};
    if (t > 0 && twist == NQI_TWIST_ANNEALED && variance > 0)
        return factor_power(variance, annealing(schedule, t));
    return (nqi_factor){.signal = 1, .variance = variance};
}

static double log_normal(double gap, double variance)
{
    return -0.5 * (log_two_pi + log(variance) + gap * gap / variance);
}

double nqi_factor_multiply(double *mean, double *variance, const nqi_factor *factor, double y)
{
    if (factor->flat)
        return 0;
    const double gap = y - factor->signal * *mean;
    const double total = factor->variance + factor->signal * factor->signal * *variance;
    if (total == 0) /* two exact statements on one coordinate */
        return gap == 0 ? 0 : -INFINITY;
    if (factor->variance == 0)
        *mean = y / factor->signal;
    else
        *mean += *variance * factor->signal * gap / total;
    *variance *= factor->variance / total;
    return factor->log_scale + log_normal(gap, total);
}

double nqi_factor_log(const nqi_factor *factor, double y, double x)
{
    return factor->flat
               ? 0
               : factor->log_scale + log_normal(y - factor->signal * x, factor->variance);
}

/* 0 log 0 = 0 */
static double power_log(double kappa, double d)
{
    return kappa == 0 ? 0 : kappa * log(d);
}

nqi_bit_factor nqi_bit_factor_at(nqi_twist twist, const nq_schedule *schedule, size_t t, double d,
                                 double m)
{
    if (t > 0 && twist == NQI_TWIST_INFORMED) {
        const double keep = schedule->alpha_bar[t - 1];
        const double forget = schedule->one_minus_alpha_bar[t - 1];
        const double mean = forget * (m * d + (1 - m) * (1 - d));
        return (nqi_bit_factor){log(keep * (1 - d) + mean), log(keep * d + mean)};
    }
    const double kappa =
        t > 0 && twist == NQI_TWIST_ANNEALED && d > 0 && d < 1 ? annealing(schedule, t) : 1;
    return (nqi_bit_factor){power_log(kappa, 1 - d), power_log(kappa, d)};
}

double nqi_bit_factor_multiply(double *one, const nqi_bit_factor *factor)
{
    const double most = fmax(factor->log_zero, factor->log_one);
    const double weight_1 = *one * exp(factor->log_one - most);
    const double weight_0 = (1 - *one) * exp(factor->log_zero - most);
    *one = weight_1 / (weight_1 + weight_0);
    return most + log(weight_1 + weight_0);
}
