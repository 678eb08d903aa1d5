/* new.c - Arrow arrays and schemas that own what they point at, and how they are released. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/arrow/new.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"

enum { ALIGN = 64 }; /* bytes between which buffers begin */

/* What the private data of an array are: all that it points at. */
typedef struct own_array {
    const void *buffers[NQI_ARROW_BUFFERS];
    void *owned[NQI_ARROW_BUFFERS];
    struct ArrowArray **children; /* into one piece of memory */
    struct ArrowArray *block, dictionary;
} own_array;

typedef struct own_schema {
    char *format, *name;
    struct ArrowSchema **children;
    struct ArrowSchema *block, dictionary;
} own_schema;

static void array_release(struct ArrowArray *array)
{
    own_array *own = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    if (array->dictionary && array->dictionary->release)
        array->dictionary->release(array->dictionary);
    for (size_t i = 0; i < NQI_ARROW_BUFFERS; i++)
        free(own->owned[i]);
    free(own->children);
    free(own->block);
    free(own);
    array->release = NULL;
}

static void schema_release(struct ArrowSchema *schema)
{
    own_schema *own = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    if (schema->dictionary && schema->dictionary->release)
        schema->dictionary->release(schema->dictionary);
    free(own->format);
    free(own->name);
    free(own->children);
    free(own->block);
    free(own);
    schema->release = NULL;
}

/* Zeroed, from an address that Arrow's readers like. */
static void *buffer_new(size_t bytes)
{
    if (bytes > PTRDIFF_MAX - ALIGN)
        return NULL;
    const size_t room = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    void *out = aligned_alloc(ALIGN, room);
    return out ? memset(out, 0, room) : NULL;
}

static int array_fill(own_array *own, const size_t *bytes, size_t buffers, size_t children)
{
    for (size_t i = 0; i < buffers; i++) {
        own->buffers[i] = own->owned[i] = bytes[i] ? buffer_new(bytes[i]) : NULL;
        if (bytes[i] && !own->owned[i])
            return 0;
    }
    if (!children)
        return 1;
    own->block = calloc(children, sizeof *own->block);
    own->children = malloc(children * sizeof *own->children);
    for (size_t i = 0; own->block && own->children && i < children; i++)
        own->children[i] = &own->block[i];
    return own->block && own->children;
}

nq_status nqi_arrow_array_new(struct ArrowArray *out, nq_context *context, size_t rows,
                              const size_t *bytes, size_t buffers, size_t children)
{
    own_array *own = calloc(1, sizeof *own);
    *out = (struct ArrowArray){0};
    if (!own)
        return nqi_fail_memory(context, "an Arrow array", sizeof *own);
    out->private_data = own;
    out->release = array_release;
    if (!array_fill(own, bytes, buffers, children)) {
        array_release(out);
        *out = (struct ArrowArray){0};
        return nqi_fail_memory(context, "an Arrow array", buffers ? bytes[buffers - 1] : 0);
    }
    out->length = (int64_t)rows;
    out->n_buffers = (int64_t)buffers;
    out->buffers = own->buffers;
    out->n_children = (int64_t)children;
    out->children = own->children;
    return NQ_OK;
}

void *nqi_arrow_buffer(const struct ArrowArray *array, size_t i)
{
    return ((own_array *)array->private_data)->owned[i];
}

void nqi_arrow_buffer_drop(struct ArrowArray *array, size_t i)
{
    own_array *own = array->private_data;
    free(own->owned[i]);
    own->owned[i] = NULL;
    own->buffers[i] = NULL;
}

struct ArrowArray *nqi_arrow_dictionary_add(struct ArrowArray *array)
{
    array->dictionary = &((own_array *)array->private_data)->dictionary;
    return array->dictionary;
}

nq_status nqi_arrow_schema_new(struct ArrowSchema *out, nq_context *context, const char *format,
                               const char *name, size_t children)
{
    own_schema *own = calloc(1, sizeof *own);
    *out = (struct ArrowSchema){0};
    if (!own)
        return nqi_fail_memory(context, "an Arrow schema", sizeof *own);
    out->private_data = own;
    out->release = schema_release;
    own->format = strdup(format);
    own->name = strdup(name ? name : "");
    own->block = children ? calloc(children, sizeof *own->block) : NULL;
    own->children = children ? malloc(children * sizeof *own->children) : NULL;
    if (!own->format || !own->name || (children && (!own->block || !own->children))) {
        schema_release(out);
        *out = (struct ArrowSchema){0};
        return nqi_fail_memory(context, "an Arrow schema", children * sizeof *own->block);
    }
    for (size_t i = 0; i < children; i++)
        own->children[i] = &own->block[i];
    out->format = own->format;
    out->name = own->name;
    out->n_children = (int64_t)children;
    out->children = own->children;
    return NQ_OK;
}

struct ArrowSchema *nqi_arrow_schema_dictionary_add(struct ArrowSchema *schema)
{
    schema->dictionary = &((own_schema *)schema->private_data)->dictionary;
    return schema->dictionary;
}

nq_status nqi_arrow_schema_copy(struct ArrowSchema *out, nq_context *context,
                                const struct ArrowSchema *from)
{
    nq_status status =
        nqi_arrow_schema_new(out, context, from->format, from->name, (size_t)from->n_children);
    if (status)
        return status;
    out->flags = from->flags;
    for (int64_t i = 0; i < from->n_children && !status; i++)
        status = nqi_arrow_schema_copy(out->children[i], context, from->children[i]);
    if (from->dictionary && !status)
        status = nqi_arrow_schema_copy(nqi_arrow_schema_dictionary_add(out), context,
                                       from->dictionary);
    if (status)
        schema_release(out);
    return status;
}
