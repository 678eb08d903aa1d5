/* test_dataset.c - slices, splits, gathers and questions about a data set. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"
#include "table/dataset.h"

enum { ROWS = 101, DIM = 3 };

/* Cell (r, c) is 10 r + c. */
static void make_numbered(bench *b)
{
    double values[ROWS * DIM];
    for (size_t i = 0; i < ROWS * DIM; i++)
        values[i] = (double)(10 * (i / DIM) + i % DIM);
    const char *names[DIM] = {"x", "y", "z"};
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, ROWS, DIM, names),
                     NQ_OK);
}

/* Which row of the numbered set a row is. */
static size_t row_origin(const nq_dataset *data, size_t row)
{
    double cells[DIM];
    nq_dataset_row(cells, data, row);
    assert_true(cells[1] == cells[0] + 1 && cells[2] == cells[0] + 2);
    return (size_t)cells[0] / 10;
}

static void arrays_are_copied(void **state)
{
    bench *b = *state;
    double values[] = {1, 2, 3, 4};
    const double expected[] = {1, 2, 3, 4};
    char name[] = "first";
    const char *names[] = {name, "second"};
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, 2, 2, names), NQ_OK);
    values[0] = 9;
    name[0] = 'F';
    bench_holds(b, 2, 2, expected);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "first");
}

static void arrays_without_rows_or_columns_are_refused(void **state)
{
    bench *b = *state;
    const double one = 1;
    const size_t shapes[][2] = {{0, 1}, {1, 0}, {SIZE_MAX / 2, 3}, {SIZE_MAX, SIZE_MAX}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(nq_dataset_from_array(&b->data, &b->context, &one, shapes[i][0],
                                               shapes[i][1], NULL),
                         NQ_ERROR_ARGUMENT);
        assert_null(b->data);
    }
}

static void a_slice_shows_its_rows(void **state)
{
    bench *b = *state;
    nq_dataset *slice, *inner;
    make_numbered(b);
    assert_int_equal(nq_dataset_slice(&slice, &b->context, b->data, 10, 20), NQ_OK);
    assert_int_equal(nq_dataset_rows(slice), 20);
    assert_string_equal(nq_dataset_column_name(slice, 2), "z");
    assert_int_equal(nq_dataset_slice(&inner, &b->context, slice, 19, 1), NQ_OK);
    for (size_t r = 0; r < 20; r++)
        assert_int_equal(row_origin(slice, r), 10 + r);
    assert_int_equal(row_origin(inner, 0), 29);
    nq_dataset_free(inner);
    nq_dataset_free(slice);
}

static void slices_beyond_the_rows_are_refused(void **state)
{
    bench *b = *state;
    const size_t cases[][2] = {{0, 0}, {0, ROWS + 1}, {ROWS, 1}, {100, 2}, {1, SIZE_MAX}};
    make_numbered(b);
    for (size_t i = 0; i < 5; i++) {
        nq_dataset *slice;
        assert_int_equal(nq_dataset_slice(&slice, &b->context, b->data, cases[i][0], cases[i][1]),
                         NQ_ERROR_ARGUMENT);
        assert_null(slice);
    }
}

static void a_split_deals_out_every_row_once_and_in_order(void **state)
{
    bench *b = *state;
    nq_dataset *sides[2];
    make_numbered(b);
    for (uint64_t seed = 0; seed < 20; seed++) {
        int seen[ROWS] = {0};
        assert_int_equal(nq_dataset_split(&sides[0], &sides[1], &b->context, b->data, 0.1, seed),
                         NQ_OK);
        assert_int_equal(nq_dataset_rows(sides[0]), 10);
        assert_int_equal(nq_dataset_rows(sides[1]), ROWS - 10);
        for (int side = 0; side < 2; side++) {
            for (size_t r = 0, last = 0; r < nq_dataset_rows(sides[side]); r++) {
                const size_t origin = row_origin(sides[side], r);
                assert_true(r == 0 || origin > last);
                seen[last = origin]++;
            }
            nq_dataset_free(sides[side]);
        }
        for (size_t r = 0; r < ROWS; r++)
            assert_int_equal(seen[r], 1);
    }
}

static void a_split_depends_on_its_seed_alone(void **state)
{
    bench *b = *state;
    size_t first[3];
    make_numbered(b);
    for (size_t i = 0; i < 3; i++) {
        nq_dataset *part, *rest;
        assert_int_equal(nq_dataset_split(&part, &rest, &b->context, b->data, 0.5,
                                          i == 2 ? 6 : 5),
                         NQ_OK);
        assert_int_equal(nq_dataset_rows(part), 51);
        first[i] = 0;
        for (size_t r = 0; r < 51; r++)
            first[i] = first[i] * 31 + row_origin(part, r);
        nq_dataset_free(part);
        nq_dataset_free(rest);
    }
    assert_int_equal(first[0], first[1]);
    assert_int_not_equal(first[0], first[2]);
}

