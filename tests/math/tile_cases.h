/* tile_cases.h - a picture in tiles gives what it gives whole. Both builds run this. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_TILE_CASES_H
#define NQI_TESTS_TILE_CASES_H

#include <stdio.h>

#include "math/math_test.h"

#include "core/context.h"
#include "diffusion/predictor.h"
#include "model/model.h"
#include "nn/run/reach.h"

enum { is_float = sizeof(nqi_real) == sizeof(float) };

/* What rounding may change, relative to the largest output. */
static const double rounding = is_float ? 1e-5 : 1e-12;

typedef struct tile_case {
    const char *layers, *scales, *unet, *channels_within, *readout;
    size_t channels, height, width, rows;
} tile_case;

/* Sides that are multiples of the coarsest pixel and sides that are not; many pictures and one. */
static const tile_case tile_cases[] = {{"1", "1", "", "4", "bumps", 1, 96, 96, 1},
                                       {"2", "1", "", "32", "embedding", 1, 61, 200, 1},
                                       {"1", "2", "", "4", "bumps", 3, 75, 131, 1},
                                       {"2", "3", "", "4", "embedding", 1, 128, 128, 1},
                                       {"2", "3", "", "4", "embedding", 1, 130, 97, 2},
                                       {"3", "3", "", "4", "bumps", 1, 163, 150, 3},
                                       {"2", "4", "", "20", "embedding", 1, 201, 190, 1},
                                       {"1", "0", "4,6,5", "0", "embedding", 1, 150, 131, 1},
                                       {"2", "0", "4,6", "0", "bumps", 3, 90, 97, 2}};
enum { TILE_CASES = sizeof tile_cases / sizeof *tile_cases };

/* A network with weights of no meaning, all of them in use, for pictures of a case's size. */
static nq_model *tile_model(nq_context *context, const tile_case *c, const char *hidden)
{
    const setting settings[] = {{"kernel", "gaussian"},
                                {"regressor", "image"},
                                {"layers", c->layers},
                                {"scales", c->scales},
                                {"readout", c->readout},
                                {"image", c->channels == 3 ? "3x8x8" : "8x8"},
                                {"channels", is_float || *c->unet ? c->channels_within : "3"},
                                {"unet", c->unet},
                                {"pixel_hidden", "5"},
                                {"bumps", "3"},
                                {"hidden", hidden},
                                {"steps", "12"},
                                {"beta_1", "0.01"},
                                {"schedule", "log-snr"},
                                {"scale", "whole"},
                                {NULL, NULL}};
    const size_t dim = c->channels * 64;
    double *rows = malloc(20 * dim * sizeof *rows);
    nq_model *small, *model;
    const nqi_stream stream = {7, NQI_DRAW_TEST, 0, 0};
    assert_non_null(rows);
    for (size_t i = 0; i < 20 * dim; i++)
        rows[i] = (double)(100 + 20 * nqi_stream_normal(&stream, i));
    nq_dataset *data = dataset_of(context, rows, 20, dim);
    small = model_of(context, data, settings);
    for (size_t i = 0; i < nq_model_parameters(small); i++)
        small->regressor.params[i] += (nqi_real)(0.2 * nqi_stream_normal(&stream, i));
    nq_dataset_free(data);
    free(rows);
    if (strcmp(hidden, "none"))
        return small;
    assert_ok(nq_model_resize(&model, context, small, c->height, c->width), context);
    nq_model_free(small);
    return model;
}

static void tape_fill(nqi_tape *tape, const nq_model *model, size_t rows)
{
    const nqi_stream stream = {8, NQI_DRAW_TEST, 0, 0};
    nqi_real *x = tape->value[tape->graph->input];
    for (size_t i = 0; i < model->process.dim * tape->ld; i++)
        x[i] = i % tape->ld < rows ? (nqi_real)nqi_stream_normal(&stream, i) : 0;
    tape->params = model->regressor.params;
    tape->time[0] = 5;
}

/* The whole picture's output, and the same by tiles. */
typedef struct both_ways {
    nqi_tape whole, parts;
    size_t count; /* numbers of a row */
} both_ways;

static void both_free(both_ways *b)
{
    nqi_tape_free(&b->whole);
    nqi_tape_free(&b->parts);
}

