/* choose.c - what a model gets when its user names nothing but the data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "model/model.h"

static void choose_text(char *field, const char *value)
{
    if (!field[0])
        snprintf(field, NQ_TEXT_SIZE, "%s", value);
}

static void choose_hidden(nq_model_options *options, const nqi_family *family,
                          const nqi_regressor_type *type, const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    if (!nqi_has_field(type->options, "hidden"))
        return;
    if (type->hidden)
        choose_text(options->hidden, type->hidden);
    else if (!strcmp(options->readout, "per-step"))
        choose_text(options->hidden, "50,50,50");
    else if (rows < 2500)
        choose_text(options->hidden, dim > 100 ? "192,192" : "128,128,128");
    else if (dim <= family->defaults.narrow)
        choose_text(options->hidden, "192,192,192");
    else
        choose_text(options->hidden, "256,256,256");
}

/* The picture that a row is, by the data where the options do not say. */
static void choose_image(nq_model_options *options, nqi_facts *facts, const nq_dataset *data)
{
    nq_picture picture;
    nq_dataset_picture(data, &picture);
    facts->grey_level = picture.channels ? nq_dataset_grey_level(data) : 0;
    if (picture.channels && !options->image[0])
        snprintf(options->image, NQ_TEXT_SIZE, "%zux%zux%zu", picture.channels, picture.height,
                 picture.width);
}

/* As many scales as leave the coarsest map at least 7 pixels wide. */
static nq_count choose_scales(const char *image)
{
    nq_picture picture = {0, 0, 0};
    (void)nqi_picture_parse(&picture, NULL, image);
    size_t side = picture.height < picture.width ? picture.height : picture.width;
    nq_count scales = 1;
    for (; side >= 14 && scales < 4; side /= 2)
        scales++;
    return scales;
}

static void choose_network(nq_model_options *options)
{
    choose_text(options->pixel_hidden, "32,32");
    if (!options->scales)
        options->scales = choose_scales(options->image);
    if (options->layers < 0)
        options->layers = strcmp(options->hidden, "none") ? 0 : 4;
    if (!options->channels)
        options->channels = 32;
    if (!options->features)
        options->features = 4;
    if (!options->bumps)
        options->bumps = 10;
}

/* Data that the family cannot hold. */
static nq_status check_values(const nqi_family *family, nq_context *context,
                              const nq_dataset *data)
{
    char place[NQI_PLACE];
    nq_status status = NQ_OK;
    if (!family->holds || (nq_dataset_is_binary(data) && family->holds(0) && family->holds(1)))
        return NQ_OK;
    double *row = malloc(nq_dataset_dim(data) * sizeof *row);
    if (!row)
        return nqi_fail_memory(context, "a row of data", nq_dataset_dim(data) * sizeof *row);
    for (size_t r = 0; r < nq_dataset_rows(data) && !status; r++) {
        nq_dataset_row(data, r, row);
        for (size_t c = 0; c < nq_dataset_dim(data) && !status; c++)
            if (!isnan(row[c]) && !family->holds(row[c]))
                status = nqi_fail(context, NQ_ERROR_SHAPE,
                                  "%s: a %s model needs %s, found %.9g: use --kernel %s",
                                  nqi_dataset_cell(place, data, r, c, NULL), family->name,
                                  family->expected, row[c], nqi_family_for(0)->name);
    }
    free(row);
    return status;
}

/* Columns whose numbers stand for texts or days. */
static nq_status check_texts(nq_context *context, const nq_dataset *data)
{
    char place[NQI_PLACE];
    for (size_t c = 0; data->columns && c < data->dim; c++) {
        const nqi_column *column = &data->columns[c];
        if (column->levels || column->date.is_date)
            return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                            "%s holds %s: no model of columns of text yet; --drop leaves it out",
                            nqi_dataset_column(place, data, c),
                            column->levels ? "text" : "dates");
    }
    return NQ_OK;
}

nq_status nqi_model_options_choose(nq_model_options *options, nq_context *context,
                                   const nq_dataset *data)
{
    nq_status status = check_texts(context, data);
    if (status)
        return status;
    if (!options->kernel[0])
        choose_text(options->kernel, nqi_family_for(nq_dataset_is_binary(data))->name);
    const nqi_family *family = nqi_family_find(options->kernel);
    const nqi_regressor_type *type;
    if (!family)
        return nqi_fail_unknown(context, "kernel", options->kernel, nqi_family_name);
    if ((status = check_values(family, context, data)))
        return status;
    nqi_facts facts = {.rows = nq_dataset_rows(data), .dim = nq_dataset_dim(data)};
    choose_image(options, &facts, data);
    choose_text(options->regressor, options->image[0] ? "image" : "mlp");
    if ((status = nqi_regressor_find(&type, context, options->regressor)))
        return status;
    const int is_image = type->of_pictures;
    choose_text(options->readout, type->readout ? type->readout : "");
    choose_text(options->activation, !strcmp(options->readout, "embedding") ? "silu"
                                     : is_image                             ? "softplus"
                                                                            : "sigmoid");
    choose_hidden(options, family, type, data);
    if (is_image)
        choose_network(options);
    choose_text(options->schedule, family->defaults.schedule);
    choose_text(options->scale, family->defaults.scale ? family->defaults.scale
                                : options->image[0]    ? "whole"
                                                       : "column");
    /* a file says how many steps there are, and the first rate */
    facts.rates_are_chosen = nqi_schedule_is_named(options->schedule);
    facts.is_picture = is_image;
    if (!options->steps && facts.rates_are_chosen)
        options->steps = is_image ? 1000 : family->defaults.steps;
    family->defaults.choose(options, &facts);
    return NQ_OK;
}
