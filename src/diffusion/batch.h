/* batch.h - one microbatch on a thread: rows, their noise, the network on them, and scores. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DIFFUSION_BATCH_H
#define NQI_DIFFUSION_BATCH_H

#include "core/real.h"
#include "diffusion/process.h"
#include "nn/run/run.h"
#include "regressor/regressor.h"

typedef struct nqi_batch {
    nqi_tape tape;      /* rows, groups and times are in it; x_t is its input value */
    size_t valid_rows;  /* rows that count; the rest is padding */
    nqi_real *x_0;      /* [dim][ld] */
    nqi_real *noise;    /* [dim][ld] as the blocks' families draw it */
    nqi_real *kl;       /* [ld] */
    nqi_real *observed; /* [dim][ld] cells whose divergences train: 1 yes, 0 no, -1 from step
                          drawn_from on; NULL: all; the batch's own */
    size_t drawn_from;
    /* Where rows are made of a table's cells, [cells] one row of them, [spread][ld] what
     * numbers are made of, and [spread][ld] what each adds to K of its cell. */
    double *cells, *raw, *share;
    /* The regressor without a gradient, or the one that a network stands on. */
    const nqi_regressor *regressor; /* NULL: all is on the tape */
    nqi_real *base;                 /* [outputs][ld] of it */
    nqi_real *guess;                /* [4][laws][ld] what it thinks of x_0, and what it is told;
                                       then its scratch */
    size_t *self; /* [ld] which of the rows that it keeps each is, NQI_NO_ROW at first; NULL: it
                     keeps none; the batch's own */
    /* Of a network that sees roles, [2][dim][ld], the caller's: 1 where a cell is known, given as
     * it is and not diffused, and 1 where it is absent, not given at all. NULL: no such network. */
    const nqi_real *roles;
    /* Of a network that is told of means of squares, [2][dim][ld], the caller's: the mean of the
     * square that a pixel lies in, and 1, or both 0. NULL: it is told of none. */
    const nqi_real *told;
    const double
        *step_weight; /* [T] what a divergence at each step counts for gradients; NULL: 1;
                                  the caller's */
    nqi_arena arena;
} nqi_batch;

/* Such a network sees of a row, each dim numbers: x_t, x_0 or nothing by role; so many roles; and
 * so many of what it is told. */
enum { NQI_ROLES = 2, NQI_TOLD = 2 };
/* Makes x_t of a group's rows what such a network sees. */
void nqi_batch_place_roles(nqi_batch *batch, size_t dim, size_t group);
/* What is said of the cells of rows from `row` on that are known or absent, to a regressor without
 * a gradient: over said and variance, [laws][ld] of the question. */
void nqi_batch_say_roles(const nqi_batch *batch, const nqi_regressor *regressor,
                         const nqi_question *question, size_t row, nqi_real *said,
                         nqi_real *variance);
/* Whether number i of row r is diffused and scored. */
static inline int nqi_batch_is_target(const nqi_batch *batch, size_t dim, size_t i, size_t r)
{
    const size_t at = i * batch->tape.ld + r;
    return !batch->roles ||
           !(batch->roles[at] > 0 || batch->roles[dim * batch->tape.ld + at] > 0);
}

nq_status nqi_batch_new(nqi_batch *out, nq_context *context, const nqi_process *process,
                        const nqi_graph *graph, const nqi_ops *ops, size_t ld, size_t group_rows,
                        int train);
/* The same for a regressor, whose numbers are put onto the tape. */
nq_status nqi_batch_open(nqi_batch *out, nq_context *context, const nqi_process *process,
                         const nqi_regressor *regressor, const nqi_ops *ops, size_t ld,
                         size_t group_rows, int train);
void nqi_batch_free(nqi_batch *batch);
/* The regressor's outputs for all groups, from x_t and times. */
void nqi_batch_forward(const nqi_process *process, nqi_batch *batch);
static inline nqi_real *nqi_batch_x_t(const nqi_batch *batch)
{
    return batch->tape.value[batch->tape.graph->input];
}
static inline const nqi_real *nqi_batch_output(const nqi_batch *batch)
{
    return batch->tape.value[batch->tape.graph->output];
}

/* What a family sees of a group's rows; gradient: with those of outputs and x_t. */
nqi_rows nqi_batch_rows(const nqi_batch *batch, const nqi_block *block, size_t group,
                        int gradient);
/* The same at the step of the outputs, which of a chain of fewer steps is a trained one. */
nqi_rows nqi_batch_trained_rows(const nqi_batch *batch, const nqi_block *block, size_t group);
/* reading.c: outputs that are on the tape already, as the families have them, of all blocks or of
 * some numbers of one; and gradients by those, as ones by the network's own (nqi_steps). */
void nqi_batch_read_block(const nqi_batch *batch, const nqi_block *block, size_t group,
                          size_t first, size_t count);
void nqi_batch_read(const nqi_process *process, nqi_batch *batch);
void nqi_batch_unread(const nqi_batch *batch, const nqi_block *block, size_t group, size_t first,
                      size_t count, double *x_slope);
/* The blocks of a process, one after another, on all rows (draw, start) or one group's. */
void nqi_batch_draw(const nqi_process *process, nqi_batch *batch, const nqi_stream *stream);
void nqi_batch_start(const nqi_process *process, nqi_batch *batch);
void nqi_batch_corrupt(const nqi_process *process, nqi_batch *batch, size_t group);
void nqi_batch_reverse(const nqi_process *process, nqi_batch *batch, size_t group);
/* mean and variance of x_{t-1}, [laws][ld]. */
void nqi_batch_moments(const nqi_process *process, const nqi_batch *batch, size_t group,
                       nqi_real *mean, nqi_real *variance);
/* Of whole rows, or of their targets, into the batch's kl; with gradient, weight times d kl of
 * whole rows into the tape's. */
void nqi_batch_divergence(const nqi_process *process, nqi_batch *batch, size_t group,
                          nqi_real weight, int gradient);
/* After a score: the divergence of one number alone, into kl[group_rows]. */
void nqi_batch_number_divergence(const nqi_process *process, nqi_batch *batch, size_t group,
                                 size_t number, nqi_real *kl);
/* Corrupts, runs the regressor and scores all groups: kl[rows], where there are roles of targets
 * alone. With gradient kl is of all numbers, and the tape's output
 * gradient holds weight * step_weight * d kl (0 in padding rows) and has been run backward. */
void nqi_batch_score(const nqi_process *process, nqi_batch *batch, const nqi_stream *noise,
                     nqi_real weight, int gradient);
/* After that with gradient, on a tape that keeps the gradient of its input: adds a group's
 * derivatives, with the weight of the score. */
void nqi_batch_add_rates(const nqi_process *process, const nqi_batch *batch, size_t group,
                         nqi_step_gradient *sum);

/* Trajectories of a whole batch that shares t, in float64 ([dim][ld], like x_t): nqi_paths. Where
 * there are roles, the ratio is of targets alone. */
void nqi_batch_forward_step(const nqi_process *process, const nqi_batch *batch, double *after,
                            const double *before);
void nqi_batch_log_ratio(const nqi_process *process, const nqi_batch *batch, double *log_w,
                         const double *before, const double *after);

#endif
