/* gradient.h - where the gradient of an update is summed, in an order that no thread or rank
 * changes: a strand adds up its microbatches one after the other, and the strands are added up. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_UPDATE_GRADIENT_H
#define NQI_TRAIN_UPDATE_GRADIENT_H

#include "core/thread/order.h"
#include "diffusion/batch.h"

enum {
    NQI_STRANDS_MAX = 16, /* gradient accumulators of the dense part, at most */
    NQI_SLICE = 4096      /* parameters that one item of the reduction works on */
};

typedef struct nqi_gradient {
    size_t size, slices; /* dense parameters, and slices of them */
    size_t strands;      /* of all ranks */
    /* Strands of this rank, and the sums it keeps: before its own stands that of all ranks before
     * it, where there are such. */
    size_t first, count, buffers;
    /* Large networks: a strand is added to the first buffer when its turn comes, so that there are
     * buffers for threads, not for strands. NULL: all are kept, and added slice by slice. */
    nqi_order *order;
    nqi_real *dense; /* [buffers][size] */
    double *squares; /* [slices + groups] squared norms of parts of the gradient, readouts too */
    double most;     /* of its norm */
    double scale;    /* what bounds it in this update, 1 or less */
    nqi_step_gradient *group_rates, *step_rates; /* [groups], [T] with respect to the schedule */
} nqi_gradient;

/* Of an update of so many microbatches and groups. most: of the norm. */
nq_status nqi_gradient_new(nqi_gradient *out, nq_context *context, const nqi_graph *graph,
                           size_t steps, size_t micros, size_t groups, double most);
void nqi_gradient_free(nqi_gradient *gradient);

/* Whether the norm is bounded. */
int nqi_gradient_is_bounded(const nqi_gradient *gradient);
/* The scale, from squares first..end-1. */
void nqi_gradient_bound(nqi_gradient *gradient, size_t first, size_t end);
/* Where the sum of this rank's strand `item` is made by a thread. */
nqi_real *nqi_gradient_strand(const nqi_gradient *gradient, size_t item, int thread);
/* Parameters of a slice; *at: the first. */
size_t nqi_gradient_slice(size_t *at, const nqi_gradient *gradient, size_t slice);
/* Adds a slice of this rank's other sums to the first. */
void nqi_gradient_sum_slice(nqi_gradient *gradient, const nqi_ops *ops, size_t slice);
/* Adds up the groups' gradients of rates by their times[groups]. */
void nqi_gradient_sum_rates(nqi_gradient *gradient, const uint32_t *time, size_t groups,
                            size_t steps);

#endif
