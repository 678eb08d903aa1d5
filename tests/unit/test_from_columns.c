/* test_from_columns.c - data sets of columns that lie in memory: typed, strided, with gaps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "columns_make.h"

#include <math.h>
#include <stdlib.h>

#include "table/digest.h"

enum { ROWS = 150 };

static void refuses(bench *b, const nq_column *column, size_t rows, nq_status status,
                    const char *part)
{
    assert_int_equal(make(b, column, 1, rows), status);
    assert_null(b->data);
    bench_says(b, part);
}

/* One number of each type, with a hole behind it that no type is aligned to. */
typedef struct record {
    double f64;
    int64_t i64;
    uint64_t u64;
    float f32;
    int32_t i32;
    uint32_t u32;
    int16_t i16;
    uint16_t u16, f16;
    int8_t i8;
    uint8_t u8, bit, unused[5];
} record;

static record record_of(size_t r)
{
    static const uint16_t halves[] = {0x3c00, 0xc000, 0x3555, 0x7bff}; /* 1, -2, 1/3, 65504 */
    return (record){.f64 = 0.25 * (double)r,
                    .f32 = 1.5F - (float)r,
                    .i8 = (int8_t)(r - 70),
                    .u8 = (uint8_t)(r + 100),
                    .i16 = (int16_t)(100 - 200 * (int)r),
                    .u16 = (uint16_t)(400 * r),
                    .i32 = (int32_t)(r * 1000) - 70000,
                    .u32 = (uint32_t)(r * 20000000),
                    .i64 = (int64_t)r * -60000000000000,
                    .u64 = (uint64_t)r * 60000000000000,
                    .bit = r % 3 == 1,
                    .f16 = halves[r % 4]};
}

static double cell_of(const record *x, size_t c)
{
    static const float halves[] = {1, -2, 0.333251953125F, 65504};
    const double cells[] = {x->f64,
                            (double)x->f32,
                            x->i8,
                            x->u8,
                            x->i16,
                            x->u16,
                            x->i32,
                            x->u32,
                            (double)x->i64,
                            (double)x->u64,
                            x->bit,
                            (double)halves[x->f16 == 0x3c00   ? 0
                                           : x->f16 == 0xc000 ? 1
                                           : x->f16 == 0x3555 ? 2
                                                              : 3]};
    return cells[c];
}

enum { COLUMNS = 12, HALF = 11 };

static void records_describe(nq_column columns[COLUMNS], const record *start, ptrdiff_t stride)
{
#define FIELD(element, field) column_of(#field, element, &start->field, stride)
    const nq_column all[COLUMNS] = {FIELD(NQ_FLOAT64, f64), FIELD(NQ_FLOAT32, f32),
                                    FIELD(NQ_INT8, i8),     FIELD(NQ_UINT8, u8),
                                    FIELD(NQ_INT16, i16),   FIELD(NQ_UINT16, u16),
                                    FIELD(NQ_INT32, i32),   FIELD(NQ_UINT32, u32),
                                    FIELD(NQ_INT64, i64),   FIELD(NQ_UINT64, u64),
                                    FIELD(NQ_BOOL, bit),    FIELD(NQ_FLOAT16, f16)};
#undef FIELD
    memcpy(columns, all, sizeof all);
}

static void numbers_of_all_types_are_read_where_they_lie(void **state)
{
    bench *b = *state;
    static record records[ROWS];
    nq_column columns[COLUMNS];
    double row[COLUMNS];
    uint64_t list[ROWS];
    static nqi_real gathered[COLUMNS][ROWS];
    for (size_t r = 0; r < ROWS; r++)
        records[r] = record_of(r);
    for (int is_turned = 0; is_turned < 2; is_turned++) {
        const ptrdiff_t size = sizeof(record);
        records_describe(columns, is_turned ? records + ROWS - 1 : records,
                         is_turned ? -size : size);
        makes(b, columns, COLUMNS, ROWS);
        for (size_t r = 0; r < ROWS; r++) {
            nq_dataset_row(row, b->data, r);
            list[r] = is_turned ? ROWS - 1 - r : r;
            for (size_t c = 0; c < COLUMNS; c++)
                assert_true(row[c] == cell_of(&records[list[r]], c));
        }
        nqi_dataset_gather(b->data, list, ROWS, NULL, NULL, gathered[0], ROWS);
        for (size_t r = 0; r < ROWS; r++)
            for (size_t c = 0; c < COLUMNS; c++)
                assert_true(gathered[c][r] == (nqi_real)cell_of(&records[r], c));
    }
    records[ROWS - 1].i32 = 77; /* the set looks there, but for what had to be converted */
    nq_dataset_row(row, b->data, 0);
    assert_true(row[6] == 77);
    assert_string_equal(nq_dataset_column_name(b->data, HALF), "f16");
}

