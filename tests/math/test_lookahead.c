/* test_lookahead.c - the twist that looks ahead, and conditions, against exact laws. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/gauss/gauss.h"
#include "math/posterior_test.h"

/* What is asked of a pair of numbers, and of which variance the sum is. */
typedef struct event {
    size_t terms;
    double coefficient[2];
    size_t intervals;
    double ends[4];
} event;

static nq_evidence *evidence_of(nq_context *context, const nq_model *model, const event *e,
                                size_t column)
{
    const size_t columns[2] = {e->terms > 1 ? 0 : column, 1};
    const nq_condition condition = {e->terms,     columns, e->coefficient,
                                    e->intervals, e->ends, NULL};
    nq_evidence *out;
    assert_ok(nq_evidence_conditions(&out, context, model, &condition, 1, NULL, 1), context);
    return out;
}

static double mass(const event *e, const double *s, size_t column)
{
    const double *c = e->coefficient;
    const double variance = e->terms > 1
                                ? c[0] * c[0] * s[0] + c[1] * c[1] * s[3] + 2 * c[0] * c[1] * s[1]
                                : s[3 * column];
    double sum = 0;
    for (size_t i = 0; i < e->intervals; i++)
        sum += exp(nqi_gauss_log_mass(e->ends[2 * i] / sqrt(variance),
                                      e->ends[2 * i + 1] / sqrt(variance)));
    return log(sum);
}

static int meets(const event *e, const double *row, size_t column)
{
    const double sum =
        e->terms > 1 ? e->coefficient[0] * row[0] + e->coefficient[1] * row[1] : row[column];
    for (size_t i = 0; i < e->intervals; i++)
        if (sum >= e->ends[2 * i] && sum <= e->ends[2 * i + 1])
            return 1;
    return 0;
}

static const event events[] = {
    {1, {1, 0}, 1, {0.5, 1}},
    {1, {1, 0}, 1, {3.719, INFINITY}}, /* of probability 1e-4 */
    {1, {1, 0}, 2, {-INFINITY, -2, 1.5, 1.6}},
    {2, {1, -1}, 1, {0, INFINITY}},
    {2, {1, 1}, 1, {4, INFINITY}},
    {2, {1, -2}, 2, {-3, -2.5, 2, 2.25}},
};
enum { EVENTS = sizeof events / sizeof *events };

static void conditions_have_their_probability_and_are_met(void **state)
{
    double s[4];
    nq_context *context = context_open(2);
    nq_model *model = pair_model(context, "40", 0.8, s);
    (void)state;
    for (size_t i = 0; i < EVENTS; i++) {
        nq_evidence *evidence = evidence_of(context, model, &events[i], i % 2);
        nq_posterior p = posterior_of(context, model, evidence,
                                      (posterior_call){.draws = 2000, .particles = 64});
        assert_true(p.log_evidence_se[0] < 0.1);
        assert_close("log probability", p.log_evidence[0], mass(&events[i], s, i % 2),
                     4 * p.log_evidence_se[0] + 1e-3);
        for (size_t d = 0; d < p.draws; d++)
            if (!meets(&events[i], p.samples + d * 2, i % 2))
                fail_msg("event %zu: %.17g, %.17g", i, p.samples[2 * d], p.samples[2 * d + 1]);
        nq_posterior_free(&p);
        nq_evidence_free(evidence);
    }
    nq_model_free(model);
    nq_context_free(context);
}

/* The law beside the condition: E[x_2 | x_1 >= a] = c / v E[x_1 | x_1 >= a]. */
static void what_is_not_asked_has_the_law_given_what_is(void **state)
{
    double s[4], mean[2] = {0, 0};
    nq_context *context = context_open(2);
    nq_model *model = pair_model(context, "40", 0.8, s);
    nq_evidence *evidence = evidence_of(context, model, &events[1], 0);
    nq_posterior p =
        posterior_of(context, model, evidence, (posterior_call){.draws = 8000, .particles = 64});
    const double a = 3.719 / sqrt(s[0]);
    const double tail = sqrt(s[0]) * exp(nqi_gauss_log_density(a) - nqi_gauss_log_cdf(-a));
    (void)state;
    for (size_t d = 0; d < p.draws; d++)
        for (int k = 0; k < 2; k++)
            mean[k] += p.samples[2 * d + (size_t)k] / (double)p.draws;
    assert_close("mean of the condition", mean[0], tail, 0.02);
    assert_close("mean beside it", mean[1], s[1] / s[0] * tail, 0.05);
    nq_posterior_free(&p);
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_context_free(context);
}

/* Of many seeds the estimates spread as their printed errors say. */
static void printed_errors_are_the_spread_over_seeds(void **state)
{
    enum { SEEDS = 60 };
    const double values[2] = {1.5, NAN};
    double s[4], squares[2] = {0, 0}, sums[2] = {0, 0};
    nq_context *context = context_open(2);
    nq_model *model = pair_model(context, "40", 0.8, s);
    nq_evidence *evidence[2];
    (void)state;
    evidence[0] = evidence_of(context, model, &events[4], 0);
    assert_ok(nq_evidence_clamp(&evidence[1], context, model, values, 1), context);
    const double exact[2] = {mass(&events[4], s, 0), log_normal_density(1.5, s[0])};
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        for (int k = 0; k < 2; k++) {
            nq_posterior p =
                posterior_of(context, model, evidence[k],
                             (posterior_call){.draws = 512, .particles = 64, .seed = seed});
            const double z = (p.log_evidence[0] - exact[k]) / p.log_evidence_se[0];
            squares[k] += z * z / SEEDS;
            sums[k] += z / SEEDS;
            nq_posterior_free(&p);
        }
    for (int k = 0; k < 2; k++) {
        assert_close("mean of errors in printed ones", sums[k], 0, 0.55);
        assert_close("mean square of errors in printed ones", squares[k], 1.25, 0.65);
        nq_evidence_free(evidence[k]);
    }
    nq_model_free(model);
    nq_context_free(context);
}

