/* view.c - how rows are shown as pictures: their shape, black and white. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/picture/view.h"

#include "core/context.h"
#include "core/option/options.h"
#include "model/model.h"

int nqi_shape_parse(nq_picture *out, const char *text)
{
    if (!nq_picture_parse(out, text))
        return 0;
    if (!out->channels)
        out->channels = 1;
    return 1;
}

static int is_chosen(double number)
{
    return number == NQ_VIEW_CHOSEN;
}

nq_status nqi_view_take(nq_view_options *out, nq_context *context, const nq_view_options *options)
{
    nq_picture shape;
    const nq_status status = nqi_options_take(out, context, &nqi_view_options, options);
    if (status)
        return status;
    if (out->depth != 8 && out->depth != 16)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, NQI_OPTION "depth takes 8 or 16, not %lld",
                        (long long)out->depth);
    if (out->image && !nqi_shape_parse(&shape, out->image))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "image takes HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH, such as "
                                   "28x28 or 3x32x32, not '%s'",
                        out->image);
    if (!is_chosen(out->black) && !is_chosen(out->white) && out->black >= out->white)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "black %g is not below " NQI_OPTION "white %g", out->black,
                        out->white);
    return NQ_OK;
}

void nqi_view_range(nqi_picture_view *out, const nq_model *model, const nq_view_options *options)
{
    double mean = 0, deviation = 1, low, high;
    nq_model_column_scaling(&mean, &deviation, model, 0);
    if (!nq_model_pair(&low, &high, model, 0)) {
        const double spread = deviation > 0 ? 3 * deviation : 1;
        const int is_grey = nqi_model_grey_level(model) == 1 && mean >= 0 && mean <= 65535;
        low = is_grey ? 0 : mean - spread;
        high = !is_grey ? mean + spread : mean <= 255 ? 255 : 65535;
    }
    out->black = is_chosen(options->black) ? low : options->black;
    out->white = is_chosen(options->white) ? high : options->white;
    out->depth = (int)options->depth;
}

static size_t numbers_of(const nq_picture *shape)
{
    return shape->channels * shape->height * shape->width;
}

nq_status nqi_view_choose(nqi_picture_view *out, nq_context *context, const nq_model *model,
                          const nq_view_options *options, size_t columns, const nq_picture *own)
{
    *out = (nqi_picture_view){.depth = 8};
    nq_model_picture(&out->picture, model);
    if (options->image) {
        nqi_shape_parse(&out->picture, options->image);
        if (numbers_of(&out->picture) != columns)
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            NQI_OPTION "image %s is %zu numbers; a row has %zu", options->image,
                            numbers_of(&out->picture), columns);
    } else if (numbers_of(&out->picture) != columns && own) {
        out->picture = *own;
    }
    if (!out->picture.channels || numbers_of(&out->picture) != columns)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the model describes no pictures: expected an image model, or " NQI_OPTION
                        "image HEIGHTxWIDTH for rows of %zu numbers",
                        columns);
    if (out->picture.channels != 1 && out->picture.channels != 3)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "a picture of %zu planes cannot be shown; expected 1 (grey) or 3 (red, "
                        "green, blue)",
                        out->picture.channels);
    nqi_view_range(out, model, options);
    if (!(out->black < out->white))
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "black is %g and white is %g: expected black below white", out->black,
                        out->white);
    return NQ_OK;
}
