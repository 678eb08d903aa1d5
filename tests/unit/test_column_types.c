/* test_column_types.c - columns of different element types side by side in one data set. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "data_bench.h"

#include <math.h>
#include <stdlib.h>

#include <noneq/columns.h>

#include "table/digest.h"
#include "table/scaling/scaling.h"

/* A price in float64, a whole number of 64 bits, a bit of 8: records of a length of their own. */
typedef struct record {
    double price;
    int64_t number;
    uint8_t bit, unused[7];
} record;

enum { ROWS = 150, COLUMNS = 3 };

static double price_of(size_t row)
{
    return 0.25 * (double)(row * row % 97) - 3;
}

static int64_t number_of(size_t row)
{
    return (int64_t)(row * 7 % 50) - 20;
}

static uint8_t bit_of(size_t row)
{
    return row % 3 == 1;
}

static double cell_of(size_t row, size_t column)
{
    return column == 0 ? price_of(row) : column == 1 ? (double)number_of(row) : bit_of(row);
}

static void set_make(bench *b, int64_t offset)
{
    static record records[ROWS];
    static const char *const levels[] = {"no", "yes"};
    const nq_column columns[COLUMNS] = {{.size = sizeof *columns,
                                         .name = "price",
                                         .element = NQ_FLOAT64,
                                         .start = &records->price,
                                         .stride = sizeof *records,
                                         .unit = "EUR"},
                                        {.size = sizeof *columns,
                                         .name = "number",
                                         .element = NQ_INT64,
                                         .start = &records->number,
                                         .stride = sizeof *records},
                                        {.size = sizeof *columns,
                                         .name = "bit",
                                         .element = NQ_UINT8,
                                         .start = &records->bit,
                                         .stride = sizeof *records,
                                         .levels = levels,
                                         .level_count = 2}};
    for (size_t r = 0; r < ROWS; r++)
        records[r] = (record){price_of(r), number_of(r) + offset, bit_of(r), {0}};
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_columns(&b->data, &b->context, columns, COLUMNS, ROWS),
                     NQ_OK);
}

/* Row r of the set is row rows(r) of what was made, and its column c the one that columns says. */
static void holds(const nq_dataset *set, size_t first, size_t step, const size_t *columns)
{
    double row[COLUMNS];
    for (size_t r = 0; r < nq_dataset_rows(set); r++) {
        nq_dataset_row(row, set, r);
        for (size_t c = 0; c < nq_dataset_dim(set); c++)
            assert_true(row[c] == cell_of(first + step * r, columns ? columns[c] : c));
    }
}

static void rows_are_read_and_gathered(void **state)
{
    bench *b = *state;
    uint64_t rows[ROWS];
    nqi_real out[COLUMNS][ROWS];
    const double shift[] = {1, -2, 0.5}, divisor[] = {2, 4, 8};
    const size_t turned[] = {2, 0};
    set_make(b, 0);
    holds(b->data, 0, 1, NULL);
    for (size_t k = 0; k < ROWS; k++)
        rows[k] = k * 31 % ROWS;
    for (size_t count = 1; count <= ROWS; count += 37) {
        nqi_dataset_gather(b->data, rows, count, NULL, NULL, out[0], ROWS);
        for (size_t k = 0; k < count; k++)
            for (size_t c = 0; c < COLUMNS; c++)
                assert_true(out[c][k] == (nqi_real)cell_of(rows[k], c));
        nqi_dataset_gather_columns(b->data, rows, count, turned, 2, shift, divisor, out[0], ROWS);
        for (size_t k = 0; k < count; k++)
            for (size_t i = 0; i < 2; i++) {
                const size_t c = turned[i];
                const double x = (cell_of(rows[k], c) - shift[c]) * (1 / divisor[c]);
                assert_true(out[i][k] == (nqi_real)x);
            }
    }
}

