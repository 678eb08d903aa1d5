/* dialect.c - how a text table writes its cells: separator, decimal, comments, missing. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/csv/dialect.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "core/context.h"
#include "io/text/number.h"

static const size_t texts[] = {offsetof(nq_read_options, header),
                               offsetof(nq_read_options, missing),
                               offsetof(nq_read_options, decimal),
                               offsetof(nq_read_options, separator),
                               offsetof(nq_read_options, comment)};
enum { TEXTS = sizeof texts / sizeof *texts };

static nq_status header_parse(nqi_header *out, nq_context *context, const char *text)
{
    *out = !strcmp(text, "yes")  ? NQI_HEADER_YES
           : !strcmp(text, "no") ? NQI_HEADER_NO
                                 : NQI_HEADER_FIND;
    if (*out != NQI_HEADER_FIND || !*text)
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "\036header \"%s\": expected yes or no", text);
}

static nq_status decimal_parse(char *out, nq_context *context, const char *text)
{
    *out = *text ? *text : '.';
    if (!*text || !strcmp(text, ".") || !strcmp(text, ","))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "\036decimal \"%s\": expected . or ,", text);
}

/* A character that can be no part of a number or a name. */
static int is_mark(char c)
{
    return c > ' ' && c < 0x7f && !strchr("\"'+-.", c) &&
           !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
}

static nq_status separator_parse(char *out, nq_context *context, const char *text)
{
    *out = NQI_CSV_UNKNOWN;
    if (!*text)
        return NQ_OK;
    if (!strcmp(text, "tab") || !strcmp(text, "\t") || !strcmp(text, "\\t"))
        *out = '\t';
    else if (!strcmp(text, "blank") || !strcmp(text, "space") || !strcmp(text, " "))
        *out = NQI_CSV_BLANKS;
    else if (is_mark(text[0]) && !text[1])
        *out = text[0];
    else
        return nqi_fail(
            context, NQ_ERROR_ARGUMENT,
            "\036separator \"%s\": expected one character such as , ; or |, or tab or "
            "blank",
            text);
    return NQ_OK;
}

static nq_status comment_parse(char *out, nq_context *context, const char *text)
{
    *out = '#';
    if (!*text)
        return NQ_OK;
    if (!strcmp(text, "none"))
        *out = '\0';
    else if (is_mark(text[0]) && !text[1])
        *out = text[0];
    else
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036comment \"%s\": expected one character such as # or %%, or none",
                        text);
    return NQ_OK;
}

/* Words between commas, without the blanks around them. */
static void missing_parse(nqi_csv_dialect *out, const char *text)
{
    char *to = out->words;
    while (*text) {
        const char *end = text + strcspn(text, ","), *last = end;
        while (text < last && *text == ' ')
            text++;
        while (text < last && last[-1] == ' ')
            last--;
        double value;
        if (text < last && nqi_number_read(&value, text, last) == last)
            out->numbers[out->number_count++] = value;
        if (text < last) {
            memcpy(to, text, (size_t)(last - text));
            to += last - text + 1;
        }
        text = end + (*end == ',');
    }
}

nq_status nqi_csv_dialect_make(nqi_csv_dialect *out, nq_context *context,
                               const nq_read_options *options)
{
    static const nq_read_options none;
    nq_status status;
    if (!options)
        options = &none;
    *out = (nqi_csv_dialect){0};
    for (int i = 0; i < TEXTS; i++)
        if (!memchr((const char *)options + texts[i], '\0', NQ_TEXT_SIZE))
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "an option of reading is a text without an end; expected at most %d "
                            "characters",
                            NQ_TEXT_SIZE - 1);
    if ((status = header_parse(&out->header, context, options->header)) ||
        (status = decimal_parse(&out->decimal, context, options->decimal)) ||
        (status = separator_parse(&out->separator, context, options->separator)) ||
        (status = comment_parse(&out->comment, context, options->comment)))
        return status;
    if (out->separator && out->separator == out->comment)
        return nqi_fail(
            context, NQ_ERROR_ARGUMENT,
            "\036separator and \036comment are both \"%c\"; expected two characters, or "
            "\036comment none",
            out->comment);
    missing_parse(out, options->missing);
    return NQ_OK;
}

static int is_word(const nqi_csv_field *field, const char *const *words)
{
    const size_t length = (size_t)(field->end - field->text);
    for (; *words; words++)
        if (strlen(*words) == length && !strncasecmp(*words, field->text, length))
            return 1;
    return 0;
}

/* As the option has it, letter for letter. */
static int is_own_word(const nqi_csv_dialect *dialect, const nqi_csv_field *field)
{
    const size_t length = (size_t)(field->end - field->text);
    for (const char *word = dialect->words; *word; word += strlen(word) + 1)
        if (strlen(word) == length && !memcmp(word, field->text, length))
            return 1;
    return 0;
}

