/* digest.c - whose rows a run is on: a run would go on in silence with any of the right shape. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/digest.h"
#include "train/set/sets.h"

/* Of the model's columns of hold-out rows, with their texts numbered as it has them; 0: it cannot
 * be told. */
static nq_status valid_row_sum(uint64_t *sum, nq_context *context, const nq_dataset *valid,
                               const nq_model *model)
{
    nq_dataset *view;
    if (!model || nqi_dataset_crops(valid))
        return nqi_digest_rows(sum, context, valid);
    nq_status status = nq_dataset_for_model(&view, context, valid, model);
    if (status)
        return status == NQ_ERROR_MEMORY ? status : NQ_OK;
    status = nqi_digest_rows(sum, context, view);
    nq_dataset_free(view);
    return status;
}

nq_status nqi_digest_make(nqi_data_digest *out, nq_context *context, const nq_dataset *data,
                          const nq_dataset *valid, const nq_model *model)
{
    *out = (nqi_data_digest){.values = nqi_digest_values(data),
                             .rows = (int64_t)nq_dataset_rows(data)};
    const nq_status status = nqi_digest_rows(&out->row_sum, context, data);
    if (status || !valid)
        return status;
    out->valid_rows = (int64_t)nq_dataset_rows(valid);
    out->valid_values = nqi_digest_values(valid);
    out->valid_names = nqi_digest_names(valid);
    return valid_row_sum(&out->valid_row_sum, context, valid, model);
}

void nqi_digest_fields(nqi_data_digest *digest, nqi_fields *fields)
{
    nqi_fields_count(fields, 35, "rows", &digest->rows);
    nqi_fields_count(fields, 36, "valid_rows", &digest->valid_rows);
    nqi_fields_digest(fields, 37, "digest", &digest->values);
    nqi_fields_digest(fields, 38, "valid_digest", &digest->valid_values);
    nqi_fields_digest(fields, 39, "valid_names", &digest->valid_names);
}
