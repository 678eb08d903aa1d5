/* kernel_conv.inc.h - 3 x 3 convolution of maps, and its transpose, which is one as well. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, TILE_HEIGHT, vectors and functions. Defines conv, conv_make,
 * conv_weights_turn and conv_zeros. */
#ifndef NQI_BACKEND_CPU_KERNEL_CONV_H
#define NQI_BACKEND_CPU_KERNEL_CONV_H

#include "backend/cpu/kernel_activation.inc.h"
#include "backend/cpu/kernel_dense.inc.h"

/* y[out] (+)= bias + W x; see conv.forward in ops.h. */
typedef struct conv {
    nqi_matrix y;
    const float *w, *bias; /* bias may be NULL */
    nqi_const_matrix x;
    nqi_conv_size size;
    int accumulate;
} conv;

/* One pixel of every channel and of up to three lines: a vector of its rows. Beyond an edge it is
 * one vector of zeros with strides of 0, so that inner loops need not know. */
typedef struct column {
    const float *at;
    size_t plane, line;
} column;

/* What one tile of sums is made of: two neighbouring pixels (or one) of a line. */
typedef struct conv_tile {
    float *y;
    const float *w, *bias;
    column left, middle, right; /* right of both pixels */
    size_t first, end;          /* lines of taps that lie on the map */
} conv_tile;

static const float conv_zeros[NQI_LANES];

INLINED void conv_row_finish(const conv *c, const conv_tile *t, size_t m, int pixels, F low,
                             F high)
{
    float *y = t->y + m * c->y.ld;
    if (t->bias) {
        low += t->bias[m];
        high += t->bias[m];
    }
    store(y, c->accumulate ? low + load(y) : low);
    if (pixels == 2)
        store(y + c->size.rows, c->accumulate ? high + load(y + c->size.rows) : high);
}

/* Sums in registers for `height` channels and one or two pixels, both constants; see `tile` in
 * kernel_dense.inc.h, which shares EACH_ROW and ROW_DECLARE. */
#define CONV_ADD(m, n)                                                                           \
    if (height > m + n) {                                                                        \
        const float *w = w##m + n * ldw;                                                         \
        low##m##n += left * w[0];                                                                \
        if (pixels == 2)                                                                         \
            high##m##n += middle * w[0];                                                         \
        low##m##n += middle * w[1];                                                              \
        if (pixels == 2)                                                                         \
            high##m##n += next * w[1];                                                           \
        low##m##n += next * w[2];                                                                \
        if (pixels == 2)                                                                         \
            high##m##n += right * w[2];                                                          \
    }
