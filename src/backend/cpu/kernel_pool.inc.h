/* kernel_pool.inc.h - sums and means over square windows of maps, and their transpose. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, vectors and functions. Defines pool and unpool for the slots. */
#ifndef NQI_BACKEND_CPU_KERNEL_POOL_H
#define NQI_BACKEND_CPU_KERNEL_POOL_H

/* Pixels of a window at place `at` along one side: fewer at the far edge. */
static size_t window_size(size_t at, size_t side, size_t factor)
{
    return smallest(factor, side - at * factor);
}

/* The sum of a window of lines x pixels whose first vector is at x. */
static inline F window_sum(const float *x, size_t lines, size_t pixels, size_t line, size_t rows)
{
    F sum = {0};
    for (; lines > 0; lines--, x += line)
        for (size_t u = 0; u < pixels; u++)
            sum += load(x + u * rows);
    return sum;
}

static void pool_line(float *y, const float *x, size_t lines, nqi_window_size size, int mean,
                      int accumulate)
{
    const size_t width = size.width, factor = size.factor, rows = size.rows;
    for (size_t u = 0; u * factor < width; u++) {
        const size_t pixels = window_size(u, width, factor);
        const float weight = mean ? 1.0f / (float)(lines * pixels) : 1.0f;
        for (size_t r = 0; r < rows; r += WIDTH) {
            const F sum =
                window_sum(x + u * factor * rows + r, lines, pixels, width * rows, rows) * weight;
            float *to = y + u * rows + r;
            store(to, accumulate ? load(to) + sum : sum);
        }
    }
}

static void pool(nqi_matrix y, nqi_const_matrix x, nqi_window_size size, int mean, int accumulate)
{
    const size_t factor = size.factor, small = (size.width + factor - 1) / factor * size.rows;
    const size_t large = size.width * size.rows;
    for (size_t p = 0; p < size.planes; p++)
        for (size_t v = 0; v * factor < size.height; v++)
            pool_line(y.at + p * y.ld + v * small, x.at + p * x.ld + v * factor * large,
                      window_size(v, size.height, factor), size, mean, accumulate);
}

/* One line of the large map from its line of windows, of `lines` lines. */
static void unpool_line(float *y, const float *x, size_t lines, nqi_window_size size, int mean,
                        int accumulate)
{
    const size_t width = size.width, factor = size.factor, rows = size.rows;
    for (size_t u = 0; u * factor < width; u++, x += rows) {
        const size_t pixels = window_size(u, width, factor);
        const float weight = mean ? 1.0f / (float)(lines * pixels) : 1.0f;
        for (size_t du = 0; du < pixels; du++, y += rows)
            for (size_t r = 0; r < rows; r += WIDTH) {
                const F value = load(x + r) * weight;
                store(y + r, accumulate ? load(y + r) + value : value);
            }
    }
}

static void unpool(nqi_matrix y, nqi_const_matrix x, nqi_window_size size, int mean,
                   int accumulate)
{
    const size_t factor = size.factor, small = (size.width + factor - 1) / factor * size.rows;
    const size_t large = size.width * size.rows;
    for (size_t p = 0; p < size.planes; p++)
        for (size_t v = 0; v < size.height; v++)
            unpool_line(y.at + p * y.ld + v * large, x.at + p * x.ld + v / factor * small,
                        window_size(v / factor, size.height, factor), size, mean, accumulate);
}

#endif
