/* normal.c - normal factors at each level, their powers and products. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/normal.h"

static const double log_two_pi = 1.83787706640934548356;

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
        return factor_power(variance, nqi_annealing(schedule, t));
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
