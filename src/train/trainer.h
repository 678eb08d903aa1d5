/* trainer.h - inside of nq_trainer: the state of a run, and the parts that work on it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_TRAINER_H
#define NQI_TRAIN_TRAINER_H

#include <noneq/train.h>

#include "core/real.h"
#include "core/thread/turn.h"
#include "measure/bound.h"
#include "train/gap/filler.h"
#include "train/gap/missing.h"
#include "train/learn/optimiser.h"
#include "train/learn/readout_fit.h"
#include "train/learn/schedule_learner.h"
#include "train/plan.h"

enum {
    NQI_STRANDS_MAX = 16,  /* gradient accumulators of the dense part, at most */
    NQI_SLICE = 4096,      /* parameters that one item of the reduction works on */
    NQI_VALID_ROWS = 2048, /* hold-out rows looked at during training, at most ... */
    NQI_VALID_TERMS = 32,  /* ... with so many terms of K each */
    NQI_CHECK_ROWS = 8192, /* the same for the model that is kept, at the end */
    NQI_CHECK_TERMS = 64,
    NQI_REDRAWS = 20,       /* times that missing cells are drawn anew in a run */
    NQI_SETTLE_UPDATES = 40 /* last fit updates: sums only, nothing moves */
};

/* Part of an exact fit in which features and schedule move. */
static const double NQI_FIT_MOVES = 0.75;

/* A run of groups of one update that share a bank. */
typedef struct nqi_bank_run {
    size_t bank, first, count; /* groups first..first+count-1 of the update */
} nqi_bank_run;

/* What tells the caller's data from others, in a checkpoint. */
typedef struct nqi_data_digest {
    uint64_t values, valid_values, valid_names; /* 0: no such set, or no names */
    uint64_t row_sum, valid_row_sum;            /* nqi_digest_rows, for the model's record */
    size_t rows, valid_rows;
} nqi_data_digest;

struct nq_trainer {
    nq_context *context;
    const nq_dataset *data, *valid;     /* without gaps: the caller's, or made from them */
    nqi_missing missing, missing_valid; /* of the training and of the hold-out set */
    nq_dataset *matched;                /* columns in the order of a model that is gone on with */
    nq_dataset *matched_valid;          /* hold-out columns in the order of the data's */
    nq_dataset *possible_valid;         /* hold-out rows that the model can give a probability */
    size_t valid_left_out;              /* and how many others there are */
    nqi_filler filler;                  /* where one of them has gaps; else model NULL */
    int64_t fill_planned, fill_done;    /* its updates, 0: by time; both sets are completed */
    size_t drawn_from;                  /* first step at which drawn cells are scored */
    int64_t redraws;                    /* the last of the planned draws that was made */
    nqi_data_digest digest;             /* of the caller's sets */
    nq_train_options options;           /* after choosing */
    nq_model *model;                    /* the live parameters and schedule */
    nq_model *best;                     /* what nq_trainer_model hands out */
    nqi_optimiser optimiser;
    nqi_schedule_learner learner;
    int learns_schedule;
    nqi_readout_fit fit;
    uint32_t *bank_of; /* [T + 1], or NULL: every step its own */

    /* Shape of an update: batch = micros * ld rows, groups in all. */
    size_t ld, group_rows, micros, groups, strands;
    /* Strands: microbatches whose gradients are added one after the other. Of this rank, with the
     * sums it keeps: before its own stands that of all ranks before it, where there are such. */
    size_t strand_first, strand_count, strand_buffers;
    /* Large networks: a strand is added to the first buffer when its turn comes, so that there are
     * buffers for threads, not for strands. NULL: all are kept, and added slice by slice. */
    nqi_turn *turn;
    nqi_batch *batches;   /* one for each thread */
    nqi_real *roles;      /* [threads][NQI_ROLES][dim][ld] of their rows, or NULL: all targets */
    nqi_real *dense_grad; /* [strand_buffers][dense_count] */
    nqi_real *bank_grad;  /* [groups][bank_size] */
    uint32_t *time;       /* [groups] ascending */
    nqi_bank_run *runs;   /* [groups] of banks that are stepped after all groups are scored */
    size_t run_count;
    size_t *single;      /* [groups] 1 + the bank that is stepped with this group; 0: none */
    int with_first;      /* the first group has t = 1 in every update */
    double *step_weight; /* [T] what steps count, or NULL: as in the bound */
    double *losses;      /* [micros] sum of KL over rows, times T - 1 */
    double *squares;     /* [slices + groups] squared norms of parts of the gradient */
    nqi_step_gradient *group_sums, *step_sums; /* [groups], [T] */
    size_t slices;
    double clip_scale, rate;
    int fitting;     /* mean readouts are solved, not stepped */
    int steps_dense; /* this step moves the dense part */
    int measuring;   /* this pass only fills the sums of the readout fit */

