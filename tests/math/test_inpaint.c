/* test_inpaint.c - pictures filled or cleaned of noise: what is kept, the law of what is drawn, and
 * memory. An untrained network is the reverse of noise, so its pixels are independent normals. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <sys/resource.h>

#include "math/math_test.h"

enum { SIDE = 16, ROWS = 40, DRAWS_MOST = 64 };

static const double MEAN = 100, DEVIATION = 20;

/* Deterministic numbers that look like noise: -.5 to .5. */
static double jitter(size_t i)
{
    const uint64_t z = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    return (double)((z ^ (z >> 29)) * UINT64_C(0xbf58476d1ce4e5b9) >> 11) * 0x1p-53 - 0.5;
}

static nq_model *picture_model(nq_context *context, const char *image, const char *hidden)
{
    const setting settings[] = {{"kernel", "gaussian"},  {"regressor", "image"},
                                {"image", image},        {"hidden", hidden},
                                {"layers", "1"},         {"scales", "2"},
                                {"channels", "4"},       {"pixel_hidden", "4"},
                                {"bumps", "2"},          {"steps", "12"},
                                {"schedule", "log-snr"}, {"beta_1", "1e-3"},
                                {"scale", "whole"},      {NULL, NULL}};
    const size_t dim = (size_t)(*image - '0') * SIDE * SIDE;
    double *rows = malloc(ROWS * dim * sizeof *rows);
    for (size_t i = 0; i < ROWS * dim; i++) /* a uniform's variance is 1/12 */
        rows[i] = (double)(MEAN + DEVIATION * sqrt(12.0) * jitter(i));
    nq_dataset *data = dataset_of(context, rows, ROWS, dim);
    nq_model *model = model_of(context, data, settings);
    nq_dataset_free(data);
    free(rows);
    return model;
}

typedef struct album {
    nq_picture picture;
    size_t count, numbers;
    double *draws[DRAWS_MOST], *given;
} album;

/* Draws that all start as one picture with some holes. */
static album album_new(size_t channels, size_t height, size_t width, size_t count,
                       int (*is_hole)(size_t x, size_t y))
{
    album a = {.picture = {channels, height, width},
               .count = count,
               .numbers = channels * height * width};
    a.given = malloc(a.numbers * sizeof *a.given);
    for (size_t i = 0; i < a.numbers; i++)
        a.given[i] = is_hole && is_hole(i % width, i / width % height)
                         ? NAN
                         : (double)(MEAN + 30 * jitter(7 * i));
    for (size_t d = 0; d < count; d++) {
        a.draws[d] = malloc(a.numbers * sizeof *a.given);
        memcpy(a.draws[d], a.given, a.numbers * sizeof *a.given);
    }
    return a;
}

static void album_free(album *a)
{
    for (size_t d = 0; d < a->count; d++)
        free(a->draws[d]);
    free(a->given);
}

static nq_inpaint_options options_of(nq_posterior_options *posterior, const char *method,
                                     size_t margin, size_t most)
{
    nq_inpaint_options options;
    nq_posterior_options_init(posterior, sizeof *posterior);
    nq_inpaint_options_init(&options, sizeof options);
    snprintf(posterior->method, sizeof posterior->method, "%s", method);
    posterior->particles = 8;
    options.posterior = posterior;
    options.margin = margin;
    options.most = most;
    return options;
}

static int two_holes(size_t x, size_t y)
{
    return (x >= 3 && x < 12 && y >= 2 && y < 9) || (x >= 30 && x < 44 && y >= 20 && y < 37);
}

static int speckles(size_t x, size_t y)
{
    return jitter(1000 + y * 97 + x) < 0;
}

static int middle(size_t x, size_t y)
{
    return x >= 8 && x < 40 && y >= 8 && y < 40;
}

static int small_hole(size_t x, size_t y)
{
    return x >= 4 && x < 9 && y >= 5 && y < 11;
}

