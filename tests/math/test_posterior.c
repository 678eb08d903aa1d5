/* test_posterior.c - the particle filter gives the model's exact posterior and evidence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/posterior_test.h"

enum { DRAWS = 8000 };

static void assert_evidence(const nq_posterior *p, size_t target, double expected)
{
    assert_true(p->log_evidence_se[target] < 0.1);
    assert_close("log evidence", p->log_evidence[target], expected,
                 4 * p->log_evidence_se[target] + 1e-3);
}

/* Constant: its weights are too wide for a standard error to mean much; so is the tolerance. */
static void noisy_observation_matches_the_closed_form_with_every_twist(void **state)
{
    static const char *const twists[] = {"constant", "annealed", "informed", "lookahead"};
    const double y = 0.8;
    const double sigma = 0.5;
    nq_context *context = context_open(2);
    nq_model *model = line_model(context, "5", "1e-3", "x0");
    const double v = set_line(model, 0.25, 1, 1), total = v + sigma * sigma;
    nq_evidence *evidence;
    (void)state;
    assert_ok(nq_evidence_gaussian(&evidence, context, model, &y, &sigma, 1), context);
    for (int i = 0; i < 4; i++) {
        nq_posterior p =
            posterior_of(context, model, evidence,
                         (posterior_call){.twist = twists[i], .draws = DRAWS, .particles = 1024});
        if (i == 0) {
            double mean, variance;
            draw_moments(&p, 0, 0, &mean, &variance);
            assert_close("posterior mean", mean, v / total * 0.8, 0.03);
        } else {
            assert_moments(&p, 0, 0, v / total * 0.8, v * sigma * sigma / total);
            assert_evidence(&p, 0, log_normal_density(0.8, total));
        }
        nq_posterior_free(&p);
    }
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_context_free(context);
}

static void known_cell_gives_the_conditional_law_and_its_density(void **state)
{
    const double values[6] = {1, NAN, NAN, -1.5, 1, -0.5};
    double s[4];
    nq_context *context = context_open(2);
    nq_model *model = pair_model(context, "40", 0.8, s);
    nq_evidence *evidence;
    (void)state;
    assert_ok(nq_evidence_clamp(&evidence, context, model, values, 3), context);
    nq_posterior p = posterior_of(context, model, evidence,
                                  (posterior_call){.draws = DRAWS, .particles = 512});
    assert_moments(&p, 0, 1, s[1] / s[0], s[3] - s[1] * s[1] / s[0]);
    assert_moments(&p, 1, 0, s[1] / s[0] * -1.5, s[3] - s[1] * s[1] / s[0]);
    assert_evidence(&p, 0, log_normal_density(1, s[0]));
    assert_evidence(&p, 1, log_normal_density(1.5, s[0]));
    assert_evidence(&p, 2,
                    log_normal_density(1, s[0]) +
                        log_normal_density(-0.5 - s[1] / s[0], s[3] - s[1] * s[1] / s[0]));
    for (size_t r = 0; r < 3; r++)
        for (size_t d = 0; d < DRAWS; d++)
            for (size_t c = 0; c < 2; c++)
                if (!isnan(values[2 * r + c]))
                    assert_memory_equal(&p.samples[(r * DRAWS + d) * 2 + c], &values[2 * r + c],
                                        sizeof(double));
    nq_posterior_free(&p);
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_context_free(context);
}

static void linear_observation_matches_the_closed_form(void **state)
{
    const double a[4] = {1, 2, 0.5, -1}, y[2] = {1.5, 0.4}, sigma[2] = {0.6, 0.8};
    nq_context *context = context_open(2);
    (void)state;
    for (int trained = 0; trained < 2; trained++) {
        double s[4] = {1, 0, 0, 1}, m[4], gain[4], rest[3];
        nq_model *model = pair_model(context, "40", trained ? 0.6 : 0, s);
        nq_evidence *evidence;
        for (int i = 0; i < 2; i++) /* M = A S A^T + R, gain = S A^T */
            for (int j = 0; j < 2; j++) {
                gain[2 * i + j] = s[2 * i] * a[2 * j] + s[2 * i + 1] * a[2 * j + 1];
                m[2 * i + j] = a[2 * i] * (s[0] * a[2 * j] + s[1] * a[2 * j + 1]) +
                               a[2 * i + 1] * (s[2] * a[2 * j] + s[3] * a[2 * j + 1]) +
                               (i == j ? sigma[i] * sigma[i] : 0);
            }
        const double det = m[0] * m[3] - m[1] * m[2];
        const double v[2] = {(m[3] * y[0] - m[1] * y[1]) / det,
                             (m[0] * y[1] - m[1] * y[0]) / det};
        rest[0] = gain[0] * v[0] + gain[1] * v[1];
        rest[1] = s[0] - (gain[0] * (m[3] * gain[0] - m[1] * gain[1]) +
                          gain[1] * (m[0] * gain[1] - m[1] * gain[0])) /
                             det;
        rest[2] = -0.5 * (2 * log(6.28318530717958647692) + log(det) + y[0] * v[0] + y[1] * v[1]);
        assert_ok(nq_evidence_linear(&evidence, context, model, a, y, sigma, 2, 1), context);
        nq_posterior p = posterior_of(context, model, evidence,
                                      (posterior_call){.draws = DRAWS, .particles = 512});
        assert_moments(&p, 0, 0, rest[0], rest[1]);
        assert_evidence(&p, 0, rest[2]);
        nq_posterior_free(&p);
        nq_evidence_free(evidence);
        nq_model_free(model);
    }
    nq_context_free(context);
}