static both_ways both_run(nq_context *context, const nq_model *model, const nqi_tile_plan *plan)
{
    both_ways b = {.count = model->regressor.graph.nodes[model->regressor.graph.output].width};
    nqi_tiles *tiles;
    assert_int_equal(nqi_tape_new(&b.whole, &model->regressor.graph, context->ops, NQI_LANES,
                                  NQI_LANES, 0),
                     NQ_OK);
    assert_int_equal(nqi_tiles_tape_new(&b.parts, &model->regressor.graph, context->ops), NQ_OK);
    assert_int_equal(nqi_tiles_new(&tiles, &model->regressor.graph, context->ops, plan,
                                   nq_context_threads(context)),
                     NQ_OK);
    tape_fill(&b.whole, model, plan->rows);
    tape_fill(&b.parts, model, plan->rows);
    nqi_tape_forward(&b.whole);
    nqi_tiles_forward(tiles, context->pool, &b.parts);
    nqi_tiles_free(tiles);
    return b;
}

/* The largest difference, relative to the largest output. */
static double both_gap(const both_ways *b, size_t rows)
{
    const nqi_real *whole = b->whole.value[b->whole.graph->output];
    const nqi_real *parts = b->parts.value[b->parts.graph->output];
    double gap = 0, most = 0;
    for (size_t i = 0; i < b->count * NQI_LANES; i++) {
        if (i % NQI_LANES >= rows)
            continue;
        assert_true(isfinite(parts[i]));
        most = fmax(most, fabs((double)whole[i]));
        gap = fmax(gap, fabs((double)parts[i] - (double)whole[i]));
    }
    assert_true(most > 0.1);
    return gap / most;
}

static void tiles_give_what_the_whole_picture_gives(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    for (size_t k = 0; k < TILE_CASES; k++) {
        const tile_case *c = &tile_cases[k];
        nq_model *model = tile_model(context, c, "none");
        nqi_tile_plan plan;
        if (!nqi_tile_plan_make(&plan, &model->regressor.graph, c->rows))
            fail_msg("case %zu is not cut", k);
        both_ways b = both_run(context, model, &plan);
        const double gap = both_gap(&b, c->rows);
        if (!(gap <= rounding))
            fail_msg("case %zu: %zu x %zu tiles are off by %g", k, plan.down.count,
                     plan.across.count, gap);
        both_free(&b);
        nq_model_free(model);
    }
    nq_context_free(context);
}

/* The most that is between the origins of neighbouring tiles. */
static size_t cut_stride(const nqi_cut *cut)
{
    size_t most = 0;
    for (size_t i = 0; i + 1 < cut->count; i++) {
        const size_t stride = nqi_cut_origin(cut, i + 1) - nqi_cut_origin(cut, i);
        most = stride > most ? stride : most;
    }
    return most;
}

/* What is kept of tiles is right up to its edges: one pixel more, before or after, would not be.
 * What the network sees through several layers is too faint for float32. */
static void one_pixel_more_of_a_tile_is_wrong(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    for (size_t k = 0; k < 4 * TILE_CASES && !is_float; k++) {
        const tile_case *c = &tile_cases[k / 4];
        nq_model *model = tile_model(context, c, "none");
        nqi_tile_plan plan;
        assert_true(nqi_tile_plan_make(&plan, &model->regressor.graph, c->rows));
        nqi_cut *cut = k & 1 ? &plan.down : &plan.across;
        /* at the near end a U-net's margin may be rounded up by more than it needs */
        if (cut->count > 1 && (k & 2 || !*c->unet)) {
            cut->near = k & 2 ? cut->near - 1 : cut->length - cut->far + 1 - cut_stride(cut);
            both_ways b = both_run(context, model, &plan);
            assert_true(both_gap(&b, c->rows) > 10 * rounding);
            both_free(&b);
        }
        nq_model_free(model);
    }
    nq_context_free(context);
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    const tile_case *c = &tile_cases[4];
    nq_model *models[3];
    nq_context *contexts[3] = {context_open(1), context_open(2), context_open(5)};
    both_ways runs[3];
    for (int i = 0; i < 3; i++) {
        nqi_tile_plan plan;
        models[i] = tile_model(contexts[i], c, "none");
        assert_true(nqi_tile_plan_make(&plan, &models[i]->regressor.graph, c->rows));
        runs[i] = both_run(contexts[i], models[i], &plan);
        const int output = models[i]->regressor.graph.output;
        assert_memory_equal(runs[i].parts.value[output], runs[0].parts.value[output],
                            runs[0].count * NQI_LANES * sizeof(nqi_real));
    }
    for (int i = 0; i < 3; i++) {
        both_free(&runs[i]);
        nq_model_free(models[i]);
        nq_context_free(contexts[i]);
    }
}

