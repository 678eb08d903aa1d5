/* test_values.c - what is written reads back the same, in every format. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <float.h>
#include <math.h>

#include "data_bench.h"

static const char *const paths[] = {"v.npy",    "v.csv",    "v.tsv", "v.npy.gz",
                                    "v.csv.gz", "v.tsv.gz", "v.CSV"};
enum { PATHS = sizeof paths / sizeof paths[0] };

static void round_trip(bench *b, const char *name, const double *values, size_t rows, size_t dim,
                       const char *const *names)
{
    const char *path = scratch_path(&b->place, name);
    assert_int_equal(nq_values_write(path, &b->context, values, rows, dim, names), NQ_OK);
    if (bench_open(b, path))
        fail_msg("%s was refused: %s", name, b->context.message);
    assert_int_equal(nq_dataset_rows(b->data), rows);
    assert_int_equal(nq_dataset_dim(b->data), dim);
    for (size_t i = 0; i < rows * dim; i++) {
        const double found = bench_cell(b, i / dim, i % dim);
        if (isnan(values[i]) ? !isnan(found) : memcmp(&found, &values[i], sizeof found) != 0)
            fail_msg("%s: %.17g was read as %.17g", name, values[i], found);
    }
}

static void numbers_read_back_the_same(void **state)
{
    const double values[] = {0,     -0.0,   1,       -1,      0.1,   1 / 3.0,  999,
                             -1000, 123456, FLT_MAX, FLT_MIN, 1e-45, 16777216, 3.14159265358979,
                             -1e10, 42};
    for (int i = 0; i < PATHS; i++) {
        round_trip(*state, paths[i], values, 4, 4, NULL);
        round_trip(*state, paths[i], values, 16, 1, NULL);
        round_trip(*state, paths[i], values, 1, 16, NULL);
    }
}

static void missing_cells_stay_missing(void **state)
{
    const double nan_ = NAN;
    const double values[] = {1, nan_, nan_, nan_, nan_, 2, 7, 8};
    const double gaps[] = {nan_, nan_, nan_, nan_};
    for (int i = 0; i < PATHS; i++) {
        round_trip(*state, paths[i], values, 4, 2, NULL);
        round_trip(*state, paths[i], values, 8, 1, NULL);
        round_trip(*state, paths[i], gaps, 2, 2, NULL);
    }
}

static void every_ending_says_a_format(void **state)
{
    bench *b = *state;
    const double values[] = {1, 2};
    const char *const names[] = {"a", "b"}, *ending;
    char name[32];
    int holds_text;
    for (size_t i = 0; (ending = nq_values_ending(&holds_text, i)); i++) {
        snprintf(name, sizeof name, "e%s", ending);
        round_trip(b, name, values, 1, 2, names);
        assert_int_equal(nq_dataset_column_name(b->data, 0) != NULL, holds_text);
    }
    assert_string_equal(nq_values_ending(NULL, 0), ".npy");
}

static void names_read_back_the_same(void **state)
{
    bench *b = *state;
    const double values[] = {1, 2, 3, 4};
    const char *const names[] = {"plain", "with, comma;\tand tab", "with \"quotes\"\nand line",
                                 " blanks "};
    for (int i = 0; i < PATHS; i++) {
        round_trip(b, paths[i], values, 1, 4, names);
        const int is_text = !strstr(paths[i], "npy");
        for (size_t c = 0; c < 4; c++) {
            if (is_text)
                assert_string_equal(nq_dataset_column_name(b->data, c), names[c]);
            else
                assert_null(nq_dataset_column_name(b->data, c));
        }
    }
}

/* A line of comment, two columns, no line at all. */
static void a_lone_name_is_not_taken_for_something_else(void **state)
{
    bench *b = *state;
    const double values[] = {1, 2, 3, 4};
    static const char *const names[] = {"#first", "a|b", "a;b", " x", ""};
    nq_read_options options;
    nq_read_options_init(&options, sizeof options);
    strcpy(options.header, "yes");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *path = scratch_path(&b->place, "v.csv"), *name;
        assert_int_equal(nq_values_write(path, &b->context, values, 4, 1, &names[i]), NQ_OK);
        nq_dataset_free(b->data);
        if (nq_dataset_open_with(&b->data, &b->context, path, &options))
            fail_msg("\"%s\": %s", names[i], b->context.message);
        bench_holds(b, 4, 1, values);
        name = nq_dataset_column_name(b->data, 0);
        assert_string_equal(name ? name : "", names[i]);
    }
}

static void many_numbers_read_back_the_same(void **state)
{
    enum { ROWS = 3000, DIM = 20 };
    double *values = malloc(ROWS * DIM * sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < ROWS * DIM; i++)
        values[i] = (sin((double)i) * exp(10 * cos(0.1 * (double)i)));
    for (int i = 0; i < PATHS; i++)
        round_trip(*state, paths[i], values, ROWS, DIM, NULL);
    free(values);
}

static void text_is_as_short_as_can_be(void **state)
{
    bench *b = *state;
    char text[100] = "";
    const double values[] = {0, 1, 0.1, NAN, -25, 1};
    const char *const names[] = {"a", "b", "c"};
    const char *path = scratch_path(&b->place, "v.csv");
    assert_int_equal(nq_values_write(path, &b->context, values, 2, 3, names), NQ_OK);
    assert_int_equal(scratch_get(path, text, sizeof text - 1), 21);
    assert_string_equal(text, "a,b,c\n0,1,0.1\n,-25,1\n");
}

/* numpy.load wants the version, the padding and this very spelling. */
static void an_npy_header_is_as_numpy_writes_it(void **state)
{
    bench *b = *state;
    char file[256] = "";
    const double values[] = {1, 2, 3};
    const char *path = scratch_path(&b->place, "v.npy");
    assert_int_equal(nq_values_write(path, &b->context, values, 1, 3, NULL), NQ_OK);
    assert_int_equal(scratch_get(path, file, sizeof file), 128 + (long)sizeof values);
    assert_memory_equal(file, "\x93NUMPY\x01\x00\x76\x00{'descr': '<f", 23);
    assert_int_equal(file[23], '8');
    assert_non_null(strstr(file + 10, "', 'fortran_order': False, 'shape': (1, 3), }  "));
    assert_int_equal(file[127], '\n');
    assert_memory_equal(file + 128, values, sizeof values);
}

static void what_cannot_be_written_leaves_nothing_behind(void **state)
{
    bench *b = *state;
    const double one = 1;
    assert_int_equal(nq_values_write(scratch_path(&b->place, "v.txt"), &b->context, &one, 1, 1,
                                     NULL),
                     NQ_ERROR_ARGUMENT);
    bench_says(b, "v.txt: expected a name that ends in .npy, .csv or .tsv");
    assert_int_equal(nq_values_write(scratch_path(&b->place, "v.csv"), &b->context, &one, 0, 1,
                                     NULL),
                     NQ_ERROR_ARGUMENT);
    assert_int_equal(nq_values_write(scratch_path(&b->place, "no/v.csv"), &b->context, &one, 1, 1,
                                     NULL),
                     NQ_ERROR_FILE);
    bench_says(b, "no/v.csv");
    assert_int_equal(scratch_count(&b->place), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_read_back_the_same),
        TEST(missing_cells_stay_missing),
        TEST(every_ending_says_a_format),
        TEST(names_read_back_the_same),
        TEST(a_lone_name_is_not_taken_for_something_else),
        TEST(many_numbers_read_back_the_same),
        TEST(text_is_as_short_as_can_be),
        TEST(an_npy_header_is_as_numpy_writes_it),
        TEST(what_cannot_be_written_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
