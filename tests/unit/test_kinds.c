/* test_kinds.c - what columns are: found in small tables, told, and functions of one another. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"
#include "table/dataset.h"
#include "table/kind/kind.h"

static void reads(bench *b, const char *text, const nq_read_options *options)
{
    const char *path = scratch_path(&b->place, "t.csv");
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    nq_dataset_free(b->data);
    if (nq_dataset_open_with(&b->data, &b->context, path, options))
        fail_msg("'%.200s' was refused: %s", text, b->context.message);
}

static const nqi_column_kind *kinds_of(bench *b)
{
    const nqi_column_kind *kinds;
    if (nqi_dataset_kinds(&kinds, &b->context, b->data))
        fail_msg("no kinds: %s", b->context.message);
    return kinds;
}

/* A column of `rows` numbers, made by a function of the row; x is its name. */
typedef double number_of(size_t row);

static char text_of_column[1 << 20];

static const nqi_column_kind *column(bench *b, number_of *number, size_t rows, int decimals)
{
    size_t used = (size_t)snprintf(text_of_column, sizeof text_of_column, "x\n");
    for (size_t r = 0; r < rows; r++)
        used += (size_t)snprintf(text_of_column + used, sizeof text_of_column - used, "%.*f\n",
                                 decimals, number(r));
    reads(b, text_of_column, NULL);
    return kinds_of(b);
}

/* Numbers without a pattern: 0..2^31 - 1. */
static uint32_t noise(size_t row)
{
    uint64_t h = (row + 1) * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)((h ^ h >> 32) & 0x7fffffff);
}

static double always_seven(size_t row)
{
    return row < 0xffffff ? 7 : 0;
}
static double zero_or_one(size_t row)
{
    return noise(row) % 3 == 0;
}
static double one_or_two(size_t row)
{
    return 1 + noise(row) % 2;
}
static double ages(size_t row)
{
    return 17 + noise(row) % 73;
}
static double many_whole(size_t row)
{
    return noise(row) % 5000;
}
static double digits(size_t row)
{
    return noise(row) / 1e9;
}
static double zeros_and_amounts(size_t row)
{
    return row % 10 ? 0 : 10 + noise(row) % 40000;
}
static double few_amounts(size_t row)
{
    return row % 10 ? 0 : 1000 + 157 * (noise(row) % 60);
}
static double capped(size_t row)
{
    const double x = noise(row) % 60000;
    return x > 50000 ? 50001 : x;
}
static double decimals_few(size_t row)
{
    return .5 * (noise(row) % 12);
}
static double tenths(size_t row)
{
    return 4 + .1 * (noise(row) % 120);
}
static double evens(size_t row)
{
    return 100 + 20 * (double)(noise(row) % 400);
}

static void kinds_of_numbers_are_found(void **state)
{
    static const struct {
        number_of *number;
        size_t rows;
        int decimals;
        nqi_kind kind;
        size_t levels;
        double step;
    } cases[] = {{always_seven, 30, 0, NQI_KIND_CONSTANT, 1, 1},
                 {zero_or_one, 200, 0, NQI_KIND_BIT, 2, 1},
                 {zero_or_one, 200, 1, NQI_KIND_BIT, 2, 1},
                 {one_or_two, 200, 0, NQI_KIND_CATEGORY, 2, 1},
                 {ages, 2000, 0, NQI_KIND_CATEGORY, 73, 1},
                 {ages, 2000, 1, NQI_KIND_CATEGORY, 73, 1},
                 {ages, 150, 0, NQI_KIND_WHOLE, 0, 1}, /* about two rows each */
                 {many_whole, 3000, 0, NQI_KIND_WHOLE, 0, 1},
                 {digits, 3000, 9, NQI_KIND_REAL, 0, 0},
                 {zeros_and_amounts, 3000, 0, NQI_KIND_SPIKED, 1, 1},
                 {capped, 3000, 0, NQI_KIND_SPIKED, 1, 1},
                 {decimals_few, 400, 1, NQI_KIND_CATEGORY, 12, .5},
                 {tenths, 3000, 1, NQI_KIND_WHOLE, 0, .1},
                 {tenths, 40, 1, NQI_KIND_WHOLE, 0, .1},
                 {evens, 3000, 0, NQI_KIND_WHOLE, 0, 20}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const nqi_column_kind *k =
            column(*state, cases[i].number, cases[i].rows, cases[i].decimals);
        if (k->kind != cases[i].kind || k->level_count != cases[i].levels ||
            fabs(k->step - cases[i].step) > 1e-12)
            fail_msg("case %zu: %s, %zu levels, step %g", i, nqi_kind_name(k->kind),
                     k->level_count, k->step);
        assert_int_equal(k->rows, cases[i].rows);
    }
}

