/* boost.c - gradient boosting of one cell: Newton steps on -log P(x_0 | x_t), from what x_t alone
 * says, until rows that are held out gain nothing more. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/forest/boost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/grow.h"

enum { DEPTH = 4, ROUNDS_MOST = 300, PATIENCE = 10, TREES_MOST = 2000, ROUNDS_LEAST = 10 };
/* Of a step; what it is held back by, and curvature in a leaf, for each draw of a row: draws of one
 * row say little more than one. */
static const float rate = 0.15F, smoothing = 2.5F, least = 1.25F;

/* A forest as it grows. */
typedef struct growing {
    const nqi_boost *boost;
    const nqi_variate *cell;
    const float *truth, *alone, *noise;
    size_t outputs;
    nqi_real *z;      /* [outputs][rows] sums of trees */
    float *gradient;  /* [outputs][learned] */
    float *curvature; /* [outputs][learned] */
    nq_tree_node *node;
} growing;

void nqi_boosted_free(nqi_boosted *boosted)
{
    if (!boosted)
        return;
    free(boosted->tree);
    free(boosted->node);
    boosted->tree = NULL;
    boosted->node = NULL;
}

static void growing_free(growing *g)
{
    free(g->z);
    free(g->gradient);
    free(g->curvature);
    free(g->node);
}

static int growing_new(growing *g)
{
    const nqi_boost *b = g->boost;
    g->z = calloc(g->outputs * b->rows, sizeof *g->z);
    g->gradient = calloc(g->outputs * b->learned, sizeof *g->gradient);
    g->curvature = calloc(g->outputs * b->learned, sizeof *g->curvature);
    g->node = calloc((size_t)2 << DEPTH, sizeof *g->node);
    return g->z && g->gradient && g->curvature && g->node;
}

/* log sum_k P(k | x_t alone) e^z_k of a row, and the largest exponent that it was divided by. */
static double level_sum(double *most, const growing *g, size_t r)
{
    const size_t rows = g->boost->rows;
    double sum = 0;
    *most = -INFINITY;
    for (size_t k = 0; k < g->outputs; k++)
        *most = fmax(*most, (double)g->alone[k * rows + r] + (double)g->z[k * rows + r]);
    for (size_t k = 0; k < g->outputs; k++)
        sum += exp((double)g->alone[k * rows + r] + (double)g->z[k * rows + r] - *most);
    return sum;
}

/* Of a number given x_t. */
static nqi_forest_normal number_law(const growing *g, size_t r)
{
    return nqi_forest_meet((double)g->z[r], (double)g->z[g->boost->rows + r], (double)g->alone[r],
                           (double)g->noise[r]);
}

/* -log P of what a row is, but for what no tree changes. */
static double row_loss(const growing *g, size_t r)
{
    const size_t rows = g->boost->rows;
    const double truth = (double)g->truth[r];
    double most;
    if (!g->cell->levels) {
        const nqi_forest_normal law = number_law(g, r);
        const double gap = truth - law.mean;
        return 0.5 * (gap * gap * law.precision - log(law.precision));
    }
    if (g->cell->levels == 2) {
        const double odds = (double)g->alone[r] + (double)g->z[r];
        return log1p(exp(-fabs(odds))) + fmax(truth > 0 ? -odds : odds, 0);
    }
    const size_t k = nqi_level_of(truth, g->outputs);
    const double sum = level_sum(&most, g, r);
    return log(sum) + most - (double)g->alone[k * rows + r] - (double)g->z[k * rows + r];
}

static void slope_set(const growing *g, size_t output, size_t r, double gradient,
                      double curvature)
{
    g->gradient[output * g->boost->learned + r] = (float)gradient;
    g->curvature[output * g->boost->learned + r] = (float)curvature;
}

/* Of a number whose law before x_t is normal, with mean m and the log s of its variance: where
 * `part` of the precision is the law's, dM/dm = part and dM/ds = part (M - m). The curvature by s
 * is the expected one. */
static void number_slope(const growing *g, size_t r)
{
    const nqi_forest_normal law = number_law(g, r);
    const double own = exp(-nqi_forest_spread((double)g->z[g->boost->rows + r]));
    const double part = own / law.precision, gap = law.mean - (double)g->truth[r];
    const double pull = part * (law.mean - (double)g->z[r]);
    slope_set(g, 0, r, law.precision * gap * part, law.precision * part * part);
    slope_set(g, 1, r, 0.5 * (part - own * gap * gap) + law.precision * gap * pull,
              0.5 * part * part + law.precision * pull * pull);
}

