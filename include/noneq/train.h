/* train.h - fitting a model: an object that is stepped, so that the caller owns the loop. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_TRAIN_H
#define NONEQ_TRAIN_H

#include <noneq/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Belongs to one thread at a time, and so does its context, whose threads do the work. The data
 * sets that it borrows may be used elsewhere at once. */
typedef struct nq_trainer nq_trainer;

/* What a progress display needs. Bounds are means per row in nats, in scaled units. */
typedef struct nq_train_state {
    int64_t update;      /* updates done */
    int64_t planned;     /* updates planned; 0 when a time budget decides */
    double progress;     /* 0..1 */
    double seconds;      /* spent in training, earlier runs included */
    double rate;         /* step size now */
    double bound;        /* smoothed K of recent training batches; NaN at first */
    double null;         /* L_null of the training set */
    double valid_bound;  /* latest K on the hold-out set (NaN: none yet) */
    double valid_se;     /* Monte Carlo standard error of it */
    double best_bound;   /* best hold-out K so far (NaN: none yet) */
    int64_t best_update; /* when that was */
    const char *stage;   /* "fit" or "descend"; constant text */
    int done;
} nq_train_state;

/* Options may be NULL (defaults). valid may be NULL: then the last model is kept, else the one
 * best on it; its columns are matched by name where both sets have names (NQ_ERROR_SHAPE names
 * those that are not there). The data sets must outlive the trainer. Rows with missing cells,
 * hold-out rows too, are completed by draws given what is observed of them, which is right where
 * cells are missing at random given that (docs/posterior.md). Infinite values are refused, and a
 * column without any value. */
nq_status nq_trainer_new(nq_trainer **out, nq_context *context, const nq_dataset *data,
                         const nq_dataset *valid, const nq_model_options *model_options,
                         const nq_train_options *train_options);
/* Hold-out rows that take no part, because they differ in a column that is constant in training: to
 * the model that is impossible, whatever else it has learned. */
size_t nq_trainer_valid_left_out(const nq_trainer *trainer);
/* Continues from a checkpoint: bit for bit the run that was not interrupted (with a budget of
 * updates or epochs). The data must be the same. */
nq_status nq_trainer_resume(nq_trainer **out, nq_context *context, const nq_dataset *data,
                            const nq_dataset *valid, const char *checkpoint);
/* One update. Does nothing when done. NQ_ERROR_DIVERGED: the loss is no longer finite; the model
 * of nq_trainer_model is the last good one. */
nq_status nq_trainer_step(nq_trainer *trainer);
void nq_trainer_state(const nq_trainer *trainer, nq_train_state *out);
nq_status nq_trainer_checkpoint(nq_trainer *trainer, const char *path);
/* The best model so far, with its training record. Borrowed; valid until the next step. */
nq_status nq_trainer_model(nq_trainer *trainer, const nq_model **out);
/* The options after choosing, as used. Borrowed. */
const nq_model_options *nq_trainer_model_options(const nq_trainer *trainer);
const nq_train_options *nq_trainer_train_options(const nq_trainer *trainer);
void nq_trainer_free(nq_trainer *trainer);

#ifdef __cplusplus
}
#endif
#endif
