/* test_warp_levels.c - columns of text matched to those of a model, and written as they were. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"
#include "table/dataset.h"
#include "table/write/cell.h"
#include "table/write/values.h"

static void reads(bench *b, const char *text)
{
    const nq_read_options options = {.for_model = 1, .keep_text = 1};
    const char *path = scratch_path(&b->place, "t.csv");
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    nq_dataset_free(b->data);
    if (nq_dataset_open_with(&b->data, &b->context, path, &options))
        fail_msg("'%s' was refused: %s", text, b->context.message);
}

static char *levels[] = {(char *)"Rome", (char *)"Oslo", (char *)"1", (char *)"1.0"};
static nqi_column wanted[] = {{.name = (char *)"t", .levels = levels, .level_count = 4},
                              {.name = (char *)"x"}};

static void matches(bench *b, const char *text, size_t rows, const double *expected)
{
    nq_dataset *view;
    double row[2];
    reads(b, text);
    if (nqi_dataset_match(&view, &b->context, b->data, wanted, 2))
        fail_msg("'%s' does not match: %s", text, b->context.message);
    for (size_t r = 0; r < rows; r++) {
        nq_dataset_row(row, view, r);
        if (row[0] != expected[r] && !(isnan(row[0]) && isnan(expected[r])))
            fail_msg("'%s', row %zu: %g", text, r, row[0]);
        assert_true(row[1] == (double)r);
    }
    assert_int_equal(view->columns[0].level_count, 4);
    assert_string_equal(view->columns[0].levels[1], "Oslo");
    nq_dataset_free(view);
}

static void texts_have_the_numbers_of_the_model(void **state)
{
    matches(*state, "x,t\n0,Oslo\n1,Rome\n2,\n3,Oslo\n", 4, (const double[]){1, 0, NAN, 1});
    matches(*state, "t,x\nRome,0\nOslo,1\n1,2\n1.0,3\n", 4, (const double[]){0, 1, 2, 3});
}

static void texts_that_the_model_does_not_know_are_negative(void **state)
{
    matches(*state, "t,x\nOslo,0\nBern,1\nRome,2\nLima,3\nBern,4\n", 5,
            (const double[]){1, -2, 0, -4, -2});
}

static void numbers_are_matched_by_their_text(void **state)
{
    matches(*state, "t,x\n1,0\n1,1\n2,2\n,3\n", 4, (const double[]){2, 2, -3, NAN});
    matches(*state, "t,x\n1.0,0\n1.0,1\n", 2, (const double[]){3, 3});
    matches(*state, "t,x\n?,0\n?,1\n", 2, (const double[]){NAN, NAN});
}

static void rows_of_views_are_matched_too(void **state)
{
    bench *b = *state;
    nq_dataset *part, *view, *slice;
    double row[2];
    reads(b, "t,x\nOslo,0\nBern,1\nRome,2\nOslo,3\n");
    assert_int_equal(nq_dataset_slice(&part, &b->context, b->data, 1, 3), NQ_OK);
    assert_int_equal(nqi_dataset_match(&view, &b->context, part, wanted, 2), NQ_OK);
    assert_int_equal(nq_dataset_slice(&slice, &b->context, view, 1, 2), NQ_OK);
    nq_dataset_row(row, slice, 0);
    assert_true(row[0] == 0 && row[1] == 2);
    nqi_real out[2][2];
    nqi_dataset_gather(slice, (const uint64_t[]){0, 1}, 2, NULL, NULL, out[0], 2);
    assert_true(out[0][0] == 0 && out[0][1] == 1 && out[1][1] == 3);
    nq_dataset_free(slice);
    nq_dataset_free(view);
    nq_dataset_free(part);
}

static void what_is_of_another_kind_is_refused(void **state)
{
    bench *b = *state;
    nq_dataset *view;
    nqi_column dates = {.name = (char *)"t", .date = {.is_date = 1}};
    reads(b, "t,x\nOslo,0\nRome,a\n");
    assert_int_equal(nqi_dataset_match(&view, &b->context, b->data, wanted, 2), NQ_ERROR_FORMAT);
    bench_says(b, "t.csv:3: column 2 (\"x\"): expected a number, found \"a\"");
    assert_int_equal(nqi_dataset_match(&view, &b->context, b->data, &dates, 1), NQ_ERROR_FORMAT);
    bench_says(b, "column 1 (\"t\") holds text; the model needs dates there");
    reads(b, "t,x\n2024-01-01,2024-02-03\n,2024-02-04\n");
    assert_int_equal(nqi_dataset_match(&view, &b->context, b->data, wanted, 2), NQ_ERROR_FORMAT);
    bench_says(b, "column 2 (\"x\") holds dates; the model needs numbers there");
    assert_int_equal(nqi_dataset_match(&view, &b->context, b->data, &dates, 1), NQ_OK);
    nq_dataset_free(view);
    dates.date.between = 'T';
    assert_int_equal(nqi_dataset_match(&view, &b->context, b->data, &dates, 1), NQ_ERROR_FORMAT);
    bench_says(b, "holds days; the model needs times there");
}

static void cells_are_written_as_they_are_read(void **state)
{
    static const struct {
        nqi_column column;
        double x;
        const char *text;
    } cases[] = {
        {{.levels = levels, .level_count = 4}, 1, "Oslo"},
        {{.levels = levels, .level_count = 4}, -3, "?"},
        {{.levels = levels, .level_count = 4}, 4, "?"},
        {{.levels = levels, .level_count = 4}, NAN, ""},
        {{.date = {.is_date = 1}}, 19782.4, "2024-02-29"},
        {{.date = {.is_date = 1, .between = ' ', .has_seconds = 1}}, 61, "1970-01-01 00:01:01"},
        {{.date = {.is_date = 1, .between = 'T', .zone = 'Z'}}, 86399, "1970-01-02T00:00Z"},
        {{.date = {.is_date = 1}}, -1e9, "0000-01-01"},
        {{.date = {.is_date = 1}}, 1e9, "9999-12-31"},
        {{.has_precision = 1}, 1e15 + 2, "1000000000000002"},
        {{.has_precision = 1}, 12345678, "12345678"},
        {{.has_precision = 1}, -.4, "0"},
        {{.has_precision = 1, .precision = 2}, 2.5, "2.5"},
        {{.has_precision = 1, .precision = 2, .precision_least = 2}, 2.5, "2.50"},
        {{.has_precision = 1, .precision = 2, .precision_least = 1}, 2.001, "2.0"},
        {{.has_precision = 1, .precision = 3}, 1.00049, "1"},
        {{.has_precision = 1, .precision = 1}, -.04, "0"},
        {{.has_precision = 1, .precision = 1, .precision_least = 1}, -.04, "0.0"},
        {{.has_precision = 1, .precision = 7}, 1e-7, "0.0000001"},
        {{.has_precision = 0}, .1, "0.1"},
        {{.has_precision = 1, .precision = 2}, 1234567.891, "1234567.89"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[NQI_CELL_SIZE];
        const size_t length = nqi_cell_text(text, sizeof text, &cases[i].column, cases[i].x);
        if (strcmp(text, cases[i].text) != 0 || length != strlen(text))
            fail_msg("case %zu: \"%s\", not \"%s\"", i, text, cases[i].text);
    }
}

/* What a table is written as, and that it is read as it was. */
static void columns_are_written_and_read_back(void **state)
{
    bench *b = *state;
    static char *odd[] = {(char *)"a, b",     (char *)"say \"x\"", (char *)"#1",
                          (char *)"New York", (char *)"1.0",       (char *)"two\nlines"};
    const nqi_column columns[] = {
        {.name = (char *)"odd, one", .levels = odd, .level_count = 6},
        {.name = (char *)"day", .date = {.is_date = 1}},
        {.name = (char *)"x", .has_precision = 1, .precision = 2, .precision_least = 1}};
    const double values[] = {0, 0, 1,  1, 1, 2.25, 2, 2, NAN, 3, 3,   4,
                             4, 4, .5, 5, 5, 6,    0, 0, 1,   1, NAN, 2};
    static const char *const names[] = {"w.csv", "w.tsv", "w.csv.gz"};
    for (size_t f = 0; f < 3; f++) {
        const char *path = scratch_path(&b->place, names[f]);
        assert_int_equal(nqi_values_write_columns(&b->context, path, values, 8, columns, 3),
                         NQ_OK);
        assert_int_equal(bench_open(b, path), NQ_OK);
        bench_holds(b, 8, 3, values);
        assert_string_equal(nq_dataset_column_name(b->data, 0), "odd, one");
        assert_int_equal(b->data->columns[0].level_count, 6);
        for (size_t i = 0; i < 6; i++)
            assert_string_equal(b->data->columns[0].levels[i], odd[i]);
        assert_true(b->data->columns[1].date.is_date);
        assert_int_equal(b->data->columns[2].precision_least, 1);
    }
    assert_int_equal(nqi_values_write_columns(&b->context, scratch_path(&b->place, "w.npy"),
                                              values, 8, columns, 3),
                     NQ_ERROR_UNSUPPORTED);
    bench_says(b, "cannot hold the text of column 1 (\"odd, one\")");
    assert_int_equal(nqi_values_write_columns(&b->context, scratch_path(&b->place, "w.npy"),
                                              values, 12, columns + 1, 2),
                     NQ_OK);
}

