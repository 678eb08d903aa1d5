/* given.c - conditions on rows as evidence: what is asked, and whether it can be. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "evidence/given.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "evidence/kind.h"

void nqi_given_free(nqi_given *given, size_t count)
{
    for (size_t i = 0; given && i < count; i++) {
        free(given[i].cell);
        free(given[i].coefficient);
        free(given[i].ends);
        free(given[i].allowed);
        free(given[i].holds);
    }
    free(given);
}

static int is_numeric(const nqi_cell *cell)
{
    return !nq_model_column_is_text(cell->model, cell->column);
}

static int is_fixed(const nqi_cell *cell)
{
    return !cell->levels && cell->score_number == NQI_NO_NUMBER;
}

/* Whether its number is a real one, of which one value has no probability. */
static int is_real(const nqi_cell *cell)
{
    return cell->score_number != NQI_NO_NUMBER && cell->home == cell->column && !(cell->step > 0);
}

static nq_status condition_check(const nq_condition *in, nq_context *context,
                                 const nq_model *model)
{
    char label[NQI_LABEL];
    const size_t columns = nq_model_columns(model);
    if (!in->terms || (in->levels && in->terms > 1) || (!in->levels && !in->intervals))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "a condition of %zu columns and %zu intervals: expected columns, and "
                        "intervals or (of one column) levels",
                        in->terms, in->intervals);
    for (size_t k = 0; k < in->terms; k++) {
        if (in->column[k] >= columns || (k && in->column[k] <= in->column[k - 1]))
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "a condition on column %zu: expected columns of the %zu that the "
                            "model has, in rising order",
                            in->column[k] + 1, columns);
        if (!isfinite(in->coefficient[k]) || in->coefficient[k] == 0)
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "a coefficient of %s is %.9g: expected a finite number that is not 0",
                            nqi_evidence_label(label, model, in->column[k]), in->coefficient[k]);
        const nqi_cell cell = nqi_cell_of(model, in->column[k]);
        if (!in->levels && !is_numeric(&cell))
            return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                            "%s holds text: expected levels of it, not a number",
                            nqi_evidence_label(label, model, in->column[k]));
    }
    for (size_t i = 0; i < 2 * in->intervals; i++)
        if (isnan(in->ends[i]) || (i && in->ends[i] < in->ends[i - 1]))
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "an interval of a condition ends at %.9g: expected ends that rise",
                            in->ends[i]);
    return NQ_OK;
}

/* The least that a sum can change by: 0 where a term is real. */
static double step_of(const nqi_given *given)
{
    double least = INFINITY;
    for (size_t k = 0; k < given->terms; k++) {
        const nqi_cell *cell = &given->cell[k];
        const double size = fabs(given->coefficient[k]);
        if (is_real(cell))
            return 0;
        if (cell->step > 0)
            least = fmin(least, size * cell->step);
        for (size_t i = 0; i < cell->levels; i++)
            for (size_t j = 0; j < cell->levels; j++) {
                const double gap = nqi_cell_value(cell, i, 0) - nqi_cell_value(cell, j, 0);
                if (gap > 0 && isfinite(gap) && !nqi_cell_is_number(cell, i) &&
                    !nqi_cell_is_number(cell, j))
                    least = fmin(least, size * gap);
            }
    }
    return isfinite(least) ? least : 0;
}

/* The last term whose cell varies is drawn last. */
static void pivot_choose(nqi_given *given)
{
    for (size_t k = 0; k < given->terms; k++) {
        const nqi_cell *best = &given->cell[given->pivot], *own = &given->cell[k];
        if (!is_fixed(own) && (is_fixed(best) || own->home >= best->home))
            given->pivot = k;
    }
    given->home = nqi_cell_of(given->cell[0].model, given->cell[given->pivot].home);
}

