/* arrow_in.c - a data set from a struct array of the Arrow C data interface. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "table/memory/arrow.h"

/* What the set keeps: the array, moved, and what was converted. */
typedef struct kept {
    struct ArrowArray array;
    void *room;
} kept;

static void kept_give_back(void *lent)
{
    kept *k = lent;
    if (k->array.release)
        k->array.release(&k->array);
    free(k->room);
    free(k);
}

typedef struct importer {
    nq_context *context;
    const struct ArrowArray *array;
    const struct ArrowSchema *schema;
    nq_column *columns;
    nqi_arrow_child *children;
    size_t count, rows;
} importer;

static nq_status refuse(nq_context *context, const char *what)
{
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "an Arrow array: %s", what);
}

/* Rows that are null as a whole have no place in a table. */
static nq_status rows_check(const importer *in)
{
    const unsigned char *valid =
        in->array->n_buffers > 0 && in->array->buffers && in->array->null_count
            ? in->array->buffers[0]
            : NULL;
    const nqi_strided bits = {.valid = valid, .valid_first = (size_t)in->array->offset};
    for (size_t r = 0; r < in->rows && valid; r++)
        if (!nqi_strided_has(&bits, r))
            return nqi_fail(in->context, NQ_ERROR_UNSUPPORTED,
                            "row %zu of an Arrow array is null as a whole: expected rows whose "
                            "cells are null",
                            r + 1);
    return NQ_OK;
}

static nq_status outside_check(const importer *in)
{
    const struct ArrowArray *a = in->array;
    const struct ArrowSchema *s = in->schema;
    if (!a->release || !s->release)
        return refuse(in->context, "it, or its schema, was released or moved already");
    if (!s->format || strcmp(s->format, "+s") != 0)
        return nqi_fail(
            in->context, NQ_ERROR_ARGUMENT,
            "an Arrow array of format \"%.60s\": expected a struct array, +s, such as "
            "a record batch",
            s->format ? s->format : "");
    if (a->n_children < 1 || a->n_children != s->n_children || !a->children || !s->children)
        return refuse(in->context,
                      "expected as many columns as its schema has, and one at least");
    if (a->length < 1 || a->offset < 0 || a->length > PTRDIFF_MAX - a->offset)
        return refuse(in->context, "expected one row at least");
    return NQ_OK;
}

static nq_status children_find(importer *in, size_t *bytes)
{
    nq_status status = NQ_OK;
    *bytes = 0;
    for (size_t c = 0; c < in->count && !status; c++) {
        nqi_arrow_child *child = &in->children[c];
        *child = (nqi_arrow_child){.context = in->context,
                                   .array = in->array->children[c],
                                   .schema = in->schema->children[c],
                                   .place = c,
                                   .rows = in->rows,
                                   .first = (size_t)in->array->offset};
        status = nqi_arrow_child_find(&in->columns[c], child);
        if (child->room > PTRDIFF_MAX - *bytes)
            status = nqi_fail_memory(in->context, "an Arrow array", child->room);
        *bytes += child->room;
    }
    return status;
}

static nq_status children_convert(importer *in, unsigned char *room)
{
    nq_status status = NQ_OK;
    for (size_t c = 0; c < in->count && !status; c++) {
        status = nqi_arrow_child_convert(&in->columns[c], &in->children[c], room);
        room += in->children[c].room;
    }
    return status;
}

static nq_status set_make(nq_dataset **out, importer *in, kept *k)
{
    size_t bytes;
    in->columns = calloc(in->count, sizeof *in->columns);
    in->children = calloc(in->count, sizeof *in->children);
    if (!in->columns || !in->children)
        return nqi_fail_memory(in->context, "an Arrow array", in->count * sizeof *in->columns);
    nq_status status = children_find(in, &bytes);
    if (status)
        return status;
    if (bytes && !(k->room = aligned_alloc(NQI_ARROW_ALIGN, bytes)))
        return nqi_fail_memory(in->context, "an Arrow array", bytes);
    if ((status = children_convert(in, k->room)))
        return status;
    return nq_dataset_from_columns(out, in->context, in->columns, in->count, in->rows);
}

nq_status nq_dataset_from_arrow(nq_dataset **out, nq_context *context, struct ArrowArray *array,
                                const struct ArrowSchema *schema)
{
    importer in = {.context = context, .array = array, .schema = schema};
    *out = NULL;
    nq_status status = outside_check(&in);
    if (status)
        return status;
    in.count = (size_t)array->n_children;
    in.rows = (size_t)array->length;
    if ((status = rows_check(&in)))
        return status;
    kept *k = calloc(1, sizeof *k);
    if (!k)
        return nqi_fail_memory(context, "an Arrow array", sizeof *k);
    status = set_make(out, &in, k);
    for (size_t c = 0; in.children && c < in.count; c++)
        nqi_arrow_child_free(&in.children[c]);
    free(in.children);
    free(in.columns);
    if (status) {
        kept_give_back(k);
        return status;
    }
    k->array = *array; /* moved */
    array->release = NULL;
    (*out)->owned.lent = k;
    (*out)->owned.give_back = kept_give_back;
    return NQ_OK;
}
