/* facts.c - what people ask about the columns of a data set: kinds, levels, what is left out. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdatomic.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/monitor.h"
#include "table/kind/kind.h"
#include "table/write/cell.h"

nq_status nqi_dataset_functions(const nqi_function **out, nq_context *context,
                                const nq_dataset *data)
{
    data = nqi_kinds_rows(data);
    nq_dataset *own = (nq_dataset *)data;
    nqi_function *found = atomic_load_explicit(&own->found.functions, memory_order_acquire),
                 *none;
    const nqi_column_kind *kinds;
    nq_status status;
    *out = found;
    if (found)
        return NQ_OK;
    if ((status = nqi_dataset_kinds(&kinds, context, data)) ||
        (status = nqi_functions_find(&found, context, data, kinds)))
        return status;
    none = NULL;
    *out = found;
    if (!atomic_compare_exchange_strong(&own->found.functions, &none, found)) {
        nqi_functions_free(found, data->dim);
        *out = none;
    }
    return NQ_OK;
}

/* Both, as parts of the work. */
static nq_status told_of(const nqi_column_kind **kinds, const nqi_function **functions,
                         nq_context *context, const nq_dataset *data)
{
    nqi_portion portion = nqi_portion_enter(context, 0, 0.7);
    nq_status status = nqi_dataset_kinds(kinds, context, data);
    nqi_portion_leave(context, portion);
    portion = nqi_portion_enter(context, 0.7, 1);
    if (!status)
        status = nqi_dataset_functions(functions, context, data);
    nqi_portion_leave(context, portion);
    return status;
}

nq_status nq_dataset_column_facts(nq_column_facts *out, nq_context *context,
                                  const nq_dataset *data, size_t column)
{
    const nqi_column_kind *kinds;
    const nqi_function *functions;
    nq_status status;
    *out = (nq_column_facts){0};
    if (column >= data->dim)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "column %zu of %zu", column + 1, data->dim);
    if ((status = nqi_tell(context, "looking at columns", 0, 1)) ||
        (status = told_of(&kinds, &functions, context, data)))
        return status;
    const nqi_column_kind *kind = &kinds[column];
    const nqi_column about = nqi_dataset_column_of(data, column);
    *out = (nq_column_facts){.name = about.name,
                             .kind = nqi_kind_name(kind->kind),
                             .why = kind->why,
                             .is_told = kind->is_told,
                             .is_text = about.levels != NULL,
                             .is_date = about.date.is_date != 0,
                             .rows = kind->rows,
                             .missing = data->rows - kind->rows,
                             .least = kind->least,
                             .most = kind->most,
                             .step = kind->step,
                             .offset = kind->offset,
                             .decimals = kind->decimals,
                             .levels = kind->level_count,
                             .source = functions[column].source};
    return NQ_OK;
}

double nq_dataset_level(size_t *rows, nq_context *context, const nq_dataset *data, size_t column,
                        size_t i)
{
    const nqi_column_kind *kinds;
    /* a number cannot say that it was stopped */
    int (*const progress)(void *, const nq_progress *) = context->watch.monitor.progress;
    context->watch.monitor.progress = NULL;
    const int is_known = column < data->dim && !nqi_dataset_kinds(&kinds, context, data) &&
                         i < kinds[column].level_count;
    context->watch.monitor.progress = progress;
    if (rows)
        *rows = is_known ? kinds[column].level_rows[i] : 0;
    return is_known ? kinds[column].level[i] : 0;
}

size_t nq_dataset_cell_text(char *out, size_t size, const nq_dataset *data, size_t column,
                            double value)
{
    const nqi_column about = nqi_dataset_column_of(data, column);
    return nqi_cell_text(out, size, &about, value);
}

/* A column of the file that is not in the set, though it was not dropped. */
static const char *left_out_why(const nqi_file_column *column)
{
    switch (column->use) {
    case NQI_COLUMN_LEFT_OUT:
        return column->why;
    case NQI_COLUMN_BAD:
        return "it has cells that are no numbers";
    case NQI_COLUMN_INDEX:
        return "it numbers the rows";
    case NQI_COLUMN_KEPT:
    case NQI_COLUMN_DROPPED:
        break;
    }
    return NULL;
}

const char *nq_dataset_left_out(size_t *file_column, const char **name, const nq_dataset *data,
                                size_t i)
{
    size_t row = 0, column = 0;
    const nq_dataset *root =
        nqi_dataset_crops(data) ? data : nqi_dataset_root(data, &row, &column);
    const nqi_origin *origin = root->origin;
    for (size_t c = 0; origin && c < origin->columns; c++) {
        const nqi_file_column *about = &origin->column[c];
        const char *why = left_out_why(about);
        const int is_in = about->at < root->dim && origin->file_column[about->at] == c;
        if (!why || is_in || i--)
            continue;
        *file_column = c;
        *name = about->name;
        return why;
    }
    return NULL;
}
