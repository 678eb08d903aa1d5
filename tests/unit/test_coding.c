/* test_coding.c - rows of tables as numbers of a process, and back, for every kind of column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/rng.h"
#include "data_bench.h"
#include "table/scaling/scaling.h"

enum { MOST = 32 };

/* A table, what its columns are, and its rows with texts in that order. */
typedef struct table {
    nqi_scaling scaling;
    const nqi_coding *coding;
    nq_dataset *matched;
    const nq_dataset *rows;
} table;

static table table_make(bench *b, const char *text, const char *types)
{
    table t = {.matched = NULL};
    nq_read_options options;
    nq_read_options_init(&options, sizeof options);
    options.types = types;
    const char *path = scratch_path(&b->place, "t.csv");
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    nq_dataset_free(b->data);
    b->data = NULL;
    if (nq_dataset_open_with(&b->data, &b->context, path, &options) ||
        nqi_scaling_of_kinds(&t.scaling, &b->context, b->data) ||
        nqi_dataset_match(&t.matched, &b->context, b->data, t.scaling.column, t.scaling.columns))
        fail_msg("'%.100s': %s", text, b->context.message);
    t.coding = t.scaling.coding;
    t.rows = t.matched;
    return t;
}

static void table_free(table *t)
{
    nq_dataset_free(t->matched);
    nqi_scaling_free(&t->scaling);
}

/* A row as numbers, with u for all of them, and what scores add. */
static double numbers_of(const nqi_coding *coding, const double *row, double u, nqi_real *out)
{
    double raw[MOST], share[MOST], sum = 0;
    nqi_real uniform[MOST];
    for (size_t i = 0; i < MOST; i++)
        uniform[i] = (nqi_real)u;
    nqi_coding_levels_of(coding, row, out, 1, raw, 1);
    nqi_coding_score(coding, out, share, raw, uniform, 1, 1);
    for (size_t i = 0; i < coding->scores; i++)
        sum += share[i];
    return sum;
}

static void check_rows(const table *t, double tolerance)
{
    static const double u[] = {0.001, 0.01, 0.3, 0.5, 0.9, 0.999};
    double row[MOST], back[MOST];
    nqi_real x[MOST];
    for (uint64_t r = 0; r < nq_dataset_rows(t->rows); r++)
        for (size_t k = 0; k < sizeof u / sizeof *u; k++) {
            nq_dataset_row(row, t->rows, r);
            assert_int_equal(nqi_coding_fault(t->coding, row), t->coding->columns);
            assert_true(isfinite(numbers_of(t->coding, row, u[k], x)));
            for (size_t i = 0; i < t->coding->numbers; i++) {
                const size_t levels = nqi_coding_levels(t->coding, i);
                assert_true(isfinite(x[i]));
                assert_true(!levels || (x[i] >= 0 && x[i] < (nqi_real)levels));
            }
            nqi_coding_restore(t->coding, x, 1, 1, back);
            for (size_t c = 0; c < t->coding->columns; c++)
                if (isnan(row[c]) ? !isnan(back[c])
                                  : !(fabs(back[c] - row[c]) <= tolerance * fabs(row[c])))
                    fail_msg("row %d, column %zu, u %g: %.17g became %.17g", (int)r, c + 1, u[k],
                             row[c], back[c]);
        }
}

static const char kinds_text[] = "town,code,flag,n,gain,x,one,day\n"
                                 "Bern,3,yes,5,0.00,1.5,7,2024-01-05\n"
                                 "Rome,1,no,2,0.10,-2.25,7,2024-01-01\n"
                                 "NA,NA,no,9,0.00,3.125,NA,2024-02-01\n"
                                 "Bern,3,yes,4,0.30,0.5,7,2024-01-09\n"
                                 "Oslo,2,no,5,0.00,8.75,7,2024-01-02\n"
                                 "Bern,3,no,7,7.70,9,7,2024-01-03\n";
static const char kinds_types[] =
    "town=category,code=category,flag=bit,n=whole,gain=spiked,x=real,one=constant";

