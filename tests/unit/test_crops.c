/* test_crops.c - crops against crops cut by hand, alone and under slices, splits and each other. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"
#include "table/scaling/scaling.h"

enum { PICTURES = 3, CHANNELS = 2, HEIGHT = 9, WIDTH = 11, PLANE = HEIGHT * WIDTH };
enum { DIM = CHANNELS * PLANE, MOST = 2000 };

typedef struct scene {
    bench *b;
    double values[PICTURES][CHANNELS][HEIGHT][WIDTH];
    /* What the rows ought to be. */
    double expected[MOST][DIM];
    size_t rows, dim;
} scene;

static scene *scene_new(bench *b)
{
    scene *s = calloc(1, sizeof *s);
    double *all = s ? &s->values[0][0][0][0] : NULL;
    const nq_picture shape = {CHANNELS, HEIGHT, WIDTH};
    assert_non_null(s);
    s->b = b;
    for (size_t i = 0; i < PICTURES * DIM; i++)
        all[i] = (double)(i * 2654435761u >> 5 & 1023);
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, all, PICTURES, DIM, NULL),
                     NQ_OK);
    assert_int_equal(nq_dataset_set_picture(b->data, &b->context, &shape), NQ_OK);
    return s;
}

static void crop_cut(scene *s, size_t picture, size_t top, size_t left, const nq_crop_options *o,
                     int flip)
{
    double *out = s->expected[s->rows++];
    assert_true(s->rows <= MOST);
    for (size_t c = 0; c < CHANNELS; c++)
        for (size_t y = 0; y < o->height; y++)
            for (size_t x = 0; x < o->width; x++)
                *out++ = s->values[picture][c][top + y][left + (flip ? o->width - 1 - x : x)];
}

/* The plain way: every place, in the order that the header promises. */
static void cut_all(scene *s, const nq_crop_options *o)
{
    const size_t right = o->area.left + (o->area.width ? o->area.width : WIDTH - o->area.left);
    const size_t low = o->area.top + (o->area.height ? o->area.height : HEIGHT - o->area.top);
    s->rows = 0;
    s->dim = CHANNELS * o->height * o->width;
    for (size_t p = 0; p < PICTURES; p++)
        for (size_t y = o->area.top; y + o->height <= low; y += o->stride ? o->stride : o->height)
            for (size_t x = o->area.left; x + o->width <= right;
                 x += o->stride ? o->stride : o->width)
                for (int flip = 0; flip <= (o->mirror != 0); flip++)
                    crop_cut(s, p, y, x, o, flip);
}

static void rows_are(const nq_dataset *data, const scene *s, size_t first, size_t count)
{
    double row[DIM];
    assert_int_equal(nq_dataset_rows(data), count);
    assert_int_equal(nq_dataset_dim(data), s->dim);
    for (size_t r = 0; r < count; r++) {
        nq_dataset_row(row, data, r);
        if (memcmp(row, s->expected[first + r], s->dim * sizeof *row) != 0)
            fail_msg("row %zu is another", r);
    }
}

static nq_dataset *crops_new(scene *s, const nq_crop_options *o)
{
    nq_dataset *crops;
    if (nq_dataset_crops(&crops, &s->b->context, s->b->data, o))
        fail_msg("%s", s->b->context.message);
    return crops;
}

static const nq_crop_options plans[] = {
    {.height = 4, .width = 5, .stride = 1},
    {.height = 4, .width = 5, .stride = 0},
    {.height = 4, .width = 3, .stride = 1, .mirror = 1},
    {.height = 2, .width = 3, .stride = 0, .mirror = 1},
    {.height = 3, .width = 2, .stride = 4},
    {.height = 2, .width = 4, .stride = 3, .mirror = 1},
    {.height = 1, .width = 1, .stride = 1},
    {.height = HEIGHT, .width = WIDTH, .stride = 0, .mirror = 1},
    {.height = 3, .width = 4, .stride = 1, .area = {2, 3, 7, 5}},
    {.height = 3, .width = 4, .stride = 0, .mirror = 1, .area = {1, 0, 0, 7}},
    {.height = 3, .width = 4, .stride = 2, .area = {.left = 4, .top = 5}},
};
enum { PLANS = sizeof plans / sizeof plans[0] };

