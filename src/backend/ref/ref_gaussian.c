/* ref_gaussian.c - corrupt, divergence and reverse step of the Gaussian family. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"
#include "backend/ref/ref_math.h"

void nqi_ref_gaussian_corrupt(nq_real *x_t, const nq_real *x_0, const nq_real *noise, size_t ld,
                              const nqi_gaussian_step *step, size_t dim, size_t rows)
{
    for (size_t i = 0; i < dim; i++)
        for (size_t at = i * ld; at < i * ld + rows; at++)
            x_t[at] = step->signal * x_0[at] + step->spread * noise[at];
}

/* The mean's error is cs (u - gain z), never a difference of two means: those agree in nearly
 * all digits. In units of the model's standard deviation it is `error`. */
void nqi_ref_gaussian_divergence(nq_real *kl, nq_real *dz, nq_real *dz_var, const nq_real *z,
                                 const nq_real *z_var, const nq_real *x_0, const nq_real *noise,
                                 size_t ld, const nqi_gaussian_step *step, nq_real weight,
                                 size_t dim, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        kl[r] = 0;
    for (size_t i = 0; i < dim; i++) {
        for (size_t r = 0; r < rows; r++) {
            const size_t at = i * ld + r;
            const nq_real u = step->spread * x_0[at] - step->signal * noise[at];
            const nq_real logit = z_var[at] + step->logit_beta;
            const nq_real log_s = log_sigmoid(logit);
            const nq_real d = log_s - step->log_v;
            const nq_real excess = expm1(-d); /* v / S - 1 */
            const nq_real scale = step->cs * exp(-log_s / 2);
            const nq_real error = scale * (u - step->gain * z[at]);
            kl[r] += (d + excess + error * error) / 2;
            if (dz) {
                dz[at] = -weight * scale * step->gain * error;
                dz_var[at] = -weight * (excess + error * error) / 2 * sigmoid(-logit);
            }
        }
    }
}

void nqi_ref_gaussian_reverse(nq_real *out, const nq_real *x_t, const nq_real *z,
                              const nq_real *z_var, const nq_real *noise, size_t ld,
                              const nqi_gaussian_step *step, size_t dim, size_t rows)
{
    const nq_real gain = step->cs * step->gain;
    for (size_t i = 0; i < dim; i++) {
        for (size_t at = i * ld; at < i * ld + rows; at++) {
            const nq_real log_s = log_sigmoid(z_var[at] + step->logit_beta);
            out[at] = step->root_alpha * x_t[at] + gain * z[at] + exp(log_s / 2) * noise[at];
        }
    }
}
