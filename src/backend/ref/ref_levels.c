/* ref_levels.c - corrupt, divergence and reverse step of the categorical family. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* With g_k = e^{z_k} / sum_l pi_l e^{z_l}, u_k = pi_k g_k, j = x_t, i = x_0 and all of j divided by
 * pi_j:
 *   d = D / pi_j = keep g_j + forget,    e = q_t(j|i) / pi_j = keep 1{i=j} / pi_j + forget,
 *   q_k = q(j|k) M_k / (pi_j e),         M_k = before 1{k=i} + lost pi_k,
 *   1 + c_k = p_k / q_k = (N_k / M_k) R, N_k = before u_k + lost pi_k, R = e / d,
 *   c_k = before (u_k - 1{k=i}) R / M_k + S, S = R - 1,
 * where 1 - u_i is a sum over the others, and at k = j the bracket is
 * before beta pi_j (u_j, or u_i - 1 where i = j) / (M_j d) in closed form. */
#include "backend/ref/ref.h"
#include "backend/ref/ref_math.h"

void nqi_ref_levels_corrupt(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits,
                            const nqi_levels *levels, nqi_extent size)
{
    const uint32_t kept = levels->step->kept;
    for (size_t i = 0; i < size.dim; i++) {
        const uint32_t *below = levels->below + i * levels->count;
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at++) {
            size_t k = 0;
            while (k + 1 < levels->count && bits[at] >= nqi_level_end(kept, below[k]))
                k++;
            x_t[at] = bits[at] < kept ? x_0[at] : (nqi_real)k;
        }
    }
}

/* One cell: what the regressor and pi say of x_0 before x_t is looked at. */
typedef struct belief {
    const nqi_real *pi, *z;
    size_t stride, levels;
    nqi_real most, sum; /* the largest z, and sum of pi_k e^{z_k - most} */
} belief;

/* log of the odds against pi, up to log sum */
static nqi_real log_odds(const belief *b, size_t k)
{
    const nqi_real gap = b->z[k * b->stride] - b->most;
    return gap < -NQI_LEVEL_LIMIT ? -NQI_LEVEL_LIMIT : gap;
}

/* g_k */
static nqi_real odds(const belief *b, size_t k)
{
    return exp(log_odds(b, k)) / b->sum;
}

/* Of number i, whose outputs begin at place `at` of each level. */
static belief belief_of(const nqi_levels *levels, size_t i, nqi_const_matrix z, size_t at)
{
    belief b = {.pi = levels->pi + i * levels->count,
                .z = z.at + at,
                .stride = z.ld,
                .levels = levels->count,
                .most = z.at[at]};
    for (size_t k = 1; k < b.levels; k++)
        b.most = b.z[k * b.stride] > b.most ? b.z[k * b.stride] : b.most;
    for (size_t k = 0; k < b.levels; k++)
        b.sum += b.pi[k] * exp(log_odds(&b, k));
    return b;
}

/* c - log(1 + c), of which plus = 1 + c has all digits where c is near -1 */
static nqi_real excess(nqi_real c, nqi_real plus)
{
    nqi_real series = 0;
    if (!(fabs(c) < (nqi_real)0.0625))
        return c - log(plus);
    for (int n = 14; n > 1; n--)
        series = series * -c + 1 / (nqi_real)n;
    return series * c * c;
}

/* A cell with its truth, and what all its levels have in common. */
typedef struct cell {
    belief belief;
    const nqi_levels_step *step;
    size_t now, truth;
    nqi_real other;               /* 1 - u_truth */
    nqi_real d, e, ratio, change; /* d, e, R, S */
} cell;

static cell cell_of(const belief *b, const nqi_levels_step *step, size_t now, size_t truth)
{
    cell c = {.belief = *b, .step = step, .now = now, .truth = truth};
    for (size_t k = 0; k < b->levels; k++)
        c.other += k == truth ? 0 : b->pi[k] * odds(b, k);
    const nqi_real own = step->keep / b->pi[now];
    c.d = step->keep * odds(b, now) + step->forget;
    c.e = (now == truth ? own : 0) + step->forget;
    c.ratio = c.e / c.d;
    c.change = (now == truth ? own * c.other : -step->keep * odds(b, now)) / c.d;
    return c;
}

/* q_k (c_k - log(1 + c_k)), and *h = before q_k c_k / N_k: dkl/dz_m = u_m (h_m - sum_k u_k h_k). */
static nqi_real level_term(const cell *c, size_t k, nqi_real *h)
{
    const nqi_levels_step *s = c->step;
    const nqi_real pi = c->belief.pi[k], g = odds(&c->belief, k);
    const nqi_real m = (k == c->truth ? s->before : 0) + s->lost * pi;
    const nqi_real n = pi * (s->before * g + s->lost);
    const nqi_real moved = k == c->truth ? -c->other : pi * g;
    const nqi_real change = k == c->now ? s->before * s->beta * moved / (m * c->d)
                                        : s->before * moved / m * c->ratio + c->change;
    const nqi_real to_now = k == c->now ? s->alpha / pi + s->beta : s->beta; /* q(j|k) / pi_j */
    const nqi_real q = to_now * m / c->e;
    *h = s->before * q * change / n;
    return q * excess(change, n / m * c->ratio);
}

