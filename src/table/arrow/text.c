/* text.c - text of an Arrow array: each different one is a word and has a number. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "table/arrow/column.h"

enum { LENGTH_MOST = 1 << 30 }; /* bytes of a text */

/* A cell of a string view. */
typedef struct view {
    int32_t length;
    union {
        char here[12]; /* the text, where it is that short */
        struct {
            char begins[4];
            int32_t buffer, offset;
        } there;
    } text;
} view;

static nq_status offsets_refuse(const nqi_arrow_column *column)
{
    return nqi_arrow_refuse(column, NQ_ERROR_ARGUMENT,
                            "the offsets of its text are wrong, or a text is over 1 GB");
}

/* The text of a cell between offsets of `size` bytes. */
static nq_status offsets_get(const char **out, size_t *length, const nqi_arrow_column *column,
                             const struct ArrowArray *array, size_t size, size_t cell)
{
    const unsigned char *offsets = array->buffers[1];
    int64_t at[2];
    for (size_t i = 0; i < 2; i++) {
        int32_t narrow = 0;
        const unsigned char *from = offsets + (cell + i) * size;
        if (size == sizeof *at)
            memcpy(&at[i], from, sizeof *at);
        else
            memcpy(&narrow, from, sizeof narrow);
        at[i] = size == sizeof *at ? at[i] : narrow;
    }
    if (at[0] < 0 || at[1] < at[0] || at[1] - at[0] > LENGTH_MOST ||
        (at[1] > at[0] && !array->buffers[2]))
        return offsets_refuse(column);
    *length = (size_t)(at[1] - at[0]);
    *out = *length ? (const char *)array->buffers[2] + at[0] : "";
    return NQ_OK;
}

/* Behind the views come buffers of text, and at last one of their sizes. */
static nq_status view_get(const char **out, size_t *length, view *v,
                          const nqi_arrow_column *column, const struct ArrowArray *array,
                          size_t cell)
{
    enum { FIRST = 2 };
    const int64_t buffers = array->n_buffers - FIRST - 1;
    int64_t size = 0;
    memcpy(v, (const unsigned char *)array->buffers[1] + cell * sizeof *v, sizeof *v);
    const int32_t buffer = v->text.there.buffer, offset = v->text.there.offset;
    if (v->length < 0 || v->length > LENGTH_MOST)
        return offsets_refuse(column);
    *length = (size_t)v->length;
    *out = v->text.here;
    if (*length <= sizeof v->text.here)
        return NQ_OK;
    if (buffer < 0 || buffer >= buffers || !array->buffers[FIRST + buffer] ||
        !array->buffers[FIRST + buffers])
        return offsets_refuse(column);
    memcpy(&size,
           (const unsigned char *)array->buffers[FIRST + buffers] + (size_t)buffer * sizeof size,
           sizeof size);
    if (offset < 0 || size < v->length || offset > size - v->length)
        return offsets_refuse(column);
    *out = (const char *)array->buffers[FIRST + buffer] + offset;
    return NQ_OK;
}

/* The number of the word that a cell is. */
static nq_status cell_code(int32_t *code, const nqi_arrow_column *column,
                           const struct ArrowArray *array, size_t cell, nqi_words *words)
{
    const char *text = NULL;
    size_t length = 0;
    view v;
    int is_new;
    const size_t at = (size_t)array->offset + cell;
    const nq_status status =
        column->format->way == NQI_ARROW_VIEW
            ? view_get(&text, &length, &v, column, array, at)
            : offsets_get(&text, &length, column, array, column->format->size, at);
    if (status)
        return status;
    if (memchr(text, 0, length))
        return nqi_arrow_refuse(column, NQ_ERROR_FORMAT, "a text has a zero byte in it");
    const uint32_t word = nqi_words_put(words, text, length, &is_new);
    *code = (int32_t)word;
    return word > INT32_MAX ? nqi_fail_memory(column->context, "the texts of a column", length)
                            : NQ_OK;
}

nq_status nqi_arrow_texts_code(int32_t *codes, const nqi_arrow_column *column,
                               const nqi_arrow_piece *piece, nqi_words *words)
{
    nq_status status = NQ_OK;
    for (size_t r = 0; r < piece->rows && !status; r++) {
        codes[r] = -1;
        if (nqi_arrow_has(piece->array, piece->first + r))
            status = cell_code(&codes[r], column, piece->array, piece->first + r, words);
    }
    return status;
}

nq_status nqi_arrow_levels_take(nqi_arrow_column *column, const nqi_words *words)
{
    const size_t bytes = (words->count + (size_t)1) * sizeof *column->levels;
    column->levels = calloc(1, bytes);
    for (uint32_t i = 0; column->levels && i < words->count; i++) {
        column->levels[i] = strndup(nqi_words_text(words, i), words->list[i].length);
        if (!column->levels[i])
            return nqi_fail_memory(column->context, "the texts of a column", bytes);
        column->level_count++;
    }
    return column->levels ? NQ_OK
                          : nqi_fail_memory(column->context, "the texts of a column", bytes);
}
