/* regressor_tree.c - x_0 as the tree of training rows has it, given the row behind the noise: exact
 * by belief propagation, fitted by counting, chosen by rows that are held out. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "regressor/lesson.h"
#include "regressor/tree/tree.h"

enum {
    ROUNDS_MOST = 100,
    ROUNDS_FEW = 20,
    HELD_PART = 10,
    HELD_LEAST = 20,
    PLAIN_MOST = 1 << 20
};
static const size_t states_tried[] = {0, 2, 4, NQI_TREE_STATES};
static const double smoothing_tried[] = {0.1, 0.3, 3};
enum {
    STATES_TRIED = sizeof states_tried / sizeof *states_tried,
    SMOOTHING_TRIED = sizeof smoothing_tried / sizeof *smoothing_tried,
    FITS = STATES_TRIED + SMOOTHING_TRIED + 1
};

static nq_status tree_build(nqi_graph *graph, nq_context *context,
                            const nqi_regressor_shape *shape, const nq_model_options *options)
{
    (void)context;
    (void)options;
    nqi_numbers_part(graph, shape, "tree");
    return NQ_OK;
}

/* The shape of a tree of that plan. */
static nq_status tree_make(nqi_tree *out, nq_context *context, const nqi_variate *cell,
                           const nqi_tree_rows *rows, const size_t *order, const size_t *parent,
                           size_t states)
{
    size_t *place = malloc(rows->cells * sizeof *place);
    *out = (nqi_tree){.cell = cell, .count = rows->cells};
    out->node = calloc(rows->cells, sizeof *out->node);
    if (!place || !out->node) {
        free(place);
        return nqi_fail_memory(context, "a tree", rows->cells * sizeof *out->node);
    }
    for (size_t i = 0; i < rows->cells; i++) {
        nqi_tree_node *n = &out->node[i];
        place[order[i]] = i;
        n->cell = order[i];
        n->parent = i ? place[parent[order[i]]] : 0;
        n->values = rows->values[order[i]];
        n->is_hidden = states > 0;
        n->states = states ? states : n->values;
    }
    free(place);
    nqi_tree_lay_out(out);
    return NQ_OK;
}

/* What is being fitted: rows, the edges that they want, and the best plan so far. */
typedef struct search {
    nq_context *context;
    const nqi_variate *cell;
    nqi_tree_rows rows;
    size_t *order, *parent;
    size_t learned; /* rows that plans are fitted to; the others judge */
    int is_plain;   /* tables of the plain tree take no more than a little memory */
    nqi_tree_plan best;
    double held;
    int fits; /* so far, of FITS */
} search;

/* Fits a plan to some rows. */
static nq_status plan_fit(search *s, nqi_tree *tree, nqi_real **numbers, size_t count,
                          const nqi_tree_plan *plan, double *held, size_t *rounds)
{
    nq_status status =
        tree_make(tree, s->context, s->cell, &s->rows, s->order, s->parent, plan->states);
    const double done = (double)s->fits++ / FITS;
    const nqi_portion portion = nqi_portion_enter(s->context, done, done + 1.0 / FITS);
    *numbers = NULL;
    if (!status)
        status = nqi_tree_fit(tree, numbers, held, rounds, s->context, &s->rows, count, plan);
    nqi_portion_leave(s->context, portion);
    return status;
}

static nq_status plan_try(search *s, size_t states, double smoothing)
{
    const nqi_tree_plan plan = {states, smoothing, states ? ROUNDS_MOST : 1};
    nqi_tree tree;
    nqi_real *numbers;
    double held;
    size_t rounds;
    const nq_status status = plan_fit(s, &tree, &numbers, s->learned, &plan, &held, &rounds);
    free(numbers);
    nqi_tree_free(&tree);
    if (!status && (!s->best.rounds || held > s->held)) {
        s->best = (nqi_tree_plan){states, smoothing, rounds ? rounds : 1};
        s->held = held;
    }
    return status;
}

/* States first, then how smooth. */
static nq_status plans_try(search *s)
{
    nq_status status = NQ_OK;
    for (size_t k = !s->is_plain; k < STATES_TRIED && !status; k++)
        status = plan_try(s, states_tried[k], 1);
    const size_t best = s->best.states;
    for (size_t k = 0; k < SMOOTHING_TRIED && !status; k++)
        status = plan_try(s, best, smoothing_tried[k]);
    return status;
}

/* Two columns of thousands of levels have tables of millions of numbers. */
static int plain_is_small(const search *s)
{
    size_t numbers = 0;
    for (size_t c = 0; c < s->rows.cells; c++)
        numbers += s->rows.values[c] * s->rows.values[s->parent[c]];
    return numbers <= PLAIN_MOST;
}

