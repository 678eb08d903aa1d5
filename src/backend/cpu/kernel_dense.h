/* kernel_dense.h - the matrix product behind all three passes of a dense layer. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_CPU_KERNEL_DENSE_H
#define NQI_BACKEND_CPU_KERNEL_DENSE_H

/* y[m][lane] (+)= bias[m] + sum_k a(m, k) x[k][lane], a(m, k) = a[m a_m + k a_k]. The lanes are
 * rows of a microbatch, or (in the weight's gradient) columns of the weight. */
typedef struct product {
    float *y;
    size_t ldy;
    const float *a;
    size_t a_m, a_k;
    const float *bias; /* or NULL */
    const float *x;
    size_t ldx;
    size_t depth; /* of the sum */
    int accumulate;
} product;

INLINED void tile_row_finish(const product *p, size_t m, int vectors, size_t lanes, F low, F high)
{
    float *y = p->y + m * p->ldy;
    if (p->bias) {
        low += p->bias[m];
        high += p->bias[m];
    }
    const int is_whole = lanes == (size_t)vectors * WIDTH;
    if (is_whole || lanes > WIDTH)
        store(y, p->accumulate ? low + load(y) : low);
    else
        store_part(y, p->accumulate ? low + load_part(y, lanes) : low, lanes);
    if (vectors == 1 || lanes <= WIDTH)
        return;
    y += WIDTH;
    lanes -= WIDTH;
    if (is_whole)
        store(y, p->accumulate ? high + load(y) : high);
    else
        store_part(y, p->accumulate ? high + load_part(y, lanes) : high, lanes);
}

/* Sums in registers for `height` values of m and one or two vectors of lanes. Named one by one:
 * compilers keep arrays of vectors in memory. `height`, `vectors` and `is_by_row` (a_k is 1,
 * otherwise a_m is 1) are constants. Every third row has a pointer of its own, so that any of 12
 * rows is within reach of an address. */
/* clang-format off */
#define EACH_ROW(X)            \
    X(0, 0) X(0, 1) X(0, 2)    \
    X(3, 0) X(3, 1) X(3, 2)    \
    X(6, 0) X(6, 1) X(6, 2)    \
    X(9, 0) X(9, 1) X(9, 2)
/* clang-format on */
#define ROW_DECLARE(m, n) F low##m##n = {0}, high##m##n = {0};
#define ROW_ADD(m, n)                                                                            \
    if (height > m + n) {                                                                        \
        const float a = a##m[n * a_m];                                                           \
        low##m##n += x_low * a;                                                                  \
        if (vectors == 2)                                                                        \
            high##m##n += x_high * a;                                                            \
    }
