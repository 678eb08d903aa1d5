/* test_squares.c - means of squares of pixels as evidence, and holes that are drawn in two sizes.
 * An untrained network is the reverse of noise, so its pixels are independent normals, and all laws
 * are known. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/posterior_test.h"

enum { SIDE = 8, PIXELS = SIDE * SIDE, EDGE = 4, EACH = EDGE * EDGE, DRAWS = 2000, ROWS = 40 };

static const double MEAN = 100, DEVIATION = 20;

/* Pictures of independent pixels of that mean and deviation, alternately above and below. */
static nq_model *noise_model(nq_context *context, double deviation, const char *roles)
{
    const setting settings[] = {{"kernel", "gaussian"},  {"regressor", "image"},
                                {"image", "1x8x8"},      {"hidden", "none"},
                                {"layers", "1"},         {"scales", "1"},
                                {"channels", "4"},       {"pixel_hidden", "4"},
                                {"bumps", "2"},          {"steps", "12"},
                                {"schedule", "log-snr"}, {"beta_1", "1e-6"},
                                {"dequantize", "0"},     {"scale", "whole"},
                                {"roles", roles},        {NULL, NULL}};
    double rows[ROWS * PIXELS];
    for (size_t i = 0; i < ROWS * PIXELS; i++)
        rows[i] = MEAN + ((i + i / PIXELS) % 2 ? deviation : -deviation);
    nq_dataset *data = dataset_of(context, rows, ROWS, PIXELS);
    nq_model *model = model_of(context, data, settings);
    nq_dataset_free(data);
    return model;
}

static double square_mean(const double *row, size_t top, size_t left)
{
    double sum = 0;
    for (size_t i = 0; i < EACH; i++)
        sum += row[(top + i / EDGE) * SIDE + left + i % EDGE];
    return sum / EACH;
}

/* Of two squares the mean of one is known, and a pixel beyond both. */
static nq_evidence *evidence_of(nq_evidence *parts[2], nq_context *context, const nq_model *model)
{
    const nq_squares squares = {.side = EDGE, .top = 2, .left = 0, .down = 1, .across = 2};
    const double means[2] = {130, NAN};
    double known[PIXELS];
    nq_evidence *all;
    for (size_t i = 0; i < PIXELS; i++)
        known[i] = i == 1 ? 77.0 : (double)NAN;
    assert_ok(nq_evidence_squares(&parts[0], context, model, &squares, means, 1), context);
    assert_ok(nq_evidence_clamp(&parts[1], context, model, known, 1), context);
    assert_ok(nq_evidence_product(&all, context, (const nq_evidence *const *)parts, 2), context);
    return all;
}

/* Pixels of the square have the mean y and what is left of their variance; others know nothing. */
static void assert_law(const nq_posterior *drawn)
{
    const double variance = DEVIATION * DEVIATION;
    for (size_t d = 0; d < drawn->draws; d++) {
        const double *row = drawn->samples + d * PIXELS;
        assert_close("known pixel", row[1], 77, 0);
        assert_close("known mean", square_mean(row, 2, 0), 130, 1e-3);
    }
    assert_moments(drawn, 0, 2 * SIDE, 130, variance * (1 - 1.0 / EACH));
    assert_moments(drawn, 0, 4 * SIDE + 3, 130, variance * (1 - 1.0 / EACH));
    assert_moments(drawn, 0, 3 * SIDE + 5, MEAN, variance);
    assert_moments(drawn, 0, 7 * SIDE, MEAN, variance);
}

static void squares_have_the_mean_that_is_known(void **state)
{
    static const char *const methods[] = {"", "noised", "roles"};
    nq_context *context = context_open(2);
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        nq_model *model = noise_model(context, DEVIATION, k == 2 ? "1" : "0");
        nq_evidence *parts[2], *all = evidence_of(parts, context, model);
        nq_posterior drawn = posterior_of(
            context, model, all,
            (posterior_call){.method = methods[k], .draws = 3 * DRAWS, .jumps = 1, .seed = 5});
        assert_string_equal(drawn.method, k == 2 ? "roles" : "noised");
        assert_law(&drawn);
        nq_posterior_free(&drawn);
        nq_evidence_free(all);
        nq_evidence_free(parts[0]);
        nq_evidence_free(parts[1]);
        nq_model_free(model);
    }
    nq_context_free(context);
}

