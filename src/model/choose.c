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

int nqi_model_is_usual(const nq_model_options *options, const nq_dataset *data)
{
    const nqi_regressor_type *type;
    nq_picture picture;
    nq_dataset_picture(&picture, data);
    const int is_picture = picture.channels || options->image[0];
    const char *name = options->regressor[0] ? options->regressor : is_picture ? "" : "mlp";
    return *name && !nqi_regressor_find(&type, NULL, name) &&
           nqi_has_field(type->options, "wide") &&
           (!options->readout[0] || !strcmp(options->readout, "embedding"));
}

static void choose_hidden(nq_model_options *options, const nqi_family *family,
                          const nqi_regressor_type *type, const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    if (options->wide < 0) /* who names widths means those; narrow rows gain nothing */
        options->wide = nqi_model_is_usual(options, data) && !options->hidden[0] &&
                                dim > family->defaults.network.narrow
                            ? family->defaults.network.wide
                            : 0;
    if (!nqi_has_field(type->options, "hidden"))
        return;
    if (type->hidden)
        choose_text(options->hidden, rows < type->few_rows ? type->hidden_few : type->hidden);
    else if (!strcmp(options->readout, "per-step"))
        choose_text(options->hidden, "50,50,50");
    else if (rows < 2500)
        choose_text(options->hidden, dim > 100 || options->wide ? "192,192" : "128,128,128");
    else if (dim <= family->defaults.network.narrow)
        choose_text(options->hidden, "192,192,192");
    else
        choose_text(options->hidden, options->wide ? "256,256" : "256,256,256");
}

/* The picture that a row is, by the data where the options do not say. */
static void choose_image(nq_model_options *options, nqi_facts *facts, const nq_dataset *data)
{
    nq_picture picture;
    nq_dataset_picture(&picture, data);
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

/* A U-net says by its list how many sizes there are; one that is wrong is refused when the network
 * is built. */
static void choose_unet(nq_model_options *options)
{
    size_t channels[NQI_HIDDEN_LAYERS];
    int sizes;
    if (!strcmp(options->unet, "none"))
        *options->unet = '\0';
    if (nqi_widths_parse(channels, &sizes, NULL, "unet", options->unet))
        return;
    options->channels = (nq_count)channels[0];
    options->scales = sizes;
    if (options->layers < 0)
        options->layers = 1;
}

static void choose_network(nq_model_options *options)
{
    choose_text(options->pixel_hidden, "32,32");
    choose_unet(options);
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
        nq_dataset_row(row, data, r);
        for (size_t c = 0; c < nq_dataset_dim(data) && !status; c++)
            if (!isnan(row[c]) && !family->holds(row[c]))
                status = nqi_fail(context, NQ_ERROR_SHAPE,
                                  "%s: a %s model needs %s, found %.9g: use \036kernel %s",
                                  nqi_dataset_cell(place, data, r, c, NULL), family->name,
                                  family->expected, row[c], nqi_family_for(0)->name);
    }
    free(row);
    return status;
}

/* A column whose numbers stand for texts or days; dim: there is none. */
static size_t text_column(const nq_dataset *data)
{
    size_t c = data->columns ? 0 : data->dim;
    while (c < data->dim && !data->columns[c].levels && !data->columns[c].date.is_date)
        c++;
    return c;
}

/* Columns of text, on a grid, with few levels or with spikes want codes; numbers alone, or bits
 * alone, do not. */
static nq_status wants_codes(int *out, nq_context *context, const nq_dataset *data)
{
    const nqi_column_kind *kinds;
    nq_picture picture;
    nq_dataset_picture(&picture, data);
    *out = 0;
    if (picture.channels || nqi_dataset_crops(data) ||
        (text_column(data) == data->dim && nq_dataset_is_binary(data)))
        return NQ_OK;
    const nq_status status = nqi_dataset_kinds(&kinds, context, data);
    for (size_t c = 0; c < nq_dataset_dim(data) && !status; c++)
        *out |= kinds[c].kind != NQI_KIND_REAL && kinds[c].kind != NQI_KIND_BIT &&
                kinds[c].kind != NQI_KIND_CONSTANT && kinds[c].kind != NQI_KIND_LEFT_OUT;
    return status;
}

const nqi_defaults *nqi_model_defaults(const nq_model *model)
{
    const nqi_family *family = nqi_family_find(model->options.kernel);
    return &family->defaults;
}