/* Without enough rows to hold out: the plain tree, or as few states. */
static nq_status search_run(search *s, nqi_real **out, size_t *count)
{
    nqi_tree tree = {0};
    nqi_real *numbers = NULL;
    double held;
    size_t rounds;
    nq_status status = nqi_tree_grow(s->order, s->parent, s->context, &s->rows);
    s->is_plain = !status && plain_is_small(s);
    s->best = s->is_plain ? (nqi_tree_plan){0, 1, 1} : (nqi_tree_plan){2, 1, ROUNDS_FEW};
    if (!status && s->learned < s->rows.rows) {
        s->best.rounds = 0;
        status = plans_try(s);
    }
    if (!status)
        status = plan_fit(s, &tree, &numbers, s->rows.rows, &s->best, &held, &rounds);
    if (!status)
        status = nqi_tree_pack(out, count, s->context, &tree, numbers);
    free(numbers);
    nqi_tree_free(&tree);
    return status;
}

/* Rows in an order of their own, so that those at the end are like the others. */
static nqi_real *shuffled(const nqi_real *sample, size_t rows, size_t cells)
{
    nqi_real *out = malloc(rows * cells * sizeof *out);
    size_t *order = malloc(rows * sizeof *order);
    const nqi_stream stream = {1, NQI_DRAW_INIT, 0, 1};
    for (size_t r = 0; order && r < rows; r++) {
        const size_t k = (size_t)(nqi_stream_uniform(&stream, r) * (double)(r + 1));
        order[r] = order[k];
        order[k] = r;
    }
    for (size_t r = 0; out && order && r < rows; r++)
        memcpy(out + r * cells, sample + order[r] * cells, cells * sizeof *out);
    if (!order) {
        free(out);
        out = NULL;
    }
    free(order);
    return out;
}

static nq_status tree_learn(nqi_real **out, size_t *count, nq_context *context,
                            const nqi_regressor *regressor, nqi_lesson *lesson)
{
    const size_t rows = lesson->rows, held = rows / HELD_PART, cells = regressor->cells;
    search s = {.context = context,
                .cell = regressor->cell,
                .learned = held < HELD_LEAST ? rows : rows - held,
                .order = calloc(cells, sizeof *s.order),
                .parent = calloc(cells, sizeof *s.parent)};
    nqi_real *own = shuffled(lesson->sample, rows, cells);
    nq_status status = s.order && s.parent && own
                           ? nqi_tree_rows_make(&s.rows, context, s.cell, cells, own, rows)
                           : nqi_fail_memory(context, "rows of a tree", rows * cells);
    free(own);
    if (!status)
        status = search_run(&s, out, count);
    nqi_tree_rows_free(&s.rows);
    free(s.order);
    free(s.parent);
    return status;
}

static nq_status tree_open(nqi_regressor *regressor, nq_context *context)
{
    const size_t count = nqi_graph_parameters(&regressor->graph);
    const nqi_real *numbers;
    return nqi_tree_unpack(regressor->opened, &numbers, context, regressor->params, count,
                           regressor->cell, regressor->cells);
}

static void tree_close(nqi_regressor *regressor)
{
    nqi_tree_free(regressor->opened);
}

static size_t tree_scratch(const nqi_regressor *regressor, size_t rows)
{
    const nqi_tree *tree = regressor->opened;
    return nqi_tree_scratch(tree, rows);
}

static nqi_tree_pass pass_of(const nqi_regressor *regressor, const nqi_question *question)
{
    const nqi_tree *tree = regressor->opened;
    const size_t count = nqi_graph_parameters(&regressor->graph);
    return (nqi_tree_pass){.tree = tree,
                           .numbers = regressor->params + count - tree->numbers,
                           .ops = question->ops,
                           .scratch = question->scratch,
                           .rows = question->rows};
}

static void tree_predict(const nqi_regressor *regressor, const nqi_question *question,
                         nqi_real *mean, nqi_real *variance)
{
    const nqi_tree_pass pass = pass_of(regressor, question);
    nqi_tree_see(&pass, question);
    nqi_tree_climb(&pass);
    nqi_tree_believe(&pass, question, mean, variance);
}

/* In nats; of rows without noise it is the tree's own P(row). */
static void tree_log_law(const nqi_regressor *regressor, const nqi_question *question,
                         double *out)
{
    const nqi_tree_pass pass = pass_of(regressor, question);
    nqi_tree_see(&pass, question);
    nqi_tree_climb(&pass);
    nqi_tree_log_law(&pass, out);
}

static void tree_describe(char *out, size_t size, const nqi_regressor *regressor)
{
    const nqi_tree *tree = regressor->opened;
    if (tree->node[0].is_hidden)
        snprintf(out, size, "%zu hidden variables of %zu states", tree->count,
                 tree->node[0].states);
    else
        snprintf(out, size, "of %zu cells", tree->count);
}

const nqi_regressor_type nqi_regressor_tree = {.name = "tree",
                                               .options = " ",
                                               .readout = "embedding",
                                               .takes_roles = 1,
                                               .build = tree_build,
                                               .learn = tree_learn,
                                               .opening = {sizeof(nqi_tree), tree_open,
                                                           tree_close, tree_scratch},
                                               .predict = tree_predict,
                                               .log_law = tree_log_law,
                                               .fitted_by =
                                                   "by counting; states and smoothing were "
                                                   "chosen by a tenth of its rows",
                                               .describe = tree_describe,
                                               .rows = {.most = 200000},
                                               .tensor = "tree.numbers"};
