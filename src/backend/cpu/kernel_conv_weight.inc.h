/* kernel_conv_weight.inc.h - the gradient of a 3 x 3 convolution by its weights. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, TILE_HEIGHT, vectors and functions. Defines conv_gradient and
 * conv_weight_add. */
#ifndef NQI_BACKEND_CPU_KERNEL_CONV_WEIGHT_H
#define NQI_BACKEND_CPU_KERNEL_CONV_WEIGHT_H

#include "backend/cpu/kernel_conv.inc.h"

/* Each weight has a vector of sums, one for each lane of rows: lanes are added at the end. */
typedef struct conv_gradient {
    float *sums; /* [out][in][3 x 3][WIDTH] */
    nqi_const_matrix dy, x;
    nqi_conv_size size;
} conv_gradient;

enum {
    GRADIENT_OUT = TILE_HEIGHT / 3, /* channels of a tile of sums, times GRADIENT_IN and 3 taps */
    GRADIENT_IN = 2,
    GRADIENT_BYTES = 24 << 10 /* of dy that a tile's channels leave in the L1 cache */
};

/* Sums of one line of taps: channels o of dy meet the pixel to the left, itself and the one to the
 * right of channels i of x. Named one by one, as in kernel_dense.inc.h. */
/* clang-format off */
#define EACH_PAIR(X) X(0, 0) X(0, 1) X(1, 0) X(1, 1) X(2, 0) X(2, 1) X(3, 0) X(3, 1)
/* clang-format on */
#define PAIR_LOAD(o, i)                                                                          \
    F left##o##i = {0}, middle##o##i = {0}, right##o##i = {0};                                   \
    if (outs > o && ins > i) {                                                                   \
        const float *sums = t + (o * in + i) * 9 * WIDTH;                                        \
        left##o##i = load(sums);                                                                 \
        middle##o##i = load(sums + WIDTH);                                                       \
        right##o##i = load(sums + 2 * WIDTH);                                                    \
    }
