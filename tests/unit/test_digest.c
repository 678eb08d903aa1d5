/* test_digest.c - a digest tells one data set from another: cells, gaps, order, names, shape. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/math_test.h"
#include "table/digest.h"

enum { ROWS = 150, DIM = 5 };

static void fill(double *values)
{
    for (size_t i = 0; i < (size_t)ROWS * DIM; i++)
        values[i] = 0.25 * (double)(i * i % 1009);
}

static nq_dataset *set_of(nq_context *context, const double *values, size_t rows, size_t dim,
                          const char *const *names)
{
    nq_dataset *set;
    assert_ok(nq_dataset_from_array(&set, context, values, rows, dim, names), context);
    return set;
}

static uint64_t digest_of(nq_context *context, const double *values, size_t rows, size_t dim)
{
    nq_dataset *set = set_of(context, values, rows, dim, NULL);
    const uint64_t digest = nqi_digest_values(set);
    nq_dataset_free(set);
    return digest;
}

static void every_cell_every_gap_and_the_order_count(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    double values[ROWS * DIM], other[ROWS * DIM];
    fill(values);
    const uint64_t digest = digest_of(context, values, ROWS, DIM);
    assert_true(digest == digest_of(context, values, ROWS, DIM));
    for (size_t i = 0; i < ROWS * DIM; i++) {
        memcpy(other, values, sizeof values);
        other[i] += 0.125;
        assert_true(digest != digest_of(context, other, ROWS, DIM));
        other[i] = NAN;
        assert_true(digest != digest_of(context, other, ROWS, DIM));
    }
    memcpy(other, values + DIM, DIM * sizeof *values); /* two rows change places */
    memcpy(other + DIM, values, DIM * sizeof *values);
    memcpy(other + 2 * DIM, values + 2 * DIM, (ROWS - 2) * DIM * sizeof *values);
    assert_true(digest != digest_of(context, other, ROWS, DIM));
    assert_true(digest != digest_of(context, values, ROWS - 1, DIM));
    assert_true(digest != digest_of(context, values, ROWS * DIM / 3, 3));
    nq_context_free(context);
}

static uint64_t rows_of(nq_context *context, const nq_dataset *set)
{
    uint64_t sum;
    assert_ok(nqi_digest_rows(&sum, context, set), context);
    return sum;
}

/* Of rows in any order; of two parts the sum of theirs. */
static void rows_add_up(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    double values[ROWS * DIM];
    nq_dataset *part, *rest;
    fill(values);
    values[7] = NAN;
    nq_dataset *set = set_of(context, values, ROWS, DIM, NULL);
    const uint64_t all = rows_of(context, set);
    assert_ok(nq_dataset_split(&part, &rest, context, set, 0.3, 1), context);
    assert_true(all && all == rows_of(context, part) + rows_of(context, rest));
    assert_true(rows_of(context, part) != rows_of(context, rest));
    nq_dataset_free(part);
    nq_dataset_free(rest);
    nq_dataset_free(set);
    values[3] += 0.125;
    set = set_of(context, values, ROWS, DIM, NULL);
    assert_true(all != rows_of(context, set));
    nq_dataset_free(set);
    nq_context_free(context);
}

