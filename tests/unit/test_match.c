/* test_match.c - columns by name, cells by their places in the file, files given back as they
 * came. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"
#include "table/dataset.h"
#include "table/scaling/scaling.h"

static nq_dataset *opened(bench *b, const char *name, const char *text,
                          const nq_read_options *options)
{
    const char *path = scratch_path(&b->place, name);
    nq_dataset *data;
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    if (nq_dataset_open_with(&data, &b->context, path, options))
        fail_msg("'%s' was refused: %s", text, b->context.message);
    return data;
}

static void holds(const nq_dataset *data, size_t rows, size_t dim, const double *values)
{
    double row[16];
    assert_int_equal(nq_dataset_rows(data), rows);
    assert_int_equal(nq_dataset_dim(data), dim);
    for (size_t i = 0; i < rows * dim; i++) {
        nq_dataset_row(row, data, i / dim);
        if (row[i % dim] != values[i] && !(isnan(row[i % dim]) && isnan(values[i])))
            fail_msg("row %zu, column %zu: %g, not %g", i / dim, i % dim, row[i % dim],
                     values[i]);
    }
}

static const nq_read_options for_model = {.for_model = 1, .keep_text = 1};
static const char *const abc[] = {"a", "b", "c"};
static const char mixed[] = "id,c,\"x, y\",a,b\nr1,3,7,1,2\n\nr2,6,8,4,\nr3,9,?,7,8\n";

/* The columns of these names, or, without names, so many. */
static nq_status match(nq_dataset **view, bench *b, const char *const *names, size_t count,
                       const nq_dataset *data)
{
    nqi_column *wanted = nqi_columns_new(count);
    assert_non_null(wanted);
    for (size_t c = 0; names && c < count; c++)
        wanted[c].name = strdup(names[c]);
    const nq_status status = nqi_dataset_match(view, &b->context, data, wanted, count);
    nqi_columns_free(wanted, count);
    return status;
}

static void columns_come_in_the_order_of_the_names(void **state)
{
    bench *b = *state;
    nq_dataset *data = opened(b, "t.csv", mixed, &for_model), *view;
    const double expected[] = {1, 2, 3, 4, NAN, 6, 7, 8, 9};
    assert_int_equal(match(&view, b, abc, 3, data), NQ_OK);
    holds(view, 3, 3, expected);
    assert_string_equal(nq_dataset_column_name(view, 1), "b");
    assert_int_equal(nq_dataset_note_count(view), 1);
    assert_non_null(strstr(nq_dataset_note(view, 0), "does not use \"id\", \"x, y\""));
    nq_dataset *slice;
    size_t row, column;
    assert_int_equal(nq_dataset_missing(&row, &column, view), 1);
    assert_int_equal(row, 1);
    assert_int_equal(column, 1);
    assert_false(nq_dataset_is_binary(view));
    assert_int_equal(nq_dataset_slice(&slice, &b->context, view, 1, 2), NQ_OK);
    holds(slice, 2, 3, expected + 3);
    nq_dataset_free(slice);
    nq_dataset_free(view);
    nq_dataset_free(data);
}

static void gathered_columns_are_those_of_the_view(void **state)
{
    bench *b = *state;
    nq_dataset *data = opened(b, "t.csv", mixed, &for_model), *view;
    assert_int_equal(match(&view, b, abc, 3, data), NQ_OK);
    const uint64_t rows[] = {2, 0};
    nqi_real out[6];
    nqi_dataset_gather(view, rows, 2, NULL, NULL, out, 2);
    const double expected[] = {7, 1, 8, 2, 9, 3};
    for (int i = 0; i < 6; i++)
        assert_true(out[i] == (nqi_real)expected[i]);
    nq_dataset_free(view);
    nq_dataset_free(data);
}

