/* ref_optimiser.c - Adam, RMSprop, the running average, and the norm of a gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <tgmath.h>

#include "backend/ref/ref.h"

/* Kingma and Ba, ICLR 2015, with the decoupled decay of Loshchilov and Hutter, ICLR 2019. */
void nqi_ref_adam(nqi_real *w, nqi_real *m, nqi_real *v, const nqi_real *gradient, size_t n,
                  const nqi_adam *adam)
{
    const nqi_real keep1 = (nqi_real)adam->beta1, add1 = (nqi_real)(1 - adam->beta1);
    const nqi_real keep2 = (nqi_real)adam->beta2, add2 = (nqi_real)(1 - adam->beta2);
    const nqi_real rate = (nqi_real)(adam->rate / adam->correction1);
    const nqi_real root = (nqi_real)(1 / sqrt(adam->correction2));
    const nqi_real epsilon = (nqi_real)adam->epsilon;
    const nqi_real decay = (nqi_real)(adam->rate * adam->decay);
    for (size_t i = 0; i < n; i++) {
        const nqi_real g = gradient[i];
        m[i] = keep1 * m[i] + add1 * g;
        v[i] = keep2 * v[i] + add2 * g * g;
        w[i] -= rate * m[i] / (sqrt(v[i]) * root + epsilon) + decay * w[i];
    }
}

void nqi_ref_rmsprop(nqi_real *w, nqi_real *v, const nqi_real *gradient, size_t n, double rate,
                     double decay, double epsilon)
{
    const nqi_real keep = (nqi_real)decay, add = (nqi_real)(1 - decay);
    const nqi_real step = (nqi_real)rate, floor = (nqi_real)epsilon;
    for (size_t i = 0; i < n; i++) {
        v[i] = keep * v[i] + add * gradient[i] * gradient[i];
        w[i] -= step * gradient[i] / (sqrt(v[i]) + floor);
    }
}

void nqi_ref_average(nqi_real *average, const nqi_real *w, size_t n, double keep)
{
    const nqi_real stay = (nqi_real)keep, move = (nqi_real)(1 - keep);
    for (size_t i = 0; i < n; i++)
        average[i] = stay * average[i] + move * w[i];
}

void nqi_ref_adam_average(nqi_real *w, nqi_real *m, nqi_real *v, nqi_real *average,
                          const nqi_real *gradient, size_t n, const nqi_adam *adam, double keep)
{
    nqi_ref_adam(w, m, v, gradient, n, adam);
    nqi_ref_average(average, w, n, keep);
}

double nqi_ref_sum_squares(const nqi_real *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return sum;
}
