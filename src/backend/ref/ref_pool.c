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

static nqi_real window_weight(size_t v, size_t u, nqi_window_size size, int mean)
{
    const size_t pixels =
        window_size(v, size.height, size.factor) * window_size(u, size.width, size.factor);
    return mean ? 1 / (nqi_real)pixels : 1;
}

void nqi_ref_pool(nqi_matrix y, nqi_const_matrix x, nqi_window_size size, int mean,
                  int accumulate)
{
    const size_t factor = size.factor, rows = size.rows;
    const size_t h = (size.height + factor - 1) / factor, w = (size.width + factor - 1) / factor;
    for (size_t i = 0; i < size.planes * h * w * rows; i++) {
        const size_t r = i % rows, u = i / rows % w, v = i / rows / w % h, p = i / rows / w / h;
        nqi_real sum = 0;
        for (size_t dv = 0; dv < window_size(v, size.height, factor); dv++)
            for (size_t du = 0; du < window_size(u, size.width, factor); du++)
                sum += x.at[p * x.ld + ((v * factor + dv) * size.width + u * factor + du) * rows +
                            r];
        sum *= window_weight(v, u, size, mean);
        nqi_real *to = y.at + p * y.ld + (v * w + u) * rows + r;
        *to = accumulate ? *to + sum : sum;
    }
}

void nqi_ref_unpool(nqi_matrix y, nqi_const_matrix x, nqi_window_size size, int mean,
                    int accumulate)
{
    const size_t factor = size.factor, rows = size.rows;
    const size_t w = (size.width + factor - 1) / factor, plane = size.height * size.width * rows;
    for (size_t i = 0; i < size.planes * plane; i++) {
        const size_t p = i / plane, r = i % rows;
        const size_t u = i / rows % size.width / factor;
        const size_t v = i / rows / size.width % size.height / factor;
        const nqi_real value =
            x.at[p * x.ld + (v * w + u) * rows + r] * window_weight(v, u, size, mean);
        nqi_real *to = y.at + p * y.ld + i % plane;
        *to = accumulate ? *to + value : value;
    }
}