nq_status nqi_model_kernel(nq_model_options *options, nq_context *context, const nq_dataset *data)
{
    int is_mixed = 0;
    nq_status status = NQ_OK;
    if (!options->kernel[0] && !(status = wants_codes(&is_mixed, context, data)))
        choose_text(options->kernel,
                    is_mixed ? "mixed" : nqi_family_for(nq_dataset_is_binary(data))->name);
    if (!status && !nqi_family_find(options->kernel))
        status = nqi_fail_unknown(context, "kernel", options->kernel, nqi_family_name);
    return status;
}

/* Columns of text, in a model of one kernel. */
static nq_status check_texts(nq_context *context, const nq_dataset *data)
{
    char place[NQI_PLACE];
    const size_t c = text_column(data);
    if (c == data->dim)
        return NQ_OK;
    return nqi_fail(
        context, NQ_ERROR_UNSUPPORTED,
        "%s holds %s: expected numbers; \036kernel mixed has such columns, \036drop leaves "
        "them out",
        nqi_dataset_column(place, data, c), data->columns[c].levels ? "text" : "dates");
}

/* What known and absent cells do not go with: in words, or NULL. */
static const char *roles_clash(const nq_model_options *options, const nqi_regressor_type *type)
{
    if (!type->takes_roles || strcmp(options->readout, "embedding"))
        return "this regressor cannot be told which cells are known; expected \036regressor mlp "
               "or image with \036readout embedding, or table";
    if (!strcmp(options->schedule, "learned"))
        return "a learned schedule is of the joint law alone; expected another \036schedule";
    return NULL;
}

static nq_status check_roles(const nq_model_options *options, nq_context *context,
                             const nqi_regressor_type *type)
{
    const char *clash = roles_clash(options, type);
    return clash ? nqi_fail(context, NQ_ERROR_UNSUPPORTED, "\036roles 1: %s", clash) : NQ_OK;
}

static nq_status check_squares(const nq_model_options *options, nq_context *context,
                               const nqi_family *family, const nqi_regressor_type *type)
{
    nq_picture picture = {0};
    const nq_count side = options->squares;
    (void)nqi_picture_parse(&picture, NULL, options->image);
    if (picture.channels && ((size_t)side > picture.height || (size_t)side > picture.width))
        return nqi_fail(
            context, NQ_ERROR_SHAPE,
            "\036squares %lld: pictures of %zux%zu (height x width) have no square of "
            "so many pixels",
            (long long)side, picture.height, picture.width);
    const char *clash =
        !type->of_pictures ? "this regressor is of no pictures; expected \036regressor image"
        : strcmp(options->hidden, "none")
            ? "a dense pathway is not told of them; expected \036hidden none"
        : options->roles <= 0
            ? "the network is told of them as of known pixels; expected \036roles 1"
        : !family->steps->normal ? "they are of real numbers; expected \036kernel gaussian"
        : strcmp(options->scale, "whole")
            ? "they are of pixels of one mean and deviation; expected \036scale whole"
            : NULL;
    return clash ? nqi_fail(context, NQ_ERROR_UNSUPPORTED, "\036squares %lld: %s",
                            (long long)side, clash)
                 : NQ_OK;
}

/* Whether outputs can start from a normal law. */
static int takes_law(const nq_model_options *options, const nqi_family *family,
                     const nqi_regressor_type *type)
{
    return (family->is_mixed || family->steps->normal) && nqi_has_field(type->options, "base") &&
           !strcmp(options->readout, "embedding") && strcmp(options->schedule, "learned") != 0;
}

/* The paper's mean is mixed with the variance, to which another law has nothing to add. */
static nq_status check_papers(const nq_model_options *options, nq_context *context,
                              const nqi_regressor_type *type)
{
    const int on_law = !strcmp(options->base, "normal"),
              on_other = strcmp(options->offset, "none");
    if (!on_law && !on_other && !type->predict)
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                    "\036mean_form paper is of a network alone, not with \036%s %s; expected "
                    "\036mean_form x0",
                    on_law     ? "base"
                    : on_other ? "offset"
                               : "regressor",
                    on_law     ? options->base
                    : on_other ? options->offset
                               : options->regressor);
}

/* A network with roles has a law to learn for each choice of known cells: where numbers are normal,
 * most of that is known before. */
