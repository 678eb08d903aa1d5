/* number.c - codings of numbers: warps, dequantised grids, and the last step onto a grid. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/gauss/gauss.h"
#include "golden/golden.h"
#include "table/warp/levels.h"
#include "table/warp/warp.h"

/* The curve through knot_x, knot_y with slope, on a grid. */
static void read_curve(nqi_warp *warp, golden_case *c, const nqi_grid *grid)
{
    size_t knots;
    const double *x = golden_input_list(c, "knot_x", 0, &knots);
    const double *y = golden_input_list(c, "knot_y", knots, NULL);
    const double *slope = golden_input_list(c, "slope", knots, NULL);
    if (nqi_warp_new(warp, NULL, NQI_WARP_SMOOTH, grid, knots, x, y, slope))
        golden_damaged(c, "the library refuses its knots");
}

void golden_check_warp(golden_case *c)
{
    nqi_warp warp;
    size_t count;
    const nqi_grid real = {0, 0, 0, 0};
    read_curve(&warp, c, &real);
    const double *rows = golden_rows(c, "rows", 3, &count);
    for (size_t i = 0; i < count; i++) {
        double log_slope;
        golden_check_at(c, "g of rows", i, nqi_warp_at(&warp, rows[3 * i], &log_slope),
                        rows[3 * i + 1], 1e-5);
        golden_check_at(c, "log g' of rows", i, log_slope, rows[3 * i + 2], 1e-5);
    }
    const double *inverse = golden_rows(c, "inverse_rows", 2, &count);
    for (size_t i = 0; i < count; i++)
        golden_check_at(c, "inverse_rows", i, nqi_warp_inverse(&warp, inverse[2 * i]),
                        inverse[2 * i + 1], 1e-5);
    nqi_warp_free(&warp);
}

/* lo + k step as far as the case goes and one bin further: bins that it asks for are closed. */
static nqi_grid read_grid(golden_case *c)
{
    size_t count;
    const double lo = golden_number(c, "lo"), step = golden_number(c, "step");
    const double *k = golden_input_list(c, "k", 0, &count);
    double last = 0;
    for (size_t i = 0; i < count; i++)
        last = fmax(last, k[i]);
    return (nqi_grid){step, lo, lo - step, lo + (last + 1) * step};
}

/* E_u of K(y) + share where y is N(m, v): by Gauss's three points on parts of each half bin, in
 * whose middle a knot may be. */
static double dequantised(const nqi_warp *warp, double x, double m, double v)
{
    enum { PARTS = 128 };
    const double at[3] = {0.5 - sqrt(0.15), 0.5, 0.5 + sqrt(0.15)};
    const double weight[3] = {5.0 / 18, 8.0 / 18, 5.0 / 18};
    double sum = 0;
    for (int i = 0; i < 3 * PARTS; i++) {
        double share;
        const double y = nqi_warp_score(warp, x, (i / 3 + at[i % 3]) / PARTS, &share);
        const double log_p = nqi_gauss_log_density((y - m) / sqrt(v)) - 0.5 * log(v);
        sum += weight[i % 3] / PARTS * (log_p + share);
    }
    return sum;
}

/* Rows [k, bound, exact log mass]. */
static void check_bins(golden_case *c, const nqi_warp *warp, double m, double v)
{
    size_t count;
    const double lo = golden_number(c, "lo"), step = golden_number(c, "step");
    const double *rows = golden_rows(c, "rows", 3, &count);
    for (size_t i = 0; i < count; i++) {
        double low, high;
        const double x = lo + rows[3 * i] * step;
        nqi_warp_edges(warp, x, &low, &high);
        golden_check_at(c, "bound of rows", i, dequantised(warp, x, m, v), rows[3 * i + 1], 1e-5);
        golden_check_at(c, "log mass of rows", i,
                        nqi_gauss_bin_of(low, high, m, sqrt(v)).log_mass, rows[3 * i + 2], 1e-5);
        /* To a normal score the mass of the bin is what the warp says itself. */
        if (m == 0 && v == 1)
            golden_check_at(c, "own log mass of rows", i, nqi_warp_log_mass(warp, x),
                            rows[3 * i + 2], 1e-5);
    }
}

/* The model is N(m, v) of the numbers themselves, or of the scores (x - m) / sqrt(v). */
void golden_check_grid_dequantised(golden_case *c)
{
    nqi_warp plain, scaled;
    const nqi_grid grid = read_grid(c);
    const double m = golden_number(c, "m"), v = golden_number(c, "v");
    if (nqi_warp_linear(&plain, NULL, &grid, 0, 1) ||
        nqi_warp_linear(&scaled, NULL, &grid, m, sqrt(v)))
        golden_damaged(c, "the library refuses its grid");
    check_bins(c, &plain, m, v);
    check_bins(c, &scaled, 0, 1);
    nqi_warp_free(&plain);
    nqi_warp_free(&scaled);
}

void golden_check_grid_warped(golden_case *c)
{
    nqi_warp warp;
    const nqi_grid grid = read_grid(c);
    read_curve(&warp, c, &grid);
    check_bins(c, &warp, golden_number(c, "m"), golden_number(c, "v"));
    nqi_warp_free(&warp);
}

void golden_check_grid_last_step(golden_case *c)
{
    size_t count;
    const double *level = golden_input_list(c, "levels", 0, &count);
    const double *weight = golden_input_list(c, "w", count, NULL);
    const double mu = golden_number(c, "mu"), sd = golden_number(c, "sd");
    double *got = golden_new(c, 5 * count, sizeof *got), *log_weight = got + 4 * count;
    for (size_t k = 0; k < count; k++) {
        const nqi_gauss_bin bin = nqi_levels_bin(level, count, k, mu, sd);
        got[k] = bin.log_mass;
        got[count + k] = bin.by_mean;
        got[2 * count + k] = bin.by_log_deviation;
        log_weight[k] = log(weight[k]);
    }
    nqi_levels_log_posterior(got + 3 * count, level, log_weight, count,
                             golden_number(c, "weights_x1"), golden_number(c, "beta_1"));
    golden_check_list(c, "log_p", got, count, 1e-5);
    golden_check_list(c, "dlogp_dmu", got + count, count, 1e-5);
    golden_check_list(c, "dlogp_dlogsd", got + 2 * count, count, 1e-5);
    golden_check_list(c, "log_p_weights", got + 3 * count, count, 1e-5);
}
