/* smooth_fit.c - a smooth warp through the normal scores of a column's quantiles. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/gauss/gauss.h"
#include "table/warp/kinds.h"

/* Slopes stay within this circle of secants, inside that of radius 3 where a curve would touch
 * slope 0; and knots this part of the range apart, or a slope would be chance. */
static const double circle = 2.9, least_gap = 1e-9;

/* Values are rising and may repeat; the copies of one are spread over its bin, if it has one. */
typedef struct column {
    const double *value;
    size_t rows;
    double step;
} column;

/* First of the rows that have the value of row i, and the row after the last. */
static void copies(const column *c, size_t i, size_t *first, size_t *end)
{
    *first = i;
    while (*first > 0 && c->value[*first - 1] == c->value[i])
        --*first;
    for (*end = i + 1; *end < c->rows && c->value[*end] == c->value[i];)
        ++*end;
}

/* A point of the curve: x, and y from the mean rank. */
static void point(const column *c, size_t i, double *x, double *y)
{
    size_t first, end;
    copies(c, i, &first, &end);
    const double place = ((double)(i - first) + 0.5) / (double)(end - first) - 0.5;
    const double rank = c->step > 0 ? (double)i + 0.5 : 0.5 * ((double)first + (double)end);
    const double rows = (double)c->rows, below = rank / rows, above = (rows - rank) / rows;
    *x = c->value[i] + c->step * place;
    *y = below < 0.5 ? nqi_gauss_quantile(below) : -nqi_gauss_quantile(above);
}

static size_t points_of(double *x, double *y, const column *c)
{
    size_t rank[NQI_WARP_RANKS + 2], lower, count = 0;
    const size_t inner = nqi_warp_ranks(rank + 1, &lower, c->rows);
    const double range = c->value[c->rows - 1] - c->value[0] + c->step;
    rank[0] = 0;
    rank[inner + 1] = c->rows - 1;
    for (size_t i = 0; i < inner + 2; i++) {
        point(c, rank[i], &x[count], &y[count]);
        if (!count || (y[count] > y[count - 1] && x[count] - x[count - 1] > least_gap * range))
            count++;
    }
    return count;
}

/* Harmonic means of the secants on both sides (Fritsch & Butland 1984), then within the circle. */
static void slopes_make(nqi_warp *w)
{
    const size_t last = w->knots - 1;
    for (size_t i = 0; i <= last; i++) {
        const size_t before = i ? i - 1 : 0, after = i < last ? i : last - 1;
        const double h0 = w->x[before + 1] - w->x[before], h1 = w->x[after + 1] - w->x[after];
        const double d0 = (w->y[before + 1] - w->y[before]) / h0;
        const double d1 = (w->y[after + 1] - w->y[after]) / h1;
        w->slope[i] = 3 * (h0 + h1) / ((2 * h1 + h0) / d0 + (h1 + 2 * h0) / d1);
    }
    for (size_t i = 0; i < last; i++) {
        const double secant = (w->y[i + 1] - w->y[i]) / (w->x[i + 1] - w->x[i]);
        const double far = hypot(w->slope[i], w->slope[i + 1]) / (circle * secant);
        if (far > 1) {
            w->slope[i] /= far;
            w->slope[i + 1] /= far;
        }
    }
}

/* One value alone: as if its deviation were 1, or one step. */
static void lone_value(nqi_warp *w, double x)
{
    const double deviation = w->grid.step > 0 ? w->grid.step : fmax(1, fabs(x) * 0x1p-40);
    for (size_t i = 0; i < 2; i++) {
        w->x[i] = i ? x + deviation : x - deviation;
        w->y[i] = i ? 1 : -1;
        w->slope[i] = 1 / deviation;
    }
    w->knots = 2;
}

nq_status nqi_smooth_fit(nqi_warp *out, const double *value, size_t rows)
{
    double x[NQI_WARP_RANKS + 2], y[NQI_WARP_RANKS + 2];
    const column c = {value, rows, out->grid.step};
    const size_t count = points_of(x, y, &c);
    if (!nqi_warp_room(out, count < 2 ? 2 : count))
        return NQ_ERROR_MEMORY;
    if (count < 2) {
        lone_value(out, value[0]);
        return NQ_OK;
    }
    for (size_t i = 0; i < count; i++) {
        out->x[i] = x[i];
        out->y[i] = y[i];
    }
    slopes_make(out);
    return NQ_OK;
}
