/* test_warp.c - numbers as normal scores: masses that sum to 1, ways back, and what breaks maps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/context.h"
#include "core/gauss/gauss.h"
#include "table/warp/levels.h"
#include "table/warp/warp.h"

enum { MOST = 6000 };

/* Columns that are hard: in grid steps, before offset and step. */
typedef enum law { LONG_TAIL, TIES, FEW, CONSTANT, GAPS, TWO, SHARED, LAWS } law;

static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static double uniform(uint64_t *state)
{
    return ((double)next(state) + 0.5) / 0x1p31;
}

static size_t column_make(double *out, law kind, double step, double offset)
{
    uint64_t state = 5;
    const size_t rows = kind == FEW ? 3 : MOST;
    for (size_t i = 0; i < rows; i++) {
        const double u = uniform(&state), v = uniform(&state);
        double k = 0;
        if (kind == LONG_TAIL)
            k = floor(exp(3 + 2 * nqi_gauss_quantile(u)));
        if (kind == TIES)
            k = u < 0.4 ? 0 : u < 0.7 ? 40 : floor(1000 * v);
        if (kind == FEW)
            k = 10 * (double)i;
        if (kind == GAPS)
            k = u < 0.5 ? floor(20 * v) : 100000 + floor(20 * v);
        if (kind == TWO)
            k = u < 0.9;
        if (kind == SHARED)
            k = u < 0.5 ? 7919 * floor(60 * v) : floor(500000 * v);
        out[i] = offset + step * k;
    }
    return rows;
}

static nqi_grid grid_of(const double *column, size_t rows, double step, double offset)
{
    nqi_grid grid = {step, offset, column[0], column[0]};
    for (size_t i = 0; i < rows; i++) {
        grid.least = fmin(grid.least, column[i]);
        grid.most = fmax(grid.most, column[i]);
    }
    return grid;
}

static const struct {
    double step, offset;
} grids[] = {{1, 0}, {1, 1.7e9}, {1e-3, 1e6}, {0.1, -3}, {86400, 0}};
enum { GRIDS = sizeof grids / sizeof grids[0] };

/* Calls check for every law and grid with its warp. */
static void for_all(nqi_warp_kind kind,
                    void (*check)(const nqi_warp *, const double *column, size_t rows))
{
    static double column[MOST];
    for (size_t i = 0; i < (size_t)LAWS * GRIDS; i++) {
        nqi_warp warp;
        const double step = grids[i % GRIDS].step, offset = grids[i % GRIDS].offset;
        const size_t rows = column_make(column, (law)(i / GRIDS), step, offset);
        const nqi_grid grid = grid_of(column, rows, step, offset);
        assert_int_equal(nqi_warp_fit(&warp, NULL, kind, &grid, column, rows), NQ_OK);
        check(&warp, column, rows);
        nqi_warp_free(&warp);
    }
}

static void check_sum(const nqi_warp *w, const double *column, size_t rows)
{
    double sum = 0;
    (void)column;
    (void)rows;
    const double bins = nqi_grid_bin(&w->grid, w->grid.most);
    for (double k = 0; k <= bins && bins < 3e6; k++) {
        const double log_mass = nqi_warp_log_mass(w, nqi_grid_value(&w->grid, k));
        assert_true(isfinite(log_mass));
        sum += exp(log_mass);
    }
    assert_true(bins >= 3e6 || fabs(sum - 1) < 1e-9);
    assert_true(nqi_warp_log_mass(w, INFINITY) == nqi_warp_log_mass(w, w->grid.most));
    assert_true(nqi_warp_log_mass(w, -1e300) == nqi_warp_log_mass(w, w->grid.least));
    assert_true(isnan(nqi_warp_log_mass(w, NAN)) && isnan(nqi_warp_score(w, NAN, 0.5, NULL)));
    assert_true(isnan(nqi_warp_value(w, NAN)));
}

/* What a normal score has between the edges is the bin's mass. */
static void check_edges(const nqi_warp *w, const double *column, size_t rows)
{
    for (size_t i = 0; i < rows; i += 1 + rows / 100) {
        double low, high;
        const double last = nqi_grid_bin(&w->grid, w->grid.most);
        const double mass = exp(nqi_warp_log_mass(w, column[i]));
        const double y = nqi_warp_score(w, column[i], 0.5, NULL);
        nqi_warp_edges(w, column[i], &low, &high);
        assert_true(low < y && y < high);
        assert_true((low == -INFINITY) == (nqi_grid_bin(&w->grid, column[i]) == 0));
        assert_true((high == INFINITY) == (nqi_grid_bin(&w->grid, column[i]) == last));
        assert_true(fabs(exp(nqi_gauss_log_mass(low, high)) - mass) < 1e-6 * mass + 1e-12);
    }
}

