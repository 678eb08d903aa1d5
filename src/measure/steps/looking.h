/* looking.h - rows at some times of a chain, each asked once of the network. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_STEPS_LOOKING_H
#define NQI_MEASURE_STEPS_LOOKING_H

#include "model/model.h"

enum {
    NQI_LOOKING_GROUP = 64, /* rows that are scored at once */
    NQI_LOOKING_ROWS = 512  /* at most */
};

/* Rows at some times of a chain, a time for each item of work. */
typedef struct nqi_looking {
    nq_context *context;
    const nq_model *model;
    const nq_dataset *data;
    const nqi_process *process; /* the chain */
    const uint32_t *time;       /* [count] of it */
    size_t count, rows;
    uint64_t seed;
    nqi_batch *batches;
    nqi_real *law; /* [threads][2][laws][rows] */
    nqi_ladder *ladder;
    double *cost;      /* [count] of the step from each time, nats a row */
    double *scored;    /* as the ladder's costs, by their scores */
    nq_status *failed; /* [threads] */
} nqi_looking;

/* The caller has set what is not owned: all above batches. */
nq_status nqi_looking_new(nqi_looking *l);
void nqi_looking_free(nqi_looking *l);

/* run(l, item, thread) for each time; it says in `failed` that memory is out. */
nq_status nqi_looking_run(nqi_looking *l, void (*run)(void *, size_t, int));

/* x_t of the rows at item k, the network's outputs, and divergences; draw: which noise. */
void nqi_look(const nqi_looking *l, nqi_batch *batch, size_t k, uint32_t draw);

/* So many rows, or all there are, in whole groups. */
size_t nqi_looking_groups(double rows, const nq_dataset *data);

#endif
