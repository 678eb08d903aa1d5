/* test_missing.c - rows with missing cells teach the law that made them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq.h>

#include "core/rng.h"

enum { ROWS = 2000, DIM = 2, DRAWS = 4096, UPDATES = 3000 };
static const double correlation = 0.8;

/* Two unit Gaussians of known correlation; each cell missing with probability `part`. */
static void fill_rows(nq_real *rows, double part)
{
    const nqi_stream law = {7, NQI_DRAW_TEST, 0, 0}, gaps = {7, NQI_DRAW_TEST, 1, 0};
    for (size_t r = 0; r < ROWS; r++) {
        const double a = nqi_stream_normal(&law, 2 * r), b = nqi_stream_normal(&law, 2 * r + 1);
        rows[r * DIM] = (nq_real)a;
        rows[r * DIM + 1] = (nq_real)(correlation * a + sqrt(1 - correlation * correlation) * b);
        for (size_t i = 0; i < DIM; i++)
            if (nqi_stream_uniform(&gaps, r * DIM + i) < part)
                rows[r * DIM + i] = (nq_real)NAN;
    }
}

static nq_trainer *new_trainer(nq_context *context, const nq_dataset *data)
{
    nq_model_options model;
    nq_train_options train;
    nq_trainer *trainer;
    nq_model_options_init(&model);
    nq_train_options_init(&train);
    strcpy(model.hidden, "48,48");
    model.steps = 60;
    model.beta_1 = 1e-3;
    train.updates = UPDATES;
    train.batch = 256;
    assert_int_equal(nq_trainer_new(&trainer, context, data, NULL, &model, &train), NQ_OK);
    return trainer;
}

static void run(nq_trainer *trainer, int64_t until)
{
    nq_train_state state;
    for (nq_trainer_state(trainer, &state); state.update < until && !state.done;
         nq_trainer_state(trainer, &state))
        assert_int_equal(nq_trainer_step(trainer), NQ_OK);
}

static double sampled_correlation(nq_context *context, const nq_model *model)
{
    static nq_real rows[DRAWS * DIM];
    double sum[5] = {0};
    const nq_sample_options options = {.rows = DRAWS, .seed = 3};
    assert_int_equal(nq_sample(context, model, &options, rows), NQ_OK);
    for (size_t r = 0; r < DRAWS; r++) {
        const double a = (double)rows[r * DIM], b = (double)rows[r * DIM + 1];
        sum[0] += a;
        sum[1] += b;
        sum[2] += a * a;
        sum[3] += b * b;
        sum[4] += a * b;
    }
    const double n = DRAWS, a = sum[0] / n, b = sum[1] / n;
    return (sum[4] / n - a * b) / sqrt((sum[2] / n - a * a) * (sum[3] / n - b * b));
}

static void known_law_is_recovered_from_rows_with_30_percent_missing(void **state)
{
    (void)state;
    static nq_real rows[ROWS * DIM];
    nq_context *context;
    nq_dataset *data;
    const nq_model *model;
    fill_rows(rows, 0.3);
    assert_int_equal(nq_context_new(&context, NULL), NQ_OK);
    assert_int_equal(nq_dataset_from_array(&data, context, rows, ROWS, DIM, NULL), NQ_OK);
    nq_trainer *trainer = new_trainer(context, data);
    run(trainer, UPDATES);
    assert_int_equal(nq_trainer_model(trainer, &model), NQ_OK);
    /* Filling cells from their columns alone would leave .7 of it, .56. */
    const double found = sampled_correlation(context, model);
    assert_true(fabs(found - correlation) < 0.08);
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Parameters after a run, through the file. */
static size_t read_file(const char *path, unsigned char **out)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    *out = malloc(1 << 22);
    const size_t size = fread(*out, 1, 1 << 22, file);
    fclose(file);
    return size;
}

static void a_resumed_run_draws_the_same_cells(void **state)
{
    (void)state;
    static nq_real rows[ROWS * DIM];
    static const char *const paths[] = {"/tmp/noneq_missing_a.nq", "/tmp/noneq_missing_b.nq"};
    const char *checkpoint = "/tmp/noneq_missing.checkpoint";
    nq_context *context;
    nq_dataset *data;
    unsigned char *bytes[2];
    size_t sizes[2];
    fill_rows(rows, 0.3);
    assert_int_equal(nq_context_new(&context, NULL), NQ_OK);
    assert_int_equal(nq_dataset_from_array(&data, context, rows, ROWS, DIM, NULL), NQ_OK);
    for (int k = 0; k < 2; k++) {
        nq_trainer *trainer = new_trainer(context, data);
        const nq_model *model;
        run(trainer, 210);
        if (k) {
            assert_int_equal(nq_trainer_checkpoint(trainer, checkpoint), NQ_OK);
            nq_trainer_free(trainer);
            assert_int_equal(nq_trainer_resume(&trainer, context, data, NULL, checkpoint), NQ_OK);
        }
        run(trainer, 420);
        assert_int_equal(nq_trainer_checkpoint(trainer, checkpoint), NQ_OK);
        assert_int_equal(nq_trainer_model(trainer, &model), NQ_OK);
        assert_int_equal(nq_model_save(model, context, paths[k]), NQ_OK);
        nq_trainer_free(trainer);
        sizes[k] = read_file(paths[k], &bytes[k]);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    for (int k = 0; k < 2; k++) {
        free(bytes[k]);
        remove(paths[k]);
    }
    remove(checkpoint);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void a_column_without_values_is_refused(void **state)
{
    (void)state;
    nq_real rows[8] = {1, (nq_real)NAN, 2, (nq_real)NAN, 3, (nq_real)NAN, 4, (nq_real)NAN};
    nq_context *context;
    nq_dataset *data;
    nq_trainer *trainer;
    assert_int_equal(nq_context_new(&context, NULL), NQ_OK);
    assert_int_equal(nq_dataset_from_array(&data, context, rows, 4, 2, NULL), NQ_OK);
    assert_int_equal(nq_trainer_new(&trainer, context, data, NULL, NULL, NULL), NQ_ERROR_SHAPE);
    assert_non_null(strstr(nq_context_message(context), "column 2"));
    nq_dataset_free(data);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_law_is_recovered_from_rows_with_30_percent_missing),
        cmocka_unit_test(a_resumed_run_draws_the_same_cells),
        cmocka_unit_test(a_column_without_values_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
