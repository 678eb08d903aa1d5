/* shape.c - models whose rows are pictures, and their change of size. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "model/model.h"
#include "nn/run/reach.h"

enum { EXTENT_MOST = 1 << 16 };

nq_status nqi_picture_parse(nq_picture *out, nq_context *context, const char *text)
{
    nq_picture picture;
    if (!nq_picture_parse(&picture, text) || picture.channels > EXTENT_MOST ||
        picture.height > EXTENT_MOST || picture.width > EXTENT_MOST)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036image \"%s\": expected HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH, such "
                        "as 28x28 or 3x32x32",
                        text);
    *out = picture;
    return NQ_OK;
}

nq_status nqi_model_shape(nq_model *model, nq_context *context)
{
    nq_picture *picture = &model->picture;
    const nqi_scaling *scaling = &model->scaling;
    *picture = (nq_picture){0, 0, 0};
    if (!model->options.image[0])
        return NQ_OK;
    const nq_status status = nqi_picture_parse(picture, context, model->options.image);
    if (status)
        return status;
    const size_t pixels = picture->height * picture->width;
    if (!picture->channels)
        picture->channels = scaling->columns / pixels;
    if (picture->channels * pixels != scaling->columns)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "\036image %s: a row of %zu numbers is no such picture",
                        model->options.image, scaling->columns);
    if (nqi_regressor_is_of_pictures(model->options.regressor) &&
        scaling->active < scaling->columns)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "%zu of %zu pixels never change: an image network needs \036scale whole",
                        scaling->columns - scaling->active, scaling->columns);
    snprintf(model->options.image, sizeof model->options.image, "%zux%zux%zu", picture->channels,
             picture->height, picture->width);
    return NQ_OK;
}

void nq_model_picture(nq_picture *out, const nq_model *model)
{
    *out = model->picture;
}

size_t nqi_sample_rows(const nq_model *model)
{
    nqi_reach reach;
    if (model->process.dim > NQI_LARGE_PICTURE ||
        nqi_graph_reach(&reach, &model->regressor.graph))
        return NQI_LANES;
    return model->regressor.graph.nodes[model->regressor.graph.output].map.channels
               ? 2 * NQI_LANES
               : NQI_SAMPLE_ROWS;
}

/* One scale for all pixels becomes that of more or fewer of them. */
static nq_status resize_scaling(nqi_scaling *out, const nqi_scaling *from, size_t columns)
{
    *out = (nqi_scaling){.columns = columns, .active = columns};
    out->active_index = malloc(columns * sizeof *out->active_index);
    out->mean = malloc(columns * sizeof *out->mean);
    out->deviation = malloc(columns * sizeof *out->deviation);
    if (!out->active_index || !out->mean || !out->deviation)
        return NQ_ERROR_MEMORY;
    for (size_t c = 0; c < columns; c++) {
        out->active_index[c] = c;
        out->mean[c] = from->mean[0];
        out->deviation[c] = from->deviation[0];
    }
    out->log_jacobian = from->log_jacobian / (double)from->columns * (double)columns;
    return NQ_OK;
}

static int scales_alike(const nqi_scaling *scaling)
{
    for (size_t c = 1; c < scaling->columns; c++)
        if (scaling->mean[c] != scaling->mean[0] ||
            scaling->deviation[c] != scaling->deviation[0])
            return 0;
    return scaling->active == scaling->columns;
}

static nq_status resize_check(const nq_model *model, nq_context *context, size_t height,
                              size_t width)
{
    const char *why = NULL;
    if (model->trained)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "a model with fewer steps than were trained is not resized: expected the "
                        "trained one");
    if (!model->picture.channels || !model->regressor.type->of_pictures)
        why = "it has no image network";
    else if (strcmp(model->options.hidden, "none"))
        why = "its dense pathway (\036hidden) is made for one size";
    else if (model->process.blocks[0].family->equilibrium)
        why = model->process.blocks[0].family->equilibrium->fixed;
    else if (!scales_alike(&model->scaling))
        why = "its pixels are not scaled alike (\036scale whole)";
    if (why)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "the model works for pictures of %zu x %zu pixels only: %s",
                        model->picture.height, model->picture.width, why);
    if (height < 1 || width < 1 || height > EXTENT_MOST || width > EXTENT_MOST)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "%zu x %zu pixels: expected 1 to %d each",
                        height, width, EXTENT_MOST);
    return NQ_OK;
}

nq_status nq_model_resize(nq_model **out, nq_context *context, const nq_model *model,
                          size_t height, size_t width)
{
    nq_schedule schedule = {0};
    *out = NULL;
    nq_status status = resize_check(model, context, height, width);
    if (status)
        return status;
    nq_model *made = calloc(1, sizeof *made);
    if (!made)
        return nqi_fail_memory(context, "a model", sizeof *made);
    const size_t channels = model->picture.channels;
    made->options = model->options;
    snprintf(made->options.image, sizeof made->options.image, "%zux%zux%zu", channels, height,
             width);
    const nq_schedule *from = &model->process.schedule;
    if (resize_scaling(&made->scaling, &model->scaling, channels * height * width))
        status = nqi_fail_memory(context, "a scaling", channels * height * width);
    if (!status && !(status = nq_schedule_from_beta(&schedule, context, from->beta, from->steps)))
        status = nqi_model_assemble(made, context, &schedule, NULL, 0, NULL, NULL);
    nq_schedule_free(&schedule);
    if (!status)
        status = nqi_ladder_copy(&made->ladder, context, &model->ladder);
    for (size_t i = 0; i < model->record_count && !status; i++)
        if (!strncmp(model->record[i].key, "reduce", strlen("reduce")))
            status =
                nqi_model_set_record(made, context, model->record[i].key, model->record[i].value);
    if (status) {
        nq_model_free(made);
        return status;
    }
    nqi_model_take_ladder(made);
    made->usual_steps = model->usual_steps;
    memcpy(made->regressor.params, model->regressor.params,
           nqi_graph_parameters(&model->regressor.graph) * sizeof *made->regressor.params);
    *out = made;
    return NQ_OK;
}
