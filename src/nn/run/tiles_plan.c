/* tiles_plan.c - how many tiles a picture is cut into, and where they lie. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/reach.h"
#include "nn/run/tiles.h"

enum { TILES_MOST = 64 }; /* along one side */

/* Less gain than this is not worth the copies. */
static const double worthwhile = 0.85;

size_t nqi_cut_origin(const nqi_cut *cut, size_t i)
{
    const size_t room = (cut->side - cut->length) / cut->multiple;
    return cut->count > 1 ? room * i / (cut->count - 1) * cut->multiple : 0;
}

size_t nqi_cut_core(const nqi_cut *cut, size_t i)
{
    if (i == 0)
        return 0;
    return i < cut->count ? nqi_cut_origin(cut, i) + cut->near : cut->side;
}

/* Whether each tile is right up to where the next one is right. */
static int cut_covers(const nqi_cut *cut)
{
    for (size_t i = 0; i + 1 < cut->count; i++)
        if (nqi_cut_origin(cut, i) + cut->length < nqi_cut_core(cut, i + 1) + cut->far)
            return 0;
    return 1;
}

/* The shortest tiles, `count` of which cover a side; 0 when they would be as long as the side. The
 * last starts at a multiple, as side and length leave the same rest. */
static int cut_make(nqi_cut *out, size_t side, size_t count, const nqi_reach *reach)
{
    const size_t rest = side % reach->multiple;
    *out = (nqi_cut){side, count, side, reach->multiple, reach->margin, reach->margin + rest};
    for (size_t length = rest ? rest : reach->multiple; count > 1 && length < side;
         length += reach->multiple) {
        out->length = length;
        if (cut_covers(out))
            return 1;
    }
    return count == 1;
}

/* A plan's time on `threads` threads, in pixels of 16 rows. */
static double plan_time(const nqi_tile_plan *plan, size_t threads)
{
    const size_t turns = (nqi_tile_plan_groups(plan) + threads - 1) / threads;
    return (double)turns * (double)(plan->down.length * plan->across.length);
}

/* The product of the times: what is saved on one number of threads counts as on another. */
static double plan_cost(const nqi_tile_plan *plan)
{
    return plan_time(plan, 1) * plan_time(plan, 2) * plan_time(plan, 4);
}

int nqi_tile_plan_make(nqi_tile_plan *out, const nqi_graph *graph, size_t rows)
{
    const nqi_map *map = &graph->nodes[graph->input].map;
    nqi_reach reach;
    nqi_cut across[TILES_MOST];
    size_t most = 0;
    *out = (nqi_tile_plan){.rows = rows < NQI_LANES ? rows : NQI_LANES};
    const int has_reach = nqi_graph_reach(&reach, graph);
    cut_make(&out->down, map->height, 1, &reach);
    cut_make(&out->across, map->width, 1, &reach);
    if (!has_reach)
        return 0;
    while (most < TILES_MOST && cut_make(&across[most], map->width, most + 1, &reach))
        most++;
    double least = worthwhile * worthwhile * worthwhile * plan_cost(out);
    for (size_t down = 1; down <= TILES_MOST; down++) {
        nqi_tile_plan plan = {.rows = out->rows};
        if (!cut_make(&plan.down, map->height, down, &reach))
            break;
        for (size_t i = 0; i < most; i++) {
            plan.across = across[i];
            if (plan_cost(&plan) < least) {
                least = plan_cost(&plan);
                *out = plan;
            }
        }
    }
    return nqi_tile_plan_tiles(out) > 1;
}
