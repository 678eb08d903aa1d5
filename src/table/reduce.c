/* reduce.c - pictures made smaller: the means of squares of pixels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "core/context.h"
#include "table/dataset.h"

nq_picture nqi_picture_reduced(const nq_picture *picture, size_t side)
{
    return (nq_picture){picture->channels, picture->height / side, picture->width / side};
}

void nqi_picture_reduce(double *out, const double *pixels, const nq_picture *picture, size_t side)
{
    const nq_picture small = nqi_picture_reduced(picture, side);
    const double part = 1 / ((double)side * (double)side);
    for (size_t line = 0; line < small.channels * small.height; line++) {
        const size_t plane = line / small.height, top = line % small.height * side;
        const double *from = pixels + (plane * picture->height + top) * picture->width;
        for (size_t x = 0; x < small.width; x++) {
            double sum = 0;
            for (size_t i = 0; i < side * side; i++)
                sum += from[i / side * picture->width + x * side + i % side];
            out[line * small.width + x] = sum * part;
        }
    }
}

static nq_status side_check(nq_context *context, const nq_picture *picture, size_t side)
{
    if (!picture->channels)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "\036reduce is about pictures; the rows of the data are none");
    if (!side)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "means of squares of 0 pixels: expected at least 1");
    if (side <= picture->height && side <= picture->width)
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_SHAPE,
                    "\036reduce %zu: the pictures of %zux%zu (height x width) have no square of "
                    "so many pixels",
                    side, picture->height, picture->width);
}

static nq_status table_alloc(nqi_table *out, nq_context *context, size_t rows,
                             const nq_picture *small)
{
    *out = (nqi_table){.rows = rows,
                       .dim = small->channels * small->height * small->width,
                       .element = NQI_F64,
                       .channels = small->channels,
                       .height = small->height,
                       .width = small->width};
    const size_t bytes = nqi_table_bytes(rows, out->dim, out->element);
    out->buffer = bytes ? malloc(bytes) : NULL;
    out->values = out->buffer;
    return out->buffer ? NQ_OK : nqi_fail_memory(context, "reduced pictures", bytes);
}

nq_status nq_dataset_reduce(nq_dataset **out, nq_context *context, const nq_dataset *pictures,
                            size_t side)
{
    nqi_table table;
    *out = NULL;
    nq_status status = side_check(context, &pictures->picture, side);
    if (status)
        return status;
    const nq_picture small = nqi_picture_reduced(&pictures->picture, side);
    if ((status = table_alloc(&table, context, pictures->rows, &small)))
        return status;
    double *row = malloc(pictures->dim * sizeof *row);
    for (size_t r = 0; row && r < table.rows; r++) {
        nq_dataset_row(row, pictures, r);
        nqi_picture_reduce((double *)table.buffer + r * table.dim, row, &pictures->picture, side);
    }
    free(row);
    if (!row) {
        nqi_table_free(&table);
        return nqi_fail_memory(context, "a picture", pictures->dim * sizeof *row);
    }
    if ((status = nqi_dataset_from_table(out, context, &table)))
        return status;
    (*out)->reduced = side * nq_dataset_reduced(pictures);
    (*out)->squared_level =
        pictures->reduced ? pictures->squared_level : nq_dataset_grey_level(pictures);
    return NQ_OK;
}

size_t nq_dataset_reduced(const nq_dataset *dataset)
{
    return dataset->reduced ? dataset->reduced : 1;
}
