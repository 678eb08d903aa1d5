/* mask.c - which cells of rows are hidden: a table, a picture, a rectangle or a half. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "core/text.h"
#include "task/fill/job.h"

/* What is hidden. */
typedef struct masked_rows {
    const nqi_fill_job *job;
    nq_context *context;
    double *rows; /* [count][columns] */
    size_t count, total, columns;
    const nq_picture *shape; /* of a row; channels 0: it is none */
    const char *name;        /* of the mask */
} masked_rows;

/* Rounded so that the two halves of an odd side overlap in nothing: the first one is smaller. */
static int half_parse(nq_area *out, const char *text, const nq_picture *shape)
{
    const size_t width = shape->width, height = shape->height;
    if (!strcmp(text, "left"))
        *out = (nq_area){0, 0, width / 2, height};
    else if (!strcmp(text, "right"))
        *out = (nq_area){width / 2, 0, width - width / 2, height};
    else if (!strcmp(text, "top"))
        *out = (nq_area){0, 0, width, height / 2};
    else if (!strcmp(text, "bottom"))
        *out = (nq_area){0, height / 2, width, height - height / 2};
    else
        return 0;
    return 1;
}

/* LEFT,TOP,WIDTH,HEIGHT; 0: the text is none. */
static int area_parse(nq_area *out, const char *text)
{
    size_t sizes[4];
    char word[24];
    for (int i = 0; i < 4; i++) {
        const size_t length = strcspn(text, ",");
        double number;
        if (length >= sizeof word || (text[length] == ',') != (i < 3))
            return 0;
        memcpy(word, text, length);
        word[length] = '\0';
        if (!nqi_text_read_double(&number, word) || !(number >= 0 && number <= 0x1p53) ||
            number != floor(number))
            return 0;
        sizes[i] = (size_t)number;
        text += length + 1;
    }
    *out = (nq_area){sizes[0], sizes[1], sizes[2], sizes[3]};
    return 1;
}

static nq_status rectangle_check(nq_context *context, const nq_area *area,
                                 const nq_picture *shape)
{
    if (area->width && area->height && area->left < shape->width && area->top < shape->height &&
        area->width <= shape->width - area->left && area->height <= shape->height - area->top)
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_SHAPE,
                    NQI_OPTION "mask %zu,%zu,%zu,%zu (left, top, width, height) does not lie "
                               "inside pictures of %zux%zu (height x width)",
                    area->left, area->top, area->width, area->height, shape->height,
                    shape->width);
}

static void area_hide(const masked_rows *m, const nq_area *area)
{
    const nq_picture *shape = m->shape;
    for (size_t p = 0; p < m->count * shape->channels; p++)
        for (size_t y = area->top; y < area->top + area->height; y++)
            for (size_t x = area->left; x < area->left + area->width; x++)
                m->rows[(p * shape->height + y) * shape->width + x] = NAN;
}

/* A picture, or one for each row; of one plane, or as many as the rows have. */
static nq_status picture_hide(const masked_rows *m, const nq_dataset *mask)
{
    const size_t dim = nq_dataset_dim(mask), rows = nq_dataset_rows(mask);
    const size_t plane = m->shape->height * m->shape->width;
    double *line = nqi_numbers_new(m->context, 1, dim);
    double most = 0;
    if (!line)
        return NQ_ERROR_MEMORY;
    for (size_t r = 0; r < rows; r++) {
        nq_dataset_row(line, mask, r);
        for (size_t i = 0; i < dim; i++)
            most = line[i] > most ? line[i] : most;
    }
    for (size_t r = 0; r < m->count; r++) {
        nq_dataset_row(line, mask, rows == 1 ? 0 : r);
        for (size_t c = 0; c < m->columns; c++)
            if (2 * line[dim == plane ? c % plane : c] > most)
                m->rows[r * m->columns + c] = NAN;
    }
    free(line);
    if (most > 0)
        return NQ_OK;
    return nqi_fail(m->context, NQ_ERROR_FORMAT,
                    "%s is black: expected white where pixels are to be filled", m->name);
}

/* 1 where a cell is hidden, 0 where it is known. at: columns of the mask for those of the rows. */
static nq_status cells_hide(const masked_rows *m, const nq_dataset *mask, const size_t *at)
{
    double *line = nqi_numbers_new(m->context, 1, nq_dataset_dim(mask));
    char text[NQI_TEXT_SIZE];
    nq_status status = line ? NQ_OK : NQ_ERROR_MEMORY;
    for (size_t r = 0; r < m->count && !status; r++) {
        nq_dataset_row(line, mask, r);
        for (size_t c = 0; c < m->columns && !status; c++) {
            if (line[at[c]] == 1) {
                m->rows[r * m->columns + c] = NAN;
            } else if (line[at[c]] != 0) {
                nqi_text_double(text, sizeof text, line[at[c]]);
                status =
                    nqi_fail(m->context, NQ_ERROR_FORMAT,
                             "%s: row %zu, column %zu: expected 0 or 1, found %s", m->name, r + 1,
                             nq_dataset_file_column(mask, at[c]) + 1, *text ? text : "nan");
            }
        }
    }
    free(line);
    return status;
}

