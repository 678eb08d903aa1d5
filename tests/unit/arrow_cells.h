/* arrow_cells.h - what the columns of a bench's data set hold, and the set as Arrow arrays. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_UNIT_ARROW_CELLS_H
#define TESTS_UNIT_ARROW_CELLS_H

#include <math.h>

#include <noneq/arrow.h>

#include "data_bench.h"

static inline void column_is(bench *b, size_t column, const double *expected)
{
    for (size_t r = 0; r < nq_dataset_rows(b->data); r++) {
        const double x = bench_cell(b, r, column);
        if (isnan(expected[r]) ? !isnan(x) : x != expected[r])
            fail_msg("column %zu, row %zu: %.17g, not %.17g", column, r, x, expected[r]);
    }
}

static inline void text_is(bench *b, size_t column, const char *const *expected)
{
    char text[NQ_TEXT_SIZE];
    for (size_t r = 0; r < nq_dataset_rows(b->data); r++) {
        nq_dataset_cell_text(text, sizeof text, b->data, column, bench_cell(b, r, column));
        assert_string_equal(text, expected[r]);
    }
}

typedef struct exported {
    struct ArrowArray array;
    struct ArrowSchema schema;
} exported;

/* like NULL: as by default. */
static inline exported exported_like(bench *b, const struct ArrowSchema *like,
                                     const nq_dataset *texts)
{
    exported out;
    const nq_status status =
        like
            ? nq_dataset_to_arrow_like(&out.array, &out.schema, &b->context, b->data, like, texts)
            : nq_dataset_to_arrow(&out.array, &out.schema, &b->context, b->data);
    if (status)
        fail_msg("%s", b->context.message);
    return out;
}

static inline void exported_free(exported *e)
{
    e->array.release(&e->array);
    e->schema.release(&e->schema);
}

#endif
