/* levels.h - processes whose columns have rates of their own, and rows of levels by number. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_GOLDEN_LEVELS_H
#define NQI_TESTS_GOLDEN_LEVELS_H

#include "family/categorical/categorical.h"
#include "golden/golden.h"
#include "nn/op/layers.h"

enum { COLUMNS_MOST = 8, STATES_MOST = 256 };

/* A process of blocks side by side, and a microbatch whose outputs are given. */
typedef struct block_chain {
    nqi_process process;
    nq_schedule own[COLUMNS_MOST]; /* of each block but the first */
    nqi_graph graph;
    nqi_batch batch; /* one group */
    nqi_real *kl;    /* [ld] of a single block */
} block_chain;

/* b: a list of rates, or {"constant_fraction": T}; one for each block, or one for all. */
void block_chain_new(block_chain *out, golden_case *c, const nqi_block_plan *plans, size_t count,
                     const cJSON *b, size_t rows);
void block_chain_free(block_chain *chain);
/* One column of levels, from inputs "b" and pi. */
void level_chain_new(block_chain *out, golden_case *c, const double *pi, size_t levels);

/* Number i, and output k of a block with one number, in row r. */
static inline nqi_real *chain_x(const block_chain *chain, size_t i, size_t r)
{
    return nqi_batch_x_t(&chain->batch) + i * chain->batch.tape.ld + r;
}
static inline nqi_real *chain_output(const block_chain *chain, const nqi_block *block, size_t k,
                                     size_t r)
{
    return chain->batch.tape.value[chain->batch.tape.graph->output] +
           (block->output_first + k) * chain->batch.tape.ld + r;
}
/* A block's divergences at step t into kl, for x_0, x_t and outputs as they are. */
void chain_block_kl(block_chain *chain, const nqi_block *block, size_t t);
/* Its p(x_{t-1} | x_t), into law[k ld + r]. */
void chain_block_law(const block_chain *chain, const nqi_block *block, size_t t, nqi_real *law);

/* The scale of divergences, entropies and logs; in float32 numbers near 1 are in them. */
static inline double small_scale(void)
{
    return sizeof(nqi_real) == sizeof(double) ? 1e-5 : 1;
}

#endif
