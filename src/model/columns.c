/* columns.c - data laid in the order of a model's columns, by name. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "model/model.h"

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

const nqi_block *nqi_model_block(const nq_model *model, size_t column)
{
    const nqi_scaling *scaling = &model->scaling;
    size_t low = 0, high = scaling->active; /* active columns ascend */
    if (model->process.block_count == 1)
        return &model->process.blocks[0];
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (scaling->active_index[middle] < column)
            low = middle + 1;
        else
            high = middle;
    }
    const int is_active = low < scaling->active && scaling->active_index[low] == column;
    return nqi_process_block(&model->process, is_active ? low : 0);
}

const nqi_family *nqi_model_family(const nq_model *model, size_t column)
{
    return nqi_model_block(model, column)->family;
}

int nq_model_pair(const nq_model *model, size_t column, double *low, double *high)
{
    const double *pair = nqi_model_family(model, column)->twisting->pair;
    if (pair && low)
        *low = pair[0];
    if (pair && high)
        *high = pair[1];
    return pair != NULL;
}
