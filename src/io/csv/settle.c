/* settle.c - when all rows are read: which columns are numbers, dates or text, and their cells as
 * values or as the numbers of texts. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "io/csv/reading.h"
#include "io/csv/settle.h"

/* Among numbers, fewer texts than this and than 1 % of rows are slips. Numbers of at most so many
 * values are codes that may stand among texts where they are whole or repeat; and so are any where
 * many texts differ. */
enum { TEXTS_SEVERAL = 20, PERCENT = 100, CODES_MOST = 100, TEXTS_DIFFER = 20, TWENTIETH = 20 };

void nqi_csv_tally_make(nqi_csv_tally *out, const nqi_words *words)
{
    *out = (nqi_csv_tally){0};
    for (uint32_t i = 0; i < words->count; i++) {
        const nqi_word *word = &words->list[i];
        out->rows[word->kind] += word->rows;
        out->words[word->kind]++;
    }
}

/* Decimals of the numbers among the words. */
static void decimals_find(nqi_csv_column *column)
{
    column->most = 0;
    column->least = INT_MAX;
    for (uint32_t i = 0; i < column->words.count; i++) {
        const nqi_word *word = &column->words.list[i];
        if (word->kind != NQI_CELL_NUMBER)
            continue;
        if (word->decimals < 0 || column->most < 0)
            column->most = -1;
        else if (word->decimals > column->most)
            column->most = word->decimals;
        if (word->decimals >= 0 && word->decimals < column->least)
            column->least = word->decimals;
    }
}

/* What a column told to be dates, or else one of numbers, may hold. */
static int is_fitting(const nqi_word *word, nqi_type told)
{
    return word->kind == NQI_CELL_MISSING ||
           (told == NQI_TYPE_DATE ? word->kind == NQI_CELL_TEXT && !isnan(word->value)
                                  : word->kind == NQI_CELL_NUMBER);
}

/* The words that are no numbers, in their order, as cells that do not fit. */
static nq_status texts_note(nqi_csv *in, size_t c)
{
    nqi_csv_column *column = &in->column[c];
    nqi_file_column *about = &in->origin->column[c];
    nq_status status = NQ_OK;
    for (uint32_t i = 0; i < column->words.count && !status; i++) {
        const nqi_word *word = &column->words.list[i];
        if (is_fitting(word, about->told))
            continue;
        status =
            nqi_csv_cell_note(in, nqi_origin_line(in->origin, word->row), c, (nqi_cell)word->kind,
                              nqi_words_text(&column->words, i), word->length);
        about->bad_count += word->rows - 1;
        column->text_rows += word->kind == NQI_CELL_DOT ? 0 : word->rows;
    }
    return status;
}

nq_status nqi_csv_words_end(nqi_csv *in, size_t c, nqi_csv_mode mode)
{
    nqi_csv_column *column = &in->column[c];
    nq_status status = texts_note(in, c);
    if (!status && mode == NQI_CSV_NUMBERS)
        status = nqi_csv_digits_tell(in, c);
    const int are_values = mode == NQI_CSV_NUMBERS || mode == NQI_CSV_DATES;
    decimals_find(column);
    if (mode == NQI_CSV_DATES)
        column->text_rows = 0;
    for (size_t r = 0; r <= in->rows; r++) {
        double *cell = &in->cells[r * in->width + c];
        *cell = are_values ? column->words.list[(uint32_t)*cell].value : (double)NAN;
    }
    nqi_words_free(&column->words);
    column->mode = mode;
    return status;
}

/* Digits with commas among them, or where the decimal is a comma with one point: numbers written in
 * another way. */
static int is_number_of_others(const char *text, size_t length, char decimal)
{
    const char mark = decimal == '.' ? ',' : '.';
    size_t marks = 0;
    for (size_t k = 0; k < length; k++) {
        marks += text[k] == mark;
        if (text[k] != mark && (text[k] < '0' || text[k] > '9') && (k || text[k] != '-'))
            return 0;
    }
    return mark == ',' ? marks > 0 : marks == 1;
}

static int are_numbers_of_others(const nqi_words *words, char decimal)
{
    for (uint32_t i = 0; i < words->count; i++)
        if (words->list[i].kind == NQI_CELL_TEXT &&
            !is_number_of_others(nqi_words_text(words, i), words->list[i].length, decimal))
            return 0;
    return 1;
}

static int are_codes(const nqi_words *words, const nqi_csv_tally *t)
{
    const size_t numbers = t->words[NQI_CELL_NUMBER];
    int are_whole = 1;
    for (uint32_t i = 0; i < words->count && numbers <= CODES_MOST; i++)
        if (words->list[i].kind == NQI_CELL_NUMBER)
            are_whole &= words->list[i].value == floor(words->list[i].value);
    return numbers <= CODES_MOST && (are_whole || 2 * numbers <= t->rows[NQI_CELL_NUMBER]);
}

/* Whether texts among numbers are no slips, so that the numbers are texts too. */
static int is_mixture(const nqi_words *words, const nqi_csv_tally *t, size_t rows)
{
    const size_t texts = t->rows[NQI_CELL_TEXT];
    if (texts < 2 || (texts < TEXTS_SEVERAL && texts < rows / PERCENT))
        return 0;
    return are_codes(words, t) ||
           (texts >= rows / TWENTIETH && t->words[NQI_CELL_TEXT] > TEXTS_DIFFER);
}

/* Numbers that are written in one way each, so that the number says what the text was. */
static int are_plain(const nqi_csv_column *column)
{
    for (uint32_t i = 0; i < column->words.count; i++) {
        const nqi_word *word = &column->words.list[i];
        const char *text = nqi_words_text(&column->words, i);
        if (word->kind != NQI_CELL_NUMBER)
            continue;
        text += *text == '-';
        if (word->decimals != 0 || (*text == '0' && word->length > 1) || *text < '0' ||
            *text > '9' || memchr(text, 'e', word->length) || memchr(text, 'E', word->length) ||
            memchr(text, '.', word->length) || fabs(word->value) >= 0x1p53)
            return 0;
    }
    return 1;
}

