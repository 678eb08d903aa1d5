/* levels.h - a few values that a number may have, and the last reverse step onto them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_WARP_LEVELS_H
#define NQI_TABLE_WARP_LEVELS_H

#include <stddef.h>

#include "core/gauss/gauss.h"

/* Entropy of the normal number that stands where a spiked column has a spike and so no number: what
 * its cell's K gains there, 1/2 log(2 pi e). */
static const double nqi_auxiliary_entropy = 1.41893853320467274178;

/* P(x_0 = level[k] | x_1) as the mass of N(mean, deviation^2) between the middles of neighbours,
 * the outermost open; level[count] rises, in the model's units. */
nqi_gauss_bin nqi_levels_bin(const double *level, size_t count, size_t k, double mean,
                             double deviation);
/* The other way: log P(x_0 = level[k] | x_1), in proportion to e^log_weight[k] N(x_1; sqrt(1 -
 * beta_1) level[k], beta_1); log_weight: z_k + log f_k, f the training frequencies. */
void nqi_levels_log_posterior(double *log_p, const double *level, const double *log_weight,
                              size_t count, double x_1, double beta_1);

/* Values that at least `share` of the rows have: at most `room`, into spike[], rising; returns how
 * many. value[rows] is rising. */
size_t nqi_spikes_find(double *spike, size_t room, const double *value, size_t rows,
                       double share);

#endif
