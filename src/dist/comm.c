/* comm.c - work that is divided among ranks; a context that is alone does all of it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "dist/comm.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/version.h>

size_t nqi_part_first(size_t items, int rank, int size)
{
    const size_t ranks = (size_t)size, r = (size_t)rank;
    return items / ranks * r + (items % ranks < r ? items % ranks : r);
}

/* A rank with other kernels, or another version, would compute other bits. */
static nq_status kind_check(nq_context *context)
{
    enum { SIZE = 64 };
    char mine[SIZE] = {0}, first[SIZE];
    strncpy(mine, nq_context_cpu(context), SIZE / 2 - 1);
    strncpy(mine + SIZE / 2, nq_version(), SIZE / 2 - 1);
    memcpy(first, mine, SIZE);
    const nq_status status = nq_context_share(context, first, SIZE);
    if (status || memcmp(mine, first, SIZE) == 0)
        return status;
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "rank %d has %s kernels of version %s, and rank 0 has %s kernels of version "
                    "%s: they must be the same (NONEQ_CPU=avx2 or generic asks for others)",
                    nq_context_rank(context), mine, mine + SIZE / 2, first, first + SIZE / 2);
}

nq_status nq_context_use_comm(nq_context *context, const nq_comm *comm)
{
    context->comm = comm && comm->size > 1 ? comm : NULL;
    free(context->part_first);
    const size_t words = 2 * (size_t)nq_context_ranks(context) + 1;
    context->part_first = context->comm ? calloc(words, sizeof(size_t)) : NULL;
    nq_status status = NQ_OK;
    if (context->comm && !context->part_first)
        status = nqi_fail_memory(context, "ranks", words * sizeof(size_t));
    else
        status = kind_check(context);
    if (status)
        context->comm = NULL;
    return status;
}

/* A comm function says only that it failed. */
static nq_status told(nq_context *context, nq_status status)
{
    if (!status)
        return NQ_OK;
    return nqi_fail(context, status, "rank %d of %d: another rank does not answer any more",
                    nq_context_rank(context), nq_context_ranks(context));
}

nq_status nqi_ranks_gather(nq_context *context, size_t items, const nqi_result *results,
                           size_t count)
{
    const nq_comm *comm = context->comm;
    if (!comm || !items)
        return NQ_OK;
    nq_status status = NQ_OK;
    for (size_t i = 0; i < count && !status; i++) {
        for (int r = 0; r <= comm->size; r++)
            context->part_first[r] = nqi_part_first(items, r, comm->size) * results[i].bytes;
        status = told(context, comm->gather(comm->state, results[i].base, context->part_first));
    }
    return status;
}

nq_status nq_context_share(nq_context *context, void *bytes, size_t count)
{
    const nq_comm *comm = context->comm;
    if (!comm)
        return NQ_OK;
    /* A word of each rank gathered, so that nobody is ahead when this returns. */
    const nqi_result present = {context->part_first + comm->size + 1, sizeof(size_t)};
    const nq_status status = told(context, comm->share(comm->state, 0, bytes, count));
    return status ? status : nqi_ranks_gather(context, (size_t)comm->size, &present, 1);
}

typedef struct part {
    nqi_work *work;
    void *state;
    size_t first;
} part;

static void part_item(void *state, size_t item, int thread)
{
    const part *own = state;
    own->work(own->state, own->first + item, thread);
}

nq_status nqi_ranks_run(nq_context *context, size_t items, nqi_work *work, void *state)
{
    const nq_comm *comm = context->comm;
    if (!comm)
        return nqi_pool_run(context->pool, items, work, state);
    part own = {work, state, nqi_part_first(items, comm->rank, comm->size)};
    const size_t end = nqi_part_first(items, comm->rank + 1, comm->size);
    return nqi_pool_run(context->pool, end - own.first, part_item, &own);
}
