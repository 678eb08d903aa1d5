/* parzen_cases.h - the Parzen-window estimate against every kernel summed one by one; the same
 * cases for the float32 library and its float64 twin. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_UNIT_PARZEN_CASES_H
#define TESTS_UNIT_PARZEN_CASES_H

#include "core/real.h"
#include "math/math_test.h"
#include "unit/says.h"

#define TOLERANCE (sizeof(nqi_real) == 8 ? 1e-11 : 2e-5) /* relative to the log likelihood */

/* Uneven clusters far from the origin, which is where uncentred products would lose digits. */
static double *numbers_new(size_t count, unsigned seed)
{
    double *out = malloc(count * sizeof *out);
    unsigned state = seed * 2654435761u + 12345u;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        const double u = (double)(state >> 8) / 16777216.0;
        out[i] = (double)(1000 + 255 * (u < 0.4 ? 0.1 * u : u));
    }
    return out;
}

typedef struct table {
    double *values;
    nq_dataset *set;
    size_t rows, dim;
} table;

static table table_new(nq_context *context, size_t rows, size_t dim, unsigned seed)
{
    table out = {numbers_new(rows * dim, seed), NULL, rows, dim};
    out.set = dataset_of(context, out.values, rows, dim);
    return out;
}

static void table_free(table *t)
{
    nq_dataset_free(t->set);
    free(t->values);
}

static double row_by_hand(const table *samples, const double *x, double unit, double width)
{
    double *log_term = malloc(samples->rows * sizeof *log_term);
    for (size_t s = 0; s < samples->rows; s++) {
        double square = 0;
        for (size_t i = 0; i < samples->dim; i++) {
            const double gap =
                ((double)x[i] - (double)samples->values[s * samples->dim + i]) / unit;
            square += gap * gap;
        }
        log_term[s] = -square / (2 * width * width) -
                      (double)samples->dim / 2 * log(2 * acos(-1) * width * width);
    }
    const double result = nq_log_mean_exp(NULL, log_term, samples->rows);
    free(log_term);
    return result;
}

static nq_parzen by_hand(const table *samples, const table *data, double unit, double width)
{
    nq_parzen out = {data->rows, samples->rows, data->dim, width, 0, 0, 0};
    double squares = 0;
    for (size_t r = 0; r < data->rows; r++) {
        const double log_p = row_by_hand(samples, data->values + r * data->dim, unit, width);
        out.likelihood += log_p;
        squares += log_p * log_p;
    }
    const double rows = (double)data->rows;
    out.likelihood /= rows;
    out.se = sqrt((squares / rows - out.likelihood * out.likelihood) / (rows - 1));
    return out;
}

/* More samples than a call of the dense kernel takes, rows that leave a block half empty. */
static void check_by_hand(size_t samples, size_t rows, size_t dim, double width)
{
    nq_context *context = context_open(2);
    table model = table_new(context, samples, dim, 1), data = table_new(context, rows, dim, 2);
    const nq_parzen_options options = {.unit = 255, .width = width};
    nq_parzen got;
    assert_ok(nq_parzen_estimate(&got, context, model.set, data.set, NULL, &options), context);
    const nq_parzen expected = by_hand(&model, &data, 255, width);
    assert_close("log likelihood", got.likelihood, expected.likelihood,
                 TOLERANCE * fmax(fabs(expected.likelihood), 1 / (width * width)));
    assert_int_equal(got.samples, samples);
    assert_int_equal(got.rows, rows);
    assert_int_equal(got.dim, dim);
    if (rows > 1)
        assert_close("standard error", got.se, expected.se,
                     1e-3 * expected.se + 1e-6 * fabs(expected.likelihood));
    else
        assert_true(got.se == INFINITY);
    table_free(&model);
    table_free(&data);
    nq_context_free(context);
}

static void estimate_is_that_of_every_kernel_by_hand(void **state)
{
    (void)state;
    check_by_hand(300, 130, 7, 0.18);
    check_by_hand(129, 64, 33, 0.18);
    check_by_hand(1, 3, 5, 0.3);
    check_by_hand(50, 1, 1, 0.05);
    check_by_hand(128, 17, 784, 0.2);
}

/* Beyond one slab of samples, whose largest terms come late for some rows and early for others. */
static void samples_of_several_slabs_are_one_mixture(void **state)
{
    (void)state;
    check_by_hand(9000, 70, 3, 0.06);
}

static void threads_do_not_change_a_digit(void **state)
{
    nq_parzen result[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        nq_context *context = context_open(i ? 3 : 1);
        table model = table_new(context, 700, 20, 1), data = table_new(context, 300, 20, 2),
              valid = table_new(context, 90, 20, 3);
        const nq_parzen_options options = {.unit = 255};
        assert_ok(nq_parzen_estimate(&result[i], context, model.set, data.set, valid.set,
                                     &options),
                  context);
        table_free(&model);
        table_free(&data);
        table_free(&valid);
        nq_context_free(context);
    }
    assert_true(result[0].likelihood == result[1].likelihood);
    assert_true(result[0].se == result[1].se);
    assert_true(result[0].width == result[1].width);
}

