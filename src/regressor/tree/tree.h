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
    /* Where its parts of a pass begin, in numbers a row: P(what is seen of the cell | value), of a
     * hidden one; P(all that is seen below | state), then P(state | all); what that says of the
     * parent, then the parent's belief without it. */
    size_t known_at, below_at, up_at;
} nqi_tree_node;

typedef struct nqi_tree {
    const nqi_variate *cell; /* of a row; borrowed */
    nqi_tree_node *node;     /* [count], parents first; owned */
    size_t count;
    size_t numbers; /* of all tables */
    /* Parts of a pass that nodes have in turn: a ratio, and a message or law; and the sums that
     * messages were divided by, [count]. */
    size_t ratio_at, message_at, sum_at;
    size_t scratch; /* numbers a row that a pass wants */
} nqi_tree;

void nqi_tree_free(nqi_tree *tree); /* copes with a zeroed struct */
/* States of a node's parent; 1 where it has none. */
size_t nqi_tree_above(const nqi_tree *tree, size_t node);
/* Places of all tables and of the parts of a pass, from cells, parents, states and values. */
void nqi_tree_lay_out(nqi_tree *tree);

/* As one row of numbers: the shape of the tree, then its tables. *out is malloc'ed. */
nq_status nqi_tree_pack(nqi_real **out, size_t *count, nq_context *context, const nqi_tree *tree,
                        const nqi_real *numbers);
/* The tree of such numbers, which may be of any file; *numbers: its tables, within them. */
nq_status nqi_tree_unpack(nqi_tree *out, const nqi_real **numbers, nq_context *context,
                          const nqi_real *packed, size_t count, const nqi_variate *cell,
                          size_t cells);

/* Rows as values of cells. */
typedef struct nqi_tree_rows {
    size_t cells, rows;
    size_t *values; /* [cells] how many each has */
    uint16_t *code; /* [cells][rows] */
    double **place; /* [cells] of numbers: [2][values] mean and variance of each bin, or NULL */
    size_t values_all; /* sum of values */
} nqi_tree_rows;
/* sample: [rows][cells]. */
nq_status nqi_tree_rows_make(nqi_tree_rows *out, nq_context *context, const nqi_variate *cell,
                             size_t cells, const nqi_real *sample, size_t rows);
void nqi_tree_rows_free(nqi_tree_rows *rows); /* copes with a zeroed struct */
/* Of a cell. */
static inline const uint16_t *nqi_tree_codes(const nqi_tree_rows *rows, size_t cell)
{
    return rows->code + cell * rows->rows;
}

/* A pass over `rows` rows at once, which are in the lanes of the backend's vectors. scratch has
 * nqi_tree_scratch numbers, 64-byte aligned. */
typedef struct nqi_tree_pass {
    const nqi_tree *tree;
    const nqi_real *numbers;
    const nqi_ops *ops;
    nqi_real *scratch;
    size_t rows;
} nqi_tree_pass;
size_t nqi_tree_scratch(const nqi_tree *tree, size_t rows);
/* First, what is seen of each cell: of rows behind noise, or of rows first.. as they are, where all
 * variables are hidden. */
void nqi_tree_see(const nqi_tree_pass *pass, const nqi_question *question);
void nqi_tree_know(const nqi_tree_pass *pass, const nqi_tree_rows *rows, size_t first);
/* Second, up to the root. */
void nqi_tree_climb(const nqi_tree_pass *pass);
/* Third, one of three. log P(all that is seen) of each row; the belief about each cell, [laws][ld];
 * or, after nqi_tree_know, into sum[numbers] for each P(value | state) how often it is expected to
 * be used, and for each P(state | parent's state) that divided by it. */
void nqi_tree_log_law(const nqi_tree_pass *pass, double *out);
void nqi_tree_believe(const nqi_tree_pass *pass, const nqi_question *question, nqi_real *mean,
                      nqi_real *variance);
void nqi_tree_count(const nqi_tree_pass *pass, const nqi_tree_rows *rows, size_t first,
                    nqi_real *sum);

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
