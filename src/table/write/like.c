/* like.c - rows written the way the file of a data set has them: its columns, header and text. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/grow.h"
#include "core/monitor.h"
#include "core/text.h"
#include "io/csv/record.h"
#include "io/format/format.h"
#include "table/dataset.h"
#include "table/decimal.h"
#include "table/write/cell.h"
#include "table/write/values.h"

static const double ROUNDING = 1e-12; /* of a value, that arithmetic on a grid leaves */

typedef struct like_writer {
    nq_context *context;
    const char *path;
    const nq_dataset *like, *root; /* root: the file's set */
    const nqi_origin *origin;
    nq_beside beside;
    const double *values;
    size_t count;
    size_t *shown; /* [columns of the file] column of `like` that it is; SIZE_MAX: none */
    double *row;   /* [dim of `like`] its numbers in the file */
    nqi_writer *file;
    char separator;
    nqi_bytes line; /* on its way */
    int is_first;   /* the next cell begins a line */
} like_writer;

/* Of the format that the name of the output asks for; NULL: none. */
static const nqi_format *format_of(const char *path)
{
    return nqi_format_of_name(path, NQI_FORMAT_ROWS, NULL);
}

/* The input's, unless the name of the output says otherwise. */
static char separator_choose(const nqi_origin *origin, const char *path)
{
    const char own = origin->separator;
    const nqi_format *format = format_of(path);
    if (format && format != &nqi_format_csv)
        return format->separator;
    return strcmp(path, "-") != 0 && (own == '\t' || own == NQI_CSV_BLANKS) ? ',' : own;
}

static void bytes_add(like_writer *w, const char *bytes, size_t count)
{
    nqi_bytes_add(&w->line, bytes, count);
}

/* Raw text has quotes of its own where it needs them. In a name nothing else than the file's
 * separator must look like one. */
typedef enum cell_kind { CELL_TEXT, CELL_RAW, CELL_NAME } cell_kind;

static int needs_quotes(const like_writer *w, const char *text, size_t length, cell_kind kind)
{
    if (!length || kind == CELL_RAW)
        return 0;
    return nqi_csv_needs_quotes(text, length) || memchr(text, w->separator, length) ||
           (kind == CELL_NAME && strpbrk(text, ";,\t|"));
}

/* A cell: as it is, or in quotes where reading it back needs them. An empty one must not look like
 * no cell at all. text[length] of a name is its end. */
static void cell_add(like_writer *w, const char *text, size_t length, cell_kind kind)
{
    const int is_alone = w->separator == '\t' || w->separator == NQI_CSV_BLANKS;
    if (!w->is_first)
        bytes_add(w, &w->separator, 1);
    w->is_first = 0;
    if (!length && is_alone) {
        bytes_add(w, "NA", 2);
        return;
    }
    if (!needs_quotes(w, text, length, kind)) {
        bytes_add(w, text, length);
        return;
    }
    bytes_add(w, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            bytes_add(w, "\"", 1);
        bytes_add(w, text + i, 1);
    }
    bytes_add(w, "\"", 1);
}

static void number_add(like_writer *w, double value)
{
    char text[NQI_TEXT_SIZE];
    const int length = nqi_text_double(text, sizeof text, value);
    char *point = w->origin->decimal == ',' ? strchr(text, '.') : NULL;
    if (point)
        *point = ',';
    cell_add(w, text, (size_t)length, CELL_TEXT);
}

/* A value that was made, in the way of its column: the text of a level, a date, a number with no
 * more decimals than the column has; other numbers with the fewest digits that read back. */
static void value_add(like_writer *w, const nqi_column *column, double value)
{
    char text[NQI_CELL_SIZE];
    const char *level = nqi_cell_level(column, value);
    const double rounded =
        column->has_precision ? nqi_decimal_round(value, -column->precision) : (double)NAN;
    const int is_in_form =
        column->levels || column->date.is_date || fabs(value - rounded) <= ROUNDING * fabs(value);
    if (level) {
        cell_add(w, level, strlen(level), CELL_NAME);
        return;
    }
    if (isnan(value) || !is_in_form) {
        number_add(w, value);
        return;
    }
    nqi_cell_text(text, sizeof text, column, value);
    char *point = w->origin->decimal == ',' && !column->date.is_date ? strchr(text, '.') : NULL;
    if (point)
        *point = ',';
    cell_add(w, text, strlen(text), CELL_TEXT);
}

