/* columns.c - which columns of a text table are wanted, are numbers, or count the rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/sort/sort.h"
#include "io/csv/reading.h"
#include "io/table/select.h"

enum { ROWS_TOLD = 10 };

static nq_status list_mark(nqi_csv *in, unsigned char *marks, const char *const *names,
                           const char *text, const char *flag)
{
    const size_t columns = in->origin->columns;
    nq_context *context = in->input->context;
    char item[NQI_SELECT_WORD], unknown[NQI_SELECT_LIST] = "";
    nq_status status = NQ_OK;
    while (*text && !status) {
        text = nqi_select_next(item, text);
        if (*item && !nqi_select_mark(marks, names, columns, item))
            status = nqi_select_unknown(unknown, context, names, columns, item);
    }
    if (status || !*unknown)
        return status;
    return nqi_select_refuse(context, flag, in->input->path, unknown, names != NULL, columns);
}

/* What the options mean, with columns called by the names. */
static nq_status marks_make(nqi_csv *in, unsigned char *marks, nqi_type *told,
                            const char *const *names)
{
    const size_t columns = in->origin->columns;
    nq_status status = NQ_OK;
    if (in->choice.columns && *in->choice.columns)
        status = list_mark(in, marks, names, in->choice.columns, "columns");
    else
        memset(marks, 1, columns);
    if (in->choice.drop && *in->choice.drop && !status)
        status = list_mark(in, marks + columns, names, in->choice.drop, "drop");
    if (in->choice.types && *in->choice.types && !status)
        status = nqi_types_parse(told, in->input->context, in->choice.types, names, columns,
                                 in->input->path);
    return status;
}

nq_status nqi_csv_columns_choose(nqi_csv *in)
{
    nqi_origin *origin = in->origin;
    const size_t columns = origin->columns;
    unsigned char *marks = calloc(2, columns);
    nqi_type *told = calloc(columns, sizeof *told);
    const char **names = malloc(columns * sizeof *names);
    size_t left = 0;
    nq_status status = NQ_OK;
    if (!marks || !told || !names)
        status = nqi_fail_memory(in->input->context, "columns", columns);
    for (size_t c = 0; names && c < columns; c++)
        names[c] = origin->column[c].name;
    if (!status)
        status = marks_make(in, marks, told, origin->has_names ? names : NULL);
    for (size_t c = 0; c < columns && !status; c++) {
        const int is_wanted = marks[c] && !marks[columns + c];
        nqi_file_column *column = &origin->column[c];
        column->use = !is_wanted                     ? NQI_COLUMN_DROPPED
                      : told[c] == NQI_TYPE_LEFT_OUT ? NQI_COLUMN_LEFT_OUT
                                                     : NQI_COLUMN_KEPT;
        column->told = told[c];
        column->why = told[c] == NQI_TYPE_LEFT_OUT ? "the option types says so" : NULL;
        in->column[c].mode = column->use == NQI_COLUMN_KEPT ? NQI_CSV_WORDS : NQI_CSV_UNREAD;
        left += column->use == NQI_COLUMN_KEPT;
    }
    free(marks);
    free(told);
    free(names);
    if (!status && !left)
        status =
            nqi_fail(in->input->context, NQ_ERROR_ARGUMENT,
                     "%s: \036columns, \036drop and \036types leave no column", in->input->path);
    return status;
}

/* Whether a column goes up by one from row to row. */
static int column_counts(const nqi_csv *in, size_t column)
{
    const double *cells = in->cells + column;
    for (size_t r = 0; r < in->rows; r++)
        if (cells[r * in->width] != cells[0] + (double)r ||
            (r == 0 && cells[0] != floor(cells[0])))
            return 0;
    return 1;
}

/* Whole numbers, all different: labels of rows, in whichever order. -1: no memory. */
static int column_labels(const nqi_csv *in, size_t column)
{
    double *sorted = malloc(in->rows * sizeof *sorted);
    int are_labels = in->rows > 1;
    if (!sorted)
        return -1;
    for (size_t r = 0; r < in->rows && are_labels; r++) {
        sorted[r] = in->cells[r * in->width + column];
        are_labels = sorted[r] == floor(sorted[r]);
    }
    if (are_labels)
        qsort(sorted, in->rows, sizeof *sorted, nqi_double_compare);
    for (size_t r = 1; r < in->rows && are_labels; r++)
        are_labels = sorted[r] != sorted[r - 1];
    free(sorted);
    return are_labels;
}

int nqi_csv_has_no_name(const nqi_file_column *column)
{
    return column->name && (!*column->name || !strcmp(column->name, "Unnamed: 0"));
}

static size_t columns_left(const nqi_csv *in)
{
    size_t left = 0;
    for (size_t c = 0; c < in->origin->columns; c++)
        left += in->origin->column[c].use == NQI_COLUMN_KEPT;
    return left;
}

static int is_number(const nqi_file_column *column)
{
    return column->use == NQI_COLUMN_KEPT && !column->levels && !column->date.is_date;
}

/* A first column without a name that numbers the rows is no data, unless it was asked for. */
static nq_status index_find(nqi_csv *in)
{
    nqi_file_column *first = &in->origin->column[0];
    if (!is_number(first) || !nqi_csv_has_no_name(first) ||
        (in->choice.columns && *in->choice.columns) || columns_left(in) < 2)
        return NQ_OK;
    const int counts = column_counts(in, 0), labels = counts ? 1 : column_labels(in, 0);
    if (labels < 0)
        return nqi_fail_memory(in->input->context, "a column", in->rows * sizeof(double));
    if (!labels)
        return NQ_OK;
    first->use = NQI_COLUMN_INDEX;
    if (in->for_model)
        return NQ_OK;
    return nqi_notes_add(&in->notes, in->input->context,
                         "%s: column 1 has no name and %s: left out as an index (\036columns "
                         "1-%zu keeps it)",
                         in->input->path,
                         counts ? "counts the rows" : "numbers the rows, no number twice",
                         in->origin->columns);
}

