/* student.h - Student's t law with any positive degrees of freedom, whole or not, in float64. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_GAUSS_STUDENT_H
#define NQI_CORE_GAUSS_STUDENT_H

/* P(T > t) for t >= 0, to 1e-12 relative. df > 0, or infinite: the normal law. */
double nqi_student_tail(double t, double df);
/* The t >= 0 that is exceeded with probability tail, in (0, .5], to 1e-11 relative; infinity where
 * float64 does not hold it. */
double nqi_student_quantile(double tail, double df);

#endif
