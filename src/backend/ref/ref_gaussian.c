/* ref_gaussian.c - corrupt, divergence and reverse step of the Gaussian family. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"
#include "backend/ref/ref_math.h"

void nqi_ref_gaussian_corrupt(nqi_real *x_t, const nqi_real *x_0, const nqi_real *noise,
                              const nqi_gaussian_step *step, nqi_extent size)
{
    for (size_t i = 0; i < size.dim; i++)
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at++)
            x_t[at] = step->signal * x_0[at] + step->spread * noise[at];
}

/* The mean's error is cs (u - gain z), never a difference of two means: those agree in nearly
 * all digits. In units of the model's standard deviation it is `error`. */
void nqi_ref_gaussian_divergence(nqi_real *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                                 const nqi_real *x_0, const nqi_real *noise,
                                 const nqi_gaussian_step *step, nqi_extent size)
{
    const nqi_real *z = outputs.z, *z_var = outputs.z_var;
    for (size_t r = 0; r < size.rows; r++)
        kl[r] = 0;
    for (size_t i = 0; i < size.dim; i++) {
        for (size_t r = 0; r < size.rows; r++) {
            const size_t at = i * size.ld + r;
            const nqi_real u = step->spread * x_0[at] - step->signal * noise[at];
            const nqi_real logit = z_var[at] + step->logit_beta;
            const nqi_real log_s = log_sigmoid(logit);
            const nqi_real d = log_s - step->log_v;
            const nqi_real excess = expm1(-d); /* v / S - 1 */
            const nqi_real scale = step->cs * exp(-log_s / 2);
            const nqi_real error = scale * (u - step->gain * z[at]);
            kl[r] += (d + excess + error * error) / 2;
            if (slopes.dz) {
                slopes.dz[at] = -slopes.weight * scale * step->gain * error;
                slopes.dz_var[at] =
                    -slopes.weight * (excess + error * error) / 2 * sigmoid(-logit);
            }
        }
    }
}

void nqi_ref_gaussian_reverse(nqi_real *out, const nqi_real *x_t, nqi_gaussian_z outputs,
                              const nqi_real *noise, const nqi_gaussian_step *step,
                              nqi_extent size)
{
    const nqi_real *z = outputs.z, *z_var = outputs.z_var;
    const nqi_real gain = step->cs * step->gain;
    for (size_t i = 0; i < size.dim; i++) {
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at++) {
            const nqi_real log_s = log_sigmoid(z_var[at] + step->logit_beta);
            out[at] = step->root_alpha * x_t[at] + gain * z[at] + exp(log_s / 2) * noise[at];
        }
    }
}