static void one_column_of_text_is_no_two(void **state)
{
    bench *b = *state;
    static char *towns[] = {(char *)"New York", (char *)"Oslo"};
    const nqi_column column = {.name = (char *)"t", .levels = towns, .level_count = 2};
    const double values[] = {0, 1, NAN, 0};
    const char *path = scratch_path(&b->place, "w.csv");
    assert_int_equal(nqi_values_write_columns(&b->context, path, values, 4, &column, 1), NQ_OK);
    assert_int_equal(bench_open(b, path), NQ_OK);
    bench_holds(b, 4, 1, values);
}

static void rows_like_those_of_a_file_have_its_texts(void **state)
{
    static const char text[] = "t;x;d;n\nOslo;1,0;2024-01-01;5\n;;;\n\"Rome; Lazio\";2,50;"
                               "2024-02-01;7\n";
    static const char expected[] =
        "t;x;d;n\nOslo;1,0;2024-01-01;5\n\"Rome; Lazio\";880,0;2024-02-29;6.5\n"
        "Oslo;2,50;2024-02-01;7\n";
    static const double values[] = {0, 1, 19723, 5, 1, 880, 19782, 6.5, 0, 2.5, 19754, 7};
    bench *b = *state;
    const nq_read_options options = {.keep_text = 1, .decimal = ","};
    char path[600], found[400] = "";
    snprintf(path, sizeof path, "%s", scratch_path(&b->place, "t.csv"));
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_open_with(&b->data, &b->context, path, &options), NQ_OK);
    snprintf(path, sizeof path, "%s", scratch_path(&b->place, "w.csv"));
    assert_int_equal(nq_dataset_write_like(path, &b->context, b->data, values, 3, NULL), NQ_OK);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    fclose(file);
    for (char *at = found; (at = strstr(at, "6,5"));)
        at[1] = '.'; /* more decimals than the column has: all digits, in its decimals */
    assert_string_equal(found, expected);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(texts_have_the_numbers_of_the_model),
        TEST(texts_that_the_model_does_not_know_are_negative),
        TEST(numbers_are_matched_by_their_text),
        TEST(rows_of_views_are_matched_too),
        TEST(what_is_of_another_kind_is_refused),
        TEST(cells_are_written_as_they_are_read),
        TEST(columns_are_written_and_read_back),
        TEST(one_column_of_text_is_no_two),
        TEST(rows_like_those_of_a_file_have_its_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
