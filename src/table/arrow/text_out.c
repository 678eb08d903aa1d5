/* text_out.c - texts of a column as an Arrow array of text: between offsets, or as views. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "table/arrow/new.h"
#include "table/arrow/put.h"

enum { HERE = 12, BEGINS = 4 }; /* bytes of a text that are in its view; where it is longer */

typedef struct writer {
    const nqi_arrow_put *put;
    const nqi_arrow_format *format;
    const double *cells; /* [count], numbers of levels */
    size_t count;
    size_t *length, *at; /* of levels: bytes, and where they are among the long ones */
} writer;

static size_t length_of(const writer *w, size_t r)
{
    return isnan(w->cells[r]) ? 0 : w->length[(size_t)w->cells[r]];
}

static const char *text_of(const writer *w, size_t r)
{
    return isnan(w->cells[r]) ? "" : w->put->about.levels[(size_t)w->cells[r]];
}

static nq_status long_refuse(const writer *w)
{
    return nqi_arrow_column_refuse(
        w->put, "its text has over 2 GB, for which the Arrow type has no room: expected large "
                "text, U");
}

static nq_status offsets_put(struct ArrowArray *out, const writer *w)
{
    const size_t size = w->format->size;
    int64_t at = 0;
    size_t total = 0;
    for (size_t r = 0; r < w->count; r++)
        total += length_of(w, r);
    if (size < sizeof at && total > INT32_MAX)
        return long_refuse(w);
    const size_t bytes[] = {w->count / 8 + 1, (w->count + 1) * size, total + 1};
    const nq_status status = nqi_arrow_array_new(out, w->put->context, w->count, bytes, 3, 0);
    if (status)
        return status;
    unsigned char *offsets = nqi_arrow_buffer(out, 1);
    char *texts = nqi_arrow_buffer(out, 2);
    for (size_t r = 0; r < w->count; r++) {
        const size_t length = length_of(w, r);
        memcpy(texts + at, text_of(w, r), length);
        at += (int64_t)length;
        memcpy(offsets + (r + 1) * size, &at, size); /* in fewer bytes the first are it */
    }
    return NQ_OK;
}

/* Long texts are there once, whatever the number of cells that have them. */
static nq_status views_put(struct ArrowArray *out, const writer *w)
{
    enum { VIEW = 16, BUFFERS = 4, TEXTS = 2, SIZES = 3, OFFSET = 12 };
    const nqi_column *about = &w->put->about;
    size_t total = 0;
    for (size_t i = 0; i < about->level_count; i++) {
        w->at[i] = total;
        total += w->length[i] > HERE ? w->length[i] : 0;
    }
    if (total > INT32_MAX)
        return long_refuse(w);
    const size_t bytes[BUFFERS] = {w->count / 8 + 1, w->count * VIEW, total + 1, sizeof(int64_t)};
    const nq_status status =
        nqi_arrow_array_new(out, w->put->context, w->count, bytes, BUFFERS, 0);
    if (status)
        return status;
    char *texts = nqi_arrow_buffer(out, TEXTS);
    const int64_t size = (int64_t)total;
    memcpy(nqi_arrow_buffer(out, SIZES), &size, sizeof size);
    for (size_t i = 0; i < about->level_count; i++)
        if (w->length[i] > HERE)
            memcpy(texts + w->at[i], about->levels[i], w->length[i]);
    unsigned char *view = nqi_arrow_buffer(out, 1);
    for (size_t r = 0; r < w->count; r++, view += VIEW) {
        const int32_t length = (int32_t)length_of(w, r);
        const int is_long = length > HERE;
        memcpy(view, &length, sizeof length);
        memcpy(view + sizeof length, text_of(w, r), is_long ? BEGINS : (size_t)length);
        if (is_long) /* the number of its buffer is 0 */
            memcpy(view + OFFSET, &(int32_t){(int32_t)w->at[(size_t)w->cells[r]]},
                   sizeof(int32_t));
    }
    return NQ_OK;
}

nq_status nqi_arrow_texts_put(struct ArrowArray *out, const nqi_arrow_put *put,
                              const char *format, const double *cells, size_t count)
{
    const size_t levels = put->about.level_count;
    writer w = {.put = put,
                .format = nqi_arrow_format_find(format),
                .cells = cells,
                .count = count,
                .length = malloc((levels + 1) * sizeof *w.length),
                .at = malloc((levels + 1) * sizeof *w.at)};
    nq_status status = w.length && w.at ? NQ_OK
                                        : nqi_fail_memory(put->context, "the texts of a column",
                                                          levels * sizeof *w.at);
    for (size_t i = 0; i < levels && !status; i++)
        w.length[i] = strlen(put->about.levels[i]);
    if (!status)
        status = w.format->way == NQI_ARROW_VIEW ? views_put(out, &w) : offsets_put(out, &w);
    if (!status)
        nqi_arrow_valid_put(out, cells, count);
    free(w.length);
    free(w.at);
    return status;
}
