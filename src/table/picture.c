/* picture.c - rows as pictures: their shape, their grey levels, and a row as a picture file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "io/file/name.h"
#include "io/format/format.h"
#include "table/dataset.h"

void nq_dataset_picture(nq_picture *out, const nq_dataset *dataset)
{
    *out = dataset->picture;
}

enum { EXTENTS = 3, EXTENT_MOST = 1 << 20 };

/* Digits alone, of a number from 1 to EXTENT_MOST; 0: none. *end: what follows. */
static size_t extent_read(const char *text, const char **end)
{
    size_t extent = 0;
    for (*end = text; **end >= '0' && **end <= '9' && extent <= EXTENT_MOST; ++*end)
        extent = 10 * extent + (size_t)(**end - '0');
    return extent <= EXTENT_MOST ? extent : 0;
}

int nq_picture_parse(nq_picture *out, const char *text)
{
    size_t extents[EXTENTS] = {0};
    for (int count = 1; count <= EXTENTS; count++, text++) {
        extents[0] = extents[1];
        extents[1] = extents[2];
        if (!(extents[2] = extent_read(text, &text)) || (!*text && count == 1))
            return 0;
        if (!*text) {
            *out = (nq_picture){extents[0], extents[1], extents[2]};
            return 1;
        }
        if (*text != 'x' && *text != 'X')
            return 0;
    }
    return 0;
}

static int is_grey(nqi_element element)
{
    return element == NQI_U8 || element == NQI_I8 || element == NQI_U16 || element == NQI_I16;
}

double nq_dataset_grey_level(const nq_dataset *dataset)
{
    if (!dataset->layout.is_apart)
        return is_grey(dataset->layout.element);
    for (size_t c = 0; c < dataset->dim; c++)
        if (!is_grey(dataset->columns[c].numbers.element))
            return 0;
    return 1;
}

/* channels * height * width, or 0 when that is no number. */
static size_t picture_size(const nq_picture *p)
{
    if (!p->channels || !p->height || !p->width || p->height > SIZE_MAX / p->width ||
        p->channels > SIZE_MAX / (p->height * p->width))
        return 0;
    return p->channels * p->height * p->width;
}

nq_status nq_dataset_set_picture(nq_dataset *dataset, nq_context *context,
                                 const nq_picture *picture)
{
    const nq_picture *old = &dataset->picture;
    if (picture_size(picture) != dataset->dim)
        return nqi_fail(
            context, NQ_ERROR_SHAPE,
            "rows of %zu numbers are no pictures of %zu x %zu x %zu (channels x height "
            "x width)",
            dataset->dim, picture->channels, picture->height, picture->width);
    if (dataset->layout.is_apart)
        return nqi_fail(
            context, NQ_ERROR_SHAPE,
            "rows are no pictures where their columns are of different types or lie apart");
    if (nqi_dataset_crops(dataset) &&
        (picture->channels != old->channels || picture->height != old->height ||
         picture->width != old->width))
        return nqi_fail(
            context, NQ_ERROR_SHAPE,
            "crops of %zu x %zu x %zu (channels x height x width) cannot become %zu x "
            "%zu x %zu",
            old->channels, old->height, old->width, picture->channels, picture->height,
            picture->width);
    if (nqi_dataset_crops(dataset))
        return NQ_OK;
    dataset->picture = *picture;
    dataset->layout.line = picture->width;
    dataset->layout.plane = picture->height * picture->width;
    return NQ_OK;
}

static nq_status channels_refuse(nq_context *context, const char *path, size_t channels,
                                 const nqi_extension *extension)
{
    return nqi_fail(context, NQ_ERROR_SHAPE,
                    "cannot write a picture of %zu channels to %s: expected %s", channels, path,
                    extension->channels == 1   ? "one"
                    : extension->channels == 3 ? "three"
                                               : "one or three");
}

