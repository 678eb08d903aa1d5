/* test_image.c - networks of pictures: sizes, parts of a batch, threads, training. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/math_test.h"
#include "unit/says.h"

#include "core/context.h"
#include "kernels.h"
#include "model/model.h"

static const setting small_network[] = {
    {"kernel", "gaussian"}, {"regressor", "image"}, {"layers", "2"},
    {"scales", "2"},        {"channels", "4"},      {"pixel_hidden", "4"},
    {"steps", "12"},        {"beta_1", "0.01"},     {NULL, NULL}};

static nq_dataset *leaves(nq_context *context, size_t rows, size_t size)
{
    nq_dataset *data;
    nq_generate_options options = {.rows = rows, .side = size, .seed = 3};
    assert_ok(nq_dataset_generate(&data, context, "deadleaves", &options), context);
    return data;
}

/* A network with weights of no meaning, all of them in use. */
static nq_model *random_model(nq_context *context, const nq_dataset *data)
{
    nq_model *model = model_of(context, data, small_network);
    const nqi_stream stream = {7, NQI_DRAW_TEST, 0, 0};
    for (size_t i = 0; i < nq_model_parameters(model); i++)
        model->regressor.params[i] += (nqi_real)(0.2 * nqi_stream_normal(&stream, i));
    return model;
}

