/* stream_out.c - a data set as a stream of one chunk of the Arrow C stream interface. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <errno.h>
#include <stdlib.h>

#include "core/context.h"
#include "table/arrow/new.h"

typedef struct own_stream {
    struct ArrowArray array; /* released: it was given */
    struct ArrowSchema schema;
    const char *error; /* of the last call, or NULL */
} own_stream;

static int schema_get(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    own_stream *own = stream->private_data;
    const int failed = nqi_arrow_schema_copy(out, NULL, &own->schema) != NQ_OK;
    own->error = failed ? "out of memory" : NULL;
    return failed ? ENOMEM : 0;
}

static int chunk_get(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    own_stream *own = stream->private_data;
    *out = own->array; /* moved: the second one is released */
    own->array.release = NULL;
    own->error = NULL;
    return 0;
}

static const char *error_get(struct ArrowArrayStream *stream)
{
    return ((own_stream *)stream->private_data)->error;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    own_stream *own = stream->private_data;
    if (own->array.release)
        own->array.release(&own->array);
    own->schema.release(&own->schema);
    free(own);
    stream->release = NULL;
}

nq_status nq_dataset_to_arrow_stream(struct ArrowArrayStream *out, nq_context *context,
                                     const nq_dataset *dataset, const struct ArrowSchema *like,
                                     const nq_dataset *texts)
{
    *out = (struct ArrowArrayStream){0};
    own_stream *own = calloc(1, sizeof *own);
    if (!own)
        return nqi_fail_memory(context, "an Arrow stream", sizeof *own);
    const nq_status status =
        nq_dataset_to_arrow_like(&own->array, &own->schema, context, dataset, like, texts);
    if (status) {
        free(own);
        return status;
    }
    *out = (struct ArrowArrayStream){.get_schema = schema_get,
                                     .get_next = chunk_get,
                                     .get_last_error = error_get,
                                     .release = stream_release,
                                     .private_data = own};
    return NQ_OK;
}
