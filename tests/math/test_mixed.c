/* test_mixed.c - theorems of tables of several kinds: bounds, likelihoods and their columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/kinds_table.h"

#include "model/model.h"

/* log of what independent columns say of a recorded row: frequencies, masses and densities. */
static double null_of(const nq_model *model, const double *row)
{
    const nqi_coding *coding = model->scaling.coding;
    double sum = 0;
    for (size_t c = 0; c < coding->columns; c++) {
        const nqi_code *code = &coding->code[c];
        const size_t level = code->level_count ? nqi_code_level(code, row[c]) : 0;
        if (code->level_count)
            sum += log(code->frequency[level]);
        if (code->warp.knots && level + 1 >= code->level_count)
            sum += nqi_warp_log_mass(&code->warp, row[c]);
    }
    return sum;
}

static void an_untrained_model_is_its_columns_one_by_one(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    nq_dataset *data = table_rows(context, 400, 1), *rows;
    nq_model *model = model_of(context, data, small_mixed);
    const nq_bound_options options = {.terms = 400, .seed = 3, .by_column = 1, .each_row = 1};
    nq_bound bound;
    double null = 0, row[8];
    assert_true(nq_model_dim(model) == 6 && nq_model_is_recorded(model));
    assert_ok(nq_bound_estimate(&bound, context, model, data, &options), context);
    assert_ok(nq_dataset_for_model(&rows, context, data, model), context);
    size_t far = 0;
    for (size_t r = 0; r < bound.rows; r++) {
        nq_dataset_row(row, rows, r);
        const double own = null_of(model, row);
        null += own / (double)bound.rows;
        far += fabs(bound.row_bound[r] - own) > 4 * bound.row_se[r] + 1e-3;
    }
    assert_true(far < 6);
    assert_close("L_null", bound.null, null, 2e-5);
    assert_close("K", bound.bound, null, 4 * bound.se);
    nq_bound_free(&bound);
    nq_dataset_free(rows);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void check_columns(nq_context *context, const nq_model *model, const nq_dataset *data,
                          const nq_bound_options *options)
{
    nq_bound bound;
    assert_ok(nq_bound_estimate(&bound, context, model, data, options), context);
    double sum = 0;
    for (size_t c = 0; c < bound.columns; c++)
        sum += bound.column_bound[c];
    assert_close("sum of columns", sum, bound.bound, 2e-5 * (1 + fabs(bound.bound)));
    for (size_t r = 0; r < bound.rows; r++) {
        sum = 0;
        for (size_t c = 0; c < bound.columns; c++)
            sum += bound.row_column_bound[r * bound.columns + c];
        assert_close("sum of a row", sum, bound.row_bound[r],
                     1e-4 * (1 + fabs(bound.row_bound[r])));
    }
    nq_bound_free(&bound);
}

static void columns_sum_to_the_whole(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    nq_dataset *data = table_rows(context, 300, 1), *few = table_rows(context, 3, 1);
    nq_model *model = table_trained(context, data, "60");
    for (size_t terms = 1; terms < 40; terms += 12)
        check_columns(context, model, data,
                      &(nq_bound_options){.terms = terms, .seed = 5, .by_column = 1});
    check_columns(context, model, few,
                  &(nq_bound_options){.terms = 2000, .seed = 5, .by_column = 1, .each_row = 1});
    nq_model_free(model);
    nq_dataset_free(data);
    nq_dataset_free(few);
    nq_context_free(context);
}

/* Spread over seeds against what each says of itself. */
static void check_errors(nq_context *context, const nq_model *model, const nq_dataset *data,
                         size_t terms, size_t rows)
{
    enum { SEEDS = 60 };
    double mean = 0, squares = 0, told = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        const nq_bound_options options = {.terms = terms, .seed = seed, .max_rows = rows};
        nq_bound bound;
        assert_ok(nq_bound_estimate(&bound, context, model, data, &options), context);
        const double gap = bound.bound - mean;
        mean += gap / (double)seed;
        squares += gap * (bound.bound - mean);
        told += bound.se * bound.se / SEEDS;
        nq_bound_free(&bound);
    }
    const double spread = squares / (SEEDS - 1);
    if (!(told > 0.5 * spread && told < 2 * spread))
        fail_msg("%zu terms, %zu rows: spread %g, told %g", terms, rows, sqrt(spread),
                 sqrt(told));
}