static void edges_of_a_bin_enclose_its_mass(void **state)
{
    (void)state;
    for_all(NQI_WARP_SCORES, check_edges);
    for_all(NQI_WARP_SMOOTH, check_edges);
}

static void masses_are_positive_and_sum_to_one(void **state)
{
    (void)state;
    for_all(NQI_WARP_SCORES, check_sum);
    for_all(NQI_WARP_SMOOTH, check_sum);
}

/* With y normal, K(y) is log phi(y): the cell's log probability is its mass. */
static void check_share(const nqi_warp *w, const double *column, size_t rows)
{
    uint64_t state = 9;
    for (size_t i = 0; i < rows; i += 1 + rows / 200) {
        double share, y = nqi_warp_score(w, column[i], uniform(&state), &share);
        const double log_mass = nqi_warp_log_mass(w, column[i]);
        assert_true(fabs(nqi_gauss_log_density(y) + share - log_mass) <
                    1e-9 * (1 + fabs(log_mass)));
    }
}

static void share_makes_a_normal_score_the_mass_of_its_bin(void **state)
{
    (void)state;
    for_all(NQI_WARP_SCORES, check_share);
}

/* Every value of training, at any place of its bin, far beyond the ends too. */
static void check_back(const nqi_warp *w, const double *column, size_t rows)
{
    const double places[] = {1e-6, 0.3, 0.5, 1 - 1e-6};
    for (size_t i = 0; i < 4 * rows; i += 1 + rows / 50) {
        const double x = column[i / 4], y = nqi_warp_score(w, x, places[i % 4], NULL);
        assert_true(isfinite(y) && fabs(y) < 40);
        if (fabs(nqi_warp_value(w, y) - x) > 1e-6 * w->grid.step)
            fail_msg("%.17g came back as %.17g", x, nqi_warp_value(w, y));
    }
    assert_true(nqi_warp_value(w, 40) == w->grid.most && nqi_warp_value(w, -40) == w->grid.least);
    assert_true(nqi_warp_value(w, INFINITY) == w->grid.most);
}

static void scores_come_back_as_the_numbers_they_were(void **state)
{
    (void)state;
    for_all(NQI_WARP_SCORES, check_back);
    for_all(NQI_WARP_SMOOTH, check_back);
}

/* Rising in x and u. */
static void check_rise(const nqi_warp *w, const double *column, size_t rows)
{
    (void)column;
    (void)rows;
    double before = -INFINITY;
    for (int i = 0; i <= 400; i++) {
        const double x = w->grid.least + (w->grid.most - w->grid.least) * i / 400.0;
        const double y = nqi_warp_score(w, x, 0.5, NULL);
        assert_true(y >= before);
        before = y;
    }
    assert_true(nqi_warp_score(w, w->grid.least, 0.2, NULL) <
                nqi_warp_score(w, w->grid.least, 0.7, NULL));
}

static void scores_rise_with_the_number_and_its_place(void **state)
{
    (void)state;
    for_all(NQI_WARP_SCORES, check_rise);
    for_all(NQI_WARP_SMOOTH, check_rise);
}

/* Training rows have scores of mean 0 and variance 1, and the mass of a value that many rows have
 * is their share. */
static void scores_of_training_rows_are_normal(void **state)
{
    (void)state;
    static double column[MOST];
    for (int kind = LONG_TAIL; kind <= TIES; kind++) {
        nqi_warp w;
        uint64_t draws = 3;
        const size_t rows = column_make(column, (law)kind, 1, 0);
        const nqi_grid grid = grid_of(column, rows, 1, 0);
        assert_int_equal(nqi_warp_fit(&w, NULL, NQI_WARP_SCORES, &grid, column, rows), NQ_OK);
        double sum = 0, squares = 0, zeros = 0;
        for (size_t i = 0; i < rows; i++) {
            const double y = nqi_warp_score(&w, column[i], uniform(&draws), NULL);
            sum += y;
            squares += y * y;
            zeros += column[i] == 0;
        }
        assert_true(fabs(sum / MOST) < 0.05 && fabs(squares / MOST - 1) < 0.06);
        if (kind == TIES)
            assert_true(fabs(exp(nqi_warp_log_mass(&w, 0)) - zeros / MOST) < 0.002);
        nqi_warp_free(&w);
    }
}

