/* dictionary.c - a column of indices into dictionaries, each chunk's its own: texts are merged,
 * other values are what they are. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "table/arrow/column.h"

typedef struct reader {
    nqi_arrow_column *column;
    const nqi_arrow_format *index;
    nqi_words words; /* of all dictionaries, where they are text */
    int is_text;
    nq_element element; /* of the column */
    size_t size;
    /* The present dictionary, with room for the longest: the column's numbers of its values, which
     * of them are null, and the words of texts. */
    size_t room;
    unsigned char *numbers, *gaps;
    int32_t *codes;
} reader;

static nqi_arrow_piece dictionary_of(const nqi_arrow_piece *piece)
{
    const struct ArrowArray *values = piece->array->dictionary;
    return (nqi_arrow_piece){.array = values,
                             .rows = values->length > 0 ? (size_t)values->length : 0,
                             .cell = "dictionary value"};
}

static nq_status room_make(reader *d)
{
    nq_status status = NQ_OK;
    for (size_t i = 0; i < d->column->piece_count && !status; i++) {
        const nqi_arrow_piece values = dictionary_of(&d->column->pieces[i]);
        status = nqi_arrow_piece_check(d->column, &values, d->column->format);
        if (!status && values.rows > INT32_MAX)
            status = nqi_arrow_refuse(d->column, NQ_ERROR_ARGUMENT,
                                      "its dictionary has more values than memory");
        d->room = values.rows > d->room ? values.rows : d->room;
    }
    if (status)
        return status;
    d->numbers = calloc(d->room + 1, sizeof(double));
    d->gaps = malloc(d->room + 1);
    d->codes = d->is_text ? malloc((d->room + 1) * sizeof *d->codes) : NULL;
    return d->numbers && d->gaps && (d->codes || !d->is_text)
               ? NQ_OK
               : nqi_fail_memory(d->column->context, "an Arrow dictionary", d->room);
}

/* The words of all dictionaries. *is_plain: there is one, whose indices are numbers of words. */
static nq_status words_find(int *is_plain, reader *d)
{
    double least, most;
    nq_status status = NQ_OK;
    *is_plain = d->column->piece_count == 1;
    for (size_t i = 0; i < d->column->piece_count && !status; i++) {
        const nqi_arrow_piece values = dictionary_of(&d->column->pieces[i]);
        status = nqi_arrow_texts_code(d->codes, d->column, &values, &d->words);
        for (size_t k = 0; k < values.rows && !status && *is_plain; k++)
            *is_plain = d->codes[k] == (int32_t)k;
    }
    nqi_arrow_range(&least, &most, d->index);
    d->element = *is_plain || d->words.count <= most + 1 ? d->index->element : NQ_INT32;
    return status;
}

/* What the values of a chunk's dictionary are in the column. */
static nq_status values_read(reader *d, const nqi_arrow_piece *values)
{
    nq_status status = d->is_text ? nqi_arrow_texts_code(d->codes, d->column, values, &d->words)
                                  : nqi_arrow_numbers_read(d->numbers, d->column, values);
    for (size_t k = 0; k < values->rows && !status; k++) {
        d->gaps[k] = !nqi_arrow_has(values->array, k);
        if (d->is_text) /* in fewer bytes the first are it, in more the others are 0 */
            memcpy(d->numbers + k * d->size, &d->codes[k],
                   d->size < sizeof *d->codes ? d->size : sizeof *d->codes);
    }
    return status;
}

static int64_t index_at(const unsigned char *from, nq_element element)
{
    int8_t i8;
    int16_t i16;
    uint16_t u16;
    int32_t i32;
    uint32_t u32;
    int64_t i64;
    switch (element) {
    case NQ_INT8:
        return memcpy(&i8, from, sizeof i8), i8;
    case NQ_UINT8:
        return *from;
    case NQ_INT16:
        return memcpy(&i16, from, sizeof i16), i16;
    case NQ_UINT16:
        return memcpy(&u16, from, sizeof u16), u16;
    case NQ_INT32:
        return memcpy(&i32, from, sizeof i32), i32;
    case NQ_UINT32:
        return memcpy(&u32, from, sizeof u32), u32;
    default:
        return memcpy(&i64, from, sizeof i64), i64;
    }
}

static nq_status index_refuse(const reader *d, const nqi_arrow_piece *piece, size_t r, int64_t k,
                              size_t count)
{
    char what[120];
    snprintf(what, sizeof what,
             "row %zu has index %lld: expected the number of one of %zu values, from 0",
             piece->row + r + 1, (long long)k, count);
    return nqi_arrow_refuse(d->column, NQ_ERROR_FORMAT, what);
}

/* The cells of a chunk from number `at` of the column on; counts its gaps. */
static nq_status cells_take(reader *d, size_t *gaps, const nqi_arrow_piece *piece, size_t at)
{
    const nqi_arrow_piece values = dictionary_of(piece);
    const unsigned char *indices = piece->array->buffers[1];
    nq_status status = values_read(d, &values);
    for (size_t r = 0; r < piece->rows && !status; r++) {
        const size_t cell = piece->first + r, to = at + r;
        unsigned char *number = d->column->numbers + to * d->size;
        const int has = nqi_arrow_has(piece->array, cell);
        const size_t from = ((size_t)piece->array->offset + cell) * d->index->size;
        const int64_t k = has ? index_at(indices + from, d->index->element) : 0;
        if (has && (k < 0 || (uint64_t)k >= values.rows))
            return index_refuse(d, piece, r, k, values.rows);
        if (has && !d->gaps[k]) {
            memcpy(number, d->numbers + (size_t)k * d->size, d->size);
            continue;
        }
        memset(number, 0, d->size);
        d->column->valid[to / 8] &= (unsigned char)~(1U << to % 8);
        ++*gaps;
    }
    return status;
}

static nq_status read(nq_column *out, reader *d)
{
    const nqi_arrow_piece *piece = d->column->pieces;
    int is_plain = 0;
    size_t gaps = 0, at = 0;
    nq_status status = room_make(d);
    if (status || (d->is_text && (status = words_find(&is_plain, d))) ||
        (d->is_text && (status = nqi_arrow_levels_take(d->column, &d->words))))
        return status;
    d->size = nqi_arrow_element_size(d->element);
    if (is_plain) {
        nqi_arrow_piece_place(out, piece, d->index);
        return NQ_OK;
    }
    if ((status = nqi_arrow_rooms_new(d->column, d->size)))
        return status;
    for (size_t i = 0; i < d->column->piece_count && !status; i++) {
        status = cells_take(d, &gaps, &piece[i], at);
        at += piece[i].rows;
    }
    if (!status)
        nqi_arrow_rooms_place(out, d->column, d->element, gaps);
    return status;
}

nq_status nqi_arrow_dictionary_read(nq_column *out, nqi_arrow_column *column,
                                    const nqi_arrow_format *index)
{
    reader d = {.column = column,
                .index = index,
                .is_text = nqi_arrow_is_text(column->format),
                .element = column->format->element};
    const nq_status status = read(out, &d);
    nqi_words_free(&d.words);
    free(d.numbers);
    free(d.gaps);
    free(d.codes);
    return status;
}