/* No width within 15 % is better on the validation rows by more than a hair. */
static void chosen_width_is_best_on_the_validation_rows(void **state)
{
    nq_context *context = context_open(2);
    table model = table_new(context, 400, 6, 1), data = table_new(context, 50, 6, 2),
          valid = table_new(context, 200, 6, 3);
    const nq_parzen_options options = {.unit = 255};
    nq_parzen chosen, other;
    (void)state;
    assert_ok(nq_parzen_estimate(&chosen, context, model.set, data.set, valid.set, &options),
              context);
    assert_true(chosen.width > 0.05 && chosen.width < 1);
    assert_int_equal(chosen.rows, 50);
    const double best = by_hand(&model, &valid, 255, chosen.width).likelihood;
    for (double factor = 0.85; factor < 1.16; factor += 0.03) {
        other = by_hand(&model, &valid, 255, chosen.width * factor);
        assert_true(other.likelihood < best + 1e-2);
    }
    assert_true(by_hand(&model, &valid, 255, chosen.width * 1.3).likelihood < best);
    assert_true(by_hand(&model, &valid, 255, chosen.width / 1.3).likelihood < best);
    table_free(&model);
    table_free(&data);
    table_free(&valid);
    nq_context_free(context);
}

/* A row that is a sample, and all others far away: the kernel's own height, less log S. */
static void row_on_a_sample_has_the_height_of_a_kernel(void **state)
{
    nq_context *context = context_open(1);
    const double samples[4] = {-1e3, 0, 1e3, 0}, rows[2] = {1e3, 0};
    nq_dataset *model = dataset_of(context, samples, 2, 2),
               *data = dataset_of(context, rows, 1, 2);
    const nq_parzen_options options = {.width = 0.5};
    nq_parzen got;
    (void)state;
    assert_ok(nq_parzen_estimate(&got, context, model, data, NULL, &options), context);
    assert_close("height", got.likelihood, -log(2 * acos(-1) * 0.25) - log(2), 1e-9);
    nq_dataset_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Rows of which none is near a sample keep a finite log likelihood. */
static void far_rows_do_not_vanish(void **state)
{
    nq_context *context = context_open(1);
    const double samples[2] = {0, 1}, rows[1] = {5000};
    nq_dataset *model = dataset_of(context, samples, 2, 1),
               *data = dataset_of(context, rows, 1, 1);
    const nq_parzen_options options = {.width = 0.05};
    nq_parzen got;
    (void)state;
    assert_ok(nq_parzen_estimate(&got, context, model, data, NULL, &options), context);
    const double near = 4999 / 0.05;
    assert_close("log likelihood", got.likelihood,
                 -near * near / 2 - log(2) - log(2 * acos(-1) * 0.0025) / 2, 1e-6 * near * near);
    nq_dataset_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void check_refusal(nq_status expected, const char *words, const double *sample,
                          size_t columns, const double *row, const nq_parzen_options *options)
{
    nq_context *context = context_open(1);
    nq_dataset *model = dataset_of(context, sample, 2, columns),
               *data = dataset_of(context, row, 2, 2);
    nq_parzen got = {.rows = 99};
    assert_int_equal(nq_parzen_estimate(&got, context, model, data, NULL, options), expected);
    context_says(context, words);
    assert_int_equal(got.rows, 0);
    nq_dataset_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void hostile_input_is_refused_with_a_sentence(void **state)
{
    const double good[4] = {0, 1, 2, 3}, missing[4] = {0, 1, 2, NAN},
                 infinite[4] = {0, INFINITY, 2, 3}, large[4] = {0, 1, 1e30, 3};
    const nq_parzen_options fine = {.width = 1}, none = {0};
    (void)state;
    check_refusal(NQ_ERROR_SHAPE, "sample 2, column 2", missing, 2, good, &fine);
    check_refusal(NQ_ERROR_SHAPE, "sample 1, column 2", infinite, 2, good, &fine);
    check_refusal(NQ_ERROR_SHAPE, "too large", large, 2, good, &fine);
    check_refusal(NQ_ERROR_SHAPE, "row 2", good, 2, missing, &fine);
    check_refusal(NQ_ERROR_SHAPE, "row 1", good, 2, infinite, &fine);
    check_refusal(NQ_ERROR_SHAPE, "2 columns, but the samples have 1", good, 1, good, &fine);
    check_refusal(NQ_ERROR_ARGUMENT, "width", good, 2, good, &none);
    check_refusal(NQ_ERROR_ARGUMENT, "width", good, 2, good, NULL);
    check_refusal(NQ_ERROR_ARGUMENT, "width -1", good, 2, good,
                  &(nq_parzen_options){.width = -1});
    check_refusal(NQ_ERROR_ARGUMENT, "width is not a number", good, 2, good,
                  &(nq_parzen_options){.width = NAN});
    check_refusal(NQ_ERROR_ARGUMENT, "width 1e-200", good, 2, good,
                  &(nq_parzen_options){.width = 1e-200});
    check_refusal(NQ_ERROR_ARGUMENT, "unit -255", good, 2, good,
                  &(nq_parzen_options){.width = 1, .unit = -255});
    check_refusal(NQ_ERROR_ARGUMENT, "unit is inf", good, 2, good,
                  &(nq_parzen_options){.width = 1, .unit = INFINITY});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimate_is_that_of_every_kernel_by_hand),
        cmocka_unit_test(samples_of_several_slabs_are_one_mixture),
        cmocka_unit_test(threads_do_not_change_a_digit),
        cmocka_unit_test(chosen_width_is_best_on_the_validation_rows),
        cmocka_unit_test(row_on_a_sample_has_the_height_of_a_kernel),
        cmocka_unit_test(far_rows_do_not_vanish),
        cmocka_unit_test(hostile_input_is_refused_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
