/* tiles.c - running a network on the tiles of a picture. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/tiles.h"

#include <stdlib.h>
#include <string.h>

#include "nn/run/reach.h"
#include "nn/run/run.h"

struct nqi_tiles {
    nqi_tile_plan plan;
    nqi_graph graph; /* of one tile; its tables are the whole network's */
    nqi_tape *tapes; /* [count], one for each group or, where those are fewer, thread */
    size_t count;
    nqi_tape *whole; /* of the run at hand */
    nqi_pool *pool;  /* that works on it */
};

/* What a row of a tape reads, and what it writes: pixels top..bottom-1, left..right-1. */
typedef struct tile {
    size_t row, y, x; /* the picture, and where the tile starts in it */
    size_t top, bottom, left, right;
} tile;

nq_status nqi_tiles_new(nqi_tiles **out, const nqi_graph *graph, const nqi_ops *ops,
                        const nqi_tile_plan *plan, int threads)
{
    const size_t groups = nqi_tile_plan_groups(plan), most = (size_t)threads;
    const size_t count = groups < most ? groups : most;
    nqi_tiles *tiles = *out = calloc(1, sizeof *tiles);
    nq_status status = tiles ? NQ_OK : NQ_ERROR_MEMORY;
    if (!status && !(tiles->tapes = calloc(count, sizeof *tiles->tapes)))
        status = NQ_ERROR_MEMORY;
    if (!status) {
        tiles->plan = *plan;
        nqi_graph_resize(&tiles->graph, graph, plan->down.length, plan->across.length);
    }
    while (!status && tiles->count < count)
        status = nqi_tape_new(&tiles->tapes[tiles->count++], &tiles->graph, ops, NQI_LANES,
                              NQI_LANES, 0);
    if (status) {
        nqi_tiles_free(tiles);
        *out = NULL;
    }
    return status;
}

void nqi_tiles_free(nqi_tiles *tiles)
{
    if (!tiles)
        return;
    for (size_t i = 0; i < tiles->count; i++)
        nqi_tape_free(&tiles->tapes[i]);
    free(tiles->tapes);
    free(tiles);
}

nq_status nqi_tiles_tape_new(nqi_tape *out, const nqi_graph *graph, const nqi_ops *ops)
{
    const size_t in = graph->nodes[graph->input].width * NQI_LANES;
    const size_t output = graph->nodes[graph->output].width * NQI_LANES;
    memset(out, 0, sizeof *out);
    out->graph = graph;
    out->ops = ops;
    out->ld = out->rows = out->group_rows = NQI_LANES;
    out->groups = 1;
    const nq_status status =
        nqi_arena_new(&out->arena, nqi_arena_need(1, sizeof(uint32_t)) +
                                       nqi_arena_need(in, sizeof(nqi_real)) +
                                       nqi_arena_need(output, sizeof(nqi_real)));
    if (status)
        return status;
    out->time = nqi_arena_take(&out->arena, 1, sizeof(uint32_t));
    out->value[graph->input] = nqi_arena_take(&out->arena, in, sizeof(nqi_real));
    out->value[graph->output] = nqi_arena_take(&out->arena, output, sizeof(nqi_real));
    return NQ_OK;
}

/* Work item i: the tiles of one picture follow each other. Those past the last repeat it. */
static tile tile_of(const nqi_tile_plan *plan, size_t i)
{
    const size_t tiles = nqi_tile_plan_tiles(plan), most = plan->rows * tiles - 1;
    const size_t at = (i < most ? i : most) % tiles, row = (i < most ? i : most) / tiles;
    const size_t v = at / plan->across.count, u = at % plan->across.count;
    return (tile){row,
                  nqi_cut_origin(&plan->down, v),
                  nqi_cut_origin(&plan->across, u),
                  nqi_cut_core(&plan->down, v),
                  nqi_cut_core(&plan->down, v + 1),
                  nqi_cut_core(&plan->across, u),
                  nqi_cut_core(&plan->across, u + 1)};
}

static void tile_read(const nqi_tiles *tiles, nqi_tape *tape, const tile *t, size_t row)
{
    const nqi_tape *whole = tiles->whole;
    const nqi_map *to = &tiles->graph.nodes[tiles->graph.input].map;
    const nqi_map *from = &whole->graph->nodes[whole->graph->input].map;
    for (size_t c = 0; c < to->channels; c++)
        for (size_t y = 0; y < to->height; y++) {
            const size_t at = c * from->plane + (t->y + y) * from->width + t->x;
            const nqi_real *x = whole->value[whole->graph->input] + at * whole->ld + t->row;
            nqi_real *line = tape->value[tiles->graph.input] +
                             (c * to->plane + y * to->width) * tape->ld + row;
            for (size_t i = 0; i < to->width; i++)
                line[i * tape->ld] = x[i * whole->ld];
        }
}

static void tile_write(const nqi_tiles *tiles, const nqi_tape *tape, const tile *t, size_t row)
{
    const nqi_tape *whole = tiles->whole;
    const nqi_map *from = &tiles->graph.nodes[tiles->graph.output].map;
    const nqi_map *to = &whole->graph->nodes[whole->graph->output].map;
    for (size_t c = 0; c < to->channels; c++)
        for (size_t y = t->top; y < t->bottom; y++) {
            const size_t at = c * from->plane + (y - t->y) * from->width + t->left - t->x;
            const nqi_real *line = tape->value[tiles->graph.output] + at * tape->ld + row;
            nqi_real *out = whole->value[whole->graph->output] +
                            (c * to->plane + y * to->width + t->left) * whole->ld + t->row;
            for (size_t i = 0; i < t->right - t->left; i++)
                out[i * whole->ld] = line[i * tape->ld];
        }
}

static void group_run(void *state, size_t group, int thread)
{
    nqi_tiles *tiles = state;
    const int is_own = tiles->count == nqi_tile_plan_groups(&tiles->plan);
    nqi_tape *tape = &tiles->tapes[is_own ? group : (size_t)thread];
    tile mine[NQI_LANES];
    tape->map.hand = (nqi_hand){tiles->pool, thread};
    tape->time[0] = nqi_tape_time(tiles->whole, 0);
    tape->map.bank_of = tiles->whole->map.bank_of;
    tape->params = tiles->whole->params;
    for (size_t i = 0; i < NQI_LANES; i++) {
        mine[i] = tile_of(&tiles->plan, group * NQI_LANES + i);
        tile_read(tiles, tape, &mine[i], i);
    }
    nqi_tape_forward(tape);
    const size_t all = tiles->plan.rows * nqi_tile_plan_tiles(&tiles->plan);
    for (size_t i = 0; i < NQI_LANES && group * NQI_LANES + i < all; i++)
        tile_write(tiles, tape, &mine[i], i);
}

nq_status nqi_tiles_forward(nqi_tiles *tiles, nqi_pool *pool, nqi_tape *tape)
{
    tiles->whole = tape;
    tiles->pool = pool;
    return nqi_pool_run(pool, nqi_tile_plan_groups(&tiles->plan), group_run, tiles);
}
