/* grid.c - the bins of numbers on a grid. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "table/warp/kinds.h"

/* x in 0..most; not a number stays so. */
static double held(double x, double most)
{
    return x < 0 ? 0 : x > most ? most : x;
}

double nqi_grid_bins(const nqi_grid *grid)
{
    return nearbyint((grid->most - grid->least) / grid->step) + 1;
}

double nqi_grid_bin(const nqi_grid *grid, double x)
{
    return held(nearbyint((x - grid->least) / grid->step), nqi_grid_bins(grid) - 1);
}

/* offset + k step; where 1 / step is whole (cents), k / (1 / step) is the decimal itself. */
double nqi_grid_value(const nqi_grid *grid, double bin)
{
    const double k = nearbyint((grid->least - grid->offset) / grid->step) + bin;
    const double parts = nearbyint(1 / grid->step);
    const int is_part = parts > 1 && fabs(parts * grid->step - 1) < 1e-12;
    return grid->offset + (is_part ? k / parts : k * grid->step);
}

double nqi_grid_snap(const nqi_grid *grid, double x)
{
    return grid->step > 0 ? nqi_grid_value(grid, nqi_grid_bin(grid, x)) : x;
}

double nqi_grid_edge(const nqi_grid *grid, double edge)
{
    return nqi_grid_value(grid, edge) - 0.5 * grid->step;
}

double nqi_grid_edge_number(const nqi_grid *grid, double x)
{
    return nearbyint((x - grid->least) / grid->step + 0.5);
}

const char *nqi_grid_fault(const nqi_grid *grid)
{
    const double most_bins = 0x1p46; /* the middle of a bin has 6 bits more */
    if (!isfinite(grid->step) || grid->step < 0)
        return "its step is negative or no number";
    if (!isfinite(grid->offset) || !isfinite(grid->least) || !isfinite(grid->most))
        return "its offset or an end is no number";
    if (grid->least > grid->most)
        return "its least value is above its greatest";
    if (grid->step > 0 && !(fabs(grid->least - grid->offset) / grid->step < most_bins &&
                            fabs(grid->most - grid->offset) / grid->step < most_bins &&
                            fabs(grid->least) / grid->step < most_bins &&
                            fabs(grid->most) / grid->step < most_bins))
        return "its step is too small for numbers of this size";
    return NULL;
}

/* Both ends on values. */
void nqi_grid_settle(nqi_grid *grid)
{
    if (grid->step > 0) {
        const double first = nearbyint((grid->least - grid->offset) / grid->step);
        const double last = nearbyint((grid->most - grid->offset) / grid->step);
        const nqi_grid origin = {grid->step, grid->offset, grid->offset, grid->offset};
        grid->least = nqi_grid_value(&origin, first);
        grid->most = nqi_grid_value(&origin, last);
    }
}
