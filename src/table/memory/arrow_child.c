/* arrow_child.c - a column of an Arrow array: where its numbers are, or made to be. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/text/sentence.h"
#include "table/memory/arrow.h"

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
    {"tdD", NQ_INT32, 4, NQI_ARROW_AS_IT_IS, NQ_DATE_DAYS, 0},
    {"tss:", NQ_INT64, 8, NQI_ARROW_AS_IT_IS, NQ_DATE_SECONDS, 0},
    {"b", NQ_BOOL, 1, NQI_ARROW_BITS, NQ_DATE_NONE, 0},
    {"tdm", NQ_FLOAT64, 8, NQI_ARROW_SCALED, NQ_DATE_DAYS, DAY},
    {"tsm:", NQ_FLOAT64, 8, NQI_ARROW_SCALED, NQ_DATE_SECONDS, MILLI},
    {"tsu:", NQ_FLOAT64, 8, NQI_ARROW_SCALED, NQ_DATE_SECONDS, MICRO},
    {"tsn:", NQ_FLOAT64, 8, NQI_ARROW_SCALED, NQ_DATE_SECONDS, NANO},
    {"u", NQ_INT32, 4, NQI_ARROW_TEXT, NQ_DATE_NONE, 0},
    {"U", NQ_INT32, 8, NQI_ARROW_TEXT, NQ_DATE_NONE, 0},
    {"n", NQ_FLOAT64, 8, NQI_ARROW_NULLS, NQ_DATE_NONE, 0}};

const nqi_arrow_format *nqi_arrow_format_find(const char *format)
{
    for (size_t i = 0; format && i < sizeof formats / sizeof *formats; i++) {
        const size_t length = strlen(formats[i].format);
        const int goes_on = formats[i].format[length - 1] == ':';
        if (goes_on ? !strncmp(format, formats[i].format, length)
                    : !strcmp(format, formats[i].format))
            return &formats[i];
    }
    return NULL;
}

nq_status nqi_arrow_refuse(const nqi_arrow_child *child, nq_status status, const char *what)
{
    char label[NQI_LABEL];
    const char *name = child->schema ? child->schema->name : NULL;
    return nqi_fail(child->context, status, "%s of an Arrow array: %s",
                    nqi_column_label(label, child->place, name), what);
}

int nqi_arrow_has(const struct ArrowArray *array, size_t cell)
{
    const nqi_strided bits = {.valid = array->null_count ? array->buffers[0] : NULL,
                              .valid_first = (size_t)array->offset};
    return nqi_strided_has(&bits, cell);
}

static nq_status format_refuse(const nqi_arrow_child *child)
{
    char what[200];
    snprintf(
        what, sizeof what,
        "its format is \"%.40s\"%s: expected numbers, booleans, dates, timestamps, text, or a "
        "dictionary of text",
        child->schema->format ? child->schema->format : "",
        child->schema->dictionary ? " with a dictionary" : "");
    return nqi_arrow_refuse(child, NQ_ERROR_UNSUPPORTED, what);
}

/* Whether array and schema go together, and the buffers are there. */
static nq_status shape_check(const nqi_arrow_child *child)
{
    const struct ArrowArray *a = child->array;
    const nqi_arrow_way way = child->format->way;
    const int64_t buffers = way == NQI_ARROW_NULLS ? 0 : way == NQI_ARROW_TEXT ? 3 : 2;
    const uint64_t needed = (uint64_t)child->first + child->rows;
    if (a->offset < 0 || a->length < 0 || (uint64_t)a->length < needed ||
        a->length > PTRDIFF_MAX / 8 - a->offset)
        return nqi_arrow_refuse(child, NQ_ERROR_ARGUMENT,
                                "it has fewer rows than the array, or more than memory");
    if (a->n_buffers != buffers || (buffers && !a->buffers) || (buffers && !a->buffers[1]) ||
        !a->dictionary != !child->schema->dictionary)
        return nqi_arrow_refuse(child, NQ_ERROR_ARGUMENT,
                                "it does not have the buffers of its format");
    return NQ_OK;
}

/* Rows of the column begin there among the cells of its buffers. */
static size_t first_cell(const nqi_arrow_child *child)
{
    return (size_t)child->array->offset + child->first;
}