static void errors_are_what_seeds_differ_by(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    nq_dataset *data = table_rows(context, 1000, 1);
    nq_model *model = table_trained(context, data, "60");
    for (size_t terms = 1; terms <= 4; terms++)
        check_errors(context, model, data, terms, 1000);
    check_errors(context, model, data, 40, 1000);
    check_errors(context, model, data, 1000, 3); /* rows alone */
    check_errors(context, model, data, 300, 1);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* p of every recorded row, and the error of their sum. */
static double law_of_model(nq_context *context, const nq_model *model, const nq_dataset *states,
                           size_t samples, double *law, double *error)
{
    const nq_ais_options options = {.samples = samples, .seed = 7};
    nq_ais ais;
    double sum = 0;
    *error = 0;
    assert_ok(nq_ais_estimate(&ais, context, model, states, &options), context);
    assert_int_equal(ais.rows, TABLE_STATES);
    for (size_t s = 0; s < TABLE_STATES; s++) {
        law[s] = exp(ais.row_likelihood[s]);
        sum += law[s];
        *error += pow(law[s] * ais.row_se[s], 2);
    }
    *error = sqrt(*error);
    nq_ais_free(&ais);
    return sum;
}

static void probabilities_of_all_rows_sum_to_one(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    nq_dataset *data = table_rows(context, 4000, 0), *states = table_states(context);
    for (int trained = 0; trained < 2; trained++) {
        nq_model *model =
            trained ? table_trained(context, data, "400") : model_of(context, data, small_mixed);
        const nq_bound_options options = {.terms = 400, .seed = 3, .each_row = 1};
        double law[TABLE_STATES], error;
        nq_bound bound;
        const double sum = law_of_model(context, model, states, 512, law, &error);
        assert_true(error < 0.01);
        assert_close("sum of p", sum, 1, 4 * error + 1e-3);
        assert_ok(nq_bound_estimate(&bound, context, model, states, &options), context);
        for (size_t s = 0; s < TABLE_STATES; s++)
            assert_true(bound.row_bound[s] < log(law[s]) + 5 * bound.row_se[s] + 0.03);
        nq_bound_free(&bound);
        nq_model_free(model);
    }
    nq_dataset_free(states);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Drawn rows are as frequent as the likelihood says. */
static void draws_follow_the_likelihood(void **state)
{
    (void)state;
    enum { DRAWS = 20000, DIM = 3 };
    nq_context *context = context_open(2);
    nq_dataset *data = table_rows(context, 4000, 0), *states = table_states(context), *rows;
    nq_model *model = table_trained(context, data, "400");
    double law[TABLE_STATES], error, *drawn = malloc(DRAWS * DIM * sizeof *drawn), square = 0;
    double truth = 0, found = 0;
    (void)law_of_model(context, model, states, 512, law, &error);
    assert_ok(nq_sample(drawn, context, model, &(nq_sample_options){.rows = DRAWS, .seed = 2}),
              context);
    assert_ok(nq_dataset_for_model(&rows, context, states, model), context);
    for (size_t s = 0; s < TABLE_STATES; s++) {
        double row[DIM], count = 0;
        nq_dataset_row(row, rows, s);
        for (size_t r = 0; r < DRAWS; r++) {
            int same = 1;
            for (size_t c = 0; c < DIM; c++)
                same &=
                    drawn[r * DIM + c] == row[c] || (isnan(row[c]) && isnan(drawn[r * DIM + c]));
            count += same;
        }
        square += pow(count - DRAWS * law[s], 2) / (DRAWS * law[s] + DRAWS * 1e-4);
        truth += table_law(s) * log(table_law(s));
        found += table_law(s) * log(law[s]);
    }
    assert_true(square < TABLE_STATES + 5 * sqrt(2 * TABLE_STATES));
    assert_close("cross-entropy", found, truth, 0.05); /* it has learned the table */
    free(drawn);
    nq_dataset_free(rows);
    nq_model_free(model);
    nq_dataset_free(states);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* With t = 1 in every update, the mean of what training sees is K: at a rate of nothing, over many
 * updates of all rows. */
static void the_loss_of_training_is_the_bound(void **state)
{
    (void)state;
    enum { UPDATES = 400 };
    nq_context *context = context_open(2);
    nq_dataset *data = table_rows(context, 256, 1);
    nq_model *start = table_trained(context, data, "60");
    const setting of_run[] = {
        {"updates", "400"}, {"batch", "256"}, {"rate", "1e-12"}, {"dropout", "0"}, {NULL, NULL}};
    const nq_train_options run = train_options(of_run);
    const nq_bound_options options = {.terms = 4000, .seed = 3};
    nq_trainer *trainer;
    nq_train_state at = {0};
    nq_bound bound;
    double mean = 0, squares = 0, before = 0;
    assert_ok(nq_trainer_new_from(&trainer, context, data, NULL, start, &run), context);
    for (int i = 0; i < UPDATES; i++) {
        assert_ok(nq_trainer_step(trainer), context);
        nq_trainer_state(&at, trainer);
        /* the smoothed K of update i has a part of 1 - keep of its own */
        const double keep = fmin(0.98, 1 - 1 / (1 + (double)i));
        const double own = (at.bound - keep * before) / (1 - keep), gap = own - mean;
        before = at.bound;
        mean += gap / (i + 1);
        squares += gap * (own - mean);
    }
    const double error = sqrt(squares / UPDATES / UPDATES);
    assert_ok(nq_bound_estimate(&bound, context, start, data, &options), context);
    assert_true(error < 0.1);
    assert_close("K of training", mean, bound.bound, 4 * error + 4 * bound.se);
    nq_bound_free(&bound);
    nq_trainer_free(trainer);
    nq_model_free(start);
    nq_dataset_free(data);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untrained_model_is_its_columns_one_by_one),
        cmocka_unit_test(columns_sum_to_the_whole),
        cmocka_unit_test(errors_are_what_seeds_differ_by),
        cmocka_unit_test(the_loss_of_training_is_the_bound),
        cmocka_unit_test(probabilities_of_all_rows_sum_to_one),
        cmocka_unit_test(draws_follow_the_likelihood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
