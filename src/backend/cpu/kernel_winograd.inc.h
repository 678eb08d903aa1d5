/* kernel_winograd.inc.h - 3 x 3 convolution with a quarter of the products: F(4 x 4, 3 x 3). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, vectors and functions. Defines winograd, winograd_*, TILE, POINTS
 * and the transforms. */
/* Lavin & Gray (2016), arXiv:1509.09308: for one tile of 4 x 4 outputs, d the 6 x 6 inputs around
 * it and g the weights,
 *   y = A^T [ (G g G^T) * (B^T d B) ] A,   * by element, summed over channels,
 * which is 36 matrix products over channels. With rows in the lanes every transform is plain
 * vector code. The gradient by the weights is the transpose: G^T [ (A dy A^T) * (B^T d B) ] G. */
#ifndef NQI_BACKEND_CPU_KERNEL_WINOGRAD_H
#define NQI_BACKEND_CPU_KERNEL_WINOGRAD_H

#include "backend/cpu/kernel_activation.inc.h"
#include "backend/cpu/kernel_dense.inc.h"

enum {
    TILE = 4,
    PATCH = 6,
    POINTS = PATCH * PATCH,
    WINOGRAD_BYTES = 640 << 10 /* of transforms at a time: they live in the L2 cache */
};

/* A piece is one tile of NQI_LANES rows; pieces are done in chunks. */
typedef struct winograd {
    nqi_conv_size size;
    size_t across, groups, pieces; /* tiles of a line, groups of rows of a tile, pieces in all */
    size_t chunk, ld;              /* pieces at a time, and the stride of their lanes */
    size_t weights;                /* size.out * size.in in whole vectors */
    float *taps;                   /* [3 x 3][weights] */
    float *u;                      /* [POINTS][weights], [out][in] in each: of the weights */
    float *v, *m;                  /* [channel][POINTS][ld]: of the inputs and of the outputs */
} winograd;

/* One transform of numbers that are `step` apart; all are of vectors. */
typedef void transform(float *to, size_t to_step, const float *from, size_t step);

/* The polynomials are taken at 0, +-a, +-b and infinity, a = sqrt(1/2), b = sqrt(2), where
 * round-off is half of that at 1 and 2: 5e-7 of the deviation of y on average. Lines come in pairs
 * that differ by the sign of the odd part. */
#define POINT_A 0.70710678f
#define POINT_B 1.41421356f

/* B^T */
INLINED void transform_patch(float *to, size_t to_step, const float *from, size_t step)
{
    const F d0 = load(from), d1 = load(from + step), d2 = load(from + 2 * step);
    const F d3 = load(from + 3 * step), d4 = load(from + 4 * step), d5 = load(from + 5 * step);
    const F even_a = d4 - d2 * 2.0f, odd_a = d3 - d1 * 2.0f;
    const F even_b = d4 - d2 * 0.5f, odd_b = d3 - d1 * 0.5f;
    store(to, d0 + (d4 - d2 * 2.5f));
    store(to + to_step, even_a + odd_a * POINT_A);
    store(to + 2 * to_step, even_a - odd_a * POINT_A);
    store(to + 3 * to_step, even_b + odd_b * POINT_B);
    store(to + 4 * to_step, even_b - odd_b * POINT_B);
    store(to + 5 * to_step, d1 + (d5 - d3 * 2.5f));
}

/* A^T */
INLINED void transform_sums(float *to, size_t to_step, const float *from, size_t step)
{
    const F m1 = load(from + step), m2 = load(from + 2 * step);
    const F m3 = load(from + 3 * step), m4 = load(from + 4 * step);
    const F even_a = m1 + m2, odd_a = (m1 - m2) * POINT_A;
    const F even_b = m3 + m4, odd_b = (m3 - m4) * POINT_B;
    store(to, load(from) + even_a + even_b);
    store(to + to_step, odd_a + odd_b);
    store(to + 2 * to_step, even_a * 0.5f + even_b * 2.0f);
    store(to + 3 * to_step, odd_a * 0.5f + (odd_b * 2.0f + load(from + 5 * step)));
}

/* A */
INLINED void transform_tile(float *to, size_t to_step, const float *from, size_t step)
{
    const F y0 = load(from), y1 = load(from + step);
    const F y2 = load(from + 2 * step), y3 = load(from + 3 * step);
    const F even_a = y0 + y2 * 0.5f, odd_a = y1 + y3 * 0.5f;
    const F even_b = y0 + y2 * 2.0f, odd_b = y1 + y3 * 2.0f;
    store(to, y0);
    store(to + to_step, even_a + odd_a * POINT_A);
    store(to + 2 * to_step, even_a - odd_a * POINT_A);
    store(to + 3 * to_step, even_b + odd_b * POINT_B);
    store(to + 4 * to_step, even_b - odd_b * POINT_B);
    store(to + 5 * to_step, y3);
}

