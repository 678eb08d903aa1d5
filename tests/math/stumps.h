/* stumps.h - a booster of trees with one question each, so that forests are tested where XGBoost is
 * not. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_MATH_STUMPS_H
#define NQI_TESTS_MATH_STUMPS_H

#include <stdio.h>

#include "math_test.h"

typedef enum stump_manner { GROWS, SAYS_NOTHING, FAILS } stump_manner;

typedef struct stump_rows {
    const float *values;
    size_t rows, features;
    stump_manner manner;
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
    (void)reason;
    (void)size;
    *m = (stump_rows){values, rows, features, *(const stump_manner *)state};
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
    *count = 1;
    nodes[0] = (nq_tree_node){-1, 0, 0, 0};
    if (m->manner == FAILS) {
        snprintf(reason, size, "it is winter");
        return NQ_ERROR_UNSUPPORTED;
    }
    for (size_t f = 1; f < m->features && m->manner == GROWS; f++) {
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

static stump_manner manners[] = {GROWS, SAYS_NOTHING, FAILS};
static const nq_booster stumps = {&manners[0], stumps_prepare, stumps_open, stumps_grow,
                                  stumps_close};
static const nq_booster silence = {&manners[1], stumps_prepare, stumps_open, stumps_grow,
                                   stumps_close};
static const nq_booster winter = {&manners[2], stumps_prepare, stumps_open, stumps_grow,
                                  stumps_close};

#endif
