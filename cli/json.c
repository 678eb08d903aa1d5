/* json.c - writing of JSON values; what has no JSON form (NaN, infinity) becomes null. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "json.h"

#include <math.h>

void json_number(FILE *file, double value)
{
    if (isfinite(value))
        fprintf(file, "%.10g", value);
    else
        fputs("null", file);
}

void json_number_any(FILE *file, double value)
{
    if (isinf(value))
        fputs(value < 0 ? "\"-inf\"" : "\"inf\"", file);
    else
        json_number(file, value);
}

void json_string(FILE *file, const char *text)
{
    putc('"', file);
    for (; *text; text++) {
        const unsigned char byte = (unsigned char)*text;

        if (byte == '"' || byte == '\\')
            fprintf(file, "\\%c", byte);
        else if (byte < 0x20)
            fprintf(file, "\\u%04x", byte);
        else
            putc(byte, file);
    }
    putc('"', file);
}

void json_field(FILE *file, const char *key, double value)
{
    json_string(file, key);
    putc(':', file);
    json_number(file, value);
}

void json_field_text(FILE *file, const char *key, const char *text)
{
    json_string(file, key);
    putc(':', file);
    json_string(file, text);
}
