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

static nq_status bench_read_with(bench *b, const nq_read_options *options, const char *text)
{
    const char *path = scratch_path(&b->place, "t.csv");
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    nq_dataset_free(b->data);
    return nq_dataset_open_with(&b->data, &b->context, path, options);
}

static void reads_with(bench *b, const nq_read_options *options, const char *text, size_t rows,
                       size_t dim, const double *values)
{
    if (bench_read_with(b, options, text))
        fail_msg("'%s' was refused: %s", text, b->context.message);
    bench_holds(b, rows, dim, values);
}

/* So many notes, of which one has this part. */
static void notes(const bench *b, size_t count, const char *part)
{
    size_t found = 0;
    assert_int_equal(nq_dataset_note_count(b->data), count);
    for (size_t i = 0; i < count; i++)
        found += strstr(nq_dataset_note(b->data, i), part) != NULL;
    if (count && !found)
        fail_msg("no note says '%s'; the first is '%s'", part, nq_dataset_note(b->data, 0));
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

static void a_header_is_a_first_row_of_words(void **state)
{
    bench *b = *state;
    reads_as(b, "alcohol,\"acid, fixed\",\"the \"\"best\"\"\"\n1,2,3\n4,5,6\n", 2, 3, one_to_six);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "alcohol");
    assert_string_equal(nq_dataset_column_name(b->data, 1), "acid, fixed");
    assert_string_equal(nq_dataset_column_name(b->data, 2), "the \"best\"");
    assert_null(nq_dataset_column_name(b->data, 3));
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
    assert_int_equal(nq_dataset_missing(&row, &column, b->data), 5);
    assert_int_equal(row, 0);
    assert_int_equal(column, 1);
    reads_as(b, "1\t\t3\n\t5\t\n\tN/A\t9\n", 3, 3, values);
    reads_as(b, "1;nan; 3\n\"\"; 5 ; \n; ;9\n", 3, 3, values);
    reads_as(b, "NA NA 3\n1 2 3\n", 2, 3, (const double[]){NAN, NAN, 3, 1, 2, 3});
    assert_null(nq_dataset_column_name(b->data, 0));
}

static void more_words_stand_for_missing_cells(void **state)
{
    bench *b = *state;
    static const char *const words[] = {"None", "none", "NULL", "<NA>",     "#N/A", "NaT",
                                        "-NaN", "#NA",  "nan",  "#N/A N/A", "n/a",  "?"};
    const double values[] = {NAN, 1, 2, 4, 5, 6};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s,1.0,2.0\n4,5,6\n", words[i]);
        reads_as(b, text, 2, 3, values);
        snprintf(text, sizeof text, "a,b,c\n%s,1.0,2.0\n4,5,6\n", words[i]);
        reads_as(b, text, 2, 3, values);
    }
    reads_as(b, ".,1.0,2.0\n4,5,6\n", 2, 3, values);
    reads_as(b, "-,1.0,2.0\n4,5,6\n", 2, 3, values);
    reads_as(b, "x,y\n.,1\n-,2\n", 2, 2, (const double[]){0, 1, 1, 2}); /* no number: text */
}

static void words_of_ones_own_stand_for_missing_cells(void **state)
{
    bench *b = *state;
    nq_read_options options = {.missing = "-999, gone,-1.#IND"};
    reads_with(b, &options, "-1.#IND,1.0,2.0\n4,-999.0,gone\n", 2, 3,
               (const double[]){NAN, 1, 2, 4, NAN, NAN});
    refused(b, "1,gone\n2,3\n", "missing=gone");
}

