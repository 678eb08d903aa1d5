/* gauss.h - the normal law in float64: distribution, its logarithm and inverse, masses of bins. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_GAUSS_GAUSS_H
#define NQI_CORE_GAUSS_GAUSS_H

/* To 1e-14 relative where float64 has the answer: the lower tail of nqi_gauss_cdf to its end at z =
 * -37, that of the logarithm at any z. For the upper tail take Phi(-z). */
double nqi_gauss_log_density(double z);
double nqi_gauss_cdf(double z);
double nqi_gauss_log_cdf(double z);
/* The z of Phi(z) = p, p in [0, 1]; the upper tail is -quantile of what is left of 1. */
double nqi_gauss_quantile(double p);

/* log of the mass of N(0, 1) between low < high; either may be infinite. */
double nqi_gauss_log_mass(double low, double high);

/* log of the mass of N(mean, deviation^2) between two numbers, and its derivatives. */
typedef struct nqi_gauss_bin {
    double log_mass, by_mean, by_log_deviation;
} nqi_gauss_bin;
nqi_gauss_bin nqi_gauss_bin_of(double low, double high, double mean, double deviation);

#endif
