/* posterior.c - reverse kernels multiplied by evidence as the library does it: laws of x_0. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "evidence/evidence.h"
#include "golden/golden.h"
#include "golden/states.h"
#include "inside.h"

static nqi_twist case_twist(golden_case *c)
{
    const cJSON *mode = golden_input(c, "mode");
    if (cJSON_IsString(mode) && !strcmp(mode->valuestring, "const"))
        return NQI_TWIST_CONSTANT;
    if (cJSON_IsString(mode) && !strcmp(mode->valuestring, "power"))
        return NQI_TWIST_ANNEALED;
    golden_damaged(c, "\"mode\": expected const or power");
}

void golden_check_perturbed_kernel(golden_case *c)
{
    const double s = golden_number(c, "s"), y = golden_number(c, "y");
    double mean = golden_number(c, "m"), variance = golden_number(c, "v");
    const nqi_factor factor = {.signal = 1, .variance = s * s};
    nqi_factor_multiply(&mean, &variance, &factor, y);
    golden_check_output(c, "mean", mean, 0);
    golden_check_output(c, "var", variance, 0);
}

/* A normal law of x. */
typedef struct normal {
    double mean, variance;
} normal;

/* The law after N(a x, spread) times the factor: linear in x, so that two points tell it. */
static normal kernel_step(normal x, double a, double spread, const nqi_factor *factor, double y)
{
    double at_0 = 0, at_1 = a, own = spread, same = spread;
    nqi_factor_multiply(&at_0, &own, factor, y);
    nqi_factor_multiply(&at_1, &same, factor, y);
    const double slope = at_1 - at_0;
    return (normal){at_0 + slope * x.mean, slope * slope * x.variance + own};
}

static double marginal(const nq_schedule *s, size_t t, double s2)
{
    return t ? s->alpha_bar[t - 1] * s2 + s->one_minus_alpha_bar[t - 1] : s2;
}

void golden_check_gauss_denoise(golden_case *c)
{
    const double s2 = golden_number(c, "s2"), y = golden_number(c, "y");
    const double noise = golden_number(c, "sn") * golden_number(c, "sn");
    const nqi_twist twist = case_twist(c);
    nq_schedule s;
    golden_schedule(&s, c);
    nqi_factor factor = nqi_factor_at(twist, &s, s.steps, noise);
    normal x = {0, 1};
    nqi_factor_multiply(&x.mean, &x.variance, &factor, y);
    for (size_t t = s.steps; t > 0; t--) {
        const double beta = s.beta[t - 1];
        const double ratio = t > 1 ? marginal(&s, t - 1, s2) / marginal(&s, t, s2) : 1;
        factor = nqi_factor_at(twist, &s, t - 1, noise);
        x = kernel_step(x, sqrt(1 - beta) * ratio, beta * ratio, &factor, y);
    }
    golden_check_output(c, "alg_mean", x.mean, 0);
    golden_check_output(c, "alg_var", x.variance, 0);
    x = (normal){0, s2};
    nqi_factor_multiply(&x.mean, &x.variance, &factor, y);
    golden_check_output(c, "true_mean", x.mean, 0);
    golden_check_output(c, "true_var", x.variance, 0);
    nq_schedule_free(&s);
}

/* Bits whose reverse rates are the best factorial ones for data of a known law. */
typedef struct bit_case {
    nqi_process process;
    size_t dim, states;
    const double *data, *d;
    nqi_twist twist;
} bit_case;

/* P(x_{t-1,i} = 1 | x_t = from); at t = 1 the forward kernel. */
static double bit_rate(const bit_case *b, size_t t, size_t from, size_t i)
{
    double one, zero, sum = 0, total = 0;
    for (size_t x_0 = 0; x_0 < b->states; x_0++) {
        const double weight = b->data[x_0] * state_forward(&b->process, t, x_0, from);
        nqi_binomial_posterior(&b->process.schedule, t, bit_mean(&b->process, i),
                               (int)(from >> i) & 1, (int)(x_0 >> i) & 1, &one, &zero);
        sum += weight * one;
        total += weight;
    }
    if (t > 1)
        return sum / total;
    const double keep = b->process.schedule.alpha_bar[0];
    const double forget = b->process.schedule.one_minus_alpha_bar[0];
    return keep * (double)((from >> i) & 1) + forget * bit_mean(&b->process, i);
}