static void every_missing_column_is_named(void **state)
{
    bench *b = *state;
    nq_dataset *data = opened(b, "t.csv", "a,beta,x\n1,2,3\n4,5,6\n", &for_model), *view;
    static const char *const names[] = {"a", "bta", "other"};
    assert_int_equal(match(&view, b, names, 3, data), NQ_ERROR_SHAPE);
    assert_null(view);
    bench_says(b, "t.csv has no column \"bta\", \"other\"");
    assert_int_equal(match(&view, b, names, 2, data), NQ_ERROR_SHAPE);
    bench_says(b, "has no column \"bta\" (the nearest is \"beta\")");
    nq_dataset_free(data);
}

static void a_column_of_text_that_is_needed_is_refused_with_its_cell(void **state)
{
    bench *b = *state;
    nq_dataset *data = opened(b, "t.csv", "a,b,c\n1,2,3\n4,oops,6\n", &for_model), *view;
    assert_int_equal(nq_dataset_dim(data), 3); /* the column is text until somebody asks */
    assert_int_equal(match(&view, b, abc, 3, data), NQ_ERROR_FORMAT);
    bench_says(b, "t.csv:3: column 2 (\"b\"): expected a number, found \"oops\"");
    assert_int_equal(match(&view, b, NULL, 3, data), NQ_ERROR_FORMAT);
    nq_dataset_free(data);
}

static void without_names_on_both_sides_places_count(void **state)
{
    bench *b = *state;
    nq_dataset *bare = opened(b, "t.csv", "1,2,3\n4,7,6\n", &for_model), *view;
    const double expected[] = {1, 2, 3, 4, 7, 6};
    assert_int_equal(match(&view, b, abc, 3, bare), NQ_OK);
    holds(view, 2, 3, expected);
    nq_dataset_free(view);
    assert_int_equal(match(&view, b, abc, 2, bare), NQ_ERROR_SHAPE);
    bench_says(b, "t.csv has 3 columns; the model was made for 2");
    nq_dataset_free(bare);
    nq_dataset *indexed = opened(b, "i.csv", ",a,b\n0,1,2\n1,4,7\n2,5,5\n", &for_model);
    assert_int_equal(nq_dataset_dim(indexed), 3);
    assert_int_equal(match(&view, b, NULL, 2, indexed), NQ_OK);
    holds(view, 3, 2, (const double[]){1, 2, 4, 7, 5, 5});
    nq_dataset_free(view);
    nq_dataset_free(indexed);
}

static void a_cell_has_its_line_and_column_in_the_file(void **state)
{
    bench *b = *state;
    static const char text[] = "# by hand\n\nid,c,a,b\n1,3,1,2\n\n# half\n2,6,4,5\n\"3\",9,7,\n";
    const nq_read_options dropping = {.for_model = 1, .drop = "id"};
    nq_dataset *data = opened(b, "t.csv", text, &dropping), *view, *part, *rest;
    char place[NQI_PLACE];
    assert_int_equal(match(&view, b, abc, 3, data), NQ_OK);
    assert_non_null(
        strstr(nqi_dataset_cell(place, view, 0, 1, NULL), "t.csv:4: column 4 (\"b\")"));
    assert_non_null(
        strstr(nqi_dataset_cell(place, view, 1, 0, NULL), "t.csv:7: column 3 (\"a\")"));
    assert_non_null(
        strstr(nqi_dataset_cell(place, view, 2, 2, NULL), "t.csv:8: column 2 (\"c\")"));
    assert_int_equal(nq_dataset_split(&part, &rest, &b->context, view, 0.4, 1), NQ_OK);
    for (size_t i = 0; i < 2; i++) {
        nq_dataset *side = i ? part : rest;
        for (size_t r = 0; r < nq_dataset_rows(side); r++) {
            double row[3];
            nq_dataset_row(row, side, r);
            static const int lines[] = {4, 7, 8};
            char expected[32];
            snprintf(expected, sizeof expected, "t.csv:%d: column 3", lines[(int)row[0] / 3]);
            assert_non_null(strstr(nqi_dataset_cell(place, side, r, 0, NULL), expected));
        }
    }
    nqi_scaling scaling;
    assert_int_equal(nqi_scaling_measure(&scaling, &b->context, view, NQI_SCALE_COLUMN),
                     NQ_ERROR_SHAPE);
    bench_says(b, "t.csv:8: column 4 (\"b\"): expected a number, found a missing value");
    nq_dataset_free(part);
    nq_dataset_free(rest);
    nq_dataset_free(view);
    nq_dataset_free(data);
}