static void a_first_line_of_numbers_and_words_is_asked_about(void **state)
{
    bench *b = *state;
    static const char text[] = "-1.#IND,1.0,2.0\n4,5,6\n7,8,9\n";
    refused(b, text, "t.csv:1: column 1 is text, \"-1.#IND\", but column 2 is \"1.0\"");
    bench_says(b, "header yes reads the line as names, header no as a row");
    nq_read_options options = {.header = "yes"};
    reads_with(b, &options, text, 2, 3, (const double[]){4, 5, 6, 7, 8, 9});
    assert_string_equal(nq_dataset_column_name(b->data, 0), "-1.#IND");
    nq_read_options row = {.header = "no", .missing = "-1.#IND"};
    reads_with(b, &row, text, 3, 3, (const double[]){NAN, 1, 2, 4, 5, 6, 7, 8, 9});
    refused(b, "name,NA\nOslo,NA\nRome,NA\n", "but column 2 is \"NA\"");
    reads_as(b, "Na,K\n1,2\n3,4\n", 2, 2, (const double[]){1, 2, 3, 4});
    assert_string_equal(nq_dataset_column_name(b->data, 0), "Na");
}

static void a_first_line_that_counts_is_a_header(void **state)
{
    bench *b = *state;
    const double rows[] = {.5, -1, 2, 7, .25, 1};
    reads_as(b, "0,1,2\n.5,-1,2\n7,.25,1\n", 2, 3, rows);
    assert_string_equal(nq_dataset_column_name(b->data, 2), "2");
    notes(b, 1, "line 1 (0,...) was read as the columns' names; header no");
    reads_as(b, "1990,1991,1992\n.5,-1,2\n7,.25,1\n", 2, 3, rows);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "1990");
    reads_as(b, "\"7\",\"9\",\"2\"\n.5,-1,2\n7,.25,1\n", 2, 3, rows);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "7");
    nq_read_options options = {.header = "no"};
    reads_with(b, &options, "0,1,2\n.5,-1,2\n", 2, 3, (const double[]){0, 1, 2, .5, -1, 2});
    notes(b, 0, "");
    reads_as(b, "0,1,2\n3,4,5\n6,7,8\n", 3, 3, (const double[]){0, 1, 2, 3, 4, 5, 6, 7, 8});
    notes(b, 0, "");
    reads_as(b, "0,1\n1,0\n1,1\n", 3, 2, (const double[]){0, 1, 1, 0, 1, 1});
    notes(b, 0, "");
    reads_as(b, "0,1.5,2\n.5,-1,2\n", 2, 3, (const double[]){0, 1.5, 2, .5, -1, 2});
}

static void an_unnamed_first_column_that_counts_is_an_index(void **state)
{
    bench *b = *state;
    const double rows[] = {.5, -1, 7, .25, 3, 4};
    static const char *const texts[] = {",0,1\n0,.5,-1\n1,7,.25\n2,3,4\n",
                                        ",a,b\n1,.5,-1\n2,7,.25\n3,3,4\n",
                                        "\"\",\"a\",\"b\"\n\"1\",.5,-1\n\"2\",7,.25\n\"3\",3,4\n",
                                        "Unnamed: 0,a,b\n17,.5,-1\n5,7,.25\n11,3,4\n",
                                        "a b\n1 .5 -1\n2 7 .25\n3 3 4\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        reads_as(b, texts[i], 3, 2, rows);
        notes(b, nq_dataset_note_count(b->data), "left out as an index");
    }
    reads_as(b, "id,a\n0,.5\n1,7\n2,3\n", 3, 2, (const double[]){0, .5, 1, 7, 2, 3});
    reads_as(b, ",a\n4,.5\n4,7\n2,3\n", 3, 2, (const double[]){4, .5, 4, 7, 2, 3});
    nq_read_options options = {.columns = "1-3"};
    reads_with(b, &options, texts[1], 3, 3, (const double[]){1, .5, -1, 2, 7, .25, 3, 3, 4});
}

