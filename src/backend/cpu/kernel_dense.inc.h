/* kernel_dense.inc.h - the matrix product behind all three passes of a dense layer. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, TILE_HEIGHT, vectors and functions. Defines dense_forward,
 * dense_backward_input and dense_backward_weight for the slots; product, its pieces and EACH_ROW
 * for convolutions and laws; panel_transpose and bias_gradient_add. */
#ifndef NQI_BACKEND_CPU_KERNEL_DENSE_H
#define NQI_BACKEND_CPU_KERNEL_DENSE_H

/* y[m][lane] (+)= bias[m] + sum_k a(m, k) x[k][lane], a(m, k) = a[m a_m + k a_k]. The lanes are
 * rows of a microbatch, or (in the weight's gradient) columns of the weight. */
typedef struct product {
    nqi_matrix y;
    const float *a;
    size_t a_m, a_k;
    const float *bias; /* or NULL */
    nqi_const_matrix x;
    size_t depth; /* of the sum */
    int accumulate;
} product;

/* Which stride of `a` is 1: a_k, a_m, or either. */
typedef enum product_order { BY_ROW, BY_COLUMN, BY_EITHER } product_order;

INLINED void tile_row_finish(const product *p, size_t m, int vectors, size_t lanes, F low, F high)
{
    float *y = p->y.at + m * p->y.ld;
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
 * compilers keep arrays of vectors in memory. `height`, `vectors` and `by` are constants. Every
 * third row has a pointer of its own, so that any of 12 rows is within reach of an address. */
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
#define ROW_BIAS(m, n)                                                                           \
    if (height > m + n) {                                                                        \
        low##m##n += p->bias[m + n];                                                             \
        if (vectors == 2)                                                                        \
            high##m##n += p->bias[m + n];                                                        \
    }
#define ROW_ACCUMULATE(m, n)                                                                     \
    if (height > m + n) {                                                                        \
        low##m##n += load(y##m + n * ldy);                                                       \
        if (vectors == 2)                                                                        \
            high##m##n += load(y##m + n * ldy + WIDTH);                                          \
    }
#define ROW_STORE(m, n)                                                                          \
    if (height > m + n) {                                                                        \
        store(y##m + n * ldy, low##m##n);                                                        \
        if (vectors == 2)                                                                        \
            store(y##m + n * ldy + WIDTH, high##m##n);                                           \
    }
#define ROW_FINISH(m, n)                                                                         \
    if (height > m + n)                                                                          \
        tile_row_finish(p, m + n, vectors, lanes, low##m##n, high##m##n);

INLINED void tile(int height, int vectors, product_order by, const product *p, size_t lanes)
{
    const size_t a_m = by == BY_COLUMN ? 1 : p->a_m, a_k = by == BY_ROW ? 1 : p->a_k;
    const size_t ldx = p->x.ld;
    const float *a0 = p->a, *a3 = a0 + 3 * a_m, *a6 = a3 + 3 * a_m, *a9 = a6 + 3 * a_m;
    const float *x = p->x.at;
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
    const size_t ldy = p->y.ld;
    float *y0 = p->y.at, *y3 = y0 + 3 * ldy, *y6 = y3 + 3 * ldy, *y9 = y6 + 3 * ldy;
    if (lanes < (size_t)vectors * WIDTH) {
        EACH_ROW(ROW_FINISH)
        return;
    }
    if (p->bias) {
        EACH_ROW(ROW_BIAS)
    }
    if (p->accumulate) {
        EACH_ROW(ROW_ACCUMULATE)
    }
    EACH_ROW(ROW_STORE)
}

#define TILE_CASE(h)                                                                             \
    case h:                                                                                      \
        if (h <= TILE_HEIGHT)                                                                    \
            tile(h <= TILE_HEIGHT ? h : 1, vectors, by, p, lanes);                               \
        break;

INLINED void tile_choose(size_t height, int vectors, product_order by, const product *p,
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
        tile_choose(height, 2, BY_ROW, p, lanes);
    else
        tile_choose(height, 1, BY_ROW, p, lanes);
}

static void tile_by_column(size_t height, const product *p, size_t lanes)
{
    if (lanes > WIDTH)
        tile_choose(height, 2, BY_COLUMN, p, lanes);
    else
        tile_choose(height, 1, BY_COLUMN, p, lanes);
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
        p.y.at += height * p.y.ld;
        p.a += height * p.a_m;
        p.bias = p.bias ? p.bias + height : NULL;
    }
}

static void product_make(product p, size_t m, size_t rows)
{
    const size_t most = 2 * WIDTH;
    for (size_t r = 0; r < rows; r += most) {
        product_column(p, m, smallest(most, rows - r));
        p.x.at += most;
        p.y.at += most;
    }
}

static void dense_forward(nqi_matrix y, nqi_const_matrix w, const float *b, nqi_const_matrix x,
                          nqi_dense_size size, int accumulate)
{
    const product p = {y, w.at, w.ld, 1, b, x, size.in, accumulate};
    product_make(p, size.out, size.rows);
}

static void dense_backward_input(nqi_matrix dx, nqi_const_matrix w, nqi_const_matrix dy,
                                 nqi_dense_size size, int accumulate)
{
    const product p = {dx, w.at, 1, w.ld, NULL, dy, size.out, accumulate};
    product_make(p, size.in, size.rows);
}

enum { PANEL = 2 * WIDTH, PANEL_ROWS = 128 };

/* panel[row][column] = x[column][row] of a square of vectors. */
static inline void square_transpose(float *panel, const float *x, size_t ldx)
{
    F quads[4][WIDTH / 4];
    for (size_t i = 0; i < WIDTH / 4; i++) {
        const float *from = x + 4 * i * ldx;
        F four[4];
        transpose_quads(four, load(from), load(from + ldx), load(from + 2 * ldx),
                        load(from + 3 * ldx));
        for (size_t j = 0; j < 4; j++)
            quads[j][i] = four[j];
    }
    for (size_t j = 0; j < 4; j++)
        store_quads(panel + j * PANEL, 4 * PANEL, quads[j]);
}

/* The same of up to four columns: those beyond the last are zero. */
static inline void columns_transpose(float *panel, const float *x, size_t ldx, size_t columns)
{
    const F zero = {0};
    F quads[4];
    transpose_quads(quads, load(x), columns > 1 ? load(x + ldx) : zero,
                    columns > 2 ? load(x + 2 * ldx) : zero,
                    columns > 3 ? load(x + 3 * ldx) : zero);
    for (size_t row = 0; row < WIDTH; row++)
        memcpy(panel + row * PANEL, (const char *)&quads[row % 4] + 4 * (row - row % 4), 16);
}

/* panel[row][column] = x[column][row]. What is beyond the last four columns is not written, as
 * the sums that it takes part in are dropped. */
static void panel_transpose(float *panel, nqi_const_matrix x, size_t columns, size_t rows)
{
    for (size_t r = 0; r < rows; r += WIDTH) {
        float *to = panel + r * PANEL;
        size_t i = 0;
        for (; i + WIDTH <= columns; i += WIDTH)
            square_transpose(to + i, x.at + i * x.ld + r, x.ld);
        for (; i < columns; i += 4)
            columns_transpose(to + i, x.at + i * x.ld + r, x.ld, columns - i);
    }
}

enum { LONE = 4 };

/* x[0..3] += the sums of four vectors' lanes, `stride` apart; only the first `count`. */
static inline void sums_add(float *x, size_t stride, const F from[4], size_t count)
{
    F quads[4];
    transpose_quads(quads, from[0], from[1], from[2], from[3]);
    const quad sum = sum_quads((quads[0] + quads[1]) + (quads[2] + quads[3]));
    for (size_t i = 0; i < count; i++)
        x[i * stride] += sum[i];
}

/* Sums over rows, of four outputs at a time: db[o] += dy[o] unless db is NULL, and for each of
 * `lone` columns (a constant, at most LONE) of the weight dw[o] += dy[o] x. */
INLINED void gradients_add(size_t lone, nqi_matrix dw, float *db, nqi_const_matrix dy,
                           nqi_const_matrix x, size_t out, size_t rows)
{
    for (size_t o = 0; o < out; o += 4) {
        const size_t count = smallest(4, out - o);
        const float *from[4];
        F sums[LONE + 1][4] = {{{0}}};
        for (size_t i = 0; i < 4; i++)
            from[i] = dy.at + smallest(o + i, out - 1) * dy.ld;
        for (size_t r = 0; r < rows; r += WIDTH) {
            const F y[4] = {load(from[0] + r), load(from[1] + r), load(from[2] + r),
                            load(from[3] + r)};
            for (size_t i = 0; i < 4; i++)
                sums[LONE][i] += y[i];
#pragma GCC unroll 4
            for (size_t c = 0; c < lone; c++) {
                const F factor = load(x.at + c * x.ld + r);
                for (size_t i = 0; i < 4; i++)
                    sums[c][i] += factor * y[i];
            }
        }
        if (db)
            sums_add(db + o, 1, sums[LONE], count);
#pragma GCC unroll 4
        for (size_t c = 0; c < lone; c++)
            sums_add(dw.at + o * dw.ld + c, dw.ld, sums[c], count);
    }
}

static void bias_gradient_add(float *db, nqi_const_matrix dy, size_t out, size_t rows)
{
    const nqi_matrix none = {NULL, 0};
    const nqi_const_matrix nothing = {NULL, 0};
    gradients_add(0, none, db, dy, nothing, out, rows);
}

/* Columns at the end of a narrow weight that would leave most of a vector's lanes without one. */
static inline size_t lone_columns(size_t in)
{
    enum { NARROW = 128 };
    return in <= NARROW && in % WIDTH <= LONE ? in % WIDTH : 0;
}

#define LONE_CASE(n)                                                                             \
    case n:                                                                                      \
        gradients_add(n, dw, db, dy, x, out, rows);                                              \
        break;

static void lone_gradients_add(size_t lone, nqi_matrix dw, float *db, nqi_const_matrix dy,
                               nqi_const_matrix x, size_t out, size_t rows)
{
    switch (lone) {
        LONE_CASE(1)
        LONE_CASE(2)
        LONE_CASE(3)
        LONE_CASE(4)
    default:
        if (db)
            bias_gradient_add(db, dy, out, rows);
    }
}

/* A sum over rows, which are in the lanes: x is transposed, so that columns are. */
static void dense_backward_weight(nqi_matrix dw, float *db, nqi_const_matrix dy,
                                  nqi_const_matrix x, nqi_dense_size size, int accumulate,
                                  float *scratch)
{
    (void)scratch;
    _Alignas(64) float panel[PANEL_ROWS * PANEL];
    const size_t out = size.out, rows = size.rows;
    const size_t lone = lone_columns(size.in), together = size.in - lone;
    for (size_t r = 0; r < rows; r += PANEL_ROWS) {
        const size_t depth = smallest(PANEL_ROWS, rows - r);
        for (size_t i = 0; i < together; i += PANEL) {
            const size_t columns = smallest(PANEL, together - i);
            panel_transpose(panel, (nqi_const_matrix){x.at + i * x.ld + r, x.ld}, columns, depth);
            const product p = {.y = {dw.at + i, dw.ld},
                               .a = dy.at + r,
                               .a_m = dy.ld,
                               .a_k = 1,
                               .x = {panel, PANEL},
                               .depth = depth,
                               .accumulate = r > 0 || accumulate};
            product_column(p, out, columns);
        }
    }
    if (db && !accumulate)
        memset(db, 0, out * sizeof *db);
    for (size_t o = 0; !accumulate && o < out; o++)
        memset(dw.at + o * dw.ld + together, 0, lone * sizeof *dw.at);
    lone_gradients_add(lone, (nqi_matrix){dw.at + together, dw.ld}, db, dy,
                       (nqi_const_matrix){x.at + together * x.ld, x.ld}, out, rows);
}

#endif
