/* csv.c - tables as text: from records and fields to numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/csv.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/context.h"
#include "io/csv_record.h"
#include "io/number.h"
#include "io/text.h"

enum { SHOWN = 40, LOOK_AHEAD = 100, FIRST_CELLS = 4096 };

typedef struct csv {
    nqi_csv_records records;
    nqi_table *table;
    size_t first_line; /* the line that says how many fields a row has */
    double *cells;     /* [capacity], of which rows * dim are filled */
    size_t capacity;
} csv;

typedef enum cell_kind { CELL_NUMBER, CELL_MISSING, CELL_INFINITE, CELL_TEXT } cell_kind;

static int is_word(const nqi_csv_field *field, const char *const *words)
{
    const size_t length = (size_t)(field->end - field->text);
    for (; *words; words++)
        if (strlen(*words) == length && !strncasecmp(*words, field->text, length))
            return 1;
    return 0;
}

/* Inside quotes white space is kept, line ends too; a number there is none the worse for it. */
static nqi_csv_field field_trim(nqi_csv_field field)
{
    while (field.text < field.end && (nqi_csv_is_blank(*field.text) || *field.text == '\n'))
        field.text++;
    while (field.text < field.end && (nqi_csv_is_blank(field.end[-1]) || field.end[-1] == '\n'))
        field.end--;
    return field;
}

static cell_kind cell_read(double *value, const nqi_csv_field *field)
{
    static const char *const missing[] = {"", "na", "n/a", "nan", "-nan", "null", "?", NULL};
    static const char *const infinite[] = {"inf", "-inf", "+inf", "infinity", "-infinity", NULL};
    const nqi_csv_field cell = field->quoted ? field_trim(*field) : *field;
    if (cell.text < cell.end && nqi_number_read(value, cell.text, cell.end) == cell.end)
        return isfinite(*value) ? CELL_NUMBER : CELL_INFINITE;
    *value = (double)NAN;
    if (is_word(&cell, missing))
        return CELL_MISSING;
    return is_word(&cell, infinite) ? CELL_INFINITE : CELL_TEXT;
}

