/* test_untrained.c - before training, K - L_null is 0 whatever the model, as users see it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/math_test.h"

typedef struct variant {
    const char *regressor, *hidden, *readout, *mean_form, *schedule, *steps;
    const char *variance_form, *learn_last, *beta_1;
} variant;

static const variant variants[] = {
    {"rbf", "16", "per-step", "x0", "log-snr", "40", "free", "0", "0"},
    {"rbf", "16", "per-step", "forward", "learned", "5", "free", "0", "0"},
    {"mlp", "20,20", "per-step", "x0", "linear", "100", "free", "0", "0"},
    {"mlp", "20,20", "per-step", "forward", "constant-fraction", "12", "free", "0", "0"},
    {"mlp", "20,20", "embedding", "x0", "cosine", "50", "free", "0", "0"},
    {"mlp", "20,20", "embedding", "forward", "log-snr", "1000", "free", "0", "0"},
    {"mlp", "20,20", "embedding", "x0", "log-snr", "60", "belief", "0", "1e-4"},
    {"mlp", "20,20", "embedding", "forward", "log-snr", "60", "belief", "1", "1e-9"},
    {"rbf", "16", "per-step", "x0", "cosine", "20", "belief", "1", "0"},
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

static void check_gain(nq_context *context, const nq_dataset *data, const variant *v,
                       const char *kernel, const char *activity)
{
    const setting settings[] = {{"kernel", kernel},
                                {"regressor", v->regressor},
                                {"hidden", v->hidden},
                                {"readout", v->readout},
                                {"mean_form", v->mean_form},
                                {"schedule", v->schedule},
                                {"steps", v->steps},
                                {"activity", activity},
                                {"variance_form", v->variance_form},
                                {"learn_last", v->learn_last},
                                {"beta_1", v->beta_1},
                                {NULL, NULL}};
    nq_model *model = model_of(context, data, settings);
    nq_bound bound;
    const nq_bound_options options = {.terms = 200, .seed = 11};
    assert_ok(nq_bound_estimate(&bound, context, model, data, &options), context);
    assert_true(bound.se > 0);
    assert_true(bound.se < 0.2);
    assert_close(v->schedule, bound.gain, 0, 4 * bound.se);
    nq_bound_free(&bound);
    nq_model_free(model);
}

static void untrained_gaussian_gains_nothing_over_noise(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    const char *const sets[] = {"swissroll", "mixture", "gaussian"};
    for (int v = 0; v < VARIANTS; v++) {
        nq_dataset *data = dataset_made(context, sets[v % 3], 700, 0, 5);
        check_gain(context, data, &variants[v], "gaussian", "0");
        nq_dataset_free(data);
    }
    nq_context_free(context);
}

static void untrained_binomial_gains_nothing_over_noise(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    const char *const activities[] = {"0.5", "0.2", "0"};
    nq_dataset *data = dataset_made(context, "heartbeat", 700, 20, 5);
    for (int v = 0; v < VARIANTS; v++)
        if (strcmp(variants[v].schedule, "learned"))
            check_gain(context, data, &variants[v], "binomial", activities[v % 3]);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* L_null of standardised data is that of a normal, and of bits that of independent bits. */
static void null_is_the_prior_of_the_data(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const setting gaussian[] = {{"steps", "10"}, {"hidden", "4"}, {NULL, NULL}};
    const setting bits[] = {{"steps", "10"}, {"hidden", "4"}, {"activity", "0.2"}, {NULL, NULL}};
    const nq_bound_options options = {.terms = 2, .seed = 1};
    for (int binary = 0; binary < 2; binary++) {
        nq_dataset *data = dataset_made(context, binary ? "heartbeat" : "swissroll", 500, 0, 3);
        nq_model *model = model_of(context, data, binary ? bits : gaussian);
        nq_bound bound;
        assert_ok(nq_bound_estimate(&bound, context, model, data, &options), context);
        /* findings: -2.047 bits a dimension; -14.4386 bits a heartbeat */
        assert_close("L_null in bits", bound.null / log(2), binary ? -14.438562 : -2 * 2.0470956,
                     1e-5);
        nq_bound_free(&bound);
        nq_model_free(model);
        nq_dataset_free(data);
    }
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untrained_gaussian_gains_nothing_over_noise),
        cmocka_unit_test(untrained_binomial_gains_nothing_over_noise),
        cmocka_unit_test(null_is_the_prior_of_the_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
