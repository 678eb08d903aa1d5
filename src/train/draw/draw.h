/* draw.h - what an update draws: rows, and the times of their groups. Its shape, and its
 * microbatches. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_DRAW_DRAW_H
#define NQI_TRAIN_DRAW_DRAW_H

#include "model/model.h"

typedef struct nqi_draw {
    uint64_t seed;
    /* micros * ld rows are a batch; group_rows of a microbatch share t; groups are of all. */
    size_t ld, group_rows, micros, groups;
    uint32_t *time;      /* [groups] ascending */
    size_t at_first;     /* groups that have t = 1 in every update: none or one */
    double *step_weight; /* [T] what steps count, or NULL: as in the bound */
    size_t threads;
    nqi_batch *batches; /* [threads] */
    nqi_real *roles;    /* [threads][NQI_ROLES][dim][ld] of their rows, or NULL: all targets */
    nqi_real *told; /* [threads][NQI_TOLD][dim][ld] means of squares, or NULL: none are told */
    double *losses; /* [micros] sum of KL over rows, times the steps that are drawn from */
} nqi_draw;

/* shape.c: rows of a microbatch and of a group, from a batch of about options->batch. */
void nqi_draw_shape(nqi_draw *draw, const nqi_graph *graph, const nq_train_options *options);
/* Weights of steps. fixed: neither schedule nor readouts of single steps are learned. */
nq_status nqi_draw_weigh(nqi_draw *draw, nq_context *context, const nqi_process *process,
                         const char *weighting, int fixed);

/* What the microbatches of a shape need. ops: kernels that they run on. */
typedef struct nqi_draw_needs {
    const nqi_ops *ops;
    int rates; /* gradients with respect to the schedule */
    int marks; /* of cells that are scored, where others are not */
} nqi_draw_needs;
nq_status nqi_draw_new(nqi_draw *draw, nq_context *context, const nq_model *model,
                       const nqi_draw_needs *needs);
void nqi_draw_free(nqi_draw *draw);

/* Group k draws its t from stratum k of the learned steps, so times ascend and equal banks are
 * neighbours. Where t = 1 is always there it is the first group's. */
void nqi_draw_times(nqi_draw *draw, const nqi_ops *ops, const nqi_process *process,
                    int64_t update);
/* Rows `position`.. of an endless sequence of epochs, each a fresh permutation of the data. */
void nqi_draw_rows(uint64_t *out, const nqi_draw *draw, const nqi_ops *ops, uint64_t rows,
                   uint64_t position, size_t count);
/* Of an update whose microbatches are scored: the mean of a row. */
double nqi_draw_loss(const nqi_draw *draw);

/* Rows of a batch. */
static inline size_t nqi_draw_batch(const nqi_draw *draw)
{
    return draw->micros * draw->ld;
}

#endif
