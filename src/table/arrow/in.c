/* in.c - a data set from struct arrays of the Arrow C data interface, one or several. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/arrow/in.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "table/arrow/column.h"

enum { ROOMS = 2 }; /* numbers and bits of a column */

/* What the set keeps: the array, moved, and what was made. */
typedef struct kept {
    struct ArrowArray array;
    void **rooms; /* [count] */
    size_t count;
} kept;

static void kept_give_back(void *lent)
{
    kept *k = lent;
    if (k->array.release)
        k->array.release(&k->array);
    for (size_t i = 0; k->rooms && i < k->count; i++)
        free(k->rooms[i]);
    free(k->rooms);
    free(k);
}

typedef struct importer {
    nq_context *context;
    const struct ArrowSchema *schema;
    const struct ArrowArray *chunks;
    size_t chunk_count, count, rows; /* count: columns */
    const char *what;
    nq_column *columns;      /* [count] */
    nqi_arrow_column *made;  /* [count] */
    nqi_arrow_piece *pieces; /* [count][chunk_count] */
} importer;

static nq_status refuse(const importer *in, const char *what)
{
    return nqi_fail(in->context, NQ_ERROR_ARGUMENT, "%s: %s", in->what, what);
}

/* Rows that are null as a whole have no place in a table. */
static nq_status rows_check(const importer *in, const struct ArrowArray *chunk)
{
    for (size_t r = 0; r < (size_t)chunk->length && chunk->null_count; r++)
        if (!nqi_arrow_has(chunk, r))
            return nqi_fail(
                in->context, NQ_ERROR_UNSUPPORTED,
                "row %zu of %s is null as a whole: expected rows whose cells are null",
                in->rows + r + 1, in->what);
    return NQ_OK;
}

static nq_status schema_check(const importer *in)
{
    const struct ArrowSchema *s = in->schema;
    if (!s->release)
        return refuse(in, "its schema was released or moved already");
    if (!s->format || strcmp(s->format, "+s") != 0)
        return nqi_fail(in->context, NQ_ERROR_ARGUMENT,
                        "%s of format \"%.60s\": expected a struct array, +s, such as a table or "
                        "a record batch",
                        in->what, s->format ? s->format : "");
    return NQ_OK;
}

static nq_status chunk_check(importer *in, const struct ArrowArray *a)
{
    const struct ArrowSchema *s = in->schema;
    if (!a->release)
        return refuse(in, "it was released or moved already");
    if (a->n_children < 1 || a->n_children != s->n_children || !a->children || !s->children)
        return refuse(in, "expected as many columns as its schema has, and one at least");
    if (a->length < 1 || a->offset < 0 || a->length > PTRDIFF_MAX - a->offset ||
        (uint64_t)a->length > PTRDIFF_MAX - in->rows)
        return refuse(in, "expected one row at least");
    const nq_status status = rows_check(in, a);
    in->rows += (size_t)a->length;
    return status;
}

static void pieces_find(importer *in, size_t c)
{
    nqi_arrow_piece *pieces = in->pieces + c * in->chunk_count;
    size_t row = 0;
    for (size_t i = 0; i < in->chunk_count; i++) {
        const struct ArrowArray *chunk = &in->chunks[i];
        pieces[i] = (nqi_arrow_piece){.array = chunk->children[c],
                                      .first = (size_t)chunk->offset,
                                      .rows = (size_t)chunk->length,
                                      .row = row,
                                      .cell = "row"};
        row += pieces[i].rows;
    }
    in->made[c] = (nqi_arrow_column){.context = in->context,
                                     .schema = in->schema->children[c],
                                     .place = c,
                                     .rows = in->rows,
                                     .pieces = pieces,
                                     .piece_count = in->chunk_count};
}

static nq_status columns_read(importer *in)
{
    nq_status status = NQ_OK;
    in->columns = calloc(in->count, sizeof *in->columns);
    in->made = calloc(in->count, sizeof *in->made);
    in->pieces = calloc(in->count, in->chunk_count * sizeof *in->pieces);
    if (!in->columns || !in->made || !in->pieces)
        return nqi_fail_memory(in->context, in->what, in->count * sizeof *in->columns);
    for (size_t c = 0; c < in->count && !status; c++) {
        pieces_find(in, c);
        if (!(status = nqi_tell(in->context, "reading columns", (double)c, (double)in->count)))
            status = nqi_arrow_column_read(&in->columns[c], &in->made[c]);
    }
    return status;
}

static kept *kept_new(size_t columns)
{
    kept *k = calloc(1, sizeof *k);
    if (k && !(k->rooms = calloc(columns, ROOMS * sizeof *k->rooms))) {
        free(k);
        return NULL;
    }
    return k;
}

/* What was made for the columns is the set's from here on. */
static void rooms_keep(kept *k, importer *in)
{
    for (size_t c = 0; c < in->count; c++) {
        k->rooms[k->count++] = in->made[c].numbers;
        k->rooms[k->count++] = in->made[c].valid;
        in->made[c].numbers = in->made[c].valid = NULL;
    }
}

static nq_status set_make(nq_dataset **out, importer *in)
{
    nq_status status = columns_read(in);
    if (status)
        return status;
    kept *k = kept_new(in->count);
    if (!k)
        return nqi_fail_memory(in->context, in->what, in->count * sizeof *k);
    if ((status = nq_dataset_from_columns(out, in->context, in->columns, in->count, in->rows))) {
        kept_give_back(k);
        return status;
    }
    rooms_keep(k, in);
    (*out)->owned.lent = k;
    (*out)->owned.give_back = kept_give_back;
    return NQ_OK;
}

nq_status nqi_arrow_set_new(nq_dataset **out, nq_context *context,
                            const struct ArrowSchema *schema, struct ArrowArray *chunks,
                            size_t count, const char *what)
{
    importer in = {.context = context,
                   .schema = schema,
                   .chunks = chunks,
                   .chunk_count = count,
                   .what = what};
    *out = NULL;
    nq_status status = schema_check(&in);
    for (size_t i = 0; i < count && !status; i++)
        status = chunk_check(&in, &chunks[i]);
    if (status)
        return status;
    in.count = (size_t)schema->n_children;
    status = set_make(out, &in);
    for (size_t c = 0; in.made && c < in.count; c++)
        nqi_arrow_column_free(&in.made[c]);
    free(in.columns);
    free(in.made);
    free(in.pieces);
    if (!status && count == 1) { /* moved */
        ((kept *)(*out)->owned.lent)->array = *chunks;
        chunks->release = NULL;
    }
    return status;
}

nq_status nq_dataset_from_arrow(nq_dataset **out, nq_context *context, struct ArrowArray *array,
                                const struct ArrowSchema *schema)
{
    return nqi_arrow_set_new(out, context, schema, array, 1, "an Arrow array");
}
