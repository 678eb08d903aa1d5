/* test_ais.c - annealed importance sampling finds the exact likelihood ([SD15] eq. 9). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/by_hand.h"

/* A law over the states that no product of bits is. */
static const double uneven[STATES] = {.30, .02, .05, .13, .01, .20, .04, .25};

static nq_ais ais_of(nq_context *context, const nq_model *model, const nq_dataset *data,
                     nq_ais_options options)
{
    nq_ais ais;
    assert_ok(nq_ais_estimate(&ais, context, model, data, &options), context);
    return ais;
}

/* Every state's estimate is within 4 standard errors of its exact log p, and its plain mean of log
 * weights within a loose range of its exact K. */
static void check_bits(const char *steps, const char *activity, int optimal, int learn_last,
                       size_t samples)
{
    nq_context *context = context_open(2);
    nq_model *model = bit_model(context, steps, activity);
    nq_dataset *data = states_dataset(context);
    double law[STATES], bounds[STATES];
    if (optimal)
        set_optimal_logits(model, uneven);
    else
        set_random_logits(model, 5, 0.5);
    if (learn_last)
        nqi_process_learn_last(&model->process, 1);
    bit_law(law, context, model);
    bit_bounds(bounds, context, model);
    nq_ais ais = ais_of(context, model, data, (nq_ais_options){.samples = samples, .seed = 3});
    assert_int_equal(ais.rows, STATES);
    assert_int_equal(ais.samples, samples);
    for (size_t s = 0; s < STATES; s++) {
        assert_true(ais.row_se[s] < 0.1);
        assert_close("log p", ais.row_likelihood[s], log(law[s]), 4 * ais.row_se[s]);
        assert_true(ais.row_bound[s] < ais.row_likelihood[s]);
        assert_true(ais.row_ess[s] > 1 && ais.row_ess[s] < (double)samples);
        if (!learn_last)
            assert_close("K", ais.row_bound[s], bounds[s], 0.05);
    }
    nq_ais_free(&ais);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

static void ais_is_exact_for_the_optimal_reverse_of_bits(void **state)
{
    (void)state;
    check_bits("6", "0.5", 1, 0, 60000);
}

/* The schedule ends with beta_T = 1 and abar_T = 0. */
static void ais_is_exact_for_any_reverse_of_bits_that_forget_everything(void **state)
{
    (void)state;
    check_bits("8", "0.3", 0, 0, 100000);
}

static void ais_is_exact_where_the_last_step_is_learned(void **state)
{
    (void)state;
    check_bits("6", "0.4", 0, 1, 100000);
}

/* E log p-hat, the plain mean's, rises with S, from K at S = 1 towards log p. */
static void likelihood_rises_with_the_number_of_trajectories(void **state)
{
    static const size_t samples[] = {1, 4, 16, 64};
    enum { COUNTS = sizeof samples / sizeof *samples, RUNS = 60 };
    (void)state;
    nq_context *context = context_open(2);
    nq_model *model = bit_model(context, "6", "0.3");
    nq_dataset *data = states_dataset(context);
    double law[STATES], bounds[STATES], mean[COUNTS] = {0}, exact = 0, bound = 0;
    set_random_logits(model, 9, 1.0);
    bit_law(law, context, model);
    bit_bounds(bounds, context, model);
    for (size_t s = 0; s < STATES; s++) {
        exact += log(law[s]) / STATES;
        bound += bounds[s] / STATES;
    }
    for (size_t k = 0; k < COUNTS; k++)
        for (uint64_t run = 0; run < RUNS; run++) {
            nq_ais ais = ais_of(context, model, data,
                                (nq_ais_options){.samples = samples[k], .seed = 100 + run});
            mean[k] += ais.lower / RUNS;
            nq_ais_free(&ais);
        }
    assert_close("K from single trajectories", mean[0], bound, 0.2);
    for (size_t k = 0; k + 1 < COUNTS; k++)
        assert_true(mean[k] < mean[k + 1]);
    assert_true(mean[COUNTS - 1] < exact + 0.02);
    assert_close("log p", mean[COUNTS - 1], exact, 0.15);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

static double normal_log_density(double x, double variance)
{
    return -0.5 * (log(6.28318530717958647692 * variance) + x * x / variance);
}

static void check_line(const char *form, const char *beta_1, double shrink)
{
    static const double points[] = {0, 0.3, -0.7, 1.5};
    enum { POINTS = sizeof points / sizeof *points };
    nq_context *context = context_open(2);
    nq_model *model = line_model(context, "20", beta_1, form);
    const double variance = set_line(model, 0.5, shrink, 1.1);
    nq_dataset *data = dataset_of(context, points, POINTS, 1);
    nq_ais ais = ais_of(context, model, data, (nq_ais_options){.samples = 20000, .seed = 1});
    for (size_t r = 0; r < POINTS; r++) {
        const double x = (double)points[r];
        assert_true(ais.row_se[r] < 0.05);
        assert_close("log p", ais.row_likelihood[r], normal_log_density(x, variance),
                     4 * ais.row_se[r] + 1e-4);
        assert_close("K", ais.row_bound[r], line_bound(context, model, x), 0.05);
    }
    nq_ais_free(&ais);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

static void ais_is_exact_for_a_linear_chain(void **state)
{
    (void)state;
    check_line("x0", "0.01", 0.97);
    check_line("forward", "0.01", 0.97);
    check_line("paper", "0.01", 0.97);
}

static void ais_is_exact_where_the_first_rate_is_tiny(void **state)
{
    (void)state;
    check_line("x0", "1e-6", 1);
}

/* z = 0 with data of the equilibrium's variance: the reverse is the forward kernel, every weight is
 * pi(x_0), and the weights do not spread. */
static void untrained_model_has_weights_without_spread(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = dataset_made(context, "mixture", 100, 2, 1);
    const setting settings[] = {{"regressor", "mlp"},
                                {"steps", "30"},
                                {"scale", "none"},
                                {NULL, NULL}};
    nq_model *model = model_of(context, data, settings);
    nq_ais ais = ais_of(context, model, data, (nq_ais_options){.samples = 4, .seed = 1});
    nq_bound bound;
    assert_ok(nq_bound_estimate(&bound, context, model, data, NULL), context);
    assert_close("log p", ais.likelihood, bound.null, 1e-4);
    assert_close("effective trajectories", ais.ess, 4, 1e-3);
    assert_true(ais.se < 1e-3);
    nq_bound_free(&bound);
    nq_ais_free(&ais);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

static void assert_same(const nq_ais *a, const nq_ais *b)
{
    assert_int_equal(a->samples, b->samples);
    assert_memory_equal(a->row_likelihood, b->row_likelihood, a->rows * sizeof(double));
    assert_memory_equal(a->row_se, b->row_se, a->rows * sizeof(double));
    assert_memory_equal(a->row_bound, b->row_bound, a->rows * sizeof(double));
}

static void threads_and_rounds_leave_no_trace(void **state)
{
    (void)state;
    nq_ais once, other, doubled;
    for (int threads = 1; threads <= 3; threads += 2) {
        nq_context *context = context_open(threads);
        nq_dataset *data = dataset_made(context, "swissroll", 37, 0, 1);
        const setting settings[] = {{"regressor", "rbf"}, {"steps", "10"}, {NULL, NULL}};
        nq_model *model = model_of(context, data, settings);
        for (size_t i = 0; i < nqi_graph_parameters(&model->regressor.graph); i++)
            model->regressor.params[i] +=
                (nqi_real)0.05 * (nqi_real)sin((double)i); /* weights that spread */
        nq_ais *out = threads == 1 ? &once : &other;
        *out = ais_of(context, model, data, (nq_ais_options){.samples = 400, .seed = 7});
        if (threads == 1)
            doubled = ais_of(context, model, data,
                             (nq_ais_options){.samples = 25,
                                              .target_se = 1e-12,
                                              .most_samples = 400,
                                              .seed = 7});
        nq_dataset_free(data);
        nq_model_free(model);
        nq_context_free(context);
    }
    assert_same(&once, &other);
    assert_same(&once, &doubled);
    assert_true(once.reached);
    assert_false(doubled.reached);
    nq_ais_free(&once);
    nq_ais_free(&other);
    nq_ais_free(&doubled);
}

static void target_error_is_reached_by_doubling(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    nq_model *model = bit_model(context, "6", "0.3");
    nq_dataset *data = states_dataset(context);
    set_random_logits(model, 9, 0.5);
    nq_ais ais = ais_of(context, model, data,
                        (nq_ais_options){.samples = 20, .target_se = 0.005, .seed = 1});
    size_t count = ais.samples;
    assert_true(ais.reached);
    assert_true(ais.se <= 0.005);
    assert_true(count > 20);
    while (count > 20 && count % 2 == 0)
        count /= 2;
    assert_int_equal(count, 20); /* doubled some times */
    nq_ais_free(&ais);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

/* Of many runs, the estimates spread as their standard errors say. */
static void standard_error_is_the_spread_of_runs(void **state)
{
    enum { RUNS = 200 };
    (void)state;
    nq_context *context = context_open(2);
    nq_model *model = bit_model(context, "6", "0.3");
    nq_dataset *data = states_dataset(context);
    double sum = 0, squares = 0, se = 0;
    set_random_logits(model, 9, 0.5);
    for (uint64_t run = 0; run < RUNS; run++) {
        nq_ais ais =
            ais_of(context, model, data, (nq_ais_options){.samples = 200, .seed = 1 + run});
        sum += ais.likelihood / RUNS;
        squares += ais.likelihood * ais.likelihood / RUNS;
        se += ais.se / RUNS;
        nq_ais_free(&ais);
    }
    /* a standard deviation of 200 numbers is known to 5 % */
    assert_close("ratio", sqrt(squares - sum * sum) / se, 1, 0.2);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

static void what_cannot_be_done_is_refused(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_model *model = bit_model(context, "6", "0.3");
    nq_dataset *data = states_dataset(context), *wide;
    nq_ais_run *run;
    nq_ais ais;
    const double row[2] = {0, 1};
    const nq_ais_options negative = {.target_se = -1};
    const nq_ais_options endless = {.samples = SIZE_MAX / 2};
    wide = dataset_of(context, row, 1, 2);
    assert_int_equal(nq_ais_new(&run, context, model, wide, NULL), NQ_ERROR_SHAPE);
    assert_int_equal(nq_ais_new(&run, context, model, data, &negative), NQ_ERROR_ARGUMENT);
    assert_int_equal(nq_ais_new(&run, context, model, data, &endless), NQ_ERROR_ARGUMENT);
    assert_null(run);
    assert_ok(nq_ais_new(&run, context, model, data, NULL), context);
    assert_int_equal(nq_ais_result(&ais, run), NQ_ERROR_ARGUMENT);
    nq_ais_free(&ais);
    nq_ais_run_free(run);
    nq_ais_run_free(NULL);
    nq_dataset_free(wide);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ais_is_exact_for_the_optimal_reverse_of_bits),
        cmocka_unit_test(ais_is_exact_for_any_reverse_of_bits_that_forget_everything),
        cmocka_unit_test(ais_is_exact_where_the_last_step_is_learned),
        cmocka_unit_test(likelihood_rises_with_the_number_of_trajectories),
        cmocka_unit_test(ais_is_exact_for_a_linear_chain),
        cmocka_unit_test(ais_is_exact_where_the_first_rate_is_tiny),
        cmocka_unit_test(untrained_model_has_weights_without_spread),
        cmocka_unit_test(threads_and_rounds_leave_no_trace),
        cmocka_unit_test(target_error_is_reached_by_doubling),
        cmocka_unit_test(standard_error_is_the_spread_of_runs),
        cmocka_unit_test(what_cannot_be_done_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
