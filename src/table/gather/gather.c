/* gather.c - the loops over a data set's numbers, one copy per element type. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/gather/gather.h"

#include <string.h>

enum { LANES = NQI_GATHER_ROWS };
/* What is asked for of rows that come next: the processor sees by itself how a long row goes on. A
 * small set is in a cache of the core. */
enum { LINE = 64, AHEAD = 4 * LINE, SMALL = 1 << 18 }; /* bytes */

typedef struct gather_plan {
    const size_t *columns; /* [dim], or NULL: all */
    size_t dim;
    const double *shift, *scale, *divisor; /* by data column; any may be NULL */
    const size_t *offsets[2];              /* as in nq_dataset */
} gather_plan;

typedef struct scan {
    size_t missing, first_missing; /* first_missing: column of this row; dim: none */
    int binary;
} scan;

static double shift_of(const gather_plan *plan, size_t column)
{
    return plan->shift ? plan->shift[column] : 0;
}

static double scale_of(const gather_plan *plan, size_t column)
{
    const double scale = plan->scale ? plan->scale[column] : 1;
    return plan->divisor ? scale / plan->divisor[column] : scale;
}

/* x != x for NaN, and is simply false for integers. */
#define DEFINE_LOOPS(name, type)                                                                 \
    static void gather_##name(const nqi_place *rows, size_t count, const gather_plan *plan,      \
                              size_t first, nqi_real *out, size_t stride)                        \
    {                                                                                            \
        out += first * stride;                                                                   \
        for (size_t i = first; i < plan->dim; i++, out += stride) {                              \
            const size_t c = plan->columns ? plan->columns[i] : i;                               \
            const double shift = shift_of(plan, c), scale = scale_of(plan, c);                   \
            type numbers[LANES];                                                                 \
            nqi_real scaled[LANES];                                                              \
            if (plan->offsets[0]) {                                                              \
                const size_t at[2] = {plan->offsets[0][c], plan->offsets[1][c]};                 \
                for (size_t k = 0; k < LANES; k++)                                               \
                    numbers[k] =                                                                 \
                        ((const type *)(const void *)rows[k].start)[at[rows[k].is_mirrored]];    \
            } else {                                                                             \
                for (size_t k = 0; k < LANES; k++)                                               \
                    numbers[k] = ((const type *)(const void *)rows[k].start)[c];                 \
            }                                                                                    \
            for (size_t k = 0; k < LANES; k++)                                                   \
                scaled[k] = (nqi_real)(((double)numbers[k] - shift) * scale);                    \
            if (count == LANES)                                                                  \
                memcpy(out, scaled, sizeof scaled);                                              \
            else                                                                                 \
                memcpy(out, scaled, count * sizeof *out);                                        \
        }                                                                                        \
    }                                                                                            \
    static void scan_##name(scan *s, const unsigned char *bytes, size_t dim)                     \
    {                                                                                            \
        const type *row = (const type *)(const void *)bytes;                                     \
        s->first_missing = dim;                                                                  \
        for (size_t c = 0; c < dim; c++) {                                                       \
            const type x = row[c];                                                               \
            if (x != x) {                                                                        \
                s->missing++;                                                                    \
                s->first_missing = c < s->first_missing ? c : s->first_missing;                  \
            } else {                                                                             \
                s->binary &= x == 0 || x == 1;                                                   \
            }                                                                                    \
        }                                                                                        \
    }                                                                                            \
    static void read_##name(double *out, const unsigned char *bytes, size_t count)               \
    {                                                                                            \
        const type *numbers = (const type *)(const void *)bytes;                                 \
        for (size_t i = 0; i < count; i++)                                                       \
            out[i] = (double)numbers[i];                                                         \
    }

DEFINE_LOOPS(f32, float)
DEFINE_LOOPS(f64, double)
DEFINE_LOOPS(i8, int8_t)
DEFINE_LOOPS(u8, uint8_t)
DEFINE_LOOPS(i16, int16_t)
DEFINE_LOOPS(u16, uint16_t)
DEFINE_LOOPS(i32, int32_t)
DEFINE_LOOPS(u32, uint32_t)
DEFINE_LOOPS(i64, int64_t)
DEFINE_LOOPS(u64, uint64_t)

