/* observe.c - linear observations of rows: a line each of coefficients, y and sigma. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "observe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "session.h"

enum { NO_COLUMN = -1 };

/* Where the file has what. */
typedef struct layout {
    int y, sigma, row;
    int *place; /* [columns] of the model's, or NO_COLUMN */
} layout;

/* A column's name in the file, or a_ and that. */
static int names(const char *header, const char *name)
{
    return strcmp(header, name) == 0 ||
           (strncmp(header, "a_", 2) == 0 && strcmp(header + 2, name) == 0);
}

static int column_place(layout *out, const nq_model *model, const char *header, int at)
{
    char made[24];

    if (strcmp(header, "y") == 0 || strcmp(header, "sigma") == 0 || strcmp(header, "row") == 0) {
        *(*header == 'y' ? &out->y : *header == 's' ? &out->sigma : &out->row) = at;
        return 1;
    }
    for (size_t c = 0; c < nq_model_columns(model); c++) {
        const char *name = nq_model_column_name(model, c);

        snprintf(made, sizeof made, "x%zu", c + 1);
        if (names(header, name ? name : made)) {
            out->place[c] = at;
            return 1;
        }
    }
    return 0;
}

static int layout_find(layout *out, const nq_model *model, const nq_dataset *file,
                       const char *path)
{
    int some = 0;

    out->y = out->sigma = out->row = NO_COLUMN;
    for (size_t c = 0; c < nq_model_columns(model); c++)
        out->place[c] = NO_COLUMN;
    for (size_t k = 0; k < nq_dataset_dim(file); k++) {
        const char *header = nq_dataset_column_name(file, k);

        if (!header)
            return message_fail("%s: expected a header: names of the model's columns (perhaps "
                                "with a_ before them), y, sigma and perhaps row",
                                path);
        if (!column_place(out, model, header, (int)k))
            return message_fail("%s: \"%s\" is no column of the model; expected names of its "
                                "columns (perhaps with a_ before them), y, sigma and row",
                                path, shown(header).text);
    }
    for (size_t c = 0; c < nq_model_columns(model); c++)
        some += out->place[c] != NO_COLUMN;
    if (out->y == NO_COLUMN || out->sigma == NO_COLUMN || !some)
        return message_fail("%s: the column %s is missing; expected coefficients of the model's "
                            "columns, y and sigma",
                            path,
                            out->y == NO_COLUMN       ? "\"y\""
                            : out->sigma == NO_COLUMN ? "\"sigma\""
                                                      : "of a coefficient");
    return EXIT_DONE;
}

static int line_check(const observe_list *list, size_t k, const char *path, const double *line,
                      const layout *at, size_t rows)
{
    const double row = at->row == NO_COLUMN ? 0 : line[at->row];

    for (size_t c = 0; c < list->columns; c++)
        if (!isfinite(list->a[k * list->columns + c]))
            return message_fail("%s: observation %zu: a coefficient is missing or no number; "
                                "expected 0 where a column does not count",
                                path, k + 1);
    if (!isfinite(list->y[k]))
        return message_fail("%s: observation %zu: y is missing or no number", path, k + 1);
    if (!(list->sigma[k] > 0) || !isfinite(list->sigma[k]))
        return message_fail("%s: observation %zu: sigma is %g; expected a number above 0", path,
                            k + 1, list->sigma[k]);
    if (at->row != NO_COLUMN && !(row >= 1 && row <= (double)rows && row == floor(row)))
        return message_fail("%s: observation %zu: row is %g; expected a row of the data, 1 to "
                            "%zu",
                            path, k + 1, row, rows);
    return EXIT_DONE;
}

static int lines_read(observe_list *out, const nq_dataset *file, const layout *at,
                      const char *path, size_t rows)
{
    double *line = values_new(1, nq_dataset_dim(file));
    int code = line ? EXIT_DONE : EXIT_FAILED;

    for (size_t k = 0; k < out->count && !code; k++) {
        nq_dataset_row(line, file, k);
        out->y[k] = line[at->y];
        out->sigma[k] = line[at->sigma];
        for (size_t c = 0; c < out->columns; c++)
            out->a[k * out->columns + c] = at->place[c] == NO_COLUMN ? 0 : line[at->place[c]];
        code = line_check(out, k, path, line, at, rows);
        if (!code && at->row != NO_COLUMN)
            out->row[k] = (size_t)line[at->row];
    }
    out->by_row = at->row != NO_COLUMN;
    free(line);
    return code;
}

int observe_read(observe_list *out, nq_context *context, const nq_model *model, const char *path,
                 size_t rows)
{
    nq_dataset *file = NULL;
    layout at = {.place = NULL};
    nq_read_options options;

    *out = (observe_list){.columns = nq_model_columns(model)};
    nq_read_options_init(&options, sizeof options);
    options.for_model = 1;
    const nq_status status = nq_dataset_open_with(&file, context, path, &options);
    if (status)
        return session_fail(context, status);
    out->count = nq_dataset_rows(file);
    at.place = calloc(out->columns + 1, sizeof *at.place);
    out->a = calloc(out->count * out->columns + 1, sizeof *out->a);
    out->y = calloc(out->count + 1, sizeof *out->y);
    out->sigma = calloc(out->count + 1, sizeof *out->sigma);
    out->row = calloc(out->count + 1, sizeof *out->row);
    int code = at.place && out->a && out->y && out->sigma && out->row
                   ? EXIT_DONE
                   : message_fail("out of memory");
    if (!code && !(code = layout_find(&at, model, file, path)))
        code = lines_read(out, file, &at, path, rows);
    free(at.place);
    nq_dataset_free(file);
    return code;
}

void observe_free(observe_list *list)
{
    free(list->a);
    free(list->y);
    free(list->sigma);
    free(list->row);
    *list = (observe_list){.count = 0};
}

nq_status observe_evidence(nq_evidence **out, nq_context *context, const nq_model *model,
                           const observe_list *list, const size_t *numbers, size_t count)
{
    const size_t columns = list->columns;
    double *a = values_new(list->count, columns);
    double *sigma = values_new(list->count, 1), *y = values_new(list->count, count);
    nq_status status = a && sigma && y ? NQ_OK : NQ_ERROR_MEMORY;
    size_t kept = 0;

    *out = NULL;
    for (size_t k = 0; k < list->count && !status; k++) {
        if (list->row[k] && list->row[k] != numbers[0] + 1)
            continue;
        memcpy(a + kept * columns, list->a + k * columns, columns * sizeof *a);
        sigma[kept] = list->sigma[k];
        y[kept++] = list->y[k];
    }
    for (size_t r = 1; r < count && !status; r++)
        memcpy(y + r * kept, y, kept * sizeof *y);
    if (!status && kept)
        status = nq_evidence_linear(out, context, model, a, y, sigma, kept, count);
    free(a);
    free(sigma);
    free(y);
    return status;
}
