/* slab.c - the maps of a network of pictures, slab by slab: body, tail, and the way back.
 * Between the flat nodes and these, rows are copied; all else stays here. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/slab.h"

#include <stdlib.h>
#include <string.h>

#include "nn/run/layout.h"
#include "nn/run/slab_memory.h"

/* Copies rows of a flat node between the outer tape and the slab's. */
static void rows_copy(nqi_real *to, size_t to_ld, const nqi_real *from, size_t from_ld,
                      size_t width, size_t rows)
{
    for (size_t i = 0; i < width; i++)
        memcpy(to + i * to_ld, from + i * from_ld, rows * sizeof *to);
}

static void enter(nqi_slab *slab, const nqi_tape *outer, size_t first)
{
    nqi_tape *body = &slab->body, *tail = &slab->tail;
    const nqi_graph *graph = outer->graph;
    body->map.hand = tail->map.hand = outer->map.hand;
    body->time[0] = nqi_tape_time(outer, first / outer->group_rows);
    tail->params = body->params = outer->params;
    tail->dense_grad = body->dense_grad = outer->dense_grad;
    for (int i = 0; i < graph->node_count; i++)
        if (slab->stages.crosses[i])
            rows_copy(body->value[i], body->ld, outer->value[i] + first, outer->ld,
                      graph->nodes[i].width, body->ld);
}

/* Hands the gradients of flat nodes out. */
static void leave(const nqi_slab *slab, nqi_tape *outer, size_t first)
{
    const nqi_tape *body = &slab->body;
    const nqi_graph *graph = outer->graph;
    for (int i = 0; i < graph->node_count; i++)
        if (slab->stages.crosses[i] && body->grad[i] && body->written[i]) {
            outer->written[i] = 1;
            rows_copy(outer->grad[i] + first, outer->ld, body->grad[i], body->ld,
                      graph->nodes[i].width, body->ld);
        }
}

/* Where pixels first.. of the output's planes stand, in the tail's or the body's arrays. */
typedef struct window {
    nqi_tape *tape;
    size_t plane;        /* between planes there, pixels */
    size_t first, count; /* of the outer planes */
} window;

static window window_of(nqi_slab *slab, size_t first, size_t count)
{
    nqi_tape *tape = slab->pixels ? &slab->tail : &slab->body;
    return (window){tape, tape->graph->nodes[tape->graph->output].map.plane, first, count};
}

/* What is done where the output has come up: it is handed out, scored, and its gradient fetched. */
static void output_pass(const window *w, nqi_tape *outer, size_t row, const nqi_pass *pass)
{
    const int output = outer->graph->output;
    const nqi_map *map = &outer->graph->nodes[output].map;
    const size_t ld = w->tape->ld;
    for (size_t c = 0; c < map->channels; c++)
        rows_copy(outer->value[output] + (c * map->plane + w->first) * outer->ld + row, outer->ld,
                  w->tape->value[output] + c * w->plane * ld, ld, w->count, ld);
    if (pass->score)
        pass->score(pass->state, row / outer->group_rows, w->first, w->count);
    for (size_t c = 0; pass->gradient && c < map->channels; c++)
        rows_copy(w->tape->grad[output] + c * w->plane * ld, ld,
                  outer->grad[output] + (c * map->plane + w->first) * outer->ld + row, outer->ld,
                  w->count, ld);
}

/* Starts the way back of a strip. Flat values serve all strips, so that their gradients add up;
 * maps are written strip by strip. */
static void tail_written(nqi_slab *slab, size_t first)
{
    nqi_tape *tail = &slab->tail;
    for (int i = 0; i < tail->graph->node_count; i++)
        if (!slab->stages.feeds[i] || tail->graph->nodes[i].map.channels || !first)
            tail->written[i] = i == tail->graph->output;
}

static void run_tail(nqi_slab *slab, nqi_tape *outer, size_t row, const nqi_pass *pass)
{
    const nqi_map *map = &outer->graph->nodes[outer->graph->output].map;
    const size_t pixels = map->height * map->width;
    nqi_tape *tail = &slab->tail;
    for (size_t first = 0; first < pixels && !nqi_hand_stops(&tail->map.hand);
         first += slab->pixels) {
        const size_t left = pixels - first, count = left < slab->pixels ? left : slab->pixels;
        const window w = window_of(slab, first, count);
        nqi_slab_place(slab, first, count);
        nqi_stage_forward(tail, &slab->stages, NQI_TAIL);
        output_pass(&w, outer, row, pass);
        if (!pass->gradient)
            continue;
        tail_written(slab, first);
        nqi_stage_backward(tail, &slab->stages, NQI_TAIL);
    }
    for (int i = 0; pass->gradient && i < tail->graph->node_count; i++)
        if (slab->stages.feeds[i])
            slab->body.written[i] = tail->written[i];
}

/* What operations prepare once for all pixels, and gather at the end. A tail need not be there. */
static void begin(nqi_tape *tape)
{
    for (int i = 0; tape->graph && i < tape->graph->node_count; i++)
        if (tape->kept[i])
            tape->graph->nodes[i].op->begin(&tape->graph->nodes[i], tape);
}

static void end(nqi_tape *tape)
{
    for (int i = 0; tape->graph && i < tape->graph->node_count; i++)
        if (tape->kept[i] && tape->graph->nodes[i].op->end)
            tape->graph->nodes[i].op->end(&tape->graph->nodes[i], tape);
}

void nqi_slab_run(nqi_slab *slab, nqi_tape *outer, size_t first, const nqi_pass *pass)
{
    const nqi_map *map = &outer->graph->nodes[outer->graph->output].map;
    const window whole = window_of(slab, 0, map->height * map->width);
    enter(slab, outer, first);
    begin(&slab->body);
    begin(&slab->tail);
    nqi_stage_forward(&slab->body, &slab->stages, NQI_BODY);
    memset(slab->body.written, 0, sizeof slab->body.written);
    if (slab->pixels) {
        run_tail(slab, outer, first, pass);
    } else {
        slab->body.written[outer->graph->output] = 1;
        output_pass(&whole, outer, first, pass);
    }
    if (!pass->gradient)
        return;
    nqi_stage_backward(&slab->body, &slab->stages, NQI_BODY);
    end(&slab->tail);
    end(&slab->body);
    leave(slab, outer, first);
}
