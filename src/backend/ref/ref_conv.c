/* ref_conv.c - convolutions of maps with 3 x 3 weights, and their two gradients. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"

/* A line of a map of one channel, and its neighbour under one column of taps: out[x] meets
 * in[x + shift] for x in first..end-1, where both lie on the map. */
typedef struct overlap {
    size_t first, end; /* in numbers: pixels times rows */
    ptrdiff_t shift;
} overlap;

static overlap overlap_of(size_t tap, size_t width, size_t rows)
{
    return (overlap){tap == 0 ? rows : 0, (tap == 2 ? width - 1 : width) * rows,
                     ((ptrdiff_t)tap - 1) * (ptrdiff_t)rows};
}

/* The line of `map` that line y meets under tap line `tap`, or NULL beyond the edge. */
static const nq_real *line_met(const nq_real *map, size_t y, size_t tap, size_t height,
                               size_t line)
{
    if (y + tap < 1 || y + tap > height)
        return NULL;
    return map + (y + tap - 1) * line;
}

/* y += w conv x for one pair of planes */
static void plane_add(nq_real *y, const nq_real *w, const nq_real *x, size_t height, size_t width,
                      size_t rows)
{
    const size_t line = width * rows;
    for (size_t v = 0; v < height; v++) {
        for (size_t tap = 0; tap < 9; tap++) {
            const nq_real *from = line_met(x, v, tap / 3, height, line);
            const overlap o = overlap_of(tap % 3, width, rows);
            for (size_t at = o.first; from && at < o.end; at++)
                y[v * line + at] += w[tap] * from[(ptrdiff_t)at + o.shift];
        }
    }
}

static void fill(nq_real *y, nq_real value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = value;
}

void nqi_ref_conv_forward(nq_real *y, size_t ldy, const nq_real *w, const nq_real *b,
                          const nq_real *x, size_t ldx, size_t out, size_t in, size_t height,
                          size_t width, size_t rows, nqi_activation act, int accumulate,
                          nq_real *scratch)
{
    (void)scratch;
    const size_t plane = height * width * rows;
    for (size_t o = 0; o < out; o++) {
        nq_real *y_o = y + o * ldy;
        if (!accumulate)
            fill(y_o, 0, plane);
        for (size_t i = 0; i < in; i++)
            plane_add(y_o, w + (o * in + i) * 9, x + i * ldx, height, width, rows);
        for (size_t at = 0; b && at < plane; at++)
            y_o[at] += b[o];
        if (!accumulate)
            nqi_ref_activate(act, y_o, y_o, plane);
    }
}

/* The transpose meets the neighbour on the other side: taps in reverse. */
void nqi_ref_conv_backward_input(nq_real *dx, size_t lddx, const nq_real *w, const nq_real *dy,
                                 size_t lddy, size_t out, size_t in, size_t height, size_t width,
                                 size_t rows, int accumulate, nq_real *scratch)
{
    (void)scratch;
    for (size_t i = 0; i < in; i++) {
        if (!accumulate)
            fill(dx + i * lddx, 0, height * width * rows);
        for (size_t o = 0; o < out; o++) {
            nq_real reversed[9];
            for (size_t tap = 0; tap < 9; tap++)
                reversed[tap] = w[(o * in + i) * 9 + 8 - tap];
            plane_add(dx + i * lddx, reversed, dy + o * lddy, height, width, rows);
        }
    }
}

static nq_real line_sum(const nq_real *x, size_t n)
{
    nq_real sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

/* sum of dy x over all pixels and rows that meet under one tap; lines are summed apart, as a sum of
 * many numbers loses less so */
static nq_real tap_gradient(const nq_real *dy, const nq_real *x, size_t tap, size_t height,
                            size_t width, size_t rows)
{
    const size_t line = width * rows;
    const overlap o = overlap_of(tap % 3, width, rows);
    nq_real sum = 0;
    for (size_t v = 0; v < height; v++) {
        const nq_real *from = line_met(x, v, tap / 3, height, line);
        nq_real part = 0;
        for (size_t at = o.first; from && at < o.end; at++)
            part += dy[v * line + at] * from[(ptrdiff_t)at + o.shift];
        sum += part;
    }
    return sum;
}

void nqi_ref_conv_backward_weight(nq_real *dw, nq_real *db, const nq_real *dy, size_t lddy,
                                  const nq_real *x, size_t ldx, size_t out, size_t in,
                                  size_t height, size_t width, size_t rows, nq_real *scratch)
{
    (void)scratch;
    for (size_t o = 0; o < out; o++) {
        const nq_real *dy_o = dy + o * lddy;
        for (size_t i = 0; i < in; i++)
            for (size_t tap = 0; tap < 9; tap++)
                dw[(o * in + i) * 9 + tap] +=
                    tap_gradient(dy_o, x + i * ldx, tap, height, width, rows);
        for (size_t v = 0; db && v < height; v++)
            db[o] += line_sum(dy_o + v * width * rows, width * rows);
    }
}

size_t nqi_ref_conv_scratch(size_t out, size_t in, size_t height, size_t width, size_t rows)
{
    (void)out, (void)in, (void)height, (void)width, (void)rows;
    return 0;
}
