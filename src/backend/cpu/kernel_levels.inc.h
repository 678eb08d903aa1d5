/* kernel_levels.inc.h - corrupt, divergence and reverse step of the categorical family; laws. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, vectors and functions. Defines levels_corrupt, levels_divergence,
 * levels_reverse, law_mix, law_multiply and law_divide for the slots. */
/* The algebra and its letters are those of ref_levels.c. Loops run over levels, rows lie in lanes.
 * Levels other than x_t and x_0 have all in common; these two are done once, outside the loop. */
#ifndef NQI_BACKEND_CPU_KERNEL_LEVELS_H
#define NQI_BACKEND_CPU_KERNEL_LEVELS_H

#include "backend/cpu/kernel_dense.inc.h"
#include "backend/cpu/kernel_math.inc.h"

static inline F pick(I mask, F yes, F no)
{
    return (F)(((I)yes & mask) | ((I)no & ~mask));
}

static inline F keep_where(I mask, F x)
{
    return (F)((I)x & mask);
}

static inline I level_lanes(F x, size_t count)
{
    const F zero = {0};
    return __builtin_convertvector(smaller(larger(x, zero), splat((float)(count - 1))), I);
}

/* table[level stride] of each lane; step 1: of tables that lie side by side. */
static inline F of_level(const float *table, size_t stride, size_t step, I level)
{
    F out;
    for (size_t lane = 0; lane < WIDTH; lane++)
        out[lane] = table[(size_t)level[lane] * stride + lane * step];
    return out;
}

static void levels_corrupt(float *x_t, const float *x_0, const uint32_t *bits,
                           const nqi_levels *levels, nqi_extent size)
{
    const nqi_levels_step *step = levels->step;
    const U none = {0}, kept = none + step->kept;
    for (size_t j = 0; j < size.dim * size.rows; j += WIDTH) {
        const size_t i = j / size.rows, at = i * size.ld + j % size.rows;
        const uint32_t *below = levels->below + i * levels->count;
        const U u = load_bits(bits + at);
        I level = {0};
        for (size_t k = 0; k + 1 < levels->count; k++)
            level -= (I)(u >= none + nqi_level_end(step->kept, below[k]));
        store(x_t + at, pick((I)(u < kept), load(x_0 + at), __builtin_convertvector(level, F)));
    }
}

/* One number's levels, of a vector of rows. */
typedef struct level_column {
    const float *pi, *z;
    size_t stride, count;
} level_column;

/* Of number i, whose outputs begin at place `at` of each level. */
static inline level_column level_column_at(const nqi_levels *levels, size_t i, nqi_const_matrix z,
                                           size_t at)
{
    return (level_column){levels->pi + i * levels->count, z.at + at, z.ld, levels->count};
}

static inline F largest_output(const level_column *c)
{
    F most = load(c->z);
    for (size_t k = 1; k < c->count; k++)
        most = larger(most, load(c->z + k * c->stride));
    return most;
}

/* e^{z - most} of outputs; g is that over sum. */
static inline F relative_odds(F z, F most)
{
    return exp_limited(larger(splat(-NQI_LEVEL_LIMIT), z - most));
}

/* What a cell's belief comes to. */
typedef struct level_belief {
    F most, sum, inverse; /* inverse: 1 / sum */
    F other;              /* 1 - u of the truth */
    I best;               /* the level of the largest u */
} level_belief;

/* odds: where the relative odds are left, or NULL. */
static inline level_belief level_belief_make(const level_column *c, I truth, float *odds)
{
    const F zero = {0};
    level_belief b = {.most = largest_output(c), .sum = zero, .other = zero, .best = {0}};
    F largest = zero;
    for (size_t k = 0; k < c->count; k++) {
        const F e = relative_odds(load(c->z + k * c->stride), b.most), u = e * c->pi[k];
        const I level = (I){0} + (int32_t)k, better = (I)(u > largest);
        b.sum += u;
        b.other += keep_where((I)(truth != level), u);
        b.best = (level & better) | (b.best & ~better);
        largest = larger(largest, u);
        if (odds)
            store(odds + k * c->stride, e);
    }
    b.inverse = 1.0f / b.sum;
    b.other *= b.inverse;
    return b;
}

/* c - log(1 + c), of which plus = 1 + c has all digits where c is near -1. Within a quarter it is
 * -c^2 times the polynomial of log_positive, which is log(1 + c) - c over c^2. */
