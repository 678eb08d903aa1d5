/* conv_onednn.c - convolutions by oneDNN 2, through its C interface, for comparison. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "conv_onednn.h"

#include <string.h>
#include <time.h>

#include <dnnl.h>

enum { REPEATS = 200 };

typedef struct conv {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_desc_t forward, desc;
    dnnl_primitive_t primitive;
    dnnl_memory_t memory[3]; /* x, w, y or their gradients */
} conv;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int describe(conv *c, onednn_pass pass, const dnnl_memory_desc_t *x,
                    const dnnl_memory_desc_t *w, const dnnl_memory_desc_t *y)
{
    const dnnl_dims_t ones = {1, 1};
    dnnl_convolution_desc_t forward, desc;
    if (dnnl_convolution_forward_desc_init(&forward, dnnl_forward_training,
                                           dnnl_convolution_direct, x, w, NULL, y, ones, ones,
                                           ones) ||
        dnnl_primitive_desc_create(&c->forward, &forward, NULL, c->engine, NULL))
        return 0;
    dnnl_status_t status = dnnl_success;
    if (pass == ONEDNN_FORWARD)
        desc = forward;
    else if (pass == ONEDNN_BACKWARD_INPUT)
        status = dnnl_convolution_backward_data_desc_init(&desc, dnnl_convolution_direct, x, w, y,
                                                          ones, ones, ones);
    else
        status = dnnl_convolution_backward_weights_desc_init(&desc, dnnl_convolution_direct, x, w,
                                                             NULL, y, ones, ones, ones);
    return !status &&
           !dnnl_primitive_desc_create(&c->desc, &desc, NULL, c->engine,
                                       pass == ONEDNN_FORWARD ? NULL : c->forward) &&
           !dnnl_primitive_create(&c->primitive, c->desc);
}

/* Where x, w and y stand in the questions that a pass answers. */
static int allocate(conv *c, onednn_pass pass)
{
    static const dnnl_query_t parts[3][3] = {
        {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md},
        {dnnl_query_diff_src_md, dnnl_query_weights_md, dnnl_query_diff_dst_md},
        {dnnl_query_src_md, dnnl_query_diff_weights_md, dnnl_query_diff_dst_md}};
    for (size_t i = 0; i < 3; i++) {
        const dnnl_memory_desc_t *part = dnnl_primitive_desc_query_md(c->desc, parts[pass][i], 0);
        void *numbers;
        if (!part || dnnl_memory_create(&c->memory[i], part, c->engine, DNNL_MEMORY_ALLOCATE) ||
            dnnl_memory_get_data_handle(c->memory[i], &numbers))
            return 0;
        memset(numbers, 0, dnnl_memory_desc_get_size(part));
    }
    return 1;
}

static double best_seconds(conv *c, onednn_pass pass)
{
    static const int arguments[3][3] = {{DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
                                        {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST},
                                        {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST}};
    dnnl_exec_arg_t arg[3];
    for (size_t i = 0; i < 3; i++)
        arg[i] = (dnnl_exec_arg_t){arguments[pass][i], c->memory[i]};
    double best = 0;
    for (int i = 0; i < REPEATS; i++) {
        const double start = now();
        if (dnnl_primitive_execute(c->primitive, c->stream, 3, arg) ||
            dnnl_stream_wait(c->stream))
            return 0;
        const double passed = now() - start;
        if (i == 0 || passed < best)
            best = passed;
    }
    return best;
}

static void release(conv *c)
{
    for (size_t i = 0; i < 3; i++)
        if (c->memory[i])
            dnnl_memory_destroy(c->memory[i]);
    if (c->primitive)
        dnnl_primitive_destroy(c->primitive);
    if (c->desc)
        dnnl_primitive_desc_destroy(c->desc);
    if (c->forward)
        dnnl_primitive_desc_destroy(c->forward);
    if (c->stream)
        dnnl_stream_destroy(c->stream);
    if (c->engine)
        dnnl_engine_destroy(c->engine);
}

double onednn_seconds(onednn_pass pass, int channels_last, size_t out, size_t in, size_t side,
                      size_t rows)
{
    const dnnl_dim_t n = (dnnl_dim_t)rows, s = (dnnl_dim_t)side;
    const dnnl_dim_t inputs = (dnnl_dim_t)in, outputs = (dnnl_dim_t)out;
    const dnnl_dims_t x_dims = {n, inputs, s, s}, w_dims = {outputs, inputs, 3, 3};
    const dnnl_dims_t y_dims = {n, outputs, s, s};
    const dnnl_format_tag_t maps = channels_last ? dnnl_nhwc : dnnl_format_tag_any;
    dnnl_memory_desc_t x, w, y;
    conv c;
    memset(&c, 0, sizeof c);
    double seconds = 0;
    if (!dnnl_memory_desc_init_by_tag(&x, 4, x_dims, dnnl_f32, maps) &&
        !dnnl_memory_desc_init_by_tag(&w, 4, w_dims, dnnl_f32, dnnl_format_tag_any) &&
        !dnnl_memory_desc_init_by_tag(&y, 4, y_dims, dnnl_f32, maps) &&
        !dnnl_engine_create(&c.engine, dnnl_cpu, 0) &&
        !dnnl_stream_create(&c.stream, c.engine, dnnl_stream_default_flags) &&
        describe(&c, pass, &x, &w, &y) && allocate(&c, pass))
        seconds = best_seconds(&c, pass);
    release(&c);
    return seconds;
}
