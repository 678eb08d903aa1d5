/* tiles.h - one large picture through a network by all lanes and threads: as overlapping tiles. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_RUN_TILES_H
#define NQI_NN_RUN_TILES_H

#include "core/thread/thread.h"
#include "nn/graph/tape.h"

/* One side of a picture, cut into `count` tiles of `length` pixels. Tiles start at multiples of
 * the network's coarsest pixel. The first and last end at the picture's edges, so that what lies
 * beyond is zero there as it is for the whole picture; elsewhere they overlap by what the network
 * looks at (reach.h). */
typedef struct nqi_cut {
    size_t side, count, length;
    size_t multiple, near, far; /* wrong pixels at a tile's two cut edges */
} nqi_cut;

typedef struct nqi_tile_plan {
    nqi_cut down, across;
    size_t rows; /* pictures at a time, 1..NQI_LANES */
} nqi_tile_plan;

/* Where tile i starts, and where what it contributes starts; tile i ends where the next starts. */
size_t nqi_cut_origin(const nqi_cut *cut, size_t i);
size_t nqi_cut_core(const nqi_cut *cut, size_t i);

/* The tiles that take the least time for `rows` pictures: on one, two and four threads alike, as
 * results may not depend on their number. 1 when there are several; 0 when the pictures are better
 * whole, or the network looks at the whole of them. */
int nqi_tile_plan_make(nqi_tile_plan *out, const nqi_graph *graph, size_t rows);
static inline size_t nqi_tile_plan_tiles(const nqi_tile_plan *plan)
{
    return plan->down.count * plan->across.count;
}
/* Runs of the network of a tile that one run for all pictures takes. */
static inline size_t nqi_tile_plan_groups(const nqi_tile_plan *plan)
{
    return (plan->rows * nqi_tile_plan_tiles(plan) + NQI_LANES - 1) / NQI_LANES;
}

typedef struct nqi_tiles nqi_tiles;

/* graph must outlive the tiles. At most `threads` threads of a pool work with them. */
nq_status nqi_tiles_new(nqi_tiles **out, const nqi_graph *graph, const nqi_ops *ops,
                        const nqi_tile_plan *plan, int threads);
void nqi_tiles_free(nqi_tiles *tiles);

/* A tape of input, output and one time only, for NQI_LANES rows: nqi_tiles_forward fills its
 * output. Freed with nqi_tape_free. */
nq_status nqi_tiles_tape_new(nqi_tape *out, const nqi_graph *graph, const nqi_ops *ops);
/* As nqi_tape_forward, for the first plan->rows rows; the others are left as they are. Not from
 * within the pool, but for nqi_pool_run_alone, whose end before its time it returns. */
nq_status nqi_tiles_forward(nqi_tiles *tiles, nqi_pool *pool, nqi_tape *tape);

#endif
