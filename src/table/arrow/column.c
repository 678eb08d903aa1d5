/* column.c - a column of Arrow arrays: where its numbers are, or made to be. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/arrow/column.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text/sentence.h"

enum { ALIGN = 64 }; /* bytes between which numbers that are made begin */

nq_status nqi_arrow_refuse(const nqi_arrow_column *column, nq_status status, const char *what)
{
    char label[NQI_LABEL];
    const char *name = column->schema ? column->schema->name : NULL;
    return nqi_fail(column->context, status, "%s of an Arrow array: %s",
                    nqi_column_label(label, column->place, name), what);
}

int nqi_arrow_has(const struct ArrowArray *array, size_t cell)
{
    const int may_lack = array->null_count && array->n_buffers > 0 && array->buffers;
    const nqi_strided bits = {.valid = may_lack ? array->buffers[0] : NULL,
                              .valid_first = (size_t)array->offset};
    return nqi_strided_has(&bits, cell);
}

nq_status nqi_arrow_piece_check(const nqi_arrow_column *column, const nqi_arrow_piece *piece,
                                const nqi_arrow_format *format)
{
    const struct ArrowArray *a = piece->array;
    const nqi_arrow_way way = format->way;
    const int64_t buffers = way == NQI_ARROW_NULLS ? 0 : nqi_arrow_is_text(format) ? 3 : 2;
    const uint64_t needed = (uint64_t)piece->first + piece->rows;
    if (a->offset < 0 || a->length < 0 || (uint64_t)a->length < needed ||
        a->length > PTRDIFF_MAX / 8 - a->offset)
        return nqi_arrow_refuse(column, NQ_ERROR_ARGUMENT,
                                "it has fewer rows than the array, or more than memory");
    if (way == NQI_ARROW_VIEW ? a->n_buffers < buffers : a->n_buffers != buffers)
        return nqi_arrow_refuse(column, NQ_ERROR_ARGUMENT,
                                "it does not have the buffers of its format");
    if (buffers && (!a->buffers || (!a->buffers[1] && piece->rows)))
        return nqi_arrow_refuse(column, NQ_ERROR_ARGUMENT,
                                "it does not have the buffers of its format");
    return NQ_OK;
}

static nq_status pieces_check(const nqi_arrow_column *column, const nqi_arrow_format *format)
{
    nq_status status = NQ_OK;
    for (size_t i = 0; i < column->piece_count && !status; i++) {
        const nqi_arrow_piece *piece = &column->pieces[i];
        if (!piece->array)
            return nqi_arrow_refuse(column, NQ_ERROR_ARGUMENT, "it is not there");
        if (!piece->array->dictionary != !column->schema->dictionary)
            return nqi_arrow_refuse(column, NQ_ERROR_ARGUMENT,
                                    "it has no dictionary, or its schema has none");
        status = nqi_arrow_piece_check(column, piece, format);
    }
    return status;
}

nq_status nqi_arrow_rooms_new(nqi_arrow_column *column, size_t size)
{
    const size_t bits = column->rows / 8 + 1;
    if (column->rows > (PTRDIFF_MAX - ALIGN) / size)
        return nqi_fail_memory(column->context, "an Arrow array", column->rows);
    const size_t bytes = (column->rows * size / ALIGN + 1) * ALIGN;
    column->numbers = aligned_alloc(ALIGN, bytes);
    column->valid = malloc(bits);
    if (!column->numbers || !column->valid)
        return nqi_fail_memory(column->context, "an Arrow array", bytes + bits);
    memset(column->valid, 0xff, bits);
    return NQ_OK;
}

void nqi_arrow_rooms_place(nq_column *out, nqi_arrow_column *column, nq_element element,
                           size_t gaps)
{
    if (!gaps) {
        free(column->valid);
        column->valid = NULL;
    }
    out->element = element;
    out->start = column->numbers;
    out->stride = (ptrdiff_t)nqi_arrow_element_size(element);
    out->validity = column->valid;
}

void nqi_arrow_piece_place(nq_column *out, const nqi_arrow_piece *piece,
                           const nqi_arrow_format *format)
{
    const struct ArrowArray *array = piece->array;
    const size_t first = (size_t)array->offset + piece->first;
    out->element = format->element;
    out->stride = format->size;
    out->start = (const unsigned char *)array->buffers[1] + first * format->size;
    out->validity = array->null_count ? array->buffers[0] : NULL;
    out->validity_first = out->validity ? first : 0;
}

