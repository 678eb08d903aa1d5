/* ref_rbf.c - normalised radial basis functions ([SD15] D), a softmax of
 * a_j = -|x - c_j|^2 / (2 s_j^2). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <tgmath.h>

#include "backend/ref/ref.h"

static nqi_real squared_distance(nqi_const_matrix x, size_t row, const nqi_real *centre,
                                 size_t dim)
{
    nqi_real sum = 0;
    for (size_t d = 0; d < dim; d++) {
        const nqi_real difference = x.at[d * x.ld + row] - centre[d];
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

void nqi_ref_rbf_forward(nqi_matrix h, nqi_const_matrix x, nqi_rbf_basis basis, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        for (size_t j = 0; j < basis.units; j++)
            h.at[j * h.ld + r] =
                -squared_distance(x, r, basis.centres + j * basis.dim, basis.dim) *
                exp(-2 * basis.log_width[j]) / 2;
        softmax(h.at + r, h.ld, basis.units);
    }
}

/* With g_j = dL/da_j = h_j (dh_j - sum_k h_k dh_k) and p_j = 1 / s_j^2:
 * dL/dc_j = g_j p_j (x - c_j), dL/dlog s_j = g_j p_j |x - c_j|^2, dL/dx = - sum_j dL/dc_j. */
void nqi_ref_rbf_backward(nqi_matrix dx, nqi_rbf_gradient sums, nqi_const_matrix dh,
                          nqi_const_matrix h, nqi_const_matrix x, nqi_rbf_basis basis,
                          size_t rows, int accumulate)
{
    const size_t dim = basis.dim;
    for (size_t r = 0; r < rows; r++) {
        nqi_real mean = 0;
        for (size_t j = 0; j < basis.units; j++)
            mean += h.at[j * h.ld + r] * dh.at[j * dh.ld + r];
        for (size_t d = 0; dx.at && !accumulate && d < dim; d++)
            dx.at[d * dx.ld + r] = 0;
        for (size_t j = 0; j < basis.units; j++) {
            const nqi_real *centre = basis.centres + j * dim;
            const nqi_real g = h.at[j * h.ld + r] * (dh.at[j * dh.ld + r] - mean);
            const nqi_real pull = g * exp(-2 * basis.log_width[j]);
            sums.log_width[j] += pull * squared_distance(x, r, centre, dim);
            for (size_t d = 0; d < dim; d++) {
                const nqi_real dcentre = pull * (x.at[d * x.ld + r] - centre[d]);
                sums.centres[j * dim + d] += dcentre;
                if (dx.at)
                    dx.at[d * dx.ld + r] -= dcentre;
            }
        }
    }
}