/* The convolutions see `reach` pixels far; beyond that, a larger picture changes nothing. */
static void a_larger_picture_has_the_same_inside(void **state)
{
    (void)state;
    enum { SMALL = 32, LARGE = 48, SHIFT = 8, REACH = 12 };
    nq_context *context = context_open(2);
    nq_dataset *data = leaves(context, 20, SMALL);
    nq_model *model = random_model(context, data), *wide;
    assert_ok(nq_model_resize(&wide, context, model, LARGE, LARGE), context);
    assert_int_equal(nq_model_dim(wide), LARGE * LARGE);
    float *large = malloc(2 * LARGE * LARGE * sizeof *large), *of_large = large + LARGE * LARGE;
    float *small = malloc(2 * SMALL * SMALL * sizeof *small), *of_small = small + SMALL * SMALL;
    assert_true(large && small);
    const nqi_stream stream = {8, NQI_DRAW_TEST, 0, 0};
    for (size_t i = 0; i < LARGE * LARGE; i++)
        large[i] = (float)nqi_stream_normal(&stream, i);
    for (size_t y = 0; y < SMALL; y++)
        memcpy(small + y * SMALL, large + (y + SHIFT) * LARGE + SHIFT, SMALL * sizeof *small);
    assert_ok(nq_model_reverse(of_large, NULL, context, wide, large, 1, 6), context);
    assert_ok(nq_model_reverse(of_small, NULL, context, model, small, 1, 6), context);
    for (size_t y = REACH; y < SMALL - REACH; y++)
        for (size_t x = REACH; x < SMALL - REACH; x++)
            assert_true(fabs((double)(of_small[y * SMALL + x] -
                                      of_large[(y + SHIFT) * LARGE + x + SHIFT])) < 4e-5);
    free(large);
    free(small);
    nq_model_free(wide);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Evaluation passes a few rows at a time through arrays that share memory; training keeps all. */
static void parts_of_a_batch_give_what_the_whole_gives(void **state)
{
    (void)state;
    enum { LD = 48 };
    nq_context *context = context_open(1);
    nq_dataset *data = leaves(context, 20, 16);
    nq_model *model = random_model(context, data);
    nqi_tape whole, parts;
    assert_int_equal(nqi_tape_new(&whole, &model->regressor.graph, context->ops, LD, NQI_LANES,
                                  1),
                     NQ_OK);
    assert_int_equal(nqi_tape_new(&parts, &model->regressor.graph, context->ops, LD, NQI_LANES,
                                  0),
                     NQ_OK);
    assert_non_null(parts.slab);
    const nqi_stream stream = {9, NQI_DRAW_TEST, 0, 0};
    const size_t in = model->process.dim * LD, out = 2 * in;
    for (size_t i = 0; i < in; i++)
        whole.value[model->regressor.graph.input][i] =
            parts.value[model->regressor.graph.input][i] =
                (nqi_real)nqi_stream_normal(&stream, i);
    for (uint32_t g = 0; g < LD / NQI_LANES; g++)
        whole.time[g] = parts.time[g] = 3 * g + 2;
    whole.params = parts.params = model->regressor.params;
    nqi_tape_forward(&whole);
    nqi_tape_forward(&parts);
    for (size_t i = 0; i < out; i++)
        assert_true(fabs((double)(whole.value[model->regressor.graph.output][i] -
                                  parts.value[model->regressor.graph.output][i])) < 1e-4);
    nqi_tape_free(&whole);
    nqi_tape_free(&parts);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

static nq_trainer *trained(nq_context *context, const nq_dataset *data, const char *weighting,
                           const char *precision)
{
    nq_trainer *trainer;
    nq_model_options model;
    nq_train_options train;
    size_t count;
    nq_model_options_init(&model, sizeof model);
    nq_train_options_init(&train, sizeof train);
    const nq_option *table = nq_model_options_table(&count);
    apply_settings(&model, table, count, small_network);
    strcpy(model.pixel_hidden, "32,32"); /* wide enough for bf16 to gain */
    train.updates = 120;
    strcpy(train.precision, precision);
    train.batch = 64;
    train.rate = 1e-2;
    strcpy(train.weighting, weighting);
    assert_ok(nq_trainer_new(&trainer, context, data, NULL, &model, &train), context);
    nq_train_state now;
    do {
        assert_ok(nq_trainer_step(trainer), context);
        nq_trainer_state(&now, trainer);
    } while (!now.done);
    return trainer;
}

static const nq_bound_options few = {.terms = 100, .seed = 5};

static void training_gains_and_threads_change_nothing(void **state)
{
    (void)state;
    const char *const weightings[] = {"bound", "v"};
    for (int w = 0; w < 2; w++) {
        nq_context *contexts[2] = {context_open(1), context_open(3)};
        nq_trainer *trainers[2];
        nq_dataset *data[2];
        const nq_model *models[2];
        for (int i = 0; i < 2; i++) {
            data[i] = leaves(contexts[i], 200, 8);
            trainers[i] = trained(contexts[i], data[i], weightings[w], "float32");
            assert_ok(nq_trainer_model(&models[i], trainers[i]), contexts[i]);
        }
        assert_memory_equal(models[0]->regressor.params, models[1]->regressor.params,
                            nq_model_parameters(models[0]) * sizeof(nqi_real));
        nq_bound bound;
        assert_ok(nq_bound_estimate(&bound, contexts[0], models[0], data[0], &few), contexts[0]);
        assert_true(bound.gain > 5 * bound.se + 1);
        nq_bound_free(&bound);
        for (int i = 0; i < 2; i++) {
            nq_trainer_free(trainers[i]);
            nq_dataset_free(data[i]);
            nq_context_free(contexts[i]);
        }
    }
}

static void bf16_trains_as_well(void **state)
{
    (void)state;
    if (!nqi_backends_with(kernels(), NQI_BF16))
        skip();
    const char *const precisions[] = {"float32", "bf16"};
    nq_context *context = context_open(2);
    nq_dataset *data = leaves(context, 200, 8);
    double bounds[2], errors[2];
    for (int i = 0; i < 2; i++) {
        nq_trainer *trainer = trained(context, data, "bound", precisions[i]);
        const nq_model *model;
        nq_bound bound;
        assert_ok(nq_trainer_model(&model, trainer), context);
        assert_ok(nq_bound_estimate(&bound, context, model, data, &few), context);
        bounds[i] = bound.bound;
        errors[i] = bound.se;
        assert_true(bound.gain > 1);
        nq_bound_free(&bound);
        nq_trainer_free(trainer);
    }
    assert_true(bounds[0] != bounds[1]);
    assert_true(fabs(bounds[0] - bounds[1]) < 5 * hypot(errors[0], errors[1]) + 0.5);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void refused(nq_context *context, const nq_dataset *data, const setting *settings,
                    const char *word)
{
    nq_model *model = NULL;
    nq_model_options options = model_options(settings);
    assert_true(nq_model_new(&model, context, data, &options) < 0);
    assert_null(model);
    context_says(context, word);
}

static void wrong_networks_are_refused_with_a_sentence(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = leaves(context, 20, 8);
    const struct {
        setting settings[4];
        const char *word;
    } cases[] = {
        {{{"regressor", "image"}, {"image", "9x9"}}, "image 9x9"},
        {{{"regressor", "image"}, {"image", "8x"}}, "HEIGHTxWIDTH"},
        {{{"regressor", "image"}, {"image", "0x8"}}, "HEIGHTxWIDTH"},
        {{{"regressor", "image"}, {"layers", "0"}}, "hidden"},
        {{{"regressor", "image"}, {"readout", "per-step"}}, "bumps or embedding"},
        {{{"regressor", "image"}, {"hidden", "4,5"}}, "equal"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(context, data, cases[i].settings, cases[i].word);
    nq_model *model, *other;
    const setting dense[] = {{"regressor", "image"}, {"hidden", "4"}, {NULL, NULL}};
    model = model_of(context, data, dense);
    assert_int_equal(nq_model_resize(&other, context, model, 9, 9), NQ_ERROR_UNSUPPORTED);
    assert_null(other);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_larger_picture_has_the_same_inside),
        cmocka_unit_test(parts_of_a_batch_give_what_the_whole_gives),
        cmocka_unit_test(training_gains_and_threads_change_nothing),
        cmocka_unit_test(bf16_trains_as_well),
        cmocka_unit_test(wrong_networks_are_refused_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
