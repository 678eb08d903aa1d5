/* bins.h - numbers counted in bins of one width. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_FIGURE_BINS_H
#define NQI_TASK_FIGURE_BINS_H

#include <stddef.h>

/* bins[bin_count] side by side from low to high, both included: the part of the numbers that each
 * holds is added. Numbers beyond are in none. */
void nqi_bins_count(double *bins, size_t bin_count, double low, double high,
                    const double *numbers, size_t count);

#endif
