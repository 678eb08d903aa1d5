/* levels.c - a number's last reverse step onto the values that it may have; spikes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/warp/levels.h"

#include <math.h>

nqi_gauss_bin nqi_levels_bin(const double *level, size_t count, size_t k, double mean,
                             double deviation)
{
    const double low = k ? 0.5 * (level[k - 1] + level[k]) : -INFINITY;
    const double high = k + 1 < count ? 0.5 * (level[k] + level[k + 1]) : INFINITY;
    return nqi_gauss_bin_of(low, high, mean, deviation);
}

/* Squares are taken about x_1 and the largest term out: no exponent overflows. */
void nqi_levels_log_posterior(double *log_p, const double *level, const double *log_weight,
                              size_t count, double x_1, double beta_1)
{
    double most = -INFINITY, sum = 0;
    for (size_t k = 0; k < count; k++) {
        const double gap = x_1 - sqrt(1 - beta_1) * level[k];
        log_p[k] = log_weight[k] - 0.5 * gap * gap / beta_1;
        most = fmax(most, log_p[k]);
    }
    for (size_t k = 0; k < count; k++)
        sum += exp(log_p[k] - most);
    for (size_t k = 0; k < count; k++)
        log_p[k] -= most + log(sum);
}

size_t nqi_spikes_find(double *spike, size_t room, const double *value, size_t rows, double share)
{
    size_t count = 0;
    for (size_t first = 0, end; first < rows; first = end) {
        for (end = first + 1; end < rows && value[end] == value[first];)
            end++;
        if (count < room && end - first > 1 && (double)(end - first) >= share * (double)rows)
            spike[count++] = value[first];
    }
    return count;
}