static nq_status line_put(like_writer *w)
{
    if (!w->line.used) /* a blank line is no row */
        bytes_add(w, "\"\"", 2);
    bytes_add(w, w->origin->has_crlf ? "\r\n" : "\n", w->origin->has_crlf ? 2 : 1);
    if (w->line.failed)
        return nqi_fail_memory(w->context, "a line of text", w->line.room);
    const nq_status status = nqi_writer_put(w->file, w->line.text, w->line.used);
    w->line.used = 0;
    w->is_first = 1;
    return status;
}

/* Whether a column of the file is written. */
static int is_written(const like_writer *w, size_t column)
{
    return w->origin->column[column].use != NQI_COLUMN_DROPPED &&
           !(w->beside.carried_only && w->shown[column] != SIZE_MAX);
}

/* The raw text of a field, with the quotes that it has. */
static const char *field_next(nqi_csv_field *out, const nqi_csv_record *record, const char *at,
                              char separator)
{
    at = nqi_csv_field_next(out, record, at, separator);
    if (out->quoted) {
        out->text--;
        out->end += out->end < record->end;
    }
    return at;
}

static nq_status header_put(like_writer *w)
{
    const nqi_origin *origin = w->origin;
    const nq_beside *o = &w->beside;
    nqi_csv_record record = {origin->header, origin->header, 0, 0};
    const char *at = origin->header;
    if (!origin->has_names && !o->before && !o->after)
        return NQ_OK;
    record.end = at ? at + strlen(at) : at;
    for (size_t c = 0; c < o->before; c++)
        cell_add(w, o->before_names[c], strlen(o->before_names[c]), CELL_NAME);
    for (size_t c = 0; c < origin->columns; c++) {
        char made[24];
        nqi_csv_field field = {NULL, NULL, 0};
        if (at)
            at = field_next(&field, &record, at, origin->separator);
        snprintf(made, sizeof made, "x%zu", c + 1);
        const char *name = origin->has_names ? origin->column[c].name : made;
        if (!is_written(w, c))
            continue;
        if (field.quoted)
            cell_add(w, field.text, (size_t)(field.end - field.text), CELL_RAW);
        else
            cell_add(w, name, strlen(name), CELL_NAME);
    }
    for (size_t c = 0; c < o->after; c++)
        cell_add(w, o->after_names[c], strlen(o->after_names[c]), CELL_NAME);
    return line_put(w);
}

/* Row i of the values, made from row r of `like`. */
static nq_status row_put(like_writer *w, size_t i, size_t r)
{
    const nqi_origin *origin = w->origin;
    const nq_beside *o = &w->beside;
    size_t line = r, column = 0;
    nqi_dataset_root(w->like, &line, &column);
    nqi_csv_record record = {origin->text + origin->row_at[line],
                             origin->text + origin->row_at[line + 1] - 1, 0, 0};
    const char *at = record.text;
    nq_dataset_row(w->row, w->like, r);
    for (size_t c = 0; c < o->before; c++)
        number_add(w, o->before_values[i * o->before + c]);
    for (size_t c = 0; c < origin->columns; c++) {
        nqi_csv_field field;
        at = field_next(&field, &record, at, origin->separator);
        if (!is_written(w, c))
            continue;
        const size_t s = w->shown[c];
        const double value = s == SIZE_MAX ? 0 : w->values[i * w->like->dim + s];
        if (s != SIZE_MAX && value != w->row[s] && !(isnan(value) && isnan(w->row[s])))
            value_add(w, &w->like->columns[s], value);
        else
            cell_add(w, field.text, (size_t)(field.end - field.text),
                     field.quoted ? CELL_RAW : CELL_TEXT);
    }
    for (size_t c = 0; c < o->after; c++)
        number_add(w, o->after_values[i * o->after + c]);
    return line_put(w);
}

static size_t row_of(const like_writer *w, size_t i)
{
    return w->beside.rows ? w->beside.rows[i] : i;
}

static nq_status text_write(like_writer *w)
{
    nq_status status = nqi_writer_open(&w->file, w->context, w->path);
    if (status)
        return status;
    w->separator = separator_choose(w->origin, w->path);
    w->is_first = 1;
    status = header_put(w);
    for (size_t i = 0; i < w->count && !status; i++) {
        status = row_put(w, i, row_of(w, i));
        if (!status && i % NQI_TELL_ROWS == 0)
            status = nqi_tell(w->context, "writing rows", (double)i, (double)w->count);
    }
    if (status)
        nqi_writer_abandon(w->file);
    return status ? status : nqi_writer_commit(w->file);
}

static int is_text(const like_writer *w, size_t column)
{
    const nqi_file_column *about = &w->origin->column[column];
    return nqi_column_is_aside(about) ||
           (w->origin->file_column[about->at] == column && w->root->columns[about->at].levels);
}

