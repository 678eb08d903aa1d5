/* test_bf16_training.c - a model trained in bfloat16 is as good as one trained in float32. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/math_test.h"

#include "backend/ops.h"
#include "core/context.h"
#include "kernels.h"

enum { SIDE = 8, DIM = SIDE * SIDE, ROWS = 2000 };

static nq_dataset *leaves(nq_context *context, size_t rows, uint64_t seed)
{
    nq_dataset *data;
    const nq_generate_options options = {.rows = rows, .side = SIDE, .seed = seed};
    assert_ok(nq_dataset_generate(&data, context, "deadleaves", &options), context);
    return data;
}

/* Bits of K for each pixel after the same training in one precision, on rows it did not see. */
static double bits_of(nq_context *context, const setting *network, const char *precision,
                      double *gain, double *first)
{
    const setting how[] = {{"updates", "700"},  {"batch", "128"},         {"rate", "1.5e-3"},
                           {"average", "0.99"}, {"precision", precision}, {NULL, NULL}};
    const nq_model_options model = model_options(network);
    const nq_train_options train = train_options(how);
    const nq_bound_options bound_options = {.terms = 100, .seed = 5};
    nq_dataset *data = leaves(context, ROWS, 1);
    nq_dataset *fresh = leaves(context, ROWS / 2, 2);
    nq_trainer *trainer;
    nq_train_state now;
    nq_bound bound;
    const nq_model *made;
    assert_ok(nq_trainer_new(&trainer, context, data, NULL, &model, &train), context);
    do {
        assert_ok(nq_trainer_step(trainer), context);
        nq_trainer_state(&now, trainer);
    } while (!now.done);
    assert_ok(nq_trainer_model(&made, trainer), context);
    assert_ok(nq_bound_estimate(&bound, context, made, fresh, &bound_options), context);
    const nq_sample_options one = {.rows = 1, .seed = 1};
    double row[DIM];
    assert_ok(nq_sample(row, context, made, &one), context);
    *first = row[0];
    const double bits = bound.bound / log(2) / DIM;
    *gain = bound.gain / log(2) / DIM;
    nq_bound_free(&bound);
    nq_trainer_free(trainer);
    nq_dataset_free(fresh);
    nq_dataset_free(data);
    return bits;
}

static void bf16_is_within_a_hundredth_of_a_bit(void **state)
{
    (void)state;
    if (!nqi_backends_with(kernels(), NQI_BF16))
        skip();
    static const setting networks[][10] = {
        {{"hidden", "64,64"}, {"steps", "40"}, {"readout", "embedding"}, {NULL, NULL}},
        {{"regressor", "image"},
         {"layers", "1"},
         {"scales", "2"},
         {"channels", "8"},
         {"hidden", "64"},
         {"pixel_hidden", "32,32"},
         {"bumps", "3"},
         {"steps", "40"},
         {NULL, NULL}}};
    nq_context *context = context_open(2);
    for (int k = 0; k < 2; k++) {
        double gains[2];
        double rows[2];
        const double exact = bits_of(context, networks[k], "float32", &gains[0], &rows[0]);
        const double rounded = bits_of(context, networks[k], "bf16", &gains[1], &rows[1]);
        assert_true(rows[0] != rows[1]); /* so the precision was used */
        assert_true(gains[0] > 0.5);     /* and something was learned */
        assert_close("bits per pixel", rounded, exact, 0.01);
    }
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bf16_is_within_a_hundredth_of_a_bit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