/* G */
INLINED void transform_taps(float *to, size_t to_step, const float *from, size_t step)
{
    const F g0 = load(from), g1 = load(from + step), g2 = load(from + 2 * step);
    const F even_a = (g0 + g2 * 0.5f) * (-2.0f / 3), odd_a = g1 * (-2.0f / 3 * POINT_A);
    const F even_b = (g0 + g2 * 2.0f) * (1.0f / 6), odd_b = g1 * (1.0f / 6 * POINT_B);
    store(to, g0);
    store(to + to_step, even_a + odd_a);
    store(to + 2 * to_step, even_a - odd_a);
    store(to + 3 * to_step, even_b + odd_b);
    store(to + 4 * to_step, even_b - odd_b);
    store(to + 5 * to_step, g2);
}

/* G^T */
INLINED void transform_gradient(float *to, size_t to_step, const float *from, size_t step)
{
    const F t1 = load(from + step), t2 = load(from + 2 * step);
    const F t3 = load(from + 3 * step), t4 = load(from + 4 * step);
    const F even_a = (t1 + t2) * (-2.0f / 3), odd_a = (t1 - t2) * (-2.0f / 3 * POINT_A);
    const F even_b = (t3 + t4) * (1.0f / 6), odd_b = (t3 - t4) * (1.0f / 6 * POINT_B);
    store(to, load(from) + even_a + even_b);
    store(to + to_step, odd_a + odd_b);
    store(to + 2 * to_step, even_a * 0.5f + even_b * 2.0f + load(from + 5 * step));
}

/* By columns, then by lines: from[size_from][size_from], whose lines and pixels have strides of
 * their own, to to[size_to x size_to]. */
INLINED void transform_both(transform *f, size_t size_to, size_t size_from, float *to,
                            size_t to_step, const float *from, size_t line, size_t pixel)
{
    _Alignas(64) float half[POINTS * WIDTH];
    for (size_t i = 0; i < size_from; i++)
        f(half + i * WIDTH, size_from * WIDTH, from + i * pixel, line);
    for (size_t i = 0; i < size_to; i++)
        f(to + i * size_to * to_step, to_step, half + i * size_from * WIDTH, WIDTH);
}

/* Where a piece lies: the first pixel of its tile, and its rows. */
typedef struct place {
    size_t v, u, r;
} place;

static place place_of(const winograd *p, size_t piece)
{
    const size_t tile = piece / p->groups;
    return (place){tile / p->across * TILE, tile % p->across * TILE,
                   piece % p->groups * NQI_LANES};
}

/* The side x side pixels from (v, u) on of a plane, 0 beyond the edges. Pixel -1 wraps to a large
 * number. */
static void patch_gather(float *patch, const winograd *p, const float *plane, size_t v, size_t u,
                         size_t side)
{
    for (size_t i = 0; i < side * side; i++) {
        const size_t line = v + i / side, pixel = u + i % side;
        if (line < p->size.height && pixel < p->size.width)
            memcpy(patch + i * NQI_LANES, plane + (line * p->size.width + pixel) * p->size.rows,
                   NQI_LANES * sizeof *patch);
        else
            memset(patch + i * NQI_LANES, 0, NQI_LANES * sizeof *patch);
    }
}

/* Transforms of the patches (or tiles) of pieces first..end-1 of one plane, which start at
 * `margin` pixels before their tiles. */
INLINED void plane_transform(transform *f, size_t side, size_t margin, const winograd *p,
                             float *to, const float *plane, size_t first, size_t end)
{
    _Alignas(64) float patch[POINTS * NQI_LANES];
    for (size_t b = first; b < end; b++, to += NQI_LANES) {
        const place at = place_of(p, b);
        const size_t v = at.v - margin, u = at.u - margin;
        const float *from = plane + at.r;
        size_t line = p->size.width * p->size.rows, pixel = p->size.rows;
        if (at.v >= margin && at.u >= margin && v + side <= p->size.height &&
            u + side <= p->size.width) {
            from += v * line + u * pixel;
        } else {
            patch_gather(patch, p, from, v, u, side);
            from = patch;
            line = side * NQI_LANES;
            pixel = NQI_LANES;
        }
        for (size_t r = 0; r < NQI_LANES; r += WIDTH)
            transform_both(f, PATCH, side, to + r, p->ld, from + r, line, pixel);
    }
}

static void inputs_transform(const winograd *p, nqi_const_matrix x, size_t first, size_t end)
{
    for (size_t i = 0; i < p->size.in; i++)
        plane_transform(transform_patch, PATCH, 1, p, p->v + i * POINTS * p->ld, x.at + i * x.ld,
                        first, end);
}

static void gradients_transform(const winograd *p, nqi_const_matrix dy, size_t first, size_t end)
{
    for (size_t o = 0; o < p->size.out; o++)
        plane_transform(transform_tile, TILE, 0, p, p->m + o * POINTS * p->ld, dy.at + o * dy.ld,
                        first, end);
}

