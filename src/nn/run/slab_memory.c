/* slab_memory.c - memory of a slab, and of the strip of pixels that its tail works on. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/slab_memory.h"

#include <stdlib.h>
#include <string.h>

#include "nn/run/layout.h"

/* A strip's values and gradients take a part of a core's second cache (1 MiB and up), which it
 * shares with weights and with what it reads. */
enum { STRIP_BYTES = 256 << 10, STRIP_LEAST = 4 };

static size_t kept_count(const nqi_graph *graph, int node)
{
    const nqi_op *op = graph->nodes[node].op;
    return op->keeps ? op->keeps(&graph->nodes[node], graph) : 0;
}

static size_t kept_bytes(const nqi_graph *graph, const nqi_stages *stages, nqi_stage stage)
{
    size_t bytes = 0;
    for (int i = 0; i < graph->node_count; i++)
        if (stages->of[i] == stage)
            bytes += nqi_arena_need(kept_count(graph, i), sizeof(nqi_real));
    return bytes;
}

static void kept_take(nqi_tape *tape, const nqi_stages *stages, nqi_stage stage)
{
    for (int i = 0; i < tape->graph->node_count; i++)
        if (stages->of[i] == stage && kept_count(tape->graph, i))
            tape->kept[i] =
                nqi_arena_take(&tape->arena, kept_count(tape->graph, i), sizeof(nqi_real));
}

static size_t layout_bytes(const nqi_layout *layout, size_t ld)
{
    size_t bytes = 0;
    for (int s = 0; s < layout->slots; s++)
        bytes += nqi_arena_need(layout->width[s] * ld, sizeof(nqi_real));
    return bytes;
}

/* arrays[i] becomes the slot of node i; those without one are left. */
static void layout_take(nqi_real **arrays, const nqi_layout *layout, nqi_tape *tape)
{
    nqi_real *slots[NQI_GRAPH_NODES] = {NULL};
    for (int s = 0; s < layout->slots; s++)
        slots[s] = nqi_arena_take(&tape->arena, layout->width[s] * tape->ld, sizeof(nqi_real));
    for (int i = 0; i < tape->graph->node_count; i++)
        if (layout->slot[i] >= 0)
            arrays[i] = slots[layout->slot[i]];
}

static nq_status body_new(nqi_slab *slab, int train)
{
    nqi_tape *body = &slab->body;
    const nqi_graph *graph = body->graph;
    const nqi_stages *stages = &slab->stages;
    const size_t scratch = nqi_graph_scratch(graph, stages, NQI_BODY, body->ops, body->ld);
    nqi_layout layout, gradients = {0};
    if (train)
        nqi_layout_whole(&layout, graph, stages);
    else
        nqi_layout_share(&layout, graph, stages);
    size_t bytes = nqi_arena_need(1, sizeof(uint32_t)) +
                   nqi_arena_need(scratch, sizeof(nqi_real)) +
                   kept_bytes(graph, stages, NQI_BODY);
    nqi_layout_share_gradients(&gradients, graph, stages, train);
    bytes += layout_bytes(&layout, body->ld) + layout_bytes(&gradients, body->ld);
    const nq_status status = nqi_arena_new(&body->arena, bytes);
    if (status)
        return status;
    body->time = nqi_arena_take(&body->arena, 1, sizeof(uint32_t));
    body->scratch = nqi_arena_take(&body->arena, scratch, sizeof(nqi_real));
    kept_take(body, stages, NQI_BODY);
    layout_take(body->value, &layout, body);
    layout_take(body->grad, &gradients, body);
    return NQ_OK;
}

static size_t strip_pixels(const nqi_slab *slab, int train)
{
    const nqi_graph *graph = slab->body.graph;
    const nqi_map *map = &graph->nodes[graph->output].map;
    size_t numbers = 0;
    for (int i = 0; i < graph->node_count; i++)
        if (slab->stages.of[i] == NQI_TAIL)
            numbers +=
                graph->nodes[i].map.channels * (nqi_tape_keeps_gradient(graph, i, train) ? 2 : 1);
    if (!numbers)
        return 0;
    size_t pixels = STRIP_BYTES / (numbers * slab->body.ld * sizeof(nqi_real));
    pixels = pixels > STRIP_LEAST ? pixels : STRIP_LEAST;
    return pixels < map->height * map->width ? pixels : map->height * map->width;
}

/* The graph as the tail sees it; what it reads keeps the room between its planes. */
static void strip_graph(nqi_slab *slab)
{
    slab->strip = *slab->body.graph;
    for (int i = 0; i < slab->strip.node_count; i++)
        if (slab->stages.of[i] == NQI_TAIL) {
            nqi_node *node = &slab->strip.nodes[i];
            node->map.plane = slab->pixels + 1;
            node->width = node->map.channels * node->map.plane;
        }
}

