/* record.c - text cut into records and fields, in one pass over a sliding buffer. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/csv/record.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/file/foreign.h"

/* Bytes. A longer line is no table, but perhaps a small file that unpacks without end. */
enum { FIRST_CAPACITY = 1 << 18, LINE_MOST = 1 << 26 };

static int is_utf16(const nqi_input *input)
{
    const unsigned char *head = input->head;
    return input->head_size >= 2 &&
           ((head[0] == 0xff && head[1] == 0xfe) || (head[0] == 0xfe && head[1] == 0xff));
}

nq_status nqi_csv_records_open(nqi_csv_records *out, nqi_input *input, char separator,
                               char comment)
{
    *out = (nqi_csv_records){.input = input,
                             .separator = separator,
                             .comment = comment,
                             .line = 1,
                             .capacity = FIRST_CAPACITY};
    if (is_utf16(input))
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s: the text is UTF-16; save it as UTF-8", input->path);
    if (input->head_size >= 3 && !memcmp(input->head, "\xef\xbb\xbf", 3))
        input->head_used = 3;
    out->buffer = malloc(out->capacity + 1);
    if (!out->buffer)
        return nqi_fail_memory(input->context, "a text buffer", out->capacity);
    return NQ_OK;
}

void nqi_csv_records_close(nqi_csv_records *records)
{
    free(records->buffer);
    records->buffer = NULL;
}

/* Makes room, keeps the unread text and reads behind it. */
static nq_status buffer_fill(nqi_csv_records *records)
{
    nqi_input *input = records->input;
    const size_t kept = records->end - records->begin;
    if (records->begin > 0)
        memmove(records->buffer, records->buffer + records->begin, kept);
    records->begin = 0;
    records->end = kept;
    if (kept >= LINE_MOST)
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s:%zu: the line is longer than %d MiB; expected rows of numbers",
                        input->path, records->line, LINE_MOST >> 20);
    if (kept > records->capacity / 2) {
        char *grown = realloc(records->buffer, 2 * records->capacity + 1);
        if (!grown)
            return nqi_fail_memory(input->context, "a line of text", 2 * records->capacity);
        records->buffer = grown;
        records->capacity *= 2;
    }
    char *fresh = records->buffer + kept;
    const size_t room = records->capacity - kept;
    size_t got;
    const nq_status status = nqi_input_get(input, fresh, room, &got);
    if (status)
        return status;
    if (memchr(fresh, '\0', got))
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s: after line %zu: a byte 0 where numbers as text were expected; "
                        "this is no text file",
                        input->path, records->line);
    records->at_end = got < room;
    records->end += got;
    return NQ_OK;
}

static int is_separator(char c, char separator)
{
    if (separator == NQI_CSV_UNKNOWN)
        return c == ',' || c == ';' || c == '|' || nqi_csv_is_blank(c);
    return c == separator || (separator == NQI_CSV_BLANKS && c == '\t');
}

/* Passes over [at, end) with an eye on quotes, which count where a field begins. Returns the line
 * end outside quotes, or NULL; *open tells whether a quote is open there. */
static const char *quoted_line_end(const char *at, const char *end, char separator, int *open)
{
    int is_begin = 1;
    *open = 0;
    for (; at < end; at++) {
        if (*open) {
            *open = *at != '"';
            is_begin = !*open; /* a doubled quote opens again */
        } else if (*at == '\n') {
            return at;
        } else if (*at == '"' && is_begin) {
            *open = 1;
        } else {
            is_begin = is_separator(*at, separator) || (is_begin && nqi_csv_is_blank(*at));
        }
    }
    return NULL;
}

/* Whether the first character that is no blank begins a comment. */
static int is_comment(const nqi_csv_records *records, const char *at, const char *end)
{
    if (!records->comment)
        return 0;
    while (at < end && nqi_csv_is_blank(*at))
        at++;
    return at < end && *at == records->comment;
}

/* The end of the record at `at`: a newline, or the end of the file. NULL: not in the buffer. */
static const char *record_end(const nqi_csv_records *records, const char *at, int *open)
{
    const char *end = records->buffer + records->end;
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    *open = 0;
    if (memchr(at, '"', (size_t)((line_end ? line_end : end) - at)) &&
        !is_comment(records, at, end))
        line_end = quoted_line_end(at, end, records->separator, open);
    if (!line_end && records->at_end)
        line_end = end;
    return line_end;
}

/* Cuts white space off both ends, but not tabs that may separate empty fields. Returns 0 for a
 * blank record. */
static int record_trim(nqi_csv_record *record, char separator)
{
    const char *first = record->text, *last = record->end;
    while (first < last && nqi_csv_is_blank(*first))
        first++;
    if (first == last)
        return 0;
    const char tab = separator == NQI_CSV_BLANKS ? '\0' : '\t';
    while (nqi_csv_is_blank(*record->text) && *record->text != tab)
        record->text++;
    while (nqi_csv_is_blank(record->end[-1]) && record->end[-1] != tab)
        record->end--;
    return 1;
}

static size_t count_lines(const char *at, const char *end)
{
    size_t lines = 0;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        lines++;
        at++;
    }
    return lines;
}

