/* kernel_optimiser.inc.h - Adam, RMSprop, the running average, and the norm of a gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, vectors and functions. Defines adam, rmsprop, average,
 * adam_average and sum_squares for the slots. */
#ifndef NQI_BACKEND_CPU_KERNEL_OPTIMISER_H
#define NQI_BACKEND_CPU_KERNEL_OPTIMISER_H

#include "backend/cpu/kernel_math.inc.h"

/* The numbers of an update in the arrays' own type. */
typedef struct adam_factors {
    float add1, add2, rate, root, epsilon, decay;
} adam_factors;

/* Sums of one product and one term: a sum of two products may be contracted in two ways, and what
 * is computed must not depend on where this is inlined. */
static inline void adam_lanes(F *w, F *m, F *v, F g, const adam_factors *a)
{
    *m += (g - *m) * a->add1;
    *v += (g * g - *v) * a->add2;
    *w -= *m * a->rate / (square_root(*v) * a->root + a->epsilon) + *w * a->decay;
}

static adam_factors adam_factors_of(const nqi_adam *options)
{
    return (adam_factors){
        .add1 = (float)(1 - options->beta1),
        .add2 = (float)(1 - options->beta2),
        .rate = (float)(options->rate / options->correction1),
        .root = (float)(1 / sqrt(options->correction2)),
        .epsilon = (float)options->epsilon,
        .decay = (float)(options->rate * options->decay),
    };
}

static inline F average_lanes(F mean, F w, float move)
{
    return mean + (w - mean) * move;
}

/* The first n <= WIDTH of the arrays' elements. */
INLINED void adam_step(float *w, float *m, float *v, float *mean, const float *gradient, size_t n,
                       const adam_factors *a, float move)
{
    const int is_whole = n == WIDTH;
    F w_0 = is_whole ? load(w) : load_part(w, n), m_0 = is_whole ? load(m) : load_part(m, n),
      v_0 = is_whole ? load(v) : load_part(v, n);
    adam_lanes(&w_0, &m_0, &v_0, is_whole ? load(gradient) : load_part(gradient, n), a);
    if (is_whole) {
        store(w, w_0);
        store(m, m_0);
        store(v, v_0);
    } else {
        store_part(w, w_0, n);
        store_part(m, m_0, n);
        store_part(v, v_0, n);
    }
    if (mean && is_whole)
        store(mean, average_lanes(load(mean), w_0, move));
    else if (mean)
        store_part(mean, average_lanes(load_part(mean, n), w_0, move), n);
}

/* Elements of an array before the first that is at the start of a vector's worth of memory. */
static inline size_t elements_before(const float *x)
{
    return (WIDTH - (uintptr_t)x / sizeof *x % WIDTH) % WIDTH;
}

/* Kingma and Ba, ICLR 2015, with the decoupled decay of Loshchilov and Hutter, ICLR 2019; a mean
 * that is not NULL is the running average of w. Vectors start where no store of w, m or v, which
 * lie alike, touches two cache lines. */
static inline void adam_pass(float *w, float *m, float *v, float *mean, const float *gradient,
                             size_t n, const nqi_adam *options, double keep)
{
    const adam_factors a = adam_factors_of(options);
    const float move = (float)(1 - keep);
    size_t i = smallest(elements_before(w), n);
    if (i)
        adam_step(w, m, v, mean, gradient, i, &a, move);
    for (; i + WIDTH <= n; i += WIDTH)
        adam_step(w + i, m + i, v + i, mean ? mean + i : NULL, gradient + i, WIDTH, &a, move);
    if (i < n)
        adam_step(w + i, m + i, v + i, mean ? mean + i : NULL, gradient + i, n - i, &a, move);
}

static void adam(float *w, float *m, float *v, const float *gradient, size_t n,
                 const nqi_adam *options)
{
    adam_pass(w, m, v, NULL, gradient, n, options, 0);
}

static void adam_average(float *w, float *m, float *v, float *mean, const float *gradient,
                         size_t n, const nqi_adam *options, double keep)
{
    adam_pass(w, m, v, mean, gradient, n, options, keep);
}

static inline void rmsprop_lanes(F *w, F *v, F g, float rate, float keep, float epsilon)
{
    *v = *v * keep + g * g * (1 - keep);
    *w -= g * rate / (square_root(*v) + epsilon);
}

static void rmsprop(float *w, float *v, const float *gradient, size_t n, double rate,
                    double decay, double epsilon)
{
    const float step = (float)rate, keep = (float)decay, floor = (float)epsilon;
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
        F w_i = load(w + i), v_i = load(v + i);
        rmsprop_lanes(&w_i, &v_i, load(gradient + i), step, keep, floor);
        store(w + i, w_i);
        store(v + i, v_i);
    }
    if (i == n)
        return;
    F w_i = load_part(w + i, n - i), v_i = load_part(v + i, n - i);
    rmsprop_lanes(&w_i, &v_i, load_part(gradient + i, n - i), step, keep, floor);
    store_part(w + i, w_i, n - i);
    store_part(v + i, v_i, n - i);
}

static void average(float *mean, const float *w, size_t n, double keep)
{
    const float move = (float)(1 - keep);
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH)
        store(mean + i, average_lanes(load(mean + i), load(w + i), move));
    if (i == n)
        return;
    const F last = average_lanes(load_part(mean + i, n - i), load_part(w + i, n - i), move);
    store_part(mean + i, last, n - i);
}

/* In order within each of 8 sums, which are then added in order. */
static double sum_squares(const float *x, size_t n)
{
    double sums[8] = {0}, sum = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t lane = 0; lane < 8; lane++)
            sums[lane] += (double)x[i + lane] * (double)x[i + lane];
    for (; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    for (size_t lane = 0; lane < 8; lane++)
        sum += sums[lane];
    return sum;
}

#endif
