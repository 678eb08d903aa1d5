/* row.c - a row of a text table: its cells as numbers of words, or as values. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/csv/reading.h"
#include "io/text/number.h"

/* Words that a column may have: beside a text of more levels nothing can be learned; a model that
 * exists has fewer. Numbers of more values are no codes that stand among texts. */
enum { WORDS_MOST = 4096, WORDS_KEPT = 1 << 16, CODES_MOST = 100 };

/* The common number: finite, up to a separator. Returns where the next cell begins, or NULL: then
 * the careful way finds out what it is. */
static const char *number_read_quickly(double *value, int *decimals, const char *at,
                                       const char *end, char separator)
{
    while (at < end && *at == ' ')
        at++;
    at = nqi_number_read_decimals(value, decimals, at, end);
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

nq_status nqi_csv_cell_note(nqi_csv *in, size_t line, size_t column, nqi_cell kind,
                            const char *text, size_t length)
{
    nqi_file_column *about = &in->origin->column[column];
    char shown[NQI_SHOWN];
    about->bad_count++;
    /* The first one is told, but rather a word than a lone dot that may be missing. */
    if (about->bad_cell && (kind == NQI_CELL_DOT || !about->bad_is_dot))
        return NQ_OK;
    free(about->bad_cell);
    nqi_text_show(shown, text, length);
    about->bad_cell = strdup(shown);
    about->bad_line = line;
    about->bad_is_infinite = kind == NQI_CELL_INFINITE;
    about->bad_is_dot = kind == NQI_CELL_DOT;
    return about->bad_cell ? NQ_OK : nqi_fail_memory(in->input->context, "a cell", sizeof shown);
}

static void decimals_add(nqi_csv_column *column, int decimals)
{
    if (decimals < 0 || column->most < 0)
        column->most = -1;
    else if (decimals > column->most)
        column->most = decimals;
    if (decimals >= 0 && decimals < column->least)
        column->least = decimals;
}

/* The first word for a gap of a column is the one that it is written with. */
static void gap_note(nqi_csv *in, size_t c, const nqi_csv_field *field)
{
    char *gap = in->origin->column[c].gap;
    const size_t length = (size_t)(field->end - field->text);
    if (!*gap && length && length < NQI_GAP_SIZE)
        memcpy(gap, field->text, length); /* zeroed behind */
}

/* A cell of a column of which no words are kept. */
static nq_status value_read(nqi_csv *in, size_t line, size_t c, const nqi_csv_field *field,
                            double *value)
{
    nqi_csv_column *column = &in->column[c];
    nqi_date_form form;
    int decimals = 0;
    const nqi_cell kind = nqi_csv_cell_read_decimals(value, &decimals, &in->dialect, field);
    const size_t length = (size_t)(field->end - field->text);
    if (kind == NQI_CELL_MISSING)
        gap_note(in, c, field);
    if (column->mode == NQI_CSV_UNREAD || kind == NQI_CELL_MISSING)
        return NQ_OK;
    if (column->mode == NQI_CSV_NUMBERS && kind == NQI_CELL_NUMBER) {
        decimals_add(column, decimals);
        return NQ_OK;
    }
    if (column->mode == NQI_CSV_DATES && nqi_date_read(value, &form, field->text, length) &&
        nqi_date_form_same(&form, &column->date)) {
        column->date.decimals =
            form.decimals > column->date.decimals ? form.decimals : column->date.decimals;
        return NQ_OK;
    }
    *value = (double)NAN;
    column->text_rows += kind != NQI_CELL_DOT;
    return nqi_csv_cell_note(in, line, c, kind, field->text, length);
}

/* What a word is that was not there before. */
static void word_begin(nqi_csv *in, nqi_csv_column *column, nqi_word *word,
                       const nqi_csv_field *field)
{
    int decimals = 0;
    word->kind =
        (unsigned char)nqi_csv_cell_read_decimals(&word->value, &decimals, &in->dialect, field);
    if (word->kind == NQI_CELL_MISSING)
        gap_note(in, (size_t)(column - in->column), field);
    word->row = in->rows;
    word->decimals = (signed char)decimals;
    column->numbers += word->kind == NQI_CELL_NUMBER;
    if (word->kind != NQI_CELL_TEXT && word->kind != NQI_CELL_INFINITE) {
        column->is_other |= word->kind != NQI_CELL_MISSING;
        return;
    }
    column->texts++;
    if (column->is_other ||
        !nqi_date_read(&word->value, &word->date, field->text,
                       (size_t)(field->end - field->text)) ||
        (column->date.is_date && !nqi_date_form_same(&word->date, &column->date))) {
        column->is_other = 1;
        word->value = (double)NAN;
        return;
    }
    const char decimals_before = column->date.decimals;
    column->date = word->date;
    if (decimals_before > column->date.decimals)
        column->date.decimals = decimals_before;
}

/* Words of a column that may be too many for it: what becomes of it. */
static nq_status words_review(nqi_csv *in, size_t c)
{
    nqi_csv_column *column = &in->column[c];
    const nqi_type told = in->origin->column[c].told;
    size_t rows[NQI_CELL_TEXT + 1] = {0};
    if (told == NQI_TYPE_CATEGORY && column->words.count <= WORDS_KEPT)
        return NQ_OK;
    if (column->texts && column->words.count != WORDS_MOST + 1 &&
        column->words.count <= WORDS_KEPT)
        return NQ_OK;
    for (uint32_t i = 0; i < column->words.count; i++)
        rows[column->words.list[i].kind] += column->words.list[i].rows;
    if (!column->texts || rows[NQI_CELL_NUMBER] > rows[NQI_CELL_TEXT])
        return nqi_csv_words_end(in, c, NQI_CSV_NUMBERS);
    if (!column->is_other)
        return nqi_csv_words_end(in, c, NQI_CSV_DATES);
    return in->for_model && column->words.count <= WORDS_KEPT
               ? NQ_OK
               : nqi_csv_words_end(in, c, NQI_CSV_LOST);
}

/* A quote in a quoted cell is doubled; the words have it once. */
static nq_status quotes_undouble(nqi_csv *in, nqi_csv_field *field)
{
    in->scratch.used = 0;
    for (const char *at = field->text; at < field->end; at++) {
        nqi_bytes_add(&in->scratch, at, 1);
        at += *at == '"';
    }
    if (in->scratch.failed)
        return nqi_fail_memory(in->input->context, "a cell", in->scratch.used);
    field->text = in->scratch.text;
    field->end = field->text + in->scratch.used;
    return NQ_OK;
}

static nq_status word_read(nqi_csv *in, size_t c, nqi_csv_field field, double *value)
{
    nqi_csv_column *column = &in->column[c];
    int is_new;
    nq_status status;
    if (field.quoted) {
        field = nqi_csv_field_trim(field);
        if (field.text < field.end && memchr(field.text, '"', (size_t)(field.end - field.text)) &&
            (status = quotes_undouble(in, &field)))
            return status;
        field.quoted = 0;
    }
    const uint32_t i =
        nqi_words_put(&column->words, field.text, (size_t)(field.end - field.text), &is_new);
    if (i == UINT32_MAX)
        return nqi_fail_memory(in->input->context, "the texts of a table", SIZE_MAX);
    nqi_word *word = &column->words.list[i];
    *value = (double)i;
    word->rows++;
    if (!is_new)
        return NQ_OK;
    word_begin(in, column, word, &field);
    return column->words.count > CODES_MOST ? words_review(in, c) : NQ_OK;
}

static nq_status length_refuse(const nqi_csv *in, const nqi_csv_record *record, size_t found)
{
    return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                    "%s:%zu: expected %zu field%s as in line %zu, found %zu", in->input->path,
                    record->line, in->width, in->width == 1 ? "" : "s", in->first_line, found);
}

