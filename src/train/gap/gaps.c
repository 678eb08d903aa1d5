/* gaps.c - sets without gaps, and the network that completes them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/gap/gaps.h"

nq_status nqi_gaps_complete(nqi_gaps *gaps, nq_context *context, const nq_dataset **data,
                            const nq_dataset **valid, uint64_t seed)
{
    const size_t dim = nq_dataset_dim(*data);
    nq_status status = nqi_missing_new(&gaps->rows, context, *data, NULL, seed);
    if (status)
        return status;
    *data = nqi_missing_whole(&gaps->rows);
    if (!*valid || nq_dataset_dim(*valid) != dim)
        return NQ_OK;
    if (!(status = nqi_missing_new(&gaps->valid, context, *valid, *data, seed)))
        *valid = nqi_missing_whole(&gaps->valid);
    return status;
}

nq_status nqi_gaps_make_filler(nqi_gaps *gaps, nq_context *context,
                               const nq_model_options *options, double dropout, uint64_t seed)
{
    const nqi_missing *patterns = gaps->rows.count ? &gaps->rows : &gaps->valid;
    if (!patterns->count)
        return NQ_OK;
    return nqi_filler_new(&gaps->filler, context, &gaps->rows, patterns, options, dropout, seed);
}

void nqi_gaps_free(nqi_gaps *gaps)
{
    nqi_filler_free(&gaps->filler);
    nqi_missing_free(&gaps->rows);
    nqi_missing_free(&gaps->valid);
}

int nqi_gaps_are_complete(const nqi_gaps *gaps)
{
    return !gaps->filler.model || gaps->done;
}

nq_status nqi_gaps_fill_valid(nqi_gaps *gaps)
{
    if (!gaps->valid.count)
        return NQ_OK;
    return nqi_filler_draw(&gaps->filler, &gaps->valid, 0, gaps->valid.count, 0);
}

void nqi_gaps_fields(nqi_gaps *gaps, nqi_fields *fields)
{
    nqi_missing_fields(&gaps->rows, fields);
    nqi_filler_fields(&gaps->filler, fields);
    nqi_fields_count(fields, 21, "redraws", &gaps->redraws);
    nqi_fields_count(fields, 26, "fill_planned", &gaps->planned);
    nqi_fields_count(fields, 27, "fill_done", &gaps->done);
}

const char *nqi_gaps_wrong(const nqi_gaps *gaps)
{
    return nqi_missing_wrong(&gaps->rows);
}