nq_status nqi_arrow_child_find(nq_column *out, nqi_arrow_child *child)
{
    if (!child->array || !child->schema)
        return nqi_arrow_refuse(child, NQ_ERROR_ARGUMENT, "it is not there");
    const nqi_arrow_format *format = nqi_arrow_format_find(child->schema->format);
    child->format = format;
    if (!format || (child->schema->dictionary && (format->way != NQI_ARROW_AS_IT_IS ||
                                                  format->date || format->element <= NQ_FLOAT16)))
        return format_refuse(child);
    const nq_status status = shape_check(child);
    if (status)
        return status;
    *out = (nq_column){.size = sizeof *out,
                       .name = child->schema->name,
                       .element = format->element,
                       .stride = format->size,
                       .date = format->date};
    if (format->date == NQ_DATE_SECONDS && strchr(child->schema->format, ':')[1])
        out->date = NQ_DATE_SECONDS_UTC;
    if (format->way != NQI_ARROW_NULLS && child->array->null_count) {
        out->validity = child->array->buffers[0];
        out->validity_first = first_cell(child);
    }
    if (format->way == NQI_ARROW_AS_IT_IS) {
        out->start =
            (const unsigned char *)child->array->buffers[1] + first_cell(child) * format->size;
        return NQ_OK;
    }
    out->stride = format->way == NQI_ARROW_TEXT ? (ptrdiff_t)sizeof(int32_t) : format->size;
    if (child->rows > PTRDIFF_MAX / sizeof(double) - NQI_ARROW_ALIGN)
        return nqi_fail_memory(child->context, "an Arrow array", child->rows);
    const size_t bytes = child->rows * (size_t)out->stride;
    child->room = (bytes + NQI_ARROW_ALIGN - 1) / NQI_ARROW_ALIGN * NQI_ARROW_ALIGN;
    return NQ_OK;
}

static void bits_unpack(const nqi_arrow_child *child, unsigned char *out)
{
    const nqi_strided bits = {.valid = child->array->buffers[1],
                              .valid_first = first_cell(child)};
    for (size_t r = 0; r < child->rows; r++)
        out[r] = (unsigned char)nqi_strided_has(&bits, r);
}

/* Whole microseconds are float64 seconds as their decimal would read. */
static nq_status times_scale(const nqi_arrow_child *child, double *out)
{
    const unsigned char *from = child->array->buffers[1];
    const int64_t unit = child->format->unit, part = unit == NANO ? NANO / MICRO : 1;
    for (size_t r = 0; r < child->rows; r++) {
        char what[96];
        int64_t x;
        memcpy(&x, from + (first_cell(child) + r) * sizeof x, sizeof x);
        out[r] = (double)NAN;
        if (!nqi_arrow_has(child->array, child->first + r))
            continue;
        if (x % part) {
            snprintf(what, sizeof what,
                     "row %zu is a time of %lld ns: expected whole microseconds", r + 1,
                     (long long)x);
            return nqi_arrow_refuse(child, NQ_ERROR_UNSUPPORTED, what);
        }
        out[r] = (double)(x / part) / (double)(unit / part);
    }
    return NQ_OK;
}

nq_status nqi_arrow_child_convert(nq_column *out, nqi_arrow_child *child, unsigned char *room)
{
    nq_status status = NQ_OK;
    if (child->room)
        out->start = room;
    if (child->format->way == NQI_ARROW_BITS)
        bits_unpack(child, room);
    if (child->format->way == NQI_ARROW_SCALED)
        status = times_scale(child, (double *)(void *)room);
    if (child->format->way == NQI_ARROW_TEXT)
        status = nqi_arrow_texts_code(child, (int32_t *)(void *)room);
    for (size_t r = 0; child->format->way == NQI_ARROW_NULLS && r < child->rows; r++)
        ((double *)(void *)room)[r] = (double)NAN;
    if (child->schema->dictionary && !status)
        status = nqi_arrow_dictionary_read(child);
    out->levels = (const char *const *)child->levels;
    out->level_count = child->level_count;
    return status;
}

void nqi_arrow_child_free(nqi_arrow_child *child)
{
    nqi_names_free(child->levels, child->level_count);
    child->levels = NULL;
    child->level_count = 0;
}
