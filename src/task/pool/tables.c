/* tables.c - completed tables from files of draws: a table for each draw of a file that has a
 * column draw, as impute --draws writes it, and one for a file that has none. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/text.h"
#include "task/pool/pool.h"

static size_t named(const nq_dataset *data, const char *name)
{
    size_t c = 0;
    while (c < nq_dataset_dim(data) && strcmp(nq_dataset_column_name(data, c), name) != 0)
        c++;
    return c;
}

/* The columns that impute puts in front are the first that are called so. */
static int has_label(const nqi_pool_file *file, const char *name, size_t *column)
{
    *column = named(file->data, name);
    return *column < 3 && file->columns > 1 &&
           !strcmp(nq_dataset_column_name(file->data, 0), "row");
}

static size_t labels_of(const nqi_pool_file *file)
{
    size_t column;
    return has_label(file, "model", &column) ? 3 : has_label(file, "draw", &column) ? 2 : 0;
}

static nq_status file_check(nq_context *context, const nqi_pool_file *file)
{
    char place[512];
    size_t row, column;
    if (!nq_dataset_column_name(file->data, 0))
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "'%s' has no names of columns: pool reads tables that impute writes "
                        "as text, with the columns row and draw in front",
                        file->path);
    if (has_label(file, "quantile", &column))
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "'%s' holds quantiles of draws: pool needs the draws themselves "
                        "(impute --draws M without --quantiles)",
                        file->path);
    if (nq_dataset_missing(&row, &column, file->data)) {
        nq_dataset_cell_place(place, sizeof place, file->data, row, column);
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "%s: the cell is empty: pool needs completed tables", place);
    }
    return NQ_OK;
}

static nq_status file_open(nqi_pool_file *file, nq_context *context, const nq_source *source)
{
    nq_status status = nqi_source_open(&file->source, context, source, 0, 0);
    if (status)
        return status;
    file->data = file->source.file;
    file->path = file->source.name;
    file->rows = nq_dataset_rows(file->data);
    file->columns = nq_dataset_dim(file->data);
    if ((status = file_check(context, file)))
        return status;
    if (file->rows < SIZE_MAX / sizeof *file->values / (file->columns + 1))
        file->values = malloc((file->rows * file->columns + 1) * sizeof *file->values);
    if (!file->values)
        return nqi_fail(context, NQ_ERROR_MEMORY,
                        "there is no memory for %zu rows of %zu numbers", file->rows,
                        file->columns);
    for (size_t r = 0; r < file->rows; r++)
        nq_dataset_row(file->values + r * file->columns, file->data, r);
    return NQ_OK;
}

static double label(const nqi_pool_file *file, const char *name, size_t row)
{
    size_t column;
    return has_label(file, name, &column) ? file->values[row * file->columns + column] : 0;
}

/* The table that a row of a file is of, made where it is the first; NULL without memory. */
static nqi_pool_table *table_of(nqi_pool_tables *tables, size_t first, const nqi_pool_file *file,
                                double draw, double model)
{
    for (size_t t = tables->count; t-- > first;)
        if (tables->list[t].draw == draw && tables->list[t].model == model)
            return &tables->list[t];
    nqi_pool_table *list = realloc(tables->list, (tables->count + 1) * sizeof *list);
    size_t *rows = list ? malloc((file->rows + 1) * sizeof *rows) : NULL;
    if (list)
        tables->list = list;
    if (!rows)
        return NULL;
    list[tables->count] = (nqi_pool_table){file, draw, model, rows, 0};
    return &list[tables->count++];
}

/* Rows of a draw come in any order, but in the same of each draw where the data's rows do. */
static nq_status file_divide(nqi_pool_tables *tables, const nqi_pool_file *file)
{
    const size_t first = tables->count;
    for (size_t r = 0; r < file->rows; r++) {
        nqi_pool_table *table =
            table_of(tables, first, file, label(file, "draw", r), label(file, "model", r));
        if (!table)
            return nqi_fail(tables->context, NQ_ERROR_MEMORY,
                            "there is no memory for the rows of '%s'", file->path);
        table->rows[table->count++] = r;
    }
    return NQ_OK;
}