/* Two of three bits are ones, and the first is one of them. */
static void conditions_on_bits_match_enumeration(void **state)
{
    static const size_t columns[3] = {0, 1, 2};
    static const double ones[3] = {1, 1, 1}, two[2] = {2, 2}, one[2] = {1, 1};
    const nq_condition conditions[2] = {{3, columns, ones, 1, two, NULL},
                                        {1, columns, ones, 1, one, NULL}};
    double law[STATES], r[STATES];
    nq_context *context = context_open(2);
    nq_model *model = bit_model(context, "6", "0.4");
    (void)state;
    set_random_logits(model, 3, 1.5);
    bit_law(law, context, model);
    for (size_t k = 1; k < 3; k++) {
        nq_evidence *evidence;
        double total = 0;
        for (size_t x = 0; x < STATES; x++) {
            r[x] = (x & 1) + (x >> 1 & 1) + (x >> 2 & 1) == 2 && (k < 2 || (x & 1));
            total += r[x] * law[x];
        }
        assert_ok(nq_evidence_conditions(&evidence, context, model, conditions, k, NULL, 1),
                  context);
        nq_posterior p = posterior_of(context, model, evidence,
                                      (posterior_call){.draws = 4096, .particles = 64});
        assert_close("log probability", p.log_evidence[0], log(total),
                     4 * p.log_evidence_se[0] + 1e-3);
        for (size_t x = 0; x < STATES; x++) {
            double share = 0;
            for (size_t d = 0; d < p.draws; d++) {
                const double *row = p.samples + d * BITS;
                const int at = (row[0] > 0) + 2 * (row[1] > 0) + 4 * (row[2] > 0);
                share += (size_t)at == x ? 1 / (double)p.draws : 0;
            }
            assert_close("share of a state", share, r[x] * law[x] / total, 0.05);
        }
        nq_posterior_free(&p);
        nq_evidence_free(evidence);
    }
    nq_model_free(model);
    nq_context_free(context);
}

static void refused(nq_context *context, const nq_model *model, const nq_condition *condition,
                    size_t count, const char *words)
{
    nq_evidence *evidence;
    const nq_status status =
        nq_evidence_conditions(&evidence, context, model, condition, count, NULL, 1);
    if (status == NQ_OK || evidence || !strstr(nq_context_message(context), words))
        fail_msg("%d: %s", (int)status, nq_context_message(context));
}

static void what_cannot_be_is_refused_in_words(void **state)
{
    static const size_t columns[2] = {0, 1}, wrong[2] = {1, 1}, beyond[1] = {7};
    static const double c[2] = {1, 1}, zero[2] = {1, 0}, point[2] = {1, 1}, turned[2] = {2, 1};
    static const double wide[2] = {0, 1};
    nq_context *context = context_open(1);
    double s[4];
    nq_model *model = pair_model(context, "5", 0.8, s);
    const nq_condition good = {1, columns, c, 1, wide, NULL};
    const nq_condition twice[2] = {good, good};
    nq_evidence *evidence;
    nq_posterior p;
    nq_posterior_options options;
    (void)state;
    refused(context, model, &(nq_condition){2, columns, c, 1, point, NULL}, 1, "tolerance");
    refused(context, model, &(nq_condition){2, columns, zero, 1, wide, NULL}, 1, "coefficient");
    refused(context, model, &(nq_condition){1, columns, c, 1, turned, NULL}, 1, "rise");
    refused(context, model, &(nq_condition){2, wrong, c, 1, wide, NULL}, 1, "rising order");
    refused(context, model, &(nq_condition){1, beyond, c, 1, wide, NULL}, 1, "column 8");
    refused(context, model, &(nq_condition){0, columns, c, 1, wide, NULL}, 1, "expected columns");
    refused(context, model, twice, 2, "two conditions");
    refused(context, model, &good, 0, "at least 1");
    assert_ok(nq_evidence_conditions(&evidence, context, model, &good, 1, NULL, 1), context);
    options = posterior_options((posterior_call){.twist = "informed", .draws = 8});
    assert_int_equal(nq_posterior_sample(&p, context, model, evidence, &options),
                     NQ_ERROR_UNSUPPORTED);
    assert_non_null(strstr(nq_context_message(context), "lookahead"));
    options = posterior_options((posterior_call){.method = "paper", .draws = 8});
    assert_int_equal(nq_posterior_sample(&p, context, model, evidence, &options),
                     NQ_ERROR_UNSUPPORTED);
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_have_their_probability_and_are_met),
        cmocka_unit_test(what_is_not_asked_has_the_law_given_what_is),
        cmocka_unit_test(printed_errors_are_the_spread_over_seeds),
        cmocka_unit_test(conditions_on_bits_match_enumeration),
        cmocka_unit_test(what_cannot_be_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