static void row_slope(const growing *g, size_t r)
{
    const size_t rows = g->boost->rows;
    const double truth = (double)g->truth[r];
    double most;
    if (!g->cell->levels) {
        number_slope(g, r);
        return;
    }
    if (g->cell->levels == 2) {
        const double p = 1 / (1 + exp(-(double)g->alone[r] - (double)g->z[r]));
        slope_set(g, 0, r, p - (truth > 0), p * (1 - p));
        return;
    }
    const size_t level = nqi_level_of(truth, g->outputs);
    const double sum = level_sum(&most, g, r);
    for (size_t k = 0; k < g->outputs; k++) {
        const size_t at = k * rows + r;
        const double p = exp((double)g->alone[at] + (double)g->z[at] - most) / sum;
        slope_set(g, k, r, p - (k == level), 2 * p * (1 - p));
    }
}

/* The mean over rows that are held out; NaN: none has the cell to be told. */
static double held_loss(const growing *g)
{
    double sum = 0, count = 0;
    for (size_t r = g->boost->learned; r < g->boost->rows; r++)
        if (!isnan(g->truth[r])) {
            sum += row_loss(g, r);
            count++;
        }
    return sum / count;
}

static nq_status tree_keep(nqi_boosted *out, const growing *g, size_t count, size_t output)
{
    const nqi_boost *b = g->boost;
    const nqi_forest_rows rows = {b->seen, b->rows, 1, b->features};
    nqi_boosted_tree tree = {.first = out->nodes, .nodes = count};
    if (!nqi_grow(&out->tree, &out->tree_room, out->trees + 1, sizeof *out->tree) ||
        !nqi_grow(&out->node, &out->node_room, out->nodes + count, sizeof *out->node))
        return NQ_ERROR_MEMORY;
    nqi_forest_node *node = out->node + out->nodes;
    if (!nqi_forest_node_take(node, &tree.depth, g->node, count, b->features, rate)) {
        snprintf(out->reason, sizeof out->reason, "what was grown is no tree");
        return NQ_ERROR_FORMAT;
    }
    nqi_forest_add(g->z + output * b->rows, node, tree.depth, &rows);
    out->tree[out->trees++] = tree;
    out->nodes += count;
    return NQ_OK;
}

/* A tree for each output, all from the same sums. */
static nq_status round_grow(nqi_boosted *out, const growing *g)
{
    const nqi_boost *b = g->boost;
    const float draws = b->draws > 1 ? (float)b->draws : 1;
    const nq_growth growth = {DEPTH, smoothing * draws, least * draws};
    nq_status status = NQ_OK;
    for (size_t r = 0; r < b->learned; r++)
        if (!isnan(g->truth[r]))
            row_slope(g, r);
    for (size_t o = 0; o < g->outputs && !status; o++) {
        size_t count = 0;
        status = b->booster->grow(b->matrix, &growth, g->gradient + o * b->learned,
                                  g->curvature + o * b->learned, g->node, &count, out->reason,
                                  sizeof out->reason);
        if (!status)
            status = tree_keep(out, g, count, o);
    }
    return status;
}

static size_t rounds_most(size_t outputs)
{
    const size_t most = TREES_MOST / outputs;
    return most > ROUNDS_MOST ? ROUNDS_MOST : most < ROUNDS_LEAST ? ROUNDS_LEAST : most;
}

static nq_status rounds_run(nqi_boosted *out, const growing *g, nqi_pool *pool, int thread)
{
    const size_t most = rounds_most(g->outputs);
    double best = held_loss(g);
    nq_status status = NQ_OK;
    for (size_t k = 1; k <= most && k <= out->rounds + PATIENCE && !isnan(best); k++) {
        if (nqi_pool_reaches(pool, thread, k - 1, most) || (status = round_grow(out, g)))
            break;
        const double loss = held_loss(g);
        if (loss < best) {
            best = loss;
            out->rounds = k;
        }
    }
    return status;
}

void nqi_boost_cell(nqi_boosted *out, const nqi_boost *boost, size_t item,
                    const nqi_variate *cell, nqi_pool *pool, int thread)
{
    growing g = {.boost = boost,
                 .cell = cell,
                 .truth = boost->truth + item * boost->rows,
                 .alone = boost->alone + cell->law * boost->rows,
                 .noise = boost->noise + cell->law * boost->rows,
                 .outputs = nqi_forest_outputs(cell)};
    out->outputs = g.outputs;
    out->status = growing_new(&g) ? rounds_run(out, &g, pool, thread) : NQ_ERROR_MEMORY;
    if (out->status == NQ_ERROR_MEMORY)
        snprintf(out->reason, sizeof out->reason, "there is no memory for it");
    growing_free(&g);
}
