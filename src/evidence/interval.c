/* interval.c - evidence that a number of a table lies between two others. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/gauss/gauss.h"
#include "core/monitor.h"
#include "evidence/kind.h"

/* Levels that are numbers in the interval: of a column with a score, its spikes. */
static size_t levels_within(const nqi_code *code, double low, double high)
{
    size_t count = 0;
    for (size_t k = 0; k < code->level_count; k++)
        count += isfinite(code->level[k]) && code->level[k] >= low && code->level[k] <= high;
    return count;
}

int nqi_interval_scores(double ends[2], const nqi_code *code, double low, double high)
{
    const nqi_grid *grid = &code->warp.grid;
    double none;
    if (!(grid->step > 0)) {
        ends[0] = isinf(low) ? low : nqi_warp_at(&code->warp, low, NULL);
        ends[1] = isinf(high) ? high : nqi_warp_at(&code->warp, high, NULL);
        return low < high;
    }
    const double near = 1e-3 * grid->step; /* numbers of arrays may have been rounded */
    double first = fmax(low, grid->least), last = fmin(high, grid->most);
    first = nqi_grid_snap(grid, first) + (nqi_grid_snap(grid, first) < first - near) * grid->step;
    last = nqi_grid_snap(grid, last) - (nqi_grid_snap(grid, last) > last + near) * grid->step;
    const double cells = nearbyint((last - first) / grid->step) + 1;
    if (cells <= (double)levels_within(code, first - near, last + near))
        return 0;
    nqi_warp_edges(&code->warp, first, &ends[0], &none);
    nqi_warp_edges(&code->warp, last, &none, &ends[1]);
    return 1;
}

/* Weights of the levels, and their sum. A score is held to the interval whatever the level is,
 * which spikes, whose scores mean nothing, make up for. ends NaN: no score is held. */
static double weights_of(double *weight, const nqi_code *code, const double ends[2], double low,
                         double high)
{
    const int is_held = !isnan(ends[0]), has_score = code->score_number != NQI_NO_NUMBER;
    const double mass = is_held ? nqi_gauss_log_mass(ends[0], ends[1]) : 0;
    double sum = 0;
    for (size_t k = 0; k < code->level_count; k++) {
        const double x = code->level[k];
        const int is_other = has_score && k + 1 == code->level_count;
        weight[k] = is_other ? is_held : x >= low && x <= high ? exp(-mass) : 0;
        sum += weight[k];
    }
    return sum;
}

static nq_status target_load(nq_evidence *evidence, nq_context *context, size_t column,
                             double low, double high, size_t target)
{
    const nqi_code *code = &evidence->model->scaling.coding->code[column];
    double *ends = evidence->range + 2 * target, weight[NQI_LEVELS_MOST + 2];
    if (!(low <= high))
        return nqi_cell_fail(context, evidence->model, target, column, low,
                             "the lower end of an interval, at most the upper one");
    if (code->score_number == NQI_NO_NUMBER || !nqi_interval_scores(ends, code, low, high))
        ends[0] = ends[1] = NAN;
    if (!(weights_of(weight, code, ends, low, high) > 0) && isnan(ends[0]))
        return nqi_cell_fail(context, evidence->model, target, column, low,
                             "an interval that holds a number of training rows");
    return nqi_model_level_number(evidence->model, column) != NQI_NO_NUMBER
               ? nqi_weights_load(evidence, context, column, weight, target)
               : NQ_OK;
}

nq_status nq_evidence_interval(nq_evidence **out, nq_context *context, const nq_model *model,
                               size_t column, const double *low, const double *high,
                               size_t targets)
{
    char label[NQI_LABEL];
    *out = NULL;
    if (!model->scaling.coding || column >= model->scaling.columns)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "an interval for %s: expected a column of a mixed model",
                        nqi_evidence_label(label, model, column));
    const nqi_code *code = &model->scaling.coding->code[column];
    if (nq_model_column_is_text(model, column) ||
        (code->score_number == NQI_NO_NUMBER &&
         nqi_model_level_number(model, column) == NQI_NO_NUMBER))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "an interval for %s, which %s: expected a column of numbers that vary",
                        nqi_evidence_label(label, model, column),
                        nq_model_column_is_text(model, column) ? "holds text (its levels have "
                                                                 "weights: nq_evidence_levels)"
                                                               : "is constant");
    nq_status status = nqi_levels_new(out, context, model, targets);
    if (status)
        return status;
    (*out)->range_number = code->score_number;
    (*out)->range = malloc(2 * targets * sizeof *(*out)->range);
    if (!(*out)->range)
        status = nqi_fail_memory(context, "intervals", 2 * targets * sizeof *low);
    for (size_t r = 0; r < targets && !status; r++) {
        (*out)->range[2 * r] = (*out)->range[2 * r + 1] = NAN;
        if (!isnan(low[r]))
            status = target_load(*out, context, column, low[r], high[r], r);
        if (!status && r % NQI_TELL_ROWS == 0)
            status = nqi_tell(context, "looking at intervals", (double)r, (double)targets);
    }
    if (status) {
        nq_evidence_free(*out);
        *out = NULL;
    }
    return status;
}

/* A score of N(0, 1) held to the interval, from the nearer tail. */
static double draw_between(const double ends[2], double u, double *log_mass)
{
    const int is_upper = ends[0] > 0;
    const double near = is_upper ? -ends[1] : ends[0], far = is_upper ? -ends[0] : ends[1];
    const double first = nqi_gauss_cdf(near), p = first + u * (nqi_gauss_cdf(far) - first);
    *log_mass = nqi_gauss_log_mass(ends[0], ends[1]);
    const double y = p < 0.5 ? nqi_gauss_quantile(p) : -nqi_gauss_quantile(1 - p);
    return is_upper ? -y : y;
}

double nqi_range_spread(const nq_evidence *leaf, size_t target, double u, double *score)
{
    const double *ends = leaf->range + 2 * target;
    double log_mass;
    if (isnan(ends[0]))
        return 0;
    *score = draw_between(ends, u, &log_mass);
    return log_mass - nqi_gauss_log_density(*score);
}
