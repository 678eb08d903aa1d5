/* regressors.c - a model's regressor, and the one that it stands on: made, fitted, named. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "model/lesson.h"
#include "model/model.h"
#include "nn/op/layers.h"

/* Numbers of a regressor without a gradient, as its file says or as it was fitted by them. */
static size_t numbers_kept(const nq_model *model, const nqi_regressor_type *type,
                           const nqi_container *container)
{
    const nqi_tensor *tensor =
        container && type->tensor ? nqi_container_tensor(container, type->tensor) : NULL;
    return tensor ? (size_t)nqi_tensor_count(tensor) : model->numbers ? model->numbers : 1;
}

/* A number of a row has levels, or it is a bit, whose family has an equilibrium but no levels, or
 * neither. */
static nqi_variate *cells_new(const nqi_process *process)
{
    nqi_variate *cell = malloc(process->dim * sizeof *cell);
    for (size_t i = 0; cell && i < process->dim; i++) {
        const nqi_block *block = nqi_process_block(process, i);
        const size_t width = nqi_block_width(block);
        cell[i] = (nqi_variate){block->levels                ? block->levels
                                : block->family->equilibrium ? 2
                                                             : 0,
                                block->law_first + (i - block->first) * width};
    }
    return cell;
}

/* Its graph. */
static nq_status make_regressor(nqi_regressor *out, nq_model *model, nq_context *context,
                                const nqi_regressor_type *type, double dropout,
                                const nqi_container *container)
{
    const nqi_process *process = &model->process;
    double *clock = nqi_process_clock(process, !strcmp(model->options.schedule, "learned"));
    nqi_variate *cell = cells_new(process);
    if (!clock || !cell) {
        free(clock);
        free(cell);
        return nqi_fail_memory(context, "clocks of the diffusion", process->dim);
    }
    const size_t roles = model->options.roles > 0 ? NQI_ROLES : 0;
    const size_t told = model->options.squares > 0 ? NQI_TOLD : 0;
    nqi_expansion expansion;
    nq_status status = nqi_model_expansion(&expansion, model);
    nqi_regressor_shape shape = {.dim = process->dim,
                                 .seen = (1 + roles + told) * process->dim,
                                 .roles = roles * process->dim,
                                 .told = told * process->dim,
                                 .outputs = process->outputs,
                                 .steps = process->schedule.steps,
                                 .clock = clock,
                                 .dropout = dropout,
                                 .channels = model->picture.channels,
                                 .height = model->picture.height,
                                 .width = model->picture.width,
                                 .numbers = numbers_kept(model, type, container),
                                 .cell = cell,
                                 .expansion = expansion.levels ? &expansion : NULL};
    nqi_normal_step *law = NULL;
    if (type->predict)
        model->numbers = shape.numbers;
    if (status)
        status = nqi_fail_memory(context, "levels of columns", process->dim);
    else
        status = nqi_model_law_steps(&law, &shape.normal_place, model, context);
    shape.normal = law;
    if (!status)
        status = nqi_regressor_make(out, context, type, &shape, &model->options);
    free(law);
    nqi_model_expansion_free(&expansion);
    free(clock);
    free(cell);
    return status;
}

/* One that is fitted to rows as they are. What is fitted to them behind noise, as a network is,
 * knows its own rows too well for a network to learn from them what it does not know. */
static int can_bear(const nqi_regressor_type *type)
{
    return type->predict && !nqi_regressor_says_odds(type);
}

/* None, and the regressors without a gradient that can. */
static const char *offset_name(size_t i)
{
    const nqi_regressor_type *type;
    size_t k = 0;
    if (!i)
        return "none";
    while ((type = nqi_regressor_at(k++)))
        if (can_bear(type) && !--i)
            return type->name;
    return NULL;
}

static nq_status offset_find(const nqi_regressor_type **out, nq_context *context,
                             const nq_model_options *options)
{
    const nqi_regressor_type *network;
    const nq_status status = nqi_regressor_find(&network, context, options->regressor);
    if (status)
        return status;
    if (nqi_regressor_find(out, NULL, options->offset) || !can_bear(*out))
        return nqi_fail_unknown(context, "offset", options->offset, offset_name);
    return network->predict || network->of_pictures
               ? nqi_fail(
                     context, NQ_ERROR_ARGUMENT,
                     "\036offset %s: expected a network on it that is not of pictures, found "
                     "\036regressor %s",
                     options->offset, options->regressor)
               : NQ_OK;
}

