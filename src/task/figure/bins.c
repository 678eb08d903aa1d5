/* bins.c - numbers counted in bins of one width. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/figure/bins.h"

void nqi_bins_count(double *bins, size_t bin_count, double low, double high,
                    const double *numbers, size_t count)
{
    const double width = (high - low) / (double)bin_count, last = (double)bin_count;
    for (size_t i = 0; i < count; i++) {
        const double at = (numbers[i] - low) / width;
        if (at >= 0 && at <= last)
            bins[at < last ? (size_t)at : bin_count - 1] += 1 / (double)count;
    }
}
