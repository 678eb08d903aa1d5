/* cholesky.c - A = L L^T, L lower, column by column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/cholesky.h"

#include <math.h>
#include <string.h>

/* Element (i, j) of A less what the columns before j have. */
static double remainder_of(const double *a, size_t n, size_t i, size_t j)
{
    double rest = a[i * n + j];
    for (size_t k = 0; k < j; k++)
        rest -= a[i * n + k] * a[j * n + k];
    return rest;
}

int nqi_cholesky(double *a, size_t n)
{
    int is_definite = 1;
    for (size_t j = 0; j < n; j++) {
        const double pivot = remainder_of(a, n, j, j);
        is_definite &= pivot > 0;
        a[j * n + j] = pivot > 0 ? sqrt(pivot) : INFINITY;
        for (size_t i = j + 1; i < n; i++)
            a[i * n + j] = remainder_of(a, n, i, j) / a[j * n + j];
    }
    return is_definite;
}

void nqi_cholesky_forward(const double *root, size_t n, double *v)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            v[i] -= root[i * n + k] * v[k];
        v[i] /= root[i * n + i];
    }
}

void nqi_cholesky_backward(const double *root, size_t n, double *v)
{
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            v[i] -= root[k * n + i] * v[k];
        v[i] /= root[i * n + i];
    }
}

/* v -= a b, of all systems. */
static void take_off(double *v, const double *a, const double *b)
{
    for (size_t s = 0; s < NQI_SYSTEMS; s++)
        v[s] -= a[s] * b[s];
}

void nqi_cholesky_all(double *a, size_t n)
{
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            double rest[NQI_SYSTEMS], *own = a + (i * n + j) * NQI_SYSTEMS;
            const double *pivot = a + (j * n + j) * NQI_SYSTEMS;
            memcpy(rest, own, sizeof rest);
            for (size_t k = 0; k < j; k++)
                take_off(rest, a + (i * n + k) * NQI_SYSTEMS, a + (j * n + k) * NQI_SYSTEMS);
            for (size_t s = 0; s < NQI_SYSTEMS; s++)
                own[s] = i == j ? sqrt(rest[s]) : rest[s] / pivot[s];
        }
}

/* Column after column from the left, each from above: what it needs of L is still there. */
void nqi_cholesky_invert_all(double *root, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *pivot = root + (i * n + i) * NQI_SYSTEMS;
        for (size_t j = 0; j < i; j++) {
            double sum[NQI_SYSTEMS] = {0}, *own = root + (i * n + j) * NQI_SYSTEMS;
            for (size_t k = j; k < i; k++)
                take_off(sum, root + (i * n + k) * NQI_SYSTEMS, root + (k * n + j) * NQI_SYSTEMS);
            for (size_t s = 0; s < NQI_SYSTEMS; s++)
                own[s] = sum[s] / pivot[s];
        }
        for (size_t s = 0; s < NQI_SYSTEMS; s++)
            pivot[s] = 1 / pivot[s];
    }
}
