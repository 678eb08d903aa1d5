/* fit.h - the parts of nq_fit: options, data, the loop, and what is said about them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_FIT_FIT_H
#define NQI_TASK_FIT_FIT_H

#include <noneq/fit.h>

#include "task/source/source.h"

/* The rows of a run. Zeroed there are none. */
typedef struct nqi_fit_data {
    nqi_source whole;  /* all rows; of `file` */
    nq_dataset *data;  /* what is trained on: all rows, a part of them, or crops */
    nq_dataset *valid; /* hold-out rows, or NULL */
    nqi_source held;   /* where those are a file or set of their own */
    nq_dataset *train_part, *valid_part; /* what `data` and `valid` are crops of, or NULL */
    nq_dataset *spare;                   /* rows that are neither, or NULL */
    char note[256]; /* how pictures were cut and set aside; "" where rows are as in the file */
} nqi_fit_data;

/* A run that makes one model. */
typedef struct nqi_fit {
    nq_context *context;
    const nq_source *rows;
    /* Of this model, settled (nqi_options_take): model and train are there, and settled too. */
    const nq_fit_options *options;
    char checkpoint[NQ_FIT_PATH + 16]; /* "": no files */
    nq_model_options model_options;    /* what is asked of the trainer */
    nq_train_options train_options;
    nqi_fit_data data;
    nq_trainer *trainer;
    int64_t planned; /* updates that a resumed run had been planned for, where that was changed */
    int is_heard;    /* rank 0 tells somebody what is chosen */
    nq_model **out;  /* NULL: the model is not handed out */
    nq_fit_result *result; /* its number and output are there from the beginning */
} nqi_fit;

/* fit.c: the names of a run, and that none is an input; what is there of former runs. */
nq_status nqi_fit_names_check(nqi_fit *fit);
nq_status nqi_fit_checkpoint_check(const nqi_fit *fit);
/* All of one model, from the lock to the file. */
nq_status nqi_fit_model(nqi_fit *fit);
/* models.c: several, one after another. */
nq_status nqi_fit_models(const nqi_fit *asked);

/* options.c: defaults, then the preset, then what is asked of model and training. */
nq_status nqi_fit_options_gather(nqi_fit *fit);
/* The text that is asked of a field of the model that is a nq_text; NULL: none. Borrowed. */
const char *nqi_fit_asked(const nqi_fit *fit, const char *field);
/* Refuse options that say otherwise than the checkpoint: of training, before its data are looked
 * at, as another seed makes other data; then of the model. */
nq_status nqi_fit_compare_checkpoint(const nqi_fit *fit);
nq_status nqi_fit_compare(const nqi_fit *fit);
/* Refuses what was asked of the model and the trainer's model does not use. */
nq_status nqi_fit_check_use(const nqi_fit *fit);
/* Refuses options of a model that say otherwise than the one that training starts from. */
nq_status nqi_fit_compare_start(const nqi_fit *fit, const nq_model *start);

/* data.c: opens the rows and sets some aside. */
nq_status nqi_fit_data_open(nqi_fit *fit);
void nqi_fit_data_free(nqi_fit_data *data);

/* loop.c: trains to the end or until the monitor ends it, with checkpoints; keeps the model. */
nq_status nqi_fit_loop(nqi_fit *fit);

/* outliers.c: numbers that set the scale of their column by themselves, and what float64 may have
 * rounded. tell.c, tell_end.c: what was chosen, before the first update; the figures of the
 * finished model. */
nq_status nqi_fit_tell_outliers(const nqi_fit *fit);
nq_status nqi_fit_tell_start(const nqi_fit *fit);
nq_status nqi_fit_tell_end(const nqi_fit *fit);

#endif
