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
static const nqi_real *line_met(const nqi_real *map, size_t y, size_t tap, size_t height,
                                size_t line)
{
    if (y + tap < 1 || y + tap > height)
        return NULL;
    return map + (y + tap - 1) * line;
}

/* y += w conv x for one pair of planes */
static void plane_add(nqi_real *y, const nqi_real *w, const nqi_real *x, size_t height,
                      size_t width, size_t rows)
{
    const size_t line = width * rows;
    for (size_t v = 0; v < height; v++) {
        for (size_t tap = 0; tap < 9; tap++) {
            const nqi_real *from = line_met(x, v, tap / 3, height, line);
            const overlap o = overlap_of(tap % 3, width, rows);
            for (size_t at = o.first; from && at < o.end; at++)
                y[v * line + at] += w[tap] * from[(ptrdiff_t)at + o.shift];
        }
    }
}

static void fill(nqi_real *y, nqi_real value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = value;
}

void nqi_ref_conv_forward(nqi_matrix y, const nqi_real *w, const nqi_real *b, nqi_const_matrix x,
                          nqi_conv_size size, nqi_activation act, int accumulate,
                          nqi_real *scratch)
{
    (void)scratch;
    const size_t plane = size.height * size.width * size.rows;
    for (size_t o = 0; o < size.out; o++) {
        nqi_real *y_o = y.at + o * y.ld;
        if (!accumulate)
            fill(y_o, 0, plane);
        for (size_t i = 0; i < size.in; i++)
            plane_add(y_o, w + (o * size.in + i) * 9, x.at + i * x.ld, size.height, size.width,
                      size.rows);
        for (size_t at = 0; b && at < plane; at++)
            y_o[at] += b[o];
        if (!accumulate)
            nqi_ref_activate(act, y_o, y_o, plane);
    }
}

/* The transpose meets the neighbour on the other side: taps in reverse. */
void nqi_ref_conv_backward_input(nqi_matrix dx, const nqi_real *w, nqi_const_matrix dy,
                                 nqi_conv_size size, int accumulate, nqi_real *scratch)
{
    (void)scratch;
    for (size_t i = 0; i < size.in; i++) {
        nqi_real *dx_i = dx.at + i * dx.ld;
        if (!accumulate)
            fill(dx_i, 0, size.height * size.width * size.rows);
        for (size_t o = 0; o < size.out; o++) {
            nqi_real reversed[9];
            for (size_t tap = 0; tap < 9; tap++)
                reversed[tap] = w[(o * size.in + i) * 9 + 8 - tap];
            plane_add(dx_i, reversed, dy.at + o * dy.ld, size.height, size.width, size.rows);
        }
    }
}

static nqi_real line_sum(const nqi_real *x, size_t n)
{
    nqi_real sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

/* sum of dy x over all pixels and rows that meet under one tap; lines are summed apart, as a sum of
 * many numbers loses less so */
static nqi_real tap_gradient(const nqi_real *dy, const nqi_real *x, size_t tap,
                             nqi_conv_size size)
{
    const size_t height = size.height, line = size.width * size.rows;
    const overlap o = overlap_of(tap % 3, size.width, size.rows);
    nqi_real sum = 0;
    for (size_t v = 0; v < height; v++) {
        const nqi_real *from = line_met(x, v, tap / 3, height, line);
        nqi_real part = 0;
        for (size_t at = o.first; from && at < o.end; at++)
            part += dy[v * line + at] * from[(ptrdiff_t)at + o.shift];
        sum += part;
    }
    return sum;
}

void nqi_ref_conv_backward_weight(nqi_real *dw, nqi_real *db, nqi_const_matrix dy,
                                  nqi_const_matrix x, nqi_conv_size size, nqi_real *scratch)
{
    (void)scratch;
    const size_t line = size.width * size.rows;
    for (size_t o = 0; o < size.out; o++) {
        const nqi_real *dy_o = dy.at + o * dy.ld;
        for (size_t i = 0; i < size.in; i++)
            for (size_t tap = 0; tap < 9; tap++)
                dw[(o * size.in + i) * 9 + tap] += tap_gradient(dy_o, x.at + i * x.ld, tap, size);
        for (size_t v = 0; db && v < size.height; v++)
            db[o] += line_sum(dy_o + v * line, line);
    }
}

size_t nqi_ref_conv_scratch(nqi_conv_size size)
{
    (void)size;
    return 0;
}
