/* arrow_batch.h - record batches by hand, as another library would make them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_UNIT_ARROW_BATCH_H
#define TESTS_UNIT_ARROW_BATCH_H

#include <string.h>

#include <noneq/arrow.h>

enum { CHILDREN = 24, BUFFERS = 6 };

/* A record batch as another library would make it: children one after the other, whose release
 * counts. */
typedef struct batch {
    struct ArrowArray array, child[CHILDREN], dictionary;
    struct ArrowSchema schema, field[CHILDREN], texts;
    struct ArrowArray *children[CHILDREN];
    struct ArrowSchema *fields[CHILDREN];
    const void *none[1], *buffers[CHILDREN][BUFFERS], *of_dictionary[BUFFERS];
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

/* A column of string views, whose texts are inside or in these two buffers. */
static inline void batch_add_views(batch *b, const char *name, const void *valid,
                                   const void *views, const void *first, const void *second,
                                   const int64_t *sizes)
{
    struct ArrowArray *array = batch_add(b, name, "vu", valid, views, first, 0);
    const size_t c = (size_t)b->array.n_children - 1;
    b->buffers[c][3] = second;
    b->buffers[c][4] = sizes;
    array->n_buffers = 5;
}

/* A dictionary of any format for the last column that was added: its buffers beside its bits. */
static inline void batch_give_dictionary(batch *b, const char *format, int64_t count,
                                         const void *valid, const void *first, const void *second)
{
    const size_t c = (size_t)b->array.n_children - 1;
    b->of_dictionary[0] = valid;
    b->of_dictionary[1] = first;
    b->of_dictionary[2] = second;
    b->dictionary = (struct ArrowArray){.length = count,
                                        .null_count = valid ? -1 : 0,
                                        .n_buffers = second ? 3 : 2,
                                        .buffers = b->of_dictionary,
                                        .release = child_release};
    b->texts = (struct ArrowSchema){.format = format, .release = schema_release};
    b->child[c].dictionary = &b->dictionary;
    b->field[c].dictionary = &b->texts;
}

static inline void batch_add_dictionary(batch *b, const char *name, const char *format,
                                        const void *valid, const void *codes, int64_t offset,
                                        const int32_t *ends, const char *texts, int64_t count)
{
    batch_add(b, name, format, valid, codes, NULL, offset);
    batch_give_dictionary(b, "u", count, NULL, ends, texts);
}

#endif
