/* kernel_binomial.inc.h - corrupt, divergence and reverse step of the binomial family. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, STRIP, vectors and functions. Defines binomial_corrupt,
 * binomial_divergence and binomial_reverse for the slots. */
/* States are exactly 0 or 1, so that the last bit of a state's exponent is the state. */
#ifndef NQI_BACKEND_CPU_KERNEL_BINOMIAL_H
#define NQI_BACKEND_CPU_KERNEL_BINOMIAL_H

#include "backend/cpu/kernel_math.inc.h"

static inline I state_bit(F x)
{
    return (I)x >> 23 & 1;
}

/* bits 2^-32 < probability ? 1 : 0, exactly. In halves, as float32 has 24 bits: with p = 2^32
 * probability, p - 2^16 high is exact wherever it is within +-2^16, and elsewhere its sign and
 * size decide. */
static inline F is_below(U bits, F probability)
{
    const F zero = {0}, one = zero + 1.0f;
    const F high = __builtin_convertvector((I)(bits >> 16), F);
    const F low = __builtin_convertvector((I)(bits & 0xffff), F);
    return select_below(low, probability * 0x1p32f - high * 65536.0f, one, zero);
}

static void binomial_corrupt(float *x_t, const float *x_0, const uint32_t *bits,
                             nqi_binomial_steps steps, nqi_extent size)
{
    for (size_t i = 0; i < size.dim; i++) {
        const float *flip = steps.at[i * steps.stride].flip;
        const F flips = repeat((quad){flip[0], flip[1], 0, 0});
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at += WIDTH)
            store(x_t + at,
                  is_below(load_bits(bits + at), lookup(flips, state_bit(load(x_0 + at)))));
    }
}

/* One bit's tables by 2 x_t + x_0, seen from the true x_0: `a` is q(x_{t-1}=1 | x_t, x_0), `b`
 * the same for the other x_0; ac, bc are 1 - a, 1 - b; gap is a - b. A quotient by 0 is set to 0:
 * it is only used times that 0. */
typedef struct tables {
    F a, b, ac, bc, gap;
    F b_a, bc_ac, gap_a, gap_ac; /* b / a, bc / ac, -gap / a, gap / ac */
    F logit;
} tables;

static inline quad quotient(quad x, quad y)
{
    typedef int32_t quad_mask __attribute__((vector_size(16)));
    const quad zero = {0};
    return (quad)((quad_mask)(x / y) & (quad_mask)(y > zero));
}

static tables tables_of(const nqi_binomial_step *s)
{
    const quad a = {s->q0[0], s->q1[0], s->q0[1], s->q1[1]};
    const quad b = {s->q1[0], s->q0[0], s->q1[1], s->q0[1]};
    const quad ac = {s->q0c[0], s->q1c[0], s->q0c[1], s->q1c[1]};
    const quad bc = {s->q1c[0], s->q0c[0], s->q1c[1], s->q0c[1]};
    const quad gap = {-s->gap[0], s->gap[0], -s->gap[1], s->gap[1]};
    const float *logit = s->logit_prior;
    return (tables){
        .a = repeat(a),
        .b = repeat(b),
        .ac = repeat(ac),
        .bc = repeat(bc),
        .gap = repeat(gap),
        .b_a = repeat(quotient(b, a)),
        .bc_ac = repeat(quotient(bc, ac)),
        .gap_a = repeat(-quotient(gap, a)),
        .gap_ac = repeat(quotient(gap, ac)),
        .logit = repeat((quad){logit[0], logit[0], logit[1], logit[1]}),
    };
}

/* log of ratio = 1 + change: through log1p near 1, and elsewhere from the ratio itself, where
 * 1 + change may cancel. What 1 + change lost is added again, divided by it to first order. */
static inline F log_ratio(F ratio, F change)
{
    const F zero = {0}, size = absolute(change), near = zero + 0.25f;
    const F u = select_below(size, near, change + 1.0f, ratio);
    const F lost = select_below(size, near, change - (u - 1.0f), zero);
    return log_positive(u) + (lost - lost * change);
}

/* Up to STRIP vectors that share tables, and what the first stage of a divergence leaves to the
 * others. */
typedef struct beliefs {
    size_t count, at[STRIP], row[STRIP]; /* where each vector starts: in [bit][row], in [row] */
    F wrong[STRIP], right[STRIP];        /* P(the other x_0), P(the true x_0) by the model */
    I index[STRIP];                      /* into the tables */
} beliefs;

