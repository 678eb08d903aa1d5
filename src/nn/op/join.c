/* join.c - several values into one, plane by plane. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/op/join.h"

#include <string.h>

/* A run of features; all rows of a tape are one run of numbers. */
static void copy_features(const nqi_tape *tape, nqi_real *to, const nqi_real *from, size_t count)
{
    if (tape->rows == tape->ld) {
        memcpy(to, from, count * tape->ld * sizeof *to);
        return;
    }
    for (size_t i = 0; i < count; i++)
        memcpy(to + i * tape->ld, from + i * tape->ld, tape->rows * sizeof *to);
}

static void add_features(const nqi_tape *tape, nqi_real *to, const nqi_real *from, size_t count)
{
    if (tape->rows == tape->ld) {
        tape->ops->vadd(to, from, count * tape->ld);
        return;
    }
    for (size_t i = 0; i < count; i++)
        tape->ops->vadd(to + i * tape->ld, from + i * tape->ld, tape->rows);
}

/* Where an input stands inside the joined value from the start, nothing moves. */
static void pass_features(const nqi_tape *tape, nqi_real *to, const nqi_real *from, size_t count,
                          int accumulate)
{
    if (to == from)
        return;
    if (accumulate)
        add_features(tape, to, from, count);
    else
        copy_features(tape, to, from, count);
}

/* The planes of an input, and how far apart they are in the joined value; a flat value is one. */
typedef struct planes {
    size_t count, length, stride, joined_stride;
} planes;

static planes planes_of(const nqi_node *node, const nqi_tape *tape, int which)
{
    const nqi_node *input = nqi_node_source(tape->graph, node, which);
    const nqi_map *map = &input->map;
    if (!node->map.channels)
        return (planes){1, input->width, 0, 0};
    return (planes){map->channels, map->height * map->width, map->plane, node->map.plane};
}

void nqi_join_forward(const nqi_node *node, nqi_tape *tape, int which, size_t first,
                      int accumulate)
{
    const planes p = planes_of(node, tape, which);
    const nqi_real *from = nqi_tape_input(tape, node, which);
    nqi_real *to = tape->value[node->index] + first * tape->ld;
    for (size_t c = 0; c < p.count; c++)
        pass_features(tape, to + c * p.joined_stride * tape->ld, from + c * p.stride * tape->ld,
                      p.length, accumulate);
}

void nqi_join_backward(const nqi_node *node, nqi_tape *tape, int which, size_t first)
{
    const planes p = planes_of(node, tape, which);
    const nqi_real *from = tape->grad[node->index] + first * tape->ld;
    int accumulate;
    nqi_real *to = nqi_tape_gradient(tape, node, which, &accumulate);
    for (size_t c = 0; to && c < p.count; c++)
        pass_features(tape, to + c * p.stride * tape->ld, from + c * p.joined_stride * tape->ld,
                      p.length, accumulate);
}
