/* ref_binomial.c - corrupt, divergence and reverse step of the binomial family. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"
#include "backend/ref/ref_math.h"

/* bits 2^-32 < probability, exactly: the product with a power of two does not round. */
static int is_below(uint32_t bits, nqi_real probability)
{
    return (double)bits < 4294967296.0 * (double)probability;
}

void nqi_ref_binomial_corrupt(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits,
                              nqi_binomial_steps steps, nqi_extent size)
{
    for (size_t i = 0; i < size.dim; i++) {
        const nqi_binomial_step *step = steps.at + i * steps.stride;
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at++)
            x_t[at] = (nqi_real)is_below(bits[at], step->flip[x_0[at] > 0]);
    }
}

/* P(x_0 = wrong value | x_t), and its complement, without cancellation. The logit is limited to
 * +-NQI_LOGIT_LIMIT, so that neither is 0 and every divergence is finite. */
static void split(nqi_real *wrong, nqi_real *right, nqi_real logit_right)
{
    const nqi_real size = fabs(logit_right);
    const nqi_real e = exp(size > NQI_LOGIT_LIMIT ? -NQI_LOGIT_LIMIT : -size);
    *wrong = (logit_right < 0 ? 1 : e) / (1 + e);
    *right = (logit_right < 0 ? e : 1) / (1 + e);
}

/* a log(f / a), from f / a and from f / a - 1: log1p near 1, and elsewhere the ratio itself, which
 * is a sum of positive terms where 1 + change may cancel. 0 log 0 = 0. */
static nqi_real weighted_log(nqi_real a, nqi_real ratio, nqi_real change)
{
    if (a <= 0)
        return 0;
    return a * (fabs(change) < (nqi_real)0.25 ? log1p(change) : log(ratio));
}

/* Forward posterior of one bit, seen from its true x_0: `a` is q(x_{t-1}=1 | x_t, x_0), `b` the
 * same for the other x_0; ac, bc are 1 - a, 1 - b and gap is a - b. */
typedef struct posterior {
    nqi_real a, b, ac, bc, gap;
} posterior;

static posterior posterior_of(const nqi_binomial_step *step, int x_0, int x_t)
{
    const nqi_real q1 = step->q1[x_t], q1c = step->q1c[x_t];
    const nqi_real q0 = step->q0[x_t], q0c = step->q0c[x_t];
    const nqi_real gap = step->gap[x_t];
    return x_0 ? (posterior){q1, q0, q1c, q0c, gap} : (posterior){q0, q1, q0c, q1c, -gap};
}

/* With s = P(wrong x_0), f = a - s gap and dkl/df = (f - a) / (f (1 - f)); d s / d logit_right =
 * -s (1 - s). At f (1 - f) = 0 the posteriors agree (gap = 0) and nothing depends on z. */
static nqi_real divergence(nqi_real *slope, const posterior *q, nqi_real logit_right)
{
    nqi_real wrong, right;
    split(&wrong, &right, logit_right);
    const nqi_real f = right * q->a + wrong * q->b, fc = right * q->ac + wrong * q->bc;
    const nqi_real change = wrong * q->gap;
    *slope = f * fc <= 0 ? 0 : -change * wrong * right * (q->gap / (f * fc));
    return -weighted_log(q->a, right + wrong * (q->b / q->a), -change / q->a) -
           weighted_log(q->ac, right + wrong * (q->bc / q->ac), change / q->ac);
}

void nqi_ref_binomial_divergence(nqi_real *kl, nqi_slope slope, const nqi_real *z,
                                 const nqi_real *x_0, const nqi_real *x_t,
                                 nqi_binomial_steps steps, nqi_extent size)
{
    for (size_t r = 0; r < size.rows; r++)
        kl[r] = 0;
    for (size_t i = 0; i < size.dim; i++) {
        const nqi_binomial_step *step = steps.at + i * steps.stride;
        for (size_t r = 0; r < size.rows; r++) {
            const size_t at = i * size.ld + r;
            const int now = x_t[at] > 0, truth = x_0[at] > 0;
            const posterior q = posterior_of(step, truth, now);
            const nqi_real logit = z[at] + step->logit_prior[now];
            nqi_real by_truth; /* by the logit of the true value */
            kl[r] += divergence(&by_truth, &q, truth ? logit : -logit);
            if (slope.dz)
                slope.dz[at] = slope.weight * (truth ? by_truth : -by_truth);
        }
    }
}

void nqi_ref_binomial_reverse(nqi_real *out, const nqi_real *x_t, const nqi_real *z,
                              const uint32_t *bits, nqi_binomial_steps steps, nqi_extent size)
{
    for (size_t i = 0; i < size.dim; i++) {
        const nqi_binomial_step *step = steps.at + i * steps.stride;
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at++) {
            const int now = x_t[at] > 0;
            nqi_real rho, not_rho;
            split(&not_rho, &rho, z[at] + step->logit_prior[now]);
            const nqi_real f = rho * step->q1[now] + not_rho * step->q0[now];
            out[at] = (nqi_real)is_below(bits[at], f);
        }
    }
}
