/* csv.c - tables as text: from records and fields to numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/csv/csv.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/grow.h"
#include "io/csv/reading.h"
#include "io/format/format.h"
#include "io/text/number.h"

/* Rows that are still read behind one with text: they show which other columns hold text. */
enum { FIRST_CELLS = 4096, ROWS_BEHIND_TEXT = 10000 };

nq_status nqi_csv_refuse_quote(const nqi_csv *in, size_t line, size_t column)
{
    return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                    "%s:%zu: column %zu: expected a separator after the closing quote",
                    in->input->path, line, column + 1);
}

int nqi_csv_is_comment(const nqi_csv *in, const nqi_csv_record *record)
{
    nqi_csv_field field;
    double value;
    if (!record->is_comment)
        return 0;
    (void)nqi_csv_field_next(&field, record, record->text, in->records.separator);
    return nqi_csv_cell_read(&value, &in->dialect, &field) != NQI_CELL_MISSING;
}

nq_status nqi_csv_next(nqi_csv *in, nqi_csv_record *record)
{
    nq_status status;
    while (!(status = nqi_csv_record_next(&in->records, record)) && record->text &&
           nqi_csv_is_comment(in, record)) {
        if (in->width) {
            in->comments_inside++;
            continue;
        }
        free(in->comment);
        in->comment = strndup(record->text, (size_t)(record->end - record->text));
        in->comment_line = record->line;
        if (!in->comment)
            return nqi_fail_memory(in->input->context, "a line of text", SIZE_MAX);
    }
    return status;
}

static nq_status row_reserve(nqi_csv *in)
{
    const size_t wanted = (in->rows + 1) * in->width;
    return nqi_grow(&in->cells, &in->capacity, wanted < FIRST_CELLS ? FIRST_CELLS : wanted,
                    sizeof *in->cells)
               ? NQ_OK
               : nqi_fail_memory(in->input->context, in->input->path, wanted * sizeof *in->cells);
}

/* The common cell: a finite number up to a separator. Returns where the next one begins, or NULL:
 * then the careful way finds out what it is. */
static const char *cell_read_quickly(double *value, const char *at, const char *end,
                                     char separator)
{
    while (at < end && *at == ' ')
        at++;
    at = nqi_number_read(value, at, end);
    if (!at || !isfinite(*value))
        return NULL;
    while (at < end && *at == ' ' && separator != NQI_CSV_BLANKS)
        at++;
    if (at == end || (*at == separator && separator != NQI_CSV_BLANKS))
        return at + 1;
    if (separator != NQI_CSV_BLANKS || !nqi_csv_is_blank(*at))
        return NULL;
    while (at < end && nqi_csv_is_blank(*at))
        at++;
    return at;
}

/* A cell that is no number. What that means for its column is settled when all rows are read. */
static nq_status cell_note(nqi_csv *in, size_t line, size_t column, nqi_cell kind,
                           const nqi_csv_field *field)
{
    nqi_file_column *about = &in->origin->column[column];
    char shown[NQI_SHOWN];
    if (about->use == NQI_COLUMN_DROPPED)
        return NQ_OK;
    if (kind != NQI_CELL_DOT) {
        about->use = NQI_COLUMN_TEXT;
        in->bad_row = in->rows < in->bad_row ? in->rows : in->bad_row;
    }
    about->bad_count++;
    /* The first one is told, but rather a word than a lone dot that may be missing. */
    if (about->bad_cell && (kind == NQI_CELL_DOT || !about->bad_is_dot))
        return NQ_OK;
    free(about->bad_cell);
    nqi_text_show(shown, field->text, (size_t)(field->end - field->text));
    about->bad_cell = strdup(shown);
    about->bad_line = line;
    about->bad_is_infinite = kind == NQI_CELL_INFINITE;
    about->bad_is_dot = kind == NQI_CELL_DOT;
    return about->bad_cell ? NQ_OK : nqi_fail_memory(in->input->context, "a cell", sizeof shown);
}

/* One cell the careful way. *next: where the next one begins. */
static nq_status cell_read(nqi_csv *in, const nqi_csv_record *record, const char **next,
                           size_t column, double *value)
{
    nqi_csv_field field;
    *next = nqi_csv_field_next(&field, record, *next, in->records.separator);
    if (!*next)
        return nqi_csv_refuse_quote(in, record->line, column);
    if (column >= in->width)
        return NQ_OK;
    const nqi_cell kind = nqi_csv_cell_read(value, &in->dialect, &field);
    if (kind == NQI_CELL_NUMBER || kind == NQI_CELL_MISSING)
        return NQ_OK;
    *value = (double)NAN;
    return cell_note(in, record->line, column, kind, &field);
}

static nq_status length_refuse(const nqi_csv *in, const nqi_csv_record *record, size_t found)
{
    const nq_status status = nqi_origin_refuse_all(in->input->context, in->origin);
    if (status && !in->for_model)
        return status; /* that came first */
    return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                    "%s:%zu: expected %zu field%s as in line %zu, found %zu", in->input->path,
                    record->line, in->width, in->width == 1 ? "" : "s", in->first_line, found);
}

static nq_status row_read(nqi_csv *in, const nqi_csv_record *record)
{
    const char separator = in->records.separator, *at = record->text;
    const int quickly = in->dialect.decimal == '.' && in->dialect.number_count == 0;
    double *cells = in->cells + in->rows * in->width, beyond;
    size_t column = 0;
    for (; at <= record->end; column++) {
        double *value = column < in->width ? cells + column : &beyond;
        const char *next = quickly ? cell_read_quickly(value, at, record->end, separator) : NULL;
        if (!next) {
            next = at;
            const nq_status status = cell_read(in, record, &next, column, value);
            if (status)
                return status;
        }
        at = next;
    }
    if (column != in->width)
        return length_refuse(in, record, column);
    if (!nqi_origin_add_line(in->origin, in->rows, record->line) ||
        (in->keep_text && !nqi_origin_add_text(in->origin, in->rows, record->text,
                                               (size_t)(record->end - record->text))))
        return nqi_fail_memory(in->input->context, "the text of a table", SIZE_MAX);
    in->origin->rows = ++in->rows;
    return NQ_OK;
}

