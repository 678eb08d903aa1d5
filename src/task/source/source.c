/* source.c - the rows of a task: opened, and as a model takes them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/source/source.h"

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"

/* The notes on a set, to the monitor. */
static void notes_tell(nq_context *context, const nq_dataset *data)
{
    for (size_t i = 0; i < nq_dataset_note_count(data); i++)
        nqi_log(context, NQ_LOG_NOTE, "%s", nq_dataset_note(data, i));
}

static int is_given(const nq_area *area)
{
    return area->left || area->top || area->width || area->height;
}

static nq_status check(nq_context *context, const nq_source *source)
{
    if (source->size && source->size != sizeof *source)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "nq_source.size is %zu: expected 0 or the bytes of the struct, %zu",
                        source->size, sizeof *source);
    if (!source->path == !source->data)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "the source of the rows has %s: expected a path or a data set",
                        source->path ? "a path and a data set" : "neither a path nor a data set");
    return NQ_OK;
}

static nq_status options_take(nq_read_options *out, nq_context *context, const nq_source *source,
                              int keep_text)
{
    nq_status status = check(context, source);
    if (!status)
        status = nqi_options_take(out, context, &nqi_read_options, source->read);
    if (!status)
        out->keep_text = keep_text;
    return status;
}

/* The file becomes the small one, unless that is NULL. */
static void file_replace(nqi_source *source, nq_dataset *small)
{
    if (!small)
        return;
    nq_dataset_free(source->file);
    source->file = source->rows = small;
}

/* The caller's, as a view, which may be given a shape of its own. */
static nq_status view_open(nqi_source *out, nq_context *context, const nq_dataset *data,
                           size_t reduce)
{
    nq_dataset *small = NULL;
    nq_status status = nq_dataset_slice(&out->file, context, data, 0, nq_dataset_rows(data));
    if (!status && reduce > 1)
        status = nq_dataset_reduce(&small, context, out->file, reduce);
    file_replace(out, small);
    return status;
}

/* out zeroed. */
static nq_status open_with(nqi_source *out, nq_context *context, const nq_source *source,
                           const nq_read_options *options)
{
    out->name = source->path ? source->path : "the data";
    const nq_status status =
        source->path ? nq_dataset_open_with(&out->file, context, source->path, options)
                     : view_open(out, context, source->data, (size_t)options->reduce);
    if (status)
        return status;
    out->rows = out->file;
    if (source->path)
        notes_tell(context, out->file);
    return NQ_OK;
}

nq_status nqi_source_open(nqi_source *out, nq_context *context, const nq_source *source,
                          int for_model, int keep_text)
{
    nq_read_options options;
    *out = (nqi_source){0};
    const nq_status status = options_take(&options, context, source, keep_text);
    if (status)
        return status;
    options.for_model = for_model;
    return open_with(out, context, source, &options);
}

nq_status nqi_source_read(nqi_source *out, nq_context *context, const nq_source *source,
                          const nq_model *model, int keep_text)
{
    nq_read_options options;
    nq_dataset *small = NULL;
    *out = (nqi_source){0};
    nq_status status = options_take(&options, context, source, keep_text);
    if (status)
        return status;
    options.for_model = 1;
    status = open_with(out, context, source, &options);
    if (!status && !options.reduce)
        status = nq_dataset_reduce_for_model(&small, context, out->file, model);
    file_replace(out, small);
    return status;
}

nq_status nqi_source_match(nqi_source *source, nq_context *context, const nq_model *model)
{
    nq_dataset *rows;
    const nq_status status = nq_dataset_for_model(&rows, context, source->file, model);
    if (status)
        return status;
    source->rows = rows;
    notes_tell(context, rows);
    return NQ_OK;
}

nq_status nqi_source_shape(const nqi_source *source, nq_context *context,
                           const nq_picture *wanted)
{
    nq_picture own;
    nq_status status = NQ_OK;
    nq_dataset_picture(&own, source->file);
    if (!own.channels)
        status = nq_dataset_set_picture(source->file, context, wanted);
    if (status)
        return status;
    if (own.channels && own.channels != wanted->channels)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the pictures of '%s' have %zu colours; expected %zu", source->name,
                        own.channels, wanted->channels);
    if (own.channels && (own.height < wanted->height || own.width < wanted->width))
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the pictures of '%s' are %zu pixels high and %zu wide; expected at "
                        "least %zu and %zu",
                        source->name, own.height, own.width, wanted->height, wanted->width);
    return NQ_OK;
}

int nqi_source_is_larger(const nqi_source *source, const nq_picture *wanted, const nq_area *area)
{
    nq_picture own;
    nq_dataset_picture(&own, source->file);
    return is_given(area) || own.height != wanted->height || own.width != wanted->width;
}

nq_status nqi_pictures_crop(nq_dataset **out, nq_context *context, const nq_dataset *pictures,
                            const nq_picture *wanted, const nq_area *area, size_t stride,
                            int mirror)
{
    nq_crop_options options;
    nq_crop_options_init(&options, sizeof options);
    options.height = wanted->height;
    options.width = wanted->width;
    options.stride = stride;
    options.mirror = mirror;
    options.area = *area;
    return nq_dataset_crops(out, context, pictures, &options);
}

nq_status nqi_source_open_for(nqi_source *out, nq_context *context, const nq_source *source,
                              const nq_model *model, int keep_text)
{
    nq_picture wanted;
    nq_dataset *crops;
    nq_status status = nqi_source_read(out, context, source, model, keep_text);
    if (status)
        return status;
    nq_model_picture(&wanted, model);
    if (!wanted.channels)
        return is_given(&source->area)
                   ? nqi_fail(context, NQ_ERROR_ARGUMENT, "\036area needs a model of pictures")
                   : nqi_source_match(out, context, model);
    if ((status = nqi_source_shape(out, context, &wanted)))
        return status;
    if (!nqi_source_is_larger(out, &wanted, &source->area))
        return nqi_source_match(out, context, model);
    if (!(status = nqi_pictures_crop(&crops, context, out->file, &wanted, &source->area, 0, 0)))
        out->rows = crops;
    return status;
}

void nqi_source_free(nqi_source *source)
{
    if (source->rows != source->file)
        nq_dataset_free(source->rows);
    nq_dataset_free(source->file);
    *source = (nqi_source){0};
}
