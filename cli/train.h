/* train.h - the parts of noneq train: data, options, the loop, and what is said about them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_TRAIN_H
#define NONEQ_CLI_TRAIN_H

#include "options.h"

/* The verb's own options. */
typedef struct train_values {
    const char *path, *preset, *valid, *area, *init;
    double checkpoint_every; /* seconds */
    int resume, restart, bootstrap;
    int64_t models; /* 0: one, under the name of `path` */
} train_values;

typedef struct train_job {
    const verb *self;
    const train_values *values;
    const arguments *words;
    int argc; /* the command line after the verb, to say how to go on */
    char **argv;
    nq_context *context;
    char checkpoint[4096];
    nq_model_options model_options;
    nq_train_options train_options;
    nq_dataset *whole; /* the file */
    nq_dataset *data;  /* what is trained on: `whole`, a part of it, or crops */
    nq_dataset *valid; /* hold-out rows, or NULL */
    /* Pictures that `data` and `valid` are crops of, where not of `whole`, or NULL. */
    nq_dataset *train_pictures, *held_pictures;
    nq_dataset *spare; /* rows that are neither, or NULL */
    int valid_is_file; /* the hold-out rows are not part of the file */
    char note[256];    /* how pictures were cut and set aside; "" where rows are as in the file */
    nq_trainer *trainer;
    int64_t number;  /* of the model, from 1, where several are trained; else 0 */
    int64_t planned; /* updates that a resumed run had been planned for, where that was changed */
} train_job;

/* All return an exit status and have printed the reason of a failure. */

/* The names of a run, and that none is an input; that --resume, --restart and the checkpoint that
 * is there or not go together. */
int train_outputs_check(train_job *job);
int train_checkpoint_check(const train_job *job);
/* All of one model, from the lock to the file, in the job's context. */
int train_model(train_job *job);
/* train_models.c: several, one after another. Opens the context. */
int train_models(const train_job *asked);

/* Defaults, then the preset, then the command line, whatever its order. */
int train_options_gather(train_job *job);
/* Refuse options that say otherwise than the checkpoint: of training, before its data are looked
 * at, as another seed makes other data; then of the model. */
int train_options_compare_checkpoint(const train_job *job);
int train_options_compare(const train_job *job);
/* Refuses what was given on the command line and the trainer's model does not use. */
int train_options_check_use(const train_job *job);
/* Refuses options of a model that say otherwise than the one that training starts from. */
int train_options_compare_start(const train_job *job, const nq_model *start);

/* Opens the data and sets rows aside as --valid says. */
int train_data_open(train_job *job);
void train_data_close(train_job *job);

/* Trains to the end or to a signal, with checkpoints, progress, metrics; saves the model. */
int train_loop(train_job *job);

/* What was chosen, before the first update. */
int train_tell_start(const train_job *job);
/* Numbers that set the scale of their column by themselves, and what float64 may have rounded. */
int train_tell_outliers(const train_job *job);
/* The figures of the finished model. */
void train_tell_end(const train_job *job);
/* How to go on after an interruption. */
void train_tell_resume(const train_job *job);

#endif
