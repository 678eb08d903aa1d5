/* test_arrow.c - data sets from and to the Arrow C data interface; who releases what, and when. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "arrow_takes.h"
#include "table/dataset.h"

enum { ROWS = 6 };

/* Rows r = 0..5, of which 1 and 4 are null: bits 101101 from the lowest on. */
static const uint8_t valid[] = {0x2d}, valid_from_3[] = {0x68, 0x01};

static void numbers_of_every_format_are_taken(void **state)
{
    bench *b = *state;
    static const int8_t i8[] = {-1, 2, -3, 4, -5, 6};
    static const uint8_t u8[] = {1, 2, 3, 4, 5, 255};
    static const int16_t i16[] = {-1, 2, -300, 4, -5, 6};
    static const uint16_t u16[] = {1, 2, 3, 4, 5, 65535},
                          half[] = {0x3c00, 0x3c00, 0xc000, 0x3c00, 0, 0x3800};
    static const int32_t i32[] = {-1, 2, -300000, 4, -5, 6};
    static const uint32_t u32[] = {1, 2, 3, 4, 5, 4294967295U};
    static int64_t i64[] = {0, 0, 0, -1, INT64_MAX, -3, 4, INT64_MIN, 6};
    static const uint64_t u64[] = {1, 2, 3, 4, 5, 6};
    static const float f32[] = {0.5F, 1, 2, 3, 4, 5};
    static const double f64[] = {9, 9, 0.5, 1, (double)NAN, 3, 4, 5};
    static const uint8_t bits[] = {0xb4}; /* from bit 2 on 1, 0, 1, 1, 0, 1 */
    batch from;
    batch_new(&from, ROWS);
    batch_add(&from, "c", "c", NULL, i8, NULL, 0);
    batch_add(&from, "C", "C", valid, u8, NULL, 0);
    batch_add(&from, "s", "s", NULL, i16, NULL, 0);
    batch_add(&from, "S", "S", valid, u16, NULL, 0);
    batch_add(&from, "i", "i", NULL, i32, NULL, 0);
    batch_add(&from, "I", "I", valid, u32, NULL, 0);
    batch_add(&from, "l", "l", valid_from_3, i64, NULL, 3);
    batch_add(&from, "L", "L", NULL, u64, NULL, 0);
    batch_add(&from, "f", "f", valid, f32, NULL, 0);
    batch_add(&from, "g", "g", NULL, f64, NULL, 2);
    batch_add(&from, "e", "e", NULL, half, NULL, 0);
    batch_add(&from, "b", "b", NULL, bits, NULL, 2);
    batch_add(&from, "n", "n", NULL, NULL, NULL, 0);
    takes(b, &from);
    assert_int_equal(nq_dataset_rows(b->data), ROWS);
    assert_int_equal(nq_dataset_dim(b->data), 13);
    assert_string_equal(nq_dataset_column_name(b->data, 6), "l");
    column_is(b, 0, (const double[]){-1, 2, -3, 4, -5, 6});
    column_is(b, 1, (const double[]){1, NAN, 3, 4, NAN, 255});
    column_is(b, 2, (const double[]){-1, 2, -300, 4, -5, 6});
    column_is(b, 3, (const double[]){1, NAN, 3, 4, NAN, 65535});
    column_is(b, 4, (const double[]){-1, 2, -300000, 4, -5, 6});
    column_is(b, 5, (const double[]){1, NAN, 3, 4, NAN, 4294967295});
    column_is(b, 6, (const double[]){-1, NAN, -3, 4, NAN, 6});
    column_is(b, 7, (const double[]){1, 2, 3, 4, 5, 6});
    column_is(b, 8, (const double[]){0.5, NAN, 2, 3, NAN, 5});
    column_is(b, 9, (const double[]){0.5, 1, NAN, 3, 4, 5});
    column_is(b, 10, (const double[]){1, 1, -2, 1, 0, 0.5});
    column_is(b, 11, (const double[]){1, 0, 1, 1, 0, 1});
    column_is(b, 12, (const double[]){NAN, NAN, NAN, NAN, NAN, NAN});
    i64[3] = 77; /* the set looks where the array has it */
    column_is(b, 6, (const double[]){77, NAN, -3, 4, NAN, 6});
    i64[3] = -1;
    lets_go(b, &from);
}

