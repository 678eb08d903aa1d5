/* judge.h - how good the states of a run are, and which is kept. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_BEST_JUDGE_H
#define NQI_TRAIN_BEST_JUDGE_H

#include "measure/bound.h"
#include "train/trainer.h"

/* Evaluates on the hold-out set, keeps the best, and ends a run that no longer improves; without
 * one, keeps the present. */
nq_status nqi_judge_state(nq_trainer *trainer);
/* K of hold-out rows, of the weights that would be handed out now; what the run is, it stays. */
nq_status nqi_judge_bound(nq_bound *out, nq_trainer *trainer);
/* K of the best state on noise that did not choose it, when the run is over. */
nq_status nqi_judge_best(nq_trainer *trainer);
/* Instead of an update where the regressor has no gradient: it was fitted when the model was made,
 * and how good it is remains. */
nq_status nqi_judge_fitted(nq_trainer *trainer);

#endif