static int strip_of_holes(size_t x, size_t y)
{
    return x > 20 && x < 620 && y > 300 && y < 310;
}

static void assert_filled_and_kept(const album *a)
{
    for (size_t d = 0; d < a->count; d++)
        for (size_t i = 0; i < a->numbers; i++) {
            assert_true(isfinite(a->draws[d][i]));
            if (!isnan(a->given[i]))
                assert_memory_equal(&a->draws[d][i], &a->given[i], sizeof a->given[i]);
        }
}

static void known_pixels_come_back_and_every_hole_is_filled(void **state)
{
    static const char *const methods[] = {"", "noised", "particles", "paper"};
    static int (*const holes[])(size_t, size_t) = {two_holes, speckles, middle};
    nq_context *context = context_open(2);
    (void)state;
    for (size_t channels = 1; channels <= 3; channels += 2) {
        nq_model *model = picture_model(context, channels == 1 ? "1x16x16" : "3x16x16", "none");
        for (size_t k = 0; k < 12; k++) {
            album a = album_new(channels, 45, 50, 3, holes[k % 3]);
            nq_posterior_options posterior;
            const nq_inpaint_options options =
                options_of(&posterior, methods[k / 3], 4, k % 2 ? 20 : 33);
            assert_ok(nq_inpaint(a.draws, context, model, a.count, &a.picture, &options),
                      context);
            assert_filled_and_kept(&a);
            album_free(&a);
        }
        nq_model_free(model);
    }
    nq_context_free(context);
}

static void draws_of_one_hole_differ(void **state)
{
    nq_context *context = context_open(1);
    nq_model *model = picture_model(context, "1x16x16", "none");
    album a = album_new(1, 30, 30, 2, small_hole);
    nq_posterior_options posterior;
    const nq_inpaint_options options = options_of(&posterior, "noised", 4, 16);
    (void)state;
    assert_ok(nq_inpaint(a.draws, context, model, a.count, &a.picture, &options), context);
    for (size_t i = 0; i < a.numbers; i++)
        if (isnan(a.given[i]))
            assert_true(a.draws[0][i] != a.draws[1][i]);
    album_free(&a);
    nq_model_free(model);
    nq_context_free(context);
}

static void pictures_do_not_depend_on_threads_but_on_the_seed(void **state)
{
    album a[3];
    (void)state;
    for (int k = 0; k < 3; k++) {
        nq_context *context = context_open(k == 1 ? 3 : 1);
        nq_model *model = picture_model(context, "1x16x16", "none");
        nq_posterior_options posterior;
        nq_inpaint_options options = options_of(&posterior, "noised", 4, 20);
        a[k] = album_new(1, 48, 48, 20, middle);
        posterior.seed = k == 2 ? 5 : 4;
        assert_ok(nq_inpaint(a[k].draws, context, model, 20, &a[k].picture, &options), context);
        nq_model_free(model);
        nq_context_free(context);
    }
    for (size_t d = 0; d < 20; d++) {
        assert_memory_equal(a[0].draws[d], a[1].draws[d], a[0].numbers * sizeof(double));
        assert_memory_not_equal(a[0].draws[d], a[2].draws[d], a[0].numbers * sizeof(double));
    }
    for (int k = 0; k < 3; k++)
        album_free(&a[k]);
}

