/* ref_pool.c - sums and means over square windows of maps, and their transpose. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"

/* Pixels of the window at place `at` along one side: fewer at the far edge. */
static size_t window_size(size_t at, size_t side, size_t factor)
{
    const size_t rest = side - at * factor;
    return rest < factor ? rest : factor;
}

static nqi_real window_weight(size_t v, size_t u, size_t height, size_t width, size_t factor,
                              int mean)
{
    const size_t pixels = window_size(v, height, factor) * window_size(u, width, factor);
    return mean ? 1 / (nqi_real)pixels : 1;
}

void nqi_ref_pool(nqi_real *y, size_t ldy, const nqi_real *x, size_t ldx, size_t planes,
                  size_t height, size_t width, size_t factor, size_t rows, int mean,
                  int accumulate)
{
    const size_t h = (height + factor - 1) / factor, w = (width + factor - 1) / factor;
    for (size_t i = 0; i < planes * h * w * rows; i++) {
        const size_t r = i % rows, u = i / rows % w, v = i / rows / w % h, p = i / rows / w / h;
        nqi_real sum = 0;
        for (size_t dv = 0; dv < window_size(v, height, factor); dv++)
            for (size_t du = 0; du < window_size(u, width, factor); du++)
                sum += x[p * ldx + ((v * factor + dv) * width + u * factor + du) * rows + r];
        sum *= window_weight(v, u, height, width, factor, mean);
        nqi_real *to = y + p * ldy + (v * w + u) * rows + r;
        *to = accumulate ? *to + sum : sum;
    }
}

void nqi_ref_unpool(nqi_real *y, size_t ldy, const nqi_real *x, size_t ldx, size_t planes,
                    size_t height, size_t width, size_t factor, size_t rows, int mean,
                    int accumulate)
{
    const size_t w = (width + factor - 1) / factor;
    for (size_t i = 0; i < planes * height * width * rows; i++) {
        const size_t plane = height * width * rows, p = i / plane, r = i % rows;
        const size_t u = i / rows % width / factor, v = i / rows / width % height / factor;
        const nqi_real value = x[p * ldx + (v * w + u) * rows + r] *
                               window_weight(v, u, height, width, factor, mean);
        nqi_real *to = y + p * ldy + i % plane;
        *to = accumulate ? *to + value : value;
    }
}
