/* scores.c - randomised normal scores: the place in a bin is drawn, the mass of the bin known. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/gauss/gauss.h"
#include "table/warp/kinds.h"

/* A bin within the part of F between two knots, where all bins have the same mass. */
typedef struct place {
    size_t part;
    double bins, bin; /* of the part; which of them */
    double mass;      /* of one bin */
} place;

static double bins_of(const nqi_warp *warp, size_t part)
{
    return nearbyint((warp->x[part + 1] - warp->x[part]) / warp->grid.step);
}

static place place_of(const nqi_warp *warp, double x)
{
    const double bin = nqi_grid_bin(&warp->grid, x);
    const size_t part =
        nqi_warp_interval(warp->x, warp->knots, warp->grid.least + bin * warp->grid.step);
    const double bins = bins_of(warp, part);
    return (place){part, bins, bin - nqi_grid_edge_number(&warp->grid, warp->x[part]),
                   (warp->y[part + 1] - warp->y[part]) / bins};
}

/* Phi^-1 of F at a place of the bin, from the nearer end, so that neither tail is rounded away. */
static double score_at(const nqi_warp *warp, const place *at, double u)
{
    const double below = warp->y[at->part] + at->mass * (at->bin + u);
    const double above = 1 - warp->y[at->part + 1] + at->mass * (at->bins - at->bin - u);
    return below < 0.5 ? nqi_gauss_quantile(below) : -nqi_gauss_quantile(above);
}

double nqi_scores_score(const nqi_warp *warp, double x, double u, double *share)
{
    const place at = place_of(warp, x);
    const double y = score_at(warp, &at, u);
    if (share)
        *share = log(at.mass) - nqi_gauss_log_density(y);
    return y;
}

void nqi_scores_edges(const nqi_warp *warp, double x, double *low, double *high)
{
    const place at = place_of(warp, x);
    *low = score_at(warp, &at, 0);
    *high = score_at(warp, &at, 1);
}

double nqi_scores_log_mass(const nqi_warp *warp, double x)
{
    return isnan(x) ? x : log(place_of(warp, x).mass);
}

double nqi_scores_value(const nqi_warp *warp, double y)
{
    if (isnan(y))
        return y;
    const int is_lower = y < 0;
    const double p = nqi_gauss_cdf(is_lower ? y : -y);
    const size_t part = nqi_warp_interval(warp->y, warp->knots, is_lower ? p : 1 - p);
    const double mass = warp->y[part + 1] - warp->y[part], bins = bins_of(warp, part);
    const double from = is_lower ? p - warp->y[part] : p - (1 - warp->y[part + 1]);
    const double step = fmin(fmax(floor(from / mass * bins), 0), bins - 1);
    const double first = nqi_grid_edge_number(&warp->grid, warp->x[part]);
    return nqi_grid_value(&warp->grid, first + (is_lower ? step : bins - 1 - step));
}

const char *nqi_scores_fault(const nqi_warp *warp)
{
    const nqi_grid *grid = &warp->grid;
    const size_t last = warp->knots - 1;
    if (!(grid->step > 0))
        return "scores need numbers on a grid";
    if (warp->y[0] != 0 || warp->y[last] != 1)
        return "its distribution does not go from 0 to 1";
    if (nqi_grid_edge_number(grid, warp->x[0]) != 0 ||
        nqi_grid_edge_number(grid, warp->x[last]) != nqi_grid_bins(grid))
        return "its knots do not reach from its least value to its greatest";
    for (size_t i = 0; i <= last; i++) {
        const double edge = nqi_grid_edge_number(grid, warp->x[i]);
        if (!(fabs(warp->x[i] - nqi_grid_edge(grid, edge)) < 0.05 * grid->step))
            return "a knot is not at the edge of a bin";
        if (i && edge == nqi_grid_edge_number(grid, warp->x[i - 1]))
            return "two knots are at the same edge";
    }
    return NULL;
}
