/* weights.c - log of a mean of weights, its error, and how many weights count. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "measure/weight/weights.h"

#include <math.h>

#include <noneq/likelihood.h>

/* A log weight of -inf is a weight of 0: it counts, and adds nothing. */
void nqi_weights_add(nqi_weights *weights, double log_w)
{
    weights->count++;
    weights->log_sum += log_w;
    if (log_w == -INFINITY)
        return;
    weights->log_count++;
    const double apart = log_w - weights->log_mean;
    weights->log_mean += apart / (double)weights->log_count;
    weights->log_spread += apart * (log_w - weights->log_mean);
    if (!(weights->sum > 0) || log_w > weights->largest) {
        const double shrink = weights->sum > 0 ? exp(weights->largest - log_w) : 0;
        weights->sum = weights->sum * shrink + 1;
        weights->squares = weights->squares * shrink * shrink + 1;
        weights->cubes = weights->cubes * shrink * shrink * shrink + 1;
        weights->fourths = weights->fourths * shrink * shrink * shrink * shrink + 1;
        weights->largest = log_w;
        return;
    }
    const double w = exp(log_w - weights->largest);
    weights->sum += w;
    weights->squares += w * w;
    weights->cubes += w * w * w;
    weights->fourths += w * w * w * w;
}

double nqi_weights_log_mean(const nqi_weights *weights)
{
    if (weights->sum <= 0)
        return -INFINITY;
    return weights->largest + log(weights->sum / (double)weights->count);
}

double nqi_weights_ess(const nqi_weights *weights)
{
    return weights->sum <= 0 ? 0 : weights->sum * weights->sum / weights->squares;
}

/* var(mean w) / (mean w)^2 = (S / ess - 1) / (S - 1) for S weights. */
double nqi_weights_se(const nqi_weights *weights)
{
    const double count = (double)weights->count, ess = nqi_weights_ess(weights);
    if (weights->count < 2 || ess <= 0)
        return INFINITY;
    return sqrt(fmax(count / ess - 1, 0) / (count - 1));
}

double nq_log_mean_exp(double *ess, const double *log_w, size_t count)
{
    nqi_weights weights = {0};
    for (size_t i = 0; i < count; i++)
        nqi_weights_add(&weights, log_w[i]);
    if (ess)
        *ess = nqi_weights_ess(&weights);
    return nqi_weights_log_mean(&weights);
}