static const struct {
    /* Columns `first`.. of the plan. */
    void (*gather)(const nqi_place *rows, size_t count, const gather_plan *plan, size_t first,
                   nqi_real *out, size_t stride);
    void (*scan)(scan *s, const unsigned char *bytes, size_t dim);
    void (*read)(double *out, const unsigned char *bytes, size_t count);
} loops[] = {
    [NQI_F32] = {gather_f32, scan_f32, read_f32}, [NQI_F64] = {gather_f64, scan_f64, read_f64},
    [NQI_I8] = {gather_i8, scan_i8, read_i8},     [NQI_U8] = {gather_u8, scan_u8, read_u8},
    [NQI_I16] = {gather_i16, scan_i16, read_i16}, [NQI_U16] = {gather_u16, scan_u16, read_u16},
    [NQI_I32] = {gather_i32, scan_i32, read_i32}, [NQI_U32] = {gather_u32, scan_u32, read_u32},
    [NQI_I64] = {gather_i64, scan_i64, read_i64}, [NQI_U64] = {gather_u64, scan_u64, read_u64},
};

/* Rows are drawn from all over the data, so that each would be waited for. */
static void rows_await(const nqi_place *rows, size_t count, size_t bytes)
{
    for (size_t k = 0; k < count; k++)
        for (size_t at = 0; at < bytes; at += LINE)
            __builtin_prefetch(rows[k].start + at);
}

/* Columns i..i+3 lie side by side. */
static int are_neighbours(const gather_plan *plan, size_t i)
{
    const size_t *c = plan->columns ? plan->columns + i : NULL;
    return !c || (c[1] == c[0] + 1 && c[2] == c[0] + 2 && c[3] == c[0] + 3);
}

/* Sets of four neighbouring columns, until one is none; the number of columns that are done. */
static size_t gather_fours(nqi_gather_four *four, const nqi_place *rows, const gather_plan *plan,
                           nqi_real *out, size_t stride)
{
    size_t i = 0;
    for (; i + 4 <= plan->dim; i += 4) {
        const size_t c = plan->columns ? plan->columns[i] : i;
        double shift[4], scale[4];
        if (!are_neighbours(plan, i))
            break;
        for (size_t j = 0; j < 4; j++) {
            shift[j] = shift_of(plan, c + j);
            scale[j] = scale_of(plan, c + j);
        }
        four(rows, c, shift, scale, out + i * stride, stride);
    }
    return i;
}

static void gather(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                   const gather_plan *plan, nqi_real *out, size_t stride)
{
    const size_t bytes = dataset->dim * nqi_element_size(dataset->element);
    const size_t ahead = dataset->rows < SMALL / bytes ? 0 : bytes < AHEAD ? bytes : AHEAD;
    nqi_place both[2][LANES], *places = both[0], *next = both[1];
    gather_plan here = *plan;
    memcpy(here.offsets, dataset->offsets, sizeof here.offsets);
    nqi_gather_four *const four = here.offsets[0]               ? NULL
                                  : dataset->element == NQI_F32 ? nqi_gather_floats
                                  : dataset->element == NQI_F64 ? nqi_gather_doubles
                                                                : NULL;
    size_t lanes = count < LANES ? count : LANES;
    nqi_dataset_locate_rows(dataset, rows, lanes, places);
    for (size_t first = 0; first < count;) {
        const size_t after = first + lanes, more = count - after < LANES ? count - after : LANES;
        nqi_dataset_locate_rows(dataset, rows + after, more, next);
        rows_await(next, more, ahead);
        for (size_t k = lanes; k < LANES; k++)
            places[k] = places[0]; /* read, and not written */
        const size_t fours =
            four && lanes == LANES ? gather_fours(four, places, &here, out + first, stride) : 0;
        loops[dataset->element].gather(places, lanes, &here, fours, out + first, stride);
        nqi_place *const done = places;
        places = next;
        next = done;
        first = after;
        lanes = more;
    }
}

