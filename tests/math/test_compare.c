/* test_compare.c - shares of columns make K, and differences of models are paired over rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "math_test.h"

#include "core/rng.h"
#include "unit/scratch.h"

enum { ROWS = 300, BAD = 7 };

/* A text, a bit, whole numbers, zeros and amounts, a real number. `bad`: that row has a town that
 * others do not know; `only`: all have the same town. */
static nq_dataset *table_open(nq_context *context, uint64_t seed, size_t bad, const char *only)
{
    static const char *const towns[] = {"Oslo", "Rome", "Bern"};
    const nqi_stream law = {seed, NQI_DRAW_TEST, 0, 0};
    scratch folder;
    assert_int_equal(scratch_new(&folder), 0);
    const char *path = scratch_path(&folder, "table.csv");
    FILE *file = fopen(path, "w");
    nq_dataset *data;
    assert_non_null(file);
    fputs("town,on,count,amount,x\n", file);
    for (size_t r = 0; r < ROWS; r++) {
        const double x = nqi_stream_normal(&law, 4 * r);
        const double u = nqi_stream_uniform(&law, 40000 + 2 * r),
                     v = nqi_stream_uniform(&law, 40001 + 2 * r);
        /* all tables have the same ranges: what lies beyond is impossible */
        const double count = r == 0 ? 300 : r == 1 ? 900 : fmin(fmax(600 + 150 * x, 300), 900);
        const int amount = r == 2 ? 1 : r == 3 ? 999 : u < 0.6 ? 0 : (int)(1 + 998 * v);
        const size_t town = only ? 0 : (size_t)(3 * u * v);
        fprintf(file, "%s,%d,%d,%d,%.6f\n",
                r == bad ? "Nice"
                : only   ? (r % 2 ? only : "Oslo")
                         : towns[town],
                v < 0.3 + 0.2 * (double)town, (int)count, amount, x + (double)town);
    }
    fclose(file);
    const nq_read_options options = {.for_model = 0};
    assert_ok(nq_dataset_open_with(&data, context, path, &options), context);
    scratch_free(&folder);
    return data;
}

static nq_model *model_train(nq_context *context, const nq_dataset *data, int64_t updates)
{
    const nq_model_options small = {.hidden = "8", .steps = 8};
    const nq_train_options options = {.updates = updates, .batch = 64, .seed = 3};
    nq_train_state state = {0};
    nq_trainer *trainer;
    const nq_model *best;
    nq_model *model;
    scratch folder;
    assert_int_equal(scratch_new(&folder), 0);
    const char *path = scratch_path(&folder, "model.nq");
    assert_ok(nq_trainer_new(&trainer, context, data, NULL, &small, &options), context);
    for (; !state.done; nq_trainer_state(&state, trainer))
        assert_ok(nq_trainer_step(trainer), context);
    assert_ok(nq_trainer_model(&best, trainer), context);
    assert_ok(nq_model_save(path, context, best), context);
    assert_ok(nq_model_load(&model, context, path), context);
    scratch_free(&folder);
    nq_trainer_free(trainer);
    return model;
}

typedef struct fixture {
    nq_context *context;
    nq_dataset *train, *test, *bad;
    nq_model *good, *poor;
} fixture;

static int fixture_open(void **state)
{
    static fixture f;
    f.context = context_open(2);
    f.train = table_open(f.context, 1, ROWS, NULL);
    f.test = table_open(f.context, 2, ROWS, NULL);
    f.bad = table_open(f.context, 2, BAD, NULL);
    f.good = model_train(f.context, f.train, 300);
    f.poor = model_train(f.context, f.train, 2);
    *state = &f;
    return 0;
}

static int fixture_close(void **state)
{
    fixture *f = *state;
    nq_model_free(f->good);
    nq_model_free(f->poor);
    nq_dataset_free(f->train);
    nq_dataset_free(f->test);
    nq_dataset_free(f->bad);
    nq_context_free(f->context);
    return 0;
}

