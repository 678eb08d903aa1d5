/* copy.c - a second model of the same shape and weights. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "model/model.h"

/* The schedule of bits has a closed form; others are their rates. */
static nq_status schedule_copy(nq_schedule *out, nq_context *context, const nq_model *from)
{
    const nq_schedule *schedule = &from->process.schedule;
    if (!strcmp(from->options.schedule, "constant-fraction") && from->process.activity)
        return nq_schedule_new(out, context, "constant-fraction", schedule->steps, 0, 0.5);
    return nq_schedule_from_beta(out, context, schedule->beta, schedule->steps);
}

nq_status nqi_model_copy(nq_model **out, nq_context *context, const nq_model *from,
                         double dropout)
{
    nq_schedule schedule;
    nq_model *model = *out = calloc(1, sizeof *model);
    if (!model)
        return nqi_fail_memory(context, "a model", sizeof *model);
    model->options = from->options;
    nq_status status = nqi_scaling_copy(&model->scaling, &from->scaling);
    if (status)
        status = nqi_fail_memory(context, "a scaling", from->scaling.columns);
    if (!status)
        status = schedule_copy(&schedule, context, from);
    if (!status)
        status = nqi_model_assemble(model, context, &schedule, from->process.activity, dropout,
                                    NULL, NULL);
    if (status) {
        nq_model_free(model);
        *out = NULL;
        return status;
    }
    memcpy(model->params, from->params,
           nqi_graph_parameters(&from->graph) * sizeof *from->params);
    return NQ_OK;
}