#define CONV_FINISH(m, n)                                                                        \
    if (height > m + n)                                                                          \
        conv_row_finish(c, t, m + n, pixels, low##m##n, high##m##n);

INLINED void conv_tile_sum(int height, int pixels, const conv *c, const conv_tile *t)
{
    const size_t ldw = 9 * c->size.in, ldx = c->x.ld, rows = c->size.rows;
    const size_t left_plane = t->left.plane, right_plane = t->right.plane;
    EACH_ROW(ROW_DECLARE)
    for (size_t tap = t->first; tap < t->end; tap++) {
        const size_t line = tap - t->first;
        const float *x_left = t->left.at + line * t->left.line;
        const float *x = t->middle.at + line * t->middle.line;
        const float *x_right = t->right.at + line * t->right.line;
        const float *w0 = t->w + 3 * tap, *w3 = w0 + 3 * ldw;
        const float *w6 = w3 + 3 * ldw, *w9 = w6 + 3 * ldw;
        for (size_t i = c->size.in; i > 0; i--) {
            const F left = load(x_left), middle = load(x), right = load(x_right);
            const F next = pixels == 2 ? load(x + rows) : right;
            EACH_ROW(CONV_ADD)
            x_left += left_plane;
            x += ldx;
            x_right += right_plane;
            w0 += 9;
            w3 += 9;
            w6 += 9;
            w9 += 9;
        }
    }
    EACH_ROW(CONV_FINISH)
}

#define CONV_CASE(h)                                                                             \
    case h:                                                                                      \
        if (h <= TILE_HEIGHT)                                                                    \
            conv_tile_sum(h <= TILE_HEIGHT ? h : 1, pixels, c, t);                               \
        break;

INLINED void conv_tile_choose(size_t height, int pixels, const conv *c, const conv_tile *t)
{
    switch (height) {
        CONV_CASE(1)
        CONV_CASE(2)
        CONV_CASE(3)
        CONV_CASE(4)
        CONV_CASE(5)
        CONV_CASE(6)
        CONV_CASE(7)
        CONV_CASE(8)
        CONV_CASE(9)
        CONV_CASE(10)
        CONV_CASE(11)
        CONV_CASE(12)
    default:
        break;
    }
}

static void conv_one_pixel(size_t height, const conv *c, const conv_tile *t)
{
    conv_tile_choose(height, 1, c, t);
}

static void conv_two_pixels(size_t height, const conv *c, const conv_tile *t)
{
    conv_tile_choose(height, 2, c, t);
}

static column column_at(const conv *c, const float *line, size_t u)
{
    if (u >= c->size.width)
        return (column){conv_zeros, 0, 0};
    return (column){line + u * c->size.rows, c->x.ld, c->size.width * c->size.rows};
}

/* All channels of one or two pixels from (v, u) on, for the vector of rows at r, in tiles of nearly
 * equal height (see product_column). Column -1 wraps to a large number. */
static void conv_pixels(const conv *c, size_t v, size_t u, size_t r)
{
    const size_t pixels = u + 1 < c->size.width ? 2 : 1,
                 tiles = (c->size.out + TILE_HEIGHT - 1) / TILE_HEIGHT;
    const size_t first = v == 0, end = v + 1 == c->size.height ? 2 : 3;
    const float *line = c->x.at + (v + first - 1) * c->size.width * c->size.rows + r;
    conv_tile t = {.y = c->y.at + (v * c->size.width + u) * c->size.rows + r,
                   .w = c->w,
                   .bias = c->bias,
                   .left = column_at(c, line, u - 1),
                   .middle = column_at(c, line, u),
                   .right = column_at(c, line, u + pixels),
                   .first = first,
                   .end = end};
    for (size_t i = 0; i < tiles; i++) {
        const size_t height = c->size.out / tiles + (i < c->size.out % tiles);
        if (pixels == 2)
            conv_two_pixels(height, c, &t);
        else
            conv_one_pixel(height, c, &t);
        t.y += height * c->y.ld;
        t.w += height * 9 * c->size.in;
        t.bias = t.bias ? t.bias + height : NULL;
    }
}

/* Line by line, so that the activation finds its numbers in the cache. */
static void conv_make(const conv *c, nqi_activation act)
{
    const size_t line = c->size.width * c->size.rows;
    for (size_t v = 0; v < c->size.height; v++) {
        for (size_t u = 0; u < c->size.width; u += 2)
            for (size_t r = 0; r < c->size.rows; r += WIDTH)
                conv_pixels(c, v, u, r);
        for (size_t o = 0; act != NQI_IDENTITY && !c->accumulate && o < c->size.out; o++) {
            float *y = c->y.at + o * c->y.ld + v * line;
            activate(act, y, y, line);
        }
    }
}

/* w[in][out][3][3] of the transpose: it meets the neighbour on the other side. */
static void conv_weights_turn(float *turned, const float *w, size_t out, size_t in)
{
    for (size_t i = 0; i < in; i++)
        for (size_t o = 0; o < out; o++)
            for (size_t tap = 0; tap < 9; tap++)
                turned[(i * out + o) * 9 + tap] = w[(o * in + i) * 9 + 8 - tap];
}

#endif
