/* observe.c - linear observations of rows: a line each of coefficients, y and sigma. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "task/fill/job.h"

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

static nq_status layout_find(layout *out, nq_context *context, const nq_model *model,
                             const nq_dataset *file, const char *path)
{
    int some = 0;
    out->y = out->sigma = out->row = NO_COLUMN;
    for (size_t c = 0; c < nq_model_columns(model); c++)
        out->place[c] = NO_COLUMN;
    for (size_t k = 0; k < nq_dataset_dim(file); k++) {
        const char *header = nq_dataset_column_name(file, k);
        if (!header)
            return nqi_fail(context, NQ_ERROR_FORMAT,
                            "%s: expected a header: names of the model's columns (perhaps with "
                            "a_ before them), y, sigma and perhaps row",
                            path);
        if (!column_place(out, model, header, (int)k))
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            "%s: \"%s\" is no column of the model; expected names of its "
                            "columns (perhaps with a_ before them), y, sigma and row",
                            path, header);
    }
    for (size_t c = 0; c < nq_model_columns(model); c++)
        some += out->place[c] != NO_COLUMN;
    if (out->y == NO_COLUMN || out->sigma == NO_COLUMN || !some)
        return nqi_fail(context, NQ_ERROR_FORMAT,
                        "%s: the column %s is missing; expected coefficients of the model's "
                        "columns, y and sigma",
                        path,
                        out->y == NO_COLUMN       ? "\"y\""
                        : out->sigma == NO_COLUMN ? "\"sigma\""
                                                  : "of a coefficient");
    return NQ_OK;
}

/* What is read, for sentences. */
typedef struct lines {
    nq_context *context;
    const nq_dataset *file;
    const char *path;
    const layout *at;
    size_t rows; /* of the data */
} lines;

static nq_status line_check(const lines *in, const nqi_observed *observed, size_t k,
                            const double *line)
{
    const double row = in->at->row == NO_COLUMN ? 0 : line[in->at->row];
    for (size_t c = 0; c < observed->columns; c++)
        if (!isfinite(observed->a[k * observed->columns + c]))
            return nqi_fail(in->context, NQ_ERROR_FORMAT,
                            "%s: observation %zu: a coefficient is missing or no number; "
                            "expected 0 where a column does not count",
                            in->path, k + 1);
    if (!isfinite(observed->y[k]))
        return nqi_fail(in->context, NQ_ERROR_FORMAT,
                        "%s: observation %zu: y is missing or no number", in->path, k + 1);
    if (!(observed->sigma[k] > 0) || !isfinite(observed->sigma[k]))
        return nqi_fail(in->context, NQ_ERROR_FORMAT,
                        "%s: observation %zu: sigma is %g; expected a number above 0", in->path,
                        k + 1, observed->sigma[k]);
    if (in->at->row != NO_COLUMN && !(row >= 1 && row <= (double)in->rows && row == floor(row)))
        return nqi_fail(in->context, NQ_ERROR_FORMAT,
                        "%s: observation %zu: row is %g; expected a row of the data, 1 to %zu",
                        in->path, k + 1, row, in->rows);
    return NQ_OK;
}

static nq_status lines_read(nqi_observed *out, const lines *in)
{
    const layout *at = in->at;
    double *line = nqi_numbers_new(in->context, 1, nq_dataset_dim(in->file));
    nq_status status = line ? NQ_OK : NQ_ERROR_MEMORY;
    for (size_t k = 0; k < out->count && !status; k++) {
        nq_dataset_row(line, in->file, k);
        out->y[k] = line[at->y];
        out->sigma[k] = line[at->sigma];
        for (size_t c = 0; c < out->columns; c++)
            out->a[k * out->columns + c] = at->place[c] == NO_COLUMN ? 0 : line[at->place[c]];
        status = line_check(in, out, k, line);
        if (!status && at->row != NO_COLUMN)
            out->row[k] = (size_t)line[at->row];
    }
    out->by_row = at->row != NO_COLUMN;
    free(line);
    return status;
}

static nq_status memory_take(nqi_observed *out, nq_context *context)
{
    out->a = calloc(out->count * out->columns + 1, sizeof *out->a);
    out->y = calloc(out->count + 1, sizeof *out->y);
    out->sigma = calloc(out->count + 1, sizeof *out->sigma);
    out->row = calloc(out->count + 1, sizeof *out->row);
    return out->a && out->y && out->sigma && out->row
               ? NQ_OK
               : nqi_fail_memory(context, "observations",
                                 out->count * (out->columns + 3) * sizeof *out->a);
}

nq_status nqi_observed_read(nqi_observed *out, nq_context *context, const nq_model *model,
                            const char *path, size_t rows)
{
    nq_dataset *file = NULL;
    layout at = {.place = NULL};
    nq_read_options options;
    *out = (nqi_observed){.columns = nq_model_columns(model)};
    nq_read_options_init(&options, sizeof options);
    options.for_model = 1;
    nq_status status = nq_dataset_open_with(&file, context, path, &options);
    if (status)
        return status;
    out->count = nq_dataset_rows(file);
    at.place = calloc(out->columns + 1, sizeof *at.place);
    status = at.place ? memory_take(out, context)
                      : nqi_fail_memory(context, "observations", out->columns);
    if (!status)
        status = layout_find(&at, context, model, file, path);
    if (!status)
        status = lines_read(out, &(lines){context, file, path, &at, rows});
    free(at.place);
    nq_dataset_free(file);
    return status;
}

void nqi_observed_free(nqi_observed *observed)
{
    free(observed->a);
    free(observed->y);
    free(observed->sigma);
    free(observed->row);
    *observed = (nqi_observed){.count = 0};
}

nq_status nqi_observed_evidence(nq_evidence **out, nq_context *context, const nq_model *model,
                                const nqi_observed *observed, const size_t *numbers, size_t count)
{
    const size_t columns = observed->columns;
    double *a = nqi_numbers_new(context, observed->count, columns);
    double *sigma = nqi_numbers_new(context, observed->count, 1);
    double *y = nqi_numbers_new(context, observed->count, count);
    nq_status status = a && sigma && y ? NQ_OK : NQ_ERROR_MEMORY;
    size_t kept = 0;
    *out = NULL;
    for (size_t k = 0; k < observed->count && !status; k++) {
        if (observed->row[k] && observed->row[k] != numbers[0] + 1)
            continue;
        memcpy(a + kept * columns, observed->a + k * columns, columns * sizeof *a);
        sigma[kept] = observed->sigma[k];
        y[kept++] = observed->y[k];
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