static nq_status given_copy(nqi_given *out, nq_context *context, const nq_model *model,
                            const nq_condition *in)
{
    const size_t levels = in->levels ? nq_model_levels(model, in->column[0]) : 0;
    const nqi_cell first = nqi_cell_of(model, in->column[0]);
    out->terms = in->terms;
    out->intervals = in->levels ? 0 : in->intervals;
    out->cell = calloc(in->terms, sizeof *out->cell);
    out->coefficient = calloc(in->terms, sizeof *out->coefficient);
    out->ends = calloc(2 * out->intervals + 1, sizeof *out->ends);
    if (levels)
        out->allowed = calloc(levels > first.levels ? levels : first.levels + 1, 1);
    if (!out->cell || !out->coefficient || !out->ends || (levels && !out->allowed))
        return nqi_fail_memory(context, "a condition", in->terms * sizeof *out->cell);
    for (size_t k = 0; k < in->terms; k++) {
        out->cell[k] = nqi_cell_of(model, in->column[k]);
        out->coefficient[k] = in->coefficient[k];
    }
    if (out->intervals)
        memcpy(out->ends, in->ends, 2 * out->intervals * sizeof *out->ends);
    /* levels of a column that follows stand at those of its home */
    for (size_t k = 0; levels && k < first.levels; k++)
        for (size_t j = 0; j < levels; j++) {
            const double own = nq_model_level_value(model, in->column[0], j);
            const int same = first.home == first.column ? j == k : own == first.level_value[k];
            if (same && in->levels[j])
                out->allowed[k] = 1;
        }
    out->step = step_of(out);
    pivot_choose(out);
    return NQ_OK;
}

/* Whether some value of a single column meets its condition. */
static int can_be(const nqi_given *given)
{
    const nqi_cell *cell = &given->cell[0];
    double room[16] = {0};
    const nqi_cell_set set = {cell, given->ends,   given->intervals, given->coefficient[0],
                              0,    given->allowed};
    if (is_fixed(cell))
        return nqi_cell_set_has(&set, 0, cell->fixed);
    for (size_t k = 0; k < cell->levels; k++)
        if (!(nqi_cell_is_number(cell, k) && cell->home == cell->column) || given->allowed)
            if (nqi_cell_set_has(&set, k, nqi_cell_value(cell, k, 0)))
                return 1;
    if (given->allowed || cell->score_number == NQI_NO_NUMBER || cell->home != cell->column)
        return 0;
    for (size_t i = 0; i < given->intervals; i++) {
        nqi_cell_law law = {.ends = room, .spare = room + 8, .pieces = 1, .deviation = 1};
        const nqi_cell_set one = {cell, given->ends + 2 * i, 1, given->coefficient[0], 0, NULL};
        const nqi_cell number = {.model = cell->model,
                                 .column = cell->column,
                                 .home = cell->home,
                                 .code = cell->code,
                                 .score_number = cell->score_number,
                                 .level_number = NQI_NO_NUMBER};
        room[0] = -INFINITY;
        room[1] = INFINITY;
        if (nqi_cell_hold(&law, &number, &one, 1) > -INFINITY)
            return 1;
    }
    return 0;
}

/* Smallest and largest sum that columns can have; of real numbers without end. */
static void range_of(const nqi_given *given, double *low, double *high)
{
    *low = *high = 0;
    for (size_t k = 0; k < given->terms; k++) {
        const nqi_cell *cell = &given->cell[k];
        double least = INFINITY, most = -INFINITY;
        if (is_fixed(cell))
            least = most = cell->fixed;
        for (size_t i = 0; i < cell->levels; i++) {
            const double x = nqi_cell_value(cell, i, 0);
            if (isfinite(x) && !(nqi_cell_is_number(cell, i) && cell->home == cell->column)) {
                least = fmin(least, x);
                most = fmax(most, x);
            }
        }
        if (is_real(cell)) {
            least = -INFINITY;
            most = INFINITY;
        } else if (cell->score_number != NQI_NO_NUMBER && cell->home == cell->column) {
            least = fmin(least, cell->code->warp.grid.least);
            most = fmax(most, cell->code->warp.grid.most);
        }
        const double a = given->coefficient[k];
        *low += fmin(a * least, a * most);
        *high += fmax(a * least, a * most);
    }
}