static void lines_of_comment_are_skipped_and_may_name_columns(void **state)
{
    bench *b = *state;
    static const char *const texts[] = {"# a b c\n1 2 3\n4 5 6\n", "# a, b, c\n1 2 3\n4 5 6\n",
                                        "#a,b,c\n1,2,3\n# said \"so\n4,5,6\n# end\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        reads_as(b, texts[i], 2, 3, one_to_six);
        assert_string_equal(nq_dataset_column_name(b->data, 0), "a");
        assert_string_equal(nq_dataset_column_name(b->data, 2), "c");
        notes(b, nq_dataset_note_count(b->data), "named by the comment in line 1");
    }
    notes(b, 2, "");
    reads_as(b, "# made by hand today\n1 2 3\n4 5 6\n", 2, 3, one_to_six);
    assert_null(nq_dataset_column_name(b->data, 0));
    reads_as(b, "# 1 2 3\n1 2 3\n4 5 6\n", 2, 3, one_to_six);
    assert_null(nq_dataset_column_name(b->data, 0));
    reads_as(b, "#x,1.0,2.0\n1,2,3\n4,5,6\n", 2, 3, one_to_six);
    notes(b, 1, "line 1 begins with # and is left out as a comment");
    reads_as(b, "# one\n# two\na,b,c\n1,2,3\n4,5,6\n", 2, 3, one_to_six);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "a");
    nq_read_options options = {.comment = "%"};
    reads_with(b, &options, "% 1\n1,2,3\n4,5,6\n", 2, 3, one_to_six);
    nq_read_options none = {.comment = "none"};
    reads_with(b, &none, "#a,b,c\n1,2,3\n4,5,6\n", 2, 3, one_to_six);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "#a");
}

static void decimal_commas_and_separators_are_read_as_told(void **state)
{
    bench *b = *state;
    const double values[] = {1.5, -2, .25, 3};
    nq_read_options comma = {.decimal = ","};
    reads_with(b, &comma, "a;b\n1,5;-2\n,25;3,0\n", 2, 2, values);
    reads_with(b, &comma, "\"a, b\"\tc\r\n1,5\t-2,0e0\r\n0,25\t3\r\n", 2, 2, values);
    assert_string_equal(nq_dataset_column_name(b->data, 0), "a, b");
    nq_read_options quoted = {.decimal = ",", .separator = ","};
    reads_with(b, &quoted, "\"1,5\",-2\n\"0,25\",\"3\"\n", 2, 2, values);
    nq_read_options bar = {.separator = ":"};
    reads_with(b, &bar, "1.5:-2\n.25:3\n", 2, 2, values);
    nq_read_options tab = {.separator = "tab"};
    reads_with(b, &tab, "1.5\t-2\n.25\t3\n", 2, 2, values);
    nq_read_options blank = {.separator = "blank"};
    reads_with(b, &blank, "1.5 -2\n.25   3\n", 2, 2, values);
    reads_as(b, "x|y\n1.5|-2\n.25|3\n", 2, 2, values);
    reads_as(b, "height, cm\tweight, kg\n1.5\t-2\n.25\t3\n", 2, 2, values);
    assert_string_equal(nq_dataset_column_name(b->data, 1), "weight, kg");
    assert_int_equal(bench_read_with(b, &comma, "a;b\n1.5;2\n"), NQ_ERROR_FORMAT);
    bench_says(b, "found \"1.5\"");
}

static void columns_are_chosen_by_name_or_number(void **state)
{
    bench *b = *state;
    static const char text[] = "id,\"a, b\",c,town\nx1,1,2,Oslo\nx2,3,4,Rome\n";
    const double values[] = {1, 2, 3, 4};
    static const nq_read_options good[] = {{.drop = "id,town"},
                                           {.drop = "1,4"},
                                           {.columns = "\"a, b\",c"},
                                           {.columns = "2-3"},
                                           {.columns = "1-3", .drop = "id"}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        reads_with(b, &good[i], text, 2, 2, values);
        assert_string_equal(nq_dataset_column_name(b->data, 0), "a, b");
    }
    const nq_read_options unknown = {.drop = "idd,zz,town"}, all = {.drop = "1-4"};
    assert_int_equal(bench_read_with(b, &unknown, text), NQ_ERROR_ARGUMENT);
    bench_says(b, "has no column \"idd\" (the nearest is \"id\"), \"zz\"");
    assert_int_equal(bench_read_with(b, &all, text), NQ_ERROR_ARGUMENT);
    const nq_read_options fifth = {.columns = "5"};
    assert_int_equal(bench_read_with(b, &fifth, text), NQ_ERROR_ARGUMENT);
    bench_says(b, "numbers from 1 to 4");
}