/* Adds part times the law of the next level given rates; level: whose twist multiplies them, or
 * none. rates[dim] are changed. */
static void spread(const bit_case *b, double part, double *rates, int level, double *law)
{
    for (size_t i = 0; level >= 0 && i < b->dim; i++) {
        const nqi_bit_factor factor =
            nqi_bit_factor_at(b->twist, &b->process.schedule, (size_t)level, b->d[i],
                              bit_mean(&b->process, i));
        nqi_bit_factor_multiply(&rates[i], &factor);
    }
    for (size_t to = 0; to < b->states; to++) {
        double product = part;
        for (size_t i = 0; i < b->dim; i++)
            product *= (to >> i) & 1 ? rates[i] : 1 - rates[i];
        law[to] += product;
    }
}

/* Law of x_0, with the kernels multiplied or as they are. */
static void run_chain(const bit_case *b, int perturbed, double *law)
{
    double before[1 << STATE_BITS], rates[STATE_BITS];
    const size_t steps = b->process.schedule.steps, bytes = b->states * sizeof *law;
    memset(law, 0, bytes);
    memcpy(rates, b->process.blocks[0].equilibrium, b->dim * sizeof *rates);
    spread(b, 1, rates, perturbed ? (int)steps : -1, law);
    for (size_t t = steps; t > 0; t--) {
        memcpy(before, law, bytes);
        memset(law, 0, bytes);
        for (size_t from = 0; from < b->states; from++) {
            if (before[from] == 0)
                continue;
            for (size_t i = 0; i < b->dim; i++)
                rates[i] = bit_rate(b, t, from, i);
            spread(b, before[from], rates, perturbed ? (int)t - 1 : -1, law);
        }
    }
}

/* law times r, normalised, in place. */
static void condition(const bit_case *b, double *law)
{
    double total = 0;
    for (size_t x = 0; x < b->states; x++) {
        for (size_t i = 0; i < b->dim; i++) {
            const nqi_bit_factor factor = nqi_bit_factor_at(b->twist, &b->process.schedule, 0,
                                                            b->d[i], bit_mean(&b->process, i));
            law[x] *= exp((x >> i) & 1 ? factor.log_one : factor.log_zero);
        }
        total += law[x];
    }
    for (size_t x = 0; x < b->states; x++)
        law[x] /= total;
}

void golden_check_binomial_perturbed(golden_case *c)
{
    bit_case b = {.twist = case_twist(c)};
    double alg[1 << STATE_BITS], law[1 << STATE_BITS], distance = 0;
    nq_schedule s;
    golden_schedule(&s, c);
    b.dim = golden_count(c, "n", 1, STATE_BITS);
    b.states = (size_t)1 << b.dim;
    b.data = golden_input_list(c, "data", b.states, NULL);
    b.d = golden_input_list(c, "d", b.dim, NULL);
    golden_process(&b.process, c, &s, b.dim, golden_number(c, "m"), 0);
    run_chain(&b, 1, alg);
    golden_check_list(c, "alg", alg, b.states, golden_float_scale(1));
    run_chain(&b, 0, law);
    condition(&b, law);
    golden_check_list(c, "true_model", law, b.states, golden_float_scale(1));
    memcpy(law, b.data, b.states * sizeof *law);
    condition(&b, law);
    golden_check_list(c, "true_data", law, b.states, golden_float_scale(1));
    for (size_t x = 0; x < b.states; x++)
        distance += 0.5 * fabs(alg[x] - law[x]);
    golden_check_output(c, "tv_alg_true_data", distance, golden_float_scale(1));
    nqi_process_free(&b.process);
    nq_schedule_free(&s);
}
