/* scores_fit.c - the distribution of a column's numbers: shares of rows between edges of bins. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/sort/sort.h"
#include "table/warp/kinds.h"

/* A bin with a part's share of half or more, and of as many rows as tell it from chance, is a part
 * of its own. A part without a row counts as half a row: no value is impossible. */
enum { HEAVY_ROWS = 8, EDGES_MOST = 4 + NQI_WARP_RANKS + 4 * NQI_WARP_PARTS };
static const double no_rows = 0.5;

typedef struct edges {
    double *at; /* numbers of the bins whose lower edges they are */
    size_t count;
} edges;

static void edge_add(edges *e, double at)
{
    e->at[e->count++] = at;
}

static void sort_unique(edges *e)
{
    size_t kept = 1;
    qsort(e->at, e->count, sizeof *e->at, nqi_double_compare);
    for (size_t i = 1; i < e->count; i++)
        if (e->at[i] > e->at[kept - 1])
            e->at[kept++] = e->at[i];
    e->count = kept;
}

/* Both edges of each bin that is heavy. */
static void add_heavy(edges *e, const nqi_grid *grid, const double *value, size_t rows)
{
    const double least = fmax(nqi_warp_part_rows(rows) / 2, HEAVY_ROWS);
    for (size_t first = 0, end; first < rows; first = end) {
        const double bin = nqi_grid_bin(grid, value[first]);
        for (end = first + 1; end < rows && nqi_grid_bin(grid, value[end]) == bin; end++)
            ;
        if ((double)(end - first) >= least) {
            edge_add(e, bin);
            edge_add(e, bin + 1);
        }
    }
}

static void edges_make(edges *e, const nqi_grid *grid, const double *value, size_t rows)
{
    size_t rank[NQI_WARP_RANKS], lower;
    const size_t ranks = nqi_warp_ranks(rank, &lower, rows);
    e->count = 0;
    edge_add(e, 0);
    edge_add(e, nqi_grid_bins(grid));
    edge_add(e, nqi_grid_bin(grid, value[0]));
    edge_add(e, nqi_grid_bin(grid, value[rows - 1]) + 1);
    for (size_t i = 0; i < ranks; i++)
        edge_add(e, nqi_grid_bin(grid, value[rank[i]]) + (i < lower ? 1 : 0));
    add_heavy(e, grid, value, rows);
    sort_unique(e);
}

static nq_status fit_smooth(nqi_warp *out, const double *value, size_t rows)
{
    double at[EDGES_MOST];
    edges e = {.at = at};
    edges_make(&e, &out->grid, value, rows);
    if (!nqi_warp_room(out, e.count))
        return NQ_ERROR_MEMORY;
    double total = 0;
    for (size_t i = 0, row = 0; i < e.count; i++) {
        const size_t first = row;
        out->x[i] = nqi_grid_edge(&out->grid, e.at[i]);
        out->y[i] = total;
        while (i + 1 < e.count && row < rows &&
               nqi_grid_bin(&out->grid, value[row]) < e.at[i + 1])
            row++;
        total += row > first ? (double)(row - first) : i + 1 < e.count ? no_rows : 0;
    }
    for (size_t i = 0; i < e.count; i++)
        out->y[i] /= total;
    return NQ_OK;
}

/* F of the smooth part at the edge of a bin. */
static double smooth_below(const nqi_warp *smooth, double edge)
{
    const double x = nqi_grid_edge(&smooth->grid, edge);
    const size_t i = nqi_warp_interval(smooth->x, smooth->knots, x);
    const double part = (x - smooth->x[i]) / (smooth->x[i + 1] - smooth->x[i]);
    return smooth->y[i] + fmin(fmax(part, 0), 1) * (smooth->y[i + 1] - smooth->y[i]);
}

/* Both edges of every atom join the knots, and F rises by its mass between them. */
static nq_status join(nqi_warp *out, const nqi_warp *smooth, const nqi_atoms *atoms)
{
    edges e = {.at = malloc((smooth->knots + 2 * atoms->count) * sizeof *e.at)};
    if (!e.at)
        return NQ_ERROR_MEMORY;
    for (size_t i = 0; i < smooth->knots; i++)
        edge_add(&e, nqi_grid_edge_number(&smooth->grid, smooth->x[i]));
    for (size_t i = 0; i < atoms->count; i++) {
        edge_add(&e, atoms->bin[i]);
        edge_add(&e, atoms->bin[i] + 1);
    }
    sort_unique(&e);
    *out = (nqi_warp){.kind = smooth->kind, .grid = smooth->grid};
    const int has_room = nqi_warp_room(out, e.count);
    double below = 0; /* of atoms */
    for (size_t i = 0, atom = 0; has_room && i < e.count; i++) {
        for (; atom < atoms->count && atoms->bin[atom] < e.at[i]; atom++)
            below += atoms->mass[atom];
        out->x[i] = nqi_grid_edge(&out->grid, e.at[i]);
        out->y[i] = atoms->smooth * smooth_below(smooth, e.at[i]) + below;
    }
    for (size_t i = 0; has_room && i < e.count; i++)
        out->y[i] /= out->y[e.count - 1];
    free(e.at);
    return has_room ? NQ_OK : NQ_ERROR_MEMORY;
}

nq_status nqi_scores_fit(nqi_warp *out, const double *value, size_t rows)
{
    nqi_atoms atoms = {0};
    nq_status status = fit_smooth(out, value, rows);
    if (!status && !(status = nqi_atoms_fit(&atoms, out, value, rows)) && atoms.count) {
        nqi_warp smooth = *out;
        status = join(out, &smooth, &atoms);
        nqi_warp_free(&smooth);
    }
    nqi_atoms_free(&atoms);
    if (status)
        nqi_warp_free(out);
    return status;
}
