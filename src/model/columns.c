/* columns.c - data laid in the order of a model's columns, by name. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "model/model.h"

static const char *const *names_of(const nq_model *model)
{
    return (const char *const *)model->scaling.names;
}

nq_status nq_dataset_for_model(nq_dataset **out, nq_context *context, const nq_dataset *data,
                               const nq_model *model)
{
    return nqi_dataset_match(out, context, data, names_of(model), model->scaling.columns);
}

nq_status nqi_model_rows(const nq_dataset **rows, nq_dataset **owned, nq_context *context,
                         const nq_model *model, const nq_dataset *data)
{
    *rows = data;
    *owned = NULL;
    if (nqi_dataset_matches(data, names_of(model), model->scaling.columns))
        return NQ_OK;
    const nq_status status = nq_dataset_for_model(owned, context, data, model);
    *rows = status ? NULL : *owned;
    return status;
}