/* Writes `values` like the data and compares the file's bytes. */
static void written(bench *b, const nq_dataset *like, const char *name, const double *values,
                    size_t count, const nq_beside *options, const char *expected)
{
    char bytes[512] = "";
    const char *path = scratch_path(&b->place, name);
    if (nq_dataset_write_like(path, &b->context, like, values, count, options))
        fail_msg("%s", b->context.message);
    const long size = scratch_get(path, (unsigned char *)bytes, sizeof bytes - 1);
    assert_true(size >= 0);
    bytes[size] = '\0';
    assert_string_equal(bytes, expected);
}

static void known_cells_come_back_character_for_character(void **state)
{
    bench *b = *state;
    static const char text[] = "id,v,\"note\"\nA1,1.50,\"x, \"\"y\"\"\"\n007,100100037,\nA3,,z\n"
                               "A4,1e3,0.1234567890123456\n";
    static const char *const v[] = {"v"};
    nq_dataset *data = opened(b, "t.csv", text, &for_model), *view;
    assert_int_equal(match(&view, b, v, 1, data), NQ_OK);
    written(b, view, "o.csv", (const double[]){1.5, 100100037, 2.5, 1000}, 4, NULL,
            "id,v,\"note\"\nA1,1.50,\"x, \"\"y\"\"\"\n007,100100037,\nA3,2.5,z\n"
            "A4,1e3,0.1234567890123456\n");
    written(b, view, "o.tsv", (const double[]){1, 2, NAN, 4}, 4, NULL,
            "id\tv\t\"note\"\nA1\t1\t\"x, \"\"y\"\"\"\n007\t2\tNA\nA3\tNA\tz\n"
            "A4\t4\t0.1234567890123456\n");
    const size_t rows[] = {3, 3, 0};
    const double labels[] = {3, 0, 3, 1, 0, 0};
    static const char *const label_names[] = {"row", "draw"};
    const nq_beside options = {.rows = rows,
                               .before = 2,
                               .before_values = labels,
                               .before_names = label_names};
    written(b, view, "o.csv", (const double[]){1000, 7, 1.5}, 3, &options,
            "row,draw,id,v,\"note\"\n3,0,A4,1e3,0.1234567890123456\n"
            "3,1,A4,7,0.1234567890123456\n0,0,A1,1.50,\"x, \"\"y\"\"\"\n");
    const nq_beside beside = {.carried_only = 1,
                              .after = 1,
                              .after_values = (const double[]){-1, -2, -3, -4},
                              .after_names = v};
    written(b, view, "o.csv", NULL, 4, &beside,
            "id,\"note\",v\nA1,\"x, \"\"y\"\"\",-1\n007,,-2\nA3,z,-3\n"
            "A4,0.1234567890123456,-4\n");
    assert_int_equal(nq_dataset_write_like(scratch_path(&b->place, "o.npy"), &b->context, view,
                                           (const double[]){1, 2, 3, 4}, 4, NULL),
                     NQ_ERROR_UNSUPPORTED);
    bench_says(b, "cannot hold the text of column 1 (\"id\")");
    nq_dataset_free(view);
    nq_dataset_free(data);
}

