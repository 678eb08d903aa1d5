/* regressor_image.c - the network of [SD15] D.2: multi-scale convolutions and dense layers over the
 * whole picture, joined at each pixel, then layers within the pixel and blended readouts. Every
 * part is an option; without the dense pathway the size of the picture does not matter. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "nn/op/layers.h"
#include "regressor/regressor.h"

enum { SCALES_MOST = 12 /* as the option table has it */, BUMP_TABLE_MOST = 1 << 23 };

/* What all parts of the network look at while it is built. */
typedef struct plan {
    nqi_graph *graph;
    const nqi_regressor_shape *shape;
    size_t hidden[NQI_HIDDEN_LAYERS], pixel[NQI_HIDDEN_LAYERS], unet[NQI_HIDDEN_LAYERS];
    int hidden_count, pixel_count, unet_count;
    size_t layers, scales, channels, features, bumps;
    nqi_activation across, within; /* of convolutions; of dense and per-pixel layers */
    int time;                      /* node of the step's features, or -1: bumps alone tell t */
    int seen; /* node of x_t, or of all that is said of pixels, where they have roles */
} plan;

static nq_status plan_counts(plan *p, nq_context *context, const nq_model_options *options)
{
    /* Ranges are the option table's; here what is left to be chosen has been. */
    if (options->scales < 1 || options->layers < 0 || options->channels < 1 ||
        options->features < 1 || options->bumps < 1)
        return nqi_fail(
            context, NQ_ERROR_ARGUMENT,
            "an image network needs its scales, layers, channels, features and bumps");
    p->scales = (size_t)options->scales;
    p->layers = (size_t)options->layers;
    p->channels = (size_t)options->channels;
    p->features = (size_t)options->features;
    p->bumps = (size_t)options->bumps;
    if (!p->layers && !p->hidden_count && !p->unet_count)
        return nqi_fail(
            context, NQ_ERROR_ARGUMENT,
            "an image network needs \036layers of convolutions, \036hidden widths of a "
            "dense pathway, or both");
    return NQ_OK;
}

static nq_status plan_make(plan *p, nq_context *context, const nq_model_options *options)
{
    nq_status status = NQ_OK;
    if (!p->shape->channels)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "an image network needs rows that are pictures: \036image HEIGHTxWIDTH "
                        "says their size");
    if (strcmp(options->hidden, "none"))
        status =
            nqi_widths_parse(p->hidden, &p->hidden_count, context, "hidden", options->hidden);
    if (!status && strcmp(options->pixel_hidden, "none"))
        status = nqi_widths_parse(p->pixel, &p->pixel_count, context, "pixel_hidden",
                                  options->pixel_hidden);
    if (!status && *options->unet)
        status = nqi_widths_parse(p->unet, &p->unet_count, context, "unet", options->unet);
    if (!status)
        status = nqi_activation_parse(&p->across, context, options->activation);
    if (!status)
        status = plan_counts(p, context, options);
    p->within = p->across == NQI_SOFTPLUS ? NQI_TANH : p->across;
    if (!status && p->time >= 0)
        status = nqi_hidden_equal(context, p->hidden, p->hidden_count);
    return status;
}

/* What the step says to each channel of x. */
static int time_of(const plan *p, const char *name, int x)
{
    char part[80];
    snprintf(part, sizeof part, "%s.time", name);
    return nqi_graph_dense(p->graph, part, p->time, p->graph->nodes[x].map.channels,
                           NQI_IDENTITY);
}

/* sum over scales k of up_k(conv_k(down_k(x))), from the coarsest up: enlarging is linear. What the
 * step says is the same for all pixels, so that it costs least at the coarsest scale. */
static int build_scales(const plan *p, size_t layer, int x)
{
    int down[SCALES_MOST], sum = -1;
    char name[64];
    down[0] = x;
    for (size_t k = 1; k < p->scales; k++)
        down[k] = nqi_graph_pool(p->graph, down[k - 1], 2);
    for (size_t k = p->scales; k-- > 0;) {
        snprintf(name, sizeof name, "conv%zu.scale%zu", layer + 1, k);
        if (sum >= 0) {
            sum = nqi_graph_conv_over(p->graph, name, down[k], sum);
            continue;
        }
        sum = nqi_graph_conv(p->graph, name, down[k], p->channels, NQI_IDENTITY);
        snprintf(name, sizeof name, "conv%zu", layer + 1);
        if (p->time >= 0)
            sum = nqi_graph_spread(p->graph, sum, time_of(p, name, sum));
    }
    return sum;
}

/* A layer of one scale is a convolution, which applies its activation itself. */
static int build_single(const plan *p, size_t layer, int x)
{
    char name[64];
    snprintf(name, sizeof name, "conv%zu.scale0", layer + 1);
    return nqi_graph_conv(p->graph, name, x, p->channels, p->across);
}

static int build_unet(const plan *p)
{
    const nqi_unet_part of = {.seen = p->seen,
                              .features = p->time,
                              .channels = p->unet,
                              .scales = (size_t)p->unet_count,
                              .layers = p->layers,
                              .activation = p->across};
    return nqi_unet_layers(p->graph, &of);
}

