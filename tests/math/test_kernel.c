/* test_kernel.c - kept rows as regressors: what they believe, reach, keep in files and refuse. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "kernel_cases.h"

#include "math/fitted_test.h"

#include "model/model.h"

static void beliefs_are_those_of_enumeration(void **state)
{
    (void)state;
    kernels_check(2e-5);
}

static void rows_that_do_not_reach_give_the_optimum_of_their_own_law(void **state)
{
    (void)state;
    empirical_check(2e-5);
}

/* Rows of two normal numbers with correlation .8, or of bits of which each next one differs by a
 * fifth. */
static nq_dataset *some_rows(nq_context *context, int of_bits, size_t rows, uint64_t seed)
{
    const nqi_stream stream = {seed, NQI_DRAW_TEST, 0, 0};
    const size_t dim = of_bits ? 6 : 2;
    double *values = malloc(rows * dim * sizeof *values);
    nq_dataset *data;
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < dim; i++) {
            const double u = nqi_stream_uniform(&stream, r * dim + i);
            const double z = nqi_stream_normal(&stream, 1000000 + r * dim + i);
            const double before = i ? values[r * dim + i - 1] : 0;
            values[r * dim + i] = of_bits ? (i ? (u < 0.2 ? 1 - before : before) : u < 0.5)
                                          : (i ? 0.8 * before + 0.6 * z : z);
        }
    assert_ok(nq_dataset_from_array(&data, context, values, rows, dim, NULL), context);
    free(values);
    return data;
}

static nq_model *kernel_model(nq_context *context, const nq_dataset *data, const char *offset,
                              const char *steps)
{
    nq_model *model;
    const setting settings[] = {{"regressor", *offset ? "mlp" : "kernel"},
                                {"offset", *offset ? offset : "none"},
                                {"learn_last", "1"},
                                {"steps", steps},
                                {NULL, NULL}};
    const nq_model_options options = model_options(settings);
    assert_ok(nq_model_new(&model, context, data, &options), context);
    return model;
}

