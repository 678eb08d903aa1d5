/* gather.c - rows brought together feature by feature, as numbers that a model takes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/gather/gather.h"

#include <string.h>

#include "table/gather/loops.h"

enum { ROWS = NQI_GATHER_ROWS };
/* What is asked for of rows that come next: the processor sees by itself how a long row goes on. A
 * small set is in a cache of the core. */
enum { LINE = 64, AHEAD = 4 * LINE, SMALL = 1 << 18 }; /* bytes */

/* Rows are drawn from all over the data, so that each would be waited for. */
static void rows_await(const nqi_place *rows, size_t count, size_t bytes)
{
    for (size_t k = 0; k < count; k++)
        for (size_t at = 0; at < bytes; at += LINE)
            __builtin_prefetch(rows[k].start + at);
}

/* Columns i..i+3 lie side by side. */
static int are_neighbours(const nqi_gather_plan *plan, size_t i)
{
    const size_t *c = plan->columns ? plan->columns + i : NULL;
    return !c || (c[1] == c[0] + 1 && c[2] == c[0] + 2 && c[3] == c[0] + 3);
}

/* Sets of four neighbouring columns, until one is none; the number of columns that are done. */
static size_t gather_fours(nqi_gather_four *four, const nqi_place *rows,
                           const nqi_gather_plan *plan, nqi_real *out, size_t stride)
{
    size_t i = 0;
    for (; i + 4 <= plan->dim; i += 4) {
        const size_t c = plan->columns ? plan->columns[i] : i;
        double shift[4], scale[4];
        if (!are_neighbours(plan, i))
            break;
        for (size_t j = 0; j < 4; j++) {
            shift[j] = nqi_shift_of(plan, c + j);
            scale[j] = nqi_scale_of(plan, c + j);
        }
        four(rows, c, shift, scale, out + i * stride, stride);
    }
    return i;
}

static void gather_pieces(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                          const nqi_gather_plan *plan, nqi_real *out, size_t stride)
{
    const size_t bytes = dataset->dim * nqi_element_size(dataset->layout.element);
    const size_t ahead = dataset->rows < SMALL / bytes ? 0 : bytes < AHEAD ? bytes : AHEAD;
    nqi_place both[2][ROWS], *places = both[0], *next = both[1];
    nqi_gather_plan here = *plan;
    memcpy(here.offsets, dataset->layout.offsets, sizeof here.offsets);
    nqi_gather_four *const four = here.offsets[0]                      ? NULL
                                  : dataset->layout.element == NQI_F32 ? nqi_gather_floats
                                  : dataset->layout.element == NQI_F64 ? nqi_gather_doubles
                                                                       : NULL;
    size_t some = count < ROWS ? count : ROWS;
    nqi_dataset_locate_rows(dataset, rows, some, places);
    for (size_t first = 0; first < count;) {
        const size_t after = first + some, more = count - after < ROWS ? count - after : ROWS;
        nqi_dataset_locate_rows(dataset, rows + after, more, next);
        rows_await(next, more, ahead);
        for (size_t k = some; k < ROWS; k++)
            places[k] = places[0]; /* read, and not written */
        const size_t fours =
            four && some == ROWS ? gather_fours(four, places, &here, out + first, stride) : 0;
        nqi_loops_of[dataset->layout.element].gather(places, some, &here, fours, out + first,
                                                     stride);
        nqi_place *const done = places;
        places = next;
        next = done;
        first = after;
        some = more;
    }
}

/* The rows of a set whose columns lie apart. */
static void gather_apart(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                         const nqi_gather_plan *plan, nqi_real *out, size_t stride)
{
    enum { PART = 4 * ROWS };
    uint64_t here[PART];
    for (size_t first = 0; first < count; first += PART) {
        const size_t some = count - first < PART ? count - first : PART;
        for (size_t k = 0; k < some; k++)
            here[k] = nqi_dataset_root_row(dataset, rows[first + k]);
        for (size_t i = 0; i < plan->dim; i++) {
            const size_t c = plan->columns ? plan->columns[i] : i;
            const nqi_strided *from = &dataset->columns[c].numbers;
            nqi_loops_of[from->element].take(out + i * stride + first, from, here, some,
                                             nqi_shift_of(plan, c), nqi_scale_of(plan, c));
        }
    }
}

static void gather(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                   const nqi_gather_plan *plan, nqi_real *out, size_t stride)
{
    (dataset->layout.is_apart ? gather_apart : gather_pieces)(dataset, rows, count, plan, out,
                                                              stride);
}

void nqi_dataset_gather(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                        const double *shift, const double *scale, nqi_real *out, size_t stride)
{
    const nqi_gather_plan plan = {.dim = dataset->dim, .shift = shift, .scale = scale};
    gather(dataset, rows, count, &plan, out, stride);
}

void nqi_dataset_gather_columns(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                                const size_t *columns, size_t column_count, const double *shift,
                                const double *divisor, nqi_real *out, size_t stride)
{
    const nqi_gather_plan plan = {.columns = columns,
                                  .dim = column_count,
                                  .shift = shift,
                                  .divisor = divisor};
    gather(dataset, rows, count, &plan, out, stride);
}

static void row_apart(const nq_dataset *dataset, size_t row, double *out)
{
    const uint64_t at = nqi_dataset_root_row(dataset, row);
    for (size_t c = 0; c < dataset->dim; c++)
        out[c] = nqi_strided_read(&dataset->columns[c].numbers, at);
}

void nq_dataset_row(double *out, const nq_dataset *dataset, size_t row)
{
    const nqi_row_layout *layout = &dataset->layout;
    if (dataset->columns && (layout->is_apart || layout->offsets[0])) {
        row_apart(dataset, row, out);
        return;
    }
    const nqi_place place = nqi_dataset_locate(dataset, row);
    const size_t *at = layout->offsets[place.is_mirrored];
    const size_t size = nqi_element_size(layout->element);
    if (!at)
        nqi_loops_of[layout->element].read(out, place.start, dataset->dim);
    for (size_t c = 0; at && c < dataset->dim; c++)
        nqi_loops_of[layout->element].read(out + c, place.start + at[c] * size, 1);
}

void nqi_crops_read(const nq_dataset *crops, const nqi_run *run, double *out)
{
    nqi_loops_of[crops->layout.element].read(out, run->start, run->count);
}
