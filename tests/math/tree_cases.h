/* tree_cases.h - beliefs of trees against enumeration; the same in double and in what users run. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_TREE_CASES_H
#define NQI_TESTS_TREE_CASES_H

#include "kernels.h"
#include "math_test.h"

#include "core/arena.h"
#include "regressor/tree/tree.h"

enum { CELLS_MOST = 10, ROWS = 5, VALUES_MOST = 4 };

/* A tree with random tables, and rows behind noise. */
typedef struct tree_case {
    nqi_variate cell[CELLS_MOST];
    nqi_tree tree;
    nqi_tree_node node[CELLS_MOST];
    nqi_real *numbers, *scratch;
    nqi_real said[CELLS_MOST * VALUES_MOST * ROWS], variance[CELLS_MOST * VALUES_MOST * ROWS];
    size_t laws;
} tree_case;

static const nqi_stream tree_draws = {11, NQI_DRAW_TEST, 0, 0};

static void law_fill(nqi_real *law, size_t count, uint64_t *draw)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += (double)(law[k] = (nqi_real)(0.05 + nqi_stream_uniform(&tree_draws, (*draw)++)));
    for (size_t k = 0; k < count; k++)
        law[k] = (nqi_real)((double)law[k] / sum);
}

/* levels[i] of each cell, 0: a number, of 3 bins; states 0: nothing is hidden. */
static void tree_case_new(tree_case *c, const size_t *levels, size_t cells, size_t states)
{
    uint64_t draw = 0;
    *c = (tree_case){.tree = {.cell = c->cell, .node = c->node, .count = cells}};
    for (size_t i = 0; i < cells; i++) {
        c->cell[i] = (nqi_variate){levels[i], c->laws};
        c->laws += levels[i] > 2 ? levels[i] : 1;
        c->node[i].cell = (i + 3) % cells;
    }
    for (size_t i = 0; i < cells; i++) {
        nqi_tree_node *n = &c->node[i];
        n->parent = i ? (i - 1) / 2 : 0;
        n->values = levels[n->cell] ? levels[n->cell] : 3;
        n->is_hidden = states > 0;
        n->states = states ? states : n->values;
    }
    nqi_tree_lay_out(&c->tree);
    c->numbers = calloc(c->tree.numbers, sizeof *c->numbers);
    c->scratch = nqi_aligned_new(nqi_tree_scratch(&c->tree, ROWS), sizeof *c->scratch);
    for (size_t i = 0; i < cells; i++) {
        nqi_tree_node *n = &c->node[i];
        for (size_t p = 0; p < nqi_tree_above(&c->tree, i); p++)
            law_fill(c->numbers + n->step_at + p * n->states, n->states, &draw);
        for (size_t s = 0; n->is_hidden && s < n->states; s++)
            law_fill(c->numbers + n->value_at + s * n->values, n->values, &draw);
        for (size_t k = 0; !levels[n->cell] && k < n->values; k++) {
            c->numbers[n->place_at + k] = (nqi_real)((double)k - 1);
            c->numbers[n->place_at + n->values + k] = (nqi_real)(0.1 + 0.05 * (double)k);
        }
    }
    for (size_t j = 0; j < c->laws * ROWS; j++) {
        c->said[j] = (nqi_real)(2 * nqi_stream_normal(&tree_draws, 5000 + j));
        c->variance[j] = (nqi_real)(0.2 + nqi_stream_uniform(&tree_draws, 9000 + j));
    }
}

static void tree_case_free(tree_case *c)
{
    free(c->numbers);
    nqi_aligned_free(c->scratch);
}

/* What row r says of value k of a cell. */
static double likelihood(const tree_case *c, size_t node, size_t k, size_t r)
{
    const nqi_tree_node *n = &c->node[node];
    const nqi_variate *cell = &c->cell[n->cell];
    const double said = (double)c->said[cell->law * ROWS + r];
    if (cell->levels == 2)
        return k ? exp(said) : 1;
    if (cell->levels)
        return exp((double)c->said[(cell->law + k) * ROWS + r]);
    const double variance = (double)c->variance[cell->law * ROWS + r] +
                            (double)c->numbers[n->place_at + n->values + k];
    const double off = said - (double)c->numbers[n->place_at + k];
    return exp(-0.5 * off * off / variance) / sqrt(variance);
}