/* All begin at row 1 of the children: the batch itself has an offset. */
static void dates_and_texts_are_taken(void **state)
{
    bench *b = *state;
    static const int32_t days[] = {0, 19782, 0, 19783, 19784, 0, 19785};
    static const int64_t millis[] = {0, 19782 * INT64_C(86400000), 1, 0, 0, 1, 0};
    static const int64_t seconds[] = {0, 1709209800, 0, 1, 2, 0, 3};
    static const int64_t nanos[] = {0, 1709209800123456000, 5, 1000, 2000, 5, 3000};
    static const char texts[] = "__redgreenred\xc3\xa9green";
    static const int32_t ends[] = {2, 2, 5, 10, 13, 15, 15, 20};
    static const int64_t wide[] = {2, 2, 5, 10, 13, 15, 15, 20};
    static const uint16_t codes[] = {9, 2, 9, 0, 1, 9, 1};
    static const int32_t of_dictionary[] = {0, 1, 3, 6};
    static const uint8_t here[] = {0x5a}; /* from bit 1 on 1, 0, 1, 1, 0, 1 */
    batch from;
    batch_new(&from, ROWS);
    from.array.offset = 1;
    batch_add(&from, "tdD", "tdD", here, days, NULL, 0);
    batch_add(&from, "tdm", "tdm", here, millis, NULL, 0);
    batch_add(&from, "tss", "tss:", here, seconds, NULL, 0);
    batch_add(&from, "tsn", "tsn:Europe/Rome", here, nanos, NULL, 0);
    batch_add(&from, "u", "u", NULL, ends, texts, 0);
    batch_add(&from, "U", "U", here, wide, texts, 0);
    batch_add_dictionary(&from, "S", "S", here, codes, 0, of_dictionary, "abbccc", 3);
    takes(b, &from);
    text_is(b, 0,
            (const char *const[]){"2024-02-29", "", "2024-03-01", "2024-03-02", "",
                                  "2024-03-03"});
    text_is(b, 1,
            (const char *const[]){"2024-02-29", "", "1970-01-01", "1970-01-01", "",
                                  "1970-01-01"});
    text_is(b, 2,
            (const char *const[]){"2024-02-29T12:30:00", "", "1970-01-01T00:00:01",
                                  "1970-01-01T00:00:02", "", "1970-01-01T00:00:03"});
    text_is(b, 3,
            (const char *const[]){"2024-02-29T12:30:00.123456Z", "",
                                  "1970-01-01T00:00:00.000001Z", "1970-01-01T00:00:00.000002Z",
                                  "", "1970-01-01T00:00:00.000003Z"});
    text_is(b, 4, (const char *const[]){"red", "green", "red", "\xc3\xa9", "", "green"});
    text_is(b, 5, (const char *const[]){"red", "", "red", "\xc3\xa9", "", "green"});
    text_is(b, 6, (const char *const[]){"ccc", "", "a", "bb", "", "bb"});
    lets_go(b, &from);
}

