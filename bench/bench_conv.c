/* bench_conv.c - convolutions of each table, and of oneDNN, on one core: bench_conv [TABLE]. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/ops.h"
#include "core/arena.h"
#include "core/thread/denormals.h"

#ifdef NONEQ_ONEDNN
#include "conv_onednn.h"
#endif

static const double least_seconds = 0.3; /* of each figure */

typedef struct shape {
    size_t out, in, side, rows;
} shape;

static const shape shapes[] = {{20, 1, 28, 16},  {20, 20, 28, 16},  {20, 20, 14, 16},
                               {20, 20, 7, 16},  {20, 20, 4, 16},   {20, 20, 28, 64},
                               {32, 3, 32, 16},  {32, 32, 32, 16},  {32, 32, 16, 16},
                               {32, 32, 8, 16},  {10, 10, 32, 16},  {64, 64, 32, 16},
                               {64, 64, 16, 16}, {128, 128, 16, 16}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

typedef struct bench {
    const nqi_ops *ops;
    shape s;
    size_t ld;
    nqi_real *x, *y, *w, *dw, *scratch;
} bench;

static nqi_conv_size size_of(const shape *s)
{
    return (nqi_conv_size){s->out, s->in, s->side, s->side, s->rows};
}

static void forward_with(bench *b, nqi_activation act)
{
    b->ops->conv.forward((nqi_matrix){b->y, b->ld}, b->w, b->w, (nqi_const_matrix){b->x, b->ld},
                         size_of(&b->s), act, 0, b->scratch);
}

static void forward(bench *b)
{
    forward_with(b, NQI_IDENTITY);
}

static void forward_tanh(bench *b)
{
    forward_with(b, NQI_TANH);
}

static void backward_input(bench *b)
{
    b->ops->conv.backward_input((nqi_matrix){b->x, b->ld}, b->w, (nqi_const_matrix){b->y, b->ld},
                                size_of(&b->s), 0, b->scratch);
}

static void backward_weight(bench *b)
{
    const shape *s = &b->s;
    b->ops->conv.backward_weight(b->dw, b->dw + s->out * s->in * 9,
                                 (nqi_const_matrix){b->y, b->ld}, (nqi_const_matrix){b->x, b->ld},
                                 size_of(s), b->scratch);
}

static void (*const passes[])(bench *) = {forward, forward_tanh, backward_input, backward_weight};
enum { PASSES = sizeof passes / sizeof passes[0] };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double best_seconds(void (*run)(bench *), bench *b)
{
    const double begin = now();
    double best = 1e9;
    do {
        const double start = now();
        run(b);
        const double passed = now() - start;
        best = passed < best ? passed : best;
    } while (now() - begin < least_seconds);
    return best;
}

/* A multiply-add of each of nine taps counts as two, also beyond the edges. */
static double work(const shape *s)
{
    return 18e-9 * (double)(s->out * s->in * s->side * s->side * s->rows);
}

static void shape_print(const char *name, const shape *s)
{
    printf("%-16s %3zu <- %3zu, %2zu x %2zu, %2zu rows ", name, s->out, s->in, s->side, s->side,
           s->rows);
}

static nqi_real *numbers_new(size_t n, uint32_t item)
{
    const nqi_stream stream = {1, NQI_DRAW_TEST, 0, item};
    nqi_real *x = nqi_aligned_new(n, sizeof *x);
    if (!x)
        exit(1);
    nqi_ops_ref()->random.normal(x, &stream, 0, n);
    return x;
}

static void table_print(const nqi_ops *ops, const shape *s)
{
    const size_t ld = (s->side * s->side + 1) * s->rows, most = s->out > s->in ? s->out : s->in;
    const size_t scratch = ops->conv.scratch(size_of(s));
    bench b = {.ops = ops,
               .s = *s,
               .ld = ld,
               .x = numbers_new(most * ld, 1),
               .y = numbers_new(most * ld, 2),
               .w = numbers_new(10 * s->out * s->in, 3),
               .dw = numbers_new(10 * s->out * s->in, 4),
               .scratch = numbers_new(scratch + 1, 5)};
    shape_print(ops->name, s);
    for (size_t i = 0; i < PASSES; i++)
        printf(" %6.0f", work(s) / best_seconds(passes[i], &b));
    printf("\n");
    nqi_real *const all[] = {b.x, b.y, b.w, b.dw, b.scratch};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        nqi_aligned_free(all[i]);
}

#ifdef NONEQ_ONEDNN
static void onednn_print(const shape *s)
{
    for (int last = 0; last < 2; last++) {
        shape_print(last ? "onednn nhwc" : "onednn", s);
        const double forward_time =
            onednn_seconds(ONEDNN_FORWARD, last, s->out, s->in, s->side, s->rows);
        const double input =
            onednn_seconds(ONEDNN_BACKWARD_INPUT, last, s->out, s->in, s->side, s->rows);
        const double weight =
            onednn_seconds(ONEDNN_BACKWARD_WEIGHT, last, s->out, s->in, s->side, s->rows);
        printf(" %6.0f      - %6.0f %6.0f\n", work(s) / forward_time, work(s) / input,
               work(s) / weight);
    }
}
#else
static void onednn_print(const shape *s)
{
    (void)s;
}
#endif

int main(int argc, char **argv)
{
    const char *const tables[] = {"ref", "generic", "avx2", "avx512"};
    nqi_backends all;
    nqi_backends_fill(&all);
    nqi_denormals_flush();
    printf("GFLOP/s: forward, forward with tanh, backward to the input, to the weights\n");
#ifndef NONEQ_ONEDNN
    printf("built without oneDNN (Debian: libdnnl-dev), so it is not compared\n");
#endif
    for (size_t i = 0; i < SHAPES; i++) {
        for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
            if (nqi_backends_named(&all, tables[t]) && (argc < 2 || !strcmp(argv[1], tables[t])))
                table_print(nqi_backends_named(&all, tables[t]), &shapes[i]);
        if (argc < 2 || !strcmp(argv[1], "onednn"))
            onednn_print(&shapes[i]);
    }
    return 0;
}
