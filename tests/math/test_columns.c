/* test_columns.c - whatever takes a model and data finds the model's columns by their names. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math_test.h"

#include "core/rng.h"

enum { ROWS = 200 };

/* Rows of (x, y) with y far from x's range, in the order that `swapped` says, perhaps behind a
 * column of no use. */
static nq_dataset *rows_make(nq_context *context, int swapped, int more)
{
    static const char *const names[2][3] = {{"x", "y", "other"}, {"other", "y", "x"}};
    const nqi_stream law = {7, NQI_DRAW_TEST, 0, 0};
    const size_t dim = more ? 3 : 2;
    double values[ROWS * 3];
    nq_dataset *data;
    for (size_t r = 0; r < ROWS; r++) {
        const double x = nqi_stream_normal(&law, 2 * r),
                     y = 1000 + 5 * nqi_stream_normal(&law, 2 * r + 1);
        const double row[2][3] = {{x, y, -1e9}, {-1e9, y, x}};
        for (size_t c = 0; c < dim; c++)
            values[r * dim + c] = row[swapped][swapped && !more ? c + 1 : c];
    }
    assert_int_equal(nq_dataset_from_array(&data, context, values, ROWS, dim,
                                           names[swapped] + (swapped && !more)),
                     NQ_OK);
    return data;
}

static const nq_model_options small = {.hidden = "4", .steps = 8};

static void bound_and_likelihood_do_not_depend_on_the_order_of_columns(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = rows_make(context, 0, 0);
    nq_model *model;
    assert_int_equal(nq_model_new(&model, context, data, &small), NQ_OK);
    const nq_bound_options options = {.terms = 8, .seed = 1};
    const nq_ais_options walks = {.samples = 2, .seed = 1};
    nq_bound right, found;
    nq_ais right_walks, found_walks;
    assert_int_equal(nq_bound_estimate(&right, context, model, data, &options), NQ_OK);
    assert_int_equal(nq_ais_estimate(&right_walks, context, model, data, &walks), NQ_OK);
    for (int more = 0; more < 2; more++) {
        nq_dataset *other = rows_make(context, 1, more);
        assert_int_equal(nq_bound_estimate(&found, context, model, other, &options), NQ_OK);
        assert_true(found.bound == right.bound);
        assert_true(found.row_bound[17] == right.row_bound[17]);
        assert_int_equal(nq_ais_estimate(&found_walks, context, model, other, &walks), NQ_OK);
        assert_true(found_walks.row_likelihood[17] == right_walks.row_likelihood[17]);
        nq_entropy account;
        assert_int_equal(nq_entropy_account(&account, context, model, other, &found), NQ_OK);
        nq_entropy_free(&account);
        nq_bound_free(&found);
        nq_ais_free(&found_walks);
        nq_dataset_free(other);
    }
    nq_bound_free(&right);
    nq_ais_free(&right_walks);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void a_column_that_is_not_there_is_named(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data, *other = rows_make(context, 0, 0);
    nq_model *model;
    nq_bound bound;
    nq_trainer *trainer;
    double values[ROWS * 3];
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < 3; c++)
            values[r * 3 + c] = (double)(r * c % 7);
    static const char *const names[] = {"x", "y", "z"};
    assert_int_equal(nq_dataset_from_array(&data, context, values, ROWS, 3, names), NQ_OK);
    assert_int_equal(nq_model_new(&model, context, data, &small), NQ_OK);
    assert_int_equal(nq_bound_estimate(&bound, context, model, other, NULL), NQ_ERROR_SHAPE);
    assert_non_null(strstr(nq_context_message(context), "has no column \"z\""));
    assert_int_equal(nq_trainer_new(&trainer, context, data, other, &small, NULL),
                     NQ_ERROR_SHAPE);
    assert_non_null(strstr(nq_context_message(context), "has no column \"z\""));
    nq_model_free(model);
    nq_dataset_free(data);
    nq_dataset_free(other);
    nq_context_free(context);
}

/* The hold-out K is that of the rows that are possible, in whatever order their columns are. */
static void hold_out_rows_are_matched_and_impossible_ones_left_out(void **state)
{
    (void)state;
    enum { DIM = 2, HELD = 40 };
    nq_context *context = context_open(1);
    static const char *const names[] = {"x", "flag"}, *const turned[] = {"flag", "x"};
    const nqi_stream law = {7, NQI_DRAW_TEST, 1, 0};
    double train[ROWS * DIM] = {0}, held[HELD * DIM] = {0}, good[HELD * DIM] = {0};
    for (size_t r = 0; r < ROWS; r++)
        train[r * DIM] = nqi_stream_normal(&law, r);
    for (size_t r = 0; r < HELD; r++) {
        good[r * DIM] = held[r * DIM + 1] = nqi_stream_normal(&law, ROWS + r);
        held[r * DIM] = r >= HELD - 3; /* a flag that training never saw */
    }
    nq_dataset *data, *valid[2];
    double bound[2];
    assert_int_equal(nq_dataset_from_array(&data, context, train, ROWS, DIM, names), NQ_OK);
    assert_int_equal(nq_dataset_from_array(&valid[0], context, good, HELD - 3, DIM, names),
                     NQ_OK);
    assert_int_equal(nq_dataset_from_array(&valid[1], context, held, HELD, DIM, turned), NQ_OK);
    const nq_train_options options = {.updates = 4, .valid_every = 2, .batch = 64};
    for (int i = 0; i < 2; i++) {
        nq_trainer *trainer;
        nq_train_state train_state = {0};
        assert_int_equal(nq_trainer_new(&trainer, context, data, valid[i], &small, &options),
                         NQ_OK);
        assert_int_equal(nq_trainer_valid_left_out(trainer), i ? 3 : 0);
        for (int update = 0; update < 4; update++)
            assert_int_equal(nq_trainer_step(trainer), NQ_OK);
        nq_trainer_state(&train_state, trainer);
        bound[i] = train_state.best_bound;
        nq_trainer_free(trainer);
    }
    assert_true(isfinite(bound[0]));
    assert_true(bound[0] == bound[1]);
    nq_dataset_free(data);
    nq_dataset_free(valid[0]);
    nq_dataset_free(valid[1]);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bound_and_likelihood_do_not_depend_on_the_order_of_columns),
        cmocka_unit_test(a_column_that_is_not_there_is_named),
        cmocka_unit_test(hold_out_rows_are_matched_and_impossible_ones_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
