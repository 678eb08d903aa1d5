/* ref_rbf.c - normalised radial basis functions ([SD15] D), a softmax of
 * a_j = -|x - c_j|^2 / (2 s_j^2). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <tgmath.h>

#include "backend/ref/ref.h"

static nqi_real squared_distance(const nqi_real *x, size_t ldx, const nqi_real *centre,
                                 size_t dim)
{
    nqi_real sum = 0;
    for (size_t d = 0; d < dim; d++) {
        const nqi_real difference = x[d * ldx] - centre[d];
        sum += difference * difference;
    }
    return sum;
}

/* The maximum is taken out before exp: far from all centres every exp(a_j) is 0. */
static void softmax(nqi_real *h, size_t ldh, size_t units)
{
    nqi_real largest = h[0], sum = 0;
    for (size_t j = 1; j < units; j++)
        largest = fmax(largest, h[j * ldh]);
    for (size_t j = 0; j < units; j++) {
        h[j * ldh] = exp(h[j * ldh] - largest);
        sum += h[j * ldh];
    }
    for (size_t j = 0; j < units; j++)
        h[j * ldh] /= sum;
}

void nqi_ref_rbf_forward(nqi_real *h, size_t ldh, const nqi_real *x, size_t ldx,
                         const nqi_real *centres, const nqi_real *log_width, size_t units,
                         size_t dim, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        for (size_t j = 0; j < units; j++)
            h[j * ldh + r] = -squared_distance(x + r, ldx, centres + j * dim, dim) *
                             exp(-2 * log_width[j]) / 2;
        softmax(h + r, ldh, units);
    }
}

/* With g_j = dL/da_j = h_j (dh_j - sum_k h_k dh_k) and p_j = 1 / s_j^2:
 * dL/dc_j = g_j p_j (x - c_j), dL/dlog s_j = g_j p_j |x - c_j|^2, dL/dx = - sum_j dL/dc_j. */
void nqi_ref_rbf_backward(nqi_real *dx, size_t lddx, nqi_real *dcentres, nqi_real *dlog_width,
                          const nqi_real *dh, size_t lddh, const nqi_real *h, size_t ldh,
                          const nqi_real *x, size_t ldx, const nqi_real *centres,
                          const nqi_real *log_width, size_t units, size_t dim, size_t rows,
                          int accumulate)
{
    for (size_t r = 0; r < rows; r++) {
        nqi_real mean = 0;
        for (size_t j = 0; j < units; j++)
            mean += h[j * ldh + r] * dh[j * lddh + r];
        for (size_t d = 0; dx && !accumulate && d < dim; d++)
            dx[d * lddx + r] = 0;
        for (size_t j = 0; j < units; j++) {
            const nqi_real *centre = centres + j * dim;
            const nqi_real g = h[j * ldh + r] * (dh[j * lddh + r] - mean);
            const nqi_real pull = g * exp(-2 * log_width[j]);
            dlog_width[j] += pull * squared_distance(x + r, ldx, centre, dim);
            for (size_t d = 0; d < dim; d++) {
                const nqi_real dcentre = pull * (x[d * ldx + r] - centre[d]);
                dcentres[j * dim + d] += dcentre;
                if (dx)
                    dx[d * lddx + r] -= dcentre;
            }
        }
    }
}