static void crops_are_those_cut_by_hand(void **state)
{
    scene *s = scene_new(*state);
    for (size_t i = 0; i < PLANS; i++) {
        nq_dataset *crops = crops_new(s, &plans[i]);
        nq_picture shape;
        cut_all(s, &plans[i]);
        rows_are(crops, s, 0, s->rows);
        nq_dataset_picture(&shape, crops);
        assert_int_equal(shape.channels, CHANNELS);
        assert_int_equal(shape.height, plans[i].height);
        assert_int_equal(shape.width, plans[i].width);
        nq_dataset_free(crops);
    }
    free(s);
}

static void slices_and_splits_of_crops_show_the_right_ones(void **state)
{
    scene *s = scene_new(*state);
    for (size_t i = 0; i < PLANS; i++) {
        nq_dataset *crops = crops_new(s, &plans[i]), *slice, *sides[2];
        size_t next[2] = {0}, found = 0;
        cut_all(s, &plans[i]);
        const size_t first = s->rows / 3, count = s->rows / 2;
        assert_int_equal(nq_dataset_slice(&slice, &s->b->context, crops, first, count), NQ_OK);
        rows_are(slice, s, first, count);
        nq_dataset_free(slice);
        for (int large = 0; large < 2; large++) {
            assert_int_equal(nq_dataset_split(&sides[0], &sides[1], &s->b->context, crops,
                                              large ? 0.7 : 0.2, 5),
                             NQ_OK);
            next[0] = next[1] = found = 0;
            for (size_t r = 0; r < s->rows; r++) { /* each row is the next one of a side */
                double row[DIM];
                for (int side = 0; side < 2; side++) {
                    if (next[side] == nq_dataset_rows(sides[side]))
                        continue;
                    nq_dataset_row(row, sides[side], next[side]);
                    if (memcmp(row, s->expected[r], s->dim * sizeof *row) != 0)
                        continue;
                    next[side]++;
                    found++;
                    break;
                }
            }
            assert_int_equal(found, s->rows);
            nq_dataset_free(sides[0]);
            nq_dataset_free(sides[1]);
        }
        nq_dataset_free(crops);
    }
    free(s);
}

static void a_gather_of_crops_is_scaled_and_feature_major(void **state)
{
    scene *s = scene_new(*state);
    enum { COUNT = 37, STRIDE = 48 };
    for (size_t i = 0; i < PLANS; i++) {
        static nqi_real out[DIM * STRIDE];
        nq_dataset *crops = crops_new(s, &plans[i]);
        double shift[DIM], divisor[DIM];
        size_t columns[DIM];
        uint64_t rows[COUNT];
        cut_all(s, &plans[i]);
        for (size_t c = 0; c < s->dim; c++) {
            shift[c] = (double)c;
            divisor[c] = 1 << c % 4;
            columns[c] = s->dim - 1 - c;
        }
        for (size_t k = 0; k < COUNT; k++)
            rows[k] = k * 7919 % s->rows;
        nqi_dataset_gather_columns(crops, rows, COUNT, columns, s->dim, shift, divisor, out,
                                   STRIDE);
        for (size_t c = 0; c < s->dim; c++)
            for (size_t k = 0; k < COUNT; k++) {
                const size_t at = columns[c];
                const double x = (double)s->expected[rows[k]][at];
                assert_true(out[c * STRIDE + k] == (nqi_real)((x - shift[at]) / divisor[at]));
            }
        nq_dataset_free(crops);
    }
    free(s);
}