/* Whole, and in windows of 20 that see what earlier ones drew. */
static void an_untrained_network_fills_holes_with_its_noise(void **state)
{
    nq_context *context = context_open(2);
    nq_model *model = picture_model(context, "1x16x16", "none");
    (void)state;
    for (size_t most = 20; most <= 64; most += 44) {
        album a = album_new(1, 48, 48, 16, middle);
        nq_posterior_options posterior;
        const nq_inpaint_options options = options_of(&posterior, "noised", 6, most);
        double sum = 0, squares = 0, product = 0;
        size_t count = 0, pairs = 0;
        assert_ok(nq_inpaint(a.draws, context, model, a.count, &a.picture, &options), context);
        for (size_t d = 0; d < a.count; d++)
            for (size_t i = 0; i < a.numbers; i++) {
                const double x = ((double)a.draws[d][i] - MEAN) / DEVIATION;
                if (!isnan(a.given[i]))
                    continue;
                sum += x;
                squares += x * x;
                count++;
                if (isnan(a.given[i + 1])) {
                    product += x * ((double)a.draws[d][i + 1] - MEAN) / DEVIATION;
                    pairs++;
                }
            }
        const double n = (double)count;
        assert_int_equal(count, 16 * 32 * 32);
        assert_close("mean", sum / n, 0, 4 / sqrt(n) + 0.01);
        assert_close("variance", squares / n, 1, 0.05);
        assert_close("correlation of neighbours", product / (double)pairs, 0, 4 / sqrt(n));
        album_free(&a);
    }
    nq_model_free(model);
    nq_context_free(context);
}

/* x ~ N(m, s^2), y = x + N(0, sigma^2): x given y is normal and has the precision
 * 1/s^2 + 1/sigma^2. */
static void noise_is_taken_off_as_for_independent_normals(void **state)
{
    nq_context *context = context_open(2);
    nq_model *model = picture_model(context, "1x16x16", "none");
    album a = album_new(1, 40, 52, 64, small_hole);
    nq_posterior_options posterior;
    nq_inpaint_options options = options_of(&posterior, "paper", 4, 24);
    const double sigma = 15, s2 = DEVIATION * DEVIATION;
    const double variance = 1 / (1 / s2 + 1 / (sigma * sigma));
    double squares = 0, bias = 0, hole = 0;
    size_t count = 0, unknown = 0;
    (void)state;
    options.sigma = sigma;
    assert_ok(nq_inpaint(a.draws, context, model, a.count, &a.picture, &options), context);
    for (size_t i = 0; i < a.numbers; i++) {
        const int is_unknown = isnan(a.given[i]);
        const double mean =
            is_unknown ? MEAN : variance * (MEAN / s2 + (double)a.given[i] / (sigma * sigma));
        for (size_t d = 0; d < a.count; d++) {
            const double x = (double)a.draws[d][i] - mean;
            assert_true(isfinite(x));
            if (is_unknown) {
                hole += x * x;
                unknown++;
                continue;
            }
            squares += x * x;
            bias += x;
            count++;
        }
    }
    assert_close("bias", bias / (double)count, 0, 0.01 * DEVIATION);
    assert_close("variance", squares / (double)count / variance, 1, 0.03);
    assert_close("variance of a hole", hole / (double)unknown / s2, 1, 0.1);
    album_free(&a);
    nq_model_free(model);
    nq_context_free(context);
}

static void a_dense_network_takes_pictures_of_its_own_size(void **state)
{
    nq_context *context = context_open(1);
    nq_model *model = picture_model(context, "1x16x16", "8");
    album a = album_new(1, SIDE, SIDE, 2, small_hole);
    album other = album_new(1, SIDE, SIDE + 1, 2, small_hole);
    nq_posterior_options posterior;
    const nq_inpaint_options options = options_of(&posterior, "", 2, 8);
    (void)state;
    assert_ok(nq_inpaint(a.draws, context, model, 2, &a.picture, &options), context);
    assert_filled_and_kept(&a);
    assert_int_equal(nq_inpaint(other.draws, context, model, 2, &other.picture, &options),
                     NQ_ERROR_UNSUPPORTED);
    assert_non_null(strstr(nq_context_message(context), "16x17"));
    album_free(&a);
    album_free(&other);
    nq_model_free(model);
    nq_context_free(context);
}

