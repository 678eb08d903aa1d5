/* write.c - rows as text: commas or tabs between cells, names in quotes where they need them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/text.h"
#include "io/csv/csv.h"
#include "io/csv/record.h"

/* In quotes, with those inside doubled. */
static nq_status quoted_put(nqi_row_file *rows, const char *text, size_t length)
{
    nq_status status = nqi_row_file_add(rows, "\"", 1);
    for (size_t i = 0; i < length && !status; i++)
        status = text[i] == '"' ? nqi_row_file_add(rows, "\"\"", 2)
                                : nqi_row_file_add(rows, text + i, 1);
    return status ? status : nqi_row_file_add(rows, "\"", 1);
}

/* Quotes a name where reading it back needs them. */
static nq_status name_put(nqi_row_file *rows, const char *name)
{
    const size_t length = strlen(name);
    const int is_line = rows->dim == 1 && length == 0; /* which would be a blank one */
    if (!is_line && !strpbrk(name, " \",;|\t\v\f") && !nqi_csv_needs_quotes(name, length))
        return nqi_row_file_add(rows, name, length);
    return quoted_put(rows, name, length);
}

/* A cell alone in its line must not look like two; blanks separate nothing beside other marks. */
static int has_mark(const nqi_row_file *rows, const char *text, size_t length)
{
    const char *marks = rows->dim == 1 ? " \",;|\t\v\f" : "\",;|\t\v\f";
    for (size_t i = 0; i < length; i++)
        if (strchr(marks, text[i]))
            return 1;
    return 0;
}

static nq_status text_put(nqi_row_file *rows, size_t column, double value)
{
    size_t length;
    const char *text = rows->cell(rows->cells, column, value, &length);
    if (length == 0 && (rows->dim == 1 || rows->separator == '\t'))
        return nqi_row_file_add(rows, "NA", 2); /* a row must not look like a blank line */
    return has_mark(rows, text, length) || nqi_csv_needs_quotes(text, length)
               ? quoted_put(rows, text, length)
               : nqi_row_file_add(rows, text, length);
}

static nq_status texts_put(nqi_row_file *rows, const double *values)
{
    nq_status status = NQ_OK;
    for (size_t c = 0; c < rows->dim && !status; c++) {
        status = text_put(rows, c, values[c]);
        if (!status)
            status = nqi_row_file_add(rows, c + 1 < rows->dim ? &rows->separator : "\n", 1);
    }
    return status;
}

nq_status nqi_csv_rows_begin(nqi_row_file *rows)
{
    nq_status status = NQ_OK;
    for (size_t c = 0; rows->names && c < rows->dim && !status; c++) {
        status = name_put(rows, rows->names[c] ? rows->names[c] : "");
        if (!status)
            status = nqi_row_file_add(rows, c + 1 < rows->dim ? &rows->separator : "\n", 1);
    }
    return status;
}

/* Small whole numbers, such as bits and grey levels, without the search for the fewest digits. */
static int number_format(char *out, double value, nqi_element element)
{
    const int whole = fabs(value) < 1000 ? (int)value : 0;
    if (value != (double)whole || (whole == 0 && signbit(value)))
        return element == NQI_F32 ? nqi_text_float(out, NQI_TEXT_SIZE, (float)value)
                                  : nqi_text_double(out, NQI_TEXT_SIZE, value);
    int length = 0;
    unsigned rest = whole < 0 ? (unsigned)-whole : (unsigned)whole;
    if (whole < 0)
        out[length++] = '-';
    if (rest >= 100)
        out[length++] = (char)('0' + rest / 100);
    if (rest >= 10)
        out[length++] = (char)('0' + rest / 10 % 10);
    out[length++] = (char)('0' + rest % 10);
    return length;
}

static nq_status row_put(nqi_row_file *rows, const double *values)
{
    nq_status status = NQ_OK;
    for (size_t c = 0; c < rows->dim && !status; c++) {
        char text[NQI_TEXT_SIZE + 2];
        int length = number_format(text, values[c], rows->element);
        /* A row must not look like a blank line. */
        if (length == 0 && (rows->dim == 1 || rows->separator == '\t')) {
            memcpy(text, "NA", 2);
            length = 2;
        }
        text[length++] = c + 1 < rows->dim ? rows->separator : '\n';
        status = nqi_row_file_add(rows, text, (size_t)length);
    }
    return status;
}

nq_status nqi_csv_rows_put(nqi_row_file *rows, const double *values, size_t count)
{
    nq_status status = NQ_OK;
    for (size_t r = 0; r < count && !status; r++)
        status = (rows->cell ? texts_put : row_put)(rows, values + r * rows->dim);
    return status;
}
