/* json.c - writing of JSON values; what has no JSON form (NaN, infinity) becomes null. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/report/json.h"

#include <math.h>
#include <string.h>

#include <noneq.h>

void nqi_json_value(FILE *file, double value)
{
    if (isfinite(value))
        fprintf(file, "%.10g", value);
    else
        fputs("null", file);
}

void nqi_json_value_any(FILE *file, double value)
{
    if (isinf(value))
        fputs(value < 0 ? "\"-inf\"" : "\"inf\"", file);
    else
        nqi_json_value(file, value);
}

/* Bytes of the character that begins here, as its first byte says; the text ends with a zero. */
static size_t character_size(const char *text)
{
    const unsigned char first = (unsigned char)*text;
    const size_t size = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    size_t found = 1;
    while (found < size && ((unsigned char)text[found] & 0xc0) == 0x80)
        found++;
    return found;
}

/* What a terminal might obey, and what is no UTF-8, is written as a number. Returns the bytes that
 * were used up. */
static size_t character_put(FILE *file, const char *text)
{
    const size_t size = character_size(text);
    const unsigned char first = (unsigned char)*text;
    char one[5] = "", shown[24];
    memcpy(one, text, size);
    nq_text_printable(shown, sizeof shown, one);
    if (first == '"' || first == '\\')
        fprintf(file, "\\%c", first);
    else if (strcmp(shown, one) == 0)
        fputs(one, file);
    else if (size == 1)
        fprintf(file, first < 0x80 ? "\\u%04x" : "\\ufffd", first);
    else if (size == 2)
        fprintf(file, "\\u%04x", (first & 0x1fu) << 6 | ((unsigned char)one[1] & 0x3fu));
    else
        fputs("\\ufffd", file);
    return size;
}

void nqi_json_string(FILE *file, const char *text)
{
    putc('"', file);
    while (*text)
        text += character_put(file, text);
    putc('"', file);
}

void nqi_json_field(FILE *file, const char *key, double value)
{
    nqi_json_string(file, key);
    putc(':', file);
    nqi_json_value(file, value);
}

void nqi_json_field_text(FILE *file, const char *key, const char *text)
{
    nqi_json_string(file, key);
    putc(':', file);
    nqi_json_string(file, text);
}
