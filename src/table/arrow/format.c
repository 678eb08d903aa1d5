/* format.c - the formats of Arrow that are columns of a table, and why others are none. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/arrow/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400000, MILLI = 1000, MICRO = 1000000, NANO = 1000000000 };

static const nqi_arrow_format formats[] = {
    {"c", NQ_INT8, 1, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"C", NQ_UINT8, 1, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"s", NQ_INT16, 2, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"S", NQ_UINT16, 2, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"i", NQ_INT32, 4, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"I", NQ_UINT32, 4, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"l", NQ_INT64, 8, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"L", NQ_UINT64, 8, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"e", NQ_FLOAT16, 2, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"f", NQ_FLOAT32, 4, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"g", NQ_FLOAT64, 8, NQI_ARROW_AS_IT_IS, NQ_DATE_NONE, 0},
    {"tdD", NQ_INT32, 4, NQI_ARROW_AS_IT_IS, NQ_DATE_DAYS, 1},
    {"tss:", NQ_INT64, 8, NQI_ARROW_AS_IT_IS, NQ_DATE_SECONDS, 1},
    {"b", NQ_BOOL, 1, NQI_ARROW_BITS, NQ_DATE_NONE, 0},
    {"tdm", NQ_FLOAT64, 8, NQI_ARROW_SCALED, NQ_DATE_DAYS, DAY},
    {"tsm:", NQ_FLOAT64, 8, NQI_ARROW_SCALED, NQ_DATE_SECONDS, MILLI},
    {"tsu:", NQ_FLOAT64, 8, NQI_ARROW_SCALED, NQ_DATE_SECONDS, MICRO},
    {"tsn:", NQ_FLOAT64, 8, NQI_ARROW_SCALED, NQ_DATE_SECONDS, NANO},
    {"d:", NQ_FLOAT64, 8, NQI_ARROW_DECIMAL, NQ_DATE_NONE, 0},
    {"u", NQ_INT32, 4, NQI_ARROW_TEXT, NQ_DATE_NONE, 0},
    {"U", NQ_INT32, 8, NQI_ARROW_TEXT, NQ_DATE_NONE, 0},
    {"vu", NQ_INT32, 16, NQI_ARROW_VIEW, NQ_DATE_NONE, 0},
    {"n", NQ_FLOAT64, 8, NQI_ARROW_NULLS, NQ_DATE_NONE, 0}};

const nqi_arrow_format *nqi_arrow_format_find(const char *format)
{
    nqi_arrow_decimal decimal;
    for (size_t i = 0; format && i < sizeof formats / sizeof *formats; i++) {
        const size_t length = strlen(formats[i].format);
        const int goes_on = formats[i].format[length - 1] == ':';
        if (goes_on ? strncmp(format, formats[i].format, length)
                    : strcmp(format, formats[i].format))
            continue;
        const int is_decimal = formats[i].way == NQI_ARROW_DECIMAL;
        return is_decimal && !nqi_arrow_decimal_find(&decimal, format) ? NULL : &formats[i];
    }
    return NULL;
}

int nqi_arrow_is_text(const nqi_arrow_format *format)
{
    return format->way == NQI_ARROW_TEXT || format->way == NQI_ARROW_VIEW;
}

size_t nqi_arrow_element_size(nq_element element)
{
    static const unsigned char sizes[] = {
        [NQ_FLOAT64] = 8, [NQ_FLOAT32] = 4, [NQ_FLOAT16] = 2, [NQ_INT8] = 1,
        [NQ_UINT8] = 1,   [NQ_INT16] = 2,   [NQ_UINT16] = 2,  [NQ_INT32] = 4,
        [NQ_UINT32] = 4,  [NQ_INT64] = 8,   [NQ_UINT64] = 8,  [NQ_BOOL] = 1};
    return sizes[element];
}

int nqi_arrow_range(double *least, double *most, const nqi_arrow_format *format)
{
    static const double ranges[][2] = {
        [NQ_INT8] = {-128, 127},
        [NQ_UINT8] = {0, 255},
        [NQ_INT16] = {-32768, 32767},
        [NQ_UINT16] = {0, 65535},
        [NQ_INT32] = {-2147483648.0, 2147483647},
        [NQ_UINT32] = {0, 4294967295.0},
        [NQ_INT64] = {-0x1p63, 0x1.fffffffffffffp62}, /* the last that float64 has */
        [NQ_UINT64] = {0, 0x1.fffffffffffffp63},
        [NQ_BOOL] = {0, 1}};
    if (format->date || format->element <= NQ_FLOAT16 || nqi_arrow_is_text(format))
        return 0;
    *least = ranges[format->element][0];
    *most = ranges[format->element][1];
    return 1;
}

int nqi_arrow_is_index(const nqi_arrow_format *format)
{
    double least, most;
    return format->way == NQI_ARROW_AS_IT_IS && nqi_arrow_range(&least, &most, format);
}

int nqi_arrow_decimal_find(nqi_arrow_decimal *out, const char *format)
{
    enum { WIDE = 128, BYTE = 8, SCALE_MOST = 76 };
    long parts[] = {0, 0, WIDE}; /* digits, scale, bits */
    size_t count = 0;
    const char *at = format + 1;
    for (char *end; count < 3 && *at == (count ? ',' : ':'); at = end) {
        parts[count++] = strtol(at + 1, &end, 10);
        if (end == at + 1)
            return 0;
    }
    const long most = parts[2] == WIDE       ? 38
                      : parts[2] == WIDE / 2 ? 18
                      : parts[2] == WIDE / 4 ? 9
                                             : 0; /* digits that so many bits have */
    if (*format != 'd' || *at || count < 2 || parts[0] < 1 || parts[0] > most ||
        labs(parts[1]) > SCALE_MOST)
        return 0;
    *out = (nqi_arrow_decimal){(int)parts[0], (int)parts[1], (size_t)parts[2] / BYTE};
    return 1;
}

const char *nqi_arrow_format_why(char out[NQI_ARROW_WHY], const char *format)
{
    static const struct {
        const char *begins, *what, *help;
    } others[] = {
        {"z", "bytes", "cast it to text"},
        {"Z", "bytes", "cast it to text"},
        {"vz", "bytes", "cast it to text"},
        {"w", "bytes", "cast it to text"},
        {"d", "decimals of a width that is not 32, 64 or 128 bits", "cast it to float64"},
        {"tD", "durations", "cast it to int64"},
        {"tt", "times without a day", "cast it to an integer"},
        {"ti", "calendar intervals", "make numbers of it"},
        {"+r", "runs", "decode it"},
        {"+", "nested values", "make columns of its own of what it holds"},
    };
    const char *what = "unknown here", *help = "cast it to one of these";
    for (size_t i = 0; format && i < sizeof others / sizeof *others; i++)
        if (!strncmp(format, others[i].begins, strlen(others[i].begins))) {
            what = others[i].what;
            help = others[i].help;
            break;
        }
    snprintf(out, NQI_ARROW_WHY,
             "its format is \"%.40s\" (%s): expected numbers, booleans, dates, timestamps, text "
             "or a dictionary of these; %s, or leave it out",
             format ? format : "", what, help);
    return out;
}