/* As in the paper, layer after layer; with t as an input, each layer adds to the one before. */
static int build_convolutions(const plan *p)
{
    const int single = p->scales == 1 && p->time < 0 && p->across != NQI_SILU;
    int x = p->seen, h = -1;
    for (size_t i = 0; i < p->layers; i++) {
        if (single) {
            x = build_single(p, i, x);
            continue;
        }
        const int y = build_scales(p, i, x);
        h = h >= 0 && p->time >= 0 ? nqi_graph_add(p->graph, h, y) : y;
        x = nqi_graph_activate(p->graph, h, p->across);
    }
    return x;
}

/* What the roles of all pixels come to: areas have few shapes, so that few units tell them. */
static int build_roles(const plan *p)
{
    enum { ROLE_UNITS = 64 };
    const int roles = nqi_roles_part(p->graph, p->shape);
    if (roles < 0)
        return roles;
    return nqi_graph_activate(p->graph,
                              nqi_graph_dense(p->graph, "roles", roles, ROLE_UNITS, NQI_IDENTITY),
                              p->within);
}

/* What a whole picture's layers see: x_t, and where pixels have roles what is known, and these as
 * few units. */
static int build_whole(const plan *p, int roles)
{
    if (roles < 0)
        return p->seen;
    const int numbers = nqi_graph_part(p->graph, p->seen, 0, 2 * p->shape->dim);
    return nqi_graph_concat(p->graph, numbers, roles);
}

static int build_dense(const plan *p)
{
    const nqi_regressor_shape *shape = p->shape;
    const size_t pixels = shape->height * shape->width;
    int h = p->seen;
    if (p->time >= 0) {
        const int roles = build_roles(p);
        const nqi_residual_part of = {.seen = build_whole(p, roles),
                                      .roles = roles,
                                      .features = p->time,
                                      .layers = p->hidden_count,
                                      .width = p->hidden[0],
                                      .activation = p->within,
                                      .dropout = shape->dropout};
        h = nqi_residual_layers(p->graph, &of);
    } else {
        for (int i = 0; i < p->hidden_count; i++) {
            char name[32];
            snprintf(name, sizeof name, "hidden%d", i + 1);
            h = nqi_graph_dense(p->graph, name, h, p->hidden[i], p->within);
            h = nqi_graph_dropout(p->graph, h, shape->dropout);
        }
    }
    h = nqi_graph_dense(p->graph, "features", h, p->features * pixels, NQI_IDENTITY);
    return nqi_graph_as_picture(p->graph, h, p->features, shape->height, shape->width);
}

/* Both pathways and x_t itself, so that noise is taken off pixel by pixel and the pathways only
 * supply what surrounds it (docs/pictures.md). */
static int build_pixels(const plan *p)
{
    int x = p->seen;
    if (p->hidden_count)
        x = nqi_graph_concat(p->graph, build_dense(p), x);
    if (p->unet_count)
        x = nqi_graph_concat(p->graph, build_unet(p), x);
    else if (p->layers)
        x = nqi_graph_concat(p->graph, build_convolutions(p), x);
    for (int i = 0; i < p->pixel_count; i++) {
        char name[32];
        snprintf(name, sizeof name, "pixel%d", i + 1);
        x = nqi_graph_pixel(p->graph, name, x, p->pixel[i], NQI_IDENTITY);
        if (p->time >= 0)
            nqi_graph_pixel_shift(p->graph, x, time_of(p, name, x));
        x = nqi_graph_activate(p->graph, x, p->within);
    }
    return nqi_graph_concat(p->graph, x, p->seen);
}

static nq_status image_build(nqi_graph *graph, nq_context *context,
                             const nqi_regressor_shape *shape, const nq_model_options *options)
{
    plan p = {.graph = graph, .shape = shape, .time = -1};
    const int embeds = !strcmp(options->readout, "embedding");
    if (!embeds && strcmp(options->readout, "bumps"))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "readout \"%s\": an image network has bumps or embedding",
                        options->readout);
    p.time = embeds ? 0 : -1;
    const nq_status status = plan_make(&p, context, options);
    if (status)
        return status;
    graph->gain = 1;
    p.seen = nqi_graph_picture(graph, shape->channels * (shape->seen / shape->dim), shape->height,
                               shape->width);
    if (shape->roles)
        p.seen = nqi_graph_reveal(graph, p.seen, shape->dim);
    if (embeds) {
        size_t width;
        nqi_real *table = nqi_time_features(shape, &width);
        if (!table)
            return nqi_fail_memory(context, "features of the time steps", shape->steps * width);
        p.time = nqi_graph_time(graph, table, shape->steps, width);
    }
    if (p.bumps > BUMP_TABLE_MOST / shape->steps)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "%zu bumps with %zu diffusion steps: expected at most %d together",
                        p.bumps, shape->steps, (int)BUMP_TABLE_MOST);
    nqi_real *bumps = nqi_time_bumps(shape, p.bumps);
    if (!bumps)
        return nqi_fail_memory(context, "bumps of the time steps", shape->steps * p.bumps);
    graph->output = nqi_graph_blend(graph, "readout", build_pixels(&p),
                                    shape->outputs / (shape->height * shape->width), bumps,
                                    p.bumps, shape->steps);
    return NQ_OK;
}

const nqi_regressor_type nqi_regressor_image = {
    .name = "image",
    .options = " hidden activation readout scales layers channels unet features pixel_hidden "
               "bumps squares ",
    .hidden = "none",
    .readout = "embedding",
    .of_pictures = 1,
    .takes_roles = 1,
    .build = image_build};