static nq_status possible_check(const nqi_given *given, nq_context *context)
{
    char label[NQI_LABEL];
    double low, high, wide = 0;
    int any = 0, real = 0;
    for (size_t k = 0; k < given->terms; k++)
        real |= is_real(&given->cell[k]);
    nqi_evidence_label(label, given->cell[0].model, given->cell[0].column);
    for (size_t i = 0; i < given->intervals; i++)
        wide = fmax(wide, given->ends[2 * i + 1] - given->ends[2 * i]);
    if (real && given->intervals && !(wide > 0) &&
        (given->terms > 1 || !given->cell[0].levels || !can_be(given)))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "a condition on %s%s holds for one value of real numbers, which has "
                        "probability 0: expected a tolerance, such as x+y=100+-0.5",
                        label, given->terms > 1 ? " and others" : "");
    if (given->terms == 1)
        return can_be(given) ? NQ_OK
                             : nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                                        "a condition on %s cannot be met: the model draws no "
                                        "such value",
                                        label);
    range_of(given, &low, &high);
    for (size_t i = 0; i < given->intervals; i++)
        any |= given->ends[2 * i] <= high + 1e-9 * fabs(high) &&
               given->ends[2 * i + 1] >= low - 1e-9 * fabs(low);
    return any ? NQ_OK
               : nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                          "a condition on %s and others cannot be met: what the model draws sums "
                          "to %.9g..%.9g",
                          label, low, high);
}

static nq_status all_load(nq_evidence *out, nq_context *context, const nq_condition *conditions,
                          const unsigned char *holds)
{
    char label[NQI_LABEL];
    nq_status status = NQ_OK;
    for (size_t i = 0; i < out->observations && !status; i++) {
        nqi_given *given = &out->given[i];
        if ((status = condition_check(&conditions[i], context, out->model)) ||
            (status = given_copy(given, context, out->model, &conditions[i])) ||
            (status = possible_check(given, context)))
            return status;
        for (size_t j = 0; j < i && given->terms == 1; j++)
            if (out->given[j].terms == 1 && out->given[j].cell[0].column == given->cell[0].column)
                return nqi_fail(context, NQ_ERROR_ARGUMENT,
                                "two conditions on %s alone: expected one, with what meets both",
                                nqi_evidence_label(label, out->model, given->cell[0].column));
        given->holds = malloc(out->targets);
        if (!given->holds)
            return nqi_fail_memory(context, "conditions", out->targets);
        for (size_t r = 0; r < out->targets; r++)
            given->holds[r] = (unsigned char)((!holds || holds[r * out->observations + i]) &&
                                              !is_fixed(&given->cell[given->pivot]));
    }
    return status;
}

nq_status nq_evidence_conditions(nq_evidence **out, nq_context *context, const nq_model *model,
                                 const nq_condition *conditions, size_t count,
                                 const unsigned char *holds, size_t targets)
{
    *out = NULL;
    if (!count)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "0 conditions: expected at least 1");
    nq_status status = nqi_evidence_new(out, context, &nqi_evidence_given, model, targets);
    if (status)
        return status;
    (*out)->given = calloc(count, sizeof *(*out)->given);
    (*out)->observations = (*out)->given ? count : 0;
    status = (*out)->given ? all_load(*out, context, conditions, holds)
                           : nqi_fail_memory(context, "conditions", count * sizeof(nqi_given));
    if (status) {
        nq_evidence_free(*out);
        *out = NULL;
    }
    return status;
}

int nq_condition_holds(const nq_model *model, const nq_condition *condition, const double *row)
{
    double sum = 0, size = 0;
    if (condition->levels) {
        const double x = row[condition->column[0]];
        for (size_t k = 0; k < nq_model_levels(model, condition->column[0]); k++) {
            const double own = nq_model_level_value(model, condition->column[0], k);
            if (condition->levels[k] && (own == x || (isnan(own) && isnan(x))))
                return 1;
        }
        return 0;
    }
    for (size_t k = 0; k < condition->terms; k++) {
        sum += condition->coefficient[k] * row[condition->column[k]];
        size = fmax(size, fabs(condition->coefficient[k] * row[condition->column[k]]));
    }
    const double near = condition->terms > 1 ? 1e-9 * size : 0;
    for (size_t i = 0; i < condition->intervals; i++)
        if (sum >= condition->ends[2 * i] - near && sum <= condition->ends[2 * i + 1] + near)
            return 1;
    return 0;
}