static nq_status format_find(const nqi_format **out, nq_context *context, const char *path,
                             size_t channels)
{
    const nqi_extension *extension;
    char known[NQI_FORMAT_LIST];
    *out = nqi_format_of_name(path, NQI_FORMAT_PICTURE, &extension);
    if (!*out || !(*out)->picture_write ||
        (nqi_path_is_packed(path) && !extension->is_packed_here))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "cannot tell the picture format of %s: expected a name that ends in %s",
                        path, nqi_format_list(known, NQI_FORMAT_PICTURE, 0));
    if (extension->channels ? channels == extension->channels : channels == 1 || channels == 3)
        return NQ_OK;
    return channels_refuse(context, path, channels, extension);
}

/* Planes of numbers to pixels of 8 or 16 bits, the high byte first. NaN becomes black. */
static unsigned char *pixels_make(const double *planes, const nq_picture *picture, double white,
                                  int depth)
{
    const size_t count = picture->height * picture->width, size = (size_t)depth / 8;
    const double most = depth == 8 ? 255 : 65535;
    unsigned char *bytes = malloc(count * picture->channels * size);
    for (size_t c = 0; c < picture->channels && bytes; c++) {
        for (size_t i = 0; i < count; i++) {
            const double x = planes[c * count + i] / white * most;
            const unsigned level = (unsigned)lround(x > 0 ? fmin(x, most) : 0);
            unsigned char *at = bytes + (i * picture->channels + c) * size;
            if (size == 2)
                *at++ = (unsigned char)(level >> 8);
            *at = (unsigned char)(level & 0xff);
        }
    }
    return bytes;
}

static nq_status pixels_write(nq_context *context, const char *path, const nqi_pixels *pixels,
                              const nqi_format *format)
{
    nqi_writer *writer;
    nq_status status = nqi_writer_open(&writer, context, path);
    if (status)
        return status;
    status = format->picture_write(writer, context, path, pixels);
    if (status) {
        nqi_writer_abandon(writer);
        return status;
    }
    return nqi_writer_commit(writer);
}

nq_status nqi_picture_to_png(void **out, size_t *size, nq_context *context, const double *pixels,
                             const nq_picture *picture)
{
    static const char name[] = "picture.png";
    const int depth = 8;
    const nqi_format *format;
    nqi_writer *writer;
    *out = NULL;
    nq_status status = format_find(&format, context, name, picture->channels);
    if (status)
        return status;
    unsigned char *bytes = pixels_make(pixels, picture, 1, depth);
    if (!bytes)
        return nqi_fail_memory(context, "the pixels of a picture", picture_size(picture));
    if (!(status = nqi_writer_open_memory(&writer, context))) {
        const nqi_pixels all = {picture->channels, picture->height, picture->width, depth, bytes};
        status = format->picture_write(writer, context, name, &all);
        if (status)
            nqi_writer_abandon(writer);
        else
            status = nqi_writer_take(out, size, writer);
    }
    free(bytes);
    return status;
}

nq_status nq_picture_write(const char *path, nq_context *context, const double *pixels,
                           const nq_picture *picture, double white, int depth)
{
    const nqi_format *format;
    nq_status status = format_find(&format, context, path, picture->channels);
    if (status)
        return status;
    if (!(white > 0 && isfinite(white)) || (depth != 8 && depth != 16))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "cannot write %s with white %g and depth %d: expected a number above 0, "
                        "and 8 or 16",
                        path, white, depth);
    const size_t count = picture_size(picture);
    if (!count || count > SIZE_MAX / 2)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "cannot write a picture of %zu x %zu pixels to %s", picture->width,
                        picture->height, path);
    unsigned char *bytes = pixels_make(pixels, picture, white, depth);
    if (!bytes)
        return nqi_fail_memory(context, "the pixels of a picture", count * (size_t)depth / 8);
    status = pixels_write(context, path,
                          &(nqi_pixels){picture->channels, picture->height, picture->width, depth,
                                        bytes},
                          format);
    free(bytes);
    return status;
}
