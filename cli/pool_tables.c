/* pool_tables.c - completed tables from files of draws: a table for each draw of a file that has a
 * column draw, as impute --draws writes it, and one for a file that has none. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data_open.h"
#include "message.h"
#include "pool.h"
#include "session.h"

static size_t named(const nq_dataset *data, const char *name)
{
    size_t c = 0;

    while (c < nq_dataset_dim(data) && strcmp(nq_dataset_column_name(data, c), name) != 0)
        c++;
    return c;
}

/* The columns that impute puts in front are the first that are called so. */
static int has_label(const pool_file *file, const char *name, size_t *column)
{
    *column = named(file->data, name);
    return *column < 3 && file->columns > 1 &&
           !strcmp(nq_dataset_column_name(file->data, 0), "row");
}

static size_t labels_of(const pool_file *file)
{
    size_t column;

    return has_label(file, "model", &column) ? 3 : has_label(file, "draw", &column) ? 2 : 0;
}

static int file_check(const pool_file *file)
{
    char place[512];
    size_t row, column;

    if (!nq_dataset_column_name(file->data, 0))
        return message_fail("'%s' has no names of columns: pool reads tables that impute writes "
                            "as text, with the columns row and draw in front",
                            file->path);
    if (has_label(file, "quantile", &column))
        return message_fail("'%s' holds quantiles of draws: pool needs the draws themselves "
                            "(impute --draws M without --quantiles)",
                            file->path);
    if (nq_dataset_missing(&row, &column, file->data)) {
        nq_dataset_cell_place(place, sizeof place, file->data, row, column);
        return message_fail("%s: the cell is empty: pool needs completed tables", place);
    }
    return EXIT_DONE;
}

static int file_open(pool_file *file, nq_context *context, const char *path,
                     const common_values *common)
{
    int code;

    file->path = path;
    if ((code = data_file_open(&file->data, context, path, common, 0, 0)))
        return code;
    file->rows = nq_dataset_rows(file->data);
    file->columns = nq_dataset_dim(file->data);
    if ((code = file_check(file)))
        return code;
    if (!(file->values = values_new(file->rows, file->columns)))
        return EXIT_FAILED;
    for (size_t r = 0; r < file->rows; r++)
        nq_dataset_row(file->values + r * file->columns, file->data, r);
    return EXIT_DONE;
}

static double label(const pool_file *file, const char *name, size_t row)
{
    size_t column;

    return has_label(file, name, &column) ? file->values[row * file->columns + column] : 0;
}

/* The table that a row of a file is of, made where it is the first; NULL without memory. */
static pool_table *table_of(pool_tables *tables, size_t first, const pool_file *file, double draw,
                            double model)
{
    for (size_t t = tables->count; t-- > first;)
        if (tables->list[t].draw == draw && tables->list[t].model == model)
            return &tables->list[t];
    pool_table *list = realloc(tables->list, (tables->count + 1) * sizeof *list);
    size_t *rows = list ? malloc((file->rows + 1) * sizeof *rows) : NULL;

    if (list)
        tables->list = list;
    if (!rows)
        return NULL;
    list[tables->count] = (pool_table){file, draw, model, rows, 0};
    return &list[tables->count++];
}

/* Rows of a draw come in any order, but in the same of each draw where the data's rows do. */
static int file_divide(pool_tables *tables, const pool_file *file)
{
    const size_t first = tables->count;

    for (size_t r = 0; r < file->rows; r++) {
        pool_table *table =
            table_of(tables, first, file, label(file, "draw", r), label(file, "model", r));

        if (!table)
            return message_fail("there is no memory for the rows of '%s'", file->path);
        table->rows[table->count++] = r;
    }
    return EXIT_DONE;
}

static int by_model(const void *a, const void *b)
{
    const pool_table *x = a, *y = b;

    if (x->model != y->model)
        return x->model < y->model ? -1 : 1;
    return x->file != y->file ? (x->file < y->file ? -1 : 1)
                              : (x->draw > y->draw) - (x->draw < y->draw);
}

/* Rubin's rules for several draws of each model want equal parts. */
static int models_count(pool_tables *tables)
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
            return message_fail("model %g has %zu draws and model %g has %zu: equally many of "
                                "each can be pooled (impute --draws a multiple of the models)",
                                tables->list[0].model, first, tables->list[t].model, of);
    }
    if (tables->models == 1)
        tables->models = 0;
    return EXIT_DONE;
}

