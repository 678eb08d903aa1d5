/* progress.h - how far a run has come, and how good its batches are. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_RUN_PROGRESS_H
#define NQI_TRAIN_RUN_PROGRESS_H

#include "train/checkpoint/field.h"

typedef struct nqi_progress {
    int64_t update;        /* updates done */
    double rate;           /* step size now */
    double constant, null; /* K of the training set less its divergences; its L_null */
    double smooth_loss;    /* constant - K, of recent batches */
    int done;              /* the run is over */
    int is_stopped;        /* in the middle of an update, by the monitor: it cannot go on */
} nqi_progress;

/* Takes the loss of an update's batch into the smooth one. */
void nqi_progress_smooth(nqi_progress *progress, double loss);
/* K of recent batches. */
double nqi_progress_bound(const nqi_progress *progress);

void nqi_progress_fields(nqi_progress *progress, nqi_fields *fields);
const char *nqi_progress_wrong(const nqi_progress *progress);

#endif