static void rows_of_one_array_are_those_of_a_copy(void **state)
{
    bench *b = *state;
    enum { DIM = 7 };
    static double values[ROWS][DIM];
    static nqi_real here[DIM][ROWS], there[DIM][ROWS];
    nq_column columns[DIM];
    uint64_t list[ROWS];
    nq_dataset *copy;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < DIM; c++)
            values[r][c] = sin((double)(r * DIM + c));
    for (size_t c = 0; c < DIM; c++)
        columns[c] = column_of(NULL, NQ_FLOAT64, &values[0][c], sizeof *values);
    makes(b, columns, DIM, ROWS);
    assert_int_equal(nq_dataset_from_array(&copy, &b->context, values[0], ROWS, DIM, NULL),
                     NQ_OK);
    assert_null(nq_dataset_column_name(b->data, 0));
    assert_true(nqi_digest_values(b->data) == nqi_digest_values(copy));
    for (size_t r = 0; r < ROWS; r++)
        list[r] = r * 77 % ROWS;
    nqi_dataset_gather(b->data, list, ROWS, NULL, NULL, here[0], ROWS);
    nqi_dataset_gather(copy, list, ROWS, NULL, NULL, there[0], ROWS);
    assert_memory_equal(here, there, sizeof here);
    nq_dataset_free(copy);
}

/* Bits 3.. of validity: row r has a number unless r % 4 is 2. */
static void bits_tell_which_cells_are_missing(void **state)
{
    bench *b = *state;
    enum { FIRST = 3 };
    uint8_t validity[(ROWS + FIRST) / 8 + 1] = {0};
    int64_t wild[ROWS];
    double floats[ROWS], row[2];
    size_t at_row, at_column;
    nq_column_facts facts;
    nq_dataset *slice;
    uint64_t list[ROWS];
    static nqi_real gathered[2][ROWS];
    for (size_t r = 0; r < ROWS; r++) {
        wild[r] = r % 4 == 2 ? INT64_MAX : (int64_t)r % 7; /* what a gap holds is nobody's */
        floats[r] = r == 5 ? (double)NAN : 0.5 * (double)r;
        list[r] = r;
        if (r % 4 != 2)
            validity[(r + FIRST) / 8] |= (uint8_t)(1 << (r + FIRST) % 8);
    }
    nq_column columns[] = {column_of("wild", NQ_INT64, wild, sizeof *wild),
                           column_of("floats", NQ_FLOAT64, floats, sizeof *floats)};
    for (size_t c = 0; c < 2; c++) {
        columns[c].validity = validity;
        columns[c].validity_first = FIRST;
    }
    makes(b, columns, 2, ROWS);
    assert_int_equal(nq_dataset_missing(&at_row, &at_column, b->data), 2 * (ROWS / 4) + 1);
    assert_int_equal(at_row, 2);
    assert_int_equal(at_column, 0);
    nqi_dataset_gather(b->data, list, ROWS, NULL, NULL, gathered[0], ROWS);
    for (size_t r = 0; r < ROWS; r++) {
        nq_dataset_row(row, b->data, r);
        const int is_gap = r % 4 == 2;
        assert_true(is_gap ? isnan(row[0]) : row[0] == (double)(r % 7));
        assert_true(is_gap || r == 5 ? isnan(row[1]) : row[1] == 0.5 * (double)r);
        for (size_t c = 0; c < 2; c++)
            assert_true(isnan(row[c]) ? isnan(gathered[c][r])
                                      : gathered[c][r] == (nqi_real)row[c]);
    }
    assert_int_equal(nq_dataset_column_facts(&facts, &b->context, b->data, 0), NQ_OK);
    assert_string_equal(facts.kind, "category");
    assert_int_equal(facts.levels, 7);
    assert_int_equal(facts.missing, ROWS / 4);
    assert_int_equal(nq_dataset_slice(&slice, &b->context, b->data, 2, 1), NQ_OK);
    nq_dataset_row(row, slice, 0);
    assert_true(isnan(row[0]) && isnan(row[1]));
    nq_dataset_free(slice);
    const uint64_t digest = nqi_digest_values(b->data);
    wild[2] = 3;
    assert_true(nqi_digest_values(b->data) == digest);
    validity[(2 + FIRST) / 8] |= (uint8_t)(1 << (2 + FIRST) % 8);
    assert_true(nqi_digest_values(b->data) != digest);
}

