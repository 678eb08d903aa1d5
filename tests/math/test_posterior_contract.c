/* test_posterior_contract.c - what posteriors promise beside their law: repeatability, the plain
 * methods, and clear refusals. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/posterior_test.h"
#include "unit/says.h"

enum { ROWS = 128, DRAWN = 5 };

static void fill_gaps(double *values)
{
    const nqi_stream stream = {4, NQI_DRAW_TEST, 0, 0};
    for (size_t j = 0; j < 2 * ROWS; j++)
        values[j] = j % 3 ? (double)nqi_stream_normal(&stream, j) : NAN;
}

static void draws_do_not_depend_on_threads(void **state)
{
    static const char *const methods[] = {"particles", "paper", "noised"};
    double values[2 * ROWS];
    double s[4];
    (void)state;
    fill_gaps(values);
    for (int m = 0; m < 3; m++) {
        nq_posterior p[2];
        for (int k = 0; k < 2; k++) {
            nq_context *context = context_open(k ? 3 : 1);
            nq_model *model = pair_model(context, "10", 0.6, s);
            nq_evidence *evidence;
            assert_ok(nq_evidence_clamp(&evidence, context, model, values, ROWS), context);
            p[k] = posterior_of(context, model, evidence,
                                (posterior_call){.method = methods[m],
                                                 .draws = DRAWN,
                                                 .particles = 32});
            nq_evidence_free(evidence);
            nq_model_free(model);
            nq_context_free(context);
        }
        assert_memory_equal(p[0].samples, p[1].samples, ROWS * DRAWN * 2 * sizeof(double));
        assert_memory_equal(p[0].log_evidence, p[1].log_evidence, ROWS * sizeof(double));
        nq_posterior_free(&p[0]);
        nq_posterior_free(&p[1]);
    }
}

static void targets_drawn_in_parts_are_those_of_one_call(void **state)
{
    double values[2 * ROWS];
    double s[4];
    nq_context *context = context_open(2);
    nq_model *model = pair_model(context, "10", 0.6, s);
    nq_evidence *all, *part;
    nq_posterior whole, second;
    nq_posterior_options options = posterior_options((posterior_call){.draws = 3});
    (void)state;
    fill_gaps(values);
    assert_ok(nq_evidence_clamp(&all, context, model, values, ROWS), context);
    assert_ok(nq_evidence_clamp(&part, context, model, values + ROWS, ROWS / 2), context);
    assert_ok(nq_posterior_sample(&whole, context, model, all, &options), context);
    options.first = ROWS / 2;
    assert_ok(nq_posterior_sample(&second, context, model, part, &options), context);
    assert_memory_equal(whole.samples + ROWS / 2 * 3 * 2, second.samples,
                        ROWS / 2 * 3 * 2 * sizeof(double));
    nq_posterior_free(&whole);
    nq_posterior_free(&second);
    nq_evidence_free(all);
    nq_evidence_free(part);
    nq_model_free(model);
    nq_context_free(context);
}

static void known_cells_come_back_bit_identical_from_every_method(void **state)
{
    static const char *const methods[] = {"particles", "paper", "noised"};
    double values[2 * ROWS];
    double s[4];
    nq_context *context = context_open(2);
    nq_model *model = pair_model(context, "10", 0.6, s);
    nq_evidence *evidence;
    (void)state;
    fill_gaps(values);
    assert_ok(nq_evidence_clamp(&evidence, context, model, values, ROWS), context);
    for (int m = 0; m < 3; m++) {
        nq_posterior p =
            posterior_of(context, model, evidence, (posterior_call){.method = methods[m]});
        for (size_t j = 0; j < 2 * ROWS; j++) {
            assert_true(isfinite(p.samples[j]));
            if (!isnan(values[j]))
                assert_memory_equal(&p.samples[j], &values[j], sizeof values[j]);
        }
        nq_posterior_free(&p);
    }
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_context_free(context);
}

/* Means and variances through the product with a constant r, as in the exact chain. */
static void plain_chain_has_the_law_of_the_published_algorithm(void **state)
{
    enum { DRAWS = 20000 };
    const double y = 0.8;
    const double sigma = 0.5, precision = 4;
    nq_context *context = context_open(2);
    nq_model *model = line_model(context, "5", "1e-2", "x0");
    const nq_schedule *s = &model->process.schedule;
    double mean = 0.8 * precision / (1 + precision), variance = 1 / (1 + precision);
    nq_evidence *evidence;
    (void)state;
    set_line(model, 0.25, 1, 1);
    for (size_t t = s->steps; t > 0; t--) {
        const double beta = s->beta[t - 1];
        const double ratio =
            t > 1 ? line_marginal(s, t - 1, 0.25) / line_marginal(s, t, 0.25) : 1;
        const double a = sqrt(1 - beta) * ratio, c = beta * ratio, v = 1 / (1 / c + precision);
        mean = v * (a * mean / c + 0.8 * precision);
        variance = v + v * v * a * a / (c * c) * variance;
    }
    assert_ok(nq_evidence_gaussian(&evidence, context, model, &y, &sigma, 1), context);
    nq_posterior p =
        posterior_of(context, model, evidence,
                     (posterior_call){.method = "paper", .twist = "constant", .draws = DRAWS});
    assert_moments(&p, 0, 0, mean, variance);
    assert_true(isnan(p.log_evidence[0]));
    nq_posterior_free(&p);
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_context_free(context);
}