/* Of new rows of the same law: below what is exact, which is below the law's own entropy. */
static void bound_and_trajectories_stay_below_what_is_exact(void **state)
{
    const double entropy = log(2) + 5 * -(0.2 * log(0.2) + 0.8 * log(0.8));
    nq_context *context = context_open(2);
    nq_dataset *data = some_rows(context, 1, 1000, 1), *test = some_rows(context, 1, 300, 2);
    nq_model *model = kernel_model(context, data, "", "40");
    nq_exact exact;
    nq_bound bound;
    nq_ais ais;
    const nq_bound_options terms = {.terms = 200};
    const nq_ais_options paths = {.samples = 32};
    (void)state;
    assert_ok(nq_exact_compute(&exact, context, model, test), context);
    assert_ok(nq_bound_estimate(&bound, context, model, test, &terms), context);
    assert_ok(nq_ais_estimate(&ais, context, model, test, &paths), context);
    assert_true(exact.log_law < -entropy + 4 * exact.se_rows);
    assert_true(exact.log_law > -entropy - 4 * exact.se_rows - 0.05);
    assert_true(bound.bound < ais.likelihood + 4 * bound.se);
    assert_true(ais.likelihood < exact.log_law + 4 * ais.se);
    assert_close("AIS", ais.likelihood, exact.log_law, 0.06);
    nq_ais_free(&ais);
    nq_bound_free(&bound);
    nq_model_free(model);
    nq_dataset_free(test);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* K of numbers comes near to the entropy of their law, from below. */
static void numbers_have_about_the_density_that_they_are_drawn_from(void **state)
{
    const double entropy = log(2 * 3.141592653589793 * 2.718281828459045) + log(0.6);
    nq_context *context = context_open(2);
    nq_dataset *data = some_rows(context, 0, 1000, 1), *test = some_rows(context, 0, 300, 2);
    nq_model *model = kernel_model(context, data, "", "100");
    nq_bound bound;
    const nq_bound_options terms = {.terms = 100};
    (void)state;
    assert_ok(nq_bound_estimate(&bound, context, model, test, &terms), context);
    const double found = bound.bound + nq_model_log_jacobian(model);
    assert_true(found < -entropy + 4 * (bound.se + 1.0 / sqrt(300)));
    assert_close("K", found, -entropy, 0.25);
    nq_bound_free(&bound);
    nq_model_free(model);
    nq_dataset_free(test);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* How far rows reach is what makes each likely under the others: reaching less or more does not. */
static void reach_is_the_best_for_rows_that_are_left_out(void **state)
{
    enum { ROWS = 300 };
    const nqi_variate cell[2] = {{0, 0}, {3, 1}};
    const double other[] = {0.5, 1, 2};
    nqi_real sample[ROWS * 2], said[4], variance[4] = {0};
    double law[3] = {0};
    nqi_kernel kernel;
    nq_context *context = context_open(2);
    (void)state;
    for (size_t r = 0; r < ROWS; r++) {
        sample[2 * r] = (nqi_real)nqi_stream_normal(&kernel_draws, r);
        sample[2 * r + 1] =
            (nqi_real)(sample[2 * r] > 0 ? 2 : nqi_stream_uniform(&kernel_draws, r) < 0.5);
    }
    assert_ok(nqi_kernel_new(&kernel, context, cell, 2, sample, ROWS), context);
    assert_ok(nqi_kernel_fit(&kernel, context, sample), context);
    nqi_real *scratch = malloc(kernel.scratch * sizeof *scratch);
    const nqi_kernel_cell fitted = kernel.cell[0];
    const nqi_question question = {.said = said, .said_variance = variance, .rows = 1, .ld = 1};
    for (int k = 0; k < 3; k++) {
        for (int s = 0; s < NQI_KERNEL_REACHES; s++)
            kernel.cell[0].reach[s] = fitted.reach[s] * other[k] * other[k];
        for (size_t r = 0; r < ROWS; r++) {
            nqi_kernel_pass pass = {&kernel, &question, 0, r, scratch, 0, 0};
            for (size_t c = 0; c < 2; c++)
                nqi_variate_say(&cell[c], said + cell[c].law, variance + cell[c].law, 1,
                                sample[2 * r + c], 1);
            nqi_kernel_weigh(&pass);
            law[k] += pass.log_law / ROWS;
        }
    }
    assert_true(law[1] > law[0] && law[1] > law[2]);
    free(scratch);
    nqi_kernel_free(&kernel);
    nq_context_free(context);
}

/* An untrained network adds nothing. */
static void a_network_starts_at_its_offset(void **state)
{
    nq_context *context = context_open(2);
    nq_dataset *data = some_rows(context, 1, 300, 1);
    nq_model *models[2] = {kernel_model(context, data, "", "20"),
                           kernel_model(context, data, "kernel", "20")};
    (void)state;
    check_same_start(context, data, models);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Rows of six normal numbers, each a row of its own. */
static nq_dataset *lone_rows(nq_context *context, size_t rows, uint64_t seed)
{
    enum { DIM = 6 };
    const nqi_stream stream = {seed, NQI_DRAW_TEST, 0, 0};
    double *values = malloc(rows * DIM * sizeof *values);
    nq_dataset *data;
    for (size_t j = 0; j < rows * DIM; j++)
        values[j] = nqi_stream_normal(&stream, j);
    assert_ok(nq_dataset_from_array(&data, context, values, rows, DIM, NULL), context);
    free(values);
    return data;
}

/* A row that is kept is told of itself by itself: while a network on it is trained it does not see
 * itself, so that K of its batches is that of new rows. */
static void training_rows_do_not_see_themselves(void **state)
{
    nq_context *context = context_open(2);
    nq_dataset *data = lone_rows(context, 200, 1), *test = lone_rows(context, 200, 2);
    const setting settings[] = {{"regressor", "mlp"}, {"offset", "kernel"}, {"steps", "20"},
                                {"hidden", "4"},      {"beta_1", "1e-3"},   {NULL, NULL}};
    const nq_model_options options = model_options(settings);
    nq_train_options train;
    nq_trainer *trainer;
    nq_train_state now;
    nq_bound bound[2];
    const nq_bound_options terms = {.terms = 100};
    (void)state;
    nq_train_options_init(&train, sizeof train);
    train.updates = 30;
    train.rate = 1e-9;
    train.batch = 512;
    assert_ok(nq_trainer_new(&trainer, context, data, NULL, &options, &train), context);
    for (int k = 0; k < 30; k++)
        assert_ok(nq_trainer_step(trainer), context);
    nq_trainer_state(&now, trainer);
    const nq_model *model;
    assert_ok(nq_trainer_model(&model, trainer), context);
    for (int k = 0; k < 2; k++)
        assert_ok(nq_bound_estimate(&bound[k], context, model, k ? test : data, &terms), context);
    assert_true(bound[0].bound > bound[1].bound + 0.5); /* rows that see themselves */
    assert_close("K of batches", now.bound, bound[1].bound, 0.3);
    for (int k = 0; k < 2; k++)
        nq_bound_free(&bound[k]);
    nq_trainer_free(trainer);
    nq_dataset_free(test);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Bytes of a model become a model with the same samples; of a network on kept rows too. */
static void files_keep_rows(void **state)
{
    nq_context *context = context_open(2);
    nq_dataset *data = some_rows(context, 1, 300, 1);
    (void)state;
    for (int k = 0; k < 2; k++)
        check_bytes(context, kernel_model(context, data, k ? "kernel" : "", "20"));
    nq_dataset_free(data);
    nq_context_free(context);
}

/* No number of a damaged file may lead out of the rows. */
static void damaged_rows_are_refused_or_hold(void **state)
{
    static const nqi_real wrong[] = {-1, 0, 0.5, 2, 1e30f, 65535, (nqi_real)NAN};
    static kernel_case c;
    nqi_real *packed;
    size_t count, refused = 0;
    nqi_kernel read;
    nq_context *context = context_open(1);
    (void)state;
    kernel_case_new(&c, context, mixed_of_cases, 5);
    assert_ok(nqi_kernel_pack(&packed, &count, context, &c.kernel), context);
    assert_ok(nqi_kernel_unpack(&read, context, packed, count, c.cell, 5), context);
    assert_memory_equal(read.x, c.kernel.x, 5 * KEPT / NQI_KERNEL_LANES * sizeof *read.x);
    nqi_kernel_free(&read);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
            const nqi_real right = packed[i];
            packed[i] = wrong[k];
            const nq_status status = nqi_kernel_unpack(&read, context, packed, count, c.cell, 5);
            assert_true(status == NQ_OK || status == NQ_ERROR_FORMAT);
            assert_true(status || read.rows == KEPT);
            refused += status != NQ_OK;
            nqi_kernel_free(&read);
            packed[i] = right;
        }
    assert_true(refused > 2 * count);
    for (size_t less = 0; less < count; less++) {
        assert_int_equal(nqi_kernel_unpack(&read, context, packed, less, c.cell, 5),
                         NQ_ERROR_FORMAT);
        nqi_kernel_free(&read);
    }
    free(packed);
    nqi_kernel_free(&c.kernel);
    nq_context_free(context);
}

/* Rows that are spread evenly over a set are known again by their numbers in it. */
static void kept_rows_are_found_again(void **state)
{
    (void)state;
    for (size_t rows = 1; rows < 200; rows += 13)
        for (size_t count = 1; count <= rows; count++) {
            size_t found = 0;
            for (size_t r = 0; r < rows; r++) {
                const size_t i = nqi_model_kept_row(r, count, rows);
                assert_true(i == NQI_NO_ROW || i * rows / count == r);
                found += i != NQI_NO_ROW;
            }
            assert_int_equal(found, count);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beliefs_are_those_of_enumeration),
        cmocka_unit_test(rows_that_do_not_reach_give_the_optimum_of_their_own_law),
        cmocka_unit_test(bound_and_trajectories_stay_below_what_is_exact),
        cmocka_unit_test(numbers_have_about_the_density_that_they_are_drawn_from),
        cmocka_unit_test(reach_is_the_best_for_rows_that_are_left_out),
        cmocka_unit_test(a_network_starts_at_its_offset),
        cmocka_unit_test(training_rows_do_not_see_themselves),
        cmocka_unit_test(files_keep_rows),
        cmocka_unit_test(damaged_rows_are_refused_or_hold),
        cmocka_unit_test(kept_rows_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