static void separators_decimals_and_line_ends_come_back(void **state)
{
    bench *b = *state;
    nq_read_options comma = for_model;
    strcpy(comma.decimal, ",");
    nq_dataset *data = opened(b, "t.csv", "a;b\r\n1,50;\r\n;2\r\n", &comma);
    written(b, data, "o.csv", (const double[]){1.5, 0.25, -3, 2}, 2, NULL,
            "a;b\r\n1,50;0,25\r\n-3,00;2\r\n");
    nq_dataset_free(data);
    data = opened(b, "t.csv", "1 ? 3\n4 5 6", &for_model);
    written(b, data, "o.csv", (const double[]){1, 2, 3, 4, 5, 6}, 2, NULL, "1,2,3\n4,5,6\n");
    nq_dataset_free(data);
}

/* Of a row whose other cells were left out. */
static void an_empty_cell_alone_is_still_a_row(void **state)
{
    bench *b = *state;
    nq_read_options drop = for_model;
    drop.drop = "id";
    nq_dataset *data = opened(b, "t.csv", "id,v\nx,1\ny,\nz,3\n", &drop);
    written(b, data, "o.csv", (const double[]){1, NAN, 3}, 3, NULL, "v\n1\n\"\"\n3\n");
    nq_dataset_free(data);
}

static void arrays_have_the_columns_of_the_file(void **state)
{
    bench *b = *state;
    static const char *const names[] = {"c", "a"};
    nq_dataset *data = opened(b, "t.csv", "a,b,c\n1,2,\n4,5,6\n", &for_model), *view;
    const char *path = scratch_path(&b->place, "o.npy");
    assert_int_equal(match(&view, b, names, 2, data), NQ_OK);
    assert_int_equal(nq_dataset_write_like(path, &b->context, view,
                                           (const double[]){3.5, 1, 6, 4}, 2, NULL),
                     NQ_OK);
    assert_int_equal(bench_open(b, path), NQ_OK);
    bench_holds(b, 2, 3, (const double[]){1, 2, 3.5, 4, 5, 6});
    nq_dataset_free(view);
    nq_dataset_free(data);
}

/* Ten columns that are 1 in one row each: whatever the seed, all of them vary in the rest. */
static void a_split_leaves_every_column_that_varies_in_the_rest(void **state)
{
    enum { ROWS = 100, COLUMNS = 11 };
    bench *b = *state;
    static double values[ROWS][COLUMNS];
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < COLUMNS; c++)
            values[r][c] = c == 0 ? (double)r / 3 : r == 7 * c;
    nq_dataset *data, *part, *rest;
    assert_int_equal(nq_dataset_from_array(&data, &b->context, values[0], ROWS, COLUMNS, NULL),
                     NQ_OK);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        nqi_scaling scaling;
        assert_int_equal(nq_dataset_split(&part, &rest, &b->context, data, 0.3, seed), NQ_OK);
        assert_int_equal(nqi_scaling_measure(&scaling, &b->context, rest, NQI_SCALE_COLUMN),
                         NQ_OK);
        assert_int_equal(scaling.active, COLUMNS);
        assert_int_equal(nq_dataset_rows(part) + nq_dataset_rows(rest), ROWS);
        assert_true(nq_dataset_rows(part) <= 30 && nq_dataset_rows(part) >= 20);
        nqi_scaling_free(&scaling);
        nq_dataset_free(part);
        nq_dataset_free(rest);
    }
    nq_dataset_free(data);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(columns_come_in_the_order_of_the_names),
        TEST(gathered_columns_are_those_of_the_view),
        TEST(every_missing_column_is_named),
        TEST(a_column_of_text_that_is_needed_is_refused_with_its_cell),
        TEST(without_names_on_both_sides_places_count),
        TEST(a_cell_has_its_line_and_column_in_the_file),
        TEST(known_cells_come_back_character_for_character),
        TEST(separators_decimals_and_line_ends_come_back),
        TEST(an_empty_cell_alone_is_still_a_row),
        TEST(arrays_have_the_columns_of_the_file),
        TEST(a_split_leaves_every_column_that_varies_in_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