#define ROW_FINISH(m, n)                                                                         \
    if (height > m + n)                                                                          \
        tile_row_finish(p, m + n, vectors, lanes, low##m##n, high##m##n);

INLINED void tile(int height, int vectors, int is_by_row, const product *p, size_t lanes)
{
    const size_t a_m = is_by_row ? p->a_m : 1, a_k = is_by_row ? 1 : p->a_k, ldx = p->ldx;
    const float *a0 = p->a, *a3 = a0 + 3 * a_m, *a6 = a3 + 3 * a_m, *a9 = a6 + 3 * a_m;
    const float *x = p->x;
    EACH_ROW(ROW_DECLARE)
    for (size_t k = p->depth; k > 0; k--) {
        const F x_low = load(x), x_high = vectors == 2 ? load(x + WIDTH) : x_low;
        EACH_ROW(ROW_ADD)
        x += ldx;
        a0 += a_k;
        a3 += a_k;
        a6 += a_k;
        a9 += a_k;
    }
    EACH_ROW(ROW_FINISH)
}

#define TILE_CASE(h)                                                                             \
    case h:                                                                                      \
        if (h <= TILE_HEIGHT)                                                                    \
            tile(h <= TILE_HEIGHT ? h : 1, vectors, is_by_row, p, lanes);                        \
        break;

INLINED void tile_choose(size_t height, int vectors, int is_by_row, const product *p,
                         size_t lanes)
{
    switch (height) {
        TILE_CASE(1)
        TILE_CASE(2)
        TILE_CASE(3)
        TILE_CASE(4)
        TILE_CASE(5)
        TILE_CASE(6)
        TILE_CASE(7)
        TILE_CASE(8)
        TILE_CASE(9)
        TILE_CASE(10)
        TILE_CASE(11)
        TILE_CASE(12)
    default:
        break;
    }
}

static void tile_by_row(size_t height, const product *p, size_t lanes)
{
    if (lanes > WIDTH)
        tile_choose(height, 2, 1, p, lanes);
    else
        tile_choose(height, 1, 1, p, lanes);
}

static void tile_by_column(size_t height, const product *p, size_t lanes)
{
    if (lanes > WIDTH)
        tile_choose(height, 2, 0, p, lanes);
    else
        tile_choose(height, 1, 0, p, lanes);
}

/* All m of one column of tiles, in tiles of nearly equal height: a low last one would wait for its
 * few sums. lanes <= 2 WIDTH. */
static void product_column(product p, size_t m, size_t lanes)
{
    const size_t tiles = (m + TILE_HEIGHT - 1) / TILE_HEIGHT;
    for (size_t i = 0; i < tiles; i++) {
        const size_t height = m / tiles + (i < m % tiles);
        if (p.a_k == 1)
            tile_by_row(height, &p, lanes);
        else
            tile_by_column(height, &p, lanes);
        p.y += height * p.ldy;
        p.a += height * p.a_m;
        p.bias = p.bias ? p.bias + height : NULL;
    }
}

static void product_make(product p, size_t m, size_t rows)
{
    const size_t most = 2 * WIDTH;
    for (size_t r = 0; r < rows; r += most) {
        product_column(p, m, smallest(most, rows - r));
        p.x += most;
        p.y += most;
    }
}

static void dense_forward(float *y, size_t ldy, const float *w, size_t ldw, const float *b,
                          const float *x, size_t ldx, size_t out, size_t in, size_t rows,
                          int accumulate)
{
    const product p = {y, ldy, w, ldw, 1, b, x, ldx, in, accumulate};
    product_make(p, out, rows);
}

static void dense_backward_input(float *dx, size_t lddx, const float *w, size_t ldw,
                                 const float *dy, size_t lddy, size_t out, size_t in, size_t rows,
                                 int accumulate)
{
    const product p = {dx, lddx, w, 1, ldw, NULL, dy, lddy, out, accumulate};
    product_make(p, in, rows);
}

enum { PANEL = 2 * WIDTH, PANEL_ROWS = 128 };

/* panel[row][column] = x[column][row]. Columns are done by fours: those beyond the last are zero,
 * and those beyond its four are not written, as the sums that they take part in are dropped. */
static void panel_transpose(float *panel, const float *x, size_t ldx, size_t columns, size_t rows)
{
    const F zero = {0};
    for (size_t i = 0; i < columns; i += 4) {
        const float *from = x + i * ldx;
        const size_t rest = columns - i;
        for (size_t r = 0; r < rows; r += WIDTH) {
            F quads[4];
            transpose_quads(quads, load(from + r), rest > 1 ? load(from + ldx + r) : zero,
                            rest > 2 ? load(from + 2 * ldx + r) : zero,
                            rest > 3 ? load(from + 3 * ldx + r) : zero);
            for (size_t row = 0; row < WIDTH; row++)
                memcpy(panel + (r + row) * PANEL + i,
                       (const char *)&quads[row % 4] + 4 * (row - row % 4), 16);
        }
    }
}

static inline F rows_sum(const float *x, size_t rows)
{
    F sum = {0};
    for (size_t r = 0; r < rows; r += WIDTH)
        sum += load(x + r);
    return sum;
}

/* db[o] += sum over rows of dy[o], four at a time. */
static void bias_gradient_add(float *db, const float *dy, size_t lddy, size_t out, size_t rows)
{
    size_t o = 0;
    for (; o + 4 <= out; o += 4) {
        const float *from = dy + o * lddy;
        F quads[4];
        transpose_quads(quads, rows_sum(from, rows), rows_sum(from + lddy, rows),
                        rows_sum(from + 2 * lddy, rows), rows_sum(from + 3 * lddy, rows));
        const quad sum = sum_quads((quads[0] + quads[1]) + (quads[2] + quads[3]));
        for (size_t i = 0; i < 4; i++)
            db[o + i] += sum[i];
    }
    for (; o < out; o++)
        db[o] += sum_lanes(rows_sum(dy + o * lddy, rows));
}

/* dw[o] (+)= sum over rows of dy[o] x for one column of the weight, four at a time. */
static void column_gradient(float *dw, size_t lddw, const float *dy, size_t lddy, const float *x,
                            size_t out, size_t rows, int accumulate)
{
    for (size_t o = 0; o < out; o += 4) {
        const float *from[4];
        F dots[4] = {{0}}, quads[4];
        for (size_t i = 0; i < 4; i++)
            from[i] = dy + smallest(o + i, out - 1) * lddy;
        for (size_t r = 0; r < rows; r += WIDTH) {
            const F factor = load(x + r);
            dots[0] += factor * load(from[0] + r);
            dots[1] += factor * load(from[1] + r);
            dots[2] += factor * load(from[2] + r);
            dots[3] += factor * load(from[3] + r);
        }
        transpose_quads(quads, dots[0], dots[1], dots[2], dots[3]);
        const quad sum = sum_quads((quads[0] + quads[1]) + (quads[2] + quads[3]));
        for (size_t i = 0; i < smallest(4, out - o); i++)
            dw[(o + i) * lddw] = sum[i] + (accumulate ? dw[(o + i) * lddw] : 0);
    }
}

/* Columns at the end of a narrow weight that would leave most of a vector's lanes without one. */
static inline size_t lone_columns(size_t in)
{
    enum { LONE = 4, NARROW = 128 };
    return in <= NARROW && in % WIDTH <= LONE ? in % WIDTH : 0;
}

/* A sum over rows, which are in the lanes: x is transposed, so that columns are. */
static void dense_backward_weight(float *dw, size_t lddw, float *db, const float *dy, size_t lddy,
                                  const float *x, size_t ldx, size_t out, size_t in, size_t rows,
                                  int accumulate, float *scratch)
{
    (void)scratch;
    _Alignas(64) float panel[PANEL_ROWS * PANEL];
    const size_t together = in - lone_columns(in);
    for (size_t r = 0; r < rows; r += PANEL_ROWS) {
        const size_t depth = smallest(PANEL_ROWS, rows - r);
        for (size_t i = 0; i < together; i += PANEL) {
            const size_t columns = smallest(PANEL, together - i);
            panel_transpose(panel, x + i * ldx + r, ldx, columns, depth);
            const product p = {dw + i, lddw,  dy + r, lddy,  1,
                               NULL,   panel, PANEL,  depth, r > 0 || accumulate};
            product_column(p, out, columns);
        }
    }
    for (size_t i = together; i < in; i++)
        column_gradient(dw + i, lddw, dy, lddy, x + i * ldx, out, rows, accumulate);
    if (db && !accumulate)
        memset(db, 0, out * sizeof *db);
    if (db)
        bias_gradient_add(db, dy, lddy, out, rows);
}

#endif