static void all_columns_with_slips_are_named_at_once(void **state)
{
    bench *b = *state;
    refused(
        b, "id,x,town,y\nA1,1,Oslo,2\n2,3,4,4\n\n3,5,7,zz\n",
        "t.csv: 3 columns have cells that are no numbers: line 2, column 1 (\"id\"): \"A1\"; "
        "line 2, column 3 (\"town\"): \"Oslo\"; line 5, column 4 (\"y\"): \"zz\"; missing "
        "TOKEN,... tells which are missing cells, types NAME=category reads a column as text, "
        "drop id,town,y leaves them out");
}

static void names_that_stand_twice_are_refused(void **state)
{
    bench *b = *state;
    refused(b, "a,b,a\n1,2,3\n", "t.csv:1: columns 1 and 3 are both called \"a\"");
    const nq_read_options options = {.drop = "3"};
    reads_with(b, &options, "a,b,a\n1,2,3\n", 1, 2, one_to_six);
}

static void a_separator_too_many_makes_no_column(void **state)
{
    bench *b = *state;
    reads_as(b, "a,b,c,\n1,2,3,\n4,5,6,\n", 2, 3, one_to_six);
    notes(b, 1, "column 4 has neither a name nor values");
}

static void wrong_options_of_reading_are_refused(void **state)
{
    static const nq_read_options wrong[] = {{.header = "maybe"}, {.decimal = "x"},
                                            {.separator = "ab"}, {.separator = "5"},
                                            {.comment = "##"},   {.separator = "#"}};
    static const char *const says[] = {"yes or no",     ". or ,",  "one character",
                                       "one character", "or none", "two characters"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(bench_read_with(*state, &wrong[i], "1,2\n"), NQ_ERROR_ARGUMENT);
        bench_says(*state, says[i]);
    }
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

static void a_text_among_numbers_is_refused_with_advice(void **state)
{
    bench *b = *state;
    refused(b, "x,town\n1,3\n2,Oslo\n2,8\n",
            "t.csv:3: column 2 (\"town\"): expected a number, found \"Oslo\"; missing=Oslo makes "
            "it a missing cell, types town=category reads the column as text, drop town leaves "
            "it out");
    refused(b, "x,town\n1,Oslo\n2,7\n", "found \"Oslo\"");
    assert_null(strstr(b->context.message, "holds text"));
    refused(b, "a;b\n1,5;2\n", "decimal , reads decimal commas");
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
    nq_dataset_row(row, b->data, 1);
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
        TEST(a_header_is_a_first_row_of_words),
        TEST(missing_cells_are_nan),
        TEST(more_words_stand_for_missing_cells),
        TEST(words_of_ones_own_stand_for_missing_cells),
        TEST(a_first_line_of_numbers_and_words_is_asked_about),
        TEST(a_first_line_that_counts_is_a_header),
        TEST(an_unnamed_first_column_that_counts_is_an_index),
        TEST(lines_of_comment_are_skipped_and_may_name_columns),
        TEST(decimal_commas_and_separators_are_read_as_told),
        TEST(columns_are_chosen_by_name_or_number),
        TEST(all_columns_with_slips_are_named_at_once),
        TEST(names_that_stand_twice_are_refused),
        TEST(a_separator_too_many_makes_no_column),
        TEST(wrong_options_of_reading_are_refused),
        TEST(one_column_is_a_table),
        TEST(a_cell_of_text_is_refused_with_its_place),
        TEST(a_text_among_numbers_is_refused_with_advice),
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