static inline F level_excess(F c, F plus)
{
    const F zero = {0}, size = absolute(c), near = zero + 0.25f;
    const F x = select_below(size, near, c + 1.0f, plus);
    const I exponent = (I)((U)x - 0x3f3504f3u) >> 23;
    const F e = __builtin_convertvector(exponent, F);
    const F f = select_below(size, near, c, (F)((U)x - ((U)exponent << 23)) - 1.0f);
    const F part = f * f * log_polynomial(f);
    return select_below(size, near, -part,
                        c - (e * 0.693359375f + (f + (part - e * 2.12194440e-4f))));
}

/* What all levels of a cell have in common, and x_t and x_0 by themselves. */
typedef struct level_cell {
    I now, truth, same;
    F ratio, change; /* R, S */
    F odds, slope,
        share; /* before g / lost is odds e; h is slope c / (1 + that); q is share pi */
    F kl, at_now, at_truth, at_best;    /* terms of x_t and x_0; h of x_t, x_0 and the best */
    F u_now, u_truth, pi_now, pi_truth; /* of x_0 0 where it is x_t */
} level_cell;

/* h of a level that is neither, from its relative odds. */
static inline F level_slope(const level_cell *c, F e)
{
    const F x = c->odds * e;
    return c->slope * (c->ratio * x + c->change) / (x + 1.0f);
}

/* pi and g of a level. */
typedef struct level_end {
    F pi, g;
} level_end;

/* Level j = x_t and level i = x_0, each with its M, N and c; where they are one, j's. */
static inline void level_ends(level_cell *c, const nqi_levels_step *s, const level_belief *b, F d,
                              F e, level_end now, level_end truth)
{
    const F zero = {0};
    c->u_now = now.pi * now.g;
    c->u_truth = keep_where(~c->same, truth.pi * truth.g);
    c->pi_now = now.pi;
    c->pi_truth = keep_where(~c->same, truth.pi);
    const F m_now = now.pi * s->lost + keep_where(c->same, zero + s->before);
    const F n_now = now.pi * (now.g * s->before + s->lost);
    const F moved = pick(c->same, -b->other, c->u_now) * (s->before * s->beta);
    const F c_now = moved / (m_now * d);
    const F q_now = (now.pi * s->beta + s->alpha) / now.pi * (m_now / e);
    const F m_truth = truth.pi * s->lost + s->before;
    const F n_truth = truth.pi * (truth.g * s->before + s->lost);
    const F c_truth = c->change - b->other * s->before / m_truth * c->ratio;
    const F q_truth = keep_where(~c->same, m_truth * s->beta / e);
    c->kl = q_now * level_excess(c_now, n_now / m_now * c->ratio) +
            q_truth * level_excess(c_truth, n_truth / m_truth * c->ratio);
    c->at_now = q_now * s->before * c_now / n_now;
    c->at_truth = pick(c->same, c->at_now, q_truth * s->before * c_truth / n_truth);
}

static inline level_cell level_cell_make(const level_column *cells, const nqi_levels_step *s,
                                         const level_belief *b, I now, I truth)
{
    level_cell c = {.now = now, .truth = truth, .same = (I)(now == truth)};
    const F pi_now = of_level(cells->pi, 1, 0, now);
    const F pi_truth = of_level(cells->pi, 1, 0, truth);
    const F z_now = of_level(cells->z, cells->stride, 1, now);
    const F z_truth = of_level(cells->z, cells->stride, 1, truth);
    const F z_best = of_level(cells->z, cells->stride, 1, b->best);
    const F g_now = relative_odds(z_now, b->most) * b->inverse;
    const F g_truth = relative_odds(z_truth, b->most) * b->inverse;
    const F own = keep_where(c.same, s->keep / pi_now);
    const F d = g_now * s->keep + s->forget, e = own + s->forget;
    c.ratio = e / d;
    c.change = pick(c.same, own * b->other, g_now * -s->keep) / d;
    if (!(s->lost > 0)) {
        c.u_now = pi_now * g_now;
        c.slope = 1.0f / d;
        return c;
    }
    c.odds = b->inverse * (s->before / s->lost);
    c.slope = s->before * s->beta / e;
    c.share = s->beta * s->lost / e;
    level_ends(&c, s, b, d, e, (level_end){pi_now, g_now}, (level_end){pi_truth, g_truth});
    c.at_best = pick((I)(b->best == now), c.at_now,
                     pick((I)(b->best == truth), c.at_truth,
                          level_slope(&c, relative_odds(z_best, b->most))));
    return c;
}

/* Two forms of the mean of h by u, less that of the best (ref_levels.c). */
typedef struct level_mean {
    F by_u, size_u, by_pi, size_pi;
} level_mean;

static inline void level_mean_add(level_mean *mean, F u, F pi, F h, F from_best)
{
    const F term = u * from_best, other = pi * h;
    mean->by_u += term;
    mean->size_u += absolute(term);
    mean->by_pi += other;
    mean->size_pi += absolute(other);
}

