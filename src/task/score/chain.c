/* chain.c - a model as a task asks it: with fewer steps, and in which units. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/score/chain.h"

#include <string.h>

#include "core/context.h"

nq_status nqi_chain_take(nqi_chain *out, nq_context *context, const nq_model *model, size_t steps)
{
    *out = (nqi_chain){.model = model};
    if (!steps)
        return NQ_OK;
    const nq_status status = nq_model_shorten(&out->owned, context, model, steps);
    if (!status)
        out->model = out->owned;
    return status;
}

void nqi_chain_free(nqi_chain *chain)
{
    nq_model_free(chain->owned);
    *chain = (nqi_chain){0};
}

size_t nqi_steps_trained(const nq_model *model)
{
    const uint32_t *times = nq_model_times(model);
    return times ? times[nq_model_steps(model)] : nq_model_steps(model);
}

nq_status nqi_units_check(nq_context *context, const char *asked)
{
    if (!asked || !strcmp(asked, "scaled") || !strcmp(asked, "data") ||
        !strcmp(asked, "recorded"))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT, NQI_OPTION "units takes scaled or data, not '%s'",
                    asked);
}

nq_status nqi_units_settle(const char **units, nq_context *context, const nq_model *model,
                           const char *asked, const char *path)
{
    const int is_recorded = nq_model_is_recorded(model);
    if (asked && is_recorded && !strcmp(asked, "scaled"))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "units %s: '%s' is a model of rows as recorded, which have no "
                                   "other units",
                        asked, nqi_model_name(path));
    if (asked && !is_recorded && !strcmp(asked, "recorded"))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "units %s: '%s' is no model of columns of several kinds; "
                                   "expected scaled or data",
                        asked, nqi_model_name(path));
    *units = is_recorded ? "recorded" : asked && strcmp(asked, "data") == 0 ? "data" : "scaled";
    return NQ_OK;
}

const char *nqi_model_name(const char *path)
{
    return path ? path : "the model";
}