static void what_is_no_table_is_refused(void **state)
{
    bench *b = *state;
    static const double x[] = {1, 2, 3, 4, 5, 6, 7};
    static const uint8_t some[] = {0x3b};
    batch from;
#define AGAIN(name, format)                                                                      \
    batch_new(&from, ROWS);                                                                      \
    batch_add(&from, name, format, NULL, x, x, 0)
    AGAIN("x", "g");
    from.schema.format = "g";
    refuses(b, &from, NQ_ERROR_ARGUMENT, "an Arrow array of format \"g\": expected a struct");
    AGAIN("x", "g");
    from.array.length = 0;
    refuses(b, &from, NQ_ERROR_ARGUMENT, "expected one row at least");
    AGAIN("x", "g");
    from.schema.n_children = 2;
    refuses(b, &from, NQ_ERROR_ARGUMENT, "expected as many columns as its schema has");
    AGAIN("x", "g");
    from.schema.release = NULL;
    refuses(b, &from, NQ_ERROR_ARGUMENT, "was released or moved already");
    AGAIN("x", "g");
    from.none[0] = some;
    from.array.null_count = 1;
    refuses(b, &from, NQ_ERROR_UNSUPPORTED, "row 3 of an Arrow array is null as a whole");
    AGAIN("x", "g");
    from.child[0].length = 5;
    refuses(b, &from, NQ_ERROR_ARGUMENT, "column 1 (\"x\") of an Arrow array: it has fewer rows");
    AGAIN("x", "g");
    from.child[0].n_buffers = 1;
    refuses(b, &from, NQ_ERROR_ARGUMENT, "it does not have the buffers of its format");
    AGAIN("x", "g");
    from.buffers[0][1] = NULL;
    refuses(b, &from, NQ_ERROR_ARGUMENT, "it does not have the buffers of its format");
    AGAIN("x", "g");
    from.buffers[0][1] = (const char *)x + 4;
    refuses(b, &from, NQ_ERROR_ARGUMENT, "its numbers are not aligned");
    static const char *const others[][2] = {
        {"+l", "(nested values)"}, {"+s", "(nested values)"},
        {"z", "(bytes)"},          {"d:50,2,256", "(decimals of a width"},
        {"d:39,0", "(decimals"},   {"d:10,1,32", "(decimals"},
        {"d:1", "(decimals"},      {"tts", "(times without a day)"},
        {"tDs", "(durations)"},    {"w:16", "(bytes)"},
        {"vz", "(bytes)"},         {"tiM", "(calendar intervals)"},
        {"+r", "(runs)"},          {"", "(unknown here)"},
        {"gg", "(unknown here)"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char part[120];
        AGAIN("x", others[i][0]);
        snprintf(part, sizeof part, "column 1 (\"x\") of an Arrow array: its format is \"%s\" %s",
                 others[i][0], others[i][1]);
        refuses(b, &from, NQ_ERROR_UNSUPPORTED, part);
        bench_says(b, ", or leave it out");
    }
    AGAIN(NULL, "g");
    batch_add(&from, "z", "z", NULL, x, x, 0);
    refuses(b, &from, NQ_ERROR_UNSUPPORTED, "column 2 (\"z\")");
#undef AGAIN
}

static void what_is_no_text_or_time_is_refused(void **state)
{
    bench *b = *state;
    static const int64_t nanos[] = {0, 1000, 1, 0, 0, 0};
    static const int32_t ends[] = {0, 1, 2, 3, 4, 5, 6}, falling[] = {0, 1, 2, 1, 4, 5, 6};
    static const int8_t codes[] = {0, 1, 2, 0, 0, 0};
    batch from;
    batch_new(&from, ROWS);
    batch_add(&from, "t", "tsn:", NULL, nanos, NULL, 0);
    refuses(b, &from, NQ_ERROR_UNSUPPORTED, "row 3 is a time of 1 ns: expected whole micro");
    batch_new(&from, ROWS);
    batch_add(&from, "u", "u", NULL, falling, "abcdef", 0);
    refuses(b, &from, NQ_ERROR_ARGUMENT, "the offsets of its text are wrong");
    batch_new(&from, ROWS);
    batch_add(&from, "u", "u", NULL, ends, "ab\0def", 0);
    refuses(b, &from, NQ_ERROR_FORMAT, "a text has a zero byte in it");
    batch_new(&from, ROWS);
    batch_add(&from, "u", "u", NULL, ends,
              "ab\xff"
              "def",
              0);
    refuses(b, &from, NQ_ERROR_FORMAT, "column 1 (\"u\"): expected text as UTF-8");
    batch_new(&from, ROWS);
    batch_add_dictionary(&from, "d", "c", NULL, codes, 0, ends, "ab", 2);
    refuses(b, &from, NQ_ERROR_FORMAT,
            "row 3, column 1 (\"d\"): expected the number of one of 2");
    batch_new(&from, ROWS);
    batch_add_dictionary(&from, "d", "g", NULL, codes, 0, ends, "abc", 3);
    refuses(b, &from, NQ_ERROR_UNSUPPORTED, "its dictionary has indices that are no integers");
    from.field[0].format = "c";
    from.texts.format = "+l";
    refuses(b, &from, NQ_ERROR_UNSUPPORTED, "its format is \"+l\"");
    from.texts.format = "u";
    from.child[0].dictionary = NULL;
    refuses(b, &from, NQ_ERROR_ARGUMENT, "it has no dictionary, or its schema has none");
}

static const char table[] =
    "town,n,x,day,at,at_us,id\n"
    "Bern,1,0.5,2024-02-29,2024-02-29T12:30:00Z,2024-02-29 12:30:00.5,1\n"
    "Rome,,,,,,2\n"
    "Bern,-3,1.25,1969-12-31,1969-12-31T23:59:59Z,1969-12-31 23:59:59,3\n";

static void a_table_is_exported_by_what_its_columns_are(void **state)
{
    bench *b = *state;
    static const char *const formats[] = {"i", "l", "g", "tdD", "tss:UTC", "tsm:", "l"};
    assert_int_equal(bench_read(b, "t.csv", table, sizeof table - 1), NQ_OK);
    exported e = exported_like(b, NULL, NULL);
    nq_dataset_free(b->data); /* it is needed no more */
    b->data = NULL;
    assert_string_equal(e.schema.format, "+s");
    assert_int_equal(e.array.length, 3);
    assert_int_equal(e.array.n_buffers, 1);
    assert_int_equal(e.array.n_children, 7);
    assert_int_equal(e.schema.n_children, 7);
    for (size_t c = 0; c < 7; c++) {
        const struct ArrowArray *a = e.array.children[c];
        assert_string_equal(e.schema.children[c]->format, formats[c]);
        assert_int_equal(e.schema.children[c]->flags, ARROW_FLAG_NULLABLE);
        assert_int_equal(a->length, 3);
        assert_int_equal(a->null_count, c == 0 || c == 6 ? 0 : 1);
        assert_true(!a->buffers[0] == !a->null_count);
        assert_true(!a->null_count || *(const uint8_t *)a->buffers[0] == 5);
        assert_int_equal((uintptr_t)a->buffers[1] % 64, 0);
    }
    assert_string_equal(e.schema.children[5]->name, "at_us");
    const struct ArrowArray *texts = e.array.children[0]->dictionary;
    assert_string_equal(e.schema.children[0]->dictionary->format, "u");
    assert_int_equal(texts->length, 2);
    assert_memory_equal(texts->buffers[1], ((const int32_t[]){0, 4, 8}), 12);
    assert_memory_equal(texts->buffers[2], "BernRome", 8);
    assert_memory_equal(e.array.children[0]->buffers[1], ((const int32_t[]){0, 1, 0}), 12);
    assert_memory_equal(e.array.children[1]->buffers[1], ((const int64_t[]){1, 0, -3}), 24);
    assert_memory_equal(e.array.children[2]->buffers[1], ((const double[]){0.5, 0, 1.25}), 24);
    assert_memory_equal(e.array.children[3]->buffers[1], ((const int32_t[]){19782, 0, -1}), 12);
    assert_memory_equal(e.array.children[4]->buffers[1], ((const int64_t[]){1709209800, 0, -1}),
                        24);
    assert_memory_equal(e.array.children[5]->buffers[1],
                        ((const int64_t[]){1709209800500, 0, -1000}), 24);
    exported_free(&e);
    assert_null(e.array.release);
    assert_null(e.schema.release);
}

/* A consumer takes a column for itself and lets the rest go. */
static void a_child_that_was_moved_outlives_the_rest(void **state)
{
    bench *b = *state;
    assert_int_equal(bench_read(b, "t.csv", table, sizeof table - 1), NQ_OK);
    exported e = exported_like(b, NULL, NULL);
    struct ArrowArray town = *e.array.children[0];
    struct ArrowSchema field = *e.schema.children[0];
    e.array.children[0]->release = NULL;
    e.schema.children[0]->release = NULL;
    exported_free(&e);
    assert_string_equal(field.name, "town");
    assert_memory_equal(town.dictionary->buffers[2], "BernRome", 8);
    struct ArrowArray texts = *town.dictionary;
    town.dictionary->release = NULL;
    town.release(&town);
    assert_memory_equal(texts.buffers[2], "BernRome", 8);
    texts.release(&texts);
    field.release(&field);
}

/* The set of what was exported is the set that it was. */
static void there_and_back_is_the_same(void **state)
{
    bench *b = *state;
    double rows[3][7], row[7];
    char texts[3][7][NQ_TEXT_SIZE], text[NQ_TEXT_SIZE];
    assert_int_equal(bench_read(b, "t.csv", table, sizeof table - 1), NQ_OK);
    for (size_t r = 0; r < 3; r++) {
        nq_dataset_row(rows[r], b->data, r);
        for (size_t c = 0; c < 7; c++)
            nq_dataset_cell_text(texts[r][c], NQ_TEXT_SIZE, b->data, c, rows[r][c]);
    }
    exported e = exported_like(b, NULL, NULL);
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_arrow(&b->data, &b->context, &e.array, &e.schema), NQ_OK);
    e.schema.release(&e.schema);
    for (size_t r = 0; r < 3; r++) {
        nq_dataset_row(row, b->data, r);
        for (size_t c = 0; c < 7; c++) {
            assert_true(isnan(row[c]) ? isnan(rows[r][c]) : row[c] == rows[r][c]);
            nq_dataset_cell_text(text, sizeof text, b->data, c, row[c]);
            if (c != 5) /* written with a blank between day and time */
                assert_string_equal(text, texts[r][c]);
        }
    }
}