/* Mean log mass of fresh rows: as far from what the law itself has as chance allows. Where 60
 * values among half a million have half of the rows, a smooth part alone is 4 nats away; where no
 * value is shared but by chance, nothing but it is kept. */
static void values_that_rows_share_have_masses_of_their_own(void **state)
{
    (void)state;
    static double column[2 * MOST];
    uint64_t draws = 11;
    for (int is_shared = 0; is_shared <= 1; is_shared++) {
        nqi_warp w;
        double fresh = 0;
        for (size_t i = 0; i < 2 * MOST; i++) {
            const double u = uniform(&draws), v = uniform(&draws);
            column[i] = is_shared && u < 0.5 ? 7919 * floor(60 * v) : floor(500000 * v);
        }
        const nqi_grid grid = grid_of(column, 2 * MOST, 1, 0);
        assert_int_equal(nqi_warp_fit(&w, NULL, NQI_WARP_SCORES, &grid, column, MOST), NQ_OK);
        for (size_t i = MOST; i < 2 * MOST; i++)
            fresh += nqi_warp_log_mass(&w, column[i]) / MOST;
        const double truth =
            is_shared ? 0.5 * log(0.5 / 60) + 0.5 * log(0.5 / 500000) : log(1.0 / 500000);
        assert_true(fabs(fresh - truth) < 0.12);
        assert_true(is_shared ? w.knots > 120 : w.knots < 120);
        nqi_warp_free(&w);
    }
}

/* A density: its integral is 1, and its tails go on. */
static void smooth_warps_of_real_numbers_are_densities(void **state)
{
    (void)state;
    static double column[MOST];
    nqi_warp w;
    uint64_t draws = 1;
    for (size_t i = 0; i < MOST; i++)
        column[i] = 5 + 3 * nqi_gauss_quantile(uniform(&draws));
    const nqi_grid grid = {0, 0, -10, 20};
    assert_int_equal(nqi_warp_fit(&w, NULL, NQI_WARP_SMOOTH, &grid, column, MOST), NQ_OK);
    double sum = 0, gap = 0;
    for (int i = 0; i < 60000; i++) {
        const double x = -25 + 0.001 * i, density = exp(nqi_warp_log_mass(&w, x));
        double share, y = nqi_warp_score(&w, x, 0.1, &share);
        sum += 0.001 * density;
        gap += 0.001 * density *
               fabs(nqi_warp_log_mass(&w, x) - nqi_gauss_log_density((x - 5) / 3) + log(3));
        assert_true(fabs(exp(nqi_gauss_log_density(y) + share) - density) < 1e-12);
        assert_true(fabs(nqi_warp_value(&w, y) - x) < 1e-8);
    }
    assert_true(fabs(sum - 1) < 1e-6 && gap < 0.15);
    nqi_warp_free(&w);
}

static void a_linear_warp_standardises(void **state)
{
    (void)state;
    nqi_warp w, copy;
    double share;
    const nqi_grid grid = {0.5, 0, -4, 9};
    assert_int_equal(nqi_warp_linear(&w, NULL, &grid, 2, 4), NQ_OK);
    assert_int_equal(nqi_warp_copy(&copy, &w), NQ_OK);
    nqi_warp_free(&w);
    assert_true(fabs(nqi_warp_score(&copy, 3, 0.5, &share) - 0.25) < 1e-15);
    assert_true(fabs(share - log(0.5 / 4)) < 1e-14);
    assert_true(nqi_warp_value(&copy, 0.2) == 3 && nqi_warp_value(&copy, 30) == 9);
    nqi_warp_free(&copy);
}

static void spikes_are_values_that_many_rows_have(void **state)
{
    (void)state;
    const double value[] = {0, 0, 0, 0, 1, 2, 3, 3, 3, 4, 7, 7};
    double spike[2];
    assert_int_equal(nqi_spikes_find(spike, 2, value, 12, 0.25), 2);
    assert_true(spike[0] == 0 && spike[1] == 3);
    assert_int_equal(nqi_spikes_find(spike, 2, value, 12, 0.3), 1);
    assert_int_equal(nqi_spikes_find(spike, 2, value, 12, 0.5), 0);
    assert_int_equal(nqi_spikes_find(spike, 2, value, 12, 1e-9), 2); /* copies only, as room is */
}