/* log N(1.2; x_0 + x_1, 0.7^2) up to its constant, with and without a gradient. */
static double log_sum(void *user, size_t target, const double *x, double *gradient)
{
    const double gap = 1.2 - (double)x[0] - (double)x[1];
    (void)user;
    (void)target;
    if (gradient)
        gradient[0] = gradient[1] = (double)(gap / 0.49);
    return log_normal_density(gap, 0.49);
}

static void custom_evidence_agrees_with_the_linear_one(void **state)
{
    static const char *const twists[] = {"annealed", "informed"};
    double s[4];
    nq_context *context = context_open(2);
    nq_model *model = pair_model(context, "40", 0.6, s);
    const double sum = s[0] + s[1] + s[2] + s[3], total = sum + 0.49;
    const double gain = s[0] + s[1];
    (void)state;
    for (int with = 0; with < 2; with++)
        for (int i = 0; i < 2; i++) {
            nq_evidence *evidence;
            assert_ok(nq_evidence_custom(&evidence, context, model, log_sum, NULL, with, 1),
                      context);
            nq_posterior p = posterior_of(context, model, evidence,
                                          (posterior_call){.twist = twists[i],
                                                           .draws = DRAWS,
                                                           .particles = 1024});
            assert_moments(&p, 0, 0, gain / total * 1.2, s[0] - gain * gain / total);
            assert_evidence(&p, 0, log_normal_density(1.2, total));
            nq_posterior_free(&p);
            nq_evidence_free(evidence);
        }
    nq_model_free(model);
    nq_context_free(context);
}

static void product_of_known_noisy_and_custom_is_exact(void **state)
{
    const double known[2] = {NAN, 0.5}, noisy[2] = {1, NAN};
    const double sigma[2] = {0.7, 1};
    double s[4];
    nq_context *context = context_open(2);
    nq_model *model = pair_model(context, "40", 0.6, s);
    nq_evidence *parts[3], *product;
    (void)state;
    assert_ok(nq_evidence_clamp(&parts[0], context, model, known, 1), context);
    assert_ok(nq_evidence_gaussian(&parts[1], context, model, noisy, sigma, 1), context);
    assert_ok(nq_evidence_custom(&parts[2], context, model, log_sum, NULL, 1, 1), context);
    assert_ok(nq_evidence_product(&product, context, (const nq_evidence *const *)parts, 3),
              context);
    nq_posterior p = posterior_of(context, model, product,
                                  (posterior_call){.draws = DRAWS, .particles = 1024});
    /* x_0 | x_1 = .5 is N(m, v); then two observations, 1 and 1.2 - .5, of variance .49 each */
    const double m = s[1] / s[3] * 0.5, v = s[0] - s[1] * s[1] / s[3];
    const double first = v * 0.49 / (v + 0.49), at = m + v / (v + 0.49) * (1 - m);
    assert_moments(&p, 0, 0, at + first / (first + 0.49) * (0.7 - at),
                   first * 0.49 / (first + 0.49));
    assert_evidence(&p, 0,
                    log_normal_density(0.5, s[3]) + log_normal_density(1 - m, v + 0.49) +
                        log_normal_density(0.7 - at, first + 0.49));
    nq_posterior_free(&p);
    nq_evidence_free(product);
    for (int i = 0; i < 3; i++)
        nq_evidence_free(parts[i]);
    nq_model_free(model);
    nq_context_free(context);
}

/* Against the enumerated posterior r p / sum r p: every state within 4.5 standard errors. */
static void assert_states(const nq_posterior *p, const double *law, const double *r)
{
    double total = 0, count[STATES] = {0};
    for (size_t x = 0; x < STATES; x++)
        total += law[x] * r[x];
    for (size_t d = 0; d < p->draws; d++) {
        size_t x = 0;
        for (size_t i = 0; i < BITS; i++)
            x |= (size_t)(p->samples[d * BITS + i] > 0) << i;
        count[x] += 1 / (double)p->draws;
    }
    for (size_t x = 0; x < STATES; x++) {
        const double want = law[x] * r[x] / total;
        assert_close("posterior of a state", count[x], want,
                     4.5 * sqrt(want * (1 - want) / (double)p->draws) + 1e-9);
    }
    assert_evidence(p, 0, log(total));
}

