/* picture.c - how rows are shown as pictures: their shape, black and white. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "picture.h"

#include <math.h>

#include "message.h"

int picture_parse(nq_picture *out, const char *text)
{
    if (!nq_picture_parse(out, text))
        return 0;
    if (!out->channels)
        out->channels = 1;
    return 1;
}

int picture_check(const verb *self, const picture_values *values)
{
    nq_picture shape;

    if (values->depth != 8 && values->depth != 16)
        return options_refuse(self, "--depth takes 8 or 16, not %lld", (long long)values->depth);
    if (values->image && !picture_parse(&shape, values->image))
        return options_refuse(self,
                              "--image takes HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH, such as "
                              "28x28 or 3x32x32, not '%s'",
                              values->image);
    if (values->black >= values->white)
        return options_refuse(self, "--black %g is not below --white %g", values->black,
                              values->white);
    return EXIT_DONE;
}

void picture_range_choose(picture_view *out, const nq_model *model, const picture_values *values)
{
    double mean = 0, deviation = 1, low, high;

    nq_model_column_scaling(&mean, &deviation, model, 0);
    if (!nq_model_pair(&low, &high, model, 0)) {
        const double spread = deviation > 0 ? 3 * deviation : 1;
        const int is_grey =
            nq_model_get_options(model)->dequantize == 1 && mean >= 0 && mean <= 65535;

        low = is_grey ? 0 : mean - spread;
        high = !is_grey ? mean + spread : mean <= 255 ? 255 : 65535;
    }
    out->black = isnan(values->black) ? low : values->black;
    out->white = isnan(values->white) ? high : values->white;
    out->depth = (int)values->depth;
}

static size_t picture_numbers(const nq_picture *shape)
{
    return shape->channels * shape->height * shape->width;
}

int picture_view_choose(picture_view *out, const nq_model *model, const picture_values *values,
                        size_t columns, const nq_picture *own)
{
    *out = (picture_view){.depth = 8};
    nq_model_picture(&out->picture, model);
    if (values->image) {
        picture_parse(&out->picture, values->image);
        if (picture_numbers(&out->picture) != columns)
            return message_fail("--image %s is %zu numbers; a row has %zu", values->image,
                                picture_numbers(&out->picture), columns);
    } else if (picture_numbers(&out->picture) != columns && own) {
        out->picture = *own;
    }
    if (!out->picture.channels || picture_numbers(&out->picture) != columns)
        return message_fail(
            "the model describes no pictures: expected an image model, or --image "
            "HEIGHTxWIDTH for rows of %zu numbers",
            columns);
    if (out->picture.channels != 1 && out->picture.channels != 3)
        return message_fail("a picture of %zu planes cannot be shown; expected 1 (grey) or 3 "
                            "(red, green, blue)",
                            out->picture.channels);
    picture_range_choose(out, model, values);
    if (!(out->black < out->white))
        return message_fail("black is %g and white is %g: expected black below white", out->black,
                            out->white);
    return EXIT_DONE;
}