void nqi_dataset_gather(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                        const double *shift, const double *scale, nqi_real *out, size_t stride)
{
    const gather_plan plan = {.dim = dataset->dim, .shift = shift, .scale = scale};
    gather(dataset, rows, count, &plan, out, stride);
}

void nqi_dataset_gather_columns(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                                const size_t *columns, size_t column_count, const double *shift,
                                const double *divisor, nqi_real *out, size_t stride)
{
    const gather_plan plan = {.columns = columns,
                              .dim = column_count,
                              .shift = shift,
                              .divisor = divisor};
    gather(dataset, rows, count, &plan, out, stride);
}

void nq_dataset_row(const nq_dataset *dataset, size_t row, double *out)
{
    const nqi_place place = nqi_dataset_locate(dataset, row);
    const size_t *at = dataset->offsets[place.is_mirrored];
    const size_t size = nqi_element_size(dataset->element);
    if (!at)
        loops[dataset->element].read(out, place.start, dataset->dim);
    for (size_t c = 0; at && c < dataset->dim; c++)
        loops[dataset->element].read(out + c, place.start + at[c] * size, 1);
}

void nqi_crops_read(const nq_dataset *crops, const nqi_run *run, double *out)
{
    loops[crops->element].read(out, run->start, run->count);
}

static int is_real(const nq_dataset *dataset)
{
    return dataset->element == NQI_F32 || dataset->element == NQI_F64;
}

/* One row, whose numbers need not lie one after the other. */
static void scan_row(const nq_dataset *dataset, size_t row, scan *s)
{
    const unsigned char *start = nqi_dataset_locate(dataset, row).start;
    const size_t size = nqi_element_size(dataset->element), *offsets = dataset->offsets[0];
    if (!offsets) {
        loops[dataset->element].scan(s, start, dataset->dim);
        return;
    }
    s->first_missing = dataset->dim;
    for (size_t c = 0; c < dataset->dim; c++) {
        scan one = {.binary = s->binary};
        loops[dataset->element].scan(&one, start + offsets[c] * size, 1);
        s->binary = one.binary;
        s->missing += one.missing;
        if (one.missing && s->first_missing == dataset->dim)
            s->first_missing = c;
    }
}

static void scan_rows(nq_dataset *dataset, scan *s)
{
    int found = 0;
    for (size_t row = 0; row < dataset->rows; row++) {
        scan_row(dataset, row, s);
        if (!found && s->missing > 0) {
            found = 1;
            dataset->missing_row = row;
            dataset->missing_column = s->first_missing;
        }
        if (!s->binary && !is_real(dataset))
            break; /* integers are never missing */
    }
}

/* The first missing cell in the order of rows; 0 when no row shows one. */
static int missing_find(nq_dataset *dataset)
{
    const size_t *const *offsets = dataset->offsets;
    const size_t size = nqi_element_size(dataset->element);
    for (size_t row = 0; row < dataset->rows; row++) {
        const nqi_place place = nqi_dataset_locate(dataset, row);
        for (size_t c = 0; c < dataset->dim; c++) {
            scan s = {0};
            loops[dataset->element].scan(&s, place.start + offsets[place.is_mirrored][c] * size,
                                         1);
            if (s.missing) {
                dataset->missing_row = row;
                dataset->missing_column = c;
                return 1;
            }
        }
    }
    return 0;
}

static void scan_pixels(nq_dataset *dataset, const nq_dataset *crops, scan *s)
{
    const uint64_t runs = nqi_crops_runs(crops);
    for (uint64_t i = 0; i < runs; i++) {
        const nqi_run run = nqi_crops_run(crops, i);
        loops[crops->element].scan(s, run.start, run.count);
        if (!s->binary && !is_real(dataset))
            break;
    }
    if (s->missing > 0 && !missing_find(dataset))
        s->missing = 0; /* a slice that does not show them */
}

void nqi_dataset_scan(nq_dataset *dataset)
{
    const nq_dataset *crops = nqi_dataset_crops(dataset);
    scan s = {.binary = 1};
    if (crops)
        scan_pixels(dataset, crops, &s);
    else
        scan_rows(dataset, &s);
    dataset->binary = s.binary;
    dataset->missing = s.missing;
}
