/* join.h - passing one of several inputs into a joined value, and its gradient back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_OP_JOIN_H
#define NQI_NN_OP_JOIN_H

#include "nn/graph/tape.h"

/* Writes input `which` of a node into its value from number `first` of a row on, or adds it
 * there. */
void nqi_join_forward(const nqi_node *node, nqi_tape *tape, int which, size_t first,
                      int accumulate);
/* The gradient of that part goes to the input. */
void nqi_join_backward(const nqi_node *node, nqi_tape *tape, int which, size_t first);

#endif
