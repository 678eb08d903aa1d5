/* expand.c - levels as a 1 among zeros, and their place on a line; numbers as they are. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

/* A node's table: [numbers] how many levels each has, then for each level its place, or NaN. Its
 * factor: from a number to what says that it is absent; 0: none is. */
static size_t levels_of(const nqi_real *table, size_t number)
{
    return (size_t)(double)table[number];
}

static int has_place(const nqi_real *place)
{
    return !isnan(place[0]);
}

/* out[level + 1 of them][ld], and below them the place; zeroes where it is absent. */
static void level_forward(nqi_real *out, const nqi_real *x, const nqi_real *absent,
                          const nqi_real *place, size_t levels, size_t ld, size_t rows)
{
    for (size_t k = 0; k < levels + (size_t)has_place(place); k++)
        memset(out + k * ld, 0, rows * sizeof *out);
    for (size_t r = 0; r < rows; r++) {
        const size_t level = (size_t)(double)x[r];
        if (absent && absent[r] > 0)
            continue;
        out[level * ld + r] = 1;
        if (has_place(place))
            out[levels * ld + r] = place[level];
    }
}

static void expand_forward(const nqi_node *node, nqi_tape *tape)
{
    const size_t numbers = nqi_node_source(tape->graph, node, 0)->width, ld = tape->ld;
    const nqi_real *x = nqi_tape_input(tape, node, 0);
    const nqi_real *table = tape->graph->tables[node->table].numbers, *place = table + numbers;
    nqi_real *out = tape->value[node->index];
    for (size_t i = 0; i < numbers; i++, x += ld) {
        const size_t levels = levels_of(table, i);
        if (levels) {
            level_forward(out, x, node->factor ? x + node->factor * ld : NULL, place, levels, ld,
                          tape->rows);
            out += (levels + (size_t)has_place(place)) * ld;
            place += levels;
        } else {
            memcpy(out, x, tape->rows * sizeof *out);
            out += ld;
        }
    }
}

/* Levels have no slope. */
static void expand_backward(const nqi_node *node, nqi_tape *tape)
{
    const size_t numbers = nqi_node_source(tape->graph, node, 0)->width, ld = tape->ld;
    const nqi_real *table = tape->graph->tables[node->table].numbers, *place = table + numbers;
    const nqi_real *dy = tape->grad[node->index];
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    for (size_t i = 0; dx && i < numbers; i++, dx += ld) {
        const size_t levels = levels_of(table, i);
        for (size_t r = 0; r < tape->rows; r++)
            dx[r] = (accumulate ? dx[r] : 0) + (levels ? 0 : dy[r]);
        dy += (levels ? levels + (size_t)has_place(place) : 1) * ld;
        place += levels;
    }
}

static double expand_cost(const nqi_node *node, const nqi_graph *graph)
{
    (void)graph;
    return (double)node->width;
}

static const nqi_op op_expand = {.name = "expand",
                                 .forward = expand_forward,
                                 .backward = expand_backward,
                                 .cost = expand_cost};

int nqi_graph_expand(nqi_graph *graph, int input, const nqi_expansion *expansion)
{
    const size_t numbers = graph->nodes[input].width;
    size_t levels = 0, width = 0, at = 0;
    for (size_t i = 0; i < numbers; i++) {
        levels += expansion->levels[i];
        width += expansion->levels[i] ? expansion->levels[i] : 1;
        if (expansion->levels[i] && !isnan(expansion->place[at]))
            width++;
        at += expansion->levels[i];
    }
    nqi_real *table = calloc(numbers + levels, sizeof *table);
    graph->failed |= !table;
    for (size_t i = 0; table && i < numbers; i++)
        table[i] = (nqi_real)expansion->levels[i];
    if (table && levels)
        memcpy(table + numbers, expansion->place, levels * sizeof *table);
    nqi_node *node = nqi_node_new(graph, &op_expand, width);
    nqi_node_connect(graph, node, input);
    node->factor = expansion->absent;
    nqi_node_table(graph, node, table, 0, numbers + levels);
    return node->index;
}