/* The level of the largest u: sums of differences from its h keep their digits. */
static size_t likeliest(const belief *b)
{
    size_t best = 0;
    for (size_t k = 1; k < b->levels; k++)
        best = b->pi[k] * odds(b, k) > b->pi[best] * odds(b, best) ? k : best;
    return best;
}

/* dkl/dz_m / u_m is h_m less the mean of h by u, in two forms, as sum_k N_k h_k = 0: h_m - h_best
 * less the mean of such differences, or h_m + lost / before sum_k pi_k h_k. The one whose terms are
 * smaller has more digits. */
static void slopes(nqi_real *dz, const cell *c, nqi_real weight)
{
    const belief *b = &c->belief;
    const size_t best = likeliest(b);
    const nqi_real part = c->step->lost / c->step->before;
    nqi_real by_u = 0, size_u = 0, by_pi = 0, size_pi = 0, at_best, h;
    level_term(c, best, &at_best);
    for (size_t k = 0; k < b->levels; k++) {
        level_term(c, k, &h);
        const nqi_real u = k == best ? 0 : b->pi[k] * odds(b, k) * (h - at_best);
        by_u += u;
        size_u += fabs(u);
        by_pi += b->pi[k] * h;
        size_pi += b->pi[k] * fabs(h);
    }
    const int has_u = part * size_pi >= size_u;
    for (size_t k = 0; k < b->levels; k++) {
        level_term(c, k, &h);
        const nqi_real from = has_u ? h - at_best - by_u : h + part * by_pi;
        dz[k * b->stride] = weight * b->pi[k] * odds(b, k) * (has_u && k == best ? -by_u : from);
    }
}

/* t = 1: -log rho of the truth, rho_k = u_k (keep 1{k=j} / pi_j + forget) / d. */
static nqi_real last_term(nqi_real *dz, const cell *c, nqi_real weight)
{
    const belief *b = &c->belief;
    const nqi_levels_step *s = c->step;
    const nqi_real from_now = c->now == c->truth ? 0 : s->keep * odds(b, c->now);
    const nqi_real wrong = (c->other * s->forget + from_now) / c->d;
    for (size_t k = 0; dz && k < b->levels; k++) {
        const nqi_real to_now = (k == c->now ? s->keep / b->pi[k] : 0) + s->forget;
        const nqi_real rho = b->pi[k] * odds(b, k) * to_now / c->d;
        dz[k * b->stride] = weight * (k == c->truth ? -wrong : rho);
    }
    if (wrong < (nqi_real)0.0625)
        return excess(-wrong, 1) + wrong;
    return log(b->sum) - log(b->pi[c->truth]) - log_odds(b, c->truth) - log(c->ratio);
}

void nqi_ref_levels_divergence(nqi_real *kl, nqi_slope slope, nqi_const_matrix z,
                               const nqi_real *x_0, const nqi_real *x_t, const nqi_levels *levels,
                               nqi_extent size)
{
    const size_t count = levels->count;
    for (size_t r = 0; r < size.rows; r++)
        kl[r] = 0;
    for (size_t j = 0; j < size.dim * size.rows; j++) {
        const size_t i = j / size.rows, r = j % size.rows, at = i * size.ld + r;
        nqi_real *dz = slope.dz ? slope.dz + at : NULL;
        const belief b = belief_of(levels, i, z, at);
        const cell c = cell_of(&b, levels->step, nqi_level_of((double)x_t[at], count),
                               nqi_level_of((double)x_0[at], count));
        if (!(levels->step->lost > 0)) {
            kl[r] += last_term(dz, &c, slope.weight);
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            nqi_real h;
            kl[r] += level_term(&c, k, &h);
        }
        if (dz)
            slopes(dz, &c, slope.weight);
    }
}

/* p(x_{t-1} = k | x_t = j) pi_j d / pi_j */
static nqi_real step_weight(const belief *b, const nqi_levels_step *s, size_t now, size_t k)
{
    const nqi_real part = s->before * odds(b, k) + s->lost;
    return part * (k == now ? s->alpha + s->beta * b->pi[k] : s->beta * b->pi[k]);
}

static size_t step_draw(const belief *b, const nqi_levels_step *step, size_t now, uint32_t bits)
{
    nqi_real sum = 0, up_to = 0;
    for (size_t k = 0; k < b->levels; k++)
        sum += k == now ? 0 : step_weight(b, step, now, k);
    const nqi_real all = sum + step_weight(b, step, now, now);
    const nqi_real u = (nqi_real)bits * (nqi_real)0x1p-32 * all;
    for (size_t k = 0; k < b->levels; k++) {
        up_to += k == now ? 0 : step_weight(b, step, now, k);
        if (k != now && up_to > u)
            return k;
    }
    return now;
}

void nqi_ref_levels_reverse(nqi_real *out, const nqi_real *x_t, nqi_const_matrix z,
                            const uint32_t *bits, const nqi_levels *levels, nqi_extent size)
{
    for (size_t i = 0; i < size.dim; i++)
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at++) {
            const belief b = belief_of(levels, i, z, at);
            const size_t now = nqi_level_of((double)x_t[at], levels->count);
            out[at] = (nqi_real)step_draw(&b, levels->step, now, bits[at]);
        }
}