static void arrays_and_pictures_are_exported_too(void **state)
{
    bench *b = *state;
    const double mixed[] = {1, 0.5, 2, NAN};
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, mixed, 2, 2, NULL), NQ_OK);
    exported e = exported_like(b, NULL, NULL);
    assert_string_equal(e.schema.children[0]->format, "g"); /* an array says nothing */
    assert_string_equal(e.schema.children[0]->name, "");
    assert_int_equal(e.array.children[1]->null_count, 1);
    exported_free(&e);
    nq_dataset_free(b->data);
    const nq_generate_options options = {.rows = 3, .side = 4};
    assert_int_equal(nq_dataset_generate(&b->data, &b->context, "deadleaves", &options), NQ_OK);
    e = exported_like(b, NULL, NULL);
    assert_int_equal(e.array.n_children, 16);
    double row[16];
    nq_dataset_row(row, b->data, 2);
    const int is_whole = *e.schema.children[7]->format == 'l';
    const void *at = e.array.children[7]->buffers[1];
    assert_true(row[7] ==
                (is_whole ? (double)((const int64_t *)at)[2] : ((const double *)at)[2]));
    exported_free(&e);
}

static void what_no_format_has_is_not_exported(void **state)
{
    bench *b = *state;
    exported e;
    nq_dataset *set;
    const double odd[] = {0, 1, 0.5, 19782, 1709209800, 0, 1, 5, 2, 0.5, 19782, 1709209800, 0, 2};
    assert_int_equal(bench_read(b, "t.csv", table, sizeof table - 1), NQ_OK);
    assert_int_equal(nqi_dataset_from_array_like(&set, &b->context, odd, 2, b->data), NQ_OK);
    assert_int_equal(nq_dataset_to_arrow(&e.array, &e.schema, &b->context, set), NQ_ERROR_FORMAT);
    bench_says(b, "row 2, column 1 (\"town\"): expected the number of one of its texts, found 5");
    assert_true(!e.array.release && !e.schema.release);
    nq_dataset_free(set);
    double means[14];
    memcpy(means, odd, sizeof means);
    means[7] = 1;
    means[1] = 1.5; /* as a mean of whole numbers is */
    assert_int_equal(nqi_dataset_from_array_like(&set, &b->context, means, 2, b->data), NQ_OK);
    assert_int_equal(nq_dataset_to_arrow(&e.array, &e.schema, &b->context, set), NQ_OK);
    assert_string_equal(e.schema.children[1]->format, "g");
    assert_string_equal(e.schema.children[6]->format, "l");
    exported_free(&e);
    nq_dataset_free(set);
    means[3] = 1e7;
    assert_int_equal(nqi_dataset_from_array_like(&set, &b->context, means, 2, b->data), NQ_OK);
    assert_int_equal(nq_dataset_to_arrow(&e.array, &e.schema, &b->context, set), NQ_ERROR_FORMAT);
    bench_says(b, "(\"day\"): expected a date of the years 0 to 9999, found 10000000");
    nq_dataset_free(set);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_of_every_format_are_taken),
        TEST(dates_and_texts_are_taken),
        TEST(what_is_no_table_is_refused),
        TEST(what_is_no_text_or_time_is_refused),
        TEST(a_table_is_exported_by_what_its_columns_are),
        TEST(a_child_that_was_moved_outlives_the_rest),
        TEST(there_and_back_is_the_same),
        TEST(arrays_and_pictures_are_exported_too),
        TEST(what_no_format_has_is_not_exported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