#define PAIR_STORE(o, i)                                                                         \
    if (outs > o && ins > i) {                                                                   \
        float *sums = t + (o * in + i) * 9 * WIDTH;                                              \
        store(sums, left##o##i);                                                                 \
        store(sums + WIDTH, middle##o##i);                                                       \
        store(sums + 2 * WIDTH, right##o##i);                                                    \
    }
#define PAIR_ADD(o, i)                                                                           \
    if (outs > o && ins > i) {                                                                   \
        const F dy_o = load(dy + o * lddy);                                                      \
        left##o##i += dy_o * left_##i;                                                           \
        middle##o##i += dy_o * middle_##i;                                                       \
        right##o##i += dy_o * right_##i;                                                         \
    }
/* One vector of a line; left and right point beyond the line's ends to zeros, with planes of 0. */
#define PIXEL_ADD(left, left_plane, right, right_plane)                                          \
    do {                                                                                         \
        const F left_0 = load(left), middle_0 = load(x), right_0 = load(right);                  \
        const F left_1 = ins > 1 ? load((left) + (left_plane)) : left_0;                         \
        const F middle_1 = ins > 1 ? load(x + ldx) : middle_0;                                   \
        const F right_1 = ins > 1 ? load((right) + (right_plane)) : right_0;                     \
        EACH_PAIR(PAIR_ADD)                                                                      \
        dy += WIDTH;                                                                             \
        x += WIDTH;                                                                              \
    } while (0)

INLINED void gradient_tile_sum(int outs, int ins, const conv_gradient *g, float *t,
                               const float *dy, const float *x, size_t lines)
{
    const size_t lddy = g->dy.ld, ldx = g->x.ld, in = g->size.in, rows = g->size.rows;
    const size_t line = g->size.width * rows;
    EACH_PAIR(PAIR_LOAD)
    for (; lines > 0; lines--) {
        size_t at = 0;
        if (line == rows) {
            for (; at < rows; at += WIDTH)
                PIXEL_ADD(conv_zeros, 0, conv_zeros, 0);
            continue;
        }
        for (; at < rows; at += WIDTH)
            PIXEL_ADD(conv_zeros, 0, x + rows, ldx);
        for (; at < line - rows; at += WIDTH)
            PIXEL_ADD(x - rows, ldx, x + rows, ldx);
        for (; at < line; at += WIDTH)
            PIXEL_ADD(x - rows, ldx, conv_zeros, 0);
    }
    EACH_PAIR(PAIR_STORE)
}

#define GRADIENT_CASE(o, i)                                                                      \
    case 2 * o + i:                                                                              \
        if (o <= GRADIENT_OUT)                                                                   \
            gradient_tile_sum(o <= GRADIENT_OUT ? o : 1, i, g, t, dy, x, lines);                 \
        break;

static void gradient_tile(size_t outs, size_t ins, const conv_gradient *g, float *t,
                          const float *dy, const float *x, size_t lines)
{
    switch (2 * outs + ins) {
        GRADIENT_CASE(1, 1)
        GRADIENT_CASE(1, 2)
        GRADIENT_CASE(2, 1)
        GRADIENT_CASE(2, 2)
        GRADIENT_CASE(3, 1)
        GRADIENT_CASE(3, 2)
        GRADIENT_CASE(4, 1)
        GRADIENT_CASE(4, 2)
    default:
        break;
    }
}

/* Lines first..end-1 of dy under one line of taps: fewer where taps lie beyond the map. */
static void gradient_lines_add(const conv_gradient *g, size_t o, size_t outs, size_t i,
                               size_t tap, size_t first, size_t end)
{
    const size_t line = g->size.width * g->size.rows;
    if (first + tap < 1)
        first = 1;
    if (end + tap > g->size.height + 1)
        end = g->size.height + 1 - tap;
    if (first >= end)
        return;
    gradient_tile(outs, smallest(GRADIENT_IN, g->size.in - i), g,
                  g->sums + ((o * g->size.in + i) * 9 + 3 * tap) * WIDTH,
                  g->dy.at + o * g->dy.ld + first * line,
                  g->x.at + i * g->x.ld + (first + tap - 1) * line, end - first);
}

/* Bands of lines, of which a tile's channels of dy stay in the L1 cache. */
static void gradient_make(const conv_gradient *g)
{
    const size_t line_bytes = GRADIENT_OUT * g->size.width * g->size.rows * sizeof(float);
    const size_t lines = line_bytes < GRADIENT_BYTES ? GRADIENT_BYTES / line_bytes : 1;
    for (size_t v = 0; v < g->size.height; v += lines)
        for (size_t o = 0; o < g->size.out; o += GRADIENT_OUT)
            for (size_t i = 0; i < g->size.in; i += GRADIENT_IN)
                for (size_t tap = 0; tap < 3; tap++)
                    gradient_lines_add(g, o, smallest(GRADIENT_OUT, g->size.out - o), i, tap, v,
                                       smallest(v + lines, g->size.height));
}

/* y[k] += sum over lanes of sums[k], four at a time */
static void lanes_add(float *y, const float *sums, size_t n)
{
    size_t k = 0;
    for (; k + 4 <= n; k += 4) {
        const float *from = sums + k * WIDTH;
        F quads[4];
        transpose_quads(quads, load(from), load(from + WIDTH), load(from + 2 * WIDTH),
                        load(from + 3 * WIDTH));
        const quad sum = sum_quads((quads[0] + quads[1]) + (quads[2] + quads[3]));
        for (size_t i = 0; i < 4; i++)
            y[k + i] += sum[i];
    }
    for (; k < n; k++)
        y[k] += sum_lanes(load(sums + k * WIDTH));
}

static void conv_weight_add(const conv_gradient *g, float *dw)
{
    memset(g->sums, 0, g->size.out * g->size.in * 9 * WIDTH * sizeof *g->sums);
    gradient_make(g);
    lanes_add(dw, g->sums, g->size.out * g->size.in * 9);
}

#endif
