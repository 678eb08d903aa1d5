/* kernel_bf16.inc.h - dense layers whose factors are rounded to bfloat16 and summed in float32. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes the isa avx512: WIDTH, TILE_HEIGHT, vectors and functions. Defines bf16_forward,
 * bf16_backward_input and bf16_backward_weight for the slots of dense layers. */
/* vdpbf16ps adds two products to each lane: y += a0 x0 + a1 x1, where a 32-bit lane holds a pair
 * of neighbours in the sum. AVX-512 only. */
#ifndef NQI_BACKEND_CPU_KERNEL_BF16_H
#define NQI_BACKEND_CPU_KERNEL_BF16_H

#include "backend/cpu/kernel_dense.inc.h"

enum {
    PAIRS = 256,     /* most pairs of a sum at a time */
    PAIR_ROWS = 128, /* rows of a panel; with PAIRS 128 KiB of the L2 cache */
    BF16_LEAST = 16  /* inputs and outputs, below which packing eats the gain (measured) */
};

/* Lane i of the result holds low[i] and high[i], rounded to nearest even. */
static inline U pair_up(F low, F high)
{
    const __m512i order =
        _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22,
                         6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    return (U)_mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(high, low));
}

/* Neighbouring numbers in memory: x[0] and x[1] in lane 0, and so on. n <= 2 WIDTH; 0 beyond. */
static inline U neighbours(const float *x, size_t n)
{
    const F zero = {0};
    const F low = n >= WIDTH ? load(x) : load_part(x, n);
    F high = zero;
    if (n >= 2 * WIDTH)
        high = load(x + WIDTH);
    else if (n > WIDTH)
        high = load_part(x + WIDTH, n - WIDTH);
    return (U)_mm512_cvtne2ps_pbh(high, low);
}

static inline void store_bits(uint32_t *x, U value)
{
    *(U_any *)x = value;
}

static inline F add_pairs(F sum, U a, U b)
{
    return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
}

/* y[m][lane] += sum over pairs a[m][pair] x[pair][lane], of up to TILE_HEIGHT rows m. */
typedef struct pair_product {
    nqi_matrix y;
    const uint32_t *a; /* [TILE_HEIGHT][PAIRS], or [PAIRS][WIDTH] where weights are turned */
    const uint32_t *x; /* [pairs][2 WIDTH] */
    const float *bias; /* or NULL */
    size_t pairs, lanes;
    int accumulate;
} pair_product;

#define PAIRS_ADD(m, n)                                                                          \
    if (height > m + n) {                                                                        \
        const U both = (U)_mm512_set1_epi32((int)a[(m + n) * a_m]);                              \
        low##m##n = add_pairs(low##m##n, both, x_low);                                           \
        if (vectors == 2)                                                                        \
            high##m##n = add_pairs(high##m##n, both, x_high);                                    \
    }
