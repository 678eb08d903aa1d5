/* scalars.c - forward posteriors and divergences of one number. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <float.h>
#include <math.h>

#include "golden/golden.h"
#include "inside.h"

void golden_check_gauss_posterior(golden_case *c)
{
    nq_schedule s;
    nqi_real mean, variance;
    golden_schedule(&s, c);
    const size_t t = golden_count(c, "t", 1, s.steps);
    const double x_0 = golden_number(c, "x0"), x_t = golden_number(c, "xt");
    nqi_gaussian_posterior(&s, t, (nqi_real)x_t, (nqi_real)x_0, &mean, &variance);
    golden_check_output(c, "mean", (double)mean, golden_float_scale(fmax(fabs(x_0), fabs(x_t))));
    golden_check_output(c, "var", (double)variance, 0);
    nq_schedule_free(&s);
}

void golden_check_gauss_kl(golden_case *c)
{
    size_t dim;
    const double *mean_0 = golden_input_list(c, "m0", 0, &dim);
    const double *variance_0 = golden_input_list(c, "v0", dim, NULL);
    const double *mean_1 = golden_input_list(c, "m1", dim, NULL);
    const double *variance_1 = golden_input_list(c, "v1", dim, NULL);
    double kl = 0;
    for (size_t i = 0; i < dim; i++)
        kl += (double)nqi_gaussian_kl((nqi_real)mean_0[i], (nqi_real)variance_0[i],
                                      (nqi_real)mean_1[i], (nqi_real)variance_1[i]);
    golden_check_output(c, "kl", kl, golden_float_scale(1));
}

static int bit_of(const golden_case *c, double value)
{
    if (!(value == 0 || value == 1))
        golden_damaged(c, "output \"rows\": a bit is %g", value);
    return value > 0;
}

/* The file's complements are 1 less a probability: exact to the last digit of that 1. */
void golden_check_binomial_posterior(golden_case *c)
{
    nq_schedule s;
    size_t count;
    golden_schedule(&s, c);
    const size_t t = golden_count(c, "t", 1, s.steps);
    const double m = golden_number(c, "m");
    const double *rows = golden_rows(c, "rows", 3, &count);
    const int offers_zero = golden_offers(c, "one_minus");
    const double *zeros = NULL;
    if (offers_zero)
        zeros = golden_list(c, golden_output(c, "one_minus"), "one_minus", count, NULL);
    for (size_t i = 0; i < count; i++) {
        double one, zero;
        nqi_binomial_posterior(&s, t, m, bit_of(c, rows[3 * i]), bit_of(c, rows[3 * i + 1]), &one,
                               &zero);
        golden_check_at(c, "rows", i, one, rows[3 * i + 2], 0);
        if (zeros)
            golden_check_at(c, "one_minus", i, zero, zeros[i], DBL_EPSILON / c->tolerance);
    }
    nq_schedule_free(&s);
}

/* The divergence is of second order in f - q; its two halves are of first order. */
void golden_check_bernoulli_kl(golden_case *c)
{
    size_t count;
    const double *rows = golden_rows(c, "rows", 3, &count);
    for (size_t i = 0; i < count; i++) {
        const double q = rows[3 * i], f = rows[3 * i + 1];
        const nqi_real kl =
            nqi_bernoulli_kl((nqi_real)q, (nqi_real)(1 - q), (nqi_real)(log(f) - log1p(-f)));
        golden_check_at(c, "rows", i, (double)kl, rows[3 * i + 2],
                        golden_float_scale(fabs(f - q)));
    }
}