/* Without names on both sides the mask has the columns of the data's file. */
static nq_status places_find(size_t *at, const masked_rows *m, const nq_dataset *mask)
{
    const nq_dataset *data = m->job->rows.source.rows;
    const size_t wanted = nq_dataset_file_columns(data);
    if (nq_dataset_dim(mask) != wanted)
        return nqi_fail(m->context, NQ_ERROR_SHAPE, "%s has %zu columns; the data have %zu",
                        m->name, nq_dataset_dim(mask), wanted);
    for (size_t c = 0; c < m->columns; c++)
        at[c] = nq_dataset_file_column(data, c);
    return NQ_OK;
}

/* By name, whatever the model makes of a column's cells. */
static nq_status names_find(size_t *at, const masked_rows *m, const nq_dataset *mask)
{
    const size_t columns = nq_dataset_dim(mask);
    for (size_t c = 0; c < m->columns; c++) {
        const char *name = nq_model_column_name(m->job->models[0], c);
        at[c] = 0;
        while (at[c] < columns && strcmp(nq_dataset_column_name(mask, at[c]), name))
            at[c]++;
        if (at[c] == columns)
            return nqi_fail(m->context, NQ_ERROR_SHAPE, "%s has no column \"%s\"", m->name, name);
    }
    return NQ_OK;
}

static nq_status table_hide(const masked_rows *m, const nq_dataset *mask)
{
    const nq_model *model = m->job->models[0];
    nq_dataset *matched = NULL;
    nq_status status = NQ_OK;
    if (nq_dataset_rows(mask) != m->total)
        return nqi_fail(m->context, NQ_ERROR_SHAPE, "%s has %zu rows; the data have %zu", m->name,
                        nq_dataset_rows(mask), m->total);
    size_t *at = malloc((m->columns + 1) * sizeof *at);
    if (!at)
        return nqi_fail_memory(m->context, "a mask", m->columns * sizeof *at);
    const int has_names = nq_dataset_column_name(mask, 0) && nq_model_column_name(model, 0);
    if (has_names && nq_model_is_recorded(model)) {
        status = names_find(at, m, mask);
    } else if (has_names) {
        status = nq_dataset_for_model(&matched, m->context, mask, model);
        for (size_t c = 0; c < m->columns; c++)
            at[c] = c;
    } else {
        status = places_find(at, m, mask);
    }
    if (!status)
        status = cells_hide(m, matched ? matched : mask, at);
    nq_dataset_free(matched);
    free(at);
    return status;
}

static nq_status shape_check(const masked_rows *m, const nq_dataset *mask, const nq_picture *own)
{
    if (!m->shape->channels)
        return nqi_fail(m->context, NQ_ERROR_SHAPE,
                        "%s is a picture; the data are none, and their mask is a table", m->name);
    if (own->height != m->shape->height || own->width != m->shape->width ||
        (own->channels != 1 && own->channels != m->shape->channels))
        return nqi_fail(m->context, NQ_ERROR_SHAPE,
                        "%s is a picture of %zux%zu and %zu planes; the data have %zux%zu and "
                        "%zu",
                        m->name, own->height, own->width, own->channels, m->shape->height,
                        m->shape->width, m->shape->channels);
    if (nq_dataset_rows(mask) != 1 && nq_dataset_rows(mask) != m->total)
        return nqi_fail(m->context, NQ_ERROR_SHAPE, "%s has %zu pictures; the data have %zu",
                        m->name, nq_dataset_rows(mask), m->total);
    return NQ_OK;
}

static nq_status file_hide(const masked_rows *m, const nq_read_options *read)
{
    const nq_source file = {.path = m->name, .read = read};
    nqi_source mask;
    nq_picture own;
    nq_status status = nqi_source_open(&mask, m->context, &file, 1, 0);
    if (!status) {
        nq_dataset_picture(&own, mask.file);
        status = !own.channels ? table_hide(m, mask.file) : shape_check(m, mask.file, &own);
        if (!status && own.channels)
            status = picture_hide(m, mask.file);
    }
    nqi_source_free(&mask);
    return status;
}

/* A file of the shape of the data as they are used, but columns, drop and types are those of the
 * data alone. */
static nq_status by_file(const masked_rows *m, const nq_read_options *read)
{
    nq_read_options own;
    const nq_status status = nqi_options_take(&own, m->context, &nqi_read_options, read);
    own.columns = own.drop = own.types = NULL;
    own.reduce = 0;
    return status ? status : file_hide(m, &own);
}

static nq_status by_area(const masked_rows *m, const nq_area *area)
{
    if (!m->shape->channels)
        return nqi_fail(m->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "mask %s is a part of a picture; these rows are none "
                                   "(" NQI_OPTION "image HEIGHTxWIDTH says what shape they have)",
                        m->name);
    const nq_status status = rectangle_check(m->context, area, m->shape);
    if (!status)
        area_hide(m, area);
    return status;
}

nq_status nqi_fill_mask(nqi_fill_job *job, const nq_read_options *read)
{
    const nqi_fill_rows *rows = &job->rows;
    const char *mask = job->plan.options.mask;
    nq_picture shape = rows->shape;
    nq_area area;
    nq_status status;
    if (!mask)
        return NQ_OK;
    if (job->plan.view.image)
        (void)nqi_shape_parse(&shape, job->plan.view.image);
    if (shape.channels * shape.height * shape.width != rows->columns)
        shape.channels = 0;
    if ((status = nqi_fill_keep_truth(job)))
        return status;
    const masked_rows m = {job,         job->context,  rows->known, rows->count,
                           rows->total, rows->columns, &shape,      mask};
    return half_parse(&area, mask, &shape) || area_parse(&area, mask) ? by_area(&m, &area)
                                                                      : by_file(&m, read);
}
