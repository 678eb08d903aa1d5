/* moments.c - mean and deviation of a column's numbers, from what the model keeps of them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/gauss/gauss.h"
#include "model/model.h"

/* Sums of weight, weight x and weight x^2, x counted from `from`. */
typedef struct moments {
    double from, weight, first, second;
} moments;

static void add(moments *out, double weight, double x, double variance)
{
    const double gap = x - out->from;
    out->weight += weight;
    out->first += weight * gap;
    out->second += weight * (gap * gap + variance);
}

/* Evenly between knots. */
static void add_warp(moments *out, const nqi_warp *warp, double weight)
{
    if (warp->kind == NQI_WARP_SMOOTH && warp->knots == 2) {
        const double width = 0.5 * (warp->x[1] - warp->x[0]); /* y is -1 and 1 there */
        add(out, weight, 0.5 * (warp->x[0] + warp->x[1]), width * width);
        return;
    }
    for (size_t i = 0; i + 1 < warp->knots; i++) {
        const double width = warp->x[i + 1] - warp->x[i];
        const double mass = warp->kind == NQI_WARP_SCORES
                                ? warp->y[i + 1] - warp->y[i]
                                : nqi_gauss_cdf(warp->y[i + 1]) - nqi_gauss_cdf(warp->y[i]);
        add(out, weight * mass, 0.5 * (warp->x[i] + warp->x[i + 1]), width * width / 12);
    }
}

void nqi_code_moments(const nqi_code *code, double *mean, double *deviation)
{
    moments sums = {.from = code->warp.knots ? code->warp.x[code->warp.knots / 2]
                            : isnan(code->level[0]) && code->level_count > 1 ? code->level[1]
                                                                             : code->level[0]};
    for (size_t k = 0; k < code->level_count; k++) {
        if (isfinite(code->level[k]))
            add(&sums, code->frequency[k], code->level[k], 0);
        else if (isinf(code->level[k]))
            add_warp(&sums, &code->warp, code->frequency[k]);
    }
    if (!code->level_count)
        add_warp(&sums, &code->warp, 1);
    const double middle = sums.first / sums.weight;
    *mean = sums.from + middle;
    *deviation = sqrt(fmax(sums.second / sums.weight - middle * middle, 0));
}
