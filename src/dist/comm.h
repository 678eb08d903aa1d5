/* comm.h - work that is divided among ranks so that each of them gets all results. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DIST_COMM_H
#define NQI_DIST_COMM_H

#include <noneq/comm.h>

#include "core/context.h"

/* First of the items that are rank's own, of items shared in equal contiguous parts; with rank =
 * size it is `items`. The first ranks have the larger parts, so that rank 0 has an item if there
 * is one. */
size_t nqi_part_first(size_t items, int rank, int size);

/* What an item leaves behind: `bytes` bytes at base + item * bytes. */
typedef struct nqi_result {
    void *base;
    size_t bytes;
} nqi_result;

/* nqi_pool_run(items, work, state) in which a rank does its own part of the items. */
nq_status nqi_ranks_run(nq_context *context, size_t items, nqi_work *work, void *state)
    __attribute__((warn_unused_result));
/* Gives every rank the results of the items that nqi_ranks_run did. */
nq_status nqi_ranks_gather(nq_context *context, size_t items, const nqi_result *results,
                           size_t count);

#endif