static void hostile_arrays_are_refused(void **state)
{
    (void)state;
    nq_context *context;
    nqi_warp w;
    assert_int_equal(nq_context_new(&context, NULL), NQ_OK);
    const nqi_grid grid = {1, 0, 0, 9};
    const double x[] = {-0.5, 3.5, 9.5}, y[] = {0, 0.4, 1};
    assert_int_equal(nqi_warp_new(&w, context, NQI_WARP_SCORES, &grid, 3, x, y, NULL), NQ_OK);
    nqi_warp_free(&w);
    const struct {
        nqi_warp_kind kind;
        nqi_grid grid;
        size_t knots;
        double x[3], y[3], slope[3];
        const char *says;
    } cases[] = {
        {NQI_WARP_SCORES, {0, 0, 0, 9}, 3, {-0.5, 3.5, 9.5}, {0, 0.4, 1}, {0}, "on a grid"},
        {NQI_WARP_SCORES, {1, 0, 0, 9}, 3, {-0.5, 3.7, 9.5}, {0, 0.4, 1}, {0}, "edge of a bin"},
        {NQI_WARP_SCORES, {1, 0, 0, 9}, 3, {-0.5, 3.5, 8.5}, {0, 0.4, 1}, {0}, "do not reach"},
        {NQI_WARP_SCORES, {1, 0, 0, 9}, 3, {-0.5, 3.5, 9.5}, {0, 0.4, 0.9}, {0}, "from 0 to 1"},
        {NQI_WARP_SCORES, {1, 0, 0, 9}, 3, {-0.5, 3.5, 9.5}, {0, NAN, 1}, {0}, "do not rise"},
        {NQI_WARP_SCORES, {1, 0, 0, 9}, 3, {-0.5, 9.5, 9.5}, {0, 0.4, 1}, {0}, "do not rise"},
        {NQI_WARP_SCORES, {1, 0, 0, 9}, 3, {-0.5, 3.5, 3.51}, {0, 0.4, 1}, {0}, "do not reach"},
        {NQI_WARP_SCORES, {1, 0, 0, 1e300}, 3, {-0.5, 3.5, 9.5}, {0, 0.4, 1}, {0}, "too small"},
        {NQI_WARP_SCORES, {NAN, 0, 0, 9}, 3, {-0.5, 3.5, 9.5}, {0, 0.4, 1}, {0}, "its step"},
        {NQI_WARP_SCORES, {1, 0, 9, 0}, 3, {-0.5, 3.5, 9.5}, {0, 0.4, 1}, {0}, "above its"},
        {NQI_WARP_SCORES, {1, 0, 0, 9}, 1, {-0.5, 3.5, 9.5}, {0, 0.4, 1}, {0}, "knots"},
        {(nqi_warp_kind)7, {1, 0, 0, 9}, 3, {-0.5, 3.5, 9.5}, {0, 0.4, 1}, {0}, "its kind"},
        {NQI_WARP_SMOOTH, {0, 0, 0, 9}, 3, {0, 1, 2}, {0, 1, 2}, {1, 0, 1}, "not above 0"},
        {NQI_WARP_SMOOTH, {0, 0, 0, 9}, 3, {0, 1, 2}, {0, 1, 2}, {1, 2.9, 1}, "so steep"},
        {NQI_WARP_SMOOTH, {0, 0, 0, 9}, 3, {0, 1, 2}, {0, 1, INFINITY}, {1, 1, 1}, "not rise"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(nqi_warp_new(&w, context, cases[i].kind, &cases[i].grid, cases[i].knots,
                                      cases[i].x, cases[i].y, cases[i].slope),
                         NQ_ERROR_FORMAT);
        assert_true(strstr(nq_context_message(context), cases[i].says) != NULL);
        assert_true(w.x == NULL);
    }
    assert_int_equal(nqi_warp_fit(&w, context, NQI_WARP_SCORES, &grid, x, 0), NQ_ERROR_ARGUMENT);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masses_are_positive_and_sum_to_one),
        cmocka_unit_test(edges_of_a_bin_enclose_its_mass),
        cmocka_unit_test(spikes_are_values_that_many_rows_have),
        cmocka_unit_test(share_makes_a_normal_score_the_mass_of_its_bin),
        cmocka_unit_test(scores_come_back_as_the_numbers_they_were),
        cmocka_unit_test(scores_rise_with_the_number_and_its_place),
        cmocka_unit_test(scores_of_training_rows_are_normal),
        cmocka_unit_test(values_that_rows_share_have_masses_of_their_own),
        cmocka_unit_test(smooth_warps_of_real_numbers_are_densities),
        cmocka_unit_test(a_linear_warp_standardises),
        cmocka_unit_test(hostile_arrays_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