/* The same rows, wherever they lie. */
static void views_have_the_digest_of_their_rows(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    double values[ROWS * DIM];
    nqi_real row[DIM];
    nq_dataset *slice, *part, *rest;
    fill(values);
    nq_dataset *set = set_of(context, values, ROWS, DIM, NULL);
    assert_ok(nq_dataset_slice(&slice, context, set, 20, 70), context);
    assert_true(nqi_digest_values(slice) == digest_of(context, values + 20 * DIM, 70, DIM));
    assert_ok(nq_dataset_split(&part, &rest, context, set, 0.3, 1), context);
    double *copy = malloc(nq_dataset_rows(rest) * DIM * sizeof *copy);
    for (size_t r = 0; r < nq_dataset_rows(rest); r++) {
        const uint64_t at = r;
        nqi_dataset_gather(rest, &at, 1, NULL, NULL, row, 1);
        for (size_t c = 0; c < DIM; c++)
            copy[r * DIM + c] = (double)row[c];
    }
    assert_true(nqi_digest_values(rest) == digest_of(context, copy, nq_dataset_rows(rest), DIM));
    assert_true(nqi_digest_values(rest) != nqi_digest_values(part));
    const size_t order[DIM] = {3, 0, 4, 1, 2};
    nq_dataset *turned;
    assert_ok(nqi_dataset_pick_columns(&turned, context, slice, order, DIM), context);
    for (size_t r = 0; r < 70; r++)
        for (size_t c = 0; c < DIM; c++)
            copy[r * DIM + c] = values[(20 + r) * DIM + order[c]];
    assert_true(nqi_digest_values(turned) == digest_of(context, copy, 70, DIM));
    nq_dataset_free(turned);
    free(copy);
    nq_dataset_free(slice);
    nq_dataset_free(part);
    nq_dataset_free(rest);
    nq_dataset_free(set);
    nq_context_free(context);
}

static void names_have_a_digest_of_their_own(void **state)
{
    (void)state;
    const char *const sets[][DIM] = {{"a", "b", "c", "d", "e"},
                                     {"b", "a", "c", "d", "e"},
                                     {"ab", "", "c", "d", "e"},
                                     {"a", "b", "c", "d", "a longer name"}};
    nq_context *context = context_open(1);
    double values[ROWS * DIM];
    uint64_t names[5] = {0}, digest = 0;
    fill(values);
    for (int i = 0; i < 5; i++) {
        nq_dataset *set = set_of(context, values, ROWS, DIM, i ? sets[i - 1] : NULL);
        names[i] = nqi_digest_names(set);
        assert_true(!i || nqi_digest_values(set) == digest);
        digest = nqi_digest_values(set);
        nq_dataset_free(set);
        for (int k = 0; k < i; k++)
            assert_true(names[k] != names[i]);
    }
    assert_true(names[0] == 0);
    nq_context_free(context);
}

/* Three pictures of 40 x 40 at every place are too many rows to read each: the pixels are, and
 * where the crops lie counts. */
static void crops_are_told_apart_by_pixels_and_places(void **state)
{
    (void)state;
    enum { SIDE = 40, PICTURES = 3, CROPS = 4 };
    nq_context *context = context_open(1);
    double *values = malloc(PICTURES * SIDE * SIDE * sizeof *values);
    const nq_crop_options options[CROPS] = {{.width = 8, .height = 8, .stride = 1},
                                            {.width = 8, .height = 8, .stride = 2},
                                            {.width = 8, .height = 8, .stride = 1, .mirror = 1},
                                            {.width = 4, .height = 16, .stride = 1}};
    uint64_t digests[2 * CROPS];
    for (int changed = 0; changed < 2; changed++) {
        for (size_t i = 0; i < PICTURES * SIDE * SIDE; i++)
            values[i] = (double)(i % 251);
        values[2 * SIDE * SIDE + 77] += changed;
        nq_dataset *set = set_of(context, values, PICTURES, SIDE * SIDE, NULL);
        const nq_picture picture = {1, SIDE, SIDE};
        assert_ok(nq_dataset_set_picture(set, context, &picture), context);
        for (int i = 0; i < CROPS; i++) {
            nq_dataset *crops;
            assert_ok(nq_dataset_crops(&crops, context, set, &options[i]), context);
            digests[changed * CROPS + i] = nqi_digest_values(crops);
            nq_dataset_free(crops);
        }
        nq_dataset_free(set);
    }
    for (int i = 0; i < 2 * CROPS; i++)
        for (int k = 0; k < i; k++)
            assert_true(digests[i] != digests[k]);
    free(values);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_every_gap_and_the_order_count),
        cmocka_unit_test(rows_add_up),
        cmocka_unit_test(views_have_the_digest_of_their_rows),
        cmocka_unit_test(names_have_a_digest_of_their_own),
        cmocka_unit_test(crops_are_told_apart_by_pixels_and_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
