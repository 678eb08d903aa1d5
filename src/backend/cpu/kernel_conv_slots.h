/* kernel_conv_slots.h - which way a convolution is done: directly, or through transforms. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_CPU_KERNEL_CONV_SLOTS_H
#define NQI_BACKEND_CPU_KERNEL_CONV_SLOTS_H

/* Transforms cost out + in, and save a part of out * in; tiles over the edge are wasted, and few
 * vectors do not pay for the transforms of the weights. The limits are measured. */
static int is_winograd(size_t out, size_t in, size_t height, size_t width, size_t rows)
{
    const size_t tiles = ((height + TILE - 1) / TILE) * ((width + TILE - 1) / TILE);
    return out * in >= 5 * (out + in) && height * width >= 11 * tiles &&
           tiles * rows >= 4 * NQI_LANES;
}

static void conv_forward(float *y, size_t ldy, const float *w, const float *b, const float *x,
                         size_t ldx, size_t out, size_t in, size_t height, size_t width,
                         size_t rows, nqi_activation act, int accumulate, float *scratch)
{
    if (is_winograd(out, in, height, width, rows)) {
        const winograd p = winograd_plan(out, in, height, width, rows, scratch);
        winograd_make(&p, y, ldy, w, b, x, ldx, act, accumulate);
        return;
    }
    const conv c = {y, ldy, w, b, x, ldx, out, in, height, width, rows, accumulate};
    conv_make(&c, act);
}

static void conv_backward_input(float *dx, size_t lddx, const float *w, const float *dy,
                                size_t lddy, size_t out, size_t in, size_t height, size_t width,
                                size_t rows, int accumulate, float *scratch)
{
    if (is_winograd(out, in, height, width, rows)) {
        const winograd p = winograd_plan(in, out, height, width, rows, scratch);
        conv_weights_turn(winograd_end(&p), w, out, in);
        winograd_make(&p, dx, lddx, winograd_end(&p), NULL, dy, lddy, NQI_IDENTITY, accumulate);
        return;
    }
    conv_weights_turn(scratch, w, out, in);
    const conv c = {dx, lddx, scratch, NULL, dy, lddy, in, out, height, width, rows, accumulate};
    conv_make(&c, NQI_IDENTITY);
}

static void conv_backward_weight(float *dw, float *db, const float *dy, size_t lddy,
                                 const float *x, size_t ldx, size_t out, size_t in, size_t height,
                                 size_t width, size_t rows, float *scratch)
{
    if (is_winograd(out, in, height, width, rows)) {
        const winograd p = winograd_plan(out, in, height, width, rows, scratch);
        winograd_weight_add(&p, dw, dy, lddy, x, ldx);
    } else {
        const conv_gradient g = {scratch, dy, x, lddy, ldx, out, in, height, width, rows};
        conv_weight_add(&g, dw);
    }
    if (db)
        bias_gradient_add(db, dy, lddy, out, height * width * rows);
}

static size_t conv_scratch(size_t out, size_t in, size_t height, size_t width, size_t rows)
{
    if (is_winograd(out, in, height, width, rows))
        return winograd_scratch(out, in, height, width, rows);
    return out * in * 9 * WIDTH;
}

#endif
