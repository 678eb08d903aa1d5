/* header.c - the first line of a text table: names, or a row, or nobody can tell. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text.h"
#include "io/csv/reading.h"

enum { RECORDS_SEEN = 50, COLUMNS_MOST = 1 << 22 };

/* What a column holds in the rows below the first line. */
enum {
    HAS_NUMBER = 1,
    HAS_FRACTION = 2,
    HAS_WHOLE = 4,
    HAS_MORE_THAN_BITS = 8,
    HAS_TEXT = 16,
    HAS_MISSING = 32,
    HAS_QUOTED_NUMBER = 64
};
/* Fewer rows of whole numbers than the first do not show that a line above is no row; fewer than
 * the second are seen at a glance. */
enum { ROWS_NAMED = 3, ROWS_TOLD = 10 };

/* A field of the first line. */
typedef struct first_cell {
    unsigned char kind; /* nqi_cell */
    unsigned char is_quoted, is_empty, is_digits;
    unsigned char below; /* HAS_... */
    double value;
} first_cell;

typedef struct first_line {
    first_cell *cells;  /* [width] */
    size_t width, rows; /* rows below that were looked at */
    size_t next_width;  /* fields of the record below; 0: none */
    int next_counts;    /* the row below counts on across: 3,4,5 */
    int index_counts;   /* column 1 below goes up by one from row to row */
} first_line;

/* Records that follow, as far as the buffer shows them, without comments. */
static int record_peek(const nqi_csv *in, size_t *at, nqi_csv_record *record)
{
    while (nqi_csv_record_peek(&in->records, at, record))
        if (!nqi_csv_is_comment(in, record))
            return 1;
    return 0;
}

static void separator_find(nqi_csv *in, const nqi_csv_record *record)
{
    nqi_csv_record records[RECORDS_SEEN] = {*record};
    size_t count = 1, at = in->records.begin;
    while (count < RECORDS_SEEN && record_peek(in, &at, &records[count]))
        count++;
    in->records.separator = nqi_csv_separator_find(&in->dialect, records, count);
}

static nq_status cells_count(nqi_csv *in, const nqi_csv_record *record)
{
    const char *at = record->text;
    nqi_csv_field field;
    in->first_line = record->line;
    for (in->width = 0; at <= record->end; in->width++) {
        at = nqi_csv_field_next(&field, record, at, in->records.separator);
        if (!at)
            return nqi_csv_refuse_quote(in, record->line, in->width);
        if (in->width == COLUMNS_MOST)
            return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                            "%s:%zu: more than %d fields; expected fewer columns",
                            in->input->path, record->line, COLUMNS_MOST);
    }
    return NQ_OK;
}

static int all_digits(const nqi_csv_field *field)
{
    const char *at = field->text, *end = field->end;
    while (at < end && nqi_csv_is_blank(*at))
        at++;
    while (at < end && nqi_csv_is_blank(end[-1]))
        end--;
    const char *first = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at == end && at > first && at - first < 16;
}

static void cells_look(const nqi_csv *in, first_line *line, const nqi_csv_record *record)
{
    const char *at = record->text;
    nqi_csv_field field;
    for (size_t c = 0; c < line->width; c++) {
        first_cell *cell = &line->cells[c];
        at = nqi_csv_field_next(&field, record, at, in->records.separator);
        cell->kind = (unsigned char)nqi_csv_cell_read(&cell->value, &in->dialect, &field);
        cell->is_quoted = field.quoted != 0;
        cell->is_empty = field.text == field.end;
        cell->is_digits = all_digits(&field) != 0;
    }
}

static unsigned cell_flags(nqi_cell kind, double value, int quoted)
{
    if (kind == NQI_CELL_TEXT || kind == NQI_CELL_INFINITE)
        return HAS_TEXT;
    if (kind != NQI_CELL_NUMBER)
        return HAS_MISSING;
    return HAS_NUMBER | (value == floor(value) ? HAS_WHOLE : HAS_FRACTION) |
           (value == 0 || value == 1 ? 0 : HAS_MORE_THAN_BITS) | (quoted ? HAS_QUOTED_NUMBER : 0);
}

