/* noise.c - random numbers of a task's own: noise that it adds to clean data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/fill/noise.h"

#include <math.h>

/* The output function of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood: Fast splittable
 * pseudorandom number generators, OOPSLA 2014). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t nqi_noise_seed(uint64_t seed, uint64_t index)
{
    return mix(mix(seed + UINT64_C(0x9e3779b97f4a7c15)) + index * UINT64_C(0x9e3779b97f4a7c15));
}

double nqi_noise_uniform(uint64_t seed, uint64_t index)
{
    return ((double)(nqi_noise_seed(seed, index) >> 11) + 0.5) * 0x1p-53;
}

double nqi_noise_normal(uint64_t seed, uint64_t index)
{
    const double radius = sqrt(-2 * log(nqi_noise_uniform(seed, 2 * index)));
    return radius * cos(6.283185307179586 * nqi_noise_uniform(seed, 2 * index + 1));
}
