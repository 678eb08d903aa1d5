/* columns.c - data laid in the order of a model's columns, by name. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "model/model.h"
#include "table/write/cell.h"
#include "table/write/values.h"

nq_status nq_dataset_for_model(nq_dataset **out, nq_context *context, const nq_dataset *data,
                               const nq_model *model)
{
    return nqi_dataset_match(out, context, data, model->scaling.column, model->scaling.columns);
}

nq_status nqi_model_rows(const nq_dataset **rows, nq_dataset **owned, nq_context *context,
                         const nq_model *model, const nq_dataset *data)
{
    *rows = data;
    *owned = NULL;
    if (nqi_dataset_matches(data, model->scaling.column, model->scaling.columns))
        return NQ_OK;
    const nq_status status = nq_dataset_for_model(owned, context, data, model);
    *rows = status ? NULL : *owned;
    return status;
}

/* The first number of a column; active: it has none. Scaled columns ascend. */
static size_t number_of(const nqi_scaling *scaling, size_t column)
{
    size_t low = 0, high = scaling->active;
    if (scaling->coding) {
        const nqi_code *code = &scaling->coding->code[column];
        const size_t number =
            code->level_number != NQI_NO_NUMBER ? code->level_number : code->score_number;
        return number != NQI_NO_NUMBER ? number : scaling->active;
    }
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (scaling->active_index[middle] < column)
            low = middle + 1;
        else
            high = middle;
    }
    return low < scaling->active && scaling->active_index[low] == column ? low : scaling->active;
}

const nqi_block *nqi_model_block(const nq_model *model, size_t column)
{
    if (model->process.block_count == 1)
        return &model->process.blocks[0];
    const size_t number = number_of(&model->scaling, column);
    return nqi_process_block(&model->process, number < model->scaling.active ? number : 0);
}

const nqi_family *nqi_model_family(const nq_model *model, size_t column)
{
    return nqi_model_block(model, column)->family;
}

int nq_model_is_recorded(const nq_model *model)
{
    return model->scaling.coding != NULL;
}

const char *nq_model_column_kind(const nq_model *model, size_t column)
{
    const nqi_coding *coding = model->scaling.coding;
    return coding ? nqi_kind_name(coding->code[column].kind) : NULL;
}

size_t nq_model_column_source(const nq_model *model, size_t column)
{
    const nqi_coding *coding = model->scaling.coding;
    return coding ? coding->code[column].refill.source : SIZE_MAX;
}

/* Every model has columns that say how they are written. */
nq_status nq_model_write_rows(const char *path, nq_context *context, const nq_model *model,
                              const double *values, size_t rows)
{
    const nqi_scaling *scaling = &model->scaling;
    return nqi_values_write_columns(context, path, values, rows, scaling->column,
                                    scaling->columns);
}

nq_status nq_model_write_labelled(const char *path, nq_context *context, const nq_model *model,
                                  const double *values, size_t rows, const char *const *names,
                                  size_t before)
{
    const nqi_scaling *scaling = &model->scaling;
    const size_t count = before + scaling->columns;
    nqi_column *columns = calloc(count, sizeof *columns); /* what they point at is the model's */
    if (!columns)
        return nqi_fail_memory(context, "columns to write", count * sizeof *columns);
    if (scaling->column)
        memcpy(columns + before, scaling->column, scaling->columns * sizeof *columns);
    for (size_t c = 0; c < count && names; c++)
        columns[c].name = (char *)(uintptr_t)names[c];
    const nq_status status =
        nqi_values_write_columns(context, path, values, rows, columns, count);
    free(columns);
    return status;
}

nq_status nq_model_rows_to_dataset(nq_dataset **out, nq_context *context, const nq_model *model,
                                   const double *values, size_t rows)
{
    const nqi_scaling *scaling = &model->scaling;
    nq_picture picture;
    nq_status status =
        nqi_dataset_from_array_as(out, context, values, rows, scaling->column, scaling->columns);
    if (status)
        return status;
    double *own = (*out)->owned.values;
    for (size_t i = 0; scaling->column && i < rows * scaling->columns; i++)
        own[i] = nqi_cell_number(&scaling->column[i % scaling->columns], own[i]);
    nq_model_picture(&picture, model);
    if (!picture.channels || !(status = nq_dataset_set_picture(*out, context, &picture)))
        return NQ_OK;
    nq_dataset_free(*out);
    *out = NULL;
    return status;
}

int nq_model_column_is_density(const nq_model *model, size_t column)
{
    const nqi_coding *coding = model->scaling.coding;
    if (!coding)
        return model->scaling.deviation[column] > 0 && nq_model_is_density(model);
    return coding->code[column].score_number != NQI_NO_NUMBER &&
           !(coding->code[column].warp.grid.step > 0);
}

size_t nqi_model_level_number(const nq_model *model, size_t column)
{
    const nqi_coding *coding = model->scaling.coding;
    if (!coding || column >= coding->columns)
        return NQI_NO_NUMBER;
    const size_t source = coding->code[column].refill.source;
    return coding->code[source == SIZE_MAX ? column : source].level_number;
}

size_t nq_model_levels(const nq_model *model, size_t column)
{
    const nqi_coding *coding = model->scaling.coding;
    return coding && column < coding->columns ? coding->code[column].level_count : 0;
}

double nq_model_level_value(const nq_model *model, size_t column, size_t level)
{
    return level < nq_model_levels(model, column)
               ? model->scaling.coding->code[column].level[level]
               : NAN;
}

int nq_model_column_is_text(const nq_model *model, size_t column)
{
    const nqi_column *known = model->scaling.column;
    return nq_model_levels(model, column) && known && known[column].levels;
}

const char *nq_model_level_text(const nq_model *model, size_t column, size_t level)
{
    const double value = nq_model_level_value(model, column, level);
    const nqi_column *known = model->scaling.column;
    return isfinite(value) && known && known[column].levels ? known[column].levels[(size_t)value]
                                                            : NULL;
}

int nq_model_pair(double *low, double *high, const nq_model *model, size_t column)
{
    const double *pair =
        model->scaling.coding ? NULL : nqi_model_family(model, column)->twisting->pair;
    if (pair && low)
        *low = pair[0];
    if (pair && high)
        *high = pair[1];
    return pair != NULL;
}
