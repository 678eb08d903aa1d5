/* warp.c - warps made, checked and freed, and their two kinds. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/warp/warp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/sort/sort.h"
#include "table/warp/kinds.h"

typedef struct kind_calls {
    nq_status (*fit)(nqi_warp *out, const double *value, size_t rows);
    const char *(*fault)(const nqi_warp *warp);
    double (*score)(const nqi_warp *warp, double x, double u, double *share);
    double (*log_mass)(const nqi_warp *warp, double x);
    void (*edges)(const nqi_warp *warp, double x, double *low, double *high);
    double (*value)(const nqi_warp *warp, double y);
} kind_calls;

static const kind_calls kinds[] = {
    [NQI_WARP_SCORES] = {nqi_scores_fit, nqi_scores_fault, nqi_scores_score, nqi_scores_log_mass,
                         nqi_scores_edges, nqi_scores_value},
    [NQI_WARP_SMOOTH] = {nqi_smooth_fit, nqi_smooth_fault, nqi_smooth_score, nqi_smooth_log_mass,
                         nqi_smooth_edges, nqi_smooth_value},
};
enum { KINDS = sizeof kinds / sizeof kinds[0], KNOTS_MOST = 1 << 20 };

int nqi_warp_room(nqi_warp *out, size_t knots)
{
    out->x = calloc(3 * knots, sizeof *out->x);
    if (!out->x)
        return 0;
    out->knots = knots;
    out->y = out->x + knots;
    out->slope = out->kind == NQI_WARP_SMOOTH ? out->y + knots : NULL;
    return 1;
}

void nqi_warp_free(nqi_warp *warp)
{
    free(warp->x);
    memset(warp, 0, sizeof *warp);
}

size_t nqi_warp_interval(const double *v, size_t count, double at)
{
    size_t low = 0, high = count - 1;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (v[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static int rises(const double *v, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(v[i]) || (i && !(v[i] > v[i - 1])))
            return 0;
    return 1;
}

static const char *fault_of(const nqi_warp *warp)
{
    if (!rises(warp->x, warp->knots) || !rises(warp->y, warp->knots))
        return "its knots do not rise";
    return kinds[warp->kind].fault(warp);
}

static nq_status refuse(nqi_warp *out, nq_context *context, nq_status status, const char *fault)
{
    nqi_warp_free(out);
    return nqi_fail(context, status, "the warp of a column: %s", fault);
}

nq_status nqi_warp_new(nqi_warp *out, nq_context *context, nqi_warp_kind kind,
                       const nqi_grid *grid, size_t knots, const double *x, const double *y,
                       const double *slope)
{
    *out = (nqi_warp){.kind = kind, .grid = *grid};
    const char *fault =
        (size_t)kind >= KINDS ? "its kind is unknown" : nqi_grid_fault(&out->grid);
    if (fault)
        return refuse(out, context, NQ_ERROR_FORMAT, fault);
    if (knots < 2 || knots > KNOTS_MOST || (kind == NQI_WARP_SMOOTH && !slope))
        return refuse(out, context, NQ_ERROR_FORMAT, "expected 2 to 1048576 knots");
    if (!nqi_warp_room(out, knots))
        return nqi_fail_memory(context, "the warp of a column", 3 * knots * sizeof *x);
    memcpy(out->x, x, knots * sizeof *x);
    memcpy(out->y, y, knots * sizeof *y);
    if (out->slope)
        memcpy(out->slope, slope, knots * sizeof *slope);
    nqi_grid_settle(&out->grid);
    fault = fault_of(out);
    return fault ? refuse(out, context, NQ_ERROR_FORMAT, fault) : NQ_OK;
}

nq_status nqi_warp_copy(nqi_warp *out, const nqi_warp *from)
{
    return nqi_warp_new(out, NULL, from->kind, &from->grid, from->knots, from->x, from->y,
                        from->slope);
}

nq_status nqi_warp_linear(nqi_warp *out, nq_context *context, const nqi_grid *grid, double mean,
                          double deviation)
{
    const double x[2] = {mean - deviation, mean + deviation}, y[2] = {-1, 1};
    const double slope[2] = {1 / deviation, 1 / deviation};
    return nqi_warp_new(out, context, NQI_WARP_SMOOTH, grid, 2, x, y, slope);
}

nq_status nqi_warp_fit(nqi_warp *out, nq_context *context, nqi_warp_kind kind,
                       const nqi_grid *grid, const double *column, size_t rows)
{
    *out = (nqi_warp){.kind = kind, .grid = *grid};
    const char *fault = nqi_grid_fault(grid);
    if (fault)
        return refuse(out, context, NQ_ERROR_ARGUMENT, fault);
    if (kind == NQI_WARP_SCORES && !(grid->step > 0))
        return refuse(out, context, NQ_ERROR_ARGUMENT, "its numbers are on no grid");
    nqi_grid_settle(&out->grid);
    double *value = malloc((rows ? rows : 1) * sizeof *value);
    if (!value)
        return nqi_fail_memory(context, "the warp of a column", rows * sizeof *value);
    size_t count = 0;
    for (size_t i = 0; i < rows; i++)
        if (isfinite(column[i]))
            value[count++] = column[i];
    nq_status status = nqi_sort(context, value, count, sizeof *value, nqi_double_compare);
    if (!status && count)
        status = kinds[kind].fit(out, value, count);
    free(value);
    if (status == NQ_ERROR_STOPPED)
        return status;
    if (status)
        return nqi_fail_memory(context, "the warp of a column",
                               3 * NQI_WARP_PARTS * sizeof *value);
    return count ? NQ_OK : refuse(out, context, NQ_ERROR_ARGUMENT, "no row has a number");
}

double nqi_warp_score(const nqi_warp *warp, double x, double u, double *share)
{
    return kinds[warp->kind].score(warp, x, u, share);
}

double nqi_warp_log_mass(const nqi_warp *warp, double x)
{
    return kinds[warp->kind].log_mass(warp, x);
}

void nqi_warp_edges(const nqi_warp *warp, double x, double *low, double *high)
{
    kinds[warp->kind].edges(warp, x, low, high);
}

double nqi_warp_value(const nqi_warp *warp, double y)
{
    return kinds[warp->kind].value(warp, y);
}
