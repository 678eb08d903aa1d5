/* test_check.c - checks of models: p values of a right one are uniform, and a wrong spread or
 * dependence is found. An untrained model is exact: each column has its own law, as trained rows
 * have it, so that rows which it has drawn are rows of a right model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/kinds_table.h"

#include "check/ranks.h"
#include "math/by_hand.h"
#include "table/dataset.h"

enum { RUNS = 100, ROWS = 300, TESTS = 5 };

/* Kolmogorov's distance of p values from uniform ones, of n numbers: above 1.95 one time in a
 * thousand. */
static double distance(double *p, size_t n)
{
    double most = 0;
    for (size_t i = 1; i < n; i++) /* sorted by insertion */
        for (size_t k = i; k > 0 && p[k - 1] > p[k]; k--) {
            const double held = p[k];
            p[k] = p[k - 1];
            p[k - 1] = held;
        }
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fmax(fabs(p[i] - (double)i / (double)n),
                               fabs(p[i] - (double)(i + 1) / (double)n)));
    return most * sqrt((double)n);
}

static void assert_uniform(const char *what, double *p, size_t n)
{
    const double found = distance(p, n);
    if (!(found < 1.95))
        fail_msg("%s: p values are %.2f from uniform ones, of 1.95", what, found);
}

/* Rows that the model draws, with its columns, and numbers `width` times as far from the middle. */
static nq_dataset *rows_of_model(nq_context *context, const nq_model *model,
                                 const nq_dataset *like, size_t rows, uint64_t seed, double width)
{
    const size_t columns = nq_model_columns(model);
    const nq_sample_options options = {.rows = rows, .seed = seed};
    double *x = malloc(rows * columns * sizeof *x), mean;
    nq_dataset *data;
    assert_ok(nq_sample(x, context, model, &options), context);
    for (size_t i = 0; i < rows * columns && width != 1; i++) {
        nq_model_column_scaling(&mean, NULL, model, i % columns);
        x[i] = mean + width * (x[i] - mean);
    }
    assert_ok(nqi_dataset_from_array_like(&data, context, x, rows, like), context);
    free(x);
    return data;
}

static nq_check checked(nq_context *context, const nq_model *model, const nq_dataset *data,
                        uint64_t seed, size_t given_rows, size_t self_rows)
{
    const nq_check_options options = {.seed = seed,
                                      .given_rows = given_rows,
                                      .self_rows = self_rows,
                                      .draws = 9,
                                      .permutations = 99};
    nq_check found;
    assert_ok(nq_check_estimate(&found, context, model, data, &options), context);
    return found;
}

/* p of each test, of run `r`; one that was not made is NaN. */
static void keep_p(double p[TESTS][RUNS], size_t r, const nq_check *found)
{
    const double of[TESTS] = {found->marginal.p, found->given.p, found->self.p,
                              found->classifier.p, found->density.p};
    for (size_t k = 0; k < TESTS; k++)
        p[k][r] = of[k];
}

static const char *const test_names[TESTS] = {"marginal", "given", "self", "classifier",
                                              "density"};

/* A Gaussian number with the exact reverse kernels. */
static void p_values_of_an_exact_number_are_uniform(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    nq_model *model = line_model(context, "8", "1e-3", "x0");
    const double two[2] = {-1, 1};
    nq_dataset *like = dataset_of(context, two, 2, 1);
    double p[TESTS][RUNS], single[RUNS];
    size_t alarms = 0;
    const double deviation = sqrt(set_line(model, 2.25, 1, 1));
    for (size_t r = 0; r < RUNS; r++) {
        const nqi_stream law = {r, NQI_DRAW_TEST, 1, 0};
        double x[ROWS];
        for (size_t i = 0; i < ROWS; i++)
            x[i] = deviation * nqi_stream_normal(&law, i);
        nq_dataset *data = dataset_of(context, x, ROWS, 1);
        nq_check found = checked(context, model, data, r + 1, 0, 0);
        assert_true(!found.given.rows && found.given.why && !found.self.rows && found.self.why);
        keep_p(p, r, &found);
        single[r] = found.columns[0].marginal.p_shape;
        alarms += !found.is_calibrated;
        nq_check_free(&found);
        nq_dataset_free(data);
    }
    assert_uniform("marginal", p[0], RUNS);
    assert_uniform("chi square", single, RUNS);
    assert_uniform("classifier", p[3], RUNS);
    assert_uniform("density", p[4], RUNS);
    assert_true(alarms <= 14); /* of 5 % with a chance of 1e-4 */
    nq_dataset_free(like);
    nq_model_free(model);
    nq_context_free(context);
}

