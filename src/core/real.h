/* real.h - the arithmetic of arrays inside: of scaled numbers, states and weights. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_REAL_H
#define NQI_CORE_REAL_H

/* The library is float32; the second build of it that the tests use as their oracle is compiled
 * with NQI_REAL_DOUBLE and computes everything in float64. */
#ifdef NQI_REAL_DOUBLE
typedef double nqi_real;
#else
typedef float nqi_real;
#endif

#endif