static void slices_splits_and_picks_show_the_same_numbers(void **state)
{
    bench *b = *state;
    nq_dataset *slice, *part, *rest, *turned;
    const size_t order[] = {2, 1};
    set_make(b, 0);
    assert_int_equal(nq_dataset_slice(&slice, &b->context, b->data, 20, 100), NQ_OK);
    holds(slice, 20, 1, NULL);
    assert_int_equal(nqi_dataset_pick_columns(&turned, &b->context, slice, order, 2), NQ_OK);
    holds(turned, 20, 1, order);
    assert_string_equal(nq_dataset_column_name(turned, 0), "bit");
    assert_int_equal(turned->columns[0].level_count, 2);
    assert_string_equal(turned->columns[0].levels[1], "yes");
    assert_int_equal(nq_dataset_file_column(turned, 1), 1);
    assert_int_equal(nq_dataset_split(&part, &rest, &b->context, turned, 0.3, 5), NQ_OK);
    assert_int_equal(nq_dataset_rows(part) + nq_dataset_rows(rest), 100);
    double row[COLUMNS];
    for (size_t r = 0; r < nq_dataset_rows(part); r++) {
        const size_t at = 20 + (size_t)nqi_dataset_parent_row(part, r);
        nq_dataset_row(row, part, r);
        assert_true(row[0] == cell_of(at, 2) && row[1] == cell_of(at, 1));
    }
    nq_dataset_free(part);
    nq_dataset_free(rest);
    nq_dataset_free(turned);
    nq_dataset_free(slice);
}

static void a_digest_tells_types_and_numbers(void **state)
{
    bench *b = *state;
    nq_dataset *slice, *same, *other;
    const size_t order[] = {0, 1, 2}, turned[] = {0, 2, 1};
    set_make(b, 0);
    assert_int_equal(nq_dataset_slice(&slice, &b->context, b->data, 0, ROWS), NQ_OK);
    assert_int_equal(nqi_dataset_pick_columns(&same, &b->context, slice, order, 3), NQ_OK);
    assert_int_equal(nqi_dataset_pick_columns(&other, &b->context, slice, turned, 3), NQ_OK);
    const uint64_t digest = nqi_digest_values(b->data), names = nqi_digest_names(b->data);
    assert_true(nqi_digest_values(same) == digest && nqi_digest_names(same) == names);
    assert_true(nqi_digest_values(other) != digest && nqi_digest_names(other) != names);
    set_make(b, 1);
    assert_true(nqi_digest_values(b->data) != digest);
    nq_dataset_free(other);
    nq_dataset_free(same);
    nq_dataset_free(slice);
}

static void columns_are_matched_by_name(void **state)
{
    bench *b = *state;
    nq_dataset *view;
    static char *levels[] = {(char *)"no", (char *)"yes"};
    nqi_column wanted[] = {{.name = (char *)"bit", .levels = levels, .level_count = 2},
                           {.name = (char *)"price"}};
    const size_t order[] = {2, 0};
    set_make(b, 0);
    assert_int_equal(nqi_dataset_match(&view, &b->context, b->data, wanted, 2), NQ_OK);
    holds(view, 0, 1, order);
    assert_non_null(strstr(nq_dataset_note(view, 0), "the model does not use \"number\""));
    nq_dataset_free(view);
    wanted[0].name = (char *)"bet";
    assert_int_equal(nqi_dataset_match(&view, &b->context, b->data, wanted, 2), NQ_ERROR_SHAPE);
    bench_says(b, "has no column \"bet\" (the nearest is \"bit\")");
}