static int by_model(const void *a, const void *b)
{
    const nqi_pool_table *x = a, *y = b;
    if (x->model != y->model)
        return x->model < y->model ? -1 : 1;
    return x->file != y->file ? (x->file < y->file ? -1 : 1)
                              : (x->draw > y->draw) - (x->draw < y->draw);
}

/* Rubin's rules for several draws of each model want equal parts. */
static nq_status models_count(nqi_pool_tables *tables)
{
    size_t first = 0;
    tables->models = 0;
    for (size_t t = 0, of = 0; t < tables->count; t++) {
        of = t && tables->list[t].model == tables->list[t - 1].model ? of + 1 : 1;
        tables->models += of == 1;
        first = tables->models == 1 ? of : first;
        const int is_last =
            t + 1 == tables->count || tables->list[t + 1].model != tables->list[t].model;
        if (is_last && of != first)
            return nqi_fail(tables->context, NQ_ERROR_SHAPE,
                            "model %g has %zu draws and model %g has %zu: equally many of "
                            "each can be pooled (impute --draws a multiple of the models)",
                            tables->list[0].model, first, tables->list[t].model, of);
    }
    if (tables->models == 1)
        tables->models = 0;
    return NQ_OK;
}

static nq_status tables_check(nqi_pool_tables *tables)
{
    tables->rows = tables->list[0].count;
    for (size_t t = 1; t < tables->count; t++)
        if (tables->list[t].count != tables->rows)
            return nqi_fail(tables->context, NQ_ERROR_SHAPE,
                            "draw %g of '%s' has %zu rows, draw %g of '%s' %zu: completed "
                            "tables have the same rows",
                            tables->list[t].draw, tables->list[t].file->path,
                            tables->list[t].count, tables->list[0].draw,
                            tables->list[0].file->path, tables->rows);
    if (tables->count < 2)
        return nqi_fail(tables->context, NQ_ERROR_SHAPE,
                        "'%s' is one completed table: how several differ is what gaps cost "
                        "(impute --draws M, 20 say, or several files)",
                        tables->list[0].file->path);
    return models_count(tables);
}

nq_status nqi_pool_tables_open(nqi_pool_tables *out, nq_context *context,
                               const nq_source *sources, size_t count)
{
    nq_status status = NQ_OK;
    *out = (nqi_pool_tables){.context = context};
    if (!count)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "there are no tables to pool");
    out->files = calloc(count, sizeof *out->files);
    if (!out->files)
        return nqi_fail_memory(context, "tables", count * sizeof *out->files);
    for (size_t i = 0; i < count && !status; i++) {
        out->file_count++;
        status = file_open(&out->files[i], context, &sources[i]);
        if (!status)
            status = file_divide(out, &out->files[i]);
    }
    if (status)
        return status;
    qsort(out->list, out->count, sizeof *out->list, by_model);
    return tables_check(out);
}

void nqi_pool_tables_close(nqi_pool_tables *tables)
{
    for (size_t t = 0; t < tables->count; t++)
        free(tables->list[t].rows);
    for (size_t i = 0; i < tables->file_count; i++) {
        nqi_source_free(&tables->files[i].source);
        free(tables->files[i].values);
    }
    free(tables->list);
    free(tables->files);
}