nq_status nqi_model_make_regressors(nq_model *model, nq_context *context, double dropout,
                                    const nqi_container *container)
{
    const nq_model_options *options = &model->options;
    const nqi_regressor_type *type;
    nq_status status = nqi_regressor_find(&type, context, options->regressor);
    if (!status)
        status = make_regressor(&model->regressor, model, context, type, dropout, container);
    if (status || !nqi_model_stands(options))
        return status;
    if (!(status = offset_find(&type, context, options)) &&
        !(status = make_regressor(&model->offset, model, context, type, 0, container)))
        model->regressor.offset = &model->offset;
    return status;
}

const nqi_regressor *nqi_model_exact(const nq_model *model)
{
    const nqi_regressor *fitted = nqi_model_fitted(model);
    int holds = fitted && fitted->type->log_law;
    for (size_t i = 0; holds && i < fitted->cells; i++)
        holds = fitted->cell[i].levels > 0;
    return holds ? fitted : NULL;
}

void nqi_model_fitted_text(char *out, size_t size, const nq_model *model)
{
    const nqi_regressor *fitted = nqi_model_fitted(model);
    char text[80] = "";
    *out = 0;
    if (!fitted)
        return;
    if (fitted->type->describe)
        fitted->type->describe(text, sizeof text, fitted);
    if (model->offset.type)
        snprintf(out, size, "on a %s%s%s", fitted->type->name, *text ? ": " : "", text);
    else
        snprintf(out, size, "%s", text);
}

size_t nqi_model_kept_rows(const nqi_regressor *regressor, size_t rows)
{
    const nqi_rows_wanted *wanted = &regressor->type->rows;
    const size_t most = wanted->numbers_most ? wanted->numbers_most / regressor->cells : rows;
    const size_t count = rows < wanted->most ? rows : wanted->most;
    return count < most ? count : most > 0 ? most : 1;
}

/* What it is taught, and its numbers. */
static nq_status lesson_learn(nqi_real **numbers, nq_model *model, nq_context *context,
                              const nqi_regressor *regressor, const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data);
    const int are_taken = !nqi_regressor_says_odds(regressor->type);
    const nqi_stream stream = {(uint64_t)model->options.model_seed, NQI_DRAW_INIT, 0, 2};
    nqi_lesson lesson = {.rows = are_taken ? nqi_model_kept_rows(regressor, rows) : rows,
                         .seed = nqi_seed_child((uint64_t)model->options.model_seed, 1)};
    nqi_lesson_rows of = {0};
    nqi_real *sample = NULL;
    if (are_taken && !(sample = nqi_model_sample_rows(model, data, lesson.rows, &stream)))
        return nqi_fail_memory(context, "a sample of rows", lesson.rows * model->scaling.active);
    lesson.sample = sample;
    nq_status status = NQ_OK;
    if (!are_taken)
        status = nqi_lesson_open(&of, &lesson, context, model, regressor, data);
    if (!status)
        status = regressor->type->learn(numbers, &model->numbers, context, regressor, &lesson);
    nqi_lesson_close(&of);
    free(sample);
    return status;
}

nq_status nqi_model_learn(nq_model *model, nq_context *context, nqi_regressor *regressor,
                          const nq_dataset *data)
{
    const nqi_regressor_type *type = regressor->type;
    nqi_real *numbers = NULL;
    nq_status status = lesson_learn(&numbers, model, context, regressor, data);
    if (!status) {
        nqi_regressor_free(regressor);
        *regressor = (nqi_regressor){0};
        if (!(status = make_regressor(regressor, model, context, type, 0, NULL)) &&
            !(status = nqi_regressor_fill(regressor, context)))
            memcpy(regressor->params, numbers, model->numbers * sizeof *numbers);
    }
    free(numbers);
    return status ? status : nqi_regressor_open(regressor, context);
}