static void rows_come_back(void **state)
{
    table t = table_make(*state, kinds_text, kinds_types);
    check_rows(&t, 1e-6); /* of real numbers: those of a float32 */
    assert_int_equal(t.coding->scores, 4);
    table_free(&t);
}

/* Gaps in every column, and a row of nothing else. */
static void gaps_come_back(void **state)
{
    table t = table_make(*state,
                         "town,flag,n,gain,x\n"
                         "Bern,yes,5,0.00,1.5\nRome,no,,0.10,-2.25\nNA,NA,NA,NA,NA\n"
                         ",yes,4,,\nBern,,7,0.00,3\nRome,no,5,0.40,\n",
                         "town=category,flag=bit,n=whole,gain=spiked,x=real");
    check_rows(&t, 1e-6);
    assert_int_equal(t.coding->code[1].level_count, 3);
    assert_int_equal(t.coding->code[2].kind, NQI_KIND_SPIKED);
    table_free(&t);
}

static void decimals_of_a_grid_come_back_to_the_bit(void **state)
{
    char text[20000] = "cents,third,big\n";
    size_t used = strlen(text);
    for (size_t r = 0; r < 300; r++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%.2f,%.1f,%zu\n",
                                 (double)(r * r % 997) / 100, -30 + (double)(r % 71) / 10,
                                 20260001085 + r);
    table t = table_make(*state, text, "cents=whole,third=whole,big=whole");
    check_rows(&t, 0);
    table_free(&t);
}

static void levels_are_ordered_by_how_many_rows_have_them(void **state)
{
    table t = table_make(*state, kinds_text, kinds_types);
    const nqi_code *town = &t.coding->code[0], *gain = &t.coding->code[4];
    assert_int_equal(town->level_count, 4);
    assert_true(town->level[0] == 0);
    assert_string_equal(t.scaling.column[0].levels[0], "Bern");
    double sum = 0;
    for (size_t k = 0; k < town->level_count; k++) {
        assert_true(!k || town->frequency[k] <= town->frequency[k - 1]);
        assert_int_equal(nqi_code_level(town, town->level[k]), k);
        sum += town->frequency[k];
    }
    assert_true(fabs(sum - 1) < 1e-12);
    assert_int_equal(nqi_code_level(town, 17), town->level_count);
    assert_true(isinf(gain->level[gain->level_count - 1]));
    assert_int_equal(nqi_code_level(gain, 0), 0);
    assert_int_equal(nqi_code_level(gain, 0.3), gain->level_count - 1);
    assert_int_equal(nqi_code_level(gain, NAN), gain->level_count);
    table_free(&t);
}

/* Scores, then levels of two, then the others. */
static void numbers_stand_in_their_order(void **state)
{
    table t = table_make(*state, kinds_text, kinds_types);
    for (size_t i = 0; i < t.coding->numbers; i++) {
        const size_t levels = nqi_coding_levels(t.coding, i);
        assert_int_equal(levels == 0, i < t.coding->scores);
        assert_int_equal(levels == 2,
                         i >= t.coding->scores && i < t.coding->scores + t.coding->bits);
    }
    table_free(&t);
}

/* What a row would have to be is named by its column. */
static void faults_are_found_in_each_kind(void **state)
{
    table t = table_make(*state, kinds_text, kinds_types);
    static const double wrong[] = {9, 8, 2, 12, 0.005, INFINITY, 8, 19800};
    double row[MOST], other[MOST];
    nq_dataset_row(row, t.rows, 0);
    for (size_t c = 0; c < t.coding->columns; c++) {
        memcpy(other, row, sizeof row);
        other[c] = wrong[c];
        assert_int_equal(nqi_coding_fault(t.coding, other), c);
    }
    for (size_t c = 2; c < t.coding->columns; c++) { /* no gap was there, but in the constant */
        memcpy(other, row, sizeof row);
        other[c] = NAN;
        assert_int_equal(nqi_coding_fault(t.coding, other), c == 6 ? t.coding->columns : c);
    }
    memcpy(other, row, sizeof row);
    other[3] = 5.5;
    assert_int_equal(nqi_coding_fault(t.coding, other), 3);
    table_free(&t);
}

