/* kinds.h - what the files of warps share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_WARP_KINDS_H
#define NQI_TABLE_WARP_KINDS_H

#include "table/warp/warp.h"

/* Knots are at every 1/64 of the rows, or at every tenth row where there are fewer, and in the
 * tails at halves of halves down to three rows. */
enum { NQI_WARP_PARTS = 64, NQI_WARP_ROWS = 10, NQI_WARP_TAIL_ROWS = 3, NQI_WARP_RANKS = 192 };

/* Bins of the whole grid; the lower edge of bin k, and k of an edge. */
double nqi_grid_bins(const nqi_grid *grid);
double nqi_grid_edge(const nqi_grid *grid, double edge);
double nqi_grid_edge_number(const nqi_grid *grid, double x);
/* What is wrong with a grid, or NULL; and both its ends moved to values. */
const char *nqi_grid_fault(const nqi_grid *grid);
void nqi_grid_settle(nqi_grid *grid);

/* Ranks 0 .. rows - 1, rising, of the rows at whose values knots are; returns how many, at most
 * NQI_WARP_RANKS. The first `*lower` of them are below the middle. */
size_t nqi_warp_ranks(size_t *rank, size_t *lower, size_t rows);
/* How many rows a part has. */
double nqi_warp_part_rows(size_t rows);
/* The interval of rising v[count] that holds at: i with v[i] <= at < v[i + 1], 0..count - 2. */
size_t nqi_warp_interval(const double *v, size_t count, double at);

/* Room for knots, all arrays in one; 0: no memory. */
int nqi_warp_room(nqi_warp *out, size_t knots);

/* Bins, by rising number, that have a mass of their own beside the smooth part's share. */
typedef struct nqi_atoms {
    double smooth; /* share of the smooth part; 1: there are no atoms */
    size_t count;
    double *bin, *mass; /* [count] the masses have the sum 1 - smooth */
} nqi_atoms;

/* The atoms that foretell rows better than scores fitted to the same rising value[rows]. */
nq_status nqi_atoms_fit(nqi_atoms *out, const nqi_warp *warp, const double *value, size_t rows);
void nqi_atoms_free(nqi_atoms *atoms);

/* By kind. `value` is rising and has `rows` > 0 numbers. */
nq_status nqi_scores_fit(nqi_warp *out, const double *value, size_t rows);
const char *nqi_scores_fault(const nqi_warp *warp);
double nqi_scores_score(const nqi_warp *warp, double x, double u, double *share);
double nqi_scores_log_mass(const nqi_warp *warp, double x);
void nqi_scores_edges(const nqi_warp *warp, double x, double *low, double *high);
double nqi_scores_value(const nqi_warp *warp, double y);

nq_status nqi_smooth_fit(nqi_warp *out, const double *value, size_t rows);
const char *nqi_smooth_fault(const nqi_warp *warp);
double nqi_smooth_score(const nqi_warp *warp, double x, double u, double *share);
double nqi_smooth_log_mass(const nqi_warp *warp, double x);
void nqi_smooth_edges(const nqi_warp *warp, double x, double *low, double *high);
double nqi_smooth_value(const nqi_warp *warp, double y);

#endif