/* Why a name is none of a column that can be asked about. */
static nq_status column_refuse(nq_context *context, const nqi_pool_file *file, const char *name)
{
    const char *left, *reason;
    size_t place;
    for (size_t i = 0; (reason = nq_dataset_left_out(&place, &left, file->data, i)); i++)
        if (left && !strcmp(left, name))
            return nqi_fail(context, NQ_ERROR_SHAPE, "column \"%s\" of '%s' is left out: %s",
                            name, file->path, reason);
    const size_t labels = labels_of(file), count = file->columns - labels;
    const char **names = calloc(count + 1, sizeof *names);
    for (size_t c = 0; names && c < count; c++)
        names[c] = nq_dataset_column_name(file->data, labels + c);
    const char *nearest = names ? nq_name_nearest(name, names) : NULL;
    free(names);
    return nearest
               ? nqi_fail(context, NQ_ERROR_SHAPE,
                          "'%s' has no column \"%s\"; the nearest is \"%s\"", file->path, name,
                          nearest)
               : nqi_fail(context, NQ_ERROR_SHAPE, "'%s' has no column \"%s\"", file->path, name);
}

static int is_text(const nqi_pool_file *file, size_t column, nq_context *context)
{
    nq_column_facts facts;
    return !nq_dataset_column_facts(&facts, context, file->data, column) && facts.is_text;
}

/* Texts have no mean; that dates are numbers is told. */
static nq_status number_check(const nqi_pool_file *file, size_t column, nq_context *context,
                              const char *name, int is_first)
{
    nq_column_facts facts;
    const nq_status status = nq_dataset_column_facts(&facts, context, file->data, column);
    if (status)
        return status;
    if (facts.is_text)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "column \"%s\" of '%s' is text: ask for the " NQI_OPTION
                        "proportion of a level",
                        name, file->path);
    if (facts.is_date && is_first)
        nqi_log(context, NQ_LOG_NOTE,
                "column \"%s\" of '%s' holds dates: its numbers are days since 1970-01-01, or "
                "seconds where there are times",
                name, file->path);
    return NQ_OK;
}

nq_status nqi_pool_column_find(size_t *place, const nqi_pool_tables *tables, const char *name,
                               int flags)
{
    double number;
    for (size_t i = 0; i < tables->file_count; i++) {
        const nqi_pool_file *file = &tables->files[i];
        const size_t labels = labels_of(file);
        place[i] = labels;
        while (place[i] < file->columns &&
               strcmp(nq_dataset_column_name(file->data, place[i]), name) != 0)
            place[i]++;
        if (place[i] == file->columns && !(flags & NQI_POOL_NAMED) &&
            nqi_text_read_double(&number, name) && number == floor(number) && number > 0 &&
            number <= (double)(file->columns - labels))
            place[i] = labels + (size_t)number - 1;
        if (place[i] == file->columns)
            return column_refuse(tables->context, file, name);
        const nq_status status = flags & NQI_POOL_NUMBERS
                                     ? number_check(file, place[i], tables->context, name, i == 0)
                                     : NQ_OK;
        if (status)
            return status;
    }
    return NQ_OK;
}

const char *nqi_pool_column_name(const nqi_pool_tables *tables, const size_t *place)
{
    return nq_dataset_column_name(tables->files[0].data, place[0]);
}

void nqi_pool_column_read(double *out, const nqi_pool_tables *tables, size_t table,
                          const size_t *place)
{
    const nqi_pool_table *from = &tables->list[table];
    const size_t column = place[from->file - tables->files];
    for (size_t i = 0; i < from->count; i++)
        out[i] = from->file->values[from->rows[i] * from->file->columns + column];
}

void nqi_pool_cell_text(char out[NQI_POOL_NAME], const nqi_pool_file *file, size_t column,
                        double value)
{
    char text[512];
    nq_dataset_cell_text(text, sizeof text, file->data, column, value);
    snprintf(out, NQI_POOL_NAME, "%.*s", NQI_POOL_NAME - 1, text);
}

int nqi_pool_column_is_text(const nqi_pool_tables *tables, const size_t *place)
{
    for (size_t i = 0; i < tables->file_count; i++)
        if (is_text(&tables->files[i], place[i], tables->context))
            return 1;
    return 0;
}