static void the_scan_looks_at_each_column(void **state)
{
    bench *b = *state;
    nq_dataset *bits;
    size_t row, column;
    const size_t last[] = {2};
    const double gaps[] = {0, 1, NAN, 1, 1, 0.5, NAN, 0, NAN};
    set_make(b, 0);
    assert_false(nq_dataset_is_binary(b->data));
    assert_int_equal(nq_dataset_missing(NULL, NULL, b->data), 0);
    assert_int_equal(nqi_dataset_kind(b->data, 0), NQI_KIND_REAL);
    assert_int_equal(nqi_dataset_kind(b->data, 1), NQI_KIND_REAL);
    assert_int_equal(nqi_dataset_kind(b->data, 2), NQI_KIND_BIT);
    assert_int_equal(b->data->columns[0].gap_code, NQI_GAP_NAN);
    assert_int_equal(b->data->columns[1].gap_code, NQI_GAP_NONE);
    assert_int_equal(nqi_dataset_pick_columns(&bits, &b->context, b->data, last, 1), NQ_OK);
    assert_true(nq_dataset_is_binary(bits));
    nq_dataset_free(bits);
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, gaps, 3, 3, NULL), NQ_OK);
    assert_int_equal(nq_dataset_missing(&row, &column, b->data), 3);
    assert_int_equal(row, 0);
    assert_int_equal(column, 2);
    assert_int_equal(b->data->columns[0].gaps, 1);
    assert_int_equal(b->data->columns[1].gaps, 0);
    assert_int_equal(b->data->columns[2].gaps, 2);
    assert_int_equal(nqi_dataset_kind(b->data, 0), NQI_KIND_BIT);
    assert_int_equal(nqi_dataset_kind(b->data, 1), NQI_KIND_BIT);
    assert_int_equal(nqi_dataset_kind(b->data, 2), NQI_KIND_REAL);
}

static void each_column_is_scaled_and_restored(void **state)
{
    bench *b = *state;
    nqi_scaling s, copy;
    uint64_t rows[ROWS];
    nqi_real scaled[COLUMNS][ROWS];
    double restored[ROWS][COLUMNS];
    set_make(b, 0);
    assert_int_equal(nqi_scaling_measure(&s, &b->context, b->data, NQI_SCALE_COLUMN), NQ_OK);
    assert_int_equal(nqi_scaling_copy(&copy, &s), NQ_OK);
    nqi_scaling_free(&s);
    assert_int_equal(copy.active, COLUMNS);
    for (size_t c = 0; c < COLUMNS; c++) {
        double mean = 0, variance = 0;
        for (size_t r = 0; r < ROWS; r++)
            mean += cell_of(r, c) / ROWS;
        for (size_t r = 0; r < ROWS; r++)
            variance += (cell_of(r, c) - mean) * (cell_of(r, c) - mean) / ROWS;
        assert_true(fabs(copy.mean[c] - mean) < 1e-12);
        assert_true(fabs(copy.deviation[c] - sqrt(variance)) < 1e-12);
    }
    assert_string_equal(copy.column[0].unit, "EUR");
    assert_int_equal(copy.column[0].precision, 2);
    assert_null(copy.column[0].numbers.start);
    assert_int_equal(copy.column[2].kind, NQI_KIND_BIT);
    for (size_t r = 0; r < ROWS; r++)
        rows[r] = r;
    nqi_scaling_gather(&copy, b->data, rows, ROWS, scaled[0], ROWS);
    nqi_scaling_restore(&copy, scaled[0], ROWS, ROWS, restored[0]);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < COLUMNS; c++)
            assert_true(fabs(restored[r][c] - cell_of(r, c)) < 1e-5);
    assert_int_equal(nqi_scaling_check(&copy, &b->context, b->data), NQ_OK);
    nqi_scaling_free(&copy);
}

static void columns_of_different_types_are_no_pictures(void **state)
{
    bench *b = *state;
    set_make(b, 0);
    assert_true(nq_dataset_grey_level(b->data) == 0);
    assert_int_equal(nq_dataset_set_picture(b->data, &b->context, &(nq_picture){1, 1, 3}),
                     NQ_ERROR_SHAPE);
    bench_says(b, "their columns are of different types");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_are_read_and_gathered),
        TEST(slices_splits_and_picks_show_the_same_numbers),
        TEST(a_digest_tells_types_and_numbers),
        TEST(columns_are_matched_by_name),
        TEST(the_scan_looks_at_each_column),
        TEST(each_column_is_scaled_and_restored),
        TEST(columns_of_different_types_are_no_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
