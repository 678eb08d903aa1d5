/* unet.c - convolutions that go down the sizes of a picture and up again (O. Ronneberger, P.
 * Fischer, T. Brox: U-Net, MICCAI 2015), in residual blocks: far pixels meet where they cost
 * least. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "nn/op/layers.h"
#include "regressor/regressor.h"

/* What the step adds to each channel of x. */
static int step_of(nqi_graph *graph, const nqi_unet_part *of, const char *name, int x)
{
    char part[64];
    snprintf(part, sizeof part, "%s.time", name);
    return nqi_graph_dense(graph, part, of->features, graph->nodes[x].map.channels, NQI_IDENTITY);
}

/* x + conv(act(x)), `layers` times. */
static int build_blocks(nqi_graph *graph, const nqi_unet_part *of, const char *way, size_t scale,
                        int x)
{
    char name[48];
    for (size_t i = 0; i < of->layers; i++) {
        snprintf(name, sizeof name, "%s%zu.conv%zu", way, scale, i + 1);
        const int before = nqi_graph_activate(graph, x, of->activation);
        x = nqi_graph_add(graph, x,
                          nqi_graph_conv(graph, name, before, of->channels[scale], NQI_IDENTITY));
    }
    return x;
}

/* A size is entered from the one before, or from what the network sees, where the step is told. */
static int build_down(nqi_graph *graph, const nqi_unet_part *of, size_t scale, int x)
{
    char name[48];
    if (scale)
        x = nqi_graph_pool(graph, nqi_graph_activate(graph, x, of->activation), 2);
    snprintf(name, sizeof name, "down%zu", scale);
    x = nqi_graph_conv(graph, name, x, of->channels[scale], NQI_IDENTITY);
    if (of->features >= 0)
        x = nqi_graph_spread(graph, x, step_of(graph, of, name, x));
    return build_blocks(graph, of, "down", scale, x);
}

/* What the next size has found, enlarged, joins what the way down had here. The step is told where
 * pixels are fewest. */
static int build_up(nqi_graph *graph, const nqi_unet_part *of, size_t scale, int skip, int coarse)
{
    char name[48];
    snprintf(name, sizeof name, "up%zu.coarse", scale);
    coarse = nqi_graph_activate(graph, coarse, of->activation);
    coarse = nqi_graph_pixel(graph, name, coarse, of->channels[scale], NQI_IDENTITY);
    if (of->features >= 0)
        nqi_graph_pixel_shift(graph, coarse, step_of(graph, of, name, coarse));
    snprintf(name, sizeof name, "up%zu", scale);
    const int here = nqi_graph_activate(graph, skip, of->activation);
    const int x = nqi_graph_conv_over(graph, name, here, coarse);
    return build_blocks(graph, of, "up", scale, x);
}

int nqi_unet_layers(nqi_graph *graph, const nqi_unet_part *of)
{
    int skips[NQI_HIDDEN_LAYERS], x = of->seen;
    for (size_t k = 0; k < of->scales; k++)
        skips[k] = x = build_down(graph, of, k, x);
    for (size_t k = of->scales - 1; k-- > 0;)
        x = build_up(graph, of, k, skips[k], x);
    return nqi_graph_activate(graph, x, of->activation);
}
