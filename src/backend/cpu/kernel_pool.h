/* kernel_pool.h - sums and means over square windows of maps, and their transpose. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
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

static void pool_line(float *y, const float *x, size_t lines, size_t width, size_t factor,
                      size_t rows, int mean, int accumulate)
{
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

static void pool(float *y, size_t ldy, const float *x, size_t ldx, size_t planes, size_t height,
                 size_t width, size_t factor, size_t rows, int mean, int accumulate)
{
    const size_t w = (width + factor - 1) / factor;
    for (size_t p = 0; p < planes; p++)
        for (size_t v = 0; v * factor < height; v++)
            pool_line(y + p * ldy + v * w * rows, x + p * ldx + v * factor * width * rows,
                      window_size(v, height, factor), width, factor, rows, mean, accumulate);
}

/* One line of the large map from its line of windows, of `lines` lines. */
static void unpool_line(float *y, const float *x, size_t lines, size_t width, size_t factor,
                        size_t rows, int mean, int accumulate)
{
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

static void unpool(float *y, size_t ldy, const float *x, size_t ldx, size_t planes, size_t height,
                   size_t width, size_t factor, size_t rows, int mean, int accumulate)
{
    const size_t w = (width + factor - 1) / factor;
    for (size_t p = 0; p < planes; p++)
        for (size_t v = 0; v < height; v++)
            unpool_line(y + p * ldy + v * width * rows, x + p * ldx + v / factor * w * rows,
                        window_size(v / factor, height, factor), width, factor, rows, mean,
                        accumulate);
}

#endif
