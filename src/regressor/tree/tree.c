/* tree.c - the shape of a tree: its places, and its way into a file and back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/tree/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a file has of a node, one number each. */
enum { CELL, PARENT, STATES, VALUES, HIDDEN, FIELDS };
enum { STATES_MOST = 1 << 16 };

void nqi_tree_free(nqi_tree *tree)
{
    if (!tree)
        return;
    free(tree->node);
    tree->node = NULL;
}

size_t nqi_tree_above(const nqi_tree *tree, size_t node)
{
    return node ? tree->node[tree->node[node].parent].states : 1;
}

/* Whether a node's cell is a number, which its values cut into bins. */
static int is_number(const nqi_tree *tree, size_t node)
{
    return !tree->cell[tree->node[node].cell].levels;
}

void nqi_tree_lay_out(nqi_tree *tree)
{
    size_t widest = 1;
    tree->numbers = tree->scratch = 0;
    for (size_t i = 0; i < tree->count; i++) {
        nqi_tree_node *n = &tree->node[i];
        const size_t above = nqi_tree_above(tree, i);
        n->step_at = tree->numbers;
        n->value_at = n->step_at + above * n->states;
        n->place_at = n->value_at + (n->is_hidden ? n->states * n->values : 0);
        tree->numbers = n->place_at + (is_number(tree, i) ? 2 * n->values : 0);
        n->known_at = tree->scratch;
        n->below_at = n->known_at + (n->is_hidden ? n->values : 0);
        n->up_at = n->below_at + n->states;
        tree->scratch = n->up_at + above;
        widest = n->states > widest ? n->states : widest;
        widest = n->values > widest ? n->values : widest;
    }
    tree->ratio_at = tree->scratch;
    tree->message_at = tree->ratio_at + widest;
    tree->sum_at = tree->message_at + widest;
    tree->scratch = tree->sum_at + tree->count;
}

nq_status nqi_tree_pack(nqi_real **out, size_t *count, nq_context *context, const nqi_tree *tree,
                        const nqi_real *numbers)
{
    *count = 1 + FIELDS * tree->count + tree->numbers;
    nqi_real *to = *out = malloc(*count * sizeof *to);
    if (!to)
        return nqi_fail_memory(context, "a tree", *count * sizeof *to);
    *to++ = (nqi_real)tree->count;
    for (const nqi_tree_node *n = tree->node; n < tree->node + tree->count; n++) {
        const size_t field[FIELDS] = {n->cell, n->parent, n->states, n->values,
                                      (size_t)n->is_hidden};
        for (int f = 0; f < FIELDS; f++)
            *to++ = (nqi_real)field[f];
    }
    memcpy(to, numbers, tree->numbers * sizeof *to);
    return NQ_OK;
}

/* A whole number below `end`; end: it is none. */
static size_t whole(nqi_real x, size_t end)
{
    const double number = (double)x;
    return number >= 0 && number < (double)end && floor(number) >= number ? (size_t)number : end;
}

static int node_read(nqi_tree *tree, size_t i, const nqi_real *from, size_t cells)
{
    nqi_tree_node *n = &tree->node[i];
    n->cell = whole(from[CELL], cells);
    n->parent = whole(from[PARENT], i ? i : 1);
    n->states = whole(from[STATES], STATES_MOST);
    n->values = whole(from[VALUES], STATES_MOST);
    n->is_hidden = whole(from[HIDDEN], 2) == 1;
    if (n->cell == cells || n->parent == (i ? i : 1) || n->states == STATES_MOST ||
        n->values == STATES_MOST || !n->states || !n->values || whole(from[HIDDEN], 2) == 2)
        return 0;
    const size_t levels = tree->cell[n->cell].levels;
    return (levels ? n->values == levels : n->values <= NQI_TREE_BINS) &&
           (n->is_hidden || n->states == n->values);
}

static int tables_hold(const nqi_tree *tree, const nqi_real *numbers)
{
    int holds = 1;
    for (size_t i = 0; i < tree->count && holds; i++) {
        const nqi_tree_node *n = &tree->node[i];
        for (size_t j = n->step_at; j < n->place_at; j++)
            holds &= numbers[j] >= 0 && numbers[j] <= 1;
        for (size_t k = 0; is_number(tree, i) && k < n->values; k++)
            holds &= isfinite((double)numbers[n->place_at + k]) &&
                     numbers[n->place_at + n->values + k] > 0 &&
                     isfinite((double)numbers[n->place_at + n->values + k]);
    }
    return holds;
}

/* seen: [cells] zeroes. */
static int shape_read(nqi_tree *tree, char *seen, const nqi_real *packed, size_t count,
                      size_t cells)
{
    int holds = 1;
    for (size_t i = 0; holds && i < tree->count; i++) {
        holds = node_read(tree, i, packed + 1 + FIELDS * i, cells) && !seen[tree->node[i].cell];
        if (holds)
            seen[tree->node[i].cell] = 1;
    }
    if (holds)
        nqi_tree_lay_out(tree);
    return holds && count == 1 + FIELDS * tree->count + tree->numbers;
}

nq_status nqi_tree_unpack(nqi_tree *out, const nqi_real **numbers, nq_context *context,
                          const nqi_real *packed, size_t count, const nqi_variate *cell,
                          size_t cells)
{
    *out = (nqi_tree){.cell = cell, .count = count ? whole(packed[0], cells + 1) : 0};
    int holds = out->count == cells && count > FIELDS * cells;
    char *seen = holds ? calloc(cells, 1) : NULL;
    if (holds && (!seen || !(out->node = calloc(cells, sizeof *out->node)))) {
        free(seen);
        return nqi_fail_memory(context, "a tree", cells * sizeof *out->node);
    }
    *numbers = packed + 1 + FIELDS * cells;
    holds = holds && shape_read(out, seen, packed, count, cells) && tables_hold(out, *numbers);
    free(seen);
    return holds
               ? NQ_OK
               : nqi_fail(context, NQ_ERROR_FORMAT,
                          "the file's tree is none of rows of %zu numbers: it is damaged", cells);
}