/* Columns of an array: those of the file that are numbers. *count: how many. */
static nq_status array_columns(const like_writer *w, size_t *count)
{
    *count = w->beside.before + w->beside.after;
    for (size_t c = 0; c < w->origin->columns; c++) {
        char label[NQI_LABEL];
        if (!is_written(w, c))
            continue;
        if (is_text(w, c))
            return nqi_fail(w->context, NQ_ERROR_UNSUPPORTED,
                            "%s cannot hold the text of %s of %s; expected a name that ends in "
                            ".csv or .tsv, or \036drop",
                            w->path, nqi_column_label(label, c, w->origin->column[c].name),
                            w->origin->path);
        ++*count;
    }
    return NQ_OK;
}

static void array_row(const like_writer *w, size_t i, const double *file_row, double *out)
{
    const nq_beside *o = &w->beside;
    size_t n = 0;
    for (size_t c = 0; c < o->before; c++)
        out[n++] = o->before_values[i * o->before + c];
    for (size_t c = 0; c < w->origin->columns; c++) {
        if (!is_written(w, c))
            continue;
        const size_t s = w->shown[c], at = w->origin->column[c].at;
        out[n++] = s != SIZE_MAX                     ? w->values[i * w->like->dim + s]
                   : w->origin->file_column[at] == c ? file_row[at]
                                                     : (double)NAN;
    }
    for (size_t c = 0; c < o->after; c++)
        out[n++] = o->after_values[i * o->after + c];
}

static nq_status array_write(like_writer *w)
{
    size_t dim;
    nqi_values_writer *writer = NULL;
    nq_status status = array_columns(w, &dim);
    double *file_row = malloc((w->root->dim + dim) * sizeof *file_row);
    if (!status && !file_row)
        status = nqi_fail_memory(w->context, "a row", w->root->dim * sizeof *file_row);
    if (!status)
        status = nqi_values_open(&writer, w->context, w->path, w->count, dim, NULL, NQI_F64);
    for (size_t i = 0; i < w->count && !status; i++) {
        size_t line = row_of(w, i), column = 0;
        nqi_dataset_root(w->like, &line, &column);
        nq_dataset_row(file_row, w->root, line);
        array_row(w, i, file_row, file_row + w->root->dim);
        status = nqi_values_put(writer, file_row + w->root->dim, 1);
        if (!status && i % NQI_TELL_ROWS == 0)
            status = nqi_tell(w->context, "writing rows", (double)i, (double)w->count);
    }
    free(file_row);
    if (!status)
        return nqi_values_commit(writer);
    nqi_values_abandon(writer);
    return status;
}

int nq_dataset_has_text(const nq_dataset *dataset)
{
    size_t row = 0, column = 0;
    if (nqi_dataset_crops(dataset))
        return 0;
    const nqi_origin *origin = nqi_dataset_root(dataset, &row, &column)->origin;
    return origin && origin->text;
}

static nq_status writer_new(like_writer *w)
{
    size_t row = 0, column = 0;
    w->root = nqi_dataset_root(w->like, &row, &column);
    w->origin = w->root->origin;
    w->shown = malloc(w->origin->columns * sizeof *w->shown);
    w->row = malloc(w->like->dim * sizeof *w->row);
    if (!w->shown || !w->row)
        return nqi_fail_memory(w->context, "a table", w->origin->columns * sizeof *w->shown);
    for (size_t c = 0; c < w->origin->columns; c++)
        w->shown[c] = SIZE_MAX;
    for (size_t c = 0; c < w->like->dim; c++) {
        size_t r = 0, at = c;
        nqi_dataset_root(w->like, &r, &at);
        w->shown[w->origin->file_column[at]] = c;
    }
    return NQ_OK;
}

nq_status nq_dataset_write_like(const char *path, nq_context *context, const nq_dataset *like,
                                const double *values, size_t count, const nq_beside *beside)
{
    like_writer w = {.context = context, .path = path, .like = like, .values = values};
    const nqi_format *format = format_of(path);
    if (!nq_dataset_has_text(like))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "the text of the data was not kept; expected a text table opened with "
                        "keep_text");
    if (beside)
        w.beside = *beside;
    w.count = count;
    for (size_t i = 0; i < count; i++)
        if (row_of(&w, i) >= like->rows)
            return nqi_fail(context, NQ_ERROR_ARGUMENT, "row %zu of %zu to be written",
                            row_of(&w, i) + 1, like->rows);
    nq_status status = writer_new(&w);
    if (!status)
        status = format && !format->separator ? array_write(&w) : text_write(&w);
    free(w.shown);
    free(w.row);
    free(w.line.text);
    return status;
}
