/* columns_make.h - data sets of columns in memory, made by tests. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_UNIT_COLUMNS_MAKE_H
#define TESTS_UNIT_COLUMNS_MAKE_H

#include <noneq/columns.h>

#include "data_bench.h"

static inline nq_column column_of(const char *name, nq_element element, const void *start,
                                  ptrdiff_t stride)
{
    return (nq_column){.size = sizeof(nq_column),
                       .name = name,
                       .element = element,
                       .start = start,
                       .stride = stride};
}

static inline nq_status make(bench *b, const nq_column *columns, size_t count, size_t rows)
{
    nq_dataset_free(b->data);
    return nq_dataset_from_columns(&b->data, &b->context, columns, count, rows);
}

/* It must. */
static inline void makes(bench *b, const nq_column *columns, size_t count, size_t rows)
{
    const nq_status status = make(b, columns, count, rows);
    if (status)
        fail_msg("%s", b->context.message);
}

#endif
