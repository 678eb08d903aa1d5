/* ladder.h - what is known of longer steps than were trained: which times are worth a stop. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MODEL_LADDER_LADDER_H
#define NQI_MODEL_LADDER_LADDER_H

#include "diffusion/process.h"
#include "io/container/container.h"

enum { NQI_LADDER_MOST = 100 }; /* times */

/* Measured on training rows. K of a chain through some of the times is a constant less the sum of
 * its steps' costs. */
typedef struct nqi_ladder {
    size_t count;     /* times, 1 the first and T the last; 0: nothing was measured */
    uint32_t *time;   /* [count] */
    double *cost;     /* [count (count + 1) / 2] nats a row, see nqi_ladder_cost */
    double *residual; /* [count][width] as of nqi_residual, where blocks need one */
    nqi_residual of;  /* that, for blocks; width 0: none */
} nqi_ladder;

nq_status nqi_ladder_new(nqi_ladder *out, nq_context *context, size_t count, size_t width);
/* With the times at which one of T steps is measured, at most `most`. */
nq_status nqi_ladder_of(nqi_ladder *out, nq_context *context, size_t steps, size_t most,
                        size_t width);
void nqi_ladder_free(nqi_ladder *ladder); /* copes with a zeroed struct */
nq_status nqi_ladder_copy(nqi_ladder *out, nq_context *context, const nqi_ladder *from);

/* Of one step from time `to` down to time `from` < to: 0 is x_0, k the k-th of the times. */
static inline double *nqi_ladder_cost(const nqi_ladder *ladder, size_t from, size_t to)
{
    return ladder->cost + to * (to - 1) / 2 + from;
}

/* Times [steps + 1] of the best chain of so many steps by a ladder (count 0: by none, and evenly),
 * and its cost (NULL: not wanted; evenly: NaN). Where the last step is fixed, steps > 1. */
nq_status nqi_ladder_times(uint32_t *time, double *cost, nq_context *context,
                           const nqi_ladder *ladder, const nqi_process *process, size_t steps);

/* A model's file: its tensors, and how many, with the times as numbers in memory of the caller's;
 * and the ladder of a file, which may have none. */
enum { NQI_LADDER_TENSORS = 3 };
size_t nqi_ladder_tensors(nqi_tensor *out, const nqi_ladder *ladder,
                          double time[NQI_LADDER_MOST]);
nq_status nqi_ladder_read(nqi_ladder *out, nq_context *context, const nqi_container *container,
                          const char *path, const nqi_process *process);

#endif
