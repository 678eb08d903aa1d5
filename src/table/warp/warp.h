/* warp.h - a column's numbers as normal scores: a map, its inverse, and what it adds to K. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_WARP_WARP_H
#define NQI_TABLE_WARP_WARP_H

#include <stddef.h>

#include <noneq/context.h>

/* Values that a column may have: offset + k step within least..most, each in the data's units.
 * step 0: every real number, of which least..most is where training rows were. A number between
 * two values of a grid counts as the nearer one, and one beyond the ends as the end's: the
 * outermost bins are open. */
typedef struct nqi_grid {
    double step, offset, least, most;
} nqi_grid;

typedef enum nqi_warp_kind {
    /* y = Phi^-1(F(x - step/2) + u (F(x + step/2) - F(x - step/2))), F piecewise linear from 0 to
     * 1 and its knots at edges of bins, so that each bin has a mass, and all together 1. Of numbers
     * on a grid only. */
    NQI_WARP_SCORES,
    /* y = g(x + (u - 1/2) step): cubic Hermite between the knots, linear beyond them, rising. */
    NQI_WARP_SMOOTH
} nqi_warp_kind;

/* A strictly increasing map of a column's numbers to normal scores, and how a recorded number is
 * spread over its bin. Plain arrays, which can be stored and given to nqi_warp_new. */
typedef struct nqi_warp {
    nqi_warp_kind kind;
    nqi_grid grid;
    size_t knots;
    double *x;     /* [knots] rising, in the data's units; scores: edges of bins */
    double *y;     /* [knots] rising; scores: F, from 0 to 1; smooth: g */
    double *slope; /* [knots] smooth: g' at the knots, > 0; scores: NULL */
} nqi_warp;

/* The warp of a column: column[rows] in any order, a weight of one each; what is no number is left
 * out. Scores need a grid with a step. One row, or one value in all rows, makes a warp too.
 * NQ_ERROR_ARGUMENT: no number, or a grid that float64 does not hold. */
nq_status nqi_warp_fit(nqi_warp *out, nq_context *context, nqi_warp_kind kind,
                       const nqi_grid *grid, const double *column, size_t rows);
/* The smooth warp (x - mean) / deviation; deviation > 0. */
nq_status nqi_warp_linear(nqi_warp *out, nq_context *context, const nqi_grid *grid, double mean,
                          double deviation);
/* Copies of arrays that may come from anywhere (slope: of smooth warps). NQ_ERROR_FORMAT: a
 * sentence says what they break. */
nq_status nqi_warp_new(nqi_warp *out, nq_context *context, nqi_warp_kind kind,
                       const nqi_grid *grid, size_t knots, const double *x, const double *y,
                       const double *slope);
nq_status nqi_warp_copy(nqi_warp *out, const nqi_warp *from);
void nqi_warp_free(nqi_warp *warp); /* copes with a zeroed struct */

/* In what follows, what is no number stays so. */
/* The score of x, with u uniform in (0, 1) (step 0: not looked at). *share (or NULL): what joins
 * K(y), so that K(y) + share is a cell's part of log P(row as recorded): scores: log mass(x) -
 * log phi(y); smooth: log g' + log step (step 0: a density in the data's units, without log step).
 */
double nqi_warp_score(const nqi_warp *warp, double x, double u, double *share);
/* log P(x) where y is normal: of the bin, or (step 0) of the density. */
double nqi_warp_log_mass(const nqi_warp *warp, double x);
/* Back: the number whose bin holds y, on the grid and within least..most; step 0: any number. */
double nqi_warp_value(const nqi_warp *warp, double y);

/* Scores of the edges of x's bin, infinite at the outermost: N(y) has the mass between them. Of
 * grids with a step. */
void nqi_warp_edges(const nqi_warp *warp, double x, double *low, double *high);

/* Of smooth warps: g(x) and (not NULL) log g'(x); and the x of y. */
double nqi_warp_at(const nqi_warp *warp, double x, double *log_slope);
double nqi_warp_inverse(const nqi_warp *warp, double y);

/* The number of x's bin, 0 at `least`; and the value of bin k. Of grids with a step. */
double nqi_grid_bin(const nqi_grid *grid, double x);
double nqi_grid_value(const nqi_grid *grid, double bin);
/* x on the grid and within its ends; step 0: x. */
double nqi_grid_snap(const nqi_grid *grid, double x);

#endif