/* One row below. *first: its number in column 1. */
static void row_look(const nqi_csv *in, first_line *line, const nqi_csv_record *record,
                     double *first)
{
    const char *at = record->text;
    size_t c = 0;
    int counts = line->width > 1;
    double before = 0;
    for (; at && at <= record->end; c++) {
        nqi_csv_field field;
        double value = NAN;
        at = nqi_csv_field_next(&field, record, at, in->records.separator);
        if (!at || c >= line->width)
            continue;
        const nqi_cell kind = nqi_csv_cell_read(&value, &in->dialect, &field);
        line->cells[c].below |= (unsigned char)cell_flags(kind, value, field.quoted);
        if (c == 0)
            *first = value;
        counts &= all_digits(&field) && (c == 0 || value == before + 1);
        before = value;
    }
    if (line->rows == 0) {
        line->next_width = c;
        line->next_counts = counts;
    }
}

static void rows_look(const nqi_csv *in, first_line *line)
{
    size_t at = in->records.begin;
    nqi_csv_record record;
    double before = NAN;
    line->index_counts = 1;
    while (line->rows < RECORDS_SEEN && record_peek(in, &at, &record)) {
        double first = NAN;
        row_look(in, line, &record, &first);
        if (line->rows == 0)
            line->index_counts = first == floor(first);
        else
            line->index_counts &= first == before + 1;
        before = first;
        line->rows++;
    }
    line->index_counts &= line->rows > 0;
}

/* Flags that any column from `first` on has below. */
static unsigned any_below(const first_line *line, size_t first)
{
    unsigned flags = 0;
    for (size_t c = first; c < line->width; c++)
        flags |= line->cells[c].below;
    return flags;
}

/* Whether the first line counts a, a + 1, ... in digits from column `first` on. */
static int counts_across(const first_line *line, size_t first)
{
    for (size_t c = first; c < line->width; c++)
        if (!line->cells[c].is_digits ||
            (c > first && line->cells[c].value != line->cells[c - 1].value + 1))
            return 0;
    return first < line->width;
}

typedef enum verdict { IS_ROW, IS_ROW_TOLD, IS_NAMES, IS_NAMES_TOLD, IS_MIXED } verdict;

/* A first line of numbers and missing cells: names only where it counts and the rows do not. */
static verdict numbers_judge(const nqi_csv *in, const first_line *line)
{
    const size_t first = line->cells[0].is_empty && line->width > 1;
    const size_t count = line->width - first;
    const unsigned below = any_below(line, first), index = line->cells[0].below;
    if (!counts_across(line, first) || line->rows == 0 || line->next_counts)
        return IS_ROW;
    const double start = line->cells[first].value;
    const int from_start = start == 0 || start == 1;
    if (first) /* an index stands below the empty cell: 0, 1, 2, ... or words, never a gap */
        return line->index_counts || (index == HAS_TEXT && from_start) ||
                       (from_start && count > 1 && !(index & (HAS_MISSING | HAS_FRACTION)))
                   ? IS_NAMES_TOLD
                   : IS_ROW;
    if (count > 2 && (below & HAS_FRACTION))
        return IS_NAMES_TOLD;
    if (count > 2 && from_start)
        return line->rows < ROWS_NAMED ? IS_ROW_TOLD : IS_NAMES_TOLD;
    if (line->rows < ROWS_TOLD)
        return IS_ROW;
    if (count == 2 && from_start && (below & HAS_MORE_THAN_BITS))
        return (below & HAS_FRACTION) && in->records.separator != NQI_CSV_BLANKS ? IS_NAMES_TOLD
                                                                                 : IS_ROW_TOLD;
    return count == 1 && start == 0 && (below & HAS_FRACTION) && !(below & HAS_WHOLE)
               ? IS_ROW_TOLD
               : IS_ROW;
}

/* Every cell in quotes, above numbers without: a header as many programs write it. */
static int is_quoted_header(const first_line *line)
{
    for (size_t c = 0; c < line->width; c++)
        if (!line->cells[c].is_quoted)
            return 0;
    return (any_below(line, 0) & (HAS_NUMBER | HAS_QUOTED_NUMBER)) == HAS_NUMBER;
}

static verdict line_judge(const nqi_csv *in, const first_line *line)
{
    size_t numbers = 0, words = 0, missing = 0, above_numbers = 0;
    for (size_t c = 0; c < line->width; c++) {
        const first_cell *cell = &line->cells[c];
        numbers += cell->kind == NQI_CELL_NUMBER || cell->kind == NQI_CELL_INFINITE;
        missing +=
            (cell->kind == NQI_CELL_MISSING || cell->kind == NQI_CELL_DOT) && !cell->is_empty;
        words += cell->kind == NQI_CELL_TEXT;
        above_numbers += cell->kind == NQI_CELL_TEXT && (cell->below & HAS_NUMBER);
    }
    if (numbers && is_quoted_header(line))
        return words ? IS_NAMES : IS_NAMES_TOLD;
    if (!words)
        return numbers_judge(in, line);
    return numbers || (missing && !above_numbers) ? IS_MIXED : IS_NAMES;
}

