/* stream_in.c - a data set from a stream of the Arrow C stream interface. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/grow.h"
#include "core/monitor.h"
#include "table/arrow/in.h"

enum { MOST = 600 }; /* bytes of what a producer says that are shown */

typedef struct reader {
    nq_context *context;
    struct ArrowArrayStream *stream;
    struct ArrowSchema schema;
    struct ArrowArray *chunks; /* [count], none of them empty */
    size_t count, room;
} reader;

/* What the producer says, of which the first line is a sentence, and which is valid until it is
 * asked for something else. chunk 0: the schema. */
static nq_status producer_refuse(const reader *in, int code, size_t chunk)
{
    struct ArrowArrayStream *stream = in->stream;
    const char *said = stream->get_last_error ? stream->get_last_error(stream) : NULL;
    const size_t all = said ? strcspn(said, "\r\n") : 0;
    const int length = all < MOST ? (int)all : MOST;
    char what[40] = "schema";
    if (chunk)
        snprintf(what, sizeof what, "chunk %zu", chunk);
    return nqi_fail(in->context, code == ENOMEM ? NQ_ERROR_MEMORY : NQ_ERROR_FILE,
                    "an Arrow stream: its producer failed to give its %s: %.*s (error %d)", what,
                    length ? length : MOST, length ? said : "it does not say why", code);
}

static nq_status chunks_read(reader *in)
{
    for (size_t i = 1;; i++) {
        struct ArrowArray chunk = {0};
        const nq_status status = nqi_tell(in->context, "reading chunks", 0, 0);
        if (status)
            return status;
        const int code = in->stream->get_next(in->stream, &chunk);
        if (code)
            return producer_refuse(in, code, i);
        if (!chunk.release)
            return NQ_OK;
        if (!chunk.length) {
            chunk.release(&chunk);
            continue;
        }
        if (!nqi_grow(&in->chunks, &in->room, in->count + 1, sizeof *in->chunks)) {
            chunk.release(&chunk);
            return nqi_fail_memory(in->context, "an Arrow stream", in->count * sizeof chunk);
        }
        in->chunks[in->count++] = chunk;
    }
}

static nq_status stream_read(reader *in)
{
    const int code = in->stream->get_schema(in->stream, &in->schema);
    if (code)
        return producer_refuse(in, code, 0);
    const nq_status status = chunks_read(in);
    if (!status && !in->count)
        return nqi_fail(in->context, NQ_ERROR_ARGUMENT,
                        "an Arrow stream: expected one row at least");
    return status;
}

nq_status nq_dataset_from_arrow_stream(nq_dataset **out, nq_context *context,
                                       struct ArrowArrayStream *stream)
{
    reader in = {.context = context, .stream = stream};
    *out = NULL;
    if (!stream->release)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "an Arrow stream: it was released or moved already");
    nq_status status = stream_read(&in);
    stream->release(stream);
    stream->release = NULL;
    if (!status)
        status =
            nqi_arrow_set_new(out, context, &in.schema, in.chunks, in.count, "an Arrow stream");
    for (size_t i = 0; i < in.count; i++)
        if (in.chunks[i].release)
            in.chunks[i].release(&in.chunks[i]);
    free(in.chunks);
    if (in.schema.release)
        in.schema.release(&in.schema);
    return status;
}
