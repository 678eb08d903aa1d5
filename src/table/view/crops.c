/* crops.c - rectangles of pictures as rows: nothing is copied, a row is found by its number. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/option/options.h"
#include "table/dataset.h"

/* offsets[2][dim]: as it is, and mirrored, where a line is read from its other end. */
static nq_status offsets_make(nq_dataset *set, nq_context *context)
{
    const nq_picture *p = &set->picture;
    if (set->dim > SIZE_MAX / 2 / sizeof(size_t))
        return nqi_fail_memory(context, "the places of a crop's pixels", set->dim);
    size_t *offsets = malloc(2 * set->dim * sizeof *offsets);
    if (!offsets)
        return nqi_fail_memory(context, "the places of a crop's pixels",
                               2 * set->dim * sizeof *offsets);
    for (size_t i = 0; i < set->dim; i++) {
        const size_t x = i % p->width, y = i / p->width % p->height;
        const size_t line = i / p->width / p->height * set->layout.plane + y * set->layout.line;
        offsets[i] = line + x;
        offsets[set->dim + i] = line + p->width - 1 - x;
    }
    set->owned.offsets = offsets;
    set->layout.offsets[0] = offsets;
    set->layout.offsets[1] = offsets + set->dim;
    return NQ_OK;
}

/* The area with its width and height filled in. */
static nq_status area_check(nq_area *area, nq_context *context, const nq_picture *picture,
                            const nq_crop_options *options)
{
    *area = options->area;
    if (area->left >= picture->width || area->top >= picture->height ||
        area->width > picture->width - area->left || area->height > picture->height - area->top)
        return nqi_fail(
            context, NQ_ERROR_SHAPE,
            "the area of %zu x %zu pixels (width x height) at (%zu, %zu) is not inside "
            "the pictures of %zu x %zu",
            area->width, area->height, area->left, area->top, picture->width, picture->height);
    area->width = area->width ? area->width : picture->width - area->left;
    area->height = area->height ? area->height : picture->height - area->top;
    if (options->width > area->width || options->height > area->height)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "crops of %zu x %zu pixels (width x height) do not fit into an area of "
                        "%zu x %zu",
                        options->width, options->height, area->width, area->height);
    return NQ_OK;
}

static size_t places_count(size_t extent, size_t size, size_t stride)
{
    return (extent - size) / stride + 1;
}

static nq_status crops_make(nq_dataset *set, nq_context *context, const nq_area *area,
                            const nq_crop_options *options)
{
    const size_t step_x = options->stride ? options->stride : options->width;
    const size_t step_y = options->stride ? options->stride : options->height;
    nqi_crops *crops = &set->view.crops;
    *crops = (nqi_crops){.top = area->top,
                         .left = area->left,
                         .step_x = step_x,
                         .step_y = step_y,
                         .down = places_count(area->height, options->height, step_y),
                         .across = places_count(area->width, options->width, step_x),
                         .mirror = options->mirror != 0};
    const size_t each = crops->down * crops->across; /* below the pixels of a picture */
    if (each > SIZE_MAX / 2 / set->view.parent->rows)
        return nqi_fail(context, NQ_ERROR_SHAPE, "there are too many crops to count");
    set->rows = set->view.parent->rows * each * (crops->mirror ? 2 : 1);
    set->picture.height = options->height;
    set->picture.width = options->width;
    set->dim = set->picture.channels * options->height * options->width;
    return offsets_make(set, context);
}

nq_status nq_dataset_crops(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           const nq_crop_options *options)
{
    nq_area area;
    nq_status status;
    nq_crop_options own;
    *out = NULL;
    if ((status = nqi_options_take(&own, context, &nqi_crop_options, options)))
        return status;
    options = &own;
    if (!parent->picture.channels)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "crops are taken from pictures; the rows of the data are %zu numbers "
                        "without the shape of a picture",
                        parent->dim);
    if (!options->width || !options->height)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "crops of %zu x %zu pixels: expected at least one each way",
                        options->width, options->height);
    if ((status = area_check(&area, context, &parent->picture, options)) ||
        (status = nqi_dataset_view(out, context, parent, 0, NQI_VIEW_CROPS)))
        return status;
    status = crops_make(*out, context, &area, options);
    if (status) {
        nq_dataset_free(*out);
        *out = NULL;
    }
    return status;
}

const nq_dataset *nqi_dataset_crops(const nq_dataset *dataset)
{
    while (dataset && dataset->view.kind != NQI_VIEW_CROPS)
        dataset = dataset->view.parent;
    return dataset;
}

/* In one direction, crops that overlap or touch make one run of pixels, others one each. */
typedef struct cover {
    size_t runs, length, step;
} cover;

static cover cover_make(size_t count, size_t size, size_t step)
{
    return step > size ? (cover){count, size, step} : (cover){1, (count - 1) * step + size, 0};
}

static cover cover_across(const nq_dataset *crops)
{
    return cover_make(crops->view.crops.across, crops->picture.width, crops->view.crops.step_x);
}

static cover cover_down(const nq_dataset *crops)
{
    return cover_make(crops->view.crops.down, crops->picture.height, crops->view.crops.step_y);
}

size_t nqi_crops_run_most(const nq_dataset *crops)
{
    return cover_across(crops).length;
}

uint64_t nqi_crops_runs(const nq_dataset *crops)
{
    const cover down = cover_down(crops);
    return (uint64_t)crops->view.parent->rows * crops->picture.channels * down.runs *
           down.length * cover_across(crops).runs;
}

nqi_run nqi_crops_run(const nq_dataset *crops, uint64_t run)
{
    const cover across = cover_across(crops), down = cover_down(crops);
    const size_t lines = down.runs * down.length;
    const uint64_t line = run / across.runs, plane = line / lines;
    const size_t below = (size_t)(line % lines);
    nqi_run out = {.count = across.length,
                   .picture = (size_t)(plane / crops->picture.channels),
                   .channel = (size_t)(plane % crops->picture.channels)};
    out.y = crops->view.crops.top + below / down.length * down.step + below % down.length;
    size_t x = crops->view.crops.left + (size_t)(run % across.runs) * across.step;
    const nqi_place place = nqi_dataset_locate(crops->view.parent, out.picture);
    if (place.is_mirrored)
        x = crops->view.parent->picture.width - across.length - x;
    out.start =
        place.start + (out.channel * crops->layout.plane + out.y * crops->layout.line + x) *
                          nqi_element_size(crops->layout.element);
    return out;
}