static double bit_evidence(const double *d, size_t x)
{
    double r = 1;
    for (size_t i = 0; i < BITS; i++)
        r *= isnan(d[i]) ? 1 : (x >> i) & 1 ? (double)d[i] : 1 - (double)d[i];
    return r;
}

static void bits_match_the_enumerated_posterior(void **state)
{
    static const double cases[3][BITS] = {{0.85, 0.575, 0.3}, {1, NAN, 0}, {NAN, 0.1, NAN}};
    nq_context *context = context_open(2);
    nq_model *model = bit_model(context, "6", "0.4");
    double law[STATES], r[STATES];
    (void)state;
    set_random_logits(model, 3, 1.5);
    bit_law(law, context, model);
    for (int i = 0; i < 3; i++) {
        nq_evidence *evidence;
        for (size_t x = 0; x < STATES; x++)
            r[x] = bit_evidence(cases[i], x);
        if (i == 1)
            assert_ok(nq_evidence_clamp(&evidence, context, model, cases[i], 1), context);
        else
            assert_ok(nq_evidence_bernoulli(&evidence, context, model, cases[i], 1), context);
        for (int annealed = 0; annealed < (i == 1 ? 1 : 2); annealed++) {
            nq_posterior p = posterior_of(context, model, evidence,
                                          (posterior_call){.twist = annealed ? "annealed" : "",
                                                           .draws = DRAWS,
                                                           .particles = 512});
            assert_states(&p, law, r);
            nq_posterior_free(&p);
        }
        nq_evidence_free(evidence);
    }
    nq_model_free(model);
    nq_context_free(context);
}

/* Favours rows of two ones: no product over bits. */
static double log_pair(void *user, size_t target, const double *x, double *gradient)
{
    const int ones = (x[0] > 0) + (x[1] > 0) + (x[2] > 0);
    (void)user;
    (void)target;
    (void)gradient;
    return ones == 2 ? 0 : -1.5;
}

static void custom_evidence_on_bits_matches_enumeration(void **state)
{
    nq_context *context = context_open(2);
    nq_model *model = bit_model(context, "6", "0.4");
    double law[STATES], r[STATES];
    nq_evidence *evidence;
    (void)state;
    set_random_logits(model, 3, 1.5);
    bit_law(law, context, model);
    for (size_t x = 0; x < STATES; x++) {
        const double bits[BITS] = {(double)(x & 1), (double)(x >> 1 & 1), (double)(x >> 2 & 1)};
        r[x] = exp(log_pair(NULL, 0, bits, NULL));
    }
    assert_ok(nq_evidence_custom(&evidence, context, model, log_pair, NULL, 0, 1), context);
    nq_posterior p = posterior_of(context, model, evidence,
                                  (posterior_call){.draws = DRAWS, .particles = 1024});
    assert_states(&p, law, r);
    nq_posterior_free(&p);
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_context_free(context);
}

/* An untrained model is N(mean, deviation^2) of its data, here 10 and 4 with a constant column. */
static void evidence_is_a_density_in_the_datas_units(void **state)
{
    const setting settings[] = {{"kernel", "gaussian"}, {"steps", "10"}, {NULL, NULL}};
    const double rows[4] = {6, 3, 14, 3}, y[2] = {13, NAN}, known[2] = {13, 3};
    const double sigma[2] = {3, 1}, a[2] = {2, 1}, sum = 30, width = 5;
    nq_context *context = context_open(2);
    nq_dataset *data = dataset_of(context, rows, 2, 2);
    nq_model *model = model_of(context, data, settings);
    nq_evidence *evidence[3];
    const double expected[3] = {log_normal_density(3, 16 + 9), log_normal_density(3, 16),
                                log_normal_density(30 - 23, 4 * 16 + 25)};
    (void)state;
    assert_ok(nq_evidence_gaussian(&evidence[0], context, model, y, sigma, 1), context);
    assert_ok(nq_evidence_clamp(&evidence[1], context, model, known, 1), context);
    assert_ok(nq_evidence_linear(&evidence[2], context, model, a, &sum, &width, 1, 1), context);
    for (int i = 0; i < 3; i++) {
        nq_posterior p = posterior_of(context, model, evidence[i],
                                      (posterior_call){.draws = 256, .particles = 64});
        assert_evidence(&p, 0, expected[i]);
        assert_true(p.samples[1] == 3);
        nq_posterior_free(&p);
        nq_evidence_free(evidence[i]);
    }
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noisy_observation_matches_the_closed_form_with_every_twist),
        cmocka_unit_test(known_cell_gives_the_conditional_law_and_its_density),
        cmocka_unit_test(linear_observation_matches_the_closed_form),
        cmocka_unit_test(custom_evidence_agrees_with_the_linear_one),
        cmocka_unit_test(product_of_known_noisy_and_custom_is_exact),
        cmocka_unit_test(bits_match_the_enumerated_posterior),
        cmocka_unit_test(custom_evidence_on_bits_matches_enumeration),
        cmocka_unit_test(evidence_is_a_density_in_the_datas_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
