/* test_for_training.c - which columns in memory a model is made of, and what is told of them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "columns_make.h"

#include <math.h>

/* As in a file: what has a text for each row, and what has no values. */
static void what_no_model_takes_is_left_out_and_told(void **state)
{
    bench *b = *state;
    enum { SOME = 40 };
    static const char *texts[SOME];
    static char names[SOME][8];
    double x[SOME], nothing[SOME];
    uint8_t id[SOME];
    nq_dataset *view;
    for (size_t r = 0; r < SOME; r++) {
        snprintf(names[r], sizeof names[r], "id%zu", r);
        texts[r] = names[r];
        id[r] = (uint8_t)r;
        x[r] = sqrt((double)r);
        nothing[r] = (double)NAN;
    }
    nq_column columns[] = {column_of("id", NQ_UINT8, id, 1), column_of("x", NQ_FLOAT64, x, 8),
                           column_of("nothing", NQ_FLOAT64, nothing, 8)};
    columns[0].levels = texts;
    columns[0].level_count = SOME;
    makes(b, columns, 3, SOME);
    assert_int_equal(nq_dataset_for_training(&view, &b->context, b->data), NQ_OK);
    assert_int_equal(nq_dataset_dim(view), 1);
    assert_int_equal(nq_dataset_rows(view), SOME);
    assert_string_equal(nq_dataset_column_name(view, 0), "x");
    assert_int_equal(nq_dataset_note_count(view), 2);
    assert_string_equal(
        nq_dataset_note(view, 0),
        "column 1 (\"id\") is left out: its text hardly repeats, as that of a name "
        "or an id");
    assert_string_equal(nq_dataset_note(view, 1),
                        "column 3 (\"nothing\") is left out: it has no values");
    nq_dataset_free(view);
    makes(b, columns, 1, SOME);
    assert_int_equal(nq_dataset_for_training(&view, &b->context, b->data), NQ_ERROR_FORMAT);
    assert_null(view);
    bench_says(b, "no column is left: column 1");
    makes(b, columns + 1, 1, SOME);
    assert_int_equal(nq_dataset_for_training(&view, &b->context, b->data), NQ_OK);
    assert_int_equal(nq_dataset_note_count(view), 0);
    nq_dataset_free(view);
}

/* Texts are texts whatever they look like, but that should not be found out by the model. */
static void dates_that_are_text_are_told(void **state)
{
    bench *b = *state;
    enum { SOME = 40, DAYS = 5 };
    static const char *texts[SOME];
    static char days[SOME][12];
    uint8_t day[SOME];
    double x[SOME];
    nq_dataset *view;
    for (size_t r = 0; r < SOME; r++) {
        snprintf(days[r], sizeof days[r], "2024-%02zu-%02zu", r % 12 + 1, r % 28 + 1);
        texts[r] = days[r];
        day[r] = (uint8_t)(r % DAYS);
        x[r] = sqrt((double)r);
    }
    nq_column columns[] = {column_of("day", NQ_UINT8, day, 1), column_of("x", NQ_FLOAT64, x, 8)};
    columns[0].levels = texts;
    columns[0].level_count = DAYS;
    makes(b, columns, 2, SOME);
    assert_int_equal(nq_dataset_for_training(&view, &b->context, b->data), NQ_OK);
    assert_int_equal(nq_dataset_dim(view), 2);
    assert_int_equal(nq_dataset_note_count(view), 1);
    assert_non_null(strstr(nq_dataset_note(view, 0), "(\"day\") holds dates as text"));
    nq_dataset_free(view);
    columns[0].kind = "category";
    makes(b, columns, 2, SOME);
    assert_int_equal(nq_dataset_for_training(&view, &b->context, b->data), NQ_OK);
    assert_int_equal(nq_dataset_note_count(view), 0);
    nq_dataset_free(view);
    for (size_t r = 0; r < SOME; r++)
        day[r] = (uint8_t)r;
    columns[0].kind = NULL;
    columns[0].level_count = SOME;
    makes(b, columns, 2, SOME);
    assert_int_equal(nq_dataset_for_training(&view, &b->context, b->data), NQ_OK);
    assert_int_equal(nq_dataset_dim(view), 1);
    assert_non_null(strstr(nq_dataset_note(view, 0), "is left out: its texts are dates"));
    nq_dataset_free(view);
}

/* Whether a text hardly repeats is asked of a whole table: part of it has fewer rows for each. */
static void part_of_a_table_has_its_columns(void **state)
{
    bench *b = *state;
    enum { SOME = 40, LEVELS = 20, PART = 30 };
    static const char *texts[LEVELS];
    static char names[LEVELS][8];
    uint8_t name[SOME];
    nq_dataset *view;
    nq_column_facts facts;
    for (size_t r = 0; r < SOME; r++)
        name[r] = (uint8_t)(r % LEVELS);
    for (size_t k = 0; k < LEVELS; k++) {
        snprintf(names[k], sizeof names[k], "n%zu", k);
        texts[k] = names[k];
    }
    nq_column column = column_of("name", NQ_UINT8, name, 1);
    column.levels = texts;
    column.level_count = LEVELS;
    makes(b, &column, 1, SOME);
    assert_int_equal(nq_dataset_slice(&view, &b->context, b->data, 0, PART), NQ_OK);
    assert_int_equal(nq_dataset_column_facts(&facts, &b->context, view, 0), NQ_OK);
    assert_string_equal(facts.kind, "category");
    nq_dataset_free(view);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_no_model_takes_is_left_out_and_told),
        TEST(dates_that_are_text_are_told),
        TEST(part_of_a_table_has_its_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
