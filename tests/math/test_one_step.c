/* test_one_step.c - T = 1: of bits whose only step forgets all, a model of independent bits, whose
 * K, likelihood and samples are known. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/likelihood.h>
#include <noneq/sample.h>

#include "math/by_hand.h"

enum { DRAWS = 20000 };
static const double logits[BITS] = {0.7, -1.1, 0.2};

/* Outputs that do not look at x_1. */
static nq_model *factorial(nq_context *context)
{
    const setting settings[] = {{"kernel", "binomial"}, {"regressor", "mlp"},
                                {"hidden", "4"},        {"readout", "per-step"},
                                {"steps", "1"},         {"activity", "0.3"},
                                {"learn_last", "-1"},   {NULL, NULL}};
    nq_dataset *data = states_dataset(context);
    nq_model *model = model_of(context, data, settings);
    for (size_t i = 0; i < BITS; i++)
        model_param(model, "readout.bias", 1)[i] = (nqi_real)logits[i];
    nq_dataset_free(data);
    return model;
}

static double one(size_t i)
{
    return 1 / (1 + exp(-logits[i] - log(0.3 / 0.7)));
}

static double log_law(size_t s)
{
    double sum = 0;
    for (size_t i = 0; i < BITS; i++)
        sum += log((s >> i) & 1 ? one(i) : 1 - one(i));
    return sum;
}

static void a_single_step_is_learned_unless_told_otherwise(void **state)
{
    nq_model *model = factorial(*state);
    assert_int_equal(nq_model_get_options(model)->learn_last, 1);
    assert_close("signal that is left", nq_model_schedule(model)->alpha_bar[0], 0, 1e-12);
    nq_model_free(model);
}

static void the_bound_of_independent_bits_is_their_log_probability(void **state)
{
    nq_model *model = factorial(*state);
    nq_dataset *data = states_dataset(*state);
    nq_bound bound;
    const nq_bound_options each = {.each_row = 1, .terms = 40};
    assert_ok(nq_bound_estimate(&bound, *state, model, data, &each), *state);
    for (size_t s = 0; s < STATES; s++)
        assert_close("K of a row", bound.row_bound[s], log_law(s), 1e-5);
    nq_bound_free(&bound);
    assert_ok(nq_bound_estimate(&bound, *state, model, data, NULL), *state);
    for (size_t s = 0; s < STATES; s++)
        assert_close("K of a row", bound.row_bound[s], log_law(s), 1e-5);
    nq_bound_free(&bound);
    nq_ais ais;
    const nq_ais_options options = {.samples = 25};
    assert_ok(nq_ais_estimate(&ais, *state, model, data, &options), *state);
    double mean = 0;
    for (size_t s = 0; s < STATES; s++)
        mean += log_law(s) / STATES;
    assert_close("log p", ais.lower, mean, 1e-5);
    nq_ais_free(&ais);
    nq_dataset_free(data);
    nq_model_free(model);
}

static void samples_have_their_frequencies(void **state)
{
    nq_model *model = factorial(*state);
    const nq_sample_options options = {.rows = DRAWS, .seed = 3};
    double *rows = malloc(DRAWS * BITS * sizeof *rows);
    assert_non_null(rows);
    assert_ok(nq_sample(rows, *state, model, &options), *state);
    for (size_t i = 0; i < BITS; i++) {
        double sum = 0;
        for (size_t r = 0; r < DRAWS; r++)
            sum += rows[r * BITS + i];
        assert_close("frequency", sum / DRAWS, one(i), 4 * sqrt(0.25 / DRAWS));
    }
    free(rows);
    nq_model_free(model);
}

static void one_step_that_is_not_learned_is_refused(void **state)
{
    const char *const kernels[] = {"gaussian", "binomial"};
    nq_dataset *data = states_dataset(*state);
    for (int k = 0; k < 2; k++) {
        const setting settings[] = {{"kernel", kernels[k]},
                                    {"steps", "1"},
                                    {"learn_last", "0"},
                                    {NULL, NULL}};
        const nq_model_options options = model_options(settings);
        nq_model *model;
        assert_int_equal(nq_model_new(&model, *state, data, &options), NQ_ERROR_ARGUMENT);
        assert_non_null(strstr(nq_context_message(*state), "nothing would be learned"));
    }
    const setting learned[] = {{"kernel", "gaussian"},
                               {"steps", "1"},
                               {"schedule", "learned"},
                               {"learn_last", "-1"},
                               {NULL, NULL}};
    const nq_model_options options = model_options(learned);
    nq_model *model;
    assert_int_equal(nq_model_new(&model, *state, data, &options), NQ_ERROR_ARGUMENT);
    nq_dataset_free(data);
}

static void one_rate_of_each_schedule_ends_in_noise(void **state)
{
    const char *const kinds[] = {"log-snr", "linear", "cosine", "constant-fraction"};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        nq_schedule schedule;
        assert_ok(nq_schedule_new(&schedule, *state, kinds[k], 1, 0, 0.005), *state);
        assert_true(schedule.alpha_bar[0] <= 0.005 + 1e-12);
        assert_close("rate", schedule.one_minus_alpha_bar[0], schedule.beta[0], 1e-12);
        nq_schedule_free(&schedule);
    }
}

static int open_context(void **state)
{
    *state = context_open(2);
    return 0;
}

static int close_context(void **state)
{
    nq_context_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_step_is_learned_unless_told_otherwise),
        cmocka_unit_test(the_bound_of_independent_bits_is_their_log_probability),
        cmocka_unit_test(samples_have_their_frequencies),
        cmocka_unit_test(one_step_that_is_not_learned_is_refused),
        cmocka_unit_test(one_rate_of_each_schedule_ends_in_noise),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
