/* comm.h - several processes that compute one result: who they are and how bytes pass. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_COMM_H
#define NONEQ_COMM_H

#include <stddef.h>

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ranks 0..size-1, a process (or a thread with a context of its own) each. All of them make the
 * same calls with the same arguments in the same order. What is costly is then divided among them,
 * and every rank gets every result, bit for bit that of one process. Files are written by rank 0
 * alone; the other ranks write to nothing.
 *
 * <noneq/mpi.h> has one of these for MPI; whoever has another way to pass bytes fills in the
 * functions. Each is called by the thread that uses the context, and returns NQ_OK or
 * NQ_ERROR_RANK. After a failure on one rank the others may wait for it without end: it is the
 * host that ends them (as nq_mpi_close does). */
typedef struct nq_comm {
    int rank, size;
    void *state; /* first argument of all the functions */
    /* bytes[count] of rank `root` become those of every rank. */
    nq_status (*share)(void *state, int root, void *bytes, size_t count);
    /* Bytes first[r]..first[r+1]-1 of `all` are those of rank r; all[first[size]] becomes the same
     * on every rank. first[size + 1] ascends and is the same on every rank. Returns once every
     * rank has called. */
    nq_status (*gather)(void *state, void *all, const size_t *first);
    nq_status (*send)(void *state, int to, const void *bytes, size_t count);
    nq_status (*receive)(void *state, int from, void *bytes, size_t count);
} nq_comm;

/* Divides the work of this context among the ranks of `comm`, which is borrowed and must outlive
 * it; NULL: alone again. Every rank calls it, before the context makes anything.
 * NQ_ERROR_ARGUMENT: ranks with different kernels or versions, whose sums would differ in their
 * last bits. */
nq_status nq_context_use_comm(nq_context *context, const nq_comm *comm);

int nq_context_rank(const nq_context *context);  /* 0 when alone */
int nq_context_ranks(const nq_context *context); /* 1 when alone */

/* bytes[count] of rank 0 become those of every rank; returns once every rank has called. For what
 * only one can decide: the time, whether to stop. */
nq_status nq_context_share(nq_context *context, void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
#endif
