/* arrow_takes.h - a record batch by hand as the data set of a bench, or refused. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_UNIT_ARROW_TAKES_H
#define TESTS_UNIT_ARROW_TAKES_H

#include "arrow_batch.h"
#include "arrow_cells.h"

static inline void takes(bench *b, batch *from)
{
    nq_dataset_free(b->data);
    const nq_status status =
        nq_dataset_from_arrow(&b->data, &b->context, &from->array, &from->schema);
    if (status)
        fail_msg("%s", b->context.message);
    assert_null(from->array.release); /* moved */
    assert_non_null(from->schema.release);
    assert_int_equal(from->released, 0);
}

static inline void refuses(bench *b, batch *from, nq_status status, const char *part)
{
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_arrow(&b->data, &b->context, &from->array, &from->schema),
                     status);
    bench_says(b, part);
    assert_null(b->data);
    assert_ptr_equal(from->array.release, array_release); /* still the caller's */
    assert_int_equal(from->released, 0);
}

static inline void lets_go(bench *b, batch *from)
{
    nq_dataset_free(b->data);
    b->data = NULL;
    assert_int_equal(from->released, 1);
}

#endif
