/* smooth.c - a rising cubic Hermite curve with straight ends: value, slope and inverse. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/gauss/gauss.h"
#include "table/warp/kinds.h"

/* One piece, on t in 0..1. With D the secant its slope is, in Bernstein's form,
 * d0 (1-t)^2 + 2 (3 D - d0 - d1) t (1-t) + d1 t^2: at no t a difference near 0. */
typedef struct piece {
    double x, y, width;
    double secant, d0, d1;
} piece;

static piece piece_of(const nqi_warp *w, size_t i)
{
    const double width = w->x[i + 1] - w->x[i];
    return (piece){w->x[i],     w->y[i],        width, (w->y[i + 1] - w->y[i]) / width,
                   w->slope[i], w->slope[i + 1]};
}

static double piece_slope(const piece *p, double t)
{
    const double s = 1 - t, between = 3 * p->secant - p->d0 - p->d1;
    return p->d0 * s * s + 2 * between * t * s + p->d1 * t * t;
}

/* y above the piece's start: the integral of that. */
static double piece_rise(const piece *p, double t)
{
    const double s = 1 - t, between = 3 * p->secant - p->d0 - p->d1;
    return p->width * t *
           (p->d0 * (1 + s + s * s) / 3 + between * t * (1 - 2 * t / 3) + p->d1 * t * t / 3);
}

double nqi_warp_at(const nqi_warp *w, double x, double *log_slope)
{
    const size_t last = w->knots - 1, end = x < w->x[0] ? 0 : last;
    if (x < w->x[0] || x >= w->x[last]) {
        if (log_slope)
            *log_slope = log(w->slope[end]);
        return w->y[end] + w->slope[end] * (x - w->x[end]);
    }
    const piece p = piece_of(w, nqi_warp_interval(w->x, w->knots, x));
    const double t = (x - p.x) / p.width;
    if (log_slope)
        *log_slope = log(piece_slope(&p, t));
    return p.y + piece_rise(&p, t);
}

/* Newton's steps, or halves where one would leave what encloses the answer. */
static double piece_inverse(const piece *p, double rise)
{
    double low = 0, high = 1, t = rise / (p->secant * p->width);
    for (int i = 0; i < 100; i++) {
        const double gap = piece_rise(p, t) - rise;
        if (gap > 0)
            high = t;
        else
            low = t;
        double next = t - gap / (p->width * piece_slope(p, t));
        if (!(next >= low && next <= high))
            next = 0.5 * (low + high);
        if (next == t || high - low < 1e-16)
            break;
        t = next;
    }
    return p->x + p->width * t;
}

double nqi_warp_inverse(const nqi_warp *w, double y)
{
    const size_t last = w->knots - 1, end = y < w->y[0] ? 0 : last;
    if (y < w->y[0] || y >= w->y[last])
        return w->x[end] + (y - w->y[end]) / w->slope[end];
    const piece p = piece_of(w, nqi_warp_interval(w->y, w->knots, y));
    return isnan(y) ? y : piece_inverse(&p, y - p.y);
}

double nqi_smooth_score(const nqi_warp *warp, double x, double u, double *share)
{
    const double step = warp->grid.step;
    const double spread = step > 0 ? nqi_grid_snap(&warp->grid, x) + (u - 0.5) * step : x;
    const double y = nqi_warp_at(warp, spread, share);
    if (share && step > 0)
        *share += log(step);
    return y;
}

void nqi_smooth_edges(const nqi_warp *warp, double x, double *low, double *high)
{
    const nqi_grid *grid = &warp->grid;
    const double bin = nqi_grid_bin(grid, x);
    *low = bin == 0 ? -INFINITY : nqi_warp_at(warp, nqi_grid_edge(grid, bin), NULL);
    *high = bin == nqi_grid_bins(grid) - 1
                ? INFINITY
                : nqi_warp_at(warp, nqi_grid_edge(grid, bin + 1), NULL);
}

/* A bin so narrow that float64 has one number for it is a density times its width. */
double nqi_smooth_log_mass(const nqi_warp *warp, double x)
{
    double low = 0, high = 0, share;
    if (warp->grid.step > 0 && !isnan(x))
        nqi_smooth_edges(warp, x, &low, &high);
    if (high > low)
        return nqi_gauss_log_mass(low, high);
    const double y = nqi_smooth_score(warp, x, 0.5, &share);
    return nqi_gauss_log_density(y) + share;
}

double nqi_smooth_value(const nqi_warp *warp, double y)
{
    return nqi_grid_snap(&warp->grid, nqi_warp_inverse(warp, y));
}

/* A circle of 3 secants around no slope holds only curves that rise (Fritsch & Carlson 1980). */
const char *nqi_smooth_fault(const nqi_warp *w)
{
    for (size_t i = 0; i < w->knots; i++)
        if (!(w->slope[i] > 0 && isfinite(w->slope[i]) && isfinite(1 / w->slope[i])))
            return "a slope is not above 0";
    for (size_t i = 0; i + 1 < w->knots; i++) {
        const piece p = piece_of(w, i);
        const double a = p.d0 / p.secant, b = p.d1 / p.secant;
        if (!(isfinite(p.secant) && p.secant > 0 && a * a + b * b <= 9 * (1 + 1e-9)))
            return "its slopes are so steep that it falls between knots";
    }
    return NULL;
}
