/* tree.h - laws of rows in which each cell hangs on a variable of a tree, and what they believe of
 * a row that is seen through noise.
 *
 * Chow and Liu (1968): the variables are the cells. Hidden Chow-Liu trees: each cell has a hidden
 * variable of a few states above it, and these make the tree. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_REGRESSOR_TREE_TREE_H
#define NQI_REGRESSOR_TREE_TREE_H

#include "core/context.h"
#include "regressor/regressor.h"

enum { NQI_TREE_BINS = 16, NQI_TREE_STATES = 8 }; /* of a number, of a hidden variable; at most */

/* One variable, with the cell that hangs on it. */
typedef struct nqi_tree_node {
    size_t cell;   /* of the row */
    size_t parent; /* node, which stands before this one; of the first: itself */
    size_t states, values;
    int is_hidden; /* else its states are the cell's values */
    /* Where its numbers begin among the tree's: P(state | state of the parent), [parents][states],
     * of the first [1][states]; P(value | state), [states][values], of a hidden one; mean and
     * variance of each value, [2][values], where the cell is a number. */
    size_t step_at, value_at, place_at;
    /* Where its parts of a pass begin, in numbers a row: P(what is seen of the cell | value), and
     * given its state; the same of all below; what that says of the parent; P(state | all); P(value
     * | all). */
    size_t known_at, seen_at, below_at, up_at, belief_at, law_at;
} nqi_tree_node;

typedef struct nqi_tree {
    const nqi_variate *cell; /* of a row; borrowed */
    nqi_tree_node *node;     /* [count], parents first; owned */
    size_t count;
    size_t numbers; /* of all tables */
    size_t scratch; /* numbers a row that a pass wants */
} nqi_tree;

void nqi_tree_free(nqi_tree *tree); /* copes with a zeroed struct */
/* States of a node's parent; 1 where it has none. */
size_t nqi_tree_above(const nqi_tree *tree, size_t node);
/* Whether a node's cell is a number, which its values cut into bins. */
int nqi_tree_is_number(const nqi_tree *tree, size_t node);
/* Places of all tables and of the parts of a pass, from cells, parents, states and values. */
void nqi_tree_lay_out(nqi_tree *tree);

/* As one row of numbers: the shape of the tree, then its tables. *out is malloc'ed. */
nq_status nqi_tree_pack(nqi_real **out, size_t *count, nq_context *context, const nqi_tree *tree,
                        const nqi_real *numbers);
/* The tree of such numbers, which may be of any file; *numbers: its tables, within them. */
nq_status nqi_tree_unpack(nqi_tree *out, const nqi_real **numbers, nq_context *context,
                          const nqi_real *packed, size_t count, const nqi_variate *cell,
                          size_t cells);

/* A pass over `rows` rows at once; scratch is [tree->scratch][rows]. Before it, what is seen of
 * each cell is put into `seen` ([states][rows] of each node): nqi_tree_see for a row behind noise,
 * nqi_tree_know for rows as they are. log_law, [rows] or NULL: log P(all that is seen) is added. */
typedef struct nqi_tree_pass {
    const nqi_tree *tree;
    const nqi_real *numbers;
    nqi_real *scratch;
    size_t rows;
    double *log_law;
} nqi_tree_pass;
void nqi_tree_see(const nqi_tree_pass *pass, const nqi_question *question);
void nqi_tree_know(const nqi_tree_pass *pass, const uint16_t *codes, size_t stride);
void nqi_tree_run(const nqi_tree_pass *pass);
/* The belief about each cell that a pass came to, [laws][ld]. */
void nqi_tree_believe(const nqi_tree_pass *pass, const nqi_question *question, nqi_real *mean,
                      nqi_real *variance);

/* Rows as values of cells. */
typedef struct nqi_tree_rows {
    size_t cells, rows;
    size_t *values; /* [cells] how many each has */
    uint16_t *code; /* [rows][cells] */
    double **place; /* [cells] of numbers: [2][values] mean and variance of each bin, or NULL */
    size_t values_all; /* sum of values */
} nqi_tree_rows;
/* sample: [rows][cells]. */
nq_status nqi_tree_rows_make(nqi_tree_rows *out, nq_context *context, const nqi_variate *cell,
                             size_t cells, const nqi_real *sample, size_t rows);
void nqi_tree_rows_free(nqi_tree_rows *rows); /* copes with a zeroed struct */

/* The tree whose edges tell the most, in an order with parents first: parent[cells] and
 * order[cells] of cells. */
nq_status nqi_tree_grow(size_t *order, size_t *parent, nq_context *context,
                        const nqi_tree_rows *rows);

/* What is chosen of a tree by hold-out rows. */
typedef struct nqi_tree_plan {
    size_t states;    /* of hidden variables; 0: there are none */
    double smoothing; /* rows that each law is given beside those that were seen */
    size_t rounds;    /* of EM */
} nqi_tree_plan;
/* The tables of a tree of that plan by the first `count` rows, malloc'ed; *rounds: how many were
 * best for the rows after them, whose mean log probability is *held. Without such rows all rounds
 * are done. What laws lean to by smoothing is how frequent values are in all rows. */
nq_status nqi_tree_fit(nqi_tree *tree, nqi_real **numbers, double *held, size_t *rounds,
                       nq_context *context, const nqi_tree_rows *rows, size_t count,
                       const nqi_tree_plan *plan);

#endif