/* Mirrored crops of mirrored crops, whose parents are a split of the pictures. */
static void crops_of_crops_and_of_splits_are_crops_too(void **state)
{
    scene *s = scene_new(*state);
    bench *b = s->b;
    const nq_crop_options outer = {.height = 7, .width = 8, .stride = 1, .mirror = 1};
    const nq_crop_options inner = {
        .height = 3, .width = 4, .stride = 2, .mirror = 1, .area = {1, 1, 7, 0}};
    nq_dataset *part, *rest, *large, *small;
    double row[DIM], whole[DIM];
    assert_int_equal(nq_dataset_split(&part, &rest, &b->context, b->data, 0.34, 2), NQ_OK);
    assert_int_equal(nq_dataset_crops(&large, &b->context, rest, &outer), NQ_OK);
    assert_int_equal(nq_dataset_rows(large), 2 * 3 * 4 * 2);
    assert_int_equal(nq_dataset_crops(&small, &b->context, large, &inner), NQ_OK);
    const size_t down = 2, across = 2, each = down * across * 2;
    assert_int_equal(nq_dataset_rows(small), nq_dataset_rows(large) * each);
    for (size_t r = 0; r < nq_dataset_rows(small); r++) {
        const size_t top = 1 + r % each / 2 / across * 2, left = 1 + r / 2 % across * 2;
        nq_dataset_row(whole, large, r / each);
        nq_dataset_row(row, small, r);
        for (size_t i = 0; i < CHANNELS * 12; i++) {
            const size_t x = i % 4, y = i / 4 % 3, c = i / 12;
            const size_t at = (c * 7 + top + y) * 8 + left + (r % 2 ? 3 - x : x);
            assert_true(row[i] == whole[at]);
        }
    }
    nq_dataset_free(small);
    nq_dataset_free(large);
    nq_dataset_free(part);
    nq_dataset_free(rest);
    free(s);
}

/* Brute force: pixels of each picture that some crop shows. */
static double pixels_covered(const nq_crop_options *o, unsigned char covered[HEIGHT][WIDTH])
{
    const size_t right = o->area.left + (o->area.width ? o->area.width : WIDTH - o->area.left);
    const size_t low = o->area.top + (o->area.height ? o->area.height : HEIGHT - o->area.top);
    double count = 0;
    memset(covered, 0, PLANE);
    for (size_t y = o->area.top; y + o->height <= low; y += o->stride ? o->stride : o->height)
        for (size_t x = o->area.left; x + o->width <= right;
             x += o->stride ? o->stride : o->width)
            for (size_t i = 0; i < o->height * o->width; i++)
                covered[y + i / o->width][x + i % o->width] = 1;
    for (size_t i = 0; i < PLANE; i++)
        count += covered[i / WIDTH][i % WIDTH];
    return count;
}

static void the_scale_counts_every_shown_pixel_once(void **state)
{
    scene *s = scene_new(*state);
    for (size_t i = 0; i < PLANS; i++) {
        unsigned char covered[HEIGHT][WIDTH];
        nq_dataset *crops = crops_new(s, &plans[i]), *slice;
        nqi_scaling scaling;
        const double n = pixels_covered(&plans[i], covered) * PICTURES * CHANNELS;
        double mean = 0, variance = 0;
        for (size_t k = 0; k < PICTURES * DIM; k++)
            mean += (&covered[0][0])[k % PLANE] * (double)(&s->values[0][0][0][0])[k] / n;
        for (size_t k = 0; k < PICTURES * DIM; k++)
            variance += (&covered[0][0])[k % PLANE] *
                        pow((double)(&s->values[0][0][0][0])[k] - mean, 2) / n;
        assert_int_equal(nq_dataset_slice(&slice, &s->b->context, crops, 1, 2), NQ_OK);
        for (int k = 0; k < 2; k++) { /* a slice has the scale of the whole */
            assert_int_equal(nqi_scaling_measure(&scaling, &s->b->context, k ? slice : crops,
                                                 NQI_SCALE_WHOLE),
                             NQ_OK);
            assert_int_equal(scaling.active, nq_dataset_dim(crops));
            assert_true(fabs(scaling.mean[0] - mean) < 1e-10 * mean);
            assert_true(fabs(scaling.deviation[scaling.columns - 1] - sqrt(variance)) <
                        1e-10 * mean);
            assert_true(fabs(scaling.log_jacobian + log(variance) / 2 * (double)scaling.columns) <
                        1e-8);
            assert_int_equal(nqi_scaling_check(&scaling, &s->b->context, crops), NQ_OK);
            nqi_scaling_free(&scaling);
        }
        nq_dataset_free(slice);
        nq_dataset_free(crops);
    }
    free(s);
}

