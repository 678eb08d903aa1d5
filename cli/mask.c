/* mask.c - which cells of rows are hidden: a table, a picture, a rectangle or a half. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "mask.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data_open.h"
#include "message.h"
#include "number.h"
#include "output.h"
#include "session.h"

typedef struct masked_rows {
    const posterior_job *job;
    double *rows;
    size_t count, total, columns;
    const nq_picture *shape;
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

static int rectangle_check(const nq_area *area, const nq_picture *shape)
{
    if (area->width && area->height && area->left < shape->width && area->top < shape->height &&
        area->width <= shape->width - area->left && area->height <= shape->height - area->top)
        return EXIT_DONE;
    return message_fail("--mask %zu,%zu,%zu,%zu (left, top, width, height) does not lie inside "
                        "pictures of %zux%zu (height x width)",
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
static int picture_hide(const masked_rows *m, const nq_dataset *mask, const char *path)
{
    const size_t dim = nq_dataset_dim(mask), rows = nq_dataset_rows(mask);
    const size_t plane = m->shape->height * m->shape->width;
    double *line = values_new(1, dim);
    double most = 0;

    if (!line)
        return EXIT_FAILED;
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
        return EXIT_DONE;
    return message_fail("%s is black: expected white where pixels are to be filled", path);
}

/* 1 where a cell is hidden, 0 where it is known. at: columns of the mask for those of the rows. */
static int cells_hide(const masked_rows *m, const nq_dataset *mask, const size_t *at,
                      const char *path)
{
    double *line = values_new(1, nq_dataset_dim(mask));
    char text[NUMBER_TEXT];
    int code = line ? EXIT_DONE : EXIT_FAILED;

    for (size_t r = 0; r < m->count && !code; r++) {
        nq_dataset_row(line, mask, r);
        for (size_t c = 0; c < m->columns && !code; c++) {
            if (line[at[c]] == 1)
                m->rows[r * m->columns + c] = NAN;
            else if (line[at[c]] != 0)
                code = message_fail("%s: row %zu, column %zu: expected 0 or 1, found %s", path,
                                    r + 1, nq_dataset_file_column(mask, at[c]) + 1,
                                    number_text(text, line[at[c]]));
        }
    }
    free(line);
    return code;
}

/* Without names on both sides the mask has the columns of the data's file. */
static int places_find(size_t *at, const masked_rows *m, const nq_dataset *mask, const char *path)
{
    const nq_dataset *data = m->job->data.rows;
    const size_t wanted = nq_dataset_file_columns(data);

    if (nq_dataset_dim(mask) != wanted)
        return message_fail("%s has %zu columns; the data have %zu", path, nq_dataset_dim(mask),
                            wanted);
    for (size_t c = 0; c < m->columns; c++)
        at[c] = nq_dataset_file_column(data, c);
    return EXIT_DONE;
}

/* By name, whatever the model makes of a column's cells. */
static int names_find(size_t *at, const masked_rows *m, const nq_dataset *mask, const char *path)
{
    const size_t columns = nq_dataset_dim(mask);

    for (size_t c = 0; c < m->columns; c++) {
        const char *name = nq_model_column_name(m->job->model, c);

        at[c] = 0;
        while (at[c] < columns && strcmp(nq_dataset_column_name(mask, at[c]), name))
            at[c]++;
        if (at[c] == columns)
            return message_fail("%s has no column \"%s\"", path, shown(name).text);
    }
    return EXIT_DONE;
}

static int table_hide(const masked_rows *m, const nq_dataset *mask, const char *path)
{
    const posterior_job *job = m->job;
    size_t *at = malloc((m->columns + 1) * sizeof *at);
    nq_dataset *matched = NULL;
    int code = at ? EXIT_DONE : message_fail("out of memory");

    if (!code && nq_dataset_rows(mask) != m->total)
        code = message_fail("%s has %zu rows; the data have %zu", path, nq_dataset_rows(mask),
                            m->total);
    const int has_names = nq_dataset_column_name(mask, 0) && nq_model_column_name(job->model, 0);
    if (!code && has_names && nq_model_is_recorded(job->model)) {
        code = names_find(at, m, mask, path);
    } else if (!code && has_names) {
        const nq_status status = nq_dataset_for_model(&matched, job->context, mask, job->model);

        code = status ? session_fail(job->context, status) : EXIT_DONE;
        for (size_t c = 0; c < m->columns; c++)
            at[c] = c;
    } else if (!code) {
        code = places_find(at, m, mask, path);
    }
    if (!code)
        code = cells_hide(m, matched ? matched : mask, at, path);
    nq_dataset_free(matched);
    free(at);
    return code;
}

static int file_hide(const masked_rows *m, const char *path)
{
    common_values common = *m->job->common;
    nq_dataset *mask = NULL;
    nq_picture own;
    int code;

    common.read.columns = common.read.drop = common.read.types = NULL; /* of the data */
    if ((code = data_file_open(&mask, m->job->context, path, &common, 1, 0)))
        return code;
    nq_dataset_picture(&own, mask);
    if (!own.channels)
        code = table_hide(m, mask, path);
    else if (!m->shape->channels)
        code =
            message_fail("%s is a picture; the data are none, and their mask is a table", path);
    else if (own.height != m->shape->height || own.width != m->shape->width ||
             (own.channels != 1 && own.channels != m->shape->channels))
        code = message_fail("%s is a picture of %zux%zu and %zu planes; the data have %zux%zu "
                            "and %zu",
                            path, own.height, own.width, own.channels, m->shape->height,
                            m->shape->width, m->shape->channels);
    else if (nq_dataset_rows(mask) != 1 && nq_dataset_rows(mask) != m->total)
        code = message_fail("%s has %zu pictures; the data have %zu", path, nq_dataset_rows(mask),
                            m->total);
    else
        code = picture_hide(m, mask, path);
    nq_dataset_free(mask);
    return code;
}

int mask_apply(const posterior_job *job, const char *mask, const nq_picture *shape)
{
    const masked_rows m = {job, job->rows, job->count, job->total, job->columns, shape};
    nq_area area;

    if (!half_parse(&area, mask, shape) && !area_read(&area, mask))
        return file_hide(&m, mask);
    if (!shape->channels)
        return message_fail("--mask %s is a part of a picture; these rows are none (--image "
                            "HEIGHTxWIDTH says what shape they have)",
                            mask);
    const int code = rectangle_check(&area, shape);

    if (!code)
        area_hide(&m, &area);
    return code;
}
