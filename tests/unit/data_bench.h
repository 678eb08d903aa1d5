/* data_bench.h - what tests of data files share: a context with threads, a folder, small files. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_UNIT_DATA_BENCH_H
#define TESTS_UNIT_DATA_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <zlib.h>

#include <cmocka.h>

#include <noneq/data.h>

#include "core/context.h"
#include "says.h"
#include "scratch.h"

typedef struct bench {
    scratch place;
    nq_context context;
    nq_dataset *data; /* freed with the bench */
} bench;

static inline int bench_set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    if (!b || scratch_new(&b->place) || nqi_pool_new(&b->context.pool, 2))
        return -1;
    *state = b;
    return 0;
}

static inline int bench_tear_down(void **state)
{
    bench *b = *state;
    nq_dataset_free(b->data);
    nqi_pool_free(b->context.pool);
    scratch_free(&b->place);
    free(b);
    return 0;
}

/* The sentence of the last failure has this part. */
static inline void bench_says(const bench *b, const char *part)
{
    context_says(&b->context, part);
}

static inline nq_status bench_open(bench *b, const char *path)
{
    nq_dataset_free(b->data);
    b->data = NULL;
    return nq_dataset_open(&b->data, &b->context, path);
}

/* Writes the bytes to a file of that name and opens it as data. */
static inline nq_status bench_read(bench *b, const char *name, const void *bytes, size_t count)
{
    const char *path = scratch_path(&b->place, name);
    assert_int_equal(scratch_put(path, bytes, count), 0);
    return bench_open(b, path);
}

/* The same, compressed. */
static inline nq_status bench_read_gzip(bench *b, const char *name, const void *bytes,
                                        size_t count)
{
    const char *path = scratch_path(&b->place, name);
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)count), (int)count);
    assert_int_equal(gzclose(file), Z_OK);
    return bench_open(b, path);
}

static inline double bench_cell(const bench *b, size_t row, size_t column)
{
    double cells[64];
    assert_true(nq_dataset_dim(b->data) <= 64 && row < nq_dataset_rows(b->data));
    nq_dataset_row(cells, b->data, row);
    return cells[column];
}

/* The open set is exactly values[rows][dim]; missing cells are NaN. */
static inline void bench_holds(const bench *b, size_t rows, size_t dim, const double *values)
{
    assert_int_equal(nq_dataset_rows(b->data), rows);
    assert_int_equal(nq_dataset_dim(b->data), dim);
    for (size_t i = 0; i < rows * dim; i++) {
        const double found = bench_cell(b, i / dim, i % dim);
        const double expected = (double)values[i];
        if (found != expected && (found == found || expected == expected))
            fail_msg("row %zu, column %zu: %g, not %g", i / dim, i % dim, found, expected);
    }
}

/* Rows of the open set are pictures of this shape; channels 0: none. */
static inline void bench_shape(const bench *b, size_t channels, size_t height, size_t width)
{
    nq_picture picture;
    nq_dataset_picture(&picture, b->data);
    assert_int_equal(picture.channels, channels);
    assert_int_equal(picture.height, height);
    assert_int_equal(picture.width, width);
}

#endif