nq_status nqi_csv_record_next(nqi_csv_records *records, nqi_csv_record *out)
{
    int open = 0;
    for (;;) {
        const char *at = records->buffer + records->begin;
        const char *end = records->begin < records->end || records->at_end
                              ? record_end(records, at, &open)
                              : NULL;
        if (!end) {
            const nq_status status = buffer_fill(records);
            if (status)
                return status;
            continue;
        }
        if (open)
            return nqi_fail(records->input->context, NQ_ERROR_FORMAT,
                            "%s:%zu: a quote opens on this line and is never closed",
                            records->input->path, records->line);
        *out = (nqi_csv_record){at, end, records->line, 0};
        if (records->begin == records->end) {
            out->text = NULL;
            return NQ_OK;
        }
        records->line += 1 + count_lines(at, end);
        records->begin = (size_t)(end - records->buffer) + (end < records->buffer + records->end);
        if (record_trim(out, records->separator)) {
            out->is_comment = is_comment(records, out->text, out->end);
            return NQ_OK;
        }
    }
}

int nqi_csv_record_peek(const nqi_csv_records *records, size_t *at, nqi_csv_record *out)
{
    int open;
    while (*at < records->end) {
        const char *text = records->buffer + *at;
        const char *end = record_end(records, text, &open);
        if (!end || open)
            return 0;
        *out = (nqi_csv_record){text, end, 0, 0};
        *at = (size_t)(end - records->buffer) + 1;
        if (record_trim(out, records->separator)) {
            out->is_comment = is_comment(records, out->text, out->end);
            return 1;
        }
    }
    return 0;
}

char nqi_csv_separator_detect(const nqi_csv_record *record, char decimal)
{
    static const char candidates[] = ";,\t|";
    int found[sizeof candidates] = {0}, is_begin = 1, open = 0;
    for (const char *at = record->text; at < record->end; at++) {
        if (open) {
            open = *at != '"';
            is_begin = !open;
        } else if (*at == '"' && is_begin) {
            open = 1;
        } else {
            const char *candidate = strchr(candidates, *at);
            if (candidate)
                found[candidate - candidates] = 1;
            is_begin = is_separator(*at, NQI_CSV_UNKNOWN);
        }
    }
    for (size_t i = 0; candidates[i]; i++)
        if (found[i] && candidates[i] != decimal)
            return candidates[i];
    return NQI_CSV_BLANKS;
}

static const char *blanks_skip(const char *at, const char *end, char separator)
{
    while (at < end && nqi_csv_is_blank(*at) && *at != separator)
        at++;
    return at;
}

/* After a field: to the next one. Runs of blanks are one separator, and so skipped. */
static const char *separator_skip(const char *at, const char *end, char separator)
{
    if (separator == NQI_CSV_BLANKS) {
        const char *next = at;
        while (next < end && nqi_csv_is_blank(*next))
            next++;
        return next < end ? (next > at ? next : NULL) : end + 1;
    }
    at = blanks_skip(at, end, separator);
    return at == end || *at == separator ? at + 1 : NULL;
}

static const char *quoted_field(nqi_csv_field *out, const char *at, const char *end,
                                char separator)
{
    out->quoted = 1;
    out->text = ++at;
    while (at < end && (*at != '"' || (at + 1 < end && at[1] == '"')))
        at += *at == '"' ? 2 : 1;
    out->end = at;
    return at < end ? separator_skip(at + 1, end, separator) : NULL;
}

const char *nqi_csv_field_next(nqi_csv_field *out, const nqi_csv_record *record, const char *at,
                               char separator)
{
    const char *end = record->end;
    at = blanks_skip(at, end, separator);
    *out = (nqi_csv_field){at, at, 0};
    if (at < end && *at == '"')
        return quoted_field(out, at, end, separator);
    while (at < end && !is_separator(*at, separator))
        at++;
    out->end = at;
    while (out->end > out->text && nqi_csv_is_blank(out->end[-1]))
        out->end--;
    return separator_skip(at, end, separator);
}

/* Byte order marks, gzip, arrays and pictures (PNM: P3, P5, ...): in UTF-8 a letter begins with a
 * byte of c2 to ee, but for a few rare ones that quotes do not harm. */
static int begins_like_another(const char *text, size_t length)
{
    const unsigned char first = (unsigned char)*text;
    return first < ' ' || (first >= 0x7f && first < 0xc2) || first >= 0xef ||
           (length >= 2 && first == 'P' && text[1] >= '1' && text[1] <= '7' &&
            (length == 2 || text[2] == '#' || nqi_csv_is_blank(text[2]))) ||
           nqi_foreign_advice(text, length);
}

/* A quote behind what may separate cells: it opens one while the separator is being found out. */
static int has_opening_quote(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '"' && (!i || is_separator(text[i - 1], NQI_CSV_UNKNOWN)))
            return 1;
    return 0;
}

int nqi_csv_needs_quotes(const char *text, size_t length)
{
    return length &&
           (*text == '#' || has_opening_quote(text, length) || memchr(text, '\n', length) ||
            memchr(text, '\r', length) || nqi_csv_is_blank(text[0]) ||
            nqi_csv_is_blank(text[length - 1]) || begins_like_another(text, length));
}
