/* kernel_optimiser.h - Adam, RMSprop, the running average, and the norm of a gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_CPU_KERNEL_OPTIMISER_H
#define NQI_BACKEND_CPU_KERNEL_OPTIMISER_H

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

/* Kingma and Ba, ICLR 2015, with the decoupled decay of Loshchilov and Hutter, ICLR 2019; a mean
 * that is not NULL is the running average of w. */
static inline void adam_pass(float *w, float *m, float *v, float *mean, const float *gradient,
                             size_t n, const nqi_adam *options, double keep)
{
    const adam_factors a = adam_factors_of(options);
    const float move = (float)(1 - keep);
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
        F w_i = load(w + i), m_i = load(m + i), v_i = load(v + i);
        adam_lanes(&w_i, &m_i, &v_i, load(gradient + i), &a);
        store(w + i, w_i);
        store(m + i, m_i);
        store(v + i, v_i);
        if (mean)
            store(mean + i, average_lanes(load(mean + i), w_i, move));
    }
    if (i == n)
        return;
    const size_t rest = n - i;
    F w_i = load_part(w + i, rest), m_i = load_part(m + i, rest), v_i = load_part(v + i, rest);
    adam_lanes(&w_i, &m_i, &v_i, load_part(gradient + i, rest), &a);
    store_part(w + i, w_i, rest);
    store_part(m + i, m_i, rest);
    store_part(v + i, v_i, rest);
    if (mean)
        store_part(mean + i, average_lanes(load_part(mean + i, rest), w_i, move), rest);
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