/* What is taken off each h, in the form whose terms are smaller; `at` is the level that is its own
 * reference. */
typedef struct level_reference {
    F h, mean;
    I at;
} level_reference;

static inline level_reference level_reference_of(const level_mean *mean, const level_cell *c,
                                                 const level_belief *b, float part)
{
    const I by_pi = (I)(mean->size_pi * part < mean->size_u);
    return (level_reference){keep_where(~by_pi, c->at_best),
                             pick(by_pi, mean->by_pi * -part, mean->by_u), b->best | by_pi};
}

/* What x_t and x_0 add. */
static inline level_mean level_mean_begin(const level_cell *c)
{
    level_mean mean = {{0}, {0}, {0}, {0}};
    level_mean_add(&mean, c->u_now, c->pi_now, c->at_now, c->at_now - c->at_best);
    level_mean_add(&mean, c->u_truth, c->pi_truth, c->at_truth, c->at_truth - c->at_best);
    return mean;
}

static inline void level_slopes(const level_column *cells, const level_cell *c,
                                const level_belief *b, const level_reference *from, float *dz,
                                float weight)
{
    for (size_t k = 0; k < cells->count; k++) {
        const I level = (I){0} + (int32_t)k;
        const F e = load(dz + k * cells->stride);
        const F h = pick((I)(level == c->now), c->at_now,
                         pick((I)(level == c->truth), c->at_truth, level_slope(c, e)));
        const F slope = keep_where((I)(level != from->at), h - from->h) - from->mean;
        store(dz + k * cells->stride, e * cells->pi[k] * b->inverse * weight * slope);
    }
}

/* The cell's divergence, and its slopes over the relative odds in dz. */
static inline F level_terms(const level_column *cells, const nqi_levels_step *s,
                            const level_cell *c, const level_belief *b, float *dz, float weight)
{
    F kl = c->kl;
    level_mean mean = level_mean_begin(c);
    for (size_t k = 0; k < cells->count; k++) {
        const I level = (I){0} + (int32_t)k;
        const I usual = (I)(level != c->now) & (I)(level != c->truth);
        const F e = dz ? load(dz + k * cells->stride)
                       : relative_odds(load(cells->z + k * cells->stride), b->most);
        const F x = c->odds * e, change = c->ratio * x + c->change;
        const F pi = keep_where(usual, splat(cells->pi[k]));
        kl += c->share * pi * level_excess(change, (x + 1.0f) * c->ratio);
        if (!dz)
            continue;
        const F h = level_slope(c, e);
        level_mean_add(&mean, e * pi * b->inverse, pi, h,
                       keep_where((I)(level != b->best), h - c->at_best));
    }
    if (dz) {
        const level_reference from = level_reference_of(&mean, c, b, s->lost / s->before);
        level_slopes(cells, c, b, &from, dz, weight);
    }
    return kl;
}

/* t = 1: -log rho of the truth. */
static inline F last_terms(const level_column *cells, const nqi_levels_step *s,
                           const level_cell *c, const level_belief *b, float *dz, float weight)
{
    const F zero = {0}, g_now = c->u_now / of_level(cells->pi, 1, 0, c->now);
    const F wrong = (b->other * s->forget + keep_where(~c->same, g_now * s->keep)) * c->slope;
    for (size_t k = 0; dz && k < cells->count; k++) {
        const I level = (I){0} + (int32_t)k;
        const F own = keep_where((I)(level == c->now), zero + s->keep / cells->pi[k]);
        const F u = load(dz + k * cells->stride) * cells->pi[k] * b->inverse;
        const F rho = u * (own + s->forget) * c->slope;
        store(dz + k * cells->stride, pick((I)(level == c->truth), -wrong, rho) * weight);
    }
    const F z = of_level(cells->z, cells->stride, 1, c->truth);
    const F far = log_positive(b->sum) - log_positive(of_level(cells->pi, 1, 0, c->truth)) -
                  larger(splat(-NQI_LEVEL_LIMIT), z - b->most) - log_positive(c->ratio);
    return select_below(wrong, zero + 0.25f, level_excess(-wrong, zero + 1.0f) + wrong, far);
}

static void levels_divergence(float *kl, nqi_slope slope, nqi_const_matrix z, const float *x_0,
                              const float *x_t, const nqi_levels *levels, nqi_extent size)
{
    const nqi_levels_step *step = levels->step;
    memset(kl, 0, size.rows * sizeof *kl);
    for (size_t j = 0; j < size.dim * size.rows; j += WIDTH) {
        const size_t i = j / size.rows, r = j % size.rows, at = i * size.ld + r;
        const level_column cells = level_column_at(levels, i, z, at);
        const I now = level_lanes(load(x_t + at), levels->count);
        const I truth = level_lanes(load(x_0 + at), levels->count);
        float *dz = slope.dz ? slope.dz + at : NULL;
        const level_belief b = level_belief_make(&cells, truth, dz);
        const level_cell c = level_cell_make(&cells, step, &b, now, truth);
        const F term = step->lost > 0 ? level_terms(&cells, step, &c, &b, dz, slope.weight)
                                      : last_terms(&cells, step, &c, &b, dz, slope.weight);
        store(kl + r, load(kl + r) + term);
    }
}

