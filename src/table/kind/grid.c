/* grid.c - the grid that numbers lie on, and those of them that repeat more than others. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/decimal.h"
#include "table/kind/counts.h"

enum { DECIMALS_MOST = 15, NEIGHBOURS = 8, SPIKES_MOST = 128, SPIKE_ROWS = 5 };
static const double EXACT = 0x1p53;
static const double SPIKE_SHARE = .002, FURTHER_SHARE = .0005, OVER_LEVELS = 5, OVER_CELLS = 20;

static int64_t divisor_of(int64_t a, int64_t b)
{
    while (b) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

nqi_grid nqi_grid_find(const nqi_counts *counts, const unsigned char *skip, int decimals)
{
    const nqi_grid none = {0};
    int64_t least = 0, most = 0, step = 0;
    size_t used = 0;
    if (decimals < 0 || decimals > DECIMALS_MOST)
        return none;
    const double unit = pow(10, decimals);
    for (size_t i = 0; i < counts->count; i++) {
        const double x = counts->value[i], multiple = nearbyint(x * unit);
        if (skip && skip[i])
            continue;
        if (!(fabs(multiple) < EXACT / 2) || nqi_decimal_round(x, -decimals) != x)
            return none;
        most = (int64_t)multiple;
        if (!used++)
            least = most;
        step = divisor_of(most - least, step);
    }
    if (!step) /* one value, or none */
        step = 1;
    return (nqi_grid){(double)step / unit, (double)least / unit,
                      (double)((most - least) / step) + 1};
}

static int number_compare(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Whether value i has many more rows than those beside it: than the middle one of these, or, where
 * they lie apart on their grid, than its cells have. */
static int stands_out(const nqi_counts *counts, const nqi_grid *grid, size_t i)
{
    const size_t first = i < NEIGHBOURS ? 0 : i - NEIGHBOURS;
    const size_t last = counts->count - i <= NEIGHBOURS ? counts->count - 1 : i + NEIGHBOURS;
    size_t near[2 * NEIGHBOURS], n = 0, rows = 0;
    for (size_t k = first; k <= last; k++) {
        if (k == i)
            continue;
        near[n++] = counts->rows[k];
        rows += counts->rows[k];
    }
    if (!n)
        return 0;
    qsort(near, n, sizeof *near, number_compare);
    const double own = (double)counts->rows[i], middle = (double)near[n / 2];
    if (own >= OVER_LEVELS * middle && own >= middle + 4 * sqrt(middle) + 2)
        return 1;
    const double cells =
        grid->step > 0 ? (counts->value[last] - counts->value[first]) / grid->step : 0;
    return cells > 0 && own * cells >= OVER_CELLS * (double)rows;
}

/* Of too many spikes the most frequent stay. */
static size_t spikes_thin(unsigned char *marks, const nqi_counts *counts, size_t found)
{
    size_t least = SPIKE_ROWS;
    while (found > SPIKES_MOST) {
        size_t lowest = SIZE_MAX;
        for (size_t i = 0; i < counts->count; i++)
            if (marks[i] && counts->rows[i] < lowest)
                lowest = counts->rows[i];
        least = lowest;
        for (size_t i = 0; i < counts->count; i++)
            if (marks[i] && counts->rows[i] <= least) {
                marks[i] = 0;
                found--;
            }
    }
    return found;
}

static int is_frequent(const nqi_counts *counts, size_t i, double share)
{
    return counts->rows[i] >= SPIKE_ROWS &&
           (double)counts->rows[i] >= share * (double)counts->total;
}

/* Where few values differ, they are amounts of a tariff rather than points of a line: once some are
 * levels, rarer ones are too. */
size_t nqi_spikes_mark(unsigned char *marks, const nqi_counts *counts, const nqi_grid *grid)
{
    size_t found = 0;
    for (size_t i = 0; i < counts->count; i++) {
        marks[i] = is_frequent(counts, i, SPIKE_SHARE) && stands_out(counts, grid, i);
        found += marks[i];
    }
    for (size_t i = 0; found && counts->count <= SPIKES_MOST && i < counts->count; i++) {
        const int is_further = !marks[i] && is_frequent(counts, i, FURTHER_SHARE);
        if (is_further)
            marks[i] = 1;
        found += (size_t)is_further;
    }
    return spikes_thin(marks, counts, found);
}
