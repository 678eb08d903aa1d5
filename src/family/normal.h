/* normal.h - products of normal densities: what evidence on one real number is worth at level t. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_FAMILY_NORMAL_H
#define NQI_FAMILY_NORMAL_H

#include "family/family.h"

/* A factor e^log_scale N(y; signal x, variance) in a coordinate x; flat: 1. */
typedef struct nqi_factor {
    double signal, variance, log_scale;
    int flat;
} nqi_factor;

/* The factor at level t = 0..T of an observation with the given noise variance (0: exact; then
 * the constant and annealed factors are exact at every level, as [SD15] sets known cells). */
nqi_factor nqi_factor_at(nqi_twist twist, const nq_schedule *schedule, size_t t, double variance);
/* N(mean, variance) times the factor, normalised, in place; returns the log of its integral. */
double nqi_factor_multiply(double *mean, double *variance, const nqi_factor *factor, double y);
double nqi_factor_log(const nqi_factor *factor, double y, double x);

/* The power that an annealed twist takes at level t. */
static inline double nqi_annealing(const nq_schedule *schedule, size_t t)
{
    return (double)(schedule->steps - t) / (double)schedule->steps;
}

#endif