static void a_mean_beside_a_pixel_is_refused(void **state)
{
    nq_context *context = context_open(1);
    nq_model *model = noise_model(context, DEVIATION, "0");
    nq_evidence *parts[2], *all = evidence_of(parts, context, model), *one = NULL;
    const nq_squares out[] = {{4, 5, 0, 1, 1}, {4, 0, 1, 1, 2}, {0, 0, 0, 1, 1}, {4, 0, 0, 0, 1}};
    const nq_squares first = {4, 0, 0, 1, 1};
    const double mean = 100, far = INFINITY;
    nq_posterior drawn;
    nq_posterior_options options = posterior_options((posterior_call){.method = "particles"});
    (void)state;
    assert_int_equal(nq_posterior_sample(&drawn, context, model, all, &options),
                     NQ_ERROR_UNSUPPORTED);
    assert_non_null(strstr(nq_context_message(context), "noised and roles"));
    for (size_t i = 0; i < sizeof out / sizeof *out; i++)
        assert_int_equal(nq_evidence_squares(&one, context, model, &out[i], &mean, 1),
                         NQ_ERROR_SHAPE);
    assert_int_equal(nq_evidence_squares(&one, context, model, &first, &far, 1), NQ_ERROR_SHAPE);
    nq_evidence_free(all);
    nq_evidence_free(parts[0]);
    assert_ok(nq_evidence_squares(&parts[0], context, model, &first, &mean, 1), context);
    assert_ok(nq_evidence_product(&all, context, (const nq_evidence *const *)parts, 2), context);
    options = posterior_options((posterior_call){.method = "noised"});
    assert_int_equal(nq_posterior_sample(&drawn, context, model, all, &options),
                     NQ_ERROR_ARGUMENT);
    assert_non_null(strstr(nq_context_message(context), "row 1, square 1"));
    nq_evidence_free(all);
    nq_evidence_free(parts[0]);
    nq_evidence_free(parts[1]);
    nq_model_free(model);
    nq_context_free(context);
}

/* A picture of 24 x 24 with a hole of 9 x 8: two squares of 4 x 4 across, two down, and a line. */
enum { LARGE = 24, TOP = 7, LEFT = 8, HEIGHT = 9, WIDTH = 8, COARSE_DRAWS = 400 };

static int in_hole(size_t i)
{
    const size_t y = i / LARGE, x = i % LARGE;
    return y >= TOP && y < TOP + HEIGHT && x >= LEFT && x < LEFT + WIDTH;
}

static double **holes_new(size_t count)
{
    double **draws = calloc(count, sizeof *draws);
    for (size_t d = 0; d < count; d++) {
        draws[d] = malloc(LARGE * LARGE * sizeof **draws);
        for (size_t i = 0; i < LARGE * LARGE; i++)
            draws[d][i] = in_hole(i) ? (double)NAN : MEAN;
    }
    return draws;
}

static void holes_free(double **draws, size_t count)
{
    for (size_t d = 0; d < count; d++)
        free(draws[d]);
    free(draws);
}

/* Variance over draws of a pixel, or of the mean of the square there. */
static double variance_of(double *const *draws, size_t line, size_t pixel, size_t side)
{
    double sum = 0, squares = 0;
    for (size_t d = 0; d < COARSE_DRAWS; d++) {
        double mean = 0;
        for (size_t i = 0; i < side * side; i++)
            mean += draws[d][(line + i / side) * LARGE + pixel + i % side];
        mean /= (double)(side * side);
        sum += mean;
        squares += mean * mean;
    }
    const double mean = sum / COARSE_DRAWS;
    return squares / COARSE_DRAWS - mean * mean;
}

static void holes_are_drawn_in_two_sizes(void **state)
{
    enum { SPREAD = 50 };
    nq_context *context = context_open(2);
    nq_model *model = noise_model(context, DEVIATION, "0");
    nq_model *coarse = noise_model(context, SPREAD, "0");
    double **draws = holes_new(COARSE_DRAWS);
    const nq_picture picture = {1, LARGE, LARGE};
    const double own = DEVIATION * DEVIATION, error = 4 * sqrt(2.0 / COARSE_DRAWS);
    nq_posterior_options posterior = posterior_options((posterior_call){.method = "noised"});
    nq_inpaint_options options;
    nq_inpaint_options_init(&options, sizeof options);
    options.posterior = &posterior;
    options.coarse = coarse;
    (void)state;
    assert_int_equal(nq_inpaint(draws, context, model, COARSE_DRAWS, &picture, &options),
                     NQ_ERROR_ARGUMENT);
    assert_non_null(strstr(nq_context_message(context), "reduce"));
    options.side = EDGE;
    assert_ok(nq_inpaint(draws, context, model, COARSE_DRAWS, &picture, &options), context);
    for (size_t d = 0; d < COARSE_DRAWS; d++)
        for (size_t i = 0; i < LARGE * LARGE; i++)
            assert_true(in_hole(i) ? isfinite(draws[d][i]) : draws[d][i] == MEAN);
    /* whole squares lie in lines 8 to 15; line 7 is the other model's alone */
    for (size_t k = 0; k < 4; k++)
        assert_close("spread of a mean",
                     variance_of(draws, 8 + k / 2 * EDGE, LEFT + k % 2 * EDGE, EDGE),
                     SPREAD * SPREAD, error * SPREAD * SPREAD);
    const double all = SPREAD * SPREAD + own * (1 - 1.0 / EACH);
    assert_close("spread of a pixel", variance_of(draws, 9, LEFT + 2, 1), all, error * all);
    assert_close("spread beyond squares", variance_of(draws, 7, LEFT + 2, 1), own, error * own);
    options.sigma = 1;
    assert_int_equal(nq_inpaint(draws, context, model, 1, &picture, &options),
                     NQ_ERROR_UNSUPPORTED);
    options.sigma = 0;
    options.side = LARGE + 1;
    assert_int_equal(nq_inpaint(draws, context, model, 1, &picture, &options), NQ_ERROR_SHAPE);
    holes_free(draws, COARSE_DRAWS);
    nq_model_free(model);
    nq_model_free(coarse);
    nq_context_free(context);
}

