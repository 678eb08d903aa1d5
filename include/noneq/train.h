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
    const char *stage;   /* "start" of several, "fit", "descend", or "anneal" once patience is
                            over; constant text */
    int done;
    /* K on the hold-out set of the model that a finished run hands out, with noise that did not
     * choose it (NaN before); its Monte Carlo standard error; and its error as the mean of the
     * population that the rows are a sample of. That these rows chose the state remains. */
    double check_bound, check_se, check_se_rows;
    /* The start that is tried before the first update, 1, 2, ..., of so many; 0: none. */
    int64_t start, starts;
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
/* The same, but where `offset` is "" and the data are bits with hold-out rows, runs without an
 * offset and on a tree are begun side by side, and the one whose K of hold-out rows is then larger
 * goes on: it has its first updates behind it. */
nq_status nq_trainer_new_tried(nq_trainer **out, nq_context *context, const nq_dataset *data,
                               const nq_dataset *valid, const nq_model_options *model_options,
                               const nq_train_options *train_options);
/* Hold-out rows that take no part, because they differ in a column that is constant in training: to
 * the model that is impossible, whatever else it has learned. */
size_t nq_trainer_valid_left_out(const nq_trainer *trainer);
/* Sentences about how the columns of its two sets were matched by name, such as columns of the
 * hold-out rows that are left aside. They belong to the trainer; NULL from the count on. */
size_t nq_trainer_note_count(const nq_trainer *trainer);
const char *nq_trainer_note(const nq_trainer *trainer, size_t i);
/* The same from the weights of another model, which also gives the shape, the schedule and the
 * scaling: the data are taken in its units, not measured anew. It may be freed afterwards. Columns
 * must be as many and, where both have names, have the names of the model's, in any order.
 * NQ_ERROR_SHAPE. */
nq_status nq_trainer_new_from(nq_trainer **out, nq_context *context, const nq_dataset *data,
                              const nq_dataset *valid, const nq_model *start,
                              const nq_train_options *train_options);
/* Continues from a checkpoint: bit for bit the run that was not interrupted (with a budget of
 * updates or epochs). Other data than the run's are refused: NQ_ERROR_SHAPE. */
nq_status nq_trainer_resume(nq_trainer **out, nq_context *context, const nq_dataset *data,
                            const nq_dataset *valid, const char *checkpoint);
/* The training options of the run in a checkpoint. NQ_ERROR_FILE, NQ_ERROR_FORMAT. */
nq_status nq_checkpoint_train_options(nq_train_options *out, nq_context *context,
                                      const char *checkpoint);
/* Another length for the rest of a run: `updates`, `epochs` and `minutes` of the options, in all
 * and not from now on, replace those of the run if one that is said differs; the rate then falls
 * from where it is. A run that has had so many is done. A `patience` of 0 or more replaces the
 * run's; other fields are not looked at. NQ_ERROR_ARGUMENT. */
nq_status nq_trainer_replan(nq_trainer *trainer, const nq_train_options *options);
/* Seconds that the rest will take if patience does not end it, from a few passes that leave the run
 * as it is (about .05 s, or one pass). */
nq_status nq_trainer_estimate(double *seconds, nq_trainer *trainer);
/* One update. Does nothing when done. NQ_ERROR_DIVERGED: the loss is no longer finite; the model
 * of nq_trainer_model is the last good one. NQ_ERROR_STOPPED: an update may be half made, so that
 * further steps and checkpoints are refused; nq_trainer_model hands out the best model so far, if
 * there is one. The monitor's NQ_FINISH does not stop it: it ends the update, and the caller's loop
 * ends the run. */
nq_status nq_trainer_step(nq_trainer *trainer);
void nq_trainer_state(nq_train_state *out, const nq_trainer *trainer);
nq_status nq_trainer_checkpoint(const char *path, nq_trainer *trainer);
/* The best model so far, with its training record. Borrowed; valid until the next step. */
nq_status nq_trainer_model(const nq_model **out, nq_trainer *trainer);
/* The options after choosing, as used. Borrowed. */
const nq_model_options *nq_trainer_model_options(const nq_trainer *trainer);
const nq_train_options *nq_trainer_train_options(const nq_trainer *trainer);
void nq_trainer_free(nq_trainer *trainer);

#ifdef __cplusplus
}
#endif
#endif
