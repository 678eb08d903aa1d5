/* noise.h - random numbers of a task's own: noise that it adds to clean data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_FILL_NOISE_H
#define NQI_TASK_FILL_NOISE_H

#include <stdint.h>

/* Number `index` of a seed: the same whoever asks and in which order. Uniform in (0, 1); normal
 * with mean 0 and variance 1. */
double nqi_noise_uniform(uint64_t seed, uint64_t index);
double nqi_noise_normal(uint64_t seed, uint64_t index);
/* A seed for part `index` of a job. */
uint64_t nqi_noise_seed(uint64_t seed, uint64_t index);

#endif