static void tile_write(float *plane, const winograd *p, place at, const float *tile,
                       int accumulate)
{
    const size_t lines = smallest(TILE, p->size.height - at.v);
    const size_t pixels = smallest(TILE, p->size.width - at.u);
    for (size_t v = 0; v < lines; v++)
        for (size_t u = 0; u < pixels; u++) {
            const float *from = tile + (v * TILE + u) * NQI_LANES;
            float *y = plane + ((at.v + v) * p->size.width + at.u + u) * p->size.rows + at.r;
            for (size_t r = 0; r < NQI_LANES; r += WIDTH)
                store(y + r, accumulate ? load(y + r) + load(from + r) : load(from + r));
        }
}

/* One plane's tiles: sums back to pixels, with bias and activation while they are near. */
static void plane_finish(const winograd *p, float *y, const float *sums, float bias,
                         nqi_activation act, int accumulate, size_t first, size_t end)
{
    _Alignas(64) float tile[TILE * TILE * NQI_LANES];
    for (size_t b = first; b < end; b++, sums += NQI_LANES) {
        for (size_t r = 0; r < NQI_LANES; r += WIDTH)
            transform_both(transform_sums, TILE, PATCH, tile + r, NQI_LANES, sums + r,
                           PATCH * p->ld, p->ld);
        for (size_t i = 0; i < TILE * TILE * NQI_LANES; i += WIDTH)
            store(tile + i, load(tile + i) + bias);
        activate(act, tile, tile, TILE * TILE * NQI_LANES);
        tile_write(y, p, place_of(p, b), tile, accumulate);
    }
}

/* Numbers of w[out x in][3 x 3] by tap, so that a vector holds one tap of many weights. */
static void weights_transform(const winograd *p, const float *w)
{
    const size_t n = p->size.out * p->size.in;
    for (size_t tap = 0; tap < 9; tap++) {
        float *to = p->taps + tap * p->weights;
        for (size_t k = 0; k < n; k++)
            to[k] = w[k * 9 + tap];
        for (size_t k = n; k < p->weights; k++)
            to[k] = 0;
    }
    for (size_t k = 0; k < p->weights; k += WIDTH)
        transform_both(transform_taps, PATCH, 3, p->u + k, p->weights, p->taps + k,
                       3 * p->weights, p->weights);
}

static void winograd_make(const winograd *p, nqi_matrix y, const float *w, const float *b,
                          nqi_const_matrix x, nqi_activation act, int accumulate)
{
    weights_transform(p, w);
    for (size_t first = 0; first < p->pieces; first += p->chunk) {
        const size_t end = smallest(first + p->chunk, p->pieces);
        inputs_transform(p, x, first, end);
        for (size_t point = 0; point < POINTS; point++) {
            const product sums = {.y = {p->m + point * p->ld, POINTS * p->ld},
                                  .a = p->u + point * p->weights,
                                  .a_m = p->size.in,
                                  .a_k = 1,
                                  .x = {p->v + point * p->ld, POINTS * p->ld},
                                  .depth = p->size.in};
            product_make(sums, p->size.out, (end - first) * NQI_LANES);
        }
        for (size_t o = 0; o < p->size.out; o++)
            plane_finish(p, y.at + o * y.ld, p->m + o * POINTS * p->ld, b ? b[o] : 0,
                         accumulate ? NQI_IDENTITY : act, accumulate, first, end);
    }
}

/* Chunks of nearly equal size; an odd stride of lanes spreads channels over the cache's sets. */
static winograd winograd_shape(nqi_conv_size size)
{
    winograd p = {.size = size};
    const size_t piece_bytes = (size.out + size.in) * POINTS * NQI_LANES * sizeof(float);
    const size_t most = piece_bytes < WINOGRAD_BYTES / 2 ? WINOGRAD_BYTES / piece_bytes : 2;
    p.across = (size.width + TILE - 1) / TILE;
    p.groups = size.rows / NQI_LANES;
    p.pieces = p.across * ((size.height + TILE - 1) / TILE) * p.groups;
    const size_t chunks = (p.pieces + most - 1) / most;
    p.chunk = (p.pieces + chunks - 1) / chunks;
    p.ld = (p.chunk | 1) * NQI_LANES;
    p.weights = (size.out * size.in + NQI_LANES - 1) / NQI_LANES * NQI_LANES;
    return p;
}

static winograd winograd_plan(nqi_conv_size size, float *scratch)
{
    winograd p = winograd_shape(size);
    p.u = scratch;
    p.taps = p.u + POINTS * p.weights;
    p.v = p.taps + 9 * p.weights;
    p.m = p.v + size.in * POINTS * p.ld;
    return p;
}

/* With room behind all for the weights of the transpose. */
static float *winograd_end(const winograd *p)
{
    return p->m + p->size.out * POINTS * p->ld;
}

static size_t winograd_scratch(nqi_conv_size size)
{
    const winograd p = winograd_shape(size);
    return (POINTS + 2 * 9) * p.weights + (size.out + size.in) * POINTS * p.ld;
}

#endif
