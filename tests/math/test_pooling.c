/* test_pooling.c - intervals pooled over draws of gaps hold the truth as often as they say, where
 * all laws are known: normal numbers, of which a part is missing at random. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/rng.h"
#include "math/math_test.h"

enum { ROWS = 40, SEEN = 14, DRAWS = 24, MODELS = 4, TABLES = 4000 };

/* A stream of normal numbers and of chi-squares made of them. */
typedef struct source {
    nqi_stream stream;
    uint64_t next;
} source;

static double normal(source *s)
{
    return nqi_stream_normal(&s->stream, s->next++);
}

static double chi_square(source *s, int df)
{
    double sum = 0;
    for (int i = 0; i < df; i++) {
        const double z = normal(s);
        sum += z * z;
    }
    return sum;
}

static void mean_and_variance(const double *x, int count, double *mean, double *variance)
{
    *mean = *variance = 0;
    for (int i = 0; i < count; i++)
        *mean += x[i] / count;
    for (int i = 0; i < count; i++)
        *variance += (x[i] - *mean) * (x[i] - *mean) / (count - 1);
}

/* How the gaps of a table are drawn. */
typedef enum manner {
    PROPER, /* each draw by parameters of its own, from their posterior given what was seen */
    MODELS_SHARE, /* the same, but parameters are shared by the draws of each of four models */
    ONE_MODEL     /* all by the best parameters, as by one trained model */
} manner;

/* Rows x ~ N(3, 4), the first SEEN of them seen; pools the means of completed tables. */
static void pool_one(nq_pooled *out, nq_context *context, source *s, manner how, size_t models)
{
    double x[ROWS], seen_mean, seen_variance, q[DRAWS], u[DRAWS], mean = 0, deviation = 0;
    for (int i = 0; i < ROWS; i++)
        x[i] = 3 + 2 * normal(s);
    mean_and_variance(x, SEEN, &seen_mean, &seen_variance);
    for (int d = 0; d < DRAWS; d++) {
        if (how == ONE_MODEL) {
            mean = seen_mean;
            deviation = sqrt(seen_variance);
        } else if (how == PROPER || d % (DRAWS / MODELS) == 0) {
            deviation = sqrt(seen_variance * (SEEN - 1) / chi_square(s, SEEN - 1));
            mean = seen_mean + deviation / sqrt(SEEN) * normal(s);
        }
        for (int i = SEEN; i < ROWS; i++)
            x[i] = mean + deviation * normal(s);
        mean_and_variance(x, ROWS, &q[d], &u[d]);
        u[d] /= ROWS;
    }
    assert_ok(nq_pool(out, context, q, u, DRAWS,
                      &(nq_pool_options){.df = ROWS - 1, .level = 0.9, .models = models}),
              context);
}

static double coverage(manner how, size_t models)
{
    nq_context *context = context_open(1);
    source s = {{.seed = 11, .purpose = NQI_DRAW_TEST, .step = (uint32_t)how}, 0};
    double held = 0;
    for (int i = 0; i < TABLES; i++) {
        nq_pooled pooled;
        pool_one(&pooled, context, &s, how, models);
        held += (pooled.low <= 3 && 3 <= pooled.high) / (double)TABLES;
    }
    nq_context_free(context);
    return held;
}

/* The error of a share of .9 is .0047: four of them. */
static void intervals_hold_the_truth_as_often_as_they_say(void **state)
{
    (void)state;
    assert_close("coverage of proper draws", coverage(PROPER, 0), 0.9, 0.019);
}

static void models_that_err_for_all_their_draws_are_counted_as_models(void **state)
{
    (void)state;
    assert_close("coverage, models named", coverage(MODELS_SHARE, MODELS), 0.9, 0.019);
    if (!(coverage(MODELS_SHARE, 0) < 0.88))
        fail_msg("draws of shared models pass for draws of models of their own");
}

static void draws_of_one_model_are_too_sure(void **state)
{
    (void)state;
    if (!(coverage(ONE_MODEL, 0) < 0.88))
        fail_msg("without the model's own uncertainty intervals should be too narrow");
}