/* Draws 20 % too wide, and 20 % too narrow. */
static void a_wrong_spread_of_one_number_is_found(void **state)
{
    (void)state;
    static const double wrong[] = {1.2, 0.8};
    nq_context *context = context_open(2);
    nq_model *model = line_model(context, "8", "1e-3", "x0");
    const double deviation = sqrt(set_line(model, 2.25, 1, 1));
    for (size_t k = 0; k < 2; k++) {
        size_t hits = 0, told = 0;
        for (size_t r = 0; r < RUNS; r++) {
            const nqi_stream law = {r, NQI_DRAW_TEST, 2, (uint32_t)k};
            double x[ROWS];
            for (size_t i = 0; i < ROWS; i++)
                x[i] = deviation / wrong[k] * nqi_stream_normal(&law, i);
            nq_dataset *data = dataset_of(context, x, ROWS, 1);
            nq_check found = checked(context, model, data, r + 1, 0, 0);
            hits += !found.is_calibrated;
            told += (found.columns[0].marginal.spread > 0) == (wrong[k] < 1);
            nq_check_free(&found);
            nq_dataset_free(data);
        }
        if (hits < 95 || told < 99)
            fail_msg("draws %g times too wide are found in %zu of %d runs, the direction in %zu",
                     wrong[k], hits, RUNS, told);
    }
    nq_model_free(model);
    nq_context_free(context);
}

/* Columns of all kinds, with roles: p(a column | others) is the column's own law. */
static void p_values_of_a_mixed_table_are_uniform(void **state)
{
    (void)state;
    static const setting settings[] = {{"kernel", "mixed"}, {"hidden", "8"},     {"steps", "8"},
                                       {"roles", "1"},      {"learn_last", "1"}, {NULL, NULL}};
    enum { COLUMNS_MOST = 8, FEW = 120 };
    nq_context *context = context_open(2);
    nq_dataset *rows = table_rows(context, 600, 1), *like;
    nq_model *model = model_of(context, rows, settings);
    double p[TESTS][RUNS], column[COLUMNS_MOST][RUNS], holm[RUNS];
    size_t alarms = 0, flagged = 0;
    assert_ok(nq_dataset_for_model(&like, context, rows, model), context);
    for (size_t r = 0; r < RUNS; r++) {
        nq_dataset *data = rows_of_model(context, model, like, FEW, 1000 + r, 1);
        nq_check found = checked(context, model, data, r + 1, 60, 120);
        keep_p(p, r, &found);
        holm[r] = 1;
        for (size_t j = 0; j < found.column_count; j++) {
            column[j][r] = found.columns[j].given.p;
            holm[r] = fmin(holm[r], found.columns[j].marginal.p_adjusted);
            holm[r] = fmin(holm[r], found.columns[j].given.p_adjusted);
        }
        alarms += !found.is_calibrated;
        flagged += holm[r] < found.level;
        nq_check_free(&found);
        nq_dataset_free(data);
    }
    for (size_t k = 0; k < TESTS; k++)
        assert_uniform(test_names[k], p[k], RUNS);
    for (size_t j = 0; j < nq_model_columns(model); j++)
        assert_uniform("a column given others", column[j], RUNS);
    assert_true(flagged <= 14 &&
                alarms <= 18); /* of 5 % and at most 10 %, with chances of 1e-4 */
    nq_dataset_free(like);
    nq_dataset_free(rows);
    nq_model_free(model);
    nq_context_free(context);
}

