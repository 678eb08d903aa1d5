/* cholesky.h - positive definite systems of a few equations, and products of vectors. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_CHOLESKY_H
#define NQI_CORE_CHOLESKY_H

#include <stddef.h>

static inline double nqi_dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Cholesky factor L of a[n][n] in place, of its lower triangle. A pivot that vanishes becomes
 * infinite, so that its unknown is 0 in what is solved; then 0 is returned, else 1. */
int nqi_cholesky(double *a, size_t n);
/* Solves L v = v, and L^T v = v, in place. */
void nqi_cholesky_forward(const double *root, size_t n, double *v);
void nqi_cholesky_backward(const double *root, size_t n, double *v);

/* The same of NQI_SYSTEMS systems side by side, a[n][n][NQI_SYSTEMS], which must be definite. */
enum { NQI_SYSTEMS = 16 };
void nqi_cholesky_all(double *a, size_t n);
/* L^-1 of each over its L; above the diagonal nothing is looked at. */
void nqi_cholesky_invert_all(double *root, size_t n);

#endif
