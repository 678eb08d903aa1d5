/* run.h - runs a network on one microbatch, forward and backward, in memory sized once. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_RUN_RUN_H
#define NQI_NN_RUN_RUN_H

#include "nn/graph/tape.h"

/* What is done with the output as soon as it is there: of the rows of a group, pixels
 * first..first+count-1 of each plane (all numbers, where there are no maps). */
typedef void nqi_tape_score(void *state, size_t group, size_t first, size_t count);

/* ld: most rows of a microbatch; group_rows: fewest rows of a group. train: 0 forward only, 1
 * gradients of parameters, 2 of the input as well. */
nq_status nqi_tape_new(nqi_tape *out, const nqi_graph *graph, const nqi_ops *ops, size_t ld,
                       size_t group_rows, int train);
void nqi_tape_free(nqi_tape *tape);
/* Fill value[graph->input] and time[], set rows, group_rows, params; then value[graph->output]
 * holds the result. */
void nqi_tape_forward(nqi_tape *tape);
/* Before a way back whose gradients are the first of a sum: empties dense_grad, or what of it will
 * not be overwritten. */
void nqi_tape_clear(nqi_tape *tape);
/* After a forward pass. Fill grad[graph->output] first. */
void nqi_tape_backward(nqi_tape *tape);
/* Both in one, for a tape with gradients: score is called for all of the output, part by part, and
 * fills grad[graph->output] there. Pictures then stay in the cache, and their groups must have
 * group_rows rows as the tape was made. */
void nqi_tape_train(nqi_tape *tape, nqi_tape_score *score, void *state);

#endif
