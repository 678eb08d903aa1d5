/* weights.h - sums of weights that are known by their logarithms, one after another. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_WEIGHT_WEIGHTS_H
#define NQI_MEASURE_WEIGHT_WEIGHTS_H

#include <stddef.h>

/* Zeroed: no weights. With the largest log weight taken out, the sums never overflow and weights
 * far below the smallest number count. */
typedef struct nqi_weights {
    size_t count;
    double largest;      /* of log w, when sum > 0 */
    double sum, squares; /* of w and w^2, w in units of the largest */
    double cubes, fourths;
    double log_sum;              /* of log w */
    double log_mean, log_spread; /* of finite log w: mean, and sum of squares about it */
    size_t log_count;
} nqi_weights;

void nqi_weights_add(nqi_weights *weights, double log_w);
/* log of the mean weight; -inf for no weights. */
double nqi_weights_log_mean(const nqi_weights *weights);
/* (sum w)^2 / sum w^2; 0 for no weights. */
double nqi_weights_ess(const nqi_weights *weights);
/* Standard error of the log mean (delta method); infinite for fewer than 2 weights. */
double nqi_weights_se(const nqi_weights *weights);

#endif
