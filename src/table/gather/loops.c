/* loops.c - the loops over a data set's numbers, one copy per element type. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/gather/loops.h"

#include <math.h>
#include <string.h>

#include "table/gather/gather.h"

enum { ROWS = NQI_GATHER_ROWS };

/* What stands where a row has no number. */
static void gaps_put(nqi_real *out, const nqi_strided *from, const uint64_t *rows, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!nqi_strided_has(from, rows[k]))
            out[k] = (nqi_real)NAN;
}

/* x != x for NaN, and is simply false for integers. */
#define DEFINE_LOOPS(name, type)                                                                 \
    static void gather_##name(const nqi_place *rows, size_t count, const nqi_gather_plan *plan,  \
                              size_t first, nqi_real *out, size_t stride)                        \
    {                                                                                            \
        out += first * stride;                                                                   \
        for (size_t i = first; i < plan->dim; i++, out += stride) {                              \
            const size_t c = plan->columns ? plan->columns[i] : i;                               \
            const double shift = nqi_shift_of(plan, c), scale = nqi_scale_of(plan, c);           \
            type numbers[ROWS];                                                                  \
            nqi_real scaled[ROWS];                                                               \
            if (plan->offsets[0]) {                                                              \
                const size_t at[2] = {plan->offsets[0][c], plan->offsets[1][c]};                 \
                for (size_t k = 0; k < ROWS; k++)                                                \
                    numbers[k] =                                                                 \
                        ((const type *)(const void *)rows[k].start)[at[rows[k].is_mirrored]];    \
            } else {                                                                             \
                for (size_t k = 0; k < ROWS; k++)                                                \
                    numbers[k] = ((const type *)(const void *)rows[k].start)[c];                 \
            }                                                                                    \
            for (size_t k = 0; k < ROWS; k++)                                                    \
                scaled[k] = (nqi_real)(((double)numbers[k] - shift) * scale);                    \
            if (count == ROWS)                                                                   \
                memcpy(out, scaled, sizeof scaled);                                              \
            else                                                                                 \
                memcpy(out, scaled, count * sizeof *out);                                        \
        }                                                                                        \
    }                                                                                            \
    static void scan_##name(nqi_look *s, const unsigned char *bytes, size_t dim)                 \
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
    static void take_##name(nqi_real *out, const nqi_strided *from, const uint64_t *rows,        \
                            size_t count, double shift, double scale)                            \
    {                                                                                            \
        for (size_t k = 0; k < count; k++) {                                                     \
            const unsigned char *at = nqi_strided_at(from, rows[k]);                             \
            out[k] = (nqi_real)(((double)*(const type *)(const void *)at - shift) * scale);      \
        }                                                                                        \
        if (from->valid)                                                                         \
            gaps_put(out, from, rows, count);                                                    \
    }                                                                                            \
    static void look_##name(nqi_look *s, const nqi_strided *from, const uint64_t *rows,          \
                            size_t count)                                                        \
    {                                                                                            \
        s->first_missing = count;                                                                \
        for (size_t k = count; k-- > 0;) {                                                       \
            const type x = *(const type *)(const void *)nqi_strided_at(from, rows[k]);           \
            const int is_gap = x != x || !nqi_strided_has(from, rows[k]);                        \
            s->missing += (size_t)is_gap;                                                        \
            s->first_missing = is_gap ? k : s->first_missing;                                    \
            s->binary &= is_gap || x == 0 || x == 1;                                             \
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

#define LOOPS(name)                                                                              \
    {                                                                                            \
        gather_##name, take_##name, scan_##name, look_##name, read_##name                        \
    }

const nqi_loops nqi_loops_of[] = {
    [NQI_F32] = LOOPS(f32), [NQI_F64] = LOOPS(f64), [NQI_I8] = LOOPS(i8),
    [NQI_U8] = LOOPS(u8),   [NQI_I16] = LOOPS(i16), [NQI_U16] = LOOPS(u16),
    [NQI_I32] = LOOPS(i32), [NQI_U32] = LOOPS(u32), [NQI_I64] = LOOPS(i64),
    [NQI_U64] = LOOPS(u64),
};

double nqi_strided_read(const nqi_strided *from, uint64_t row)
{
    double x;
    nqi_loops_of[from->element].read(&x, nqi_strided_at(from, row), 1);
    return nqi_strided_has(from, row) ? x : (double)NAN;
}