/* A column that counts and has a name, or stands where there are no names, may be data. */
static nq_status counting_tell(nqi_csv *in)
{
    char label[NQI_LABEL];
    nq_status status = NQ_OK;
    for (size_t c = 0; c < in->origin->columns && !status; c++) {
        const nqi_file_column *column = &in->origin->column[c];
        if (in->rows < ROWS_TOLD || !is_number(column) || !column_counts(in, c))
            continue;
        status =
            nqi_notes_add(&in->notes, in->input->context,
                          "%s: %s counts the rows by one; it is used like any other (\036drop "
                          "%zu leaves it out)",
                          in->input->path, nqi_column_label(label, c, column->name), c + 1);
    }
    return status;
}

/* The last separator of a line that has one too many makes a column without name and values. */
static nq_status empty_find(nqi_csv *in)
{
    nqi_file_column *last = &in->origin->column[in->origin->columns - 1];
    if (last->use != NQI_COLUMN_KEPT || !last->name || *last->name || columns_left(in) < 2)
        return NQ_OK;
    for (size_t r = 0; r < in->rows; r++)
        if (!isnan(in->cells[r * in->width + in->width - 1]))
            return NQ_OK;
    last->use = NQI_COLUMN_DROPPED;
    return nqi_notes_add(&in->notes, in->input->context,
                         "%s: column %zu has neither a name nor values: left out",
                         in->input->path, in->origin->columns);
}

typedef struct named_column {
    const char *name;
    size_t column;
} named_column;

static int name_compare(const void *a, const void *b)
{
    const named_column *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    return order ? order : (x->column > y->column) - (x->column < y->column);
}

static nq_status names_check(const nqi_csv *in)
{
    const nqi_origin *origin = in->origin;
    named_column *list = origin->has_names ? malloc(origin->columns * sizeof *list) : NULL;
    size_t count = 0;
    nq_status status = NQ_OK;
    if (!origin->has_names)
        return NQ_OK;
    if (!list)
        return nqi_fail_memory(in->input->context, "column names", origin->columns);
    for (size_t c = 0; c < origin->columns; c++)
        if (origin->column[c].use != NQI_COLUMN_DROPPED)
            list[count++] = (named_column){origin->column[c].name, c};
    qsort(list, count, sizeof *list, name_compare);
    for (size_t i = 1; i < count && !status; i++) {
        char shown[NQI_SHOWN];
        if (strcmp(list[i].name, list[i - 1].name) != 0)
            continue;
        nqi_text_show(shown, list[i].name, strlen(list[i].name));
        status = nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                          "%s:%zu: columns %zu and %zu are both called \"%s\": expected "
                          "different names (\036drop %zu leaves one out)",
                          in->input->path, in->first_line, list[i - 1].column + 1,
                          list[i].column + 1, shown, list[i].column + 1);
    }
    free(list);
    return status;
}

/* The columns of the table move together; an index stays where a model may ask for it. */
static nq_status columns_close(nqi_csv *in)
{
    nqi_origin *origin = in->origin;
    size_t kept = 0;
    origin->file_column = malloc(origin->columns * sizeof *origin->file_column);
    if (!origin->file_column)
        return nqi_fail_memory(in->input->context, "columns", origin->columns);
    for (size_t c = 0; c < origin->columns; c++) {
        nqi_file_column *column = &origin->column[c];
        if (nqi_column_is_aside(column) || column->use == NQI_COLUMN_DROPPED ||
            (column->use == NQI_COLUMN_INDEX && !in->for_model))
            continue;
        column->at = kept;
        origin->file_column[kept++] = c;
    }
    if (kept < in->width)
        for (size_t r = 0; r < in->rows; r++)
            for (size_t i = 0; i < kept; i++)
                in->cells[r * kept + i] = in->cells[r * in->width + origin->file_column[i]];
    in->width = kept;
    return NQ_OK;
}

/* All that was wanted is left out. */
static nq_status nothing_refuse(const nqi_csv *in)
{
    char label[NQI_LABEL], word[NQI_SHOWN];
    const nqi_origin *origin = in->origin;
    size_t c = 0;
    while (c + 1 < origin->columns && origin->column[c].use != NQI_COLUMN_LEFT_OUT)
        c++;
    return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                    "%s: no column is left; %s is left out: %s (\036types %s=category keeps it)",
                    in->input->path, nqi_column_label(label, c, origin->column[c].name),
                    origin->column[c].why ? origin->column[c].why : "it is an index",
                    nqi_origin_word(word, origin, c));
}

nq_status nqi_csv_columns_finish(nqi_csv *in)
{
    nq_status status;
    if ((status = nqi_csv_settle(in)) || (status = names_check(in)) ||
        (status = index_find(in)) || (status = empty_find(in)))
        return status;
    if ((!in->for_model || columns_left(in) == 0) &&
        (status = nqi_origin_refuse_all(in->input->context, in->origin)))
        return status;
    if (columns_left(in) == 0)
        return nothing_refuse(in);
    if (!in->for_model && (status = counting_tell(in)))
        return status;
    return columns_close(in);
}
