/* run.c - a network on one microbatch: flat nodes on all rows, and what is left slab by slab. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/run.h"

#include <string.h>

#include "nn/run/layout.h"
#include "nn/run/slab.h"

/* Whether a node's rows stand here: those of flat nodes, and of the output. */
static int is_here(const nqi_graph *graph, const nqi_stages *stages, int node)
{
    return stages->of[node] == NQI_FLAT || node == graph->output;
}

static nq_status arrays_new(nqi_tape *tape, const nqi_stages *stages, int train)
{
    const nqi_graph *graph = tape->graph;
    const size_t scratch = nqi_graph_scratch(graph, stages, NQI_FLAT, tape->ops, tape->ld);
    size_t bytes = nqi_arena_need(tape->groups, sizeof(uint32_t)) +
                   nqi_arena_need(scratch, sizeof(nqi_real));
    for (int i = 0; i < graph->node_count; i++) {
        const size_t need = nqi_arena_need(graph->nodes[i].width * tape->ld, sizeof(nqi_real));
        if (is_here(graph, stages, i))
            bytes += nqi_tape_keeps_gradient(graph, i, train) ? 2 * need : need;
    }
    const nq_status status = nqi_arena_new(&tape->arena, bytes);
    if (status)
        return status;
    tape->time = nqi_arena_take(&tape->arena, tape->groups, sizeof(uint32_t));
    tape->scratch = nqi_arena_take(&tape->arena, scratch, sizeof(nqi_real));
    for (int i = 0; i < graph->node_count; i++) {
        const size_t count = graph->nodes[i].width * tape->ld;
        if (!is_here(graph, stages, i))
            continue;
        tape->value[i] = nqi_arena_take(&tape->arena, count, sizeof(nqi_real));
        if (nqi_tape_keeps_gradient(graph, i, train))
            tape->grad[i] = nqi_arena_take(&tape->arena, count, sizeof(nqi_real));
    }
    return NQ_OK;
}

nq_status nqi_tape_new(nqi_tape *out, const nqi_graph *graph, const nqi_ops *ops, size_t ld,
                       size_t group_rows, int train)
{
    nqi_stages stages;
    memset(out, 0, sizeof *out);
    out->graph = graph;
    out->ops = ops;
    out->ld = out->rows = ld;
    out->group_rows = group_rows;
    out->groups = ld / group_rows;
    nqi_stages_find(&stages, graph);
    nq_status status = arrays_new(out, &stages, train);
    if (!status && stages.of[graph->output] != NQI_FLAT)
        status = nqi_slab_new(&out->slab, out, &stages, train ? group_rows : NQI_LANES, train);
    if (status)
        nqi_tape_free(out);
    return status;
}

void nqi_tape_free(nqi_tape *tape)
{
    if (!tape)
        return;
    nqi_slab_free(tape->slab);
    tape->slab = NULL;
    nqi_arena_free(&tape->arena);
}

/* Where there are no maps, all is flat. */
static int is_flat(const nqi_tape *tape, int node)
{
    return !tape->slab || tape->slab->stages.of[node] == NQI_FLAT;
}

static void run_flat(nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    tape->groups = tape->rows / tape->group_rows;
    for (int i = 0; i < graph->node_count && !nqi_hand_stops(&tape->map.hand); i++)
        if (is_flat(tape, i))
            nqi_node_forward(tape, i);
}

static void run_slabs(nqi_tape *tape, const nqi_pass *pass)
{
    const size_t rows = tape->slab && !nqi_hand_stops(&tape->map.hand) ? tape->rows : 0;
    for (size_t first = 0; first < rows; first += tape->slab->body.ld)
        nqi_slab_run(tape->slab, tape, first, pass);
}

static void back_flat(nqi_tape *tape)
{
    for (int i = tape->graph->node_count - 1; i >= 0 && !nqi_hand_stops(&tape->map.hand); i--)
        if (is_flat(tape, i))
            nqi_node_backward(tape, i);
    tape->fresh = 0;
}

void nqi_tape_forward(nqi_tape *tape)
{
    const nqi_pass pass = {NULL, NULL, 0};
    run_flat(tape);
    run_slabs(tape, &pass);
}

/* Maps are gone: they are made again. */
void nqi_tape_backward(nqi_tape *tape)
{
    const nqi_pass pass = {NULL, NULL, 1};
    memset(tape->written, 0, sizeof tape->written);
    tape->written[tape->graph->output] = 1;
    run_slabs(tape, &pass);
    back_flat(tape);
}

void nqi_tape_train(nqi_tape *tape, nqi_tape_score *score, void *state)
{
    const nqi_pass pass = {score, state, 1};
    memset(tape->written, 0, sizeof tape->written);
    tape->written[tape->graph->output] = 1;
    run_flat(tape);
    for (size_t g = 0; !tape->slab && g < tape->groups; g++)
        score(state, g, 0, tape->graph->nodes[tape->graph->output].width);
    run_slabs(tape, &pass);
    back_flat(tape);
}

/* Only flat nodes are run once on a way back. */
void nqi_tape_clear(nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    for (int i = 0; i < graph->node_count; i++) {
        const nqi_node *node = &graph->nodes[i];
        if (node->op->overwrites && is_flat(tape, i))
            continue;
        for (int k = 0; k < node->param_count; k++) {
            const nqi_param *param = &graph->params[node->param[k]];
            if (!param->banked)
                memset(tape->dense_grad + param->offset, 0, param->count * sizeof(nqi_real));
        }
    }
    tape->fresh = 1;
}