static void nearly_distinct_decimals_are_real(void **state)
{
    const nqi_column_kind *k = column(*state, digits, 60, 3);
    assert_int_equal(k->kind, NQI_KIND_REAL);
    assert_true(k->step == 0);
    k = column(*state, digits, 3000, 2); /* the same numbers with fewer digits repeat */
    assert_int_equal(k->kind, NQI_KIND_WHOLE);
    assert_true(fabs(k->step - .01) < 1e-12);
}

static void spikes_are_the_values_that_repeat(void **state)
{
    const nqi_column_kind *k = column(*state, zeros_and_amounts, 3000, 0);
    assert_true(k->level[0] == 0);
    assert_int_equal(k->level_rows[0], 2700);
    assert_true(k->least == 0 && k->most > 30000);
    assert_int_equal(k->level_count, 1);
    k = column(*state, capped, 3000, 0);
    assert_true(k->level[0] == 50001);
    k = column(*state, few_amounts, 3000, 0); /* at most 100 values, but no codes */
    assert_int_equal(k->kind, NQI_KIND_SPIKED);
    assert_true(k->level[0] == 0 && k->level_count > 20); /* rarer amounts are levels too */
    assert_true(k->level_rows[k->level_count - 1] >= 5);
}

static double own_step(size_t row)
{
    return 1e10 + 7919 * (double)row;
}

/* A column is modelled as it is, but what looks like ids is told. */
static void ids_are_told(void **state)
{
    assert_non_null(strstr(column(*state, own_step, 600, 0)->why, "as ids have"));
    assert_null(column(*state, capped, 3000, 0)->why);
    assert_null(column(*state, zeros_and_amounts, 3000, 0)->why);
    bench *b = *state;
    char text[4000];
    size_t used = (size_t)sprintf(text, "userId,paid,x\n");
    for (size_t r = 0; r < 60; r++)
        used += (size_t)sprintf(text + used, "%zu,%zu,%zu\n", 1000003 + r * r * 7919,
                                1000003 + r * r * 7919, r % 7 ? r * r : 5);
    reads(b, text, NULL);
    const nqi_column_kind *k = kinds_of(b);
    assert_non_null(k[0].why);
    assert_null(k[1].why); /* no word of its own */
    assert_null(k[2].why);
}

static void levels_come_by_falling_frequency(void **state)
{
    bench *b = *state;
    reads(b, "t,n,m\nb,3,1\na,1,\nc,2,1\na,2,\nc,3,1\nd,1,\n", NULL);
    const nqi_column_kind *k = kinds_of(b);
    static const char *const texts[] = {"a", "c", "b", "d"}; /* two, two, one, one */
    assert_int_equal(k[0].kind, NQI_KIND_CATEGORY);
    assert_int_equal(k[0].level_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(b->data->columns[0].levels[(size_t)k[0].level[i]], texts[i]);
        assert_int_equal(k[0].level_rows[i], i < 2 ? 2 : 1);
    }
    assert_int_equal(k[2].kind, NQI_KIND_CONSTANT);
    assert_int_equal(k[2].rows, 3);
}

static void truths_are_bits(void **state)
{
    bench *b = *state;
    reads(b, "a,b,c,d\nTrue,yes,t,no\nFALSE,NO,f,maybe\nTrue,yes,t,no\n", NULL);
    const nqi_column_kind *k = kinds_of(b);
    assert_int_equal(k[0].kind, NQI_KIND_BIT);
    assert_int_equal(k[1].kind, NQI_KIND_BIT);
    assert_int_equal(k[2].kind, NQI_KIND_CATEGORY);
    assert_int_equal(k[3].kind, NQI_KIND_CATEGORY);
}

static void dates_are_whole(void **state)
{
    bench *b = *state;
    reads(b,
          "d,t\n2024-01-01,2024-01-01T00:00\n2024-01-15,2024-01-01T00:30\n"
          "2024-01-29,2024-01-01T01:00\n",
          NULL);
    const nqi_column_kind *k = kinds_of(b);
    assert_int_equal(k[0].kind, NQI_KIND_WHOLE);
    assert_true(k[0].step == 14);
    assert_int_equal(k[1].kind, NQI_KIND_WHOLE);
    assert_true(k[1].step == 1800);
}