static void a_picture_without_holes_is_left_alone(void **state)
{
    nq_context *context = context_open(1);
    nq_model *model = picture_model(context, "1x16x16", "none");
    album a = album_new(1, 7, 5, 1, NULL);
    nq_posterior_options posterior;
    const nq_inpaint_options options = options_of(&posterior, "", 0, 0);
    (void)state;
    assert_ok(nq_inpaint(a.draws, context, model, 1, &a.picture, &options), context);
    assert_memory_equal(a.draws[0], a.given, a.numbers * sizeof(double));
    album_free(&a);
    nq_model_free(model);
    nq_context_free(context);
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    nq_context *context = context_open(1);
    nq_model *model = picture_model(context, "1x16x16", "none");
    const double flat[4] = {0, 1, 2, 4};
    const setting table[] = {{"kernel", "gaussian"}, {"steps", "3"}, {NULL, NULL}};
    nq_dataset *data = dataset_of(context, flat, 4, 1);
    nq_model *line = model_of(context, data, table);
    album a = album_new(1, 20, 20, 2, small_hole);
    nq_posterior_options posterior;
    nq_inpaint_options options = options_of(&posterior, "noised", 0, 0);
    const nq_picture colour = {3, 20, 20}, empty = {1, 0, 20};
    (void)state;
    assert_int_equal(nq_inpaint(a.draws, context, line, 2, &a.picture, &options),
                     NQ_ERROR_UNSUPPORTED);
    assert_int_equal(nq_inpaint(a.draws, context, model, 2, &colour, &options), NQ_ERROR_SHAPE);
    assert_int_equal(nq_inpaint(a.draws, context, model, 2, &empty, &options), NQ_ERROR_SHAPE);
    assert_int_equal(nq_inpaint(a.draws, context, model, 0, &a.picture, &options),
                     NQ_ERROR_ARGUMENT);
    options.sigma = -1;
    assert_int_equal(nq_inpaint(a.draws, context, model, 2, &a.picture, &options),
                     NQ_ERROR_ARGUMENT);
    options.sigma = 1; /* noise, for a method that takes known cells only */
    assert_int_equal(nq_inpaint(a.draws, context, model, 2, &a.picture, &options),
                     NQ_ERROR_UNSUPPORTED);
    options.sigma = 0;
    a.draws[1][3 * 20 + 2] = INFINITY;
    assert_int_equal(nq_inpaint(a.draws, context, model, 2, &a.picture, &options),
                     NQ_ERROR_SHAPE);
    assert_non_null(strstr(nq_context_message(context), "plane 1, line 4, pixel 3"));
    album_free(&a);
    nq_model_free(line);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Pictures of one grey each. A network that has learned it draws windows of one grey only when they
 * see what was drawn before. */
static nq_model *grey_model(nq_context *context)
{
    const setting settings[] = {{"kernel", "gaussian"},  {"regressor", "image"},
                                {"image", "1x16x16"},    {"hidden", "none"},
                                {"layers", "2"},         {"scales", "3"},
                                {"channels", "8"},       {"pixel_hidden", "8"},
                                {"bumps", "4"},          {"steps", "30"},
                                {"schedule", "log-snr"}, {"beta_1", "1e-2"},
                                {"scale", "whole"},      {NULL, NULL}};
    const setting run[] = {{"updates", "800"}, {"batch", "64"}, {"rate", "5e-3"}, {NULL, NULL}};
    const nq_model_options options = model_options(settings);
    const nq_train_options training = train_options(run);
    enum { GREYS = 256, PIXELS = SIDE * SIDE };
    double *rows = malloc(GREYS * PIXELS * sizeof *rows);
    nq_trainer *trainer;
    const nq_model *best;
    nq_model *model;
    nq_train_state now = {.done = 0};
    for (size_t i = 0; i < GREYS * PIXELS; i++)
        rows[i] = (double)(MEAN + DEVIATION * sqrt(12.0) * jitter(i / PIXELS) + 40 * jitter(i));
    nq_dataset *data = dataset_of(context, rows, GREYS, PIXELS);
    assert_ok(nq_trainer_new(&trainer, context, data, NULL, &options, &training), context);
    while (!now.done) {
        assert_ok(nq_trainer_step(trainer), context);
        nq_trainer_state(&now, trainer);
    }
    assert_ok(nq_trainer_model(&best, trainer), context);
    assert_ok(nq_model_resize(&model, context, best, SIDE, SIDE), context);
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    free(rows);
    return model;
}

static int right_of_8(size_t x, size_t y)
{
    (void)y;
    return x >= 8;
}

static double column_mean(const double *picture, size_t width, size_t height, size_t first,
                          size_t last)
{
    double sum = 0;
    for (size_t y = 0; y < height; y++)
        for (size_t x = first; x < last; x++)
            sum += (double)picture[y * width + x];
    return sum / (double)((last - first) * height);
}

/* Windows of 16 keep 8 columns each: 8..15 are drawn beside known pixels, 24..31 beside drawn
 * ones. */
static void later_windows_go_on_from_what_earlier_ones_drew(void **state)
{
    nq_context *context = context_open(2);
    nq_model *model = grey_model(context);
    nq_posterior_options posterior;
    nq_inpaint_options options = options_of(&posterior, "noised", 8, 16);
    double bright[2];
    (void)state;
    posterior.jumps = 6;
    for (int k = 0; k < 2; k++) {
        album a = album_new(1, 16, 32, 16, right_of_8);
        bright[k] = 0;
        for (size_t d = 0; d < a.count; d++)
            for (size_t i = 0; i < a.numbers; i++)
                if (!isnan(a.given[i]))
                    a.draws[d][i] = (double)(MEAN + (k ? 25 : -25) + 40 * jitter(i));
        assert_ok(nq_inpaint(a.draws, context, model, a.count, &a.picture, &options), context);
        for (size_t d = 0; d < a.count; d++)
            bright[k] += column_mean(a.draws[d], 32, 16, 24, 32) / (double)a.count;
        album_free(&a);
    }
    assert_true(bright[1] - bright[0] > 15 && bright[1] - bright[0] < 60);
    nq_model_free(model);
    nq_context_free(context);
}

/* Sanitizers keep memory of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { MEMORY_IS_OURS = 0 };
#else
enum { MEMORY_IS_OURS = 1 };
#endif

/* Draws of the whole picture at once would need 640 * 640 pixels * 16 rows * over 50 bytes. */
static void memory_is_that_of_windows_not_of_the_picture(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    nq_model *model = picture_model(context, "1x16x16", "none");
    album a = album_new(1, 640, 640, 1, strip_of_holes);
    nq_posterior_options posterior;
    const nq_inpaint_options options = options_of(&posterior, "paper", 8, 64);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    assert_ok(nq_inpaint(a.draws, context, model, 1, &a.picture, &options), context);
    getrusage(RUSAGE_SELF, &after);
    assert_filled_and_kept(&a);
    if (MEMORY_IS_OURS)
        assert_true(after.ru_maxrss - before.ru_maxrss < 64 * 1024); /* KiB */
    album_free(&a);
    nq_model_free(model);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_that_of_windows_not_of_the_picture),
        cmocka_unit_test(known_pixels_come_back_and_every_hole_is_filled),
        cmocka_unit_test(draws_of_one_hole_differ),
        cmocka_unit_test(pictures_do_not_depend_on_threads_but_on_the_seed),
        cmocka_unit_test(an_untrained_network_fills_holes_with_its_noise),
        cmocka_unit_test(later_windows_go_on_from_what_earlier_ones_drew),
        cmocka_unit_test(noise_is_taken_off_as_for_independent_normals),
        cmocka_unit_test(a_dense_network_takes_pictures_of_its_own_size),
        cmocka_unit_test(a_picture_without_holes_is_left_alone),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
