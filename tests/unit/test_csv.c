/* test_csv.c - tables as text: what is read, and what each refusal says. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"

#define LENGTH(text) (sizeof(text) - 1)
#define READ(b, text) bench_read(b, "t.csv", text, LENGTH(text))

static const double one_to_six[] = {1, 2, 3, 4, 5, 6};

static void reads_as(bench *b, const char *text, size_t rows, size_t dim, const double *values)
{
    if (bench_read(b, "t.csv", text, strlen(text)))
        fail_msg("'%s' was refused: %s", text, b->context.message);
    bench_holds(b, rows, dim, values);
}

static void refused(bench *b, const char *text, const char *part)
{
    if (bench_read(b, "t.csv", text, strlen(text)) != NQ_ERROR_FORMAT)
        fail_msg("'%s' was not refused as a format", text);
    assert_null(b->data);
    bench_says(b, part);
}

static void separators_are_found_out(void **state)
{
    static const char *const texts[] = {
        "1,2,3\n4,5,6\n",      "1;2;3\n4;5;6\n",
        "1\t2\t3\n4\t5\t6\n",  "1 2 3\n4 5 6\n",
        " 1  2 3 \n4   5 6\n", "1.0 \t2.0 \t3 \n4 \t5 \t6 \n",
        "1, 2, 3\n4 ,5 , 6",   "+1,2e0,3.000\n4.,5,.6e1\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        reads_as(*state, texts[i], 2, 3, one_to_six);
        assert_null(nq_dataset_column_name(((bench *)*state)->data, 0));
    }
}

static void line_ends_blank_lines_and_marks_do_not_matter(void **state)
{
    static const char *const texts[] = {"1,2,3\r\n4,5,6\r\n", "\357\273\2771,2,3\n4,5,6",
                                        "\n\n1,2,3\n  \n\n4,5,6\n\n\n", "1,2,3\n4,5,6\n \t \n",
                                        "\"1\",\"2\",\"3\"\n\"4\",5,\" 6 \"\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        reads_as(*state, texts[i], 2, 3, one_to_six);
}

static void a_header_is_a_first_row_with_a_word(void **state)
{
    bench *b = *state;
    reads_as(b, "alcohol,\"acid, fixed\",\"the \"\"best\"\"\"\n1,2,3\n4,5,6\n", 2, 3, one_to_six);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "alcohol");
    assert_string_equal(nq_dataset_column_name(b->data, 1), "acid, fixed");
    assert_string_equal(nq_dataset_column_name(b->data, 2), "the \"best\"");
    assert_null(nq_dataset_column_name(b->data, 3));
    reads_as(b, "1,x,3\n1,2,3\n4,5,6\n", 2, 3, one_to_six);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "1");
    reads_as(b, "\"two\nlines\",b,c\n1,2,3\n4,5,6\n", 2, 3, one_to_six);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "two\nlines");
    reads_as(b, "a b c\n1 2 3\n4 5 6\n", 2, 3, one_to_six);
    assert_string_equal(nq_dataset_column_name(b->data, 2), "c");
}

static void missing_cells_are_nan(void **state)
{
    bench *b = *state;
    const double values[] = {1, NAN, 3, NAN, 5, NAN, NAN, NAN, 9};
    size_t row, column;
    reads_as(b, "1,,3\nNA,5,NaN\n?,null,9\n", 3, 3, values);
    assert_int_equal(nq_dataset_missing(b->data, &row, &column), 5);
    assert_int_equal(row, 0);
    assert_int_equal(column, 1);
    reads_as(b, "1\t\t3\n\t5\t\n\tN/A\t9\n", 3, 3, values);
    reads_as(b, "1;nan; 3\n\"\"; 5 ; \n; ;9\n", 3, 3, values);
    reads_as(b, "NA NA 3\n1 2 3\n", 2, 3, (const double[]){NAN, NAN, 3, 1, 2, 3});
    assert_null(nq_dataset_column_name(b->data, 0));
}

static void one_column_is_a_table(void **state)
{
    bench *b = *state;
    reads_as(b, "1\n2\n3\n", 3, 1, one_to_six);
    reads_as(b, "x\n1\nNA\n", 2, 1, (const double[]){1, NAN});
}

static void a_cell_of_text_is_refused_with_its_place(void **state)
{
    bench *b = *state;
    refused(b, "fixed,ph,alcohol\n1,2,3\n1,2,abc\n",
            "t.csv:3: column 3 (\"alcohol\"): expected a number, found \"abc\"");
    refused(b, "1,2,3\n1,2x,3\n", "t.csv:2: column 2: expected a number, found \"2x\"");
    refused(b, "1,2\n\n\"3\n\",4\n5,6 7\n",
            "t.csv:5: column 2: expected a number, found \"6 7\"");
    refused(b,
            "1,2\n3,a\x01\xff"
            "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee\n",
            "found \"a.?aaaaaaaaaabbbbbbbbbbccccccccccddddddd...\"");
}

static void a_column_of_text_is_refused_with_advice(void **state)
{
    bench *b = *state;
    refused(b, "x,town\n1,Oslo\n2,Bergen\n",
            "t.csv:2: column 2 (\"town\"): expected a number, "
            "found \"Oslo\"; the column holds text: remove it "
            "or encode it as numbers");
    refused(b, "x,town\n1,Oslo\n2,7\n", "found \"Oslo\"");
    assert_null(strstr(b->context.message, "remove"));
    refused(b, "a;b\n1,5;2\n", "decimals are written with a point");
}

static void infinite_numbers_are_refused_with_their_place(void **state)
{
    bench *b = *state;
    refused(b, "1,2\n3,inf\n", "t.csv:2: column 2: expected a finite number, found \"inf\"");
    refused(b, "a,b\n-Infinity,3\n", "t.csv:2: column 1 (\"a\"): expected a finite number");
    refused(b, "1,2\n3,1e999\n", "found \"1e999\"");
}

static void rows_of_another_length_are_refused(void **state)
{
    bench *b = *state;
    refused(b, "\n1,2,3\n4,5\n", "t.csv:3: expected 3 fields as in line 2, found 2");
    refused(b, "1,2,3\n4,5,6,7,8\n", "t.csv:2: expected 3 fields as in line 1, found 5");
    refused(b, "1 2 3\n4 5 6 x\n", "t.csv:2: expected 3 fields as in line 1, found 4");
    refused(b, "1\n2,3\n", "t.csv:2: ");
}

static void files_without_rows_are_refused(void **state)
{
    bench *b = *state;
    refused(b, "", "t.csv is empty");
    refused(b, "\n \n", "t.csv is empty");
    refused(b, "a,b\n", "after the header in line 1, found none");
}

static void broken_quotes_are_refused(void **state)
{
    bench *b = *state;
    refused(b, "1,2\n3,\"4\n5,6\n", "t.csv:2: a quote opens on this line and is never closed");
    refused(b, "1,2\n3,\"4\"5\n", "t.csv:2: column 2: expected a separator");
    refused(b, "\"a\"b,c\n1,2\n", "t.csv:1: column 1: expected a separator");
}

static void what_is_no_text_is_refused(void **state)
{
    bench *b = *state;
    assert_int_equal(READ(b, "1,2\n3,4\0\n"), NQ_ERROR_FORMAT);
    bench_says(b, "no text file");
    refused(b, "\x01\x02\x7f,b\n1,2\n", "t.csv:1: column 1: expected numbers or column names");
    refused(b,
            "gr\xf6\xdf"
            "e,b\n1,2\n",
            "UTF-8");
    assert_int_equal(READ(b, "\xff\xfe"
                             "1\0,\0"),
                     NQ_ERROR_FORMAT);
    bench_says(b, "UTF-16");
}

static void known_foreign_files_are_named(void **state)
{
    bench *b = *state;
    assert_int_equal(bench_read(b, "a.npz", "PK\x03\x04zip\0", 8), NQ_ERROR_UNSUPPORTED);
    bench_says(b, "numpy.save");
    assert_int_equal(bench_read(b, "a.npy", "1,2\n", 4), NQ_ERROR_FORMAT);
    bench_says(b, "expected an npy file");
}

/* Records cross the borders of the buffer at every place. */
static void long_tables_are_read_whole(void **state)
{
    enum { ROWS = 60000, WIDTH = 24 };
    bench *b = *state;
    char *text = malloc((size_t)ROWS * WIDTH), *at = text;
    assert_non_null(text);
    for (int i = 0; i < ROWS; i++)
        at += sprintf(at, i % 7 ? "%d,%d\n" : "\"%d\",\"%d\n\"\n", i, i % 1000);
    assert_int_equal(bench_read_gzip(b, "t.csv.gz", text, (size_t)(at - text)), NQ_OK);
    free(text);
    assert_int_equal(nq_dataset_rows(b->data), ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        assert_true(bench_cell(b, i, 0) == (double)i);
        assert_true(bench_cell(b, i, 1) == (double)(i % 1000));
    }
}

