/* arrow_batch.h - record batches by hand, as another library would make them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_UNIT_ARROW_BATCH_H
#define TESTS_UNIT_ARROW_BATCH_H

#include <string.h>

#include <noneq/arrow.h>

enum { CHILDREN = 24 };

/* A record batch as another library would make it: children one after the other, whose release
 * counts. */
typedef struct batch {
    struct ArrowArray array, child[CHILDREN], dictionary;
    struct ArrowSchema schema, field[CHILDREN], texts;
    struct ArrowArray *children[CHILDREN];
    struct ArrowSchema *fields[CHILDREN];
    const void *none[1], *buffers[CHILDREN][3], *of_dictionary[3];
    int released;
} batch;

static inline void array_release(struct ArrowArray *array)
{
    ++*(int *)array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    array->release = NULL;
}

static inline void child_release(struct ArrowArray *array)
{
    array->release = NULL;
}

static inline void schema_release(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static inline void batch_new(batch *b, int64_t rows)
{
    memset(b, 0, sizeof *b);
    b->array = (struct ArrowArray){.length = rows,
                                   .n_buffers = 1,
                                   .buffers = b->none,
                                   .children = b->children,
                                   .release = array_release,
                                   .private_data = &b->released};
    b->schema = (struct ArrowSchema){.format = "+s",
                                     .name = "",
                                     .children = b->fields,
                                     .release = schema_release};
}

/* A column, whose cells begin at `offset` of its buffers. */
static inline struct ArrowArray *batch_add(batch *b, const char *name, const char *format,
                                           const void *valid, const void *numbers,
                                           const void *more, int64_t offset)
{
    const size_t c = (size_t)b->array.n_children++;
    const int64_t buffers = *format == 'n' ? 0 : *format == 'u' || *format == 'U' ? 3 : 2;
    b->schema.n_children++;
    b->buffers[c][0] = valid;
    b->buffers[c][1] = numbers;
    b->buffers[c][2] = more;
    b->child[c] = (struct ArrowArray){.length = b->array.length + b->array.offset,
                                      .null_count = valid ? -1 : 0,
                                      .offset = offset,
                                      .n_buffers = buffers,
                                      .buffers = b->buffers[c],
                                      .release = child_release};
    b->field[c] = (struct ArrowSchema){.format = format,
                                       .name = name,
                                       .flags = ARROW_FLAG_NULLABLE,
                                       .release = schema_release};
    b->children[c] = &b->child[c];
    b->fields[c] = &b->field[c];
    return &b->child[c];
}

static inline void batch_add_dictionary(batch *b, const char *name, const char *format,
                                        const void *valid, const void *codes, int64_t offset,
                                        const int32_t *ends, const char *texts, int64_t count)
{
    batch_add(b, name, format, valid, codes, NULL, offset)->dictionary = &b->dictionary;
    b->of_dictionary[1] = ends;
    b->of_dictionary[2] = texts;
    b->dictionary = (struct ArrowArray){.length = count,
                                        .n_buffers = 3,
                                        .buffers = b->of_dictionary,
                                        .release = child_release};
    b->texts = (struct ArrowSchema){.format = "u", .release = schema_release};
    b->field[b->array.n_children - 1].dictionary = &b->texts;
}

#endif