/* Holes cut into windows whose places are no multiples of the side. */
static void windows_share_the_means_of_a_draw(void **state)
{
    nq_context *context = context_open(2);
    nq_model *model = noise_model(context, DEVIATION, "0");
    nq_model *coarse = noise_model(context, 1e-3, "0"); /* all means are MEAN */
    double **draws = holes_new(2);
    const nq_picture picture = {1, LARGE, LARGE};
    nq_posterior_options posterior = posterior_options((posterior_call){.method = "noised"});
    nq_inpaint_options options;
    nq_inpaint_options_init(&options, sizeof options);
    options.posterior = &posterior;
    options.coarse = coarse;
    options.side = 2;
    options.margin = 3;
    options.most = 11;
    (void)state;
    assert_ok(nq_inpaint(draws, context, model, 2, &picture, &options), context);
    size_t held = 0;
    for (size_t y = 8; y < 16; y += 2)
        for (size_t x = 8; x < 16; x += 2) {
            double sum = 0;
            for (size_t i = 0; i < 4; i++)
                sum += draws[1][(y + i / 2) * LARGE + x + i % 2];
            held += fabs(sum / 4 - MEAN) < 0.05;
        }
    assert_in_range(held, 9, 16); /* squares that a cut divides are the other model's alone */
    holes_free(draws, 2);
    nq_model_free(model);
    nq_model_free(coarse);
    nq_context_free(context);
}

static void reduced_pictures_are_means(void **state)
{
    const double rows[2 * 12] = {1, 3,   5, 7, 2, 4, 9, 1, 1, 1, 1, 1,
                                 0, NAN, 0, 8, 0, 0, 0, 0, 1, 1, 1, 1};
    nq_context *context = context_open(1);
    nq_dataset *data = dataset_of(context, rows, 2, 12), *small, *half;
    const nq_picture shape = {1, 3, 4};
    nq_picture own;
    double row[2];
    (void)state;
    assert_int_equal(nq_dataset_reduce(&small, context, data, 2), NQ_ERROR_SHAPE);
    assert_ok(nq_dataset_set_picture(data, context, &shape), context);
    assert_int_equal(nq_dataset_reduce(&small, context, data, 4), NQ_ERROR_SHAPE);
    assert_int_equal(nq_dataset_reduce(&small, context, data, 0), NQ_ERROR_ARGUMENT);
    assert_ok(nq_dataset_reduce(&small, context, data, 2), context);
    nq_dataset_picture(&own, small);
    assert_true(own.channels == 1 && own.height == 1 && own.width == 2);
    nq_dataset_row(row, small, 0);
    assert_true(row[0] == 2.5 && row[1] == 5.5);
    nq_dataset_row(row, small, 1);
    assert_true(isnan(row[0]) && row[1] == 2);
    assert_ok(nq_dataset_slice(&half, context, small, 1, 1), context);
    assert_int_equal(nq_dataset_reduced(half), 2);
    assert_int_equal(nq_dataset_reduced(data), 1);
    nq_dataset_free(half);
    nq_dataset_free(small);
    nq_dataset_free(data);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(squares_have_the_mean_that_is_known),
        cmocka_unit_test(a_mean_beside_a_pixel_is_refused),
        cmocka_unit_test(holes_are_drawn_in_two_sizes),
        cmocka_unit_test(windows_share_the_means_of_a_draw),
        cmocka_unit_test(reduced_pictures_are_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
