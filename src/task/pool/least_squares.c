/* least_squares.c - linear regression by Householder reflections. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/cholesky.h"
#include "task/pool/pool.h"

/* A column whose part beside the others is smaller follows from them. */
static const double LEAST_PART = 1e-10;

/* y - 2 v (v y) / (v v), of the numbers from `from` on. */
static void reflect(double *y, const double *v, double squares, size_t from, size_t rows)
{
    const double part = 2 * nqi_dot(v + from, y + from, rows - from) / squares;
    for (size_t i = from; i < rows; i++)
        y[i] -= part * v[i];
}

/* x[column] becomes the vector of the reflection that takes it to `column` numbers, of which the
 * last is returned. */
static double column_reflect(double *v, size_t column, size_t rows)
{
    const double norm = sqrt(nqi_dot(v + column, v + column, rows - column));
    const double last = v[column] > 0 ? -norm : norm;
    v[column] -= last;
    return last;
}

/* Solves R b = y from the last on. R is upper triangular: r[i] on its diagonal, x[j][i] above. */
static void solve_back(double *b, const double *x, const double *diagonal, const double *y,
                       size_t rows, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        double sum = y[i];
        for (size_t j = i + 1; j < count; j++)
            sum -= x[j * rows + i] * b[j];
        b[i] = sum / diagonal[i];
    }
}

/* (R' R)^-1 on its diagonal: squares of the rows of R^-1, a column at a time. `inverse` and `unit`
 * have count numbers each. */
static void variances_add(double *variance, const double *x, const double *diagonal,
                          double *inverse, double *unit, size_t rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        variance[i] = 0;
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < count; i++)
            unit[i] = i == k;
        solve_back(inverse, x, diagonal, unit, rows, count);
        for (size_t i = 0; i < count; i++)
            variance[i] += inverse[i] * inverse[i];
    }
}

size_t nqi_least_squares(double *b, double *variance, double *x, double *y, size_t rows,
                         size_t count)
{
    double diagonal[NQI_POOL_TERMS], inverse[NQI_POOL_TERMS], unit[NQI_POOL_TERMS];
    for (size_t j = 0; j < count; j++) {
        double *v = x + j * rows;
        const double whole = sqrt(nqi_dot(v, v, rows));
        const double beside = sqrt(nqi_dot(v + j, v + j, rows - j));
        if (!(beside > LEAST_PART * whole))
            return j;
        diagonal[j] = column_reflect(v, j, rows);
        const double squares = nqi_dot(v + j, v + j, rows - j);
        for (size_t k = j + 1; k < count; k++)
            reflect(x + k * rows, v, squares, j, rows);
        reflect(y, v, squares, j, rows);
    }
    solve_back(b, x, diagonal, y, rows, count);
    const double rest = nqi_dot(y + count, y + count, rows - count) / (double)(rows - count);
    variances_add(variance, x, diagonal, inverse, unit, rows, count);
    for (size_t i = 0; i < count; i++)
        variance[i] *= rest;
    return count;
}