static void shares_of_columns_make_the_k_of_each_row(void **state)
{
    const fixture *f = *state;
    for (int each = 0; each < 2; each++) {
        nq_bound_options options = {.terms = each ? 256 : 16, .seed = 4, .each_row = each};
        nq_bound plain, bound;
        assert_ok(nq_bound_estimate(&plain, f->context, f->good, f->bad, &options), f->context);
        options.by_column = 1;
        assert_ok(nq_bound_estimate(&bound, f->context, f->good, f->bad, &options), f->context);
        assert_true(plain.bound == bound.bound && plain.se == bound.se);
        assert_null(plain.row_column_bound);
        assert_int_equal(bound.columns, 5);
        double whole = 0;
        for (size_t c = 0; c < bound.columns; c++) {
            double mean = 0;
            for (size_t r = 0; r < bound.all_rows; r++)
                mean += r == BAD ? 0 : bound.row_column_bound[r * 5 + c] / (double)bound.rows;
            assert_close("a column", bound.column_bound[c], mean, 1e-9);
            whole += mean;
        }
        assert_close("all columns", whole, bound.bound, 2e-5);
        for (size_t r = 0; r < bound.all_rows; r++) {
            double sum = 0;
            for (size_t c = 0; c < bound.columns; c++)
                sum += bound.row_column_bound[r * 5 + c];
            assert_true(plain.row_bound[r] == bound.row_bound[r]);
            if (r == BAD)
                assert_true(isnan(sum) && isinf(bound.row_bound[r]));
            else
                assert_close("a row", sum, bound.row_bound[r], 2e-4);
        }
        nq_bound_free(&plain);
        nq_bound_free(&bound);
    }
}

static void a_model_does_not_differ_from_itself(void **state)
{
    const fixture *f = *state;
    for (size_t rows = 1; rows <= ROWS; rows *= 17) {
        const nq_bound_options options = {.terms = 16,
                                          .seed = 4,
                                          .max_rows = rows,
                                          .by_column = 1};
        nq_comparison found;
        assert_ok(nq_comparison_estimate(&found, f->context, f->good, f->good, f->test, &options),
                  f->context);
        assert_int_equal(found.rows, rows);
        assert_true(found.difference == 0 && found.se == 0 && found.bound[0] == found.bound[1]);
        for (size_t c = 0; c < found.columns; c++)
            assert_true(found.column_difference[c] == 0);
        nq_comparison_free(&found);
    }
}

static void a_difference_is_that_of_two_bounds(void **state)
{
    const fixture *f = *state;
    const nq_bound_options options = {.terms = 16, .seed = 4, .by_column = 1};
    const nq_model *models[2] = {f->good, f->poor};
    nq_bound bounds[2];
    nq_comparison found, swapped;
    double squares = 0, sum = 0;
    for (int i = 0; i < 2; i++)
        assert_ok(nq_bound_estimate(&bounds[i], f->context, models[i], f->test, &options),
                  f->context);
    assert_ok(nq_comparison_estimate(&found, f->context, f->good, f->poor, f->test, &options),
              f->context);
    assert_ok(nq_comparison_estimate(&swapped, f->context, f->poor, f->good, f->test, &options),
              f->context);
    assert_close("difference", found.difference, bounds[0].bound - bounds[1].bound, 1e-9);
    assert_true(found.difference > 3 * found.se);
    assert_true(found.difference == -swapped.difference && found.se == swapped.se);
    for (size_t r = 0; r < ROWS; r++)
        squares += pow(bounds[0].row_bound[r] - bounds[1].row_bound[r] - found.difference, 2);
    const double single = sqrt(squares / (ROWS - 1) / ROWS);
    assert_true(found.se >= single * (1 - 1e-9) && found.se < 2 * single);
    for (size_t c = 0; c < found.columns; c++) {
        assert_close("a column", found.column_difference[c],
                     bounds[0].column_bound[c] - bounds[1].column_bound[c], 1e-9);
        sum += found.column_difference[c];
    }
    assert_close("all columns", sum, found.difference, 2e-5);
    for (int i = 0; i < 2; i++)
        nq_bound_free(&bounds[i]);
    nq_comparison_free(&found);
    nq_comparison_free(&swapped);
}