/* A column that follows from another, whose gaps follow too. */
static void functions_are_filled_in_again(void **state)
{
    char text[20000] = "town,code,region,x\n";
    size_t used = strlen(text);
    static const char *const of[4] = {"Bern,3,north", "Rome,1,south", "NA,NA,", "Oslo,2,south"};
    for (size_t r = 0; r < 200; r++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s,%zu.5\n",
                                 of[r * 7 % 13 % 4], r * 3 % 40);
    table t = table_make(*state, text, NULL);
    assert_int_equal(t.coding->code[1].refill.source, 0);
    assert_int_equal(t.coding->code[2].refill.source, 0);
    assert_int_equal(t.coding->code[1].level_number, NQI_NO_NUMBER);
    check_rows(&t, 1e-6);
    nqi_coding copy;
    assert_int_equal(nqi_coding_copy(&copy, t.coding), NQ_OK);
    table other = t;
    other.coding = &copy;
    check_rows(&other, 1e-6);
    nqi_coding_free(&copy);
    nqi_coding_free(&copy); /* copes with a zeroed struct */
    table_free(&t);
}

/* A real column with long tails stands behind a map that bends, another one does not. */
static void long_tails_get_a_map(void **state)
{
    bench *b = *state;
    enum { ROWS = 400 };
    char *text = malloc(80 * (ROWS + 1));
    size_t used = (size_t)sprintf(text, "group,price,height\n");
    const nqi_stream law = {29, NQI_DRAW_TEST, 0, 0};
    for (size_t r = 0; r < ROWS; r++)
        used += (size_t)sprintf(text + used, "%s,%.9f,%.9f\n", r % 3 ? "a" : "b",
                                exp(3 + 1.5 * nqi_stream_normal(&law, 2 * r)),
                                170 + 10 * nqi_stream_normal(&law, 2 * r + 1));
    table t = table_make(b, text, "price=real,height=real");
    assert_true(t.coding->code[1].warp.knots > 10);
    assert_int_equal(t.coding->code[2].warp.knots, 2);
    check_rows(&t, 1e-4);
    table_free(&t);
    free(text);
}

/* With u uniform a score is normal, and its share the log of the mass, less that of the score. */
static void shares_are_masses(void **state)
{
    table t = table_make(*state, kinds_text, kinds_types);
    const nqi_code *n = &t.coding->code[3];
    double row[MOST], sum = 0;
    nqi_real x[MOST];
    for (double value = 2; value <= 9; value++)
        sum += exp(nqi_warp_log_mass(&n->warp, value));
    assert_true(fabs(sum - 1) < 1e-12);
    nq_dataset_row(row, t.rows, 0);
    for (double u = 0.125; u < 1; u += 0.25) {
        const double share = numbers_of(t.coding, row, u, x);
        double log_law = share;
        for (size_t i = 0; i < t.coding->scores; i++)
            log_law -= 0.5 * (log(2 * 3.14159265358979323846) + (double)x[i] * (double)x[i]);
        double expected = 0; /* the spiked column's score counts nothing: row 0 has the spike */
        for (size_t c = 3; c < t.coding->columns; c++)
            if (c != 4 && t.coding->code[c].score_number != NQI_NO_NUMBER)
                expected += nqi_warp_log_mass(&t.coding->code[c].warp, row[c]);
        assert_true(fabs(log_law - expected) < 1e-5);
    }
    table_free(&t);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(rows_come_back),
        CASE(gaps_come_back),
        CASE(decimals_of_a_grid_come_back_to_the_bit),
        CASE(levels_are_ordered_by_how_many_rows_have_them),
        CASE(numbers_stand_in_their_order),
        CASE(faults_are_found_in_each_kind),
        CASE(functions_are_filled_in_again),
        CASE(long_tails_get_a_map),
        CASE(shares_are_masses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