/* Sums over all states and all values, one by one: what is left of P(value k of a node's cell). */
typedef struct enumeration {
    double law[CELLS_MOST][VALUES_MOST], all;
    size_t state[CELLS_MOST], value[CELLS_MOST];
} enumeration;

static void enumerate(enumeration *e, const tree_case *c, size_t i, double p, size_t r)
{
    if (i == c->tree.count) {
        e->all += p;
        for (size_t j = 0; j < i; j++)
            e->law[j][e->value[j]] += p;
        return;
    }
    const nqi_tree_node *n = &c->node[i];
    const size_t above = i ? e->state[n->parent] : 0;
    for (e->state[i] = 0; e->state[i] < n->states; e->state[i]++) {
        const size_t s = e->state[i];
        const double step = p * (double)c->numbers[n->step_at + above * n->states + s];
        for (size_t k = n->is_hidden ? 0 : s; k < (n->is_hidden ? n->values : s + 1); k++) {
            e->value[i] = k;
            const double table =
                n->is_hidden ? (double)c->numbers[n->value_at + s * n->values + k] : 1;
            enumerate(e, c, i + 1, step * table * likelihood(c, i, k, r), r);
        }
    }
}

/* Mean and variance of the number of a node, from the law of its bins. */
static void number_law(double *mean, double *variance, const tree_case *c, size_t i,
                       const double *law, double all, size_t r)
{
    const nqi_tree_node *n = &c->node[i];
    const size_t at = c->cell[n->cell].law * ROWS + r;
    double second = 0;
    *mean = 0;
    for (size_t k = 0; k < n->values; k++) {
        const double own = (double)c->numbers[n->place_at + n->values + k];
        const double precision = 1 / own + 1 / (double)c->variance[at];
        const double middle = ((double)c->numbers[n->place_at + k] / own +
                               (double)c->said[at] / (double)c->variance[at]) /
                              precision;
        *mean += law[k] / all * middle;
        second += law[k] / all * (middle * middle + 1 / precision);
    }
    *variance = second - *mean * *mean;
}

static void beliefs_compare(const tree_case *c, const nqi_real *mean, const nqi_real *variance,
                            size_t r, double tolerance)
{
    enumeration e = {.all = 0};
    enumerate(&e, c, 0, 1, r);
    for (size_t i = 0; i < c->tree.count; i++) {
        const nqi_variate *cell = &c->cell[c->node[i].cell];
        const size_t at = cell->law * ROWS + r;
        if (!cell->levels) {
            double middle, spread;
            number_law(&middle, &spread, c, i, e.law[i], e.all, r);
            assert_close("mean", (double)mean[at], middle, tolerance);
            assert_close("variance", (double)variance[at], spread, tolerance);
        } else if (cell->levels == 2) {
            assert_close("P(1)", (double)mean[at], e.law[i][1] / e.all, tolerance);
        } else {
            for (size_t k = 0; k < cell->levels; k++)
                assert_close("P(level)", (double)mean[at + k * ROWS], e.law[i][k] / e.all,
                             tolerance);
        }
    }
}

/* Rows first..first+rows-1 by one pass. */
static void believe(const tree_case *c, const nqi_ops *ops, nqi_real *mean, nqi_real *variance,
                    size_t first, size_t rows)
{
    const nqi_question question = {.ops = ops,
                                   .said = c->said + first,
                                   .said_variance = c->variance + first,
                                   .scratch = c->scratch,
                                   .rows = rows,
                                   .ld = ROWS};
    const nqi_tree_pass pass = {&c->tree, c->numbers, ops, c->scratch, rows};
    nqi_tree_see(&pass, &question);
    nqi_tree_climb(&pass);
    nqi_tree_believe(&pass, &question, mean + first, variance + first);
}

/* Against enumeration; and however rows are grouped, they get the same numbers. */
static void tree_check(const nqi_ops *ops, const size_t *levels, size_t cells, size_t states,
                       double tolerance)
{
    enum { MOST = CELLS_MOST * VALUES_MOST * ROWS };
    static tree_case c;
    static nqi_real mean[2][MOST], variance[2][MOST];
    tree_case_new(&c, levels, cells, states);
    believe(&c, ops, mean[0], variance[0], 0, ROWS);
    for (size_t r = 0; r < ROWS; r++) {
        beliefs_compare(&c, mean[0], variance[0], r, tolerance);
        believe(&c, ops, mean[1], variance[1], r, 1);
    }
    assert_memory_equal(mean[0], mean[1], sizeof mean[0]);
    assert_memory_equal(variance[0], variance[1], sizeof variance[0]);
    tree_case_free(&c);
}