static nq_status choose_base(nq_model_options *options, nq_context *context,
                             const nqi_family *family, const nqi_regressor_type *type,
                             const nq_dataset *data)
{
    const int can = takes_law(options, family, type);
    const int is_papers = !strcmp(options->mean_form, "paper");
    nq_status status;
    const int has_gaps = !family->is_mixed && nq_dataset_missing(NULL, NULL, data) > 0;
    if (!options->base[0])
        choose_text(options->base, can && !is_papers && options->roles > 0 && !family->is_mixed &&
                                           !has_gaps && nq_dataset_dim(data) <= NQI_LAW_NUMBERS
                                       ? "normal"
                                       : "none");
    if (is_papers && (status = check_papers(options, context, type)))
        return status;
    if (strcmp(options->base, "normal") && strcmp(options->base, "none"))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "unknown base \"%s\": expected normal or none", options->base);
    if (strcmp(options->base, "normal") != 0)
        return NQ_OK;
    if (has_gaps)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "\036base normal: expected rows without missing cells in a model of one "
                        "kernel; \036kernel mixed or \036base none takes them");
    return can ? NQ_OK
               : nqi_fail(
                     context, NQ_ERROR_UNSUPPORTED,
                     "\036base normal: expected \036kernel gaussian or mixed, \036regressor mlp "
                     "or "
                     "table with \036readout embedding, and another \036schedule than learned");
}

/* What regressors without a gradient, and networks on them, do not go with. */
static nq_status check_fitted(const nq_model_options *options, nq_context *context,
                              const nqi_family *family, const nqi_regressor_type *type,
                              const nq_dataset *data)
{
    const int stands = nqi_model_stands(options);
    const char *field = stands ? "offset" : "regressor";
    const char *value = stands ? options->offset : options->regressor;
    if (!type->predict && !stands)
        return NQ_OK;
    if (!strcmp(options->schedule, "learned"))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "\036schedule learned does not go with \036%s %s, which does not say how "
                        "it depends on the rates; expected another \036schedule",
                        field, value);
    return family->is_mixed || !nq_dataset_missing(NULL, NULL, data)
               ? NQ_OK
               : nqi_model_refuse_gaps(context, field, value);
}

nq_status nqi_model_refuse_gaps(nq_context *context, const char *field, const char *value)
{
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                    "\036%s %s: expected rows without missing cells in a model of one kernel; "
                    "\036kernel mixed takes them",
                    field, value);
}

nq_status nqi_model_options_choose(nq_model_options *options, nq_context *context,
                                   const nq_dataset *data)
{
    const nqi_regressor_type *type;
    nq_status status = nqi_model_kernel(options, context, data);
    if (status)
        return status;
    const nqi_family *family = nqi_family_find(options->kernel);
    if (!family->is_mixed && (status = check_texts(context, data)))
        return status;
    if ((status = check_values(family, context, data)))
        return status;
    nqi_facts facts = {.rows = nq_dataset_rows(data), .dim = nq_dataset_dim(data)};
    choose_image(options, &facts, data);
    choose_text(options->regressor, options->image[0]            ? "image"
                                    : family->defaults.regressor ? family->defaults.regressor
                                                                 : "mlp");
    if ((status = nqi_regressor_find(&type, context, options->regressor)))
        return status;
    const int is_image = type->of_pictures;
    choose_text(options->schedule, family->defaults.schedule);
    choose_text(options->offset, "none");
    if ((status = check_fitted(options, context, family, type, data)))
        return status;
    choose_text(options->readout, type->readout ? type->readout : "");
    choose_text(options->activation, !strcmp(options->readout, "embedding") ? "silu"
                                     : is_image                             ? "softplus"
                                                                            : "sigmoid");
    choose_hidden(options, family, type, data);
    if (is_image)
        choose_network(options);
    choose_text(options->scale, family->defaults.scale ? family->defaults.scale
                                : options->image[0]    ? "whole"
                                                       : "column");
    /* a file says how many steps there are, and the first rate */
    facts.rates_are_chosen = nqi_schedule_is_named(options->schedule);
    facts.is_picture = is_image;
    if (!options->steps && facts.rates_are_chosen)
        options->steps = is_image ? 1000 : family->defaults.steps;
    family->defaults.choose(options, &facts);
    if (options->learn_last < 0)
        options->learn_last = options->steps == 1 || family->defaults.learn_last;
    if (options->roles < 0)
        options->roles = family->defaults.roles && !roles_clash(options, type);
    else if (options->roles && (status = check_roles(options, context, type)))
        return status;
    if (options->squares && (status = check_squares(options, context, family, type)))
        return status;
    return choose_base(options, context, family, type, data);
}