#define PAIRS_FINISH(m, n)                                                                       \
    if (height > m + n)                                                                          \
        tile_row_finish(&ends, m + n, vectors, p->lanes, low##m##n, high##m##n);

INLINED void pair_tile(int height, int vectors, int is_by_row, const pair_product *p)
{
    const size_t a_m = is_by_row ? PAIRS : 1, a_pair = is_by_row ? 1 : WIDTH;
    const product ends = {.y = p->y, .bias = p->bias, .accumulate = p->accumulate};
    const uint32_t *a = p->a, *x = p->x;
    EACH_ROW(ROW_DECLARE)
    for (size_t k = p->pairs; k > 0; k--) {
        const U x_low = load_bits(x), x_high = vectors == 2 ? load_bits(x + WIDTH) : x_low;
        EACH_ROW(PAIRS_ADD)
        x += 2 * WIDTH;
        a += a_pair;
    }
    EACH_ROW(PAIRS_FINISH)
}

#define PAIR_CASE(h)                                                                             \
    case h:                                                                                      \
        if (p->lanes > WIDTH)                                                                    \
            pair_tile(h, 2, is_by_row, p);                                                       \
        else                                                                                     \
            pair_tile(h, 1, is_by_row, p);                                                       \
        break;

INLINED void pair_tile_choose(size_t height, int is_by_row, const pair_product *p)
{
    switch (height) {
        PAIR_CASE(1)
        PAIR_CASE(2)
        PAIR_CASE(3)
        PAIR_CASE(4)
        PAIR_CASE(5)
        PAIR_CASE(6)
        PAIR_CASE(7)
        PAIR_CASE(8)
        PAIR_CASE(9)
        PAIR_CASE(10)
        PAIR_CASE(11)
        PAIR_CASE(12)
    default:
        break;
    }
}

static void pair_tile_by_row(size_t height, const pair_product *p)
{
    pair_tile_choose(height, 1, p);
}

static void pair_tile_by_column(size_t height, const pair_product *p)
{
    pair_tile_choose(height, 0, p);
}

/* a[m][pair] of `height` rows of from[m][depth] */
static void weights_pack(uint32_t *a, const float *from, size_t ld, size_t height, size_t depth)
{
    for (size_t m = 0; m < height; m++)
        for (size_t k = 0; k < depth; k += 2 * WIDTH)
            store_bits(a + m * PAIRS + k / 2,
                       neighbours(from + m * ld + k, smallest(2 * WIDTH, depth - k)));
}

/* a[pair][m] of `height` columns of from[depth][m] */
static void weights_pack_turned(uint32_t *a, const float *from, size_t ld, size_t height,
                                size_t depth)
{
    const F zero = {0};
    for (size_t k = 0; k < depth; k += 2)
        store_bits(a + k / 2 * WIDTH,
                   pair_up(load_part(from + k * ld, height),
                           k + 1 < depth ? load_part(from + (k + 1) * ld, height) : zero));
}

/* panel[column of 2 WIDTH lanes][pair][lane] of x[depth][lanes] */
static void rows_pack(uint32_t *panel, const float *x, size_t ldx, size_t depth, size_t lanes)
{
    const F zero = {0};
    for (size_t r = 0; r < lanes; r += WIDTH) {
        uint32_t *to = panel + r / (2 * WIDTH) * (2 * WIDTH) * PAIRS + r % (2 * WIDTH);
        for (size_t k = 0; k < depth; k += 2, to += 2 * WIDTH)
            store_bits(to, pair_up(load(x + k * ldx + r),
                                   k + 1 < depth ? load(x + (k + 1) * ldx + r) : zero));
    }
}

/* Tiles of all m of a packed panel. p holds strides, bias and a(m, k) of the part. */
static void panel_multiply(const product *p, size_t m, const uint32_t *panel, size_t lanes)
{
    _Alignas(64) uint32_t a[WIDTH * PAIRS];
    const size_t tiles = (m + TILE_HEIGHT - 1) / TILE_HEIGHT;
    size_t first = 0;
    for (size_t i = 0; i < tiles; i++) {
        const size_t height = m / tiles + (i < m % tiles);
        if (p->a_k == 1)
            weights_pack(a, p->a + first * p->a_m, p->a_m, height, p->depth);
        else
            weights_pack_turned(a, p->a + first, p->a_k, height, p->depth);
        for (size_t r = 0; r < lanes; r += 2 * WIDTH) {
            const pair_product tile = {.y = {p->y.at + first * p->y.ld + r, p->y.ld},
                                       .a = a,
                                       .x = panel + r * PAIRS,
                                       .bias = p->bias ? p->bias + first : NULL,
                                       .pairs = (p->depth + 1) / 2,
                                       .lanes = smallest(2 * WIDTH, lanes - r),
                                       .accumulate = p->accumulate};
            if (p->a_k == 1)
                pair_tile_by_row(height, &tile);
            else
                pair_tile_by_column(height, &tile);
        }
        first += height;
    }
}

/* As product_make. */
static void pairs_make(product p, size_t m, size_t rows)
{
    _Alignas(64) uint32_t panel[PAIRS * PAIR_ROWS];
    const size_t depth = p.depth;
    const product whole = p;
    for (size_t r = 0; r < rows; r += PAIR_ROWS) {
        const size_t lanes = smallest(PAIR_ROWS, rows - r);
        for (size_t k = 0; k < depth; k += 2 * PAIRS) {
            p.depth = smallest(2 * PAIRS, depth - k);
            p.y.at = whole.y.at + r;
            p.a = whole.a + k * p.a_k;
            p.bias = k ? NULL : whole.bias;
            p.accumulate = k > 0 || whole.accumulate;
            rows_pack(panel, whole.x.at + k * p.x.ld + r, p.x.ld, p.depth, lanes);
            panel_multiply(&p, m, panel, lanes);
        }
    }
}

static int is_bf16(nqi_dense_size size)
{
    return size.out >= BF16_LEAST && size.in >= BF16_LEAST && size.rows >= 2 * WIDTH;
}

static void bf16_forward(nqi_matrix y, nqi_const_matrix w, const float *b, nqi_const_matrix x,
                         nqi_dense_size size, int accumulate)
{
    const product p = {y, w.at, w.ld, 1, b, x, size.in, accumulate};
    if (is_bf16(size))
        pairs_make(p, size.out, size.rows);
    else
        dense_forward(y, w, b, x, size, accumulate);
}

static void bf16_backward_input(nqi_matrix dx, nqi_const_matrix w, nqi_const_matrix dy,
                                nqi_dense_size size, int accumulate)
{
    const product p = {dx, w.at, 1, w.ld, NULL, dy, size.out, accumulate};
    if (is_bf16(size))
        pairs_make(p, size.in, size.rows);
    else
        dense_backward_input(dx, w, dy, size, accumulate);
}

/* dw += dy x^T: a sum over rows, so pairs are of rows and columns of x come into the lanes. Lanes
 * of pairs are turned as if they were numbers, which only moves bits. */
static void bf16_backward_weight(nqi_matrix dw, float *db, nqi_const_matrix dy,
                                 nqi_const_matrix x, nqi_dense_size size, int accumulate,
                                 float *scratch)
{
    const size_t out = size.out, in = size.in, rows = size.rows;
    if (!is_bf16(size) || rows % (2 * WIDTH)) {
        dense_backward_weight(dw, db, dy, x, size, accumulate, scratch);
        return;
    }
    _Alignas(64) float panel[PANEL_ROWS * PANEL], pairs[PANEL * PANEL_ROWS];
    for (size_t r = 0; r < rows; r += 2 * PANEL_ROWS) {
        const size_t depth = smallest(2 * PANEL_ROWS, rows - r);
        for (size_t i = 0; i < in; i += PANEL) {
            const size_t columns = smallest(PANEL, in - i);
            for (size_t c = 0; c < columns; c++)
                for (size_t k = 0; k < depth; k += 2 * WIDTH)
                    store(pairs + c * PANEL_ROWS + k / 2,
                          (F)neighbours(x.at + (i + c) * x.ld + r + k, 2 * WIDTH));
            panel_transpose(panel, (nqi_const_matrix){pairs, PANEL_ROWS}, columns, depth / 2);
            const product p = {.y = {dw.at + i, dw.ld},
                               .a = dy.at + r,
                               .a_m = dy.ld,
                               .a_k = 1,
                               .depth = depth,
                               .accumulate = r > 0 || accumulate};
            panel_multiply(&p, out, (const uint32_t *)panel, columns);
        }
    }
    if (db && !accumulate)
        memset(db, 0, out * sizeof *db);
    if (db)
        bias_gradient_add(db, dy, out, rows);
}

#endif