static nq_status first_record_read(nqi_csv *in)
{
    nqi_csv_record record;
    int is_row;
    nq_status status;
    if ((status = nqi_csv_next(in, &record)))
        return status;
    if (!record.text)
        return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                        "%s is empty: expected rows of numbers", in->input->path);
    if ((status = nqi_csv_header_read(in, &record, &is_row)) ||
        (status = nqi_csv_columns_choose(in)) || !is_row || (status = row_reserve(in)))
        return status;
    return row_read(in, &record);
}

static int is_hopeless(const nqi_csv *in)
{
    return !in->for_model && in->bad_row < in->rows && in->rows - in->bad_row > ROWS_BEHIND_TEXT;
}

static nq_status rows_read(nqi_csv *in)
{
    nqi_csv_record record;
    nq_status status;
    while (!is_hopeless(in)) {
        if ((status = nqi_csv_next(in, &record)) || !record.text)
            break;
        if ((status = row_reserve(in)) || (status = row_read(in, &record)))
            return status;
    }
    if (!status && in->rows == 0)
        return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                        "%s: expected rows of numbers after the header in line %zu, found none",
                        in->input->path, in->first_line);
    if (!status && in->comments_inside)
        status = nqi_notes_add(&in->notes, in->input->context,
                               "%s: %zu line%s among the rows %s with %c and %s left out as "
                               "%s (--comment none reads %s)",
                               in->input->path, in->comments_inside,
                               in->comments_inside == 1 ? "" : "s",
                               in->comments_inside == 1 ? "begins" : "begin", in->dialect.comment,
                               in->comments_inside == 1 ? "is" : "are",
                               in->comments_inside == 1 ? "a comment" : "comments",
                               in->comments_inside == 1 ? "it" : "them");
    return status;
}

static nq_status csv_open(nqi_csv *in, nqi_input *input, const nq_read_options *options)
{
    nq_status status;
    *in = (nqi_csv){.input = input, .bad_row = SIZE_MAX};
    if ((status = nqi_csv_dialect_make(&in->dialect, input->context, options)) ||
        (status = nqi_csv_records_open(&in->records, input, in->dialect.separator,
                                       in->dialect.comment)))
        return status;
    if (options) {
        in->columns = options->columns;
        in->drop = options->drop;
        in->types = options->types;
        in->for_model = options->for_model != 0;
        in->keep_text = options->keep_text != 0;
    }
    in->origin = calloc(1, sizeof *in->origin);
    if (!in->origin || !(in->origin->path = strdup(input->path)))
        return nqi_fail_memory(input->context, "a table", sizeof *in->origin);
    return NQ_OK;
}

/* What the table takes over. */
static void table_make(nqi_table *out, nqi_csv *in)
{
    double *fitting = realloc(in->cells, in->rows * in->width * sizeof *fitting);
    *out = (nqi_table){.rows = in->rows,
                       .dim = in->width,
                       .element = NQI_F64,
                       .buffer = fitting ? fitting : in->cells,
                       .names = out->names,
                       .origin = in->origin,
                       .notes = in->notes};
    out->values = out->buffer;
    in->cells = NULL;
    in->origin = NULL;
    in->notes = (nqi_notes){0};
}

/* Names of the kept columns. */
static nq_status names_make(nqi_table *out, const nqi_csv *in)
{
    const nqi_origin *origin = in->origin;
    if (!origin->has_names)
        return NQ_OK;
    const char **names = malloc(in->width * sizeof *names);
    for (size_t c = 0; names && c < in->width; c++)
        names[c] = origin->column[origin->file_column[c]].name;
    const nq_status status =
        names ? nqi_names_copy(&out->names, names, in->width) : NQ_ERROR_MEMORY;
    free(names);
    return status ? nqi_fail_memory(in->input->context, "column names", in->width) : NQ_OK;
}

/* Reads all rows as float64; out->origin tells where they stand, out->notes what was decided.
 * options NULL: defaults. Refused, with file, line, column and what was expected: cells of text
 * (all their columns in one sentence), infinite numbers, rows of another length, quotes that do not
 * close, a first line of which nobody knows whether it is names, no rows. */
static nq_status csv_read(nqi_table *out, nqi_input *input, const nq_read_options *options)
{
    nqi_csv in;
    nq_status status;
    *out = (nqi_table){0};
    if (!(status = csv_open(&in, input, options)) && !(status = first_record_read(&in)) &&
        !(status = rows_read(&in)) && !(status = nqi_csv_columns_finish(&in)) &&
        !(status = names_make(out, &in)))
        table_make(out, &in);
    free(in.cells);
    free(in.comment);
    nqi_notes_free(&in.notes);
    nqi_origin_free(in.origin);
    nqi_csv_records_close(&in.records);
    return status;
}

/* It has no beginning of its own: what no other format begins is text. */
const nqi_format nqi_format_csv = {.extensions = {{.tail = ".csv", .name = "CSV"}},
                                   .read = csv_read,
                                   .has_options = 1,
                                   .rows_begin = nqi_csv_rows_begin,
                                   .rows_put = nqi_csv_rows_put,
                                   .separator = ','};