/* Inside quotes white space is kept, line ends too; a number there is none the worse for it. */
nqi_csv_field nqi_csv_field_trim(nqi_csv_field field)
{
    while (field.text < field.end && (nqi_csv_is_blank(*field.text) || *field.text == '\n'))
        field.text++;
    while (field.text < field.end && (nqi_csv_is_blank(field.end[-1]) || field.end[-1] == '\n'))
        field.end--;
    return field;
}

/* A whole cell as a number; with decimal commas a point is no part of one. */
static int number_read(double *value, int *decimals, const nqi_csv_field *cell, char decimal)
{
    enum { LONGEST = 255 };
    const size_t length = (size_t)(cell->end - cell->text);
    if (decimal == '.')
        return length &&
               nqi_number_read_decimals(value, decimals, cell->text, cell->end) == cell->end;
    char copy[LONGEST];
    if (length == 0 || length > LONGEST || memchr(cell->text, '.', length))
        return 0;
    memcpy(copy, cell->text, length);
    char *comma = memchr(copy, ',', length);
    if (comma)
        *comma = '.';
    return nqi_number_read_decimals(value, decimals, copy, copy + length) == copy + length;
}

/* Whether a number stands for a missing cell. */
static int number_is_missing(const nqi_csv_dialect *dialect, double value)
{
    for (size_t i = 0; i < dialect->number_count; i++)
        if (dialect->numbers[i] == value)
            return 1;
    return 0;
}

nqi_cell nqi_csv_cell_read(double *value, const nqi_csv_dialect *dialect,
                           const nqi_csv_field *field)
{
    int decimals;
    return nqi_csv_cell_read_decimals(value, &decimals, dialect, field);
}

nqi_cell nqi_csv_cell_read_decimals(double *value, int *decimals, const nqi_csv_dialect *dialect,
                                    const nqi_csv_field *field)
{
    static const char *const missing[] = {"",     "na",       "n/a",  "nan",  "-nan",
                                          "+nan", "null",     "none", "<na>", "#n/a",
                                          "#na",  "#n/a n/a", "nat",  "?",    NULL};
    static const char *const dots[] = {".", "-", NULL};
    static const char *const infinite[] = {"inf",       "-inf",      "+inf", "infinity",
                                           "-infinity", "+infinity", NULL};
    const nqi_csv_field cell = field->quoted ? nqi_csv_field_trim(*field) : *field;
    const int is_number = number_read(value, decimals, &cell, dialect->decimal);
    if (is_number && !number_is_missing(dialect, *value))
        return isfinite(*value) ? NQI_CELL_NUMBER : NQI_CELL_INFINITE;
    *value = (double)NAN;
    if (is_number || is_word(&cell, missing) || is_own_word(dialect, &cell))
        return NQI_CELL_MISSING;
    if (is_word(&cell, dots))
        return NQI_CELL_DOT;
    return is_word(&cell, infinite) ? NQI_CELL_INFINITE : NQI_CELL_TEXT;
}

/* Fields of a record, and how many of them are numbers with whichever decimal, or missing. 0: this
 * is not how it is separated. */
static size_t fields_count(const nqi_csv_dialect *dialect, const nqi_csv_record *record,
                           char separator, size_t *numbers)
{
    nqi_csv_dialect comma = *dialect;
    size_t fields = 0;
    comma.decimal = ',';
    for (const char *at = record->text; at <= record->end; fields++) {
        nqi_csv_field field;
        double value;
        at = nqi_csv_field_next(&field, record, at, separator);
        if (!at)
            return 0;
        *numbers +=
            nqi_csv_cell_read(&value, dialect, &field) <= NQI_CELL_DOT ||
            (separator != ',' && nqi_csv_cell_read(&value, &comma, &field) == NQI_CELL_NUMBER);
    }
    return fields;
}

/* Of the candidates that cut every record into the same number of fields, more than one, the one
 * whose fields are numbers most often, the first among equals; else one that stands in the first
 * record. */
char nqi_csv_separator_find(const nqi_csv_dialect *dialect, const nqi_csv_record *records,
                            size_t count)
{
    static const char candidates[] = ";,\t|";
    char found = NQI_CSV_UNKNOWN;
    double most = -1;
    for (const char *candidate = candidates; *candidate; candidate++) {
        size_t numbers = 0, fields = 0, same = 1;
        if (*candidate == dialect->decimal)
            continue;
        for (size_t i = 0; i < count && same; i++) {
            const size_t here = fields_count(dialect, &records[i], *candidate, &numbers);
            same = here > 1 && (i == 0 || here == fields);
            fields = here;
        }
        const double part = same ? (double)numbers / (double)(fields * count) : -1;
        if (part > most) {
            most = part;
            found = *candidate;
        }
    }
    return found ? found : nqi_csv_separator_detect(&records[0], dialect->decimal);
}
