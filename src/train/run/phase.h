/* phase.h - the phases of a run: each has its rate, its sharing of readouts, and its update. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_RUN_PHASE_H
#define NQI_TRAIN_RUN_PHASE_H

#include "train/trainer.h"

/* part: of the run that is over, as nqi_trainer_part has it. */
typedef struct nqi_phase {
    const char *name;                                       /* as nq_train_state tells it */
    double (*rate)(const nq_trainer *trainer, double part); /* step size */
    double (*span)(const nq_trainer *trainer, double part); /* steps that share a readout */
    nq_status (*update)(nq_trainer *trainer);
} nqi_phase;

/* That of the next update. */
const nqi_phase *nqi_phase_now(const nq_trainer *trainer);

#endif