static nq_status mixed_refuse(const nqi_csv *in, const first_line *line,
                              const nqi_csv_record *record)
{
    char label[NQI_LABEL], word[NQI_SHOWN] = "", number[NQI_SHOWN] = "", missing[96] = "";
    size_t word_at = 0, number_at = 0;
    const char *at = record->text;
    nqi_csv_field field;
    for (size_t c = 0; c < line->width; c++) {
        const int is_word = line->cells[c].kind == NQI_CELL_TEXT;
        at = nqi_csv_field_next(&field, record, at, in->records.separator);
        if (line->cells[c].is_empty || (is_word ? *word : *number))
            continue;
        nqi_text_show(is_word ? word : number, field.text, (size_t)(field.end - field.text));
        *(is_word ? &word_at : &number_at) = c;
    }
    if (!strpbrk(word, "\", "))
        snprintf(missing, sizeof missing, " (with \036missing=%s where that is a missing cell)",
                 word);
    return nqi_fail(in->input->context, NQ_ERROR_FORMAT,
                    "%s:%zu: %s is text, \"%s\", but column %zu is \"%s\": expected names or a "
                    "row of numbers; \036header yes reads the line as names, \036header no as a "
                    "row%s",
                    in->input->path, record->line, nqi_column_label(label, word_at, NULL), word,
                    number_at + 1, number, missing);
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

/* The record's fields become the names of columns `first`.. */
static nq_status names_read(nqi_csv *in, const nqi_csv_record *record, size_t first)
{
    nq_context *context = in->input->context;
    const char *at = record->text;
    in->origin->has_names = 1;
    for (size_t c = 0; c < in->width; c++) {
        nqi_csv_field field = {"", "", 0};
        if (c >= first)
            at = nqi_csv_field_next(&field, record, at, in->records.separator);
        char *name = name_copy(&field);
        if (!name)
            return nqi_fail_memory(context, "column names", in->width);
        in->origin->column[c].name = name;
        if (!name_is_text(name))
            return nqi_fail(context, NQ_ERROR_FORMAT,
                            "%s:%zu: column %zu: expected numbers or column names as UTF-8 "
                            "text, found other bytes",
                            in->input->path, record->line, c + 1);
    }
    return NQ_OK;
}

/* Fields of a comment, all of them words and text; 0: they are none. */
static size_t comment_fields(const nqi_csv *in, const nqi_csv_record *record, char separator)
{
    size_t count = 0;
    for (const char *at = record->text; at <= record->end; count++) {
        nqi_csv_field field;
        double value;
        at = nqi_csv_field_next(&field, record, at, separator);
        if (!at || nqi_csv_cell_read(&value, &in->dialect, &field) == NQI_CELL_NUMBER ||
            field.text == field.end)
            return 0;
    }
    return count;
}

/* Whether a comment has the fields of a row, and numbers among them. */
static int is_like_row(const nqi_csv *in, const nqi_csv_record *record)
{
    size_t count = 0, numbers = 0;
    for (const char *at = record->text; at && at <= record->end; count++) {
        nqi_csv_field field;
        double value;
        at = nqi_csv_field_next(&field, record, at, in->records.separator);
        numbers += nqi_csv_cell_read(&value, &in->dialect, &field) == NQI_CELL_NUMBER;
    }
    return numbers && count == in->width;
}

/* A comment right above the rows that has as many words as they have fields, as numpy.savetxt
 * writes its header. */
static nq_status comment_names(nqi_csv *in)
{
    const char separators[] = {in->records.separator, ',', ';', '\t', NQI_CSV_BLANKS};
    const char table_separator = in->records.separator;
    if (!in->comment || in->width < 2)
        return NQ_OK;
    nqi_csv_record record = {in->comment, in->comment + strlen(in->comment), in->comment_line, 0};
    if (is_like_row(in, &record))
        return nqi_notes_add(&in->notes, in->input->context,
                             "%s: line %zu begins with %c and is left out as a comment "
                             "(\036comment none reads it)",
                             in->input->path, in->comment_line, in->dialect.comment);
    while (record.text < record.end &&
           (*record.text == in->dialect.comment || nqi_csv_is_blank(*record.text)))
        record.text++;
    if (nqi_text_utf8_prefix(record.text, strlen(record.text)) != strlen(record.text))
        return NQ_OK;
    /* "a, b, c" above columns of blanks: the commas are no part of the names. */
    const size_t begin = table_separator == NQI_CSV_BLANKS;
    for (size_t i = begin; i < sizeof separators; i++) {
        if (comment_fields(in, &record, separators[i]) != in->width)
            continue;
        in->records.separator = separators[i];
        const nq_status status = names_read(in, &record, 0);
        in->records.separator = table_separator;
        return status ? status
                      : nqi_notes_add(&in->notes, in->input->context,
                                      "%s: the columns are named by the comment in line %zu "
                                      "(\036header no: no names)",
                                      in->input->path, in->comment_line);
    }
    return NQ_OK;
}

/* A header of one name less than the rows have fields, as R writes it: the first column has none.
 */
static size_t names_missing(const first_line *line)
{
    return line->next_width == line->width + 1;
}

static nq_status columns_make(nqi_csv *in, size_t count)
{
    in->width = count;
    in->origin->column = calloc(count, sizeof *in->origin->column);
    if (!in->origin->column)
        return nqi_fail_memory(in->input->context, "columns", count * sizeof *in->origin->column);
    in->column = calloc(count, sizeof *in->column);
    if (!in->column)
        return nqi_fail_memory(in->input->context, "columns", count * sizeof *in->column);
    in->origin->columns = count;
    in->origin->separator = in->records.separator;
    in->origin->decimal = in->dialect.decimal;
    return NQ_OK;
}

/* Says how a line of numbers was read, and what undoes it. */
static nq_status verdict_tell(nqi_csv *in, const first_line *line, verdict v)
{
    if (v == IS_NAMES_TOLD)
        return nqi_notes_add(
            &in->notes, in->input->context,
            "%s: line %zu (%s%.17g%s) was read as the columns' names; \036header "
            "no reads it as a row",
            in->input->path, in->first_line, line->cells[0].is_empty ? "," : "",
            line->cells[line->cells[0].is_empty ? 1 : 0].value, line->width > 1 ? ",..." : "");
    if (v == IS_ROW_TOLD)
        return nqi_notes_add(
            &in->notes, in->input->context,
            "%s: line %zu (%.17g%s) was read as a row; \036header yes reads it as "
            "the columns' names",
            in->input->path, in->first_line, line->cells[0].value, line->width > 1 ? ",..." : "");
    return NQ_OK;
}

nq_status nqi_csv_header_read(nqi_csv *in, const nqi_csv_record *record, int *is_row)
{
    first_line line = {0};
    nq_status status;
    if (!in->records.separator)
        separator_find(in, record);
    if ((status = cells_count(in, record)))
        return status;
    line.width = in->width;
    line.cells = calloc(in->width, sizeof *line.cells);
    if (!line.cells)
        return nqi_fail_memory(in->input->context, "a line of text",
                               in->width * sizeof *line.cells);
    cells_look(in, &line, record);
    rows_look(in, &line);
    verdict v = in->dialect.header == NQI_HEADER_YES  ? IS_NAMES
                : in->dialect.header == NQI_HEADER_NO ? IS_ROW
                                                      : line_judge(in, &line);
    *is_row = v == IS_ROW || v == IS_ROW_TOLD;
    const size_t unnamed = v == IS_NAMES ? names_missing(&line) : 0;
    if (v == IS_MIXED)
        status = mixed_refuse(in, &line, record);
    else if (!(status = columns_make(in, in->width + unnamed)) &&
             !(status = verdict_tell(in, &line, v)))
        status = !*is_row                              ? names_read(in, record, unnamed)
                 : in->dialect.header != NQI_HEADER_NO ? comment_names(in)
                                                       : NQ_OK;
    if (!status && in->keep_text && !*is_row && !unnamed &&
        !(in->origin->header = strndup(record->text, (size_t)(record->end - record->text))))
        status = nqi_fail_memory(in->input->context, "column names", in->width);
    if (!status && record->end < in->records.buffer + in->records.end)
        in->origin->has_crlf = *record->end == '\r';
    free(line.cells);
    return status;
}