void nqi_slab_place(nqi_slab *slab, size_t first, size_t count)
{
    const nqi_tape *body = &slab->body;
    nqi_tape *tail = &slab->tail;
    for (int i = 0; i < slab->strip.node_count; i++) {
        nqi_node *node = &slab->strip.nodes[i];
        if ((slab->stages.of[i] == NQI_TAIL || slab->stages.feeds[i]) && node->map.channels) {
            node->map.height = 1;
            node->map.width = count;
        }
        if (slab->stages.feeds[i]) {
            const size_t shift = node->map.channels ? first * body->ld : 0;
            tail->value[i] = body->value[i] + shift;
            tail->grad[i] = body->grad[i] ? body->grad[i] + shift : NULL;
        }
    }
}

static nq_status tail_new(nqi_slab *slab, int train)
{
    nqi_tape *tail = &slab->tail;
    const nqi_stages *stages = &slab->stages;
    slab->pixels = strip_pixels(slab, train);
    if (!slab->pixels)
        return NQ_OK;
    strip_graph(slab);
    *tail = (nqi_tape){.graph = &slab->strip,
                       .ops = slab->body.ops,
                       .ld = slab->body.ld,
                       .rows = slab->body.ld,
                       .group_rows = slab->body.ld,
                       .groups = 1,
                       .time = slab->body.time};
    nqi_slab_place(slab, 0, slab->pixels);
    const size_t scratch = nqi_graph_scratch(&slab->strip, stages, NQI_TAIL, tail->ops, tail->ld);
    size_t bytes =
        nqi_arena_need(scratch, sizeof(nqi_real)) + kept_bytes(&slab->strip, stages, NQI_TAIL);
    for (int i = 0; i < slab->strip.node_count; i++)
        if (stages->of[i] == NQI_TAIL)
            bytes += 2 * nqi_arena_need(slab->strip.nodes[i].width * tail->ld, sizeof(nqi_real));
    const nq_status status = nqi_arena_new(&tail->arena, bytes);
    if (status)
        return status;
    tail->scratch = nqi_arena_take(&tail->arena, scratch, sizeof(nqi_real));
    kept_take(tail, stages, NQI_TAIL);
    for (int i = 0; i < slab->strip.node_count; i++) {
        const size_t count = slab->strip.nodes[i].width * tail->ld;
        if (stages->of[i] != NQI_TAIL)
            continue;
        tail->value[i] = nqi_arena_take(&tail->arena, count, sizeof(nqi_real));
        if (nqi_tape_keeps_gradient(&slab->strip, i, train))
            tail->grad[i] = nqi_arena_take(&tail->arena, count, sizeof(nqi_real));
    }
    return NQ_OK;
}

static int readers_count(const nqi_graph *graph, int node)
{
    int count = 0;
    for (int i = 0; i < graph->node_count; i++)
        for (int k = 0; k < graph->nodes[i].input_count; k++)
            count += nqi_node_input(graph, &graph->nodes[i], k) == node;
    return count;
}

/* What only a node that stacks its inputs reads is made in its place there. From the output back,
 * so that chains of them end up in the last. */
static void tail_join(nqi_slab *slab)
{
    nqi_tape *tail = &slab->tail;
    const nqi_graph *graph = &slab->strip;
    for (int i = graph->node_count - 1; i >= 0; i--) {
        const nqi_node *node = &graph->nodes[i];
        size_t channel = 0;
        if (slab->stages.of[i] != NQI_TAIL || !node->op->stacks)
            continue;
        for (int k = 0; k < node->input_count; k++) {
            const int input = nqi_node_input(graph, node, k);
            const size_t at = channel * node->map.plane * tail->ld;
            channel += graph->nodes[input].map.channels;
            if (slab->stages.of[input] != NQI_TAIL || readers_count(graph, input) > 1)
                continue;
            tail->value[input] = tail->value[i] + at;
            if (tail->grad[input] && tail->grad[i])
                tail->grad[input] = tail->grad[i] + at;
        }
    }
}

nq_status nqi_slab_new(nqi_slab **out, const nqi_tape *outer, const nqi_stages *stages,
                       size_t rows, int train)
{
    nqi_slab *slab = *out = calloc(1, sizeof *slab);
    if (!slab)
        return NQ_ERROR_MEMORY;
    slab->stages = *stages;
    slab->body.graph = outer->graph;
    slab->body.ops = outer->ops;
    slab->body.ld = slab->body.rows = slab->body.group_rows = rows;
    slab->body.groups = 1;
    nq_status status = body_new(slab, train);
    if (status || (status = tail_new(slab, train)))
        return status;
    if (slab->pixels)
        tail_join(slab);
    return NQ_OK;
}

void nqi_slab_free(nqi_slab *slab)
{
    if (!slab)
        return;
    nqi_arena_free(&slab->body.arena);
    nqi_arena_free(&slab->tail.arena);
    free(slab);
}
