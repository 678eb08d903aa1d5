/* picture.h - how rows are shown as pictures: their shape, black and white. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PICTURE_H
#define NONEQ_CLI_PICTURE_H

#include "options.h"

/* Fields of a verb's struct of values. */
typedef struct picture_values {
    const char *image;   /* shape of a row; NULL: the model's or the data's */
    double black, white; /* NaN: chosen */
    int64_t depth;
} picture_values;

typedef struct picture_view {
    nq_picture picture;
    double black, white; /* numbers, in the data's units */
    int depth;           /* bits of a colour: 8 or 16 */
} picture_view;

/* clang-format off */
#define PICTURE_OPTIONS(verb_values, field)                                                      \
    {"image", 0, OPTION_TEXT, offsetof(verb_values, field.image), "HxW", NULL, 0,                \
     "pictures: shape of a row, HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH; default: the model's"},   \
    {"black", 0, OPTION_NUMBER, offsetof(verb_values, field.black), "B", NULL, -HUGE_VAL,        \
     "pictures: number shown as black; default: 0 for grey levels and bits, else the training "  \
     "data's mean less 3 deviations"},                                                           \
    {"white", 0, OPTION_NUMBER, offsetof(verb_values, field.white), "W", NULL, -HUGE_VAL,        \
     "pictures: number shown as white; default: 255 or 65535 for grey levels, 1 for bits, else " \
     "the mean and 3 deviations"},                                                               \
    {"depth", 0, OPTION_COUNT, offsetof(verb_values, field.depth), "BITS", "8", 8,               \
     "pictures: 8 or 16 bits for each colour"}
/* clang-format on */

/* "28x28" (one channel), "3x32x32"; 0 when the text is no shape. */
int picture_parse(nq_picture *out, const char *text);

/* Chooses how rows of `columns` numbers are shown: by --image, else as the model's pictures where
 * those have as many numbers, else as `own` (the data's; may be NULL). Returns an exit status and
 * has printed why not. */
int picture_view_choose(picture_view *out, const nq_model *model, const picture_values *values,
                        size_t columns, const nq_picture *own);
/* Only black and white of it. */
void picture_range_choose(picture_view *out, const nq_model *model, const picture_values *values);
/* Refuses options that cannot be meant, before long work. */
int picture_check(const verb *self, const picture_values *values);

#endif