/* One cell. *next: where the next one begins. */
static nq_status cell_read(nqi_csv *in, const nqi_csv_record *record, const char **next, size_t c,
                           double *value)
{
    nqi_csv_field field;
    *next = nqi_csv_field_next(&field, record, *next, in->records.separator);
    if (!*next)
        return nqi_csv_refuse_quote(in, record->line, c);
    if (c >= in->width)
        return NQ_OK;
    return in->column[c].mode == NQI_CSV_WORDS ? word_read(in, c, field, value)
                                               : value_read(in, record->line, c, &field, value);
}

static nq_status cells_read(nqi_csv *in, const nqi_csv_record *record, size_t *found)
{
    const char separator = in->records.separator, *at = record->text;
    const int quickly = in->dialect.decimal == '.' && in->dialect.number_count == 0;
    double *cells = in->cells + in->rows * in->width, beyond;
    size_t c = 0;
    for (; at <= record->end; c++) {
        double *value = c < in->width ? cells + c : &beyond;
        const char *next = NULL;
        int decimals;
        if (quickly && c < in->width && in->column[c].mode == NQI_CSV_NUMBERS &&
            (next = number_read_quickly(value, &decimals, at, record->end, separator))) {
            decimals_add(&in->column[c], decimals);
        } else {
            next = at;
            const nq_status status = cell_read(in, record, &next, c, value);
            if (status)
                return status;
        }
        at = next;
    }
    *found = c;
    return NQ_OK;
}

nq_status nqi_csv_row_read(nqi_csv *in, const nqi_csv_record *record)
{
    size_t found;
    if (!nqi_origin_add_line(in->origin, in->rows, record->line) ||
        (in->keep_text && !nqi_origin_add_text(in->origin, in->rows, record->text,
                                               (size_t)(record->end - record->text))))
        return nqi_fail_memory(in->input->context, "the text of a table", SIZE_MAX);
    const nq_status status = cells_read(in, record, &found);
    if (status)
        return status;
    if (found != in->width)
        return length_refuse(in, record, found);
    in->origin->rows = ++in->rows;
    return NQ_OK;
}