static nqi_csv_fate words_judge(const nqi_csv *in, size_t c)
{
    const nqi_csv_column *column = &in->column[c];
    const nqi_type told = in->origin->column[c].told;
    nqi_csv_tally t;
    nqi_csv_tally_make(&t, &column->words);
    const size_t texts = t.rows[NQI_CELL_TEXT], others = texts + t.rows[NQI_CELL_INFINITE];
    const size_t numbers = t.rows[NQI_CELL_NUMBER];
    if (told == NQI_TYPE_DATE)
        return texts && !column->is_other ? NQI_CSV_IS_DATES : NQI_CSV_IS_BAD;
    if (told == NQI_TYPE_CATEGORY)
        return numbers && !others && are_plain(column) ? NQI_CSV_IS_NUMBERS : NQI_CSV_IS_TEXT;
    if (!others)
        return numbers || !t.rows[NQI_CELL_DOT] ? NQI_CSV_IS_NUMBERS : NQI_CSV_IS_TEXT;
    if (!texts || told == NQI_TYPE_REAL || told == NQI_TYPE_WHOLE || told == NQI_TYPE_SPIKED)
        return NQI_CSV_IS_BAD;
    if (!column->is_other)
        return NQI_CSV_IS_DATES;
    if (are_numbers_of_others(&column->words, in->dialect.decimal))
        return NQI_CSV_IS_BAD;
    return !numbers || in->for_model || is_mixture(&column->words, &t, in->rows) ? NQI_CSV_IS_TEXT
                                                                                 : NQI_CSV_IS_BAD;
}

static nqi_csv_fate column_judge(const nqi_csv *in, size_t c)
{
    const nqi_csv_column *column = &in->column[c];
    const nqi_type told = in->origin->column[c].told;
    switch (column->mode) {
    case NQI_CSV_NUMBERS:
        return column->text_rows ? NQI_CSV_IS_BAD : NQI_CSV_IS_NUMBERS;
    case NQI_CSV_DATES:
        return !column->text_rows      ? NQI_CSV_IS_DATES
               : told == NQI_TYPE_DATE ? NQI_CSV_IS_BAD
                                       : NQI_CSV_IS_LOST;
    case NQI_CSV_LOST:
        return NQI_CSV_IS_LOST;
    case NQI_CSV_UNREAD:
        return NQI_CSV_IS_NUMBERS;
    case NQI_CSV_WORDS:
        break;
    }
    return words_judge(in, c);
}

/* What the numbers of words become: map[word]; NULL: no memory. */
static double *values_make(const nqi_csv_column *column, nqi_csv_fate fate)
{
    const nqi_words *words = &column->words;
    double *map = malloc((words->count + (size_t)1) * sizeof *map), code = 0;
    for (uint32_t i = 0; map && i < words->count; i++) {
        if (fate != NQI_CSV_IS_TEXT)
            map[i] = words->list[i].value;
        else
            map[i] = words->list[i].kind == NQI_CELL_MISSING ? (double)NAN : code++;
    }
    return map;
}

static void precision_keep(nqi_csv *in, size_t c, nqi_csv_fate fate)
{
    nqi_csv_column *column = &in->column[c];
    nqi_file_column *about = &in->origin->column[c];
    if (fate == NQI_CSV_IS_DATES)
        about->date = column->date;
    if (fate != NQI_CSV_IS_NUMBERS || column->mode == NQI_CSV_UNREAD)
        return;
    if (column->mode == NQI_CSV_WORDS)
        decimals_find(column);
    about->has_precision = column->least <= column->most;
    about->precision = about->has_precision ? column->most : 0;
    about->precision_least = about->has_precision ? column->least : 0;
}

static nq_status column_settle(nqi_csv *in, double **map, size_t c)
{
    nqi_csv_column *column = &in->column[c];
    nqi_csv_fate fate = column_judge(in, c);
    nq_status status = NQ_OK;
    if (column->mode == NQI_CSV_WORDS)
        status = texts_note(in, c);
    if (!status)
        status = nqi_csv_text_keep(in, c, &fate);
    if (!status && fate == NQI_CSV_IS_NUMBERS && column->mode == NQI_CSV_WORDS)
        status = nqi_csv_digits_tell(in, c);
    if (status)
        return status;
    precision_keep(in, c, fate);
    if (column->mode != NQI_CSV_WORDS || fate == NQI_CSV_IS_BAD || fate == NQI_CSV_IS_LOST)
        return NQ_OK;
    *map = values_make(column, fate);
    return *map ? NQ_OK : nqi_fail_memory(in->input->context, "a column", column->words.count);
}

nq_status nqi_csv_settle(nqi_csv *in)
{
    double **maps = calloc(in->width, sizeof *maps);
    nq_status status = maps ? NQ_OK : nqi_fail_memory(in->input->context, "columns", in->width);
    for (size_t c = 0; c < in->width && !status; c++) {
        status = column_settle(in, &maps[c], c);
        nqi_words_free(&in->column[c].words);
    }
    for (size_t r = 0; r < in->rows && !status; r++) {
        status = r % NQI_TELL_ROWS ? NQ_OK : nqi_tell_again(in->input->context);
        double *row = in->cells + r * in->width;
        for (size_t c = 0; c < in->width; c++)
            if (maps[c])
                row[c] = maps[c][(uint32_t)row[c]];
    }
    for (size_t c = 0; maps && c < in->width; c++)
        free(maps[c]);
    free(maps);
    return status;
}