static int tables_check(pool_tables *tables)
{
    tables->rows = tables->list[0].count;
    for (size_t t = 1; t < tables->count; t++)
        if (tables->list[t].count != tables->rows)
            return message_fail("draw %g of '%s' has %zu rows, draw %g of '%s' %zu: completed "
                                "tables have the same rows",
                                tables->list[t].draw, tables->list[t].file->path,
                                tables->list[t].count, tables->list[0].draw,
                                tables->list[0].file->path, tables->rows);
    if (tables->count < 2)
        return message_fail("'%s' is one completed table: how several differ is what gaps cost "
                            "(impute --draws M, 20 say, or several files)",
                            tables->list[0].file->path);
    return models_count(tables);
}

int pool_tables_open(pool_tables *out, nq_context *context, const arguments *words)
{
    int code = EXIT_DONE;

    *out = (pool_tables){.context = context};
    out->files = calloc((size_t)words->operand_count, sizeof *out->files);
    if (!out->files)
        return message_fail("out of memory");
    for (int i = 0; i < words->operand_count && !code; i++) {
        out->file_count++;
        code = file_open(&out->files[i], context, words->operands[i], &words->common);
        if (!code)
            code = file_divide(out, &out->files[i]);
    }
    if (code)
        return code;
    qsort(out->list, out->count, sizeof *out->list, by_model);
    return tables_check(out);
}

void pool_tables_close(pool_tables *tables)
{
    for (size_t t = 0; t < tables->count; t++)
        free(tables->list[t].rows);
    for (size_t i = 0; i < tables->file_count; i++) {
        nq_dataset_free(tables->files[i].data);
        free(tables->files[i].values);
    }
    free(tables->list);
    free(tables->files);
}

/* Why a name is none of a column that can be asked about. */
static int column_refuse(const pool_file *file, const char *name)
{
    const char *left, *reason;
    size_t place;

    for (size_t i = 0; (reason = nq_dataset_left_out(&place, &left, file->data, i)); i++)
        if (left && !strcmp(left, name))
            return message_fail("column \"%s\" of '%s' is left out: %s", shown(name).text,
                                file->path, reason);
    const size_t labels = labels_of(file), count = file->columns - labels;
    const char **names = calloc(count + 1, sizeof *names);
    for (size_t c = 0; names && c < count; c++)
        names[c] = nq_dataset_column_name(file->data, labels + c);
    const char *nearest = names ? nq_name_nearest(name, names) : NULL;
    free(names);
    return nearest ? message_fail("'%s' has no column \"%s\"; the nearest is \"%s\"", file->path,
                                  shown(name).text, shown(nearest).text)
                   : message_fail("'%s' has no column \"%s\"", file->path, shown(name).text);
}

static int is_text(const pool_file *file, size_t column, nq_context *context)
{
    nq_column_facts facts;

    return !nq_dataset_column_facts(&facts, context, file->data, column) && facts.is_text;
}

int pool_column_find(size_t *place, const pool_tables *tables, const char *name, int flags)
{
    int64_t number;

    for (size_t i = 0; i < tables->file_count; i++) {
        const pool_file *file = &tables->files[i];
        const size_t labels = labels_of(file);

        place[i] = labels;
        while (place[i] < file->columns &&
               strcmp(nq_dataset_column_name(file->data, place[i]), name) != 0)
            place[i]++;
        if (place[i] == file->columns && !(flags & POOL_NAMED) && count_parse(&number, name) &&
            number > 0 && (uint64_t)number <= file->columns - labels)
            place[i] = labels + (size_t)number - 1;
        if (place[i] == file->columns)
            return column_refuse(file, name);
        if (flags & POOL_NUMBERS && is_text(file, place[i], tables->context))
            return message_fail("column \"%s\" of '%s' is text: ask for the --proportion of a "
                                "level",
                                shown(name).text, file->path);
    }
    return EXIT_DONE;
}

const char *pool_column_name(const pool_tables *tables, const size_t *place)
{
    return nq_dataset_column_name(tables->files[0].data, place[0]);
}

void pool_column_read(double *out, const pool_tables *tables, size_t table, const size_t *place)
{
    const pool_table *from = &tables->list[table];
    const size_t column = place[from->file - tables->files];

    for (size_t i = 0; i < from->count; i++)
        out[i] = from->file->values[from->rows[i] * from->file->columns + column];
}

void pool_cell_text(char out[POOL_NAME], const pool_file *file, size_t column, double value)
{
    char text[512];

    nq_dataset_cell_text(text, sizeof text, file->data, column, value);
    snprintf(out, POOL_NAME, "%.*s", POOL_NAME - 1, text);
}

int pool_column_is_text(const pool_tables *tables, const size_t *place)
{
    for (size_t i = 0; i < tables->file_count; i++)
        if (is_text(&tables->files[i], place[i], tables->context))
            return 1;
    return 0;
}
