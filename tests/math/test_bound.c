/* test_bound.c - the Monte Carlo estimate of K against its exact value, and its errors. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/by_hand.h"

static const double row_law[STATES] = {0.1, 0.25, 0.15, 0.05, 0.2, 0.05, 0.05, 0.15};

/* Rows in which states have the proportions of row_law, shuffled by a stride. */
static nq_dataset *data_of_law(nq_context *context, size_t rows)
{
    double *values = malloc(rows * BITS * sizeof *values);
    assert_non_null(values);
    for (size_t r = 0; r < rows; r++) {
        double left = ((double)(r * 7919 % rows) + 0.5) / (double)rows;
        size_t s = 0;
        while (s + 1 < STATES && left > row_law[s])
            left -= row_law[s++];
        for (size_t i = 0; i < BITS; i++)
            values[r * BITS + i] = (double)((s >> i) & 1);
    }
    nq_dataset *data = dataset_of(context, values, rows, BITS);
    free(values);
    return data;
}

static double exact_bound(nq_context *context, const nq_model *model)
{
    double bounds[STATES], sum = 0;
    bit_bounds(bounds, context, model);
    for (size_t s = 0; s < STATES; s++)
        sum += row_law[s] * bounds[s];
    return sum;
}

static nq_bound estimate(nq_context *context, const nq_model *model, const nq_dataset *data,
                         size_t terms, uint64_t seed)
{
    nq_bound bound;
    const nq_bound_options options = {.terms = terms, .seed = seed};
    assert_ok(nq_bound_estimate(&bound, context, model, data, &options), context);
    return bound;
}

static void estimate_agrees_with_enumeration(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    nq_dataset *data = data_of_law(context, 1000);
    for (uint64_t seed = 1; seed <= 4; seed++) {
        nq_model *model = bit_model(context, "12", seed & 1 ? "0.3" : "0.5");
        set_random_logits(model, seed, 1.5);
        const double exact = exact_bound(context, model);
        /* fewer terms than steps, as many, and a multiple */
        for (size_t terms = 4; terms <= 64; terms *= 4) {
            nq_bound bound = estimate(context, model, data, terms, seed);
            assert_true(bound.se > 0 && bound.se < 0.5);
            assert_close("K", bound.bound, exact, 4 * bound.se);
            assert_close("K less L_null", bound.gain, bound.bound - bound.null, 1e-12);
            nq_bound_free(&bound);
        }
        nq_model_free(model);
    }
    nq_dataset_free(data);
    nq_context_free(context);
}

static void estimate_of_each_step_agrees_with_enumeration(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = data_of_law(context, 2000);
    nq_model *model = bit_model(context, "12", "0.3");
    set_random_logits(model, 9, 1.5);
    nqi_batch batch = state_batch(context, model);
    nq_bound bound = estimate(context, model, data, 110, 3);
    assert_true(bound.kl[0] == 0);
    for (size_t t = 2; t <= 12; t++) {
        double kl = 0;
        for (size_t s = 0; s < STATES; s++)
            kl += row_law[s] * bit_row_kl(model, &batch, t, s);
        assert_true(bound.kl_se[t - 1] > 0);
        assert_close("KL of a step", bound.kl[t - 1], kl, 4.5 * bound.kl_se[t - 1]);
    }
    nq_bound_free(&bound);
    nqi_batch_free(&batch);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* The reported standard error against the spread of independent estimates. 60 of them have a
 * spread that is known to 9 %. */
static void check_spread(nq_context *context, size_t terms)
{
    enum { SEEDS = 60 };
    nq_dataset *data = data_of_law(context, 333);
    nq_model *model = bit_model(context, "12", "0.3");
    set_random_logits(model, 5, 1.5);
    double sum = 0, squares = 0, variance = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        nq_bound bound = estimate(context, model, data, terms, seed);
        sum += bound.bound;
        squares += bound.bound * bound.bound;
        variance += bound.se * bound.se / SEEDS;
        nq_bound_free(&bound);
    }
    const double spread = (squares - sum * sum / SEEDS) / (SEEDS - 1);
    assert_close("reported error over spread", sqrt(variance / spread), 1, 0.36);
    assert_close("mean of estimates", sum / SEEDS, exact_bound(context, model),
                 4 * sqrt(spread / SEEDS) + 0.01);
    nq_model_free(model);
    nq_dataset_free(data);
}

static void reported_error_is_the_spread_over_seeds(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    check_spread(context, 4);
    check_spread(context, 22);
    nq_context_free(context);
}

static void bounds_of_rows_average_to_the_bound(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = data_of_law(context, 300);
    nq_model *model = bit_model(context, "12", "0.3");
    set_random_logits(model, 2, 1);
    double exact[STATES], error[STATES] = {0}, count[STATES] = {0}, sum = 0;
    bit_bounds(exact, context, model);
    nq_bound bound = estimate(context, model, data, 2200, 8);
    for (size_t r = 0; r < bound.rows; r++) {
        double bits[BITS];
        size_t s = 0;
        nq_dataset_row(bits, data, r);
        for (size_t i = 0; i < BITS; i++)
            s |= (size_t)bits[i] << i;
        sum += bound.row_bound[r];
        error[s] += bound.row_bound[r] - exact[s];
        count[s]++;
    }
    assert_close("mean of rows", sum / (double)bound.rows, bound.bound, 1e-10);
    /* rows of one state share the error of about `count` independent estimates */
    for (size_t s = 0; s < STATES; s++)
        assert_close("K of a row", error[s] / count[s], 0,
                     5 * bound.se * sqrt((double)bound.rows / count[s]));
    nq_bound_free(&bound);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void estimate_does_not_depend_on_threads(void **state)
{
    (void)state;
    double bounds[3], errors[3];
    const int threads[3] = {1, 2, 5};
    for (int i = 0; i < 3; i++) {
        nq_context *context = context_open(threads[i]);
        nq_dataset *data = data_of_law(context, 1000);
        nq_model *model = bit_model(context, "12", "0.3");
        set_random_logits(model, 2, 1);
        nq_bound bound = estimate(context, model, data, 22, 1);
        bounds[i] = bound.bound;
        errors[i] = bound.se;
        nq_bound_free(&bound);
        nq_model_free(model);
        nq_dataset_free(data);
        nq_context_free(context);
    }
    for (int i = 1; i < 3; i++) {
        assert_memory_equal(&bounds[i], &bounds[0], sizeof bounds[0]);
        assert_memory_equal(&errors[i], &errors[0], sizeof errors[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimate_agrees_with_enumeration),
        cmocka_unit_test(estimate_of_each_step_agrees_with_enumeration),
        cmocka_unit_test(reported_error_is_the_spread_over_seeds),
        cmocka_unit_test(bounds_of_rows_average_to_the_bound),
        cmocka_unit_test(estimate_does_not_depend_on_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
