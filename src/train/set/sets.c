/* sets.c - rows on their way into a run: columns by name, hold-out rows that can be scored. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/set/sets.h"

#include "core/context.h"

nq_status nqi_sets_match(nqi_sets *sets, nq_context *context, const nqi_scaling *scaling,
                         const nq_dataset **data)
{
    if (nq_dataset_dim(*data) != scaling->columns)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the model has %zu columns, but the data have %zu", scaling->columns,
                        nq_dataset_dim(*data));
    if (nqi_dataset_matches(*data, scaling->column, scaling->columns))
        return NQ_OK;
    const nq_status status =
        nqi_dataset_match(&sets->matched, context, *data, scaling->column, scaling->columns);
    *data = status ? *data : sets->matched;
    return status;
}

nq_status nqi_sets_match_valid(nqi_sets *sets, nq_context *context, const nq_dataset *data,
                               const nq_dataset **valid)
{
    if (!*valid || nqi_dataset_matches(*valid, data->columns, data->dim))
        return NQ_OK;
    const nq_status status =
        nqi_dataset_match(&sets->matched_valid, context, *valid, data->columns, data->dim);
    *valid = status ? *valid : sets->matched_valid;
    return status;
}

nq_status nqi_sets_leave_out(nqi_sets *sets, nq_context *context, const nqi_scaling *scaling)
{
    size_t left;
    if (!sets->valid)
        return NQ_OK;
    const nq_status status =
        nqi_scaling_possible(&sets->possible_valid, &left, context, scaling, sets->valid);
    if (status)
        return status;
    sets->left_out = nq_dataset_rows(sets->valid) - left;
    if (sets->possible_valid)
        sets->valid = sets->possible_valid;
    if (!left)
        sets->valid = NULL;
    return sets->valid ? nqi_scaling_check(scaling, context, sets->valid) : NQ_OK;
}

size_t nqi_sets_note_count(const nqi_sets *sets)
{
    return (sets->matched ? nq_dataset_note_count(sets->matched) : 0) +
           (sets->matched_valid ? nq_dataset_note_count(sets->matched_valid) : 0);
}

const char *nqi_sets_note(const nqi_sets *sets, size_t i)
{
    const size_t of_data = sets->matched ? nq_dataset_note_count(sets->matched) : 0;
    if (i < of_data)
        return nq_dataset_note(sets->matched, i);
    return sets->matched_valid ? nq_dataset_note(sets->matched_valid, i - of_data) : NULL;
}

void nqi_sets_free(nqi_sets *sets)
{
    nq_dataset_free(sets->possible_valid);
    nq_dataset_free(sets->matched_valid);
    nq_dataset_free(sets->matched);
}