/* Clears the bits of cells that are null, from bit `at` on; returns how many there are. */
static size_t valid_read(unsigned char *valid, size_t at, const nqi_arrow_piece *piece)
{
    size_t gaps = 0;
    for (size_t r = 0; r < piece->rows && piece->array->null_count; r++)
        if (!nqi_arrow_has(piece->array, piece->first + r)) {
            valid[(at + r) / 8] &= (unsigned char)~(1U << (at + r) % 8);
            gaps++;
        }
    return gaps;
}

/* The numbers of all pieces one after the other, or the codes of their texts. */
static nq_status pieces_join(nq_column *out, nqi_arrow_column *column, nqi_words *words)
{
    const size_t size = nqi_arrow_element_size(column->format->element);
    size_t at = 0, gaps = 0;
    nq_status status = nqi_arrow_rooms_new(column, size);
    for (size_t i = 0; i < column->piece_count && !status; i++) {
        const nqi_arrow_piece *piece = &column->pieces[i];
        unsigned char *to = column->numbers + at * size;
        gaps += valid_read(column->valid, at, piece);
        status = nqi_arrow_is_text(column->format)
                     ? nqi_arrow_texts_code((int32_t *)(void *)to, column, piece, words)
                     : nqi_arrow_numbers_read(to, column, piece);
        at += piece->rows;
    }
    if (status)
        return status;
    nqi_arrow_rooms_place(out, column, column->format->element, gaps);
    return nqi_arrow_is_text(column->format) ? nqi_arrow_levels_take(column, words) : NQ_OK;
}

static nq_status format_find(const nqi_arrow_format **out, const nqi_arrow_column *column,
                             const char *format)
{
    char why[NQI_ARROW_WHY];
    *out = nqi_arrow_format_find(format);
    return *out ? NQ_OK
                : nqi_arrow_refuse(column, NQ_ERROR_UNSUPPORTED,
                                   nqi_arrow_format_why(why, format));
}

/* The formats of its cells and, where these are of a dictionary, of their indices. */
static nq_status formats_find(nqi_arrow_column *column, const nqi_arrow_format **index)
{
    const struct ArrowSchema *values = column->schema->dictionary;
    const char *format = column->schema->format;
    nq_status status;
    *index = NULL;
    if (values && ((status = format_find(index, column, format))))
        return status;
    if (values && (!nqi_arrow_is_index(*index) || values->dictionary))
        return nqi_arrow_refuse(column, NQ_ERROR_UNSUPPORTED,
                                "its dictionary has indices that are no integers, or a "
                                "dictionary of its own: decode it");
    format = values ? values->format : format;
    if ((status = format_find(&column->format, column, format)))
        return status;
    if (column->format->way == NQI_ARROW_DECIMAL)
        nqi_arrow_decimal_find(&column->decimal, format);
    return NQ_OK;
}

static nq_status cells_read(nq_column *out, nqi_arrow_column *column,
                            const nqi_arrow_format *index)
{
    if (index)
        return nqi_arrow_dictionary_read(out, column, index);
    if (column->format->way == NQI_ARROW_AS_IT_IS && column->piece_count == 1) {
        nqi_arrow_piece_place(out, column->pieces, column->format);
        return NQ_OK;
    }
    nqi_words words = {0};
    const nq_status status = pieces_join(out, column, &words);
    nqi_words_free(&words);
    return status;
}

nq_status nqi_arrow_column_read(nq_column *out, nqi_arrow_column *column)
{
    const nqi_arrow_format *index;
    if (!column->schema)
        return nqi_arrow_refuse(column, NQ_ERROR_ARGUMENT, "it is not there");
    nq_status status = formats_find(column, &index);
    if (status || (status = pieces_check(column, index ? index : column->format)))
        return status;
    const struct ArrowSchema *values = index ? column->schema->dictionary : column->schema;
    *out = (nq_column){.size = sizeof *out,
                       .name = column->schema->name,
                       .date = column->format->date};
    if (out->date == NQ_DATE_SECONDS && strchr(values->format, ':')[1])
        out->date = NQ_DATE_SECONDS_UTC;
    status = cells_read(out, column, index);
    out->levels = (const char *const *)column->levels;
    out->level_count = column->level_count;
    return status;
}

void nqi_arrow_column_free(nqi_arrow_column *column)
{
    nqi_names_free(column->levels, column->level_count);
    free(column->numbers);
    free(column->valid);
    *column = (nqi_arrow_column){0};
}