static void every_row_is_as_likely_to_be_held_out(void **state)
{
    bench *b = *state;
    enum { SEEDS = 4000 };
    int held[ROWS] = {0};
    make_numbered(b);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        nq_dataset *part, *rest;
        assert_int_equal(nq_dataset_split(&part, &rest, &b->context, b->data, 0.2, seed), NQ_OK);
        for (size_t r = 0; r < nq_dataset_rows(part); r++)
            held[row_origin(part, r)]++;
        nq_dataset_free(part);
        nq_dataset_free(rest);
    }
    const double p = 20.0 / ROWS, sigma = sqrt(SEEDS * p * (1 - p));
    for (size_t r = 0; r < ROWS; r++)
        assert_true(fabs(held[r] - SEEDS * p) < 5 * sigma);
}

static void a_split_of_a_split_shows_the_right_rows(void **state)
{
    bench *b = *state;
    nq_dataset *part, *rest, *inner[2], *slice;
    int seen[ROWS] = {0};
    make_numbered(b);
    assert_int_equal(nq_dataset_split(&part, &rest, &b->context, b->data, 0.3, 1), NQ_OK);
    assert_int_equal(nq_dataset_split(&inner[0], &inner[1], &b->context, rest, 0.3, 1), NQ_OK);
    assert_int_equal(nq_dataset_slice(&slice, &b->context, inner[0], 3, 2), NQ_OK);
    assert_int_equal(row_origin(slice, 1), row_origin(inner[0], 4));
    for (int side = 0; side < 2; side++)
        for (size_t r = 0; r < nq_dataset_rows(inner[side]); r++)
            seen[row_origin(inner[side], r)]++;
    for (size_t r = 0; r < nq_dataset_rows(part); r++)
        seen[row_origin(part, r)]++;
    for (size_t r = 0; r < ROWS; r++)
        assert_int_equal(seen[r], 1);
    nq_dataset_free(slice);
    nq_dataset_free(inner[0]);
    nq_dataset_free(inner[1]);
    nq_dataset_free(part);
    nq_dataset_free(rest);
}

static void both_sides_of_a_split_have_a_row(void **state)
{
    bench *b = *state;
    const double values[] = {1, 2};
    nq_dataset *part, *rest;
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, 2, 1, NULL), NQ_OK);
    const double fractions[] = {0.001, 0.999};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(nq_dataset_split(&part, &rest, &b->context, b->data, fractions[i], 1),
                         NQ_OK);
        assert_int_equal(nq_dataset_rows(part), 1);
        assert_int_equal(nq_dataset_rows(rest), 1);
        nq_dataset_free(part);
        nq_dataset_free(rest);
    }
    const double wrong[] = {0, 1, -1, (double)NAN, 2};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(nq_dataset_split(&part, &rest, &b->context, b->data, wrong[i], 1),
                         NQ_ERROR_ARGUMENT);
        assert_null(part);
        assert_null(rest);
    }
    assert_int_equal(nq_dataset_slice(&part, &b->context, b->data, 0, 1), NQ_OK);
    nq_dataset *none;
    assert_int_equal(nq_dataset_split(&none, &rest, &b->context, part, 0.5, 1),
                     NQ_ERROR_ARGUMENT);
    bench_says(b, "one row");
    nq_dataset_free(part);
}

