/* trainer.h - inside of nq_trainer: the objects that a run is made of, and what takes several.
 *
 * Each object has a header of its own, knows nothing of the trainer, and says itself what a
 * checkpoint holds of it. What works on several of them takes the trainer: below, and in
 * update/update.h, best/judge.h and run/phase.h. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_TRAINER_H
#define NQI_TRAIN_TRAINER_H

#include <noneq/train.h>

#include "train/best/best.h"
#include "train/draw/draw.h"
#include "train/gap/gaps.h"
#include "train/learn/banks.h"
#include "train/learn/optimiser.h"
#include "train/learn/readout_fit.h"
#include "train/learn/schedule_learner.h"
#include "train/run/clock.h"
#include "train/run/curve.h"
#include "train/run/plan.h"
#include "train/run/progress.h"
#include "train/run/starts.h"
#include "train/set/sets.h"
#include "train/update/gradient.h"

struct nq_trainer {
    nq_context *context;
    nq_train_options options; /* after choosing */
    nq_model *model;          /* the live parameters and schedule */
    /* Rows. */
    nqi_sets sets;
    nqi_gaps gaps;
    /* How long, and how far. */
    nqi_clock clock;
    nqi_starts starts;
    nqi_plan plan;
    nqi_progress progress;
    nqi_curve curve; /* of what was judged */
    /* An update. */
    nqi_draw draw;
    nqi_gradient gradient;
    /* What moves. */
    nqi_optimiser optimiser;
    nqi_banks banks;
    nqi_readout_fit fit;          /* of an exact fit */
    nqi_schedule_learner learner; /* of a schedule that is learned */
    /* What is kept. */
    nqi_best best;
};

/* trainer.c: an empty trainer. */
nq_status nqi_trainer_alloc(nq_trainer **out, nq_context *context);
/* How much of the run is over, 0..1: by updates or by time. */
double nqi_trainer_part(const nq_trainer *trainer);
/* NQ_ERROR_STOPPED where an update was stopped: the state that all else goes on from is none. */
nq_status nqi_trainer_is_whole(const nq_trainer *trainer);

/* make.c: *data with its columns in the order of the trainer's model, by name. NQ_ERROR_SHAPE. */
nq_status nqi_trainer_match(nq_trainer *trainer, const nq_dataset **data);
/* Sets without gaps in the place of those that have them; before a model of one kernel is made. */
nq_status nqi_trainer_complete(nq_trainer *trainer, const nq_dataset *data,
                               const nq_dataset *valid);

/* choose.c: what part of the hidden units is dropped; needed before the model is made. */
double nqi_trainer_dropout(const nq_train_options *options, const nqi_family *family,
                           const nq_model_options *model, const nq_dataset *data);
/* Refuses what a regressor of that name that is fitted at once has no use for, before it is. */
nq_status nqi_trainer_check_fitted(const nq_trainer *trainer, const char *regressor);
/* Fills the options that say "chosen", from model and data. */
nq_status nqi_trainer_choose(nq_trainer *trainer);

/* prepare.c: sizes and allocates all that follows from model, options and data. */
nq_status nqi_trainer_prepare(nq_trainer *trainer);
/* What K of the training set holds beside divergences, and its L_null. */
nq_status nqi_trainer_measure(nq_trainer *trainer);

/* gap/fill.c: before an update, trains the network that draws missing cells, or draws them anew,
 * when it is time. */
nq_status nqi_trainer_fill(nq_trainer *trainer);
/* draw/load.c: the rows of a microbatch, with what is scored of them and what the network sees. */
void nqi_trainer_load(const nq_trainer *trainer, nqi_batch *batch, size_t micro);

/* Whether its regressor has no gradient: it was fitted when it was made. */
static inline int nqi_trainer_is_fitted(const nq_trainer *trainer)
{
    return trainer->model->regressor.type->predict != NULL;
}

#endif
