/* test_text_columns.c - text tables whose columns are texts, dates, or numbers with slips. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"
#include "table/dataset.h"
#include "table/digest.h"

static nq_status opens(bench *b, const char *text, const nq_read_options *options)
{
    const char *path = scratch_path(&b->place, "t.csv");
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    nq_dataset_free(b->data);
    return nq_dataset_open_with(&b->data, &b->context, path, options);
}

static void reads(bench *b, const char *text, const nq_read_options *options)
{
    if (opens(b, text, options))
        fail_msg("'%s' was refused: %s", text, b->context.message);
}

static void refuses(bench *b, const char *text, const nq_read_options *options, const char *part)
{
    if (opens(b, text, options) == NQ_OK)
        fail_msg("'%s' was read", text);
    bench_says(b, part);
}

static double cell(const bench *b, size_t row, size_t column)
{
    double values[64];
    nq_dataset_row(values, b->data, row);
    return values[column];
}

/* The levels of a column are these, in this order. */
static void levels_are(const bench *b, size_t column, size_t count, const char *const *levels)
{
    const nqi_column *c = &b->data->columns[column];
    assert_int_equal(c->level_count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(c->levels[i], levels[i]);
}

static void notes_say(const bench *b, const char *part)
{
    for (size_t i = 0; i < nq_dataset_note_count(b->data); i++)
        if (strstr(nq_dataset_note(b->data, i), part))
            return;
    fail_msg("no note says '%s'", part);
}

static char *rows_of(char *out, size_t size, const char *header, const char *format, int rows)
{
    size_t used = (size_t)snprintf(out, size, "%s\n", header);
    for (int r = 0; r < rows; r++)
        used += (size_t)snprintf(out + used, size - used, format, r, r);
    return out;
}

static void texts_are_numbered_as_they_come(void **state)
{
    bench *b = *state;
    reads(b, "x, town ,y\n1, Oslo ,a\n2,\"Oslo\",\"b, \"\"c\"\"\"\n3,?,a\n4,Rome ,\n", NULL);
    levels_are(b, 1, 2, (const char *const[]){"Oslo", "Rome"});
    levels_are(b, 2, 2, (const char *const[]){"a", "b, \"c\""});
    const double expected[] = {0, 0, NAN, 1};
    for (size_t r = 0; r < 4; r++)
        assert_true(cell(b, r, 1) == expected[r] || (isnan(cell(b, r, 1)) && isnan(expected[r])));
    assert_int_equal(nq_dataset_missing(NULL, NULL, b->data), 2);
    assert_null(b->data->columns[0].levels);
}

static void numbers_among_texts_are_texts(void **state)
{
    bench *b = *state;
    reads(b, "c,x\n1,1\nA,1\n1.0,2\nB,2\nA,3\n1,3\n", NULL);
    levels_are(b, 0, 4, (const char *const[]){"1", "A", "1.0", "B"});
    notes_say(b, "column 1 (\"c\") holds numbers and text (line 3: \"A\")");
}

static void a_slip_among_numbers_is_refused(void **state)
{
    static char text[1 << 16];
    bench *b = *state;
    rows_of(text, sizeof text, "x,y", "%d.5,%d\n", 300);
    strcat(text, "oops,7\n8.25,n.d.\n8.25,n.d.\n");
    refuses(
        b, text, NULL,
        "2 columns have cells that are no numbers: line 302, column 1 (\"x\"): \"oops\"; line "
        "303, column 2 (\"y\"): \"n.d.\"");
    const nq_read_options words = {.missing = "oops,n.d."};
    reads(b, text, &words);
    assert_int_equal(nq_dataset_missing(NULL, NULL, b->data), 3);
    const nq_read_options told = {.types = "x=category,y=category"};
    reads(b, text, &told);
    assert_int_equal(b->data->columns[0].level_count, 302);
    assert_string_equal(b->data->columns[0].levels[7], "7.5");
    const nq_read_options model = {.for_model = 1};
    refuses(b, text, &model, "2 columns have cells that are no numbers");
}

static void few_slips_among_measurements_are_refused(void **state)
{
    bench *b = *state;
    refuses(b, "x,y\n1.5,1\n2.5,2\nn.d.,3\nn.d.,4\n", NULL, "found \"n.d.\"");
    reads(b, "x,y\n1,1\n2,2\nn.d.,3\nn.d.,4\n", NULL);
    levels_are(b, 0, 3, (const char *const[]){"1", "2", "n.d."});
}

static void a_word_often_among_many_numbers_is_asked_about(void **state)
{
    static char text[1 << 16];
    bench *b = *state;
    rows_of(text, sizeof text, "x,y", "%d.25,%d\nnone yet,1\n", 150);
    refuses(b, text, NULL, "(\"x\"): expected a number, found \"none yet\"");
}

static void names_and_ids_are_left_out_and_told(void **state)
{
    static char text[1 << 20];
    bench *b = *state;
    rows_of(text, sizeof text, "id,x", "r%d,%d.5\n", 40);
    reads(b, text, NULL);
    assert_int_equal(nq_dataset_dim(b->data), 1);
    notes_say(b, "column 1 (\"id\") is left out: its text hardly repeats");
    const nq_read_options told = {.types = "id=category"}, model = {.for_model = 1};
    reads(b, text, &told);
    assert_int_equal(b->data->columns[0].level_count, 40);
    reads(b, text, &model);
    assert_int_equal(b->data->columns[0].level_count, 40);
    rows_of(text, sizeof text, "id,x", "r%d,%d.5\n", 5000);
    rows_of(text + strlen(text), sizeof text - strlen(text), "r0,1", "r%d,%d\n", 5000);
    reads(b, text, NULL);
    notes_say(b, "column 1 (\"id\") is left out: it holds more than 4096 different texts");
    assert_int_equal(nq_dataset_dim(b->data), 1);
    reads(b, text, &told);
    assert_int_equal(b->data->columns[0].level_count, 5000);
    rows_of(text, sizeof text, "id,name", "r%d,s%d\n", 40);
    refuses(b, text, NULL, "no column is left; column 1 (\"id\") is left out");
}

static void many_numbers_are_read_as_before(void **state)
{
    static char text[1 << 18];
    bench *b = *state;
    rows_of(text, sizeof text, "x,y", "%d,%d.50\n", 9000);
    reads(b, text, NULL);
    assert_int_equal(nq_dataset_rows(b->data), 9000);
    for (size_t r = 0; r < 9000; r += 11) {
        assert_true(cell(b, r, 0) == (double)r);
        assert_true(cell(b, r, 1) == (double)r + .5);
    }
    assert_int_equal(b->data->columns[0].precision, 0);
    assert_int_equal(b->data->columns[1].precision, 2);
    assert_int_equal(b->data->columns[1].precision_least, 2);
}

static void decimals_are_counted(void **state)
{
    bench *b = *state;
    reads(b, "a,b,c,d\n1,2.50,1e-3,0.12345678901234567890123\n10,3.125,2,7\n", NULL);
    static const int most[] = {0, 3, 3}, least[] = {0, 2, 0};
    for (size_t c = 0; c < 3; c++) {
        assert_true(b->data->columns[c].has_precision);
        assert_int_equal(b->data->columns[c].precision, most[c]);
        assert_int_equal(b->data->columns[c].precision_least, least[c]);
    }
    assert_false(b->data->columns[3].has_precision);
}

static void dates_are_days_and_times_are_seconds(void **state)
{
    bench *b = *state;
    reads(b,
          "d,t,z\n1970-01-02,1970-01-01T00:01,2000-02-29 12:00:00.25Z\n,?,\n"
          "1969-12-31,1970-01-02T00:00,2000-03-01 00:00:00Z\n",
          NULL);
    const double expected[] = {1, 60, 951825600.25, -1, 86400, 951868800};
    for (size_t i = 0; i < 6; i++)
        assert_true(cell(b, i / 3 * 2, i % 3) == expected[i]);
    assert_int_equal(nq_dataset_missing(NULL, NULL, b->data), 3);
    char text[NQI_DATE_SIZE];
    nqi_date_write(text, sizeof text, &b->data->columns[2].date, expected[2]);
    assert_string_equal(text, "2000-02-29 12:00:00.25Z");
    nqi_date_write(text, sizeof text, &b->data->columns[1].date, 86400 + 60);
    assert_string_equal(text, "1970-01-02T00:01");
}

static void what_is_no_date_makes_text(void **state)
{
    bench *b = *state;
    static const char *const others[] = {"2023-02-30",  "2023-13-01",       "2023-1-01",
                                         "2023-01-01x", "2023-01-01T24:00", "soon",
                                         "1900-02-29"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char text[128];
        snprintf(text, sizeof text, "d,x\n2023-02-28,1\n%s,2\n", others[i]);
        reads(b, text, NULL);
        levels_are(b, 0, 2, (const char *const[]){"2023-02-28", others[i]});
        notes_say(b, "holds dates and other text");
    }
    const nq_read_options told = {.types = "d=date"};
    refuses(b, "d,x\n2023-02-28,1\n2023-02-30,2\n", &told, "expected a date such as");
}

static void many_dates_are_dates(void **state)
{
    static char text[1 << 18], date[NQI_DATE_SIZE];
    bench *b = *state;
    const nqi_date_form form = {.is_date = 1};
    size_t used = (size_t)snprintf(text, sizeof text, "d,x\n");
    for (int r = -3000; r < 3000; r++) {
        nqi_date_write(date, sizeof date, &form, r * 7);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s,%d\n", date, r);
    }
    reads(b, text, NULL);
    assert_true(b->data->columns[0].date.is_date);
    for (size_t r = 0; r < 6000; r++)
        assert_true(cell(b, r, 0) == ((double)r - 3000) * 7);
    strcat(text, "soon,1\n");
    reads(b, text, NULL);
    assert_int_equal(nq_dataset_dim(b->data), 1);
}

static void told_types_are_checked(void **state)
{
    bench *b = *state;
    static const char text[] = "age,\"a, b\",zip\n1,2,01\n3,x,1\n5,x,1.0\n5,x,1\n";
    const nq_read_options kind = {.types = "age=hwole"}, name = {.types = "agee=whole"},
                          bare = {.types = "age"}, real = {.types = "\"a, b\"=real"},
                          left = {.types = "\"a, b\"=left-out,3=category"};
    refuses(b, text, &kind, "types age=hwole: expected a kind");
    bench_says(b, "the nearest is whole");
    refuses(b, text, &name, "has no column \"agee\" (the nearest is \"age\")");
    refuses(b, text, &bare, "expected NAME=KIND");
    refuses(b, text, &real, "t.csv:3: column 2 (\"a, b\"): expected a number, found \"x\"");
    reads(b, text, &left);
    assert_int_equal(nq_dataset_dim(b->data), 2);
    levels_are(b, 1, 3, (const char *const[]){"01", "1", "1.0"});
}

static void the_texts_count_in_the_digest(void **state)
{
    bench *b = *state;
    static const char *const texts[] = {"t,x\nA,1\nB,2\n", "t,x\nA,1\nC,2\n", "t,x\nAB,1\nC,2\n",
                                        "t,x\nA,1\nB,2\n"};
    uint64_t digest[4];
    for (size_t i = 0; i < 4; i++) {
        reads(b, texts[i], NULL);
        digest[i] = nqi_digest_values(b->data);
    }
    assert_true(digest[0] != digest[1] && digest[1] != digest[2] && digest[0] == digest[3]);
}

static void what_is_no_text_is_refused(void **state)
{
    bench *b = *state;
    refuses(b, "t,x\nS\xe3o,1\nRome,2\nRome,2\n", NULL,
            "t.csv:2: column 1 (\"t\"): expected text as UTF-8, found \"S?o\"; save the file as "
            "UTF-8");
}

static void the_numbers_of_others_are_no_texts(void **state)
{
    bench *b = *state;
    refuses(b, "a;b\n1,5;2\n2,5;3\n", NULL, "decimal , reads decimal commas");
    refuses(b, "a,b\n\"1,500\",2\n\"2,500\",3\n", NULL, "expected a number, found \"1,500\"");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(texts_are_numbered_as_they_come),
        TEST(numbers_among_texts_are_texts),
        TEST(a_slip_among_numbers_is_refused),
        TEST(few_slips_among_measurements_are_refused),
        TEST(a_word_often_among_many_numbers_is_asked_about),
        TEST(names_and_ids_are_left_out_and_told),
        TEST(many_numbers_are_read_as_before),
        TEST(decimals_are_counted),
        TEST(dates_are_days_and_times_are_seconds),
        TEST(what_is_no_date_makes_text),
        TEST(many_dates_are_dates),
        TEST(told_types_are_checked),
        TEST(the_texts_count_in_the_digest),
        TEST(what_is_no_text_is_refused),
        TEST(the_numbers_of_others_are_no_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