/* Sums over all states of a row of known values: how often each number of the tables is used, times
 * the probability; and the probability. */
typedef struct use {
    const tree_case *c;
    const nqi_tree_rows *rows;
    size_t r, state[CELLS_MOST];
    double *uses, all;
} use;

/* Where P(value | state) of a node is. */
static size_t value_place(const use *u, size_t i)
{
    const nqi_tree_node *n = &u->c->node[i];
    return n->value_at + u->state[i] * n->values + nqi_tree_codes(u->rows, n->cell)[u->r];
}

/* Where P(state | parent's state) is. */
static size_t step_place(const use *u, size_t i)
{
    const nqi_tree_node *n = &u->c->node[i];
    return n->step_at + (i ? u->state[n->parent] : 0) * n->states + u->state[i];
}

static void uses_add(use *u, size_t i, double p)
{
    if (i == u->c->tree.count) {
        u->all += p;
        for (size_t k = 0; k < i; k++) {
            u->uses[step_place(u, k)] += p;
            u->uses[value_place(u, k)] += p;
        }
        return;
    }
    for (u->state[i] = 0; u->state[i] < u->c->node[i].states; u->state[i]++)
        uses_add(u, i + 1,
                 p * (double)u->c->numbers[step_place(u, i)] *
                     (double)u->c->numbers[value_place(u, i)]);
}

/* What EM counts of rows, and their laws, are those of enumeration; a cell of many values too. */
static void counts_check(const nqi_ops *ops, double tolerance)
{
    enum { CELLS = 5, SEEN = 21, MOST = 300 };
    static const size_t levels[CELLS] = {2, 20, 3, 2, 2};
    static tree_case c;
    uint16_t code[CELLS * SEEN];
    const nqi_tree_rows rows = {.cells = CELLS, .rows = SEEN, .code = code};
    nqi_real got[MOST] = {0};
    double want[MOST] = {0}, law[SEEN];
    tree_case_new(&c, levels, CELLS, 3);
    assert_true(c.tree.numbers <= MOST);
    nqi_real *scratch = nqi_aligned_new(nqi_tree_scratch(&c.tree, SEEN), sizeof *scratch);
    for (size_t i = 0; i < CELLS * SEEN; i++)
        code[i] = (uint16_t)(nqi_stream_uniform(&tree_draws, 700 + i) * (double)levels[i / SEEN]);
    const nqi_tree_pass pass = {&c.tree, c.numbers, ops, scratch, SEEN};
    nqi_tree_know(&pass, &rows, 0);
    nqi_tree_climb(&pass);
    nqi_tree_count(&pass, &rows, 0, got);
    nqi_tree_know(&pass, &rows, 0);
    nqi_tree_climb(&pass);
    nqi_tree_log_law(&pass, law);
    for (size_t r = 0; r < SEEN; r++) {
        double uses[MOST] = {0};
        use u = {.c = &c, .rows = &rows, .r = r, .uses = uses};
        uses_add(&u, 0, 1);
        assert_close("log law", law[r], log(u.all), 10 * tolerance);
        for (size_t k = 0; k < c.tree.numbers; k++)
            want[k] += uses[k] / u.all;
    }
    for (const nqi_tree_node *n = c.node; n < c.node + CELLS; n++)
        for (size_t k = n->step_at; k < n->place_at; k++)
            assert_close("uses", (double)got[k] * (k < n->value_at ? (double)c.numbers[k] : 1),
                         want[k], 10 * tolerance);
    nqi_aligned_free(scratch);
    tree_case_free(&c);
}

static void trees_check(double tolerance)
{
    static const size_t bits[10] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, mixed[5] = {2, 4, 0, 3, 0};
    for (const nqi_ops *ops = kernels()->table; ops < kernels()->table + kernels()->count;
         ops++) {
        tree_check(ops, bits, 10, 0, tolerance);
        tree_check(ops, bits, 10, 2, tolerance);
        tree_check(ops, bits, 6, 3, tolerance);
        tree_check(ops, mixed, 5, 0, tolerance);
        tree_check(ops, mixed, 5, 2, tolerance);
        tree_check(ops, mixed, 5, 3, tolerance);
        counts_check(ops, tolerance);
    }
}

#endif