static void long_lines_are_read_whole(void **state)
{
    enum { COLUMNS = 300000 };
    bench *b = *state;
    char *text = malloc(2 * 2 * COLUMNS);
    assert_non_null(text);
    for (size_t i = 0; i < 2 * COLUMNS; i++) {
        text[2 * i] = (char)('0' + i % 10);
        text[2 * i + 1] = i % COLUMNS == COLUMNS - 1 ? '\n' : ' ';
    }
    assert_int_equal(bench_read(b, "t.txt", text, 4 * COLUMNS), NQ_OK);
    free(text);
    assert_int_equal(nq_dataset_rows(b->data), 2);
    assert_int_equal(nq_dataset_dim(b->data), COLUMNS);
    double *row = malloc(COLUMNS * sizeof *row);
    assert_non_null(row);
    nq_dataset_row(b->data, 1, row);
    for (size_t i = 0; i < COLUMNS; i++)
        assert_true(row[i] == (double)(i % 10));
    free(row);
}

static void a_truncated_gzip_is_refused(void **state)
{
    bench *b = *state;
    unsigned char bytes[300];
    assert_int_equal(bench_read_gzip(b, "t.csv.gz", "1,2\n3,4\n", 8), NQ_OK);
    const long count = scratch_get(scratch_path(&b->place, "t.csv.gz"), bytes, sizeof bytes);
    assert_true(count > 12);
    assert_int_equal(bench_read(b, "t.csv.gz", bytes, (size_t)count - 6), NQ_ERROR_FORMAT);
    bench_says(b, "truncated");
}

static void missing_files_are_named(void **state)
{
    bench *b = *state;
    assert_int_equal(bench_open(b, scratch_path(&b->place, "none.csv")), NQ_ERROR_FILE);
    bench_says(b, "none.csv");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(separators_are_found_out),
        TEST(line_ends_blank_lines_and_marks_do_not_matter),
        TEST(a_header_is_a_first_row_with_a_word),
        TEST(missing_cells_are_nan),
        TEST(one_column_is_a_table),
        TEST(a_cell_of_text_is_refused_with_its_place),
        TEST(a_column_of_text_is_refused_with_advice),
        TEST(infinite_numbers_are_refused_with_their_place),
        TEST(rows_of_another_length_are_refused),
        TEST(files_without_rows_are_refused),
        TEST(broken_quotes_are_refused),
        TEST(what_is_no_text_is_refused),
        TEST(known_foreign_files_are_named),
        TEST(long_tables_are_read_whole),
        TEST(long_lines_are_read_whole),
        TEST(a_truncated_gzip_is_refused),
        TEST(missing_files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