static void bits_and_gaps_are_looked_for_where_crops_are(void **state)
{
    bench *b = *state;
    nq_dataset *crops, *slice;
    nqi_scaling scaling;
    size_t row, column;
    double values[PLANE] = {0};
    const nq_picture shape = {1, HEIGHT, WIDTH};
    const nq_crop_options left = {.height = 2, .width = 2, .stride = 1, .area = {0, 0, 6, 0}};
    const nq_crop_options right = {.height = 2, .width = 2, .stride = 1, .area = {6, 0, 0, 0}};
    for (size_t i = 0; i < PLANE; i++)
        values[i] = (double)(i % 2);
    values[5 * WIDTH + 7] = NAN;
    values[5 * WIDTH + 8] = 2;
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, 1, PLANE, NULL), NQ_OK);
    assert_int_equal(nq_dataset_set_picture(b->data, &b->context, &shape), NQ_OK);
    assert_int_equal(nq_dataset_crops(&crops, &b->context, b->data, &left), NQ_OK);
    assert_true(nq_dataset_is_binary(crops));
    assert_int_equal(nq_dataset_missing(NULL, NULL, crops), 0);
    assert_int_equal(nqi_scaling_measure(&scaling, &b->context, crops, NQI_SCALE_NONE), NQ_OK);
    assert_true(scaling.mean[0] == 0 && scaling.deviation[0] == 1 && scaling.active == 4);
    nqi_scaling_free(&scaling);
    nq_dataset_free(crops);
    assert_int_equal(nq_dataset_crops(&crops, &b->context, b->data, &right), NQ_OK);
    assert_false(nq_dataset_is_binary(crops));
    assert_int_equal(nq_dataset_missing(&row, &column, crops), 1);
    assert_int_equal(row, 4 * 4); /* the crop at line 4, column 6 has it at its lower right */
    assert_int_equal(column, 3);
    assert_int_equal(nqi_scaling_measure(&scaling, &b->context, crops, NQI_SCALE_WHOLE),
                     NQ_ERROR_SHAPE);
    bench_says(b, "picture 1, channel 1, line 6: expected numbers, found a missing value");
    assert_int_equal(nq_dataset_slice(&slice, &b->context, crops, 0, 8), NQ_OK);
    assert_int_equal(nq_dataset_missing(NULL, NULL, slice), 0);
    nq_dataset_free(slice);
    nq_dataset_free(crops);
}

static void pictures_of_one_grey_are_refused(void **state)
{
    bench *b = *state;
    nqi_scaling scaling;
    nq_dataset *crops;
    double values[PLANE] = {0};
    const nq_picture shape = {1, HEIGHT, WIDTH};
    const nq_crop_options options = {.height = 2, .width = 2, .stride = 1};
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, 1, PLANE, NULL), NQ_OK);
    assert_int_equal(nq_dataset_set_picture(b->data, &b->context, &shape), NQ_OK);
    assert_int_equal(nq_dataset_crops(&crops, &b->context, b->data, &options), NQ_OK);
    for (int mode = NQI_SCALE_NONE; mode <= NQI_SCALE_WHOLE; mode++)
        assert_int_equal(nqi_scaling_measure(&scaling, &b->context, crops,
                                             (nqi_scaling_mode)mode),
                         NQ_ERROR_SHAPE);
    nq_dataset_free(crops);
}

static void crops_refused(scene *s, nq_crop_options options, nq_status status, const char *says)
{
    nq_dataset *crops;
    assert_int_equal(nq_dataset_crops(&crops, &s->b->context, s->b->data, &options), status);
    assert_null(crops);
    bench_says(s->b, says);
}