/* Total variation between draws given that the first bit is 1 and the law of the data given
 * that. */
static double distance_given_first_bit(nq_context *context, const nq_model *model,
                                       const double *law, size_t jumps)
{
    enum { DRAWS = 20000 };
    const double known[BITS] = {1, NAN, NAN};
    double count[STATES] = {0}, total = 0, distance = 0;
    nq_evidence *evidence;
    assert_ok(nq_evidence_clamp(&evidence, context, model, known, 1), context);
    nq_posterior p =
        posterior_of(context, model, evidence,
                     (posterior_call){.method = "noised", .jumps = jumps, .draws = DRAWS});
    for (size_t d = 0; d < DRAWS; d++) {
        size_t x = 0;
        for (size_t i = 0; i < BITS; i++)
            x |= (size_t)(p.samples[d * BITS + i] > 0) << i;
        count[x] += 1.0 / DRAWS;
    }
    for (size_t x = 1; x < STATES; x += 2)
        total += law[x];
    for (size_t x = 0; x < STATES; x++)
        distance += 0.5 * fabs(count[x] - (x & 1 ? law[x] / total : 0));
    nq_posterior_free(&p);
    nq_evidence_free(evidence);
    return distance;
}

/* Where a stretch is one step, the last is the forward kernel at t = 1 alone: repeating it would
 * forget what the others found. The network is the best there is. */
static void jumps_bring_bits_nearer_to_the_law_given_known_cells(void **state)
{
    static const double law[STATES] = {0.30, 0.02, 0.02, 0.13, 0.04, 0.01, 0.03, 0.45};
    static const char *const steps[] = {"20", "32"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        nq_context *context = context_open(2);
        nq_model *model = bit_model(context, steps[k], "0.5");
        double before = 1;
        set_optimal_logits(model, law);
        for (size_t jumps = 1; jumps <= 16; jumps *= 4) {
            const double distance = distance_given_first_bit(context, model, law, jumps);
            assert_true(distance < before);
            before = distance;
        }
        nq_model_free(model);
        nq_context_free(context);
    }
}

static double not_a_number(void *user, size_t target, const double *x, double *gradient)
{
    (void)user;
    (void)x;
    if (gradient)
        gradient[0] = gradient[1] = 0;
    return target == 1 ? NAN : 0;
}

static void assert_refused(nq_status status, nq_status expected, const nq_context *context,
                           const char *words)
{
    assert_int_equal(status, expected);
    context_says(context, words);
}

static void nonsense_is_refused_in_words(void **state)
{
    double values[4] = {NAN, 1, INFINITY, 0};
    const double fine[4] = {NAN, 1, 0, NAN};
    const double sigma[2] = {1, 0};
    double s[4];
    nq_context *context = context_open(1);
    nq_model *model = pair_model(context, "5", 0.6, s), *bits = bit_model(context, "4", "0.5");
    nq_evidence *evidence;
    nq_posterior p;
    nq_posterior_options options = posterior_options((posterior_call){.twist = "annealed"});
    const double half[BITS] = {0.5, 1, 0};
    (void)state;
    assert_refused(nq_evidence_clamp(&evidence, context, model, values, 2), NQ_ERROR_SHAPE,
                   context, "row 2, column 1");
    assert_null(evidence);
    assert_refused(nq_evidence_clamp(&evidence, context, bits, half, 1), NQ_ERROR_SHAPE, context,
                   "0 or 1");
    assert_refused(nq_evidence_gaussian(&evidence, context, model, fine, sigma, 2),
                   NQ_ERROR_ARGUMENT, context, "column 2");
    assert_refused(nq_evidence_gaussian(&evidence, context, bits, half, sigma, 1),
                   NQ_ERROR_UNSUPPORTED, context, "binomial");
    assert_refused(nq_evidence_bernoulli(&evidence, context, model, fine, 2),
                   NQ_ERROR_UNSUPPORTED, context, "gaussian");
    assert_ok(nq_evidence_clamp(&evidence, context, model, fine, 2), context);
    assert_refused(nq_posterior_sample(&p, context, model, evidence, &options),
                   NQ_ERROR_UNSUPPORTED, context, "informed");
    options = posterior_options((posterior_call){.method = "magic"});
    assert_refused(nq_posterior_sample(&p, context, model, evidence, &options), NQ_ERROR_ARGUMENT,
                   context, "magic");
    options = posterior_options((posterior_call){.particles = 1});
    assert_refused(nq_posterior_sample(&p, context, model, evidence, &options), NQ_ERROR_ARGUMENT,
                   context, "particles");
    nq_evidence_free(evidence);
    options = posterior_options((posterior_call){0});
    assert_ok(nq_evidence_custom(&evidence, context, model, not_a_number, NULL, 1, 2), context);
    assert_refused(nq_posterior_sample(&p, context, model, evidence, &options), NQ_ERROR_DIVERGED,
                   context, "row 2");
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_model_free(bits);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_do_not_depend_on_threads),
        cmocka_unit_test(targets_drawn_in_parts_are_those_of_one_call),
        cmocka_unit_test(known_cells_come_back_bit_identical_from_every_method),
        cmocka_unit_test(jumps_bring_bits_nearer_to_the_law_given_known_cells),
        cmocka_unit_test(plain_chain_has_the_law_of_the_published_algorithm),
        cmocka_unit_test(nonsense_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
