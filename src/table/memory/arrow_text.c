/* arrow_text.c - text of an Arrow array: the different texts of a column, or a dictionary. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/csv/words.h"
#include "table/memory/arrow.h"

enum { LENGTH_MOST = 1 << 30 }; /* bytes of a text */

/* The text of a cell of an array of text, offsets of `size` bytes. */
static nq_status text_get(const char **out, size_t *length, const nqi_arrow_child *child,
                          const struct ArrowArray *array, size_t size, size_t cell)
{
    const unsigned char *offsets = array->buffers[1];
    int64_t at[2];
    for (size_t i = 0; i < 2; i++) {
        int32_t narrow = 0;
        const unsigned char *from = offsets + ((size_t)array->offset + cell + i) * size;
        if (size == sizeof *at)
            memcpy(&at[i], from, sizeof *at);
        else
            memcpy(&narrow, from, sizeof narrow);
        at[i] = size == sizeof *at ? at[i] : narrow;
    }
    if (at[0] < 0 || at[1] < at[0] || at[1] - at[0] > LENGTH_MOST ||
        (at[1] > at[0] && !array->buffers[2]))
        return nqi_arrow_refuse(child, NQ_ERROR_ARGUMENT,
                                "the offsets of its text are wrong, or a text is over 1 GB");
    *length = (size_t)(at[1] - at[0]);
    *out = *length ? (const char *)array->buffers[2] + at[0] : "";
    return memchr(*out, 0, *length)
               ? nqi_arrow_refuse(child, NQ_ERROR_FORMAT, "a text has a zero byte in it")
               : NQ_OK;
}

static nq_status level_add(nqi_arrow_child *child, const char *text, size_t length)
{
    child->levels[child->level_count] = strndup(text, length);
    return child->levels[child->level_count]
               ? (child->level_count++, NQ_OK)
               : nqi_fail_memory(child->context, "the texts of a column", length);
}

static nq_status levels_reserve(nqi_arrow_child *child, size_t count)
{
    child->levels = calloc(count ? count : 1, sizeof *child->levels);
    return child->levels ? NQ_OK
                         : nqi_fail_memory(child->context, "the texts of a column",
                                           count * sizeof *child->levels);
}

static nq_status words_find(nqi_arrow_child *child, nqi_words *words, int32_t *codes)
{
    nq_status status = NQ_OK;
    const char *text;
    size_t length;
    int is_new;
    for (size_t r = 0; r < child->rows && !status; r++) {
        const size_t cell = child->first + r;
        codes[r] = 0;
        if (!nqi_arrow_has(child->array, cell))
            continue;
        if ((status = text_get(&text, &length, child, child->array, child->format->size, cell)))
            break;
        const uint32_t word = nqi_words_put(words, text, length, &is_new);
        if (word > INT32_MAX)
            status = nqi_fail_memory(child->context, "the texts of a column", length);
        codes[r] = (int32_t)word;
    }
    return status;
}

nq_status nqi_arrow_texts_code(nqi_arrow_child *child, int32_t *codes)
{
    nqi_words words = {0};
    nq_status status = words_find(child, &words, codes);
    if (!status)
        status = levels_reserve(child, words.count);
    for (uint32_t i = 0; i < words.count && !status; i++)
        status = level_add(child, nqi_words_text(&words, i), words.list[i].length);
    nqi_words_free(&words);
    return status;
}

nq_status nqi_arrow_dictionary_read(nqi_arrow_child *child)
{
    const struct ArrowArray *texts = child->array->dictionary;
    const nqi_arrow_format *format = nqi_arrow_format_find(child->schema->dictionary->format);
    if (!format || format->way != NQI_ARROW_TEXT || child->schema->dictionary->dictionary)
        return nqi_arrow_refuse(child, NQ_ERROR_UNSUPPORTED,
                                "its dictionary is not of text (u or U)");
    if (texts->n_buffers != 3 || !texts->buffers || texts->length < 0 || texts->offset < 0 ||
        texts->length > INT32_MAX || (texts->length && !texts->buffers[1]))
        return nqi_arrow_refuse(child, NQ_ERROR_ARGUMENT,
                                "its dictionary does not have the buffers of its format");
    const size_t count = (size_t)texts->length;
    nq_status status = levels_reserve(child, count);
    for (size_t i = 0; i < count && !status; i++) {
        const char *text;
        size_t length;
        if (!nqi_arrow_has(texts, i))
            status = nqi_arrow_refuse(child, NQ_ERROR_UNSUPPORTED,
                                      "its dictionary has a null: expected null indices");
        else if (!(status = text_get(&text, &length, child, texts, format->size, i)))
            status = level_add(child, text, length);
    }
    return status;
}