static void crops_that_do_not_fit_are_refused(void **state)
{
    scene *s = scene_new(*state);
    bench *b = s->b;
    crops_refused(s, (nq_crop_options){.height = 3}, NQ_ERROR_ARGUMENT, "at least one");
    crops_refused(s, (nq_crop_options){.width = 3}, NQ_ERROR_ARGUMENT, "at least one");
    crops_refused(s, (nq_crop_options){.height = HEIGHT + 1, .width = 1}, NQ_ERROR_SHAPE,
                  "do not fit");
    crops_refused(s, (nq_crop_options){.height = 3, .width = 3, .area = {0, 0, 2, 9}},
                  NQ_ERROR_SHAPE, "do not fit");
    crops_refused(s, (nq_crop_options){.height = 3, .width = 3, .area = {WIDTH, 0, 0, 0}},
                  NQ_ERROR_SHAPE, "not inside");
    crops_refused(s, (nq_crop_options){.height = 3, .width = 3, .area = {2, 0, WIDTH - 1, 0}},
                  NQ_ERROR_SHAPE, "not inside");
    crops_refused(s, (nq_crop_options){.height = 3, .width = 3, .area = {0, 2, 0, SIZE_MAX}},
                  NQ_ERROR_SHAPE, "not inside");
    nq_dataset *crops = crops_new(s, &plans[0]);
    assert_int_equal(nq_dataset_set_picture(crops, &b->context, &(nq_picture){CHANNELS, 5, 4}),
                     NQ_ERROR_SHAPE);
    assert_int_equal(nq_dataset_set_picture(crops, &b->context, &(nq_picture){CHANNELS, 4, 5}),
                     NQ_OK);
    nq_dataset_free(crops);
    assert_int_equal(bench_read(b, "t.csv", "1,2\n3,4\n", 8), NQ_OK);
    crops_refused(s, plans[0], NQ_ERROR_SHAPE, "without the shape of a picture");
    free(s);
}

/* Rows of millions of crops are found by their number; nothing walks them. */
static void millions_of_crops_cost_what_their_pictures_cost(void **state)
{
    bench *b = *state;
    enum { SIDE = 1024, CROP = 32, PLACES = SIDE - CROP + 1 };
    const nq_generate_options make = {.rows = 3, .side = SIDE};
    const nq_crop_options options = {.height = CROP, .width = CROP, .stride = 1, .mirror = 1};
    nq_dataset *crops, *part, *rest;
    nqi_scaling scaling;
    double row[CROP * CROP], other[CROP * CROP];
    assert_int_equal(nq_dataset_generate(&b->data, &b->context, "deadleaves", &make), NQ_OK);
    assert_int_equal(nq_dataset_crops(&crops, &b->context, b->data, &options), NQ_OK);
    const size_t rows = (size_t)3 * PLACES * PLACES * 2;
    assert_int_equal(nq_dataset_rows(crops), rows);
    assert_false(nq_dataset_is_binary(crops));
    assert_int_equal(nq_dataset_missing(NULL, NULL, crops), 0);
    assert_true(nq_dataset_grey_level(crops) == 1);
    assert_int_equal(nqi_scaling_measure(&scaling, &b->context, crops, NQI_SCALE_WHOLE), NQ_OK);
    assert_int_equal(nqi_scaling_check(&scaling, &b->context, crops), NQ_OK);
    nqi_scaling_free(&scaling);
    assert_int_equal(nq_dataset_split(&part, &rest, &b->context, crops, 5000 / (double)rows, 1),
                     NQ_OK);
    assert_int_equal(nq_dataset_rows(rest), rows - 5000);
    assert_int_equal(rest->view.list_count, 5000);
    for (size_t r = 0, k = 0; k < 5000; r++) { /* between two held-out rows all are there */
        if (part->view.list[k] != r)
            continue;
        if (r + 1 < rows && (k + 1 == 5000 || part->view.list[k + 1] != r + 1)) {
            nq_dataset_row(row, rest, r - k);
            nq_dataset_row(other, crops, r + 1);
            assert_memory_equal(row, other, sizeof row);
        }
        k++;
    }
    nq_dataset_free(part);
    nq_dataset_free(rest);
    nq_dataset_free(crops);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(crops_are_those_cut_by_hand),
        TEST(slices_and_splits_of_crops_show_the_right_ones),
        TEST(a_gather_of_crops_is_scaled_and_feature_major),
        TEST(crops_of_crops_and_of_splits_are_crops_too),
        TEST(the_scale_counts_every_shown_pixel_once),
        TEST(bits_and_gaps_are_looked_for_where_crops_are),
        TEST(pictures_of_one_grey_are_refused),
        TEST(crops_that_do_not_fit_are_refused),
        TEST(millions_of_crops_cost_what_their_pictures_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
