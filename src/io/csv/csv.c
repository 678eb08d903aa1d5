/* csv.c - tables as text: from records and fields to numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/csv/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/grow.h"
#include "core/monitor.h"
#include "io/csv/reading.h"
#include "io/format/format.h"

enum { FIRST_CELLS = 4096 };

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

/* The next record that is no comment; of the others the last is kept. */
static nq_status record_next(nqi_csv *in, nqi_csv_record *record)
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

static nq_status first_record_read(nqi_csv *in)
{
    nqi_csv_record record;
    int is_row;
    nq_status status;
    if ((status = record_next(in, &record)))
        return status;
    if (!record.text)
        return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                        "%s is empty: expected rows of numbers", in->input->path);
    if ((status = nqi_csv_header_read(in, &record, &is_row)) ||
        (status = nqi_csv_columns_choose(in)) || !is_row || (status = row_reserve(in)))
        return status;
    return nqi_csv_row_read(in, &record);
}

static nq_status rows_read(nqi_csv *in)
{
    nqi_csv_record record;
    nq_status status;
    for (;;) {
        if ((status = record_next(in, &record)) || !record.text)
            break;
        if ((status = row_reserve(in)) || (status = nqi_csv_row_read(in, &record)))
            return status;
    }
    if (!status && in->rows == 0)
        return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                        "%s: expected rows of numbers after the header in line %zu, found none",
                        in->input->path, in->first_line);
    if (!status && in->comments_inside)
        status = nqi_notes_add(&in->notes, in->input->context,
                               "%s: %zu line%s among the rows %s with %c and %s left out as "
                               "%s (\036comment none reads %s)",
                               in->input->path, in->comments_inside,
                               in->comments_inside == 1 ? "" : "s",
                               in->comments_inside == 1 ? "begins" : "begin", in->dialect.comment,
                               in->comments_inside == 1 ? "is" : "are",
                               in->comments_inside == 1 ? "a comment" : "comments",
                               in->comments_inside == 1 ? "it" : "them");
    return status;
}

/* Rows, and what is made of their columns. */
static nq_status rows_all(nqi_csv *in)
{
    nq_context *context = in->input->context;
    nqi_portion portion = nqi_portion_enter(context, 0, 0.9);
    nq_status status = rows_read(in);
    nqi_portion_leave(context, portion);
    portion = nqi_portion_enter(context, 0.9, 1);
    if (!status)
        status = nqi_csv_columns_finish(in);
    nqi_portion_leave(context, portion);
    return status;
}

static nq_status csv_open(nqi_csv *in, nqi_input *input, const nq_read_options *options)
{
    nq_status status;
    *in = (nqi_csv){.input = input};
    if ((status = nqi_csv_dialect_make(&in->dialect, input->context, options)) ||
        (status = nqi_csv_records_open(&in->records, input, in->dialect.separator,
                                       in->dialect.comment)))
        return status;
    if (options) {
        in->choice.columns = options->columns;
        in->choice.drop = options->drop;
        in->choice.types = options->types;
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

/* Reads all rows as float64, texts as their numbers; out->origin tells where they stand and what
 * the texts are, out->notes what was decided. options NULL: defaults. Refused, with file, line,
 * column and what was expected: a few texts among numbers (all their columns in one sentence),
 * infinite numbers, rows of another length, quotes that do not
 * close, a first line of which nobody knows whether it is names, no rows. */
static nq_status csv_read(nqi_table *out, nqi_input *input, const nq_read_options *options)
{
    nqi_csv in;
    nq_status status;
    *out = (nqi_table){0};
    if (!(status = csv_open(&in, input, options)) && !(status = first_record_read(&in)) &&
        !(status = rows_all(&in)) && !(status = names_make(out, &in)))
        table_make(out, &in);
    for (size_t c = 0; in.column && in.origin && c < in.origin->columns; c++)
        nqi_words_free(&in.column[c].words);
    free(in.column);
    free(in.scratch.text);
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
