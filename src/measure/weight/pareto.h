/* pareto.h - the shape of the tail of importance weights, which says whether their mean means
 * anything. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_WEIGHT_PARETO_H
#define NQI_MEASURE_WEIGHT_PARETO_H

#include <noneq/likelihood.h>

/* How many of `count` weights are looked at: the M + 1 largest, M = ceil(min(count / 5,
 * 3 sqrt(count))). */
size_t nqi_pareto_tail(size_t count);

/* From the M + 1 largest (all, where count is smaller) of `count` log weights, in any order; they
 * are sorted in place, the largest first. khat is +inf where fewer than five lie above the
 * (M + 1)th. */
void nqi_pareto_fit(nq_pareto *out, double *largest, size_t count);

/* The same, with khat = -inf where these weights are equal to rounding: the ideal case. */
void nqi_pareto_judge(nq_pareto *out, double *largest, size_t count);

/* Keeps the `most` largest of values offered one by one: a heap with the least on top. Returns what
 * is thrown out, or -inf while there is room. */
double nqi_largest_offer(double *heap, size_t *held, size_t most, double value);

#endif