    /* Progress. */
    nqi_plan plan;
    double *reference;   /* [hold-out rows looked at] K of each when it last rose, or NULL */
    int64_t rise_update; /* when that was; 0: never yet */
    double check_bound, check_se, check_se_rows; /* of the finished run's model, on fresh noise */
    int64_t update;
    double seconds, started; /* before this run; clock at its start */
    double clock;            /* seconds of this run that the ranks have agreed on */
    double constant, null;   /* K less its divergences; L_null */
    double smooth_loss;
    double valid_bound, valid_se, best_bound;
    int64_t best_update;
    int has_best, done;
    int is_stopped; /* in the middle of an update */
};

/* What part of the hidden units is dropped; needed before the model is made. */
double nqi_trainer_dropout(const nq_train_options *options, const nqi_family *family,
                           const nq_dataset *data);
/* Fills the options that say "chosen", from model and data. */
nq_status nqi_trainer_choose(nq_trainer *trainer);
/* Sizes and allocates everything below the options; the model is made. */
nq_status nqi_trainer_prepare(nq_trainer *trainer);
/* Room for what hold-out K is compared with, where patience looks at it. */
nq_status nqi_trainer_remember(nq_trainer *trainer);
/* An empty trainer. */
nq_status nqi_trainer_alloc(nq_trainer **out, nq_context *context);
/* Ranks: which strands are whose; every rank gets what the strands left behind; and, of the dense
 * gradient, the sum of all strands. */
void nqi_trainer_divide(nq_trainer *trainer);
nq_status nqi_trainer_gather(nq_trainer *trainer);
nq_status nqi_trainer_sum_dense(nq_trainer *trainer);
/* Sums the gradient, bounds its norm, and steps the dense part, the banks, or both. */
nq_status nqi_trainer_step_parameters(nq_trainer *trainer, int with_dense, int with_banks);
nq_status nqi_trainer_step_schedule(nq_trainer *trainer, double rate);
/* Whether the gradient's norm is bounded. */
int nqi_trainer_clips(const nq_trainer *trainer);
/* Adds a slice of this rank's other sums to the first. */
void nqi_trainer_sum_slice(nq_trainer *trainer, size_t slice);
/* One update of each kind. */
nq_status nqi_trainer_descend(nq_trainer *trainer);
nq_status nqi_trainer_fit(nq_trainer *trainer);
/* The weights that would be handed out now: the running average where there is one. */
nqi_real *nqi_trainer_present(nq_trainer *trainer);
/* Evaluates on the hold-out set, keeps the best, and ends a run that no longer improves; without
 * one, keeps the present. */
nq_status nqi_trainer_judge(nq_trainer *trainer);
/* NQ_ERROR_STOPPED where an update was stopped: the state that all else goes on from is none. */
nq_status nqi_trainer_is_whole(const nq_trainer *trainer);
/* K of the best state on noise that did not choose it, when the run is over. */
nq_status nqi_trainer_check(nq_trainer *trainer);
/* One pass of an update whose gradient is dropped: the run is what it was. */
nq_status nqi_trainer_rehearse(nq_trainer *trainer);
/* *data with its columns in the order of the trainer's model, by name. NQ_ERROR_SHAPE. */
nq_status nqi_trainer_match(nq_trainer *trainer, const nq_dataset **data);
/* Reads the caller's sets through. */
nq_status nqi_trainer_digest(nq_trainer *trainer, const nq_dataset *data,
                             const nq_dataset *valid);
/* hold_out.c: *valid with its columns in the order of the data's, by name. */
nq_status nqi_hold_out_match(nq_trainer *trainer, const nq_dataset *data,
                             const nq_dataset **valid);
/* Leaves out hold-out rows that differ in a column that is constant in training, and checks the
 * others. */
nq_status nqi_hold_out_check(nq_trainer *trainer);
/* Sets without gaps in the place of those that have them; before the model is made. */
nq_status nqi_trainer_complete(nq_trainer *trainer, const nq_dataset *data,
                               const nq_dataset *valid);
/* The network that draws missing cells, where there are any; the model is made. */
nq_status nqi_trainer_make_filler(nq_trainer *trainer);
/* Before an update: trains it, or draws missing cells anew, when it is time. */
nq_status nqi_trainer_fill(nq_trainer *trainer);
/* Whether missing cells hold draws of the trained network: before, no state is judged. */
int nqi_trainer_is_complete(const nq_trainer *trainer);
/* The gaps of the hold-out set: drawn once, so that all judgements are of the same rows. */
nq_status nqi_trainer_fill_valid(nq_trainer *trainer);
/* What K of the training set holds beside divergences, and its L_null. */
nq_status nqi_trainer_measure(nq_trainer *trainer);
/* 0..1, by updates or by time. */
double nqi_trainer_progress(const nq_trainer *trainer);
double nqi_trainer_seconds(const nq_trainer *trainer);
/* Sets bank_of for the present progress and copies banks when a span splits. */
void nqi_trainer_share(nq_trainer *trainer, int64_t update);
/* First span of steps that share a readout (1: none do). */
int64_t nqi_trainer_share_span(const nq_trainer *trainer, int64_t update);

#endif
