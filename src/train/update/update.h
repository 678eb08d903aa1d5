/* update.h - one update of a run: what is drawn, a pass over the batch, and the step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_UPDATE_UPDATE_H
#define NQI_TRAIN_UPDATE_UPDATE_H

#include "train/trainer.h"

/* Last fit updates: sums only, nothing moves. A readout that is solved from n rows loses about
 * features / 2n nats for each step and number: so many more rows count (docs/results.md). */
static inline int64_t nqi_settle_updates(int64_t fit_updates)
{
    const int64_t least = 40, part = fit_updates / 20;
    return part > least ? part : least;
}

/* Part of an exact fit in which features and schedule move. */
static const double NQI_FIT_MOVES = 0.75;

/* Whole updates, after which the trainer has other weights. descend.c: */
nq_status nqi_update_descend(nq_trainer *trainer);
/* fit.c, each stage of an exact fit: */
nq_status nqi_update_fit_features(nq_trainer *trainer);
nq_status nqi_update_fit_variances(nq_trainer *trainer);
nq_status nqi_update_fit_sums(nq_trainer *trainer);
/* Whether features move, so that the readouts are those of the features of an update before: a
 * model of both would be far worse than either. */
int nqi_update_fit_moves(const nq_trainer *trainer);
/* Weights for that case, with readouts of the features as they are; the run stays as it is.
 * Borrowed, until the next call. NQ_ERROR_DIVERGED. */
nq_status nqi_update_fit_show(nqi_real **out, nq_trainer *trainer);

/* pass.c: times of the update's groups. */
void nqi_pass_draw(nq_trainer *trainer);
/* Microbatches scored in parallel, with their gradients; groups that have a bank of their own step
 * it. NQ_ERROR_DIVERGED. */
nq_status nqi_pass_descend(nq_trainer *trainer);
/* The same without gradients: fills the sums of the readout fit. */
nq_status nqi_pass_measure(nq_trainer *trainer);
/* A pass whose gradient is dropped: the run is what it was. */
nq_status nqi_pass_rehearse(nq_trainer *trainer);

/* ranks.c: every rank gets what the microbatches left behind: losses, ... */
nq_status nqi_ranks_gather_losses(const nq_trainer *trainer);
/* ... gradients of banks and of the schedule, or the sums of the readout fit. */
nq_status nqi_ranks_gather_gradients(const nq_trainer *trainer);
nq_status nqi_ranks_gather_sums(const nq_trainer *trainer);
/* Of the dense gradient, the sum of all strands. */
nq_status nqi_ranks_sum_dense(nq_trainer *trainer);

/* step.c: sums the gradient, bounds its norm, and follows it: that of the dense part, of the banks,
 * or of both. */
nq_status nqi_step_dense(nq_trainer *trainer);
nq_status nqi_step_banks(nq_trainer *trainer);
nq_status nqi_step_all(nq_trainer *trainer);
nq_status nqi_step_schedule(nq_trainer *trainer);

#endif
