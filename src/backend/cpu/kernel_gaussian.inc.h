/* kernel_gaussian.inc.h - corrupt, divergence and reverse step of the Gaussian family. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, STRIP, vectors and functions. Defines gaussian_corrupt,
 * gaussian_divergence, gaussian_reverse, belief_divergence and belief_reverse for the slots. */
#ifndef NQI_BACKEND_CPU_KERNEL_GAUSSIAN_H
#define NQI_BACKEND_CPU_KERNEL_GAUSSIAN_H

#include "backend/cpu/kernel_math.inc.h"

static void gaussian_corrupt(float *x_t, const float *x_0, const float *noise,
                             const nqi_gaussian_step *step, nqi_extent size)
{
    for (size_t i = 0; i < size.dim; i++)
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at += WIDTH)
            store(x_t + at, load(x_0 + at) * step->signal + load(noise + at) * step->spread);
}

/* From place `at` on. */
static inline nqi_gaussian_z outputs_from(nqi_gaussian_z all, size_t at)
{
    return (nqi_gaussian_z){all.z + at, all.z_var + at};
}

static inline nqi_gaussian_slopes slopes_from(nqi_gaussian_slopes all, size_t at)
{
    return all.dz ? (nqi_gaussian_slopes){all.dz + at, all.dz_var + at, all.weight} : all;
}

/* The stages of a divergence, on up to STRIP vectors of one feature. With S the model's variance
 * and e = exp(-logit S): 1 / S = 1 + e, log S = -log(1 + e), d log S / d logit = e S. */
typedef struct variances {
    F inverse[STRIP], log[STRIP], slope[STRIP];
} variances;

static inline void variances_make(variances *s, const float *z_var, float logit_beta,
                                  size_t count)
{
    for (size_t v = 0; v < count; v++)
        s->slope[v] = exp_limited(-(load(z_var + v * WIDTH) + logit_beta));
    for (size_t v = 0; v < count; v++) {
        const F e = s->slope[v], inverse = e + 1.0f, variance = 1.0f / inverse;
        s->inverse[v] = inverse;
        s->slope[v] = e * variance;
        /* What 1 + e lost is added again. */
        s->log[v] = -(log_positive(inverse) + (e - (inverse - 1.0f)) * variance);
    }
}

/* The pointers are to the first of one feature's vectors. */
INLINED void divergence_strip(float *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                              const float *x_0, const float *noise, const nqi_gaussian_step *step,
                              size_t count)
{
    const float *z = outputs.z, *z_var = outputs.z_var;
    float *dz = slopes.dz, *dz_var = slopes.dz_var;
    const float weight = slopes.weight;
    variances s;
    variances_make(&s, z_var, step->logit_beta, count);
    for (size_t v = 0; v < count; v++) {
        const size_t at = v * WIDTH;
        const F u = load(x_0 + at) * step->spread - load(noise + at) * step->signal;
        const F d = s.log[v] - step->log_v, excess = expm1_limited(-d);
        const F error = (u - load(z + at) * step->gain) * step->cs;
        const F scaled = error * s.inverse[v], square = error * scaled;
        store(kl + at, load(kl + at) + (d + excess + square) * 0.5f);
        if (dz) {
            store(dz + at, scaled * (-weight * step->cs * step->gain));
            store(dz_var + at, (excess + square) * s.slope[v] * (-0.5f * weight));
        }
    }
}

static void gaussian_divergence(float *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                                const float *x_0, const float *noise,
                                const nqi_gaussian_step *step, nqi_extent size)
{
    memset(kl, 0, size.rows * sizeof *kl);
    for (size_t i = 0; i < size.dim; i++) {
        for (size_t r = 0; r < size.rows; r += STRIP * WIDTH) {
            const size_t at = i * size.ld + r, count = smallest(STRIP, (size.rows - r) / WIDTH);
            divergence_strip(kl + r, slopes_from(slopes, at), outputs_from(outputs, at), x_0 + at,
                             noise + at, step, count);
        }
    }
}

/* sqrt S = exp(log S / 2) needs no logarithm here. */
static void gaussian_reverse(float *out, const float *x_t, nqi_gaussian_z outputs,
                             const float *noise, const nqi_gaussian_step *step, nqi_extent size)
{
    const float *z = outputs.z, *z_var = outputs.z_var;
    const float gain = step->cs * step->gain;
    for (size_t i = 0; i < size.dim; i++) {
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at += WIDTH) {
            const F deviation = square_root(sigmoid(load(z_var + at) + step->logit_beta));
            store(out + at, load(x_t + at) * step->root_alpha + load(z + at) * gain +
                                deviation * load(noise + at));
        }
    }
}

