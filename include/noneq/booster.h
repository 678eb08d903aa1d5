/* booster.h - who grows the trees of a forest, for nq_context_use_booster. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_BOOSTER_H
#define NONEQ_BOOSTER_H

#include <stddef.h>
#include <stdint.h>

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A node of a regression tree; the first one is its root. */
typedef struct nq_tree_node {
    int32_t feature;      /* that it asks about; -1: it is a leaf */
    uint32_t left;        /* node where that is less than value; the one after it: where not */
    int32_t missing_left; /* where it is missing: 1: left */
    float value;          /* of a leaf: what is added */
} nq_tree_node;

/* How large a tree becomes. */
typedef struct nq_growth {
    int32_t depth;   /* at most; a tree has no more than 2^(depth + 1) - 1 nodes */
    float smoothing; /* added to the sum of curvatures that a step is divided by */
    float least;     /* sum of curvatures in a leaf, at least */
} nq_growth;

/* Grows trees that lower a loss by a Newton step, as gradient boosting asks for (Friedman 2001;
 * Chen and Guestrin 2016). Losses, and how many trees there are, are not its part.
 * <noneq/xgboost.h> has one of these; whoever has another way fills in the functions, each of
 * which puts a sentence into reason[size] where it fails. */
typedef struct nq_booster {
    void *state; /* first argument of prepare and open */
    /* Called first, by the thread that uses the context: NQ_ERROR_UNSUPPORTED where trees cannot be
     * grown here. */
    nq_status (*prepare)(void *state, char *reason, size_t size);
    /* What is known of rows, values[rows][features], NaN where it is missing; borrowed until
     * close. */
    nq_status (*open)(void *state, void **matrix, const float *values, size_t rows,
                      size_t features, char *reason, size_t size);
    /* A tree for gradients and curvatures [rows] into nodes[2^(depth + 1) - 1]. Several threads
     * call it at a time; what it grows depends on its arguments alone. */
    nq_status (*grow)(void *matrix, const nq_growth *growth, const float *gradient,
                      const float *curvature, nq_tree_node *nodes, size_t *count, char *reason,
                      size_t size);
    void (*close)(void *matrix);
} nq_booster;

/* Who grows trees when a regressor forest is fitted; borrowed, and must outlive the context. NULL:
 * nobody, and such a fit is refused. A forest that is fitted needs none. */
void nq_context_use_booster(nq_context *context, const nq_booster *booster);

#ifdef __cplusplus
}
#endif
#endif