static void bits_are_recognised(void **state)
{
    bench *b = *state;
    static const struct {
        const char *text;
        int is_binary;
    } cases[] = {{"0,1\n1,0\n", 1},  {"0,NA\n1,0\n", 1}, {"0,1\n1,2\n", 0},
                 {"0,1\n.5,0\n", 0}, {"-1,1\n", 0},      {"1\n1\n", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(bench_read(b, "t.csv", cases[i].text, strlen(cases[i].text)), NQ_OK);
        assert_int_equal(nq_dataset_is_binary(b->data), cases[i].is_binary);
        assert_int_equal(nq_dataset_is_binary(b->data), cases[i].is_binary);
        assert_int_equal(nq_dataset_missing(NULL, NULL, b->data), i == 1);
    }
    assert_int_equal(bench_read(b, "a-idx", "\0\0\x08\x01\0\0\0\x03\0\1\1", 11), NQ_OK);
    assert_true(nq_dataset_is_binary(b->data));
    assert_int_equal(bench_read(b, "a-idx", "\0\0\x08\x01\0\0\0\x03\0\1\2", 11), NQ_OK);
    assert_false(nq_dataset_is_binary(b->data));
}

/* Row counts around the lanes of the loops, a stride wider than the rows, and an index. */
static void a_gather_is_feature_major_shifted_and_scaled(void **state)
{
    bench *b = *state;
    enum { STRIDE = 50 };
    const double shift[DIM] = {1, -2, 0.5}, scale[DIM] = {2, 0.25, -1};
    nqi_real out[DIM * STRIDE];
    uint64_t rows[STRIDE];
    nq_dataset *part, *rest;
    make_numbered(b);
    assert_int_equal(nq_dataset_split(&part, &rest, &b->context, b->data, 0.4, 3), NQ_OK);
    for (size_t count = 1; count <= STRIDE; count++) {
        for (size_t k = 0; k < count; k++)
            rows[k] = (k * 37 + count) % nq_dataset_rows(rest);
        for (size_t i = 0; i < DIM * STRIDE; i++)
            out[i] = -77;
        nqi_dataset_gather(rest, rows, count, shift, scale, out, STRIDE);
        for (size_t k = 0; k < STRIDE; k++) {
            for (size_t c = 0; c < DIM; c++) {
                const double x =
                    k < count ? (double)(10 * row_origin(rest, (size_t)rows[k]) + c) : 0;
                const double expected = k < count ? (x - shift[c]) * scale[c] : -77;
                assert_true(out[c * STRIDE + k] == (nqi_real)expected);
            }
        }
    }
    nqi_dataset_gather(rest, rows, 2, NULL, NULL, out, STRIDE);
    assert_true(out[STRIDE] == (nqi_real)(10 * row_origin(rest, (size_t)rows[0]) + 1));
    nq_dataset_free(part);
    nq_dataset_free(rest);
}

static void a_gather_of_columns_takes_these_in_their_order(void **state)
{
    bench *b = *state;
    const size_t columns[] = {2, 0};
    const uint64_t rows[] = {7, 3};
    const double shift[DIM] = {1, 99, 2}, divisor[DIM] = {2, 99, 4};
    nqi_real out[4];
    make_numbered(b);
    nqi_dataset_gather_columns(b->data, rows, 2, columns, 2, shift, divisor, out, 2);
    assert_true(out[0] == (nqi_real)(70.0 / 4) && out[1] == (nqi_real)(30.0 / 4));
    assert_true(out[2] == (nqi_real)(69.0 / 2) && out[3] == (nqi_real)(29.0 / 2));
}

/* Columns side by side, in part, and not at all; as they are, and scaled; rows of a set so large
 * that what comes next is asked for ahead. Number c of row r is 8 r + c / 16, exactly. */
static void a_gather_takes_columns_side_by_side_as_others(void **state)
{
    bench *b = *state;
    enum { WIDE = 11, LONG = 8000, TAKEN = 37 };
    static const struct {
        size_t count, columns[WIDE];
    } cases[] = {{11, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
                 {9, {0, 1, 2, 3, 5, 6, 7, 8, 10}},
                 {8, {0, 1, 3, 4, 5, 6, 7, 8}},
                 {5, {7, 1, 6, 10, 2}},
                 {4, {3, 2, 9, 6}}};
    double *values = malloc(LONG * WIDE * sizeof *values);
    nqi_real out[WIDE * TAKEN];
    double shift[WIDE], divisor[WIDE];
    uint64_t rows[TAKEN];
    assert_non_null(values);
    for (size_t i = 0; i < LONG * WIDE; i++)
        values[i] = (double)(8 * (i / WIDE)) + (double)(i % WIDE) / 16;
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, LONG, WIDE, NULL),
                     NQ_OK);
    for (size_t k = 0; k < TAKEN; k++)
        rows[k] = (k * 2731 + 5) % LONG;
    for (size_t c = 0; c < WIDE; c++) {
        shift[c] = (double)c - 4;
        divisor[c] = c % 3 ? 3 : 1;
    }
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        const size_t *columns = cases[i / 2].columns, count = cases[i / 2].count;
        const int is_scaled = i % 2;
        nqi_dataset_gather_columns(b->data, rows, TAKEN, columns, count, is_scaled ? shift : NULL,
                                   is_scaled ? divisor : NULL, out, TAKEN);
        for (size_t j = 0; j < count; j++)
            for (size_t k = 0; k < TAKEN; k++) {
                const size_t c = columns[j];
                const double x = (double)(8 * rows[k]) + (double)c / 16;
                const double expected = is_scaled ? (x - shift[c]) * (1 / divisor[c]) : x;
                assert_true(out[j * TAKEN + k] == (nqi_real)expected);
            }
    }
    free(values);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(arrays_are_copied),
        TEST(arrays_without_rows_or_columns_are_refused),
        TEST(a_slice_shows_its_rows),
        TEST(slices_beyond_the_rows_are_refused),
        TEST(a_split_deals_out_every_row_once_and_in_order),
        TEST(a_split_depends_on_its_seed_alone),
        TEST(every_row_is_as_likely_to_be_held_out),
        TEST(a_split_of_a_split_shows_the_right_rows),
        TEST(both_sides_of_a_split_have_a_row),
        TEST(bits_are_recognised),
        TEST(a_gather_is_feature_major_shifted_and_scaled),
        TEST(a_gather_of_columns_takes_these_in_their_order),
        TEST(a_gather_takes_columns_side_by_side_as_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