/* Four numbers; the rows are a fifth narrower than the model, or go together. */
static void what_is_wrong_with_several_numbers_is_told(void **state)
{
    (void)state;
    static const setting settings[] = {{"kernel", "gaussian"},
                                       {"regressor", "rbf"},
                                       {"hidden", "1"},
                                       {"steps", "8"},
                                       {NULL, NULL}};
    enum { DIM = 4 };
    nq_context *context = context_open(2);
    nq_dataset *like = dataset_made(context, "gaussian", 500, DIM, 5);
    nq_model *model = model_of(context, like, settings);
    nq_dataset *narrow = rows_of_model(context, model, like, ROWS, 8, 1 / 1.2);
    nq_check found = checked(context, model, narrow, 1, 0, 0);
    assert_true(!found.is_calibrated && found.density.p < 1e-6 && found.bound_test.shift > 4);
    for (size_t j = 0; j < DIM; j++)
        assert_true(found.columns[j].width_ratio > 1.02 && found.columns[j].marginal.spread < -2);
    assert_true(found.coverage[0].part[2] > 0.9 + 3 * found.coverage[0].se[2]);
    nq_check_free(&found);
    const nq_generate_options of = {.rows = 1000, .dim = DIM, .noise = 0.5, .seed = 9};
    nq_dataset *together;
    assert_ok(nq_dataset_generate(&together, context, "gaussian", &of), context);
    found = checked(context, model, together, 1, 0, 0);
    assert_true(!found.is_calibrated && found.classifier.p == 0.01 && found.auc > 0.6);
    for (size_t j = 0; j < DIM; j++) /* each alone is right, but for 500 rows' chance */
        assert_true(fabs(found.columns[j].width_ratio - 1) < 0.15);
    nq_check_free(&found);
    nq_dataset_free(together);
    nq_dataset_free(narrow);
    nq_dataset_free(like);
    nq_model_free(model);
    nq_context_free(context);
}

/* Three bits whose law no network learned: the filter's draws agree with it. */
static void bits_agree_with_themselves(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    nq_model *model = bit_model(context, "8", "0.5");
    nq_dataset *like = states_dataset(context);
    set_random_logits(model, 3, 1.5);
    nq_dataset *data = rows_of_model(context, model, like, 1000, 4, 1);
    nq_check found = checked(context, model, data, 2, 0, 300);
    assert_string_equal(found.self_method, "particles");
    assert_int_equal(found.self.rows, 300);
    assert_true(found.is_calibrated && found.is_consistent);
    assert_true(found.columns[0].is_level && found.coverage_count == 2);
    nq_check_free(&found);
    nq_dataset_free(data);
    nq_dataset_free(like);
    nq_model_free(model);
    nq_context_free(context);
}

/* A row with a gap counts in the columns that it has. */
static void gaps_are_passed_over(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *like = dataset_made(context, "gaussian", 100, 2, 5);
    nq_model *model = model_of(context, like, (const setting[]){{"steps", "8"}, {NULL, NULL}});
    double x[200];
    nq_check found;
    for (size_t r = 0; r < 100; r++)
        nq_dataset_row(x + 2 * r, like, r);
    for (size_t r = 0; r < 30; r++)
        x[2 * r] = (double)NAN;
    nq_dataset *data = dataset_of(context, x, 100, 2);
    assert_ok(nq_check_estimate(&found, context, model, data, NULL), context);
    assert_true(found.rows == 100 && found.full == 70 && found.classifier.rows == 70);
    assert_true(found.columns[0].marginal.rows == 70 && found.columns[1].marginal.rows == 100);
    nq_check_free(&found);
    nq_dataset_free(data);
    data = dataset_of(context, x, 10, 2);
    assert_int_equal(nq_check_estimate(&found, context, model, data, NULL), NQ_ERROR_SHAPE);
    assert_int_equal(nq_check_estimate(&found, context, model, like,
                                       &(nq_check_options){.level = 2}),
                     NQ_ERROR_ARGUMENT);
    nq_dataset_free(data);
    nq_dataset_free(like);
    nq_model_free(model);
    nq_context_free(context);
}

static void neither_threads_nor_a_second_run_change_it(void **state)
{
    (void)state;
    nq_check found[2];
    for (int k = 0; k < 2; k++) {
        nq_context *context = context_open(k + 1);
        nq_dataset *rows = table_rows(context, 200, 1);
        nq_model *model = model_of(context, rows, small_mixed);
        found[k] = checked(context, model, rows, 3, 0, 30);
        nq_model_free(model);
        nq_dataset_free(rows);
        nq_context_free(context);
    }
    assert_true(found[0].p == found[1].p && found[0].auc == found[1].auc &&
                found[0].self.p == found[1].self.p && found[0].density.p == found[1].density.p);
    nq_check_free(&found[0]);
    nq_check_free(&found[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_values_of_an_exact_number_are_uniform),
        cmocka_unit_test(a_wrong_spread_of_one_number_is_found),
        cmocka_unit_test(p_values_of_a_mixed_table_are_uniform),
        cmocka_unit_test(what_is_wrong_with_several_numbers_is_told),
        cmocka_unit_test(bits_agree_with_themselves),
        cmocka_unit_test(gaps_are_passed_over),
        cmocka_unit_test(neither_threads_nor_a_second_run_change_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
