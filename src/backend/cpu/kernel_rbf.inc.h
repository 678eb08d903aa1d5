/* kernel_rbf.inc.h - normalised radial basis functions ([SD15] D). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, vectors and functions. Defines rbf_forward and rbf_backward for
 * the slots. */
#ifndef NQI_BACKEND_CPU_KERNEL_RBF_H
#define NQI_BACKEND_CPU_KERNEL_RBF_H

#include "backend/cpu/kernel_math.inc.h"

static inline F squared_distance(nqi_const_matrix x, const float *centre, size_t dim)
{
    F sum = {0};
    for (size_t d = 0; d < dim; d++) {
        const F difference = load(x.at + d * x.ld) - centre[d];
        sum += difference * difference;
    }
    return sum;
}

/* Softmax over units with the maximum taken out, for one vector of rows. */
static inline void softmax(float *h, size_t ldh, size_t units)
{
    F largest = load(h), sum = {0};
    for (size_t j = 1; j < units; j++)
        largest = larger(largest, load(h + j * ldh));
    for (size_t j = 0; j < units; j++) {
        const F e = exp_limited(load(h + j * ldh) - largest);
        store(h + j * ldh, e);
        sum += e;
    }
    const F inverse = 1.0f / sum;
    for (size_t j = 0; j < units; j++)
        store(h + j * ldh, load(h + j * ldh) * inverse);
}

static void rbf_forward(nqi_matrix h, nqi_const_matrix x, nqi_rbf_basis basis, size_t rows)
{
    const size_t dim = basis.dim;
    for (size_t j = 0; j < basis.units; j++) {
        const float scale_j = -0.5f * expf(-2 * basis.log_width[j]);
        for (size_t r = 0; r < rows; r += WIDTH)
            store(h.at + j * h.ld + r,
                  squared_distance(from_row(x, r), basis.centres + j * dim, dim) * scale_j);
    }
    for (size_t r = 0; r < rows; r += WIDTH)
        softmax(h.at + r, h.ld, basis.units);
}

enum { RBF_ROWS = 256 }; /* done at a time, to keep their sums beside them */

/* sum_k h_k dh_k of each row */
static void rbf_mean(float *mean, nqi_const_matrix dh, nqi_const_matrix h, size_t units,
                     size_t rows)
{
    for (size_t r = 0; r < rows; r += WIDTH) {
        F sum = {0};
        for (size_t j = 0; j < units; j++)
            sum += load(h.at + j * h.ld + r) * load(dh.at + j * dh.ld + r);
        store(mean + r, sum);
    }
}

/* One unit's pull on its centre, g_j / s_j^2 with g_j = h_j (dh_j - sum_k h_k dh_k), by row. */
static void rbf_pull(float *pull, const float *dh, const float *h, const float *mean,
                     float precision, size_t rows)
{
    for (size_t r = 0; r < rows; r += WIDTH)
        store(pull + r, load(h + r) * (load(dh + r) - load(mean + r)) * precision);
}

/* One unit and one dimension: dL/dc = sum pull (x - c), dL/dx = -pull (x - c) by row, and the
 * part sum pull (x - c)^2 of dL/dlog s is returned. */
static float rbf_pull_apply(float *dcentre, float *dx, const float *pull, const float *x,
                            float centre, size_t rows)
{
    F sum = {0}, squares = {0};
    for (size_t r = 0; r < rows; r += WIDTH) {
        const F difference = load(x + r) - centre, pulled = load(pull + r) * difference;
        sum += pulled;
        squares += pulled * difference;
        if (dx)
            store(dx + r, load(dx + r) - pulled);
    }
    *dcentre += sum_lanes(sum);
    return sum_lanes(squares);
}

static void rbf_backward(nqi_matrix dx, nqi_rbf_gradient sums, nqi_const_matrix dh,
                         nqi_const_matrix h, nqi_const_matrix x, nqi_rbf_basis basis, size_t rows,
                         int accumulate)
{
    float mean[RBF_ROWS], pull[RBF_ROWS];
    const size_t dim = basis.dim;
    for (size_t d = 0; dx.at && !accumulate && d < dim; d++)
        memset(dx.at + d * dx.ld, 0, rows * sizeof *dx.at);
    for (size_t r = 0; r < rows; r += RBF_ROWS) {
        const size_t count = smallest(RBF_ROWS, rows - r);
        rbf_mean(mean, from_row(dh, r), from_row(h, r), basis.units, count);
        for (size_t j = 0; j < basis.units; j++) {
            rbf_pull(pull, dh.at + j * dh.ld + r, h.at + j * h.ld + r, mean,
                     expf(-2 * basis.log_width[j]), count);
            for (size_t d = 0; d < dim; d++)
                sums.log_width[j] +=
                    rbf_pull_apply(sums.centres + j * dim + d,
                                   dx.at ? dx.at + d * dx.ld + r : NULL, pull,
                                   x.at + d * x.ld + r, basis.centres[j * dim + d], count);
        }
    }
}

#endif
