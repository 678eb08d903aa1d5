/* given_evidence.c - conditions on rows as evidence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "message.h"
#include "number.h"
#include "session.h"

/* A condition on one column whose value is known: a cell, not a condition. */
static int is_cell(const given_list *list, const nq_condition *item)
{
    return item->terms == 1 && !isnan(list->known[item->column[0]]);
}

int given_is_cells(const given_list *list)
{
    return list->known_count == list->count;
}

size_t given_misses(const given_list *list, const double *rows, size_t count)
{
    const size_t columns = nq_model_columns(list->model);
    size_t misses = 0;

    for (size_t r = 0; r < count; r++) {
        int all = 1;

        for (size_t i = 0; i < list->count; i++)
            all &= nq_condition_holds(list->model, &list->items[i], rows + r * columns);
        misses += !all;
    }
    return misses;
}

/* A real number is known as it is; any other value must be one that the model draws. */
static nq_status cells_check(nq_context *context, const given_list *list)
{
    nq_status status = NQ_OK;

    for (size_t i = 0; i < list->count && !status; i++) {
        const nq_condition *item = &list->items[i];
        nq_evidence *trial = NULL;

        if (!is_cell(list, item))
            continue;
        if (nq_model_is_recorded(list->model)
                ? nq_model_column_is_density(list->model, item->column[0]) &&
                      !nq_model_levels(list->model, item->column[0])
                : nq_model_is_density(list->model))
            continue;
        status = nq_evidence_conditions(&trial, context, list->model, item, 1, NULL, 1);
        nq_evidence_free(trial);
    }
    return status;
}

/* Puts cells into rows that lack them; a row's own must agree. holds: of conditions on the cells
 * that a row has, which then are no question. */
static int rows_join(const given_list *list, double *rows, unsigned char *holds, size_t count,
                     const size_t *numbers, const nq_condition *const *asked, size_t asked_count)
{
    const size_t columns = nq_model_columns(list->model);

    for (size_t r = 0; r < count; r++) {
        double *row = rows + r * columns;

        for (size_t i = 0; i < list->count; i++) {
            const nq_condition *item = &list->items[i];
            int complete = 1;

            for (size_t k = 0; k < item->terms; k++)
                complete &= !isnan(row[item->column[k]]);
            if (complete && !nq_condition_holds(list->model, item, row))
                return message_fail("--given cannot be met in row %zu: its own column \"%s\"%s "
                                    "says otherwise",
                                    (numbers ? numbers[r] : r) + 1,
                                    shown(list->names[item->column[0]]).text,
                                    item->terms > 1 ? " (and others)" : "");
        }
        for (size_t i = 0; i < asked_count; i++) {
            int complete = 1;

            for (size_t k = 0; k < asked[i]->terms; k++)
                complete &= !isnan(row[asked[i]->column[k]]);
            holds[r * asked_count + i] = (unsigned char)!complete;
        }
        for (size_t c = 0; c < columns; c++)
            if (isnan(row[c]))
                row[c] = list->known[c];
    }
    return EXIT_DONE;
}

static int has_cells(const double *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isnan(rows[i]))
            return 1;
    return 0;
}

/* Memory of what is asked. */
typedef struct desk {
    double *rows;
    unsigned char *holds;
    nq_condition *asked;
    const nq_condition **list;
    size_t count;
} desk;

static int desk_new(desk *d, const given_list *list, const double *rows, size_t count)
{
    const size_t columns = nq_model_columns(list->model);

    d->rows = values_new(count, columns);
    d->holds = malloc(count * (list->count + 1));
    d->asked = calloc(list->count + 1, sizeof *d->asked);
    d->list = calloc(list->count + 1, sizeof *d->list);
    if (!d->rows || !d->holds || !d->asked || !d->list)
        return message_fail("out of memory");
    for (size_t i = 0; i < count * columns; i++)
        d->rows[i] = rows ? rows[i] : NAN;
    for (size_t i = 0; i < list->count; i++)
        if (!is_cell(list, &list->items[i])) {
            d->list[d->count] = &list->items[i];
            d->asked[d->count++] = list->items[i];
        }
    return EXIT_DONE;
}

static void desk_free(desk *d)
{
    free(d->rows);
    free(d->holds);
    free(d->asked);
    free(d->list);
}

int given_evidence(nq_evidence **out, nq_evidence *parts[2], nq_context *context,
                   const given_list *list, const double *rows, size_t count,
                   const size_t *numbers)
{
    const size_t columns = nq_model_columns(list->model);
    desk d = {.count = 0};
    nq_status status = NQ_OK;
    size_t some = 0;
    int code = desk_new(&d, list, rows, count);

    *out = parts[0] = parts[1] = NULL;
    if (!code)
        code = rows_join(list, d.rows, d.holds, count, numbers, d.list, d.count);
    if (!code && !(status = cells_check(context, list)) && has_cells(d.rows, count * columns))
        status = nq_evidence_clamp(&parts[some++], context, list->model, d.rows, count);
    if (!code && !status && d.count)
        status = nq_evidence_conditions(&parts[some++], context, list->model, d.asked, d.count,
                                        d.holds, count);
    if (!code && !status)
        status = nq_evidence_product(out, context, (const nq_evidence *const *)parts, some);
    if (status)
        code = session_fail(context, status);
    desk_free(&d);
    return code;
}