static void columns_without_values_are_left_out(void **state)
{
    bench *b = *state;
    reads(b, "x,y\n,1\n,2\n", NULL);
    const nqi_column_kind *k = kinds_of(b);
    assert_int_equal(k[0].kind, NQI_KIND_LEFT_OUT);
    assert_string_equal(k[0].why, "it has no values");
}

static void arrays_are_real_or_bits(void **state)
{
    bench *b = *state;
    const double values[] = {1, 0, 2, 1, 1, 0, 2, 1};
    const char *const names[] = {"x", "y"};
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, 4, 2, names), NQ_OK);
    const nqi_column_kind *k = kinds_of(b);
    nqi_column_kind *told;
    assert_int_equal(k[0].kind, NQI_KIND_REAL);
    assert_int_equal(k[1].kind, NQI_KIND_BIT);
    assert_int_equal(nqi_kinds_find(&told, &b->context, b->data, "x=category"), NQ_OK);
    assert_int_equal(told[0].kind, NQI_KIND_CATEGORY);
    assert_true(told[0].is_told);
    nqi_kinds_free(told, 2);
    assert_int_equal(nqi_kinds_find(&told, &b->context, b->data, "z=category"),
                     NQ_ERROR_ARGUMENT);
}

static void rows_of_a_view_show_their_own_kinds(void **state)
{
    bench *b = *state;
    nq_dataset *part;
    const nqi_column_kind *k;
    reads(b, "t,x\na,1\na,2\nb,3\n", NULL);
    assert_int_equal(nq_dataset_slice(&part, &b->context, b->data, 0, 2), NQ_OK);
    assert_int_equal(nqi_dataset_kinds(&k, &b->context, part), NQ_OK);
    assert_int_equal(k[0].kind, NQI_KIND_CONSTANT);
    assert_int_equal(kinds_of(b)[0].kind, NQI_KIND_CATEGORY);
    nq_dataset_free(part);
}

static void told_kinds_are_taken(void **state)
{
    static const struct {
        const char *types;
        nqi_kind kind[3];
    } cases[] = {{"x=real,y=real", {NQI_KIND_REAL, NQI_KIND_REAL, NQI_KIND_CATEGORY}},
                 {"x=category,2=whole", {NQI_KIND_CATEGORY, NQI_KIND_WHOLE, NQI_KIND_CATEGORY}},
                 {"x=spiked", {NQI_KIND_SPIKED, NQI_KIND_WHOLE, NQI_KIND_CATEGORY}},
                 {"t=bit", {NQI_KIND_WHOLE, NQI_KIND_WHOLE, NQI_KIND_BIT}}};
    bench *b = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const nq_read_options options = {.types = cases[i].types};
        reads(b, "x,y,t\n1,1.5,a\n1,2.5,b\n2,4.5,a\n", &options);
        const nqi_column_kind *k = kinds_of(b);
        for (size_t c = 0; c < 3; c++)
            if (k[c].kind != cases[i].kind[c])
                fail_msg("%s: column %zu is %s", cases[i].types, c, nqi_kind_name(k[c].kind));
    }
}

static void told_kinds_that_cannot_be_are_refused(void **state)
{
    static const struct {
        const char *types, *says;
    } cases[] = {{"x=bit",
                  "t.csv:4: column 1 (\"x\"): expected two values, found \"3\"; types says bit"},
                 {"x=constant", "t.csv:3: column 1 (\"x\"): expected one value, found \"2\""},
                 {"x=spiked", "column 1 (\"x\"): expected a number that repeats"},
                 {"x=date", "expected a date such as"},
                 {"y=whole", "column 2 (\"y\"): expected whole numbers or few decimals"}};
    bench *b = *state;
    const nqi_column_kind *k;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const nq_read_options options = {.types = cases[i].types};
        const char *path = scratch_path(&b->place, "t.csv");
        static const char text[] = "x,y\n1,0.12345678901234567\n2,1.5\n3,2.5\n";
        assert_int_equal(scratch_put(path, text, strlen(text)), 0);
        nq_dataset_free(b->data);
        nq_status status = nq_dataset_open_with(&b->data, &b->context, path, &options);
        if (!status)
            status = nqi_dataset_kinds(&k, &b->context, b->data);
        assert_int_equal(status, NQ_ERROR_FORMAT);
        bench_says(b, cases[i].says);
    }
}