static void kind_is(bench *b, size_t column, const char *kind, int decimals)
{
    nq_column_facts facts;
    assert_int_equal(nq_dataset_column_facts(&facts, &b->context, b->data, column), NQ_OK);
    assert_string_equal(facts.kind, kind);
    assert_int_equal(facts.decimals, decimals);
}

static void kinds_are_found_as_in_a_text(void **state)
{
    bench *b = *state;
    static double price[ROWS], real[ROWS], told[ROWS];
    static int32_t whole[ROWS], code[ROWS], day[ROWS];
    static int64_t second[ROWS];
    static uint8_t bit[ROWS];
    static const char *const levels[] = {"red", "green", "blue", "never"};
    for (size_t r = 0; r < ROWS; r++) {
        price[r] = (double)(r * 37 % 97) / 100;
        real[r] = sin((double)r);
        told[r] = (double)(r % 2);
        whole[r] = (int32_t)(r * r % 1009);
        code[r] = (int32_t)(r % 3);
        day[r] = 19000 + (int32_t)(r * 13 % 400);
        second[r] = 1700000000 + (int64_t)(r * r);
        bit[r] = r % 5 == 0;
    }
    nq_column columns[] = {
        column_of("price", NQ_FLOAT64, price, sizeof *price),
        column_of("real", NQ_FLOAT64, real, sizeof *real),
        column_of("told", NQ_FLOAT64, told, sizeof *told),
        column_of("whole", NQ_INT32, whole, sizeof *whole),
        column_of("code", NQ_INT32, code, sizeof *code),
        column_of("day", NQ_INT32, day, sizeof *day),
        column_of("second", NQ_INT64, second, sizeof *second),
        column_of("bit", NQ_BOOL, bit, sizeof *bit),
    };
    char text[64];
    columns[2].kind = "category";
    columns[4].levels = levels;
    columns[4].level_count = 4;
    columns[5].date = NQ_DATE_DAYS;
    columns[6].date = NQ_DATE_SECONDS_UTC;
    columns[0].unit = "EUR";
    makes(b, columns, 8, ROWS);
    kind_is(b, 0, "whole", 2);
    kind_is(b, 1, "real", 16);
    kind_is(b, 2, "category", 0);
    kind_is(b, 3, "whole", 0);
    kind_is(b, 4, "category", 0);
    kind_is(b, 5, "whole", 0);
    kind_is(b, 6, "whole", 0);
    kind_is(b, 7, "bit", 0);
    assert_string_equal(b->data->columns[0].unit, "EUR");
    nq_dataset_cell_text(text, sizeof text, b->data, 4, 1);
    assert_string_equal(text, "green");
    nq_dataset_cell_text(text, sizeof text, b->data, 5, 19782);
    assert_string_equal(text, "2024-02-29");
    nq_dataset_cell_text(text, sizeof text, b->data, 6, 1700000000);
    assert_string_equal(text, "2023-11-14T22:13:20Z");
    nq_dataset_cell_text(text, sizeof text, b->data, 0, 0.1 + 0.2);
    assert_string_equal(text, "0.3");
}

static void what_cannot_be_a_column_is_refused(void **state)
{
    bench *b = *state;
    static _Alignas(16) unsigned char bytes[256];
    static const char *const twice[] = {"a", "b", "a"}, *const latin[] = {"a", "\xe9"};
    nq_column good = column_of("x", NQ_FLOAT64, bytes, 8), bad = good;
    makes(b, &good, 1, 10);
    refuses(b, &good, 0, NQ_ERROR_ARGUMENT, "0 rows and 1 columns");
    bad.size = 8;
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "its size is 8: expected sizeof(nq_column)");
    bad = good, bad.start = NULL;
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "column 1 (\"x\"): expected numbers, found NULL");
    bad = good, bad.stride = 0;
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "a stride of 0 gives all rows one number");
    makes(b, &bad, 1, 1);
    bad = good, bad.stride = 12;
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "multiples of 8 bytes");
    bad = good, bad.start = bytes + 4;
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "its numbers are not aligned");
    bad = good, bad.element = (nq_element)12;
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "element 12 and date 0");
    bad = good, bad.date = (nq_date)4;
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "element 0 and date 4");
    bad = good, bad.kind = "hole";
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "its kind is \"hole\"");
    bad = good, bad.name = "\xe9t\xe9";
    refuses(b, &bad, 10, NQ_ERROR_FORMAT, "expected text as UTF-8");
    bad = good, bad.unit = "\xff";
    refuses(b, &bad, 10, NQ_ERROR_FORMAT, "expected text as UTF-8");
    bad = good, bad.levels = twice, bad.level_count = 3;
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "its level \"a\" is there twice");
    bad.levels = latin, bad.level_count = 2;
    refuses(b, &bad, 10, NQ_ERROR_FORMAT, "expected text as UTF-8");
    bad.level_count = 1, bad.date = NQ_DATE_DAYS;
    refuses(b, &bad, 10, NQ_ERROR_ARGUMENT, "cannot stand for texts and for dates");
    const nq_column both[] = {good, good};
    assert_int_equal(make(b, both, 2, 10), NQ_ERROR_FORMAT);
    bench_says(b, "two columns are called \"x\"");
}