static void nested_rules_without_nests_are_rubins(void **state)
{
    static const double q[] = {1.2, 0.9, 1.5, 1.1, 1.3, 1.0};
    static const double u[] = {0.04, 0.05, 0.045, 0.05, 0.038, 0.06};
    nq_context *context = context_open(1);
    nq_pooled plain, each, nested;
    (void)state;
    assert_ok(nq_pool(&plain, context, q, u, 6, NULL), context);
    assert_ok(nq_pool(&each, context, q, u, 6, &(nq_pool_options){.models = 6}), context);
    assert_memory_equal(&plain, &each, sizeof plain);
    /* By hand: models' means 1.05, 1.3, 1.15; W = .0471667, B = .0158333, within a model
     * (.045 + .08 + .045) / 3; T = W + 4/3 B + .0566667 / 2. */
    assert_ok(nq_pool(&nested, context, q, u, 6, &(nq_pool_options){.models = 3}), context);
    assert_close("between", nested.between, 0.0158333333333333, 1e-12);
    assert_close("within models", nested.within_models, 0.17 / 3, 1e-12);
    assert_close("total", nested.total, 0.283 / 6 + 4.0 / 3 * 0.19 / 12 + 0.17 / 6, 1e-12);
    const double a = 4.0 / 3 * 0.19 / 12 / nested.total, b = 0.17 / 6 / nested.total;
    assert_close("df", nested.df, 1 / (a * a / 2 + b * b / 3), 1e-9);
    nq_context_free(context);
}

static void answers_that_cannot_be_pooled_are_refused(void **state)
{
    static const double q[] = {1, 2, NAN}, u[] = {1, 1, 1}, negative[] = {1, -1, 1};
    nq_context *context = context_open(1);
    nq_pooled out;
    (void)state;
    assert_int_equal(nq_pool(&out, context, q, u, 1, NULL), NQ_ERROR_ARGUMENT);
    assert_non_null(strstr(nq_context_message(context), "two completed tables"));
    assert_int_equal(nq_pool(&out, context, q, u, 3, NULL), NQ_ERROR_ARGUMENT);
    assert_int_equal(nq_pool(&out, context, q, negative, 2, NULL), NQ_ERROR_ARGUMENT);
    assert_int_equal(nq_pool(&out, context, q, u, 2, &(nq_pool_options){.level = 1}),
                     NQ_ERROR_ARGUMENT);
    assert_int_equal(nq_pool(&out, context, q, u, 2, &(nq_pool_options){.df = -1}),
                     NQ_ERROR_ARGUMENT);
    assert_int_equal(nq_pool(&out, context, u, u, 3, &(nq_pool_options){.models = 2}),
                     NQ_ERROR_ARGUMENT);
    assert_non_null(strstr(nq_context_message(context), "equally many"));
    nq_context_free(context);
}

/* Answers that all agree, and answers that are sure. */
static void ends_of_the_rules(void **state)
{
    static const double same[] = {3, 3, 3}, u[] = {0.5, 0.4, 0.6}, none[] = {0, 0, 0},
                        q[] = {1, 2, 3};
    nq_context *context = context_open(1);
    nq_pooled out;
    (void)state;
    assert_ok(nq_pool(&out, context, same, u, 3, NULL), context);
    assert_true(isinf(out.df) && out.lambda == 0);
    assert_close("normal interval", out.high, 3 + 1.959963984540054 * sqrt(0.5), 1e-12);
    assert_ok(nq_pool(&out, context, same, none, 3, &(nq_pool_options){.df = 9}), context);
    assert_true(out.low == 3 && out.high == 3 && out.se == 0);
    assert_ok(nq_pool(&out, context, q, none, 3, &(nq_pool_options){.df = 9}), context);
    assert_true(out.lambda == 1 && out.df == 0 && isinf(out.high) && isinf(out.low));
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_the_truth_as_often_as_they_say),
        cmocka_unit_test(models_that_err_for_all_their_draws_are_counted_as_models),
        cmocka_unit_test(draws_of_one_model_are_too_sure),
        cmocka_unit_test(nested_rules_without_nests_are_rubins),
        cmocka_unit_test(answers_that_cannot_be_pooled_are_refused),
        cmocka_unit_test(ends_of_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
