/* forest.c - forests as rows of numbers, and from such of any file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/forest/forest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The numbers of a file: features; trees of each output; of each tree its nodes; of each node where
 * it looks (0: it is a leaf; else the feature + 1, negative where the left is for what is missing),
 * its edge or value, and its left node. */
enum { LOOKS, VALUE, LEFT, FIELDS, FEATURES_MOST = 1 << 22, NODES_MOST = 1 << 24 };
static const float value_most = 1e6F;

void nqi_forest_free(nqi_forest *forest)
{
    if (!forest)
        return;
    free(forest->tree);
    free(forest->node);
    forest->tree = NULL;
    forest->node = NULL;
}

/* A leaf leads to itself, whatever is seen: nothing is missing of a row's first feature. */
static nqi_forest_node leaf_of(size_t at, float value)
{
    return (nqi_forest_node){INFINITY, value, 0, (uint32_t)at & INT32_MAX, 1};
}

static int is_leaf(const nqi_forest_node *node)
{
    return isinf(node->edge);
}

/* Nodes are behind those that lead to them, so that a way down ends; [nodes] depths of all. */
static int tree_holds(uint32_t *depth, const nqi_forest_node *node, size_t count, size_t features)
{
    unsigned char *below = calloc(count, 1);
    int holds = below != NULL;
    *depth = 0;
    for (size_t i = 0; i < count && holds; i++) {
        const size_t left = node[i].left;
        if (is_leaf(&node[i])) {
            holds = fabsf(node[i].value) <= value_most;
            continue;
        }
        holds = left > i && left < count - 1 && isfinite(node[i].edge) && node[i].feature >= 0 &&
                (size_t)node[i].feature < features && below[i] < NQI_FOREST_DEPTH;
        if (!holds)
            break;
        below[left] = below[left + 1] = (unsigned char)(below[i] + 1);
        *depth = below[left] > *depth ? below[left] : *depth;
    }
    free(below);
    return holds;
}

int nqi_forest_node_take(nqi_forest_node *node, uint32_t *depth, const nq_tree_node *from,
                         size_t count, size_t features, float rate)
{
    int holds = count > 0;
    for (size_t i = 0; i < count; i++) {
        holds &= isfinite(from[i].value) != 0;
        node[i] = from[i].feature < 0
                      ? leaf_of(i, rate * from[i].value)
                      : (nqi_forest_node){from[i].value, 0, from[i].feature,
                                          from[i].left & INT32_MAX, from[i].missing_left != 0};
    }
    return holds && tree_holds(depth, node, count, features);
}

static size_t tree_nodes(const nqi_forest *forest, size_t tree)
{
    const size_t end = tree + 1 < forest->trees ? forest->tree[tree + 1].first : forest->nodes;
    return end - forest->tree[tree].first;
}

nq_status nqi_forest_pack(nqi_real **out, size_t *count, nq_context *context,
                          const nqi_forest *forest)
{
    *count = 1 + forest->outputs + forest->trees + FIELDS * forest->nodes;
    nqi_real *to = *out = calloc(*count, sizeof *to);
    if (!to)
        return nqi_fail_memory(context, "a forest", *count * sizeof *to);
    *to++ = (nqi_real)forest->features;
    for (size_t k = 0; k < forest->trees; k++)
        to[forest->tree[k].output] += 1;
    to += forest->outputs;
    for (size_t k = 0; k < forest->trees; k++)
        *to++ = (nqi_real)tree_nodes(forest, k);
    for (size_t i = 0; i < forest->nodes; i++, to += FIELDS) {
        const nqi_forest_node *n = &forest->node[i];
        if (is_leaf(n)) {
            to[VALUE] = (nqi_real)n->value;
            continue;
        }
        to[LOOKS] = (nqi_real)(n->missing_left ? -n->feature - 1 : n->feature + 1);
        to[VALUE] = (nqi_real)n->edge;
        to[LEFT] = (nqi_real)n->left;
    }
    return NQ_OK;
}

