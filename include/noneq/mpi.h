/* mpi.h - the ranks of MPI, for nq_context_use_comm; libnoneq_mpi, which is built where MPI is. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_MPI_H
#define NONEQ_MPI_H

#include <noneq/comm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All ranks of MPI_COMM_WORLD, over a communicator of their own. Starts MPI unless the host has.
 * NQ_ERROR_MEMORY, NQ_ERROR_RANK (MPI would not start). */
nq_status nq_mpi_open(nq_comm **out);

/* Tells all ranks how this one ended (code 0: well) and hears how they did. A rank that ended well
 * waits for all others; one that failed waits two seconds, because the others may be in the middle
 * of their work. True when this rank failed and no lower one is known to have: it says why. */
int nq_mpi_failed_first(nq_comm *comm, int code);

/* Frees, and ends MPI if nq_mpi_open started it. Where a rank failed alone, as
 * nq_mpi_failed_first found, all ranks are stopped by MPI_Abort with this code. NULL is fine. */
void nq_mpi_close(nq_comm *comm, int code);

#ifdef __cplusplus
}
#endif
#endif
