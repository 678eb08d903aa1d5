/* kernel_gaussian.h - corrupt, divergence and reverse step of the Gaussian family. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_CPU_KERNEL_GAUSSIAN_H
#define NQI_BACKEND_CPU_KERNEL_GAUSSIAN_H

static void gaussian_corrupt(float *x_t, const float *x_0, const float *noise, size_t ld,
                             const nqi_gaussian_step *step, size_t dim, size_t rows)
{
    for (size_t i = 0; i < dim; i++)
        for (size_t at = i * ld; at < i * ld + rows; at += WIDTH)
            store(x_t + at, load(x_0 + at) * step->signal + load(noise + at) * step->spread);
}

/* The model's variance S of one step, from its logit: with e = exp(-logit), 1 / S = 1 + e. */
typedef struct variance {
    F inverse;  /* 1 / S */
    F log;      /* log S = -log(1 + e); what 1 + e lost is added again */
    F slope;    /* d log S / d logit = e S */
} variance;

static inline variance variance_of(F logit)
{
    const F e = exp_limited(-logit), inverse = e + 1.0f, s = 1.0f / inverse;
    return (variance){
        .inverse = inverse,
        .log = -(log_positive(inverse) + (e - (inverse - 1.0f)) * s),
        .slope = e * s,
    };
}

INLINED void divergence_lanes(float *kl, float *dz, float *dz_var, F z, F z_var, F x_0, F noise,
                              const nqi_gaussian_step *step, float weight)
{
    const F u = x_0 * step->spread - noise * step->signal;
    const variance s = variance_of(z_var + step->logit_beta);
    const F d = s.log - step->log_v;
    const F excess = expm1_limited(-d);
    const F error = (u - z * step->gain) * step->cs, scaled = error * s.inverse;
    const F square = error * scaled;
    store(kl, load(kl) + (d + excess + square) * 0.5f);
    if (dz) {
        store(dz, scaled * (-weight * step->cs * step->gain));
        store(dz_var, (excess + square) * s.slope * (-0.5f * weight));
    }
}

static void gaussian_divergence(float *kl, float *dz, float *dz_var, const float *z,
                                const float *z_var, const float *x_0, const float *noise,
                                size_t ld, const nqi_gaussian_step *step, float weight,
                                size_t dim, size_t rows)
{
    memset(kl, 0, rows * sizeof *kl);
    for (size_t i = 0; i < dim; i++) {
        for (size_t r = 0; r < rows; r += WIDTH) {
            const size_t at = i * ld + r;
            divergence_lanes(kl + r, dz ? dz + at : NULL, dz ? dz_var + at : NULL, load(z + at),
                             load(z_var + at), load(x_0 + at), load(noise + at), step, weight);
        }
    }
}

/* sqrt S = exp(log S / 2) needs no logarithm here. */
static void gaussian_reverse(float *out, const float *x_t, const float *z, const float *z_var,
                             const float *noise, size_t ld, const nqi_gaussian_step *step,
                             size_t dim, size_t rows)
{
    const float gain = step->cs * step->gain;
    for (size_t i = 0; i < dim; i++) {
        for (size_t at = i * ld; at < i * ld + rows; at += WIDTH) {
            const F deviation = square_root(sigmoid(load(z_var + at) + step->logit_beta));
            store(out + at, load(x_t + at) * step->root_alpha + load(z + at) * gain +
                                deviation * load(noise + at));
        }
    }
}

#endif