/* Where the variance of x_{t-1} is v and what is believed of x_0. */

/* e^z, z within the limit */
static inline F belief_own(F z)
{
    return exp_limited(limited(z, -NQI_BELIEF_LIMIT, NQI_BELIEF_LIMIT));
}

/* On up to STRIP vectors of one feature, in units of cs^2: 1 / S, the part of S that is e^z, and
 * log(S / v). */
typedef struct spreads {
    F inverse[STRIP], share[STRIP], log[STRIP];
} spreads;

static inline void spreads_make(spreads *b, const float *z_var, const nqi_gaussian_step *step,
                                size_t count)
{
    for (size_t v = 0; v < count; v++)
        b->share[v] = belief_own(load(z_var + v * WIDTH));
    for (size_t v = 0; v < count; v++) {
        const F own = b->share[v], ratio = own * step->odds, sum = ratio + 1.0f;
        const F inverse = 1.0f / (own + step->rest);
        b->inverse[v] = inverse;
        b->share[v] = own * inverse;
        /* What 1 + ratio lost is added again, in parts of 1 / (1 + ratio) = rest / S. */
        b->log[v] = log_positive(sum) + (ratio - (sum - 1.0f)) * (inverse * step->rest);
    }
}

/* A slope that does not lead further out where z is beyond the limit. */
static inline F slope_back(F slope, F z)
{
    const F zero = {0};
    const F low = select_below(z, splat(-NQI_BELIEF_LIMIT), smaller(zero, slope), slope);
    return select_below(splat(NQI_BELIEF_LIMIT), z, larger(zero, slope), low);
}

static inline F belief_error(const float *z, const float *x_0, const float *noise,
                             const nqi_gaussian_step *step)
{
    const F u = load(x_0) * step->spread - load(noise) * step->signal;
    return u - load(z) * step->gain;
}

/* The pointers are to the first of one feature's vectors. Slopes have a loop of their own: a
 * product that they shared would be rounded before it is added as they are asked for or not. */
INLINED void belief_strip(float *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                          const float *x_0, const float *noise, const nqi_gaussian_step *step,
                          size_t count)
{
    const float *z = outputs.z, *z_var = outputs.z_var;
    float *dz = slopes.dz, *dz_var = slopes.dz_var;
    const float weight = slopes.weight;
    spreads b;
    spreads_make(&b, z_var, step, count);
    for (size_t v = 0; v < count; v++) {
        const size_t at = v * WIDTH;
        const F error = belief_error(z + at, x_0 + at, noise + at, step);
        const F square = error * error * b.inverse[v];
        store(kl + at, load(kl + at) + (b.log[v] - b.share[v] + square) * 0.5f);
    }
    for (size_t v = 0; dz && v < count; v++) {
        const size_t at = v * WIDTH;
        const F error = belief_error(z + at, x_0 + at, noise + at, step);
        const F scaled = error * b.inverse[v];
        const F slope = b.share[v] * (b.share[v] - error * scaled) * 0.5f;
        store(dz + at, scaled * (-weight * step->gain));
        store(dz_var + at, slope_back(slope, load(z_var + at)) * weight);
    }
}

static void belief_divergence(float *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                              const float *x_0, const float *noise, const nqi_gaussian_step *step,
                              nqi_extent size)
{
    memset(kl, 0, size.rows * sizeof *kl);
    for (size_t i = 0; i < size.dim; i++) {
        for (size_t r = 0; r < size.rows; r += STRIP * WIDTH) {
            const size_t at = i * size.ld + r, count = smallest(STRIP, (size.rows - r) / WIDTH);
            belief_strip(kl + r, slopes_from(slopes, at), outputs_from(outputs, at), x_0 + at,
                         noise + at, step, count);
        }
    }
}

static void belief_reverse(float *out, const float *x_t, nqi_gaussian_z outputs,
                           const float *noise, const nqi_gaussian_step *step, nqi_extent size)
{
    const float *z = outputs.z, *z_var = outputs.z_var;
    const float gain = step->cs * step->gain, square = step->cs * step->cs;
    const float v = expf(step->log_v);
    for (size_t i = 0; i < size.dim; i++) {
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at += WIDTH) {
            const F deviation = square_root(belief_own(load(z_var + at)) * square + v);
            store(out + at, load(x_t + at) * step->root_alpha + load(z + at) * gain +
                                deviation * load(noise + at));
        }
    }
}

#endif
