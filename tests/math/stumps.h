/* stumps.h - a booster of trees with one question each, so that forests are tested where XGBoost is
 * not. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_MATH_STUMPS_H
#define NQI_TESTS_MATH_STUMPS_H

#include <stdio.h>

#include "math_test.h"

typedef struct stump_rows {
    const float *values;
    size_t rows, features;
} stump_rows;

static nq_status stumps_prepare(void *state, char *reason, size_t size)
{
    (void)state;
    (void)reason;
    (void)size;
    return NQ_OK;
}

static nq_status stumps_open(void *state, void **matrix, const float *values, size_t rows,
                             size_t features, char *reason, size_t size)
{
    stump_rows *m = malloc(sizeof *m);
    (void)state;
    (void)reason;
    (void)size;
    *m = (stump_rows){values, rows, features};
    *matrix = m;
    return NQ_OK;
}

static void stumps_close(void *matrix)
{
    free(matrix);
}

/* Below 1/2 or not: what bits ask for. A number that is missing goes right. */
static nq_status stumps_grow(void *matrix, const nq_growth *growth, const float *gradient,
                             const float *curvature, nq_tree_node *nodes, size_t *count,
                             char *reason, size_t size)
{
    const stump_rows *m = matrix;
    double best = 0;
    (void)reason;
    (void)size;
    *count = 1;
    nodes[0] = (nq_tree_node){-1, 0, 0, 0};
    for (size_t f = 1; f < m->features; f++) {
        double g[2] = {0}, h[2] = {(double)growth->smoothing, (double)growth->smoothing};
        for (size_t r = 0; r < m->rows; r++) {
            const int right = !(m->values[r * m->features + f] < 0.5F);
            g[right] += (double)gradient[r];
            h[right] += (double)curvature[r];
        }
        const double gain = g[0] * g[0] / h[0] + g[1] * g[1] / h[1];
        if (!(gain > best))
            continue;
        best = gain;
        *count = 3;
        nodes[0] = (nq_tree_node){(int32_t)f, 1, 0, 0.5F};
        for (int k = 0; k < 2; k++)
            nodes[1 + k] = (nq_tree_node){-1, 0, 0, (float)(-g[k] / h[k])};
    }
    return NQ_OK;
}

/* It has nothing to say. */
static nq_status silence_grow(void *matrix, const nq_growth *growth, const float *gradient,
                              const float *curvature, nq_tree_node *nodes, size_t *count,
                              char *reason, size_t size)
{
    (void)matrix;
    (void)growth;
    (void)gradient;
    (void)curvature;
    (void)reason;
    (void)size;
    *count = 1;
    nodes[0] = (nq_tree_node){-1, 0, 0, 0};
    return NQ_OK;
}

static nq_status failure_grow(void *matrix, const nq_growth *growth, const float *gradient,
                              const float *curvature, nq_tree_node *nodes, size_t *count,
                              char *reason, size_t size)
{
    (void)matrix;
    (void)growth;
    (void)gradient;
    (void)curvature;
    (void)nodes;
    (void)count;
    snprintf(reason, size, "it is winter");
    return NQ_ERROR_UNSUPPORTED;
}

static const nq_booster stumps = {NULL, stumps_prepare, stumps_open, stumps_grow, stumps_close};
static const nq_booster silence = {NULL, stumps_prepare, stumps_open, silence_grow, stumps_close};
static const nq_booster winter = {NULL, stumps_prepare, stumps_open, failure_grow, stumps_close};

#endif
