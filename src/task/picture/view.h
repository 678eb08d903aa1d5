/* view.h - how rows are shown as pictures: their shape, black and white. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_PICTURE_VIEW_H
#define NQI_TASK_PICTURE_VIEW_H

#include <noneq/model.h>
#include <noneq/view.h>

typedef struct nqi_picture_view {
    nq_picture picture;
    double black, white; /* numbers, in the data's units */
    int depth;           /* bits of a colour: 8 or 16 */
} nqi_picture_view;

/* "28x28" (one channel), "3x32x32"; 0 when the text is no shape. */
int nqi_shape_parse(nq_picture *out, const char *text);
/* The caller's options, checked before long work. NQ_ERROR_ARGUMENT. */
nq_status nqi_view_take(nq_view_options *out, nq_context *context,
                        const nq_view_options *options);

/* Chooses how rows of `columns` numbers are shown: by the option image, else as the model's
 * pictures where those have as many numbers, else as `own` (the data's; may be NULL).
 * NQ_ERROR_SHAPE: they cannot be. */
nq_status nqi_view_choose(nqi_picture_view *out, nq_context *context, const nq_model *model,
                          const nq_view_options *options, size_t columns, const nq_picture *own);
/* Only black, white and depth of it. */
void nqi_view_range(nqi_picture_view *out, const nq_model *model, const nq_view_options *options);

#endif
