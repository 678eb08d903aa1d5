/* kernel_conv_slots.inc.h - which way a convolution is done: directly, or through transforms. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH. Defines conv_forward, conv_backward_input, conv_backward_weight
 * and conv_scratch for the slots. */
#ifndef NQI_BACKEND_CPU_KERNEL_CONV_SLOTS_H
#define NQI_BACKEND_CPU_KERNEL_CONV_SLOTS_H

#include "backend/cpu/kernel_conv.inc.h"
#include "backend/cpu/kernel_conv_weight.inc.h"
#include "backend/cpu/kernel_winograd.inc.h"
#include "backend/cpu/kernel_winograd_weight.inc.h"

/* Transforms cost out + in, and save a part of out * in; tiles over the edge are wasted, and few
 * vectors do not pay for the transforms of the weights. The limits are measured. */
static int is_winograd(nqi_conv_size size)
{
    const size_t tiles = ((size.height + TILE - 1) / TILE) * ((size.width + TILE - 1) / TILE);
    return size.out * size.in >= 5 * (size.out + size.in) &&
           size.height * size.width >= 11 * tiles && tiles * size.rows >= 4 * NQI_LANES;
}

static void conv_forward(nqi_matrix y, const float *w, const float *b, nqi_const_matrix x,
                         nqi_conv_size size, nqi_activation act, int accumulate, float *scratch)
{
    if (is_winograd(size)) {
        const winograd p = winograd_plan(size, scratch);
        winograd_make(&p, y, w, b, x, act, accumulate);
        return;
    }
    const conv c = {y, w, b, x, size, accumulate};
    conv_make(&c, act);
}

static void conv_backward_input(nqi_matrix dx, const float *w, nqi_const_matrix dy,
                                nqi_conv_size size, int accumulate, float *scratch)
{
    const nqi_conv_size turned = {size.in, size.out, size.height, size.width, size.rows};
    if (is_winograd(size)) {
        const winograd p = winograd_plan(turned, scratch);
        conv_weights_turn(winograd_end(&p), w, size.out, size.in);
        winograd_make(&p, dx, winograd_end(&p), NULL, dy, NQI_IDENTITY, accumulate);
        return;
    }
    conv_weights_turn(scratch, w, size.out, size.in);
    const conv c = {dx, scratch, NULL, dy, turned, accumulate};
    conv_make(&c, NQI_IDENTITY);
}

static void conv_backward_weight(float *dw, float *db, nqi_const_matrix dy, nqi_const_matrix x,
                                 nqi_conv_size size, float *scratch)
{
    if (is_winograd(size)) {
        const winograd p = winograd_plan(size, scratch);
        winograd_weight_add(&p, dw, dy, x);
    } else {
        const conv_gradient g = {scratch, dy, x, size};
        conv_weight_add(&g, dw);
    }
    if (db)
        bias_gradient_add(db, dy, size.out, size.height * size.width * size.rows);
}

static size_t conv_scratch(nqi_conv_size size)
{
    return is_winograd(size) ? winograd_scratch(size) : size.out * size.in * 9 * WIDTH;
}

#endif
