/* scaling_kinds.c - a table of columns of several kinds as rows of numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "table/scaling/scaling.h"

nq_status nqi_scaling_coded(nqi_scaling *scaling)
{
    const nqi_coding *coding = scaling->coding;
    free(scaling->active_index);
    scaling->active = coding->numbers;
    scaling->active_index = calloc(coding->numbers + 1, sizeof *scaling->active_index);
    if (!scaling->active_index)
        return NQ_ERROR_MEMORY;
    for (size_t i = 0; i < coding->numbers; i++)
        scaling->active_index[i] = coding->column_of[i];
    for (size_t c = 0; c < scaling->columns; c++) {
        scaling->mean[c] = 0;
        scaling->deviation[c] = 1;
    }
    return NQ_OK;
}

/* A code of the file becomes the place that it has among the texts now. */
static void code_place(double *code, const double *place)
{
    if (isfinite(*code))
        *code = place[(size_t)*code];
}

/* Texts in the order of the levels, which then are 0, 1, 2, ... among them. refills: the values of
 * a column that follows from another. */
static nq_status texts_order(nqi_column *column, nqi_code *code, size_t refills)
{
    const size_t most = column->level_count ? column->level_count : 1;
    char **texts = calloc(most, sizeof *texts);
    double *place = calloc(most, sizeof *place);
    size_t count = 0;
    for (size_t k = 0; texts && place && k < code->level_count; k++) {
        if (!isfinite(code->level[k]))
            continue;
        const size_t from = (size_t)code->level[k];
        texts[count] = column->levels[from];
        column->levels[from] = NULL;
        place[from] = (double)count++;
    }
    for (size_t k = 0; place && k < code->level_count; k++)
        code_place(&code->level[k], place);
    for (size_t k = 0; place && k < refills; k++)
        code_place(&code->refill.value[k], place);
    free(place);
    if (!texts || !place)
        return NQ_ERROR_MEMORY;
    for (size_t k = 0; k < column->level_count; k++)
        free(column->levels[k]); /* that no row has */
    free(column->levels);
    column->levels = texts;
    column->level_count = count;
    return nqi_code_order(code);
}

static nq_status scaling_begin(nqi_scaling *out, const nq_dataset *dataset)
{
    const size_t columns = dataset->dim;
    *out = (nqi_scaling){.columns = columns};
    out->mean = calloc(columns, sizeof *out->mean);
    out->deviation = calloc(columns, sizeof *out->deviation);
    out->coding = calloc(1, sizeof *out->coding);
    return out->mean && out->deviation && out->coding &&
                   !nqi_columns_copy(&out->column, dataset->columns, columns)
               ? NQ_OK
               : NQ_ERROR_MEMORY;
}

static nq_status scaling_finish(nqi_scaling *out)
{
    nq_status status = NQ_OK;
    for (size_t c = 0; out->column && c < out->columns && !status; c++) {
        nqi_code *code = &out->coding->code[c];
        const size_t source = code->refill.source;
        out->column[c].kind = code->kind;
        if (out->column[c].levels)
            status = texts_order(&out->column[c], code,
                                 source < SIZE_MAX ? out->coding->code[source].level_count : 0);
    }
    return status ? status : nqi_scaling_coded(out);
}

/* Text that hardly repeats, and columns without a value, are nothing to model. */
static nq_status kinds_check(nq_context *context, const nq_dataset *dataset,
                             const nqi_column_kind *kinds)
{
    char place[NQI_PLACE];
    for (size_t c = 0; c < dataset->dim; c++)
        if (kinds[c].kind == NQI_KIND_LEFT_OUT || !kinds[c].rows)
            return nqi_fail(context, NQ_ERROR_SHAPE, "%s: %s: \036drop %zu leaves it out",
                            nqi_dataset_column(place, dataset, c),
                            kinds[c].rows && kinds[c].why ? kinds[c].why : "it has no values",
                            c + 1);
    return NQ_OK;
}

nq_status nqi_scaling_of_kinds(nqi_scaling *out, nq_context *context, const nq_dataset *dataset)
{
    const nqi_column_kind *kinds;
    nqi_function *functions = NULL;
    nq_status status;
    *out = (nqi_scaling){0};
    nqi_portion portion = nqi_portion_enter(context, 0, 0.3);
    status = nqi_dataset_kinds(&kinds, context, dataset);
    nqi_portion_leave(context, portion);
    portion = nqi_portion_enter(context, 0.3, 0.5);
    if (!status && !(status = kinds_check(context, dataset, kinds)))
        status = nqi_functions_find(&functions, context, nqi_kinds_rows(dataset), kinds);
    nqi_portion_leave(context, portion);
    if (status)
        return status;
    portion = nqi_portion_enter(context, 0.5, 1);
    if (scaling_begin(out, dataset))
        status = nqi_fail_memory(context, "the scaling of the data", dataset->dim * 3 * 8);
    if (!status)
        status = nqi_coding_make(out->coding, context, dataset, kinds, functions);
    if (!status && scaling_finish(out))
        status = nqi_fail_memory(context, "the scaling of the data", dataset->dim * 3 * 8);
    if (!status && !out->active)
        status = nqi_fail(context, NQ_ERROR_SHAPE,
                          "every column of the data is constant (%zu row%s): there is nothing to "
                          "model",
                          dataset->rows, dataset->rows == 1 ? "" : "s");
    nqi_portion_leave(context, portion);
    nqi_functions_free(functions, dataset->dim);
    if (status)
        nqi_scaling_free(out);
    return status;
}
