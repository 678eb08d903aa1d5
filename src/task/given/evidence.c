/* evidence.c - conditions on rows as evidence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "task/given/given.h"

/* A condition on one column whose value is known: a cell, not a condition. */
static int is_cell(const nqi_conditions *given, const nq_condition *item)
{
    return item->terms == 1 && !isnan(given->known[item->column[0]]);
}

int nqi_conditions_is_cells(const nqi_conditions *given)
{
    return given->known_count == given->count;
}

size_t nqi_conditions_misses(const nqi_conditions *given, const double *rows, size_t count)
{
    const size_t columns = nq_model_columns(given->model);
    size_t misses = 0;
    for (size_t r = 0; r < count; r++) {
        int all = 1;
        for (size_t i = 0; i < given->count; i++)
            all &= nq_condition_holds(given->model, &given->items[i], rows + r * columns);
        misses += !all;
    }
    return misses;
}

/* A real number is known as it is; any other value must be one that the model draws. */
static nq_status cells_check(nq_context *context, const nqi_conditions *given)
{
    nq_status status = NQ_OK;
    for (size_t i = 0; i < given->count && !status; i++) {
        const nq_condition *item = &given->items[i];
        nq_evidence *trial = NULL;
        if (!is_cell(given, item))
            continue;
        if (nq_model_is_recorded(given->model)
                ? nq_model_column_is_density(given->model, item->column[0]) &&
                      !nq_model_levels(given->model, item->column[0])
                : nq_model_is_density(given->model))
            continue;
        status = nq_evidence_conditions(&trial, context, given->model, item, 1, NULL, 1);
        nq_evidence_free(trial);
    }
    return status;
}

static int has_cells(const double *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isnan(rows[i]))
            return 1;
    return 0;
}

/* What is asked of rows, in memory of its own. */
typedef struct question {
    double *rows;         /* [count][columns] with the cells that are known by the conditions */
    unsigned char *holds; /* [count][asked_count] which conditions are asked of a row */
    nq_condition *asked;  /* [asked_count] those that are no cells */
    const nq_condition **list;
    size_t asked_count;
} question;

static nq_status question_new(question *out, nq_context *context, const nqi_conditions *given,
                              const double *rows, size_t count)
{
    const size_t columns = nq_model_columns(given->model);
    *out = (question){.asked_count = 0};
    if (columns && count > SIZE_MAX / sizeof *out->rows / columns)
        return nqi_fail_memory(context, "conditions on rows", SIZE_MAX);
    out->rows = malloc(count * columns * sizeof *out->rows + 1);
    out->holds = malloc(count * (given->count + 1));
    out->asked = calloc(given->count + 1, sizeof *out->asked);
    out->list = calloc(given->count + 1, sizeof *out->list);
    if (!out->rows || !out->holds || !out->asked || !out->list)
        return nqi_fail_memory(context, "conditions on rows",
                               count * columns * sizeof *out->rows);
    for (size_t i = 0; i < count * columns; i++)
        out->rows[i] = rows ? rows[i] : NAN;
    for (size_t i = 0; i < given->count; i++)
        if (!is_cell(given, &given->items[i])) {
            out->list[out->asked_count] = &given->items[i];
            out->asked[out->asked_count++] = given->items[i];
        }
    return NQ_OK;
}

static void question_free(question *q)
{
    free(q->rows);
    free(q->holds);
    free(q->asked);
    free(q->list);
}

static int is_complete(const nq_condition *item, const double *row)
{
    for (size_t k = 0; k < item->terms; k++)
        if (isnan(row[item->column[k]]))
            return 0;
    return 1;
}

/* A row's own cells must agree with the conditions. */
static nq_status row_check(nq_context *context, const nqi_conditions *given, const double *row,
                           size_t number)
{
    for (size_t i = 0; i < given->count; i++) {
        const nq_condition *item = &given->items[i];
        if (is_complete(item, row) && !nq_condition_holds(given->model, item, row))
            return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                            NQI_OPTION "given cannot be met in row %zu: its own column \"%s\"%s "
                                       "says otherwise",
                            number + 1, given->names[item->column[0]],
                            item->terms > 1 ? " (and others)" : "");
    }
    return NQ_OK;
}

/* Puts cells into rows that lack them. Conditions on the cells that a row has are no question. */
static nq_status rows_join(question *q, nq_context *context, const nqi_conditions *given,
                           size_t count, const size_t *numbers)
{
    const size_t columns = nq_model_columns(given->model);
    nq_status status = NQ_OK;
    for (size_t r = 0; r < count && !status; r++) {
        double *row = q->rows + r * columns;
        status = row_check(context, given, row, numbers ? numbers[r] : r);
        for (size_t i = 0; i < q->asked_count; i++)
            q->holds[r * q->asked_count + i] = (unsigned char)!is_complete(q->list[i], row);
        for (size_t c = 0; c < columns; c++)
            if (isnan(row[c]))
                row[c] = given->known[c];
    }
    return status;
}

nq_status nqi_conditions_evidence(nq_evidence **out, nq_evidence *parts[2], nq_context *context,
                                  const nqi_conditions *given, const double *rows, size_t count,
                                  const size_t *numbers)
{
    const size_t columns = nq_model_columns(given->model);
    question q;
    size_t some = 0;
    *out = parts[0] = parts[1] = NULL;
    nq_status status = question_new(&q, context, given, rows, count);
    if (!status)
        status = rows_join(&q, context, given, count, numbers);
    if (!status)
        status = cells_check(context, given);
    if (!status && has_cells(q.rows, count * columns))
        status = nq_evidence_clamp(&parts[some++], context, given->model, q.rows, count);
    if (!status && q.asked_count)
        status = nq_evidence_conditions(&parts[some++], context, given->model, q.asked,
                                        q.asked_count, q.holds, count);
    if (!status)
        status = nq_evidence_product(out, context, (const nq_evidence *const *)parts, some);
    question_free(&q);
    return status;
}