static void pictures_that_gain_nothing_stay_whole(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const tile_case small = {"4", "3", "", "4", "bumps", 1, 32, 32, 1};
    const tile_case many = {"1", "1", "", "4", "bumps", 1, 64, 64, 1};
    nq_model *models[3] = {tile_model(context, &small, "none"), tile_model(context, &small, "6"),
                           tile_model(context, &many, "none")};
    nqi_tile_plan plan;
    nqi_reach reach;
    assert_true(nqi_graph_reach(&reach, &models[0]->regressor.graph));
    assert_int_equal(reach.multiple, 4);
    assert_int_equal(reach.margin, 16);
    assert_false(nqi_tile_plan_make(&plan, &models[0]->regressor.graph, 1));
    assert_int_equal(nqi_tile_plan_tiles(&plan), 1);
    assert_false(nqi_graph_reach(&reach, &models[1]->regressor.graph));
    assert_false(nqi_tile_plan_make(&plan, &models[1]->regressor.graph, 1));
    assert_int_equal(nqi_tile_plan_tiles(&plan), 1);
    for (int i = 0; i < 3; i++)
        for (size_t rows = 1; rows <= NQI_LANES + 1; rows += NQI_LANES) {
            nqi_predictor predictor;
            assert_ok(nqi_predictor_new(&predictor, context, &models[i]->process,
                                        &models[i]->regressor, NQI_LANES, rows),
                      context);
            assert_int_equal(predictor.tiles != NULL, i == 2 && rows == 1);
            nqi_predictor_free(&predictor);
        }
    for (int i = 0; i < 3; i++)
        nq_model_free(models[i]);
    nq_context_free(context);
}

/* What each tile contributes is right, and together it is all of the side, once. */
static void cuts_cover_every_pixel_once(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    for (size_t side = 40; side < 400; side += 7) {
        const tile_case c = {"2", "3", "", "4", "bumps", 1, side, 500 - side, 1};
        nq_model *model = tile_model(context, &c, "none");
        nqi_tile_plan plan;
        nqi_tile_plan_make(&plan, &model->regressor.graph, 1 + side % 3);
        const nqi_cut *cuts[2] = {&plan.down, &plan.across};
        for (int k = 0; k < 2; k++) {
            const nqi_cut *cut = cuts[k];
            assert_int_equal(cut->side, k ? 500 - side : side);
            assert_int_equal(nqi_cut_core(cut, 0), 0);
            assert_int_equal(nqi_cut_core(cut, cut->count), cut->side);
            assert_int_equal(nqi_cut_origin(cut, cut->count - 1) + cut->length, cut->side);
            for (size_t i = 0; i < cut->count; i++) {
                const size_t origin = nqi_cut_origin(cut, i), end = nqi_cut_core(cut, i + 1);
                assert_int_equal(origin % cut->multiple, 0);
                assert_true(nqi_cut_core(cut, i) < end);
                assert_true(i == 0 || nqi_cut_core(cut, i) >= origin + cut->near);
                assert_true(i + 1 == cut->count || end + cut->far <= origin + cut->length);
            }
        }
        nq_model_free(model);
    }
    nq_context_free(context);
}

/* Some steps add to what rounding changes. */
static const double drift = 100;

static void assert_rows_close(const double *some, const double *all, size_t count)
{
    double gap = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        gap = fmax(gap, fabs((double)some[i] - (double)all[i]));
        most = fmax(most, fabs((double)all[i]));
    }
    assert_true(most > 1);
    if (!(gap <= drift * rounding * most))
        fail_msg("rows are off by %g of %g", gap, most);
}

