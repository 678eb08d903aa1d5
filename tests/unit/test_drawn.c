/* test_drawn.c - rows drawn with replacement, and those that were not drawn. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "data_bench.h"

enum { ROWS = 1000, SEEDS = 200 };

/* Column 0 counts the rows, column 1 is 0 but for the last row. */
static void make_rows(bench *b, size_t rows)
{
    double *values = malloc(2 * rows * sizeof *values);
    for (size_t r = 0; r < rows; r++) {
        values[2 * r] = (double)r;
        values[2 * r + 1] = r + 1 == rows;
    }
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, rows, 2, NULL), NQ_OK);
    free(values);
}

static void draw(nq_dataset *sides[2], bench *b, uint64_t seed)
{
    assert_int_equal(nq_dataset_bootstrap(&sides[0], &sides[1], &b->context, b->data, seed),
                     NQ_OK);
}

static void free_both(nq_dataset *sides[2])
{
    nq_dataset_free(sides[0]);
    nq_dataset_free(sides[1]);
}

/* How often each row is on a side. */
static void count(size_t times[ROWS], const nq_dataset *side)
{
    double cells[2];
    memset(times, 0, ROWS * sizeof *times);
    for (size_t r = 0; side && r < nq_dataset_rows(side); r++) {
        nq_dataset_row(cells, side, r);
        times[(size_t)cells[0]]++;
    }
}

static void a_row_and_its_copies_are_on_one_side(void **state)
{
    bench *b = *state;
    nq_dataset *sides[2];
    size_t drawn[ROWS], left[ROWS];
    make_rows(b, ROWS);
    for (uint64_t seed = 1; seed < 6; seed++) {
        draw(sides, b, seed);
        count(drawn, sides[0]);
        count(left, sides[1]);
        assert_int_equal(nq_dataset_rows(sides[0]), ROWS);
        for (size_t r = 0; r < ROWS; r++)
            assert_int_equal(left[r], drawn[r] == 0);
        free_both(sides);
    }
}

/* The number of copies of a row is binomial(n, 1/n): 0 with probability .3677, mean 1, variance
 * 1 - 1/n; four errors of shares of 200,000 (copies of one table hang together but little). */
static void rows_are_drawn_as_chance_has_it(void **state)
{
    bench *b = *state;
    nq_dataset *sides[2];
    size_t times[ROWS], first = 0, last = 0;
    double none = 0, squares = 0;
    make_rows(b, ROWS);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        draw(sides, b, seed);
        count(times, sides[0]);
        for (size_t r = 0; r < ROWS; r++) {
            none += (times[r] == 0) / (double)(ROWS * SEEDS);
            squares += pow((double)times[r] - 1, 2) / (ROWS * SEEDS);
        }
        first += times[0];
        last += times[ROWS - 2];
        free_both(sides);
    }
    assert_true(fabs(none - 0.3677) < 0.0044);
    assert_true(fabs(squares - 0.999) < 0.016);
    assert_true(fabs((double)first - SEEDS) < 4 * sqrt(SEEDS));
    assert_true(fabs((double)last - SEEDS) < 4 * sqrt(SEEDS));
}

static void a_drawing_depends_on_its_seed_alone(void **state)
{
    bench *b = *state;
    nq_dataset *sides[2];
    size_t one[ROWS], again[ROWS], other[ROWS];
    make_rows(b, ROWS);
    draw(sides, b, 3);
    count(one, sides[0]);
    free_both(sides);
    draw(sides, b, 3);
    count(again, sides[0]);
    free_both(sides);
    draw(sides, b, 4);
    count(other, sides[0]);
    free_both(sides);
    assert_memory_equal(one, again, sizeof one);
    assert_memory_not_equal(one, other, sizeof one);
}

static void columns_that_vary_go_on_varying(void **state)
{
    bench *b = *state;
    nq_dataset *sides[2];
    size_t times[ROWS];
    make_rows(b, ROWS);
    for (uint64_t seed = 0; seed < 20; seed++) {
        draw(sides, b, seed);
        count(times, sides[0]);
        assert_true(times[ROWS - 1] > 0);
        assert_int_equal(nq_dataset_rows(sides[0]), ROWS);
        free_both(sides);
    }
}

/* A text that one row has is a level of every drawing, though many do not have that row. */
static void columns_are_what_they_are_in_all_rows(void **state)
{
    bench *b = *state;
    nq_dataset *sides[2];
    nq_column_facts all, drawn;
    char text[4096] = "town,n\n";
    for (int r = 0; r < 200; r++)
        sprintf(text + strlen(text), "%s,%d\n",
                r == 77 ? "Jena"
                : r % 3 ? "Rome"
                        : "Oslo",
                r % 7);
    assert_int_equal(bench_read(b, "towns.csv", text, strlen(text)), NQ_OK);
    assert_int_equal(nq_dataset_column_facts(&all, &b->context, b->data, 0), NQ_OK);
    assert_int_equal(all.levels, 3);
    for (uint64_t seed = 0; seed < 10; seed++) {
        draw(sides, b, seed);
        assert_int_equal(nq_dataset_column_facts(&drawn, &b->context, sides[0], 0), NQ_OK);
        assert_int_equal(drawn.levels, 3);
        assert_string_equal(drawn.kind, all.kind);
        free_both(sides);
    }
}

static void few_rows(void **state)
{
    bench *b = *state;
    nq_dataset *sides[2];
    int none = 0;
    make_rows(b, 2);
    for (uint64_t seed = 0; seed < 20; seed++) {
        draw(sides, b, seed);
        assert_int_equal(nq_dataset_rows(sides[0]), 2);
        none += !sides[1];
        free_both(sides);
    }
    assert_true(none > 0); /* all rows were drawn */
    make_rows(b, 1);
    assert_int_equal(nq_dataset_bootstrap(&sides[0], &sides[1], &b->context, b->data, 1),
                     NQ_ERROR_ARGUMENT);
    assert_null(sides[0]);
    assert_null(sides[1]);
    bench_says(b, "data set of one row");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_and_its_copies_are_on_one_side),  TEST(rows_are_drawn_as_chance_has_it),
        TEST(a_drawing_depends_on_its_seed_alone),   TEST(columns_that_vary_go_on_varying),
        TEST(columns_are_what_they_are_in_all_rows), TEST(few_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