/* The cell as it stands in a sentence: cut to length, control characters as '.'. */
static void cell_show(char out[SHOWN + 4], const nqi_csv_field *field)
{
    const size_t length = (size_t)(field->end - field->text);
    size_t shown = length < SHOWN ? length : SHOWN;
    while (shown < length && shown > SHOWN - 3 && ((unsigned char)field->text[shown] >> 6) == 2)
        shown--; /* not through the middle of a character */
    memcpy(out, field->text, shown);
    strcpy(out + shown, shown < length ? "..." : "");
    for (char *at = out; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '.';
    nqi_text_utf8_repair(out);
}

/* Whether the column is text in the rows that follow, as far as the buffer shows them. */
static int column_is_text(const csv *in, size_t column)
{
    size_t at = in->records.begin;
    nqi_csv_record record;
    for (int i = 0; i < LOOK_AHEAD && nqi_csv_record_peek(&in->records, &at, &record); i++) {
        const char *next = record.text;
        nqi_csv_field field = {0};
        for (size_t c = 0; next && next <= record.end && c <= column; c++)
            next = nqi_csv_field_next(&field, &record, next, in->records.separator);
        double value;
        if (!next || cell_read(&value, &field) != CELL_TEXT)
            return 0;
    }
    return 1;
}

static nq_status cell_refuse(const csv *in, size_t line, size_t column, cell_kind kind,
                             const nqi_csv_field *field)
{
    const nqi_input *input = in->records.input;
    const nqi_table *table = in->table;
    char found[SHOWN + 4], name[SHOWN + 4] = "";
    cell_show(found, field);
    if (table->names) {
        const char *text = table->names[column];
        cell_show(name, &(nqi_csv_field){text, text + strlen(text), 0});
    }
    const char *advice = "";
    if (kind == CELL_TEXT && in->records.separator == ';' && strchr(found, ','))
        advice = " (decimals are written with a point, not a comma)";
    else if (kind == CELL_TEXT && table->rows == 0 && column_is_text(in, column))
        advice = "; the column holds text: remove it or encode it as numbers";
    return nqi_fail(input->context, NQ_ERROR_FORMAT,
                    "%s:%zu: column %zu%s%s%s: expected a %snumber, found \"%s\"%s", input->path,
                    line, column + 1, table->names ? " (\"" : "", name, table->names ? "\")" : "",
                    kind == CELL_INFINITE ? "finite " : "", found, advice);
}

static nq_status quote_refuse(const csv *in, size_t line, size_t column)
{
    return nqi_fail(in->records.input->context, NQ_ERROR_FORMAT,
                    "%s:%zu: column %zu: expected a separator after the closing quote",
                    in->records.input->path, line, column + 1);
}

static nq_status row_reserve(csv *in)
{
    const nqi_table *table = in->table;
    if (in->capacity - table->rows * table->dim >= table->dim)
        return NQ_OK;
    size_t wanted = in->capacity < FIRST_CELLS ? FIRST_CELLS : in->capacity;
    while (wanted - table->rows * table->dim < table->dim || wanted == in->capacity) {
        if (wanted > PTRDIFF_MAX / 2 / sizeof(double))
            return nqi_fail_memory(in->records.input->context, "a table", SIZE_MAX);
        wanted *= 2;
    }
    double *grown = realloc(in->cells, wanted * sizeof *grown);
    if (!grown)
        return nqi_fail_memory(in->records.input->context, in->records.input->path,
                               wanted * sizeof *grown);
    in->cells = grown;
    in->capacity = wanted;
    return NQ_OK;
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

static nq_status row_read(csv *in, const nqi_csv_record *record)
{
    nqi_table *table = in->table;
    const char separator = in->records.separator, *at = record->text;
    double *cells = in->cells + table->rows * table->dim, beyond;
    size_t column = 0;
    for (; at <= record->end; column++) {
        double *value = column < table->dim ? cells + column : &beyond;
        const char *next = cell_read_quickly(value, at, record->end, separator);
        if (!next) {
            nqi_csv_field field;
            next = nqi_csv_field_next(&field, record, at, separator);
            if (!next)
                return quote_refuse(in, record->line, column);
            const cell_kind kind = cell_read(value, &field);
            if (kind > CELL_MISSING && column < table->dim)
                return cell_refuse(in, record->line, column, kind, &field);
        }
        at = next;
    }
    if (column != table->dim)
        return nqi_fail(in->records.input->context, NQ_ERROR_FORMAT,
                        "%s:%zu: expected %zu field%s as in line %zu, found %zu",
                        in->records.input->path, record->line, table->dim,
                        table->dim == 1 ? "" : "s", in->first_line, column);
    table->rows++;
    return NQ_OK;
}

/* Counts the fields of the first record and tells whether they are names. */
static nq_status first_look(csv *in, const nqi_csv_record *record, int *is_header)
{
    const char *at = record->text;
    nqi_csv_field field;
    double value;
    *is_header = 0;
    in->first_line = record->line;
    for (in->table->dim = 0; at <= record->end; in->table->dim++) {
        at = nqi_csv_field_next(&field, record, at, in->records.separator);
        if (!at)
            return quote_refuse(in, record->line, in->table->dim);
        *is_header |= cell_read(&value, &field) == CELL_TEXT;
    }
    return NQ_OK;
}

/* Copies a name with its doubled quotes made single. */
static char *name_copy(const nqi_csv_field *field)
{
    char *name = malloc((size_t)(field->end - field->text) + 1), *to = name;
    for (const char *at = field->text; name && at < field->end; at++) {
        *to++ = *at;
        at += field->quoted && *at == '"';
    }
    if (name)
        *to = '\0';
    return name;
}

/* A file of another kind shows itself here: its first "line" is no text. */
static int name_is_text(const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = name; *at; at++)
        if (((unsigned char)*at < ' ' && *at != '\t' && *at != '\n' && *at != '\r') ||
            *at == 0x7f)
            return 0;
    return nqi_text_utf8_prefix(name, length) == length;
}

static nq_status header_read(csv *in, const nqi_csv_record *record)
{
    const nqi_input *input = in->records.input;
    nqi_table *table = in->table;
    const char *at = record->text;
    table->names = calloc(table->dim, sizeof *table->names);
    for (size_t c = 0; c < table->dim; c++) {
        nqi_csv_field field;
        at = nqi_csv_field_next(&field, record, at, in->records.separator);
        if (!table->names || !(table->names[c] = name_copy(&field)))
            return nqi_fail_memory(input->context, "column names", table->dim);
        if (!name_is_text(table->names[c]))
            return nqi_fail(input->context, NQ_ERROR_FORMAT,
                            "%s:%zu: column %zu: expected numbers or column names as UTF-8 "
                            "text, found other bytes",
                            input->path, record->line, c + 1);
    }
    return NQ_OK;
}

static nq_status first_record_read(csv *in)
{
    const nqi_input *input = in->records.input;
    nqi_csv_record record;
    int is_header;
    nq_status status;
    if ((status = nqi_csv_record_next(&in->records, &record)))
        return status;
    if (!record.text)
        return nqi_fail(input->context, NQ_ERROR_FORMAT, "%s is empty: expected rows of numbers",
                        input->path);
    in->records.separator = nqi_csv_separator_detect(&record);
    if ((status = first_look(in, &record, &is_header)))
        return status;
    if (is_header)
        return header_read(in, &record);
    if ((status = row_reserve(in)))
        return status;
    return row_read(in, &record);
}

static nq_status rows_read(csv *in)
{
    const nqi_input *input = in->records.input;
    nqi_csv_record record;
    nq_status status;
    for (;;) {
        if ((status = nqi_csv_record_next(&in->records, &record)) || !record.text)
            break;
        if ((status = row_reserve(in)) || (status = row_read(in, &record)))
            break;
    }
    if (!status && in->table->rows == 0)
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s: expected rows of numbers after the header in line %zu, found none",
                        input->path, in->first_line);
    return status;
}

nq_status nqi_csv_read(nqi_table *out, nqi_input *input)
{
    nq_status status;
    csv in = {.table = out};
    *out = (nqi_table){.element = NQI_F64};
    if ((status = nqi_csv_records_open(&in.records, input)) ||
        (status = first_record_read(&in)) || (status = rows_read(&in)))
        goto fail;
    double *fitting = realloc(in.cells, out->rows * out->dim * sizeof *fitting);
    out->buffer = fitting ? fitting : in.cells;
    out->values = out->buffer;
    nqi_csv_records_close(&in.records);
    return NQ_OK;
fail:
    free(in.cells);
    nqi_csv_records_close(&in.records);
    nqi_table_free(out);
    return status;
}