/* p(x_{t-1} = k | x_t) up to a factor; of x_t 0. */
static inline F weight_but_now(const level_column *c, const nqi_levels_step *s,
                               const level_belief *b, I now, size_t k)
{
    const F g = relative_odds(load(c->z + k * c->stride), b->most) * b->inverse;
    const F weight = (g * s->before + s->lost) * (s->beta * c->pi[k]);
    return keep_where((I)(now != (I){0} + (int32_t)k), weight);
}

static inline F level_draw(const level_column *c, const nqi_levels_step *s, I now, U bits)
{
    const F zero = {0}, pi = of_level(c->pi, 1, 0, now);
    const level_belief b = level_belief_make(c, now, NULL);
    const F z_now = of_level(c->z, c->stride, 1, now);
    const F g = relative_odds(z_now, b.most) * b.inverse;
    F all = zero, up_to = zero;
    for (size_t k = 0; k < c->count; k++)
        all += weight_but_now(c, s, &b, now, k);
    all += (g * s->before + s->lost) * (pi * s->beta + s->alpha);
    const F u = __builtin_convertvector(bits, F) * 0x1p-32f * all;
    I out = now, open = (I){0} - 1;
    for (size_t k = 0; k < c->count; k++) {
        const I level = (I){0} + (int32_t)k;
        up_to += weight_but_now(c, s, &b, now, k);
        const I hit = open & (I)(up_to > u) & (I)(level != now);
        out = (level & hit) | (out & ~hit);
        open &= ~hit;
    }
    return __builtin_convertvector(out, F);
}

static void levels_reverse(float *out, const float *x_t, nqi_const_matrix z, const uint32_t *bits,
                           const nqi_levels *levels, nqi_extent size)
{
    for (size_t j = 0; j < size.dim * size.rows; j += WIDTH) {
        const size_t i = j / size.rows, at = i * size.ld + j % size.rows;
        const level_column cells = level_column_at(levels, i, z, at);
        const I now = level_lanes(load(x_t + at), levels->count);
        store(out + at, level_draw(&cells, levels->step, now, load_bits(bits + at)));
    }
}

/* Few outputs, for which what chooses among tiles would take longer than their sums. */
static void law_mix(float *y, const float *w, const float *x, nqi_dense_size size, int transposed)
{
    enum { VECTORS = 2 * WIDTH > NQI_LANES ? 1 : 2, LANES = VECTORS * WIDTH, HIGH = 8 / VECTORS };
    const size_t rows = size.rows, a_m = transposed ? 1 : size.in;
    for (size_t r = 0; r < rows; r += LANES) {
        product p = {.y = {y + r, rows},
                     .a = w,
                     .a_m = a_m,
                     .a_k = transposed ? size.out : 1,
                     .x = {x + r, rows},
                     .depth = size.in};
        for (size_t m = 0; m < size.out;) {
            const size_t height = size.out - m >= HIGH ? HIGH : size.out - m >= 2 ? 2 : 1;
            if (height == HIGH)
                tile(HIGH, VECTORS, BY_EITHER, &p, LANES);
            else if (height == 2)
                tile(2, VECTORS, BY_EITHER, &p, LANES);
            else
                tile(1, VECTORS, BY_EITHER, &p, LANES);
            m += height;
            p.y.at += height * rows;
            p.a += height * a_m;
        }
    }
}

static void law_multiply(float *y, const float *x, float *sum, size_t count, size_t rows)
{
    for (size_t r = 0; r < rows; r += WIDTH) {
        F all = {0};
        for (size_t at = r; at < count * rows; at += rows) {
            const F weighed = load(y + at) * load(x + at);
            store(y + at, weighed);
            all += weighed;
        }
        all = larger(all, splat(NQI_LAW_LEAST));
        store(sum + r, all);
        const F share = 1.0f / all;
        for (size_t at = r; at < count * rows; at += rows)
            store(y + at, load(y + at) * share);
    }
}

static void law_divide(float *y, const float *x, size_t count, size_t rows)
{
    for (size_t i = 0; i < count * rows; i += WIDTH)
        store(y + i, load(x + i) / larger(load(y + i), splat(NQI_LAW_LEAST)));
}

#endif
