/* noise.h - random numbers of the program's own: noise that it adds to clean data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_NOISE_H
#define NONEQ_CLI_NOISE_H

#include <stdint.h>

/* Number `index` of a seed: the same whoever asks and in which order. Uniform in (0, 1); normal
 * with mean 0 and variance 1. */
double noise_uniform(uint64_t seed, uint64_t index);
double noise_normal(uint64_t seed, uint64_t index);
/* A seed for part `index` of a job. */
uint64_t noise_seed(uint64_t seed, uint64_t index);

#endif
