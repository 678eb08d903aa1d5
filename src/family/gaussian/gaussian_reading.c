/* gaussian_reading.c - outputs in the form of [SD15] appendix D, as the kernels have them:
 *   mu = (x_t - z) (1 - S) + z,  S = sigmoid(z_var + logit beta_t).
 * The kernels have mu = root_alpha x_t + cs z', so z' = (x_t (1 - S - root_alpha) + z S) / cs, and
 * z_var is the same. There is no difference of nearly equal numbers: 1 - root_alpha is
 * beta / (1 + root_alpha), and the two parts of the first bracket are of the size of beta. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/gaussian/gaussian.h"

/* What one element of step t is read by. */
typedef struct element {
    double s, slope; /* S, and d z' / d x_t */
} element;

static element element_of(const nqi_block *block, size_t t, double z_var)
{
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[t - 1];
    const double s = 1 / (1 + exp(-z_var - (double)step->logit_beta));
    const double beta = block->schedule.beta[t - 1];
    return (element){s, (beta / (1 + (double)step->root_alpha) - s) / (double)step->cs};
}

static int reads(const nqi_block *block, const nqi_rows *rows)
{
    return nqi_gaussian_of(block)->paper_form && rows->t >= block->first_learned;
}

void nqi_gaussian_read(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                       nqi_real *output)
{
    const size_t half = block->count * rows->ld;
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[rows->t - 1];
    for (size_t i = first; reads(block, rows) && i < first + count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            const element e = element_of(block, rows->t, (double)output[half + j]);
            output[j] = (nqi_real)(e.slope * (double)rows->x_t[j] +
                                   e.s * (double)output[j] / (double)step->cs);
        }
}

/* d z' / d z_var is S (1 - S) (z - x_t) / cs, and S (z - x_t) is cs z' - x_t (1 - root_alpha). */
void nqi_gaussian_unread(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                         double *x_slope)
{
    const size_t half = block->count * rows->ld;
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[rows->t - 1];
    const double cs = (double)step->cs;
    const double lost = block->schedule.beta[rows->t - 1] / (1 + (double)step->root_alpha);
    for (size_t i = first; reads(block, rows) && i < first + count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            const element e = element_of(block, rows->t, (double)rows->output[half + j]);
            const double dz = (double)rows->output_gradient[j];
            const double gap = cs * (double)rows->output[j] - lost * (double)rows->x_t[j];
            rows->output_gradient[j] = (nqi_real)(dz * e.s / cs);
            rows->output_gradient[half + j] += (nqi_real)(dz * gap * (1 - e.s) / cs);
            if (x_slope)
                x_slope[j] += dz * e.slope;
        }
}

nqi_gaussian_read_slopes nqi_gaussian_slopes_read(const nqi_block *block, const nqi_rows *rows,
                                                  size_t j)
{
    const size_t half = block->count * rows->ld;
    const double dz = (double)rows->output_gradient[j];
    const double dz_var = (double)rows->output_gradient[half + j];
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[rows->t - 1];
    const double cs = (double)step->cs, x_t = (double)rows->x_t[j];
    if (!reads(block, rows))
        return (nqi_gaussian_read_slopes){dz, dz_var, dz_var, 0, 0};
    const element e = element_of(block, rows->t, (double)rows->output[half + j]);
    const double own = dz * cs / e.s;
    const double lost = block->schedule.beta[rows->t - 1] / (1 + (double)step->root_alpha);
    const double gap = cs * (double)rows->output[j] - lost * x_t;
    return (nqi_gaussian_read_slopes){.z = own,
                                      .z_var = dz_var - own * gap * (1 - e.s) / cs,
                                      .logit = dz_var,
                                      .x_t = own * e.slope,
                                      .root_alpha = -own * x_t / cs};
}
