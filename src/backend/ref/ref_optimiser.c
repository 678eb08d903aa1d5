/* ref_optimiser.c - Adam, RMSprop, the running average, and the norm of a gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <tgmath.h>

#include "backend/ref/ref.h"

/* Kingma and Ba, ICLR 2015, with the decoupled decay of Loshchilov and Hutter, ICLR 2019. */
void nqi_ref_adam(nq_real *w, nq_real *m, nq_real *v, const nq_real *gradient, size_t n,
                  const nqi_adam *adam)
{
    const nq_real keep1 = (nq_real)adam->beta1, add1 = (nq_real)(1 - adam->beta1);
    const nq_real keep2 = (nq_real)adam->beta2, add2 = (nq_real)(1 - adam->beta2);
    const nq_real rate = (nq_real)(adam->rate / adam->correction1);
    const nq_real root = (nq_real)(1 / sqrt(adam->correction2));
    const nq_real epsilon = (nq_real)adam->epsilon;
    const nq_real decay = (nq_real)(adam->rate * adam->decay);
    for (size_t i = 0; i < n; i++) {
        const nq_real g = gradient[i];
        m[i] = keep1 * m[i] + add1 * g;
        v[i] = keep2 * v[i] + add2 * g * g;
        w[i] -= rate * m[i] / (sqrt(v[i]) * root + epsilon) + decay * w[i];
    }
}

void nqi_ref_rmsprop(nq_real *w, nq_real *v, const nq_real *gradient, size_t n, double rate,
                     double decay, double epsilon)
{
    const nq_real keep = (nq_real)decay, add = (nq_real)(1 - decay);
    const nq_real step = (nq_real)rate, floor = (nq_real)epsilon;
    for (size_t i = 0; i < n; i++) {
        v[i] = keep * v[i] + add * gradient[i] * gradient[i];
        w[i] -= step * gradient[i] / (sqrt(v[i]) + floor);
    }
}

void nqi_ref_average(nq_real *average, const nq_real *w, size_t n, double keep)
{
    const nq_real stay = (nq_real)keep, move = (nq_real)(1 - keep);
    for (size_t i = 0; i < n; i++)
        average[i] = stay * average[i] + move * w[i];
}

void nqi_ref_adam_average(nq_real *w, nq_real *m, nq_real *v, nq_real *average,
                          const nq_real *gradient, size_t n, const nqi_adam *adam, double keep)
{
    nqi_ref_adam(w, m, v, gradient, n, adam);
    nqi_ref_average(average, w, n, keep);
}

double nqi_ref_sum_squares(const nq_real *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return sum;
}
