/* data_open.c - data files as the rows that a model takes: pictures cut to its size. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "data_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "ranks.h"
#include "session.h"

int area_read(nq_area *out, const char *text)
{
    size_t sizes[4];
    char word[24];

    for (int i = 0; i < 4; i++) {
        const size_t length = strcspn(text, ",");
        int64_t number;

        if (length >= sizeof word || (text[length] == ',') != (i < 3))
            return 0;
        memcpy(word, text, length);
        word[length] = '\0';
        if (!count_parse(&number, word) || number < 0)
            return 0;
        sizes[i] = (size_t)number;
        text += length + 1;
    }
    *out = (nq_area){sizes[0], sizes[1], sizes[2], sizes[3]};
    return 1;
}

int area_parse(nq_area *out, const verb *self, const char *text)
{
    *out = (nq_area){0};
    if (!text)
        return EXIT_DONE;
    if (area_read(out, text) && out->left <= INT32_MAX && out->top <= INT32_MAX &&
        out->width <= INT32_MAX && out->height <= INT32_MAX)
        return EXIT_DONE;
    return options_refuse(self,
                          "--area takes LEFT,TOP,WIDTH,HEIGHT in pixels, such as 0,0,512,512, "
                          "not '%s'",
                          text);
}

static int area_is_given(const nq_area *area)
{
    return area->left || area->top || area->width || area->height;
}

int data_shape(nq_dataset *file, nq_context *context, const char *path, const nq_picture *wanted)
{
    nq_picture own;
    nq_status status = NQ_OK;

    nq_dataset_picture(&own, file);
    if (!own.channels)
        status = nq_dataset_set_picture(file, context, wanted);
    if (status)
        return session_fail(context, status);
    if (own.channels && own.channels != wanted->channels)
        return message_fail("the pictures of '%s' have %zu colours; expected %zu", path,
                            own.channels, wanted->channels);
    if (own.channels && (own.height < wanted->height || own.width < wanted->width))
        return message_fail("the pictures of '%s' are %zu pixels high and %zu wide; expected at "
                            "least %zu and %zu",
                            path, own.height, own.width, wanted->height, wanted->width);
    return EXIT_DONE;
}

int data_is_larger(const nq_dataset *file, const nq_picture *wanted, const nq_area *area)
{
    nq_picture own;

    nq_dataset_picture(&own, file);
    return area_is_given(area) || own.height != wanted->height || own.width != wanted->width;
}

int data_crop(nq_dataset **out, nq_context *context, const nq_dataset *file,
              const nq_picture *wanted, const nq_area *area, size_t stride, int mirror)
{
    const nq_crop_options options = {.height = wanted->height,
                                     .width = wanted->width,
                                     .stride = stride,
                                     .mirror = mirror,
                                     .area = *area};
    *out = NULL;
    const nq_status status = nq_dataset_crops(out, context, file, &options);

    return status ? session_fail(context, status) : EXIT_DONE;
}

void data_notes_tell(const nq_dataset *data, const common_values *common)
{
    for (size_t i = 0; i < nq_dataset_note_count(data); i++)
        if (!common->quiet && !ranks_is_silent())
            message_note("%s", nq_dataset_note(data, i));
}

int data_file_open(nq_dataset **out, nq_context *context, const char *path,
                   const common_values *common, int for_model, int keep_text)
{
    nq_read_options options = common->read;

    options.for_model = for_model;
    options.keep_text = keep_text;
    const nq_status status = nq_dataset_open_with(out, context, path, &options);
    if (status)
        return session_fail(context, status);
    data_notes_tell(*out, common);
    return EXIT_DONE;
}

int data_match(data_rows *data, nq_context *context, const nq_model *model,
               const common_values *common)
{
    const nq_status status = nq_dataset_for_model(&data->rows, context, data->file, model);

    if (status)
        return session_fail(context, status);
    data_notes_tell(data->rows, common);
    return EXIT_DONE;
}

int data_rows_open(data_rows *out, nq_context *context, const char *path, const nq_model *model,
                   const nq_area *area, const common_values *common, int keep_text)
{
    nq_picture wanted;
    int code;

    *out = (data_rows){0};
    nq_model_picture(&wanted, model);
    if ((code = data_file_open(&out->file, context, path, common, 1, keep_text)))
        return code;
    if (!wanted.channels)
        return area_is_given(area) ? message_fail("--area needs a model of pictures")
                                   : data_match(out, context, model, common);
    if ((code = data_shape(out->file, context, path, &wanted)))
        return code;
    if (!data_is_larger(out->file, &wanted, area))
        return data_match(out, context, model, common);
    return data_crop(&out->rows, context, out->file, &wanted, area, 0, 0);
}

void data_rows_close(data_rows *data)
{
    if (data->rows != data->file)
        nq_dataset_free(data->rows);
    nq_dataset_free(data->file);
    *data = (data_rows){0};
}

double data_white(const nq_dataset *data)
{
    const size_t dim = nq_dataset_dim(data), rows = nq_dataset_rows(data);
    double white = 255;

    if (nq_dataset_grey_level(data) <= 0)
        return 0;
    double *row = malloc(dim * sizeof *row);
    for (size_t r = 0; row && r < rows && white < 256; r++) {
        nq_dataset_row(row, data, r);
        for (size_t i = 0; i < dim; i++)
            white = row[i] > 255 ? 65535 : white;
    }
    free(row);
    return white;
}