static inline void beliefs_make(beliefs *p, const tables *t, const float *z, const float *x_0,
                                const float *x_t)
{
    for (size_t v = 0; v < p->count; v++) {
        const size_t at = p->at[v];
        const I truth = state_bit(load(x_0 + at)), index = truth + 2 * state_bit(load(x_t + at));
        const U sign = (U)(1 - truth) << 31; /* turns z into the logit of the true value */
        const F logit = (F)((U)(load(z + at) + lookup(t->logit, index)) ^ sign);
        const F e = exp_limited(limited(logit, -NQI_LOGIT_LIMIT, NQI_LOGIT_LIMIT));
        p->index[v] = index;
        p->wrong[v] = 1.0f / (e + 1.0f);
        p->right[v] = e * p->wrong[v];
    }
}

/* With s = P(wrong x_0), f = a - s gap and dkl/dz = -+ gap^2 s^2 (1 - s) / (f (1 - f)), minus for
 * x_0 = 1. */
static inline F binomial_slope(const tables *t, I index, F wrong, F right, float weight)
{
    const F gap = lookup(t->gap, index);
    const F f = right * lookup(t->a, index) + wrong * lookup(t->b, index);
    const F fc = right * lookup(t->ac, index) + wrong * lookup(t->bc, index);
    const F spread = larger(splat(1e-37f), f * fc); /* 0 only where gap is 0 as well */
    const F slope = gap * wrong * (wrong * right) * (gap / spread) * -weight;
    return (F)((U)slope ^ (U)(1 - (index & 1)) << 31);
}

static void binomial_strip(float *kl, nqi_slope slope, beliefs *p, const tables *t,
                           const float *z, const float *x_0, const float *x_t)
{
    beliefs_make(p, t, z, x_0, x_t);
    for (size_t v = 0; v < p->count; v++) {
        const I index = p->index[v];
        const F wrong = p->wrong[v], right = p->right[v];
        const F log_f =
            log_ratio(right + wrong * lookup(t->b_a, index), wrong * lookup(t->gap_a, index));
        const F log_fc =
            log_ratio(right + wrong * lookup(t->bc_ac, index), wrong * lookup(t->gap_ac, index));
        float *sum = kl + p->row[v];
        store(sum, load(sum) - (lookup(t->a, index) * log_f + lookup(t->ac, index) * log_fc));
    }
    for (size_t v = 0; slope.dz && v < p->count; v++)
        store(slope.dz + p->at[v],
              binomial_slope(t, p->index[v], p->wrong[v], p->right[v], slope.weight));
    p->count = 0;
}

static void binomial_divergence(float *kl, nqi_slope slope, const float *z, const float *x_0,
                                const float *x_t, nqi_binomial_steps steps, nqi_extent size)
{
    tables t;
    beliefs p;
    p.count = 0;
    memset(kl, 0, size.rows * sizeof *kl);
    for (size_t i = 0; i < size.dim; i++) {
        if (i == 0 || steps.stride > 0)
            t = tables_of(steps.at + i * steps.stride);
        const int is_last = i + 1 == size.dim || steps.stride > 0; /* with these tables */
        for (size_t r = 0; r < size.rows; r += WIDTH) {
            p.at[p.count] = i * size.ld + r;
            p.row[p.count++] = r;
            if (p.count == STRIP || (is_last && r + WIDTH >= size.rows))
                binomial_strip(kl, slope, &p, &t, z, x_0, x_t);
        }
    }
}

static void binomial_reverse(float *out, const float *x_t, const float *z, const uint32_t *bits,
                             nqi_binomial_steps steps, nqi_extent size)
{
    for (size_t i = 0; i < size.dim; i++) {
        const nqi_binomial_step *s = steps.at + i * steps.stride;
        const F logit = repeat((quad){s->logit_prior[0], s->logit_prior[1], 0, 0});
        const F q = repeat((quad){s->q0[0], s->q0[1], s->q1[0], s->q1[1]});
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at += WIDTH) {
            const I now = state_bit(load(x_t + at));
            const F z_all = load(z + at) + lookup(logit, now);
            const F e = exp_limited(limited(z_all, -NQI_LOGIT_LIMIT, NQI_LOGIT_LIMIT));
            const F not_rho = 1.0f / (e + 1.0f), rho = e * not_rho;
            const F f = rho * lookup(q, now + 2) + not_rho * lookup(q, now);
            store(out + at, is_below(load_bits(bits + at), f));
        }
    }
}

#endif