/* A name, its number, a coarser group, and something else. */
static void functions_are_found(void **state)
{
    static const char *const names[] = {"HS", "BA", "MA", "PhD"};
    bench *b = *state;
    size_t used = (size_t)snprintf(text_of_column, sizeof text_of_column, "num,name,high,x\n");
    for (size_t r = 0; r < 200; r++)
        used +=
            (size_t)snprintf(text_of_column + used, sizeof text_of_column - used,
                             "%zu,%s,%d,%u\n", r % 4 * 3, names[r % 4], r % 4 > 1, noise(r) % 5);
    reads(b, text_of_column, NULL);
    const nqi_function *f;
    const nqi_column_kind *k = kinds_of(b);
    assert_int_equal(nqi_dataset_functions(&f, &b->context, b->data), NQ_OK);
    assert_true(f[0].source == 1 && f[2].source == 1);
    assert_true(f[1].source == SIZE_MAX && f[3].source == SIZE_MAX);
    for (size_t i = 0; i < 4; i++) {
        const size_t code = (size_t)k[1].level[i]; /* in the order of the first rows */
        assert_true(f[0].value[i] == 3 * (double)code);
        assert_true(f[2].value[i] == (code > 1));
    }
    /* one row that breaks the rule ends it */
    snprintf(text_of_column + used, sizeof text_of_column - used, "3,PhD,1,0\n");
    reads(b, text_of_column, NULL);
    assert_int_equal(nqi_dataset_functions(&f, &b->context, b->data), NQ_OK);
    assert_true(f[0].source == SIZE_MAX && f[2].source == 1);
}

static void few_rows_show_no_function(void **state)
{
    bench *b = *state;
    const nqi_function *f;
    reads(b, "a,b\nx,1\ny,2\nx,1\ny,2\nx,1\ny,2\nx,1\ny,2\nx,1\ny,2\n", NULL);
    assert_int_equal(nqi_dataset_functions(&f, &b->context, b->data), NQ_OK);
    assert_true(f[0].source == SIZE_MAX && f[1].source == SIZE_MAX);
}

static void facts_and_levels_can_be_asked_for(void **state)
{
    bench *b = *state;
    nq_column_facts facts;
    char text[64];
    size_t rows, place;
    const char *name;
    reads(b,
          "id,t,x\n1,a,1.50\n2,b,\n3,b,2.25\n4,b,2.25\n5,a,9\n6,b,9\n7,b,9\n8,b,9\n9,b,9\n"
          "10,b,9\n",
          &(const nq_read_options){.types = "id=left-out"});
    assert_int_equal(nq_dataset_column_facts(&facts, &b->context, b->data, 1), NQ_OK);
    assert_string_equal(facts.name, "x");
    assert_int_equal(facts.missing, 1);
    assert_true(facts.least == 1.5 && facts.most == 9);
    const double level = nq_dataset_level(&rows, &b->context, b->data, 0, 0);
    assert_int_equal(rows, 8);
    nq_dataset_cell_text(text, sizeof text, b->data, 0, level);
    assert_string_equal(text, "b");
    nq_dataset_cell_text(text, sizeof text, b->data, 1, 7.128);
    assert_string_equal(text, "7.13");
    assert_string_equal(nq_dataset_left_out(&place, &name, b->data, 0),
                        "the option types says so");
    assert_string_equal(name, "id");
    assert_null(nq_dataset_left_out(&place, &name, b->data, 1));
    assert_int_equal(nq_dataset_column_facts(&facts, &b->context, b->data, 2), NQ_ERROR_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(kinds_of_numbers_are_found),
        TEST(nearly_distinct_decimals_are_real),
        TEST(spikes_are_the_values_that_repeat),
        TEST(ids_are_told),
        TEST(levels_come_by_falling_frequency),
        TEST(truths_are_bits),
        TEST(dates_are_whole),
        TEST(columns_without_values_are_left_out),
        TEST(arrays_are_real_or_bits),
        TEST(rows_of_a_view_show_their_own_kinds),
        TEST(told_kinds_are_taken),
        TEST(told_kinds_that_cannot_be_are_refused),
        TEST(functions_are_found),
        TEST(few_rows_show_no_function),
        TEST(facts_and_levels_can_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