static void numbers_that_cannot_be_are_refused_by_row_and_column(void **state)
{
    bench *b = *state;
    static const char *const levels[] = {"a", "b"};
    const int64_t large[] = {1, -(INT64_C(1) << 53) + 1, (INT64_C(1) << 53) + 1};
    const uint64_t larger[] = {1, 2, UINT64_MAX};
    const int8_t codes[] = {0, 1, 2}, below[] = {0, -1, 1};
    const double halves[] = {0, 0.5, 1}, days[] = {0, 1.5, 2}, far[] = {0, 1, 3e6};
    const float endless[] = {0.1F, 2, -(float)INFINITY};
    const double seconds[] = {0, 0.000001, 0.0000005};
    nq_column c = column_of("x", NQ_INT64, large, 8);
    refuses(b, &c, 3, NQ_ERROR_SHAPE,
            "row 3, column 1 (\"x\"): expected a whole number below 2^53");
    c = column_of("x", NQ_UINT64, larger, 8);
    refuses(b, &c, 3, NQ_ERROR_SHAPE, "found 18446744073709551615");
    c.kind = "left-out"; /* nobody will look there */
    makes(b, &c, 1, 3);
    c = column_of("x", NQ_INT8, codes, 1), c.levels = levels, c.level_count = 2;
    refuses(b, &c, 3, NQ_ERROR_FORMAT,
            "row 3, column 1 (\"x\"): expected the number of one of 2 texts, from 0, found 2");
    c.start = below;
    refuses(b, &c, 3, NQ_ERROR_FORMAT, "row 2, column 1 (\"x\")");
    c = column_of("x", NQ_FLOAT64, halves, 8), c.levels = levels, c.level_count = 2;
    refuses(b, &c, 3, NQ_ERROR_FORMAT, "found 0.5");
    c = column_of("x", NQ_FLOAT32, endless, 4);
    refuses(b, &c, 3, NQ_ERROR_FORMAT,
            "row 3, column 1 (\"x\"): expected a finite number, found");
    c = column_of("x", NQ_FLOAT64, days, 8), c.date = NQ_DATE_DAYS;
    refuses(b, &c, 3, NQ_ERROR_FORMAT, "row 2, column 1 (\"x\"): expected whole days, found 1.5");
    c.start = far;
    refuses(b, &c, 3, NQ_ERROR_FORMAT, "expected a date of the years 0 to 9999, found 3000000");
    c.start = seconds, c.date = NQ_DATE_SECONDS;
    refuses(b, &c, 3, NQ_ERROR_FORMAT, "row 3, column 1 (\"x\"): expected seconds of at most 6");
    makes(b, &c, 1, 2);
}

/* A caller of a newer header, which has one more field behind the others. */
static void structs_of_other_sizes_are_stepped_by_their_own(void **state)
{
    bench *b = *state;
    const double x[] = {1, 2}, y[] = {3, 4};
    struct newer {
        nq_column known;
        size_t more;
    } columns[2];
    memset(columns, 0, sizeof columns);
    columns[0].known = column_of("x", NQ_FLOAT64, x, 8);
    columns[1].known = column_of("y", NQ_FLOAT64, y, 8);
    columns[0].known.size = columns[1].known.size = sizeof *columns;
    makes(b, &columns[0].known, 2, 2);
    bench_holds(b, 2, 2, (const double[]){1, 3, 2, 4});
    columns[1].more = 1;
    assert_int_equal(make(b, &columns[0].known, 2, 2), NQ_ERROR_UNSUPPORTED);
    bench_says(b, "column 2: a field of nq_column is set that this library");
    columns[1].known.size = sizeof(nq_column);
    assert_int_equal(make(b, &columns[0].known, 2, 2), NQ_ERROR_ARGUMENT);
    bench_says(b, "column 2: its size is");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_of_all_types_are_read_where_they_lie),
        TEST(rows_of_one_array_are_those_of_a_copy),
        TEST(bits_tell_which_cells_are_missing),
        TEST(kinds_are_found_as_in_a_text),
        TEST(what_cannot_be_a_column_is_refused),
        TEST(numbers_that_cannot_be_are_refused_by_row_and_column),
        TEST(structs_of_other_sizes_are_stepped_by_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
