/* kernel_winograd_weight.inc.h - the gradient of a convolution by its weights, from transforms. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, TILE_HEIGHT, vectors and functions. Defines winograd_weight_add.
 * */
#ifndef NQI_BACKEND_CPU_KERNEL_WINOGRAD_WEIGHT_H
#define NQI_BACKEND_CPU_KERNEL_WINOGRAD_WEIGHT_H

#include "backend/cpu/kernel_winograd.inc.h"

/* du[o][i] += sum over lanes of m[o] v[i], for one point. */
typedef struct lanes_product {
    float *du;
    size_t in; /* the stride of du */
    const float *m, *v;
    size_t ld; /* of both */
    size_t lanes;
} lanes_product;

/* Sums of 4 inputs and up to PAIR_OUT outputs, one for each lane: named one by one, as in
 * kernel_dense.inc.h. */
enum { PAIR_OUT = TILE_HEIGHT / 2 };
#define EACH_OUT(X) X(0) X(1) X(2) X(3) X(4) X(5)
#define LANES_DECLARE(o) F a##o = {0}, b##o = {0}, c##o = {0}, d##o = {0};
#define LANES_ADD(o)                                                                             \
    if (outs > o) {                                                                              \
        const F factor = load(m + o * ld);                                                       \
        a##o += factor * v0;                                                                     \
        b##o += factor * v1;                                                                     \
        c##o += factor * v2;                                                                     \
        d##o += factor * v3;                                                                     \
    }
#define LANES_FINISH(o)                                                                          \
    if (outs > o) {                                                                              \
        F quads[4];                                                                              \
        transpose_quads(quads, a##o, b##o, c##o, d##o);                                          \
        const quad sum = sum_quads((quads[0] + quads[1]) + (quads[2] + quads[3]));               \
        float *du = p->du + o * p->in;                                                           \
        for (size_t i = 0; i < ins; i++)                                                         \
            du[i] += sum[i];                                                                     \
    }

/* Inputs beyond the last are the last again; their sums are dropped. */
INLINED void lanes_tile(size_t outs, size_t ins, const lanes_product *p)
{
    const size_t ld = p->ld;
    const size_t step1 = ins > 1 ? ld : 0, step2 = ins > 2 ? 2 * ld : 0;
    const size_t step3 = ins > 3 ? 3 * ld : 0;
    const float *m = p->m, *v = p->v;
    EACH_OUT(LANES_DECLARE)
    for (size_t at = p->lanes; at > 0; at -= WIDTH) {
        const F v0 = load(v), v1 = load(v + step1), v2 = load(v + step2), v3 = load(v + step3);
        EACH_OUT(LANES_ADD)
        m += WIDTH;
        v += WIDTH;
    }
    EACH_OUT(LANES_FINISH)
}

#define LANES_CASE(o)                                                                            \
    case o:                                                                                      \
        if (o <= PAIR_OUT) {                                                                     \
            if (ins == 4)                                                                        \
                lanes_tile(o <= PAIR_OUT ? o : 1, 4, p);                                         \
            else                                                                                 \
                lanes_tile(o <= PAIR_OUT ? o : 1, ins, p);                                       \
        }                                                                                        \
        break;

static void lanes_tile_choose(size_t outs, size_t ins, const lanes_product *p)
{
    switch (outs) {
        LANES_CASE(1)
        LANES_CASE(2)
        LANES_CASE(3)
        LANES_CASE(4)
        LANES_CASE(5)
        LANES_CASE(6)
    default:
        break;
    }
}

static void lanes_product_add(lanes_product p, size_t out)
{
    const size_t tiles = (out + PAIR_OUT - 1) / PAIR_OUT;
    const float *const v = p.v;
    for (size_t t = 0; t < tiles; t++) {
        const size_t outs = out / tiles + (t < out % tiles);
        float *const du = p.du;
        p.v = v;
        for (size_t i = 0; i < p.in; i += 4) {
            p.du = du + i;
            lanes_tile_choose(outs, smallest(4, p.in - i), &p);
            p.v += 4 * p.ld;
        }
        p.du = du + outs * p.in;
        p.m += outs * p.ld;
    }
}

static void winograd_weight_add(const winograd *p, float *dw, nqi_const_matrix dy,
                                nqi_const_matrix x)
{
    memset(p->u, 0, POINTS * p->weights * sizeof *p->u);
    for (size_t first = 0; first < p->pieces; first += p->chunk) {
        const size_t end = smallest(first + p->chunk, p->pieces);
        inputs_transform(p, x, first, end);
        gradients_transform(p, dy, first, end);
        for (size_t point = 0; point < POINTS; point++) {
            const lanes_product sums = {.du = p->u + point * p->weights,
                                        .in = p->size.in,
                                        .m = p->m + point * p->ld,
                                        .v = p->v + point * p->ld,
                                        .ld = POINTS * p->ld,
                                        .lanes = (end - first) * NQI_LANES};
            lanes_product_add(sums, p->size.out);
        }
    }
    for (size_t k = 0; k < p->weights; k += WIDTH)
        transform_both(transform_gradient, 3, PATCH, p->taps + k, p->weights, p->u + k,
                       PATCH * p->weights, p->weights);
    for (size_t tap = 0; tap < 9; tap++)
        for (size_t k = 0; k < p->size.out * p->size.in; k++)
            dw[k * 9 + tap] += p->taps[tap * p->weights + k];
}

#endif
