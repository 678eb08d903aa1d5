/* shorten.c - a model with a chain of fewer steps than were trained, and which it has by itself. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "core/context.h"
#include "model/model.h"

int nqi_model_needs_residual(const nq_model *model)
{
    const nqi_process *process = &model->process;
    int needs = 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        needs |= b->family->steps->needs_residual && b->family->steps->needs_residual(b);
    return needs;
}

void nqi_model_take_ladder(nq_model *model)
{
    for (size_t k = 0; k < model->process.block_count; k++)
        model->process.blocks[k].residual = model->ladder.of.width ? &model->ladder.of : NULL;
}

static nq_status check_steps(nq_context *context, const nq_model *model, size_t steps)
{
    const size_t least = model->process.first_learned;
    if (steps >= least && steps <= nq_model_steps(model))
        return nqi_model_needs_residual(model) && !model->ladder.of.width
                   ? nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                              "%zu steps of %zu: the model's variance output is of its own steps "
                              "alone (\036variance_form free), and its errors were not measured; "
                              "expected a model that noneq steps has measured, or all steps",
                              steps, nq_model_steps(model))
                   : NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "%zu steps: expected %zu to %zu, the steps that were trained", steps, least,
                    nq_model_steps(model));
}

nq_status nq_model_shorten(nq_model **out, nq_context *context, const nq_model *model,
                           size_t steps)
{
    *out = NULL;
    if (model->trained)
        model = model->trained;
    const size_t all = nq_model_steps(model);
    nq_status status = steps == all ? NQ_OK : check_steps(context, model, steps);
    if (status)
        return status;
    nq_model *made = malloc(sizeof *made);
    uint32_t *time = malloc((steps + 1) * sizeof *time);
    if (!made || !time) {
        free(made);
        free(time);
        return nqi_fail_memory(context, "a chain of fewer steps", steps * sizeof *time);
    }
    *made = *model;
    made->trained = model;
    status = nqi_ladder_times(time, NULL, context, &model->ladder, &model->process, steps);
    if (!status)
        status = nqi_process_shorten(&made->process, context, &model->process, time, steps);
    free(time);
    if (status) {
        free(made);
        return status;
    }
    *out = made;
    return NQ_OK;
}

nq_status nqi_model_with_steps(const nq_model **out, nq_model **owned, nq_context *context,
                               const nq_model *model, size_t steps)
{
    *out = model;
    *owned = NULL;
    if (!steps || steps == nq_model_steps(model))
        return NQ_OK;
    const nq_status status = nq_model_shorten(owned, context, model, steps);
    *out = status ? model : *owned;
    return status;
}

size_t nq_model_usual_steps(const nq_model *model)
{
    return model->usual_steps && !model->trained ? model->usual_steps : nq_model_steps(model);
}

const uint32_t *nq_model_times(const nq_model *model)
{
    return model->process.time;
}
