/* ranks.h - the program as one of several processes that mpirun has started. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_RANKS_H
#define NONEQ_CLI_RANKS_H

#include <noneq.h>

/* Finds out whether there are other ranks, and if so joins them through libnoneq_mpi, which is
 * loaded only then; all but rank 0 fall silent. Returns an exit status. */
int ranks_open(void);

/* Ends the run of this rank with its exit status, which is returned. Of the ranks that failed one
 * gives the reason. */
int ranks_close(int code);

/* NULL: alone. */
const nq_comm *ranks_comm(void);

/* True for ranks that write nothing because rank 0 does. */
int ranks_is_silent(void);

/* What --verbose adds about ranks; "" when alone. */
const char *ranks_phrase(const nq_context *context);

#endif