/* A whole number below `end`; end: it is none. */
static size_t whole(nqi_real x, size_t end)
{
    const double number = (double)x;
    return number >= 0 && number < (double)end && floor(number) >= number ? (size_t)number : end;
}

/* Numbers that are still to be read. */
typedef struct reading {
    const nqi_real *at;
    size_t left;
} reading;

static size_t take(reading *from, size_t end)
{
    if (!from->left)
        return end;
    from->left--;
    return whole(*from->at++, end);
}

static int trees_count(nqi_forest *out, reading *from)
{
    const reading start = *from;
    for (size_t k = 0; k < out->outputs; k++) {
        const size_t count = take(from, NODES_MOST);
        if (count == NODES_MOST || count > start.left - out->trees)
            return 0;
        out->trees += count;
    }
    return 1;
}

static int node_read(nqi_forest_node *out, const nqi_real *from, size_t at, size_t features)
{
    const double looks = (double)from[LOOKS];
    const size_t feature = whole((nqi_real)fabs(looks), features + 1);
    const size_t left = whole(from[LEFT], NODES_MOST);
    const float value = (float)from[VALUE];
    if (feature > features || left == NODES_MOST)
        return 0;
    *out = feature ? (nqi_forest_node){value, 0, (int32_t)feature - 1, (uint32_t)left & INT32_MAX,
                                       looks < 0}
                   : leaf_of(at, value);
    return !feature || isfinite(value);
}

static int nodes_read(nqi_forest *out, const nqi_real *from)
{
    for (size_t k = 0; k < out->trees; k++) {
        nqi_forest_tree *tree = &out->tree[k];
        nqi_forest_node *node = out->node + tree->first;
        const size_t count = tree_nodes(out, k);
        for (size_t i = 0; i < count; i++)
            if (!node_read(&node[i], from + FIELDS * (tree->first + i), i, out->features))
                return 0;
        if (!tree_holds(&tree->depth, node, count, out->features))
            return 0;
    }
    return 1;
}

/* Trees and nodes, when they are counted; `each` what is said of trees of each output. */
static int trees_read(nqi_forest *out, const nqi_real *each, reading *from)
{
    size_t k = 0;
    for (size_t o = 0; o < out->outputs; o++)
        for (size_t j = whole(each[o], NODES_MOST); j > 0; j--, k++) {
            const size_t count = take(from, NODES_MOST);
            if (!count || count == NODES_MOST || count > from->left)
                return 0;
            out->tree[k] = (nqi_forest_tree){.first = out->nodes, .output = (uint32_t)o};
            out->nodes += count;
        }
    return from->left == FIELDS * out->nodes;
}

nq_status nqi_forest_unpack(nqi_forest *out, nq_context *context, const nqi_real *packed,
                            size_t count, const nqi_variate *cell, size_t cells)
{
    reading from = {packed, count};
    *out = (nqi_forest){.cell = cell, .cells = cells};
    for (size_t i = 0; i < cells; i++)
        out->outputs += nqi_forest_outputs(&cell[i]);
    out->features = nqi_forest_features(cell, cells);
    int holds = out->features < FEATURES_MOST && out->outputs < count &&
                take(&from, FEATURES_MOST) == out->features;
    const nqi_real *each = from.at;
    holds = holds && trees_count(out, &from);
    if (holds) {
        out->tree = calloc(out->trees + 1, sizeof *out->tree);
        out->node = calloc(count / FIELDS + 1, sizeof *out->node);
        if (!out->tree || !out->node)
            return nqi_fail_memory(context, "a forest", count * sizeof *out->node);
    }
    return holds && trees_read(out, each, &from) && nodes_read(out, from.at)
               ? NQ_OK
               : nqi_fail(context, NQ_ERROR_FORMAT,
                          "the file's forest is none of rows of %zu numbers: it is damaged",
                          cells);
}