static void rows_that_one_cannot_have_are_left_out_of_both(void **state)
{
    const fixture *f = *state;
    const nq_bound_options options = {.terms = 8, .seed = 4};
    nq_dataset *narrow = table_open(f->context, 5, ROWS, "Rome"),
               *foreign = table_open(f->context, 6, ROWS, "Paris");
    nq_model *other = model_train(f->context, narrow, 2);
    nq_comparison found;
    nq_bound bound;
    assert_ok(nq_comparison_estimate(&found, f->context, f->good, other, f->bad, &options),
              f->context);
    assert_int_equal(found.impossible[0], 1);
    assert_int_equal(found.faults[0][0].row, BAD);
    assert_true(found.impossible[1] > 1);
    assert_int_equal(found.rows + found.impossible[1], ROWS);
    assert_int_equal(found.columns, 0);
    nq_comparison_free(&found);
    /* of rows that all are possible to one, the other's are gone */
    assert_ok(nq_bound_estimate(&bound, f->context, f->good, foreign, &options), f->context);
    assert_int_equal(bound.rows, ROWS / 2);
    assert_ok(nq_comparison_estimate(&found, f->context, f->good, f->poor, foreign, NULL),
              f->context);
    assert_int_equal(found.rows, ROWS / 2);
    nq_comparison_free(&found);
    nq_bound_free(&bound);
    nq_model_free(other);
    nq_dataset_free(narrow);
    nq_dataset_free(foreign);
}

static void without_a_row_there_is_no_difference(void **state)
{
    const fixture *f = *state;
    nq_dataset *one;
    nq_comparison found;
    assert_ok(nq_dataset_slice(&one, f->context, f->bad, BAD, 1), f->context);
    assert_ok(nq_comparison_estimate(&found, f->context, f->good, f->poor, one, NULL),
              f->context);
    assert_int_equal(found.rows, 0);
    assert_true(isnan(found.difference) && found.impossible[0] == 1 && found.impossible[1] == 1);
    nq_comparison_free(&found);
    nq_dataset_free(one);
}

static void models_of_other_columns_are_refused(void **state)
{
    const fixture *f = *state;
    nq_dataset *data;
    nq_model *model;
    nq_comparison found;
    double values[ROWS];
    const char *const names[] = {"x"};
    for (size_t r = 0; r < ROWS; r++)
        values[r] = (double)r * 0.37;
    assert_ok(nq_dataset_from_array(&data, f->context, values, ROWS, 1, names), f->context);
    assert_ok(nq_model_new(&model, f->context, data, NULL), f->context);
    assert_int_equal(nq_comparison_estimate(&found, f->context, f->good, model, f->test, NULL),
                     NQ_ERROR_UNSUPPORTED);
    assert_non_null(strstr(nq_context_message(f->context), "5 and 1 columns"));
    nq_comparison_free(&found);
    nq_model_free(model);
    nq_dataset_free(data);
}

static void facts_of_a_model_are_those_of_its_data(void **state)
{
    const fixture *f = *state;
    for (size_t c = 0; c < 5; c++) {
        nq_column_facts known, found;
        assert_ok(nq_dataset_column_facts(&found, f->context, f->train, c), f->context);
        assert_true(nq_model_column_facts(&known, f->good, c));
        assert_string_equal(known.kind, found.kind);
        assert_string_equal(known.name, found.name);
        assert_int_equal(known.levels, found.levels);
        assert_true(known.step == found.step || found.levels > 0);
        assert_true(found.is_text || (known.least == found.least && known.most == found.most));
        for (size_t i = 0; i < known.levels; i++) {
            char text[2][200];
            double part;
            size_t rows;
            const double level = nq_model_level(&part, f->good, c, i);
            nq_model_cell_text(text[0], sizeof text[0], f->good, c, level);
            nq_dataset_cell_text(text[1], sizeof text[1], f->train, c,
                                 nq_dataset_level(&rows, f->context, f->train, c, i));
            assert_string_equal(text[0], text[1]);
            assert_close("a part", part, (double)rows / ROWS, 1e-12);
        }
        assert_true(nq_model_gap_part(f->good, c) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_columns_make_the_k_of_each_row),
        cmocka_unit_test(a_model_does_not_differ_from_itself),
        cmocka_unit_test(a_difference_is_that_of_two_bounds),
        cmocka_unit_test(rows_that_one_cannot_have_are_left_out_of_both),
        cmocka_unit_test(without_a_row_there_is_no_difference),
        cmocka_unit_test(models_of_other_columns_are_refused),
        cmocka_unit_test(facts_of_a_model_are_those_of_its_data),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