/* Pixels on their way, after a few steps. */
static double *sample_new(nq_context *context, const nq_model *model, size_t rows)
{
    const nq_sample_options options = {.rows = rows, .seed = 5};
    nq_sampler *sampler;
    double *out = malloc(rows * nq_model_columns(model) * sizeof *out);
    assert_non_null(out);
    assert_ok(nq_sampler_new(&sampler, context, model, &options), context);
    assert_ok(nq_sampler_run(sampler, 9), context);
    assert_ok(nq_sampler_state(out, sampler), context);
    nq_sampler_free(sampler);
    return out;
}

/* 17 rows are two microbatches, which threads keep to themselves. */
static void few_samples_are_the_first_of_many(void **state)
{
    (void)state;
    nq_context *contexts[2] = {context_open(1), context_open(3)};
    for (size_t k = 0; k < TILE_CASES; k++) {
        const tile_case *c = &tile_cases[k];
        nq_model *model = tile_model(contexts[0], c, "none");
        const size_t count = c->rows * nq_model_columns(model);
        double *few[2], *many = sample_new(contexts[1], model, 17);
        for (int i = 0; i < 2; i++)
            few[i] = sample_new(contexts[i], model, c->rows);
        assert_memory_equal(few[0], few[1], count * sizeof **few);
        assert_rows_close(few[0], many, count);
        free(few[0]);
        free(few[1]);
        free(many);
        nq_model_free(model);
    }
    for (int i = 0; i < 2; i++)
        nq_context_free(contexts[i]);
}

/* Draws of the upper half of a picture given the lower one. */
static nq_posterior posterior_of(nq_context *context, const nq_model *model, const char *method,
                                 size_t draws)
{
    const size_t columns = nq_model_columns(model);
    double *known = malloc(columns * sizeof *known);
    nq_posterior_options options;
    nq_posterior out;
    nq_evidence *evidence;
    assert_non_null(known);
    for (size_t i = 0; i < columns; i++)
        known[i] = i < columns / 2 ? NAN : (double)(90 + i % 20);
    nq_posterior_options_init(&options, sizeof options);
    options.draws = draws;
    snprintf(options.method, sizeof options.method, "%s", method);
    assert_ok(nq_evidence_clamp(&evidence, context, model, known, 1), context);
    assert_ok(nq_posterior_sample(&out, context, model, evidence, &options), context);
    nq_evidence_free(evidence);
    free(known);
    return out;
}

/* 16 rows fill the microbatch that 17 begin with. */
static void draws_by_tiles_are_those_of_whole_pictures(void **state)
{
    (void)state;
    const tile_case c = {"2", "1", "", "4", "embedding", 1, 72, 72, NQI_LANES};
    nq_context *contexts[2] = {context_open(1), context_open(3)};
    nq_model *model = tile_model(contexts[0], &c, "none");
    const size_t count = c.rows * nq_model_columns(model);
    const char *const methods[] = {"noised", "paper"};
    nqi_tile_plan plan;
    assert_true(nqi_tile_plan_make(&plan, &model->regressor.graph, c.rows));
    for (int m = 0; m < 2; m++) {
        nq_posterior few[2], many = posterior_of(contexts[1], model, methods[m], c.rows + 1);
        for (int i = 0; i < 2; i++)
            few[i] = posterior_of(contexts[i], model, methods[m], c.rows);
        assert_memory_equal(few[0].samples, few[1].samples, count * sizeof(double));
        assert_rows_close(few[0].samples, many.samples, count);
        nq_posterior_free(&few[0]);
        nq_posterior_free(&few[1]);
        nq_posterior_free(&many);
    }
    nq_model_free(model);
    for (int i = 0; i < 2; i++)
        nq_context_free(contexts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_give_what_the_whole_picture_gives),
        cmocka_unit_test(one_pixel_more_of_a_tile_is_wrong),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(pictures_that_gain_nothing_stay_whole),
        cmocka_unit_test(cuts_cover_every_pixel_once),
        cmocka_unit_test(few_samples_are_the_first_of_many),
        cmocka_unit_test(draws_by_tiles_are_those_of_whole_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
