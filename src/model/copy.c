/* copy.c - a second model of the same shape and weights. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "model/model.h"

static void numbers_copy(nqi_regressor *to, const nqi_regressor *from)
{
    memcpy(to->params, from->params, nqi_graph_parameters(&from->graph) * sizeof *from->params);
}

nq_status nqi_model_copy(nq_model **out, nq_context *context, const nq_model *from,
                         double dropout)
{
    nq_schedule schedule;
    const nq_schedule *of = &from->process.schedule;
    nq_model *model = *out = calloc(1, sizeof *model);
    if (!model)
        return nqi_fail_memory(context, "a model", sizeof *model);
    model->options = from->options;
    model->rows = from->rows;
    model->numbers = from->numbers;
    nq_status status = nqi_scaling_copy(&model->scaling, &from->scaling);
    if (status)
        status = nqi_fail_memory(context, "a scaling", from->scaling.columns);
    if (!status)
        status =
            nqi_model_schedule_again(&schedule, context, &from->options, of->beta, of->steps);
    if (!status)
        status = nqi_model_assemble(model, context, &schedule,
                                    nqi_process_equilibrium(&from->process), dropout, NULL, NULL);
    if (!status)
        status = nqi_ladder_copy(&model->ladder, context, &from->ladder);
    nqi_model_take_ladder(model);
    model->usual_steps = from->usual_steps;
    if (status) {
        nq_model_free(model);
        *out = NULL;
        return status;
    }
    numbers_copy(&model->regressor, &from->regressor);
    if (from->offset.type)
        numbers_copy(&model->offset, &from->offset);
    if (!(status = nqi_model_open(model, context)))
        return NQ_OK;
    nq_model_free(model);
    *out = NULL;
    return status;
}
