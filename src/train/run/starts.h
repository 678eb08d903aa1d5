/* starts.h - several first states, each trained for a part of the updates; the best goes on.
 * Where descent ends depends on where it begins, of few units more than of many. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_RUN_STARTS_H
#define NQI_TRAIN_RUN_STARTS_H

#include <noneq/train.h>

typedef struct nqi_starts {
    nq_trainer *run;  /* of the present one; NULL: it has not begun */
    nq_trainer *best; /* of those before; NULL: none is any good */
    nq_trainer *rest; /* what a trainer was before the best took its place; it owns the rows */
    nq_count made;    /* starts that were judged */
} nqi_starts;

/* Whether the next step is one of a start's. */
int nqi_starts_are_next(const nq_trainer *trainer);
/* An update of a start; after the last start's last, the trainer is the best one. */
nq_status nqi_starts_step(nq_trainer *trainer);
/* Updates that the starts take beside those of the run, and those of them that were made. */
double nqi_starts_updates(double *made, const nq_trainer *trainer);
/* What the rows of a trainer are in comes last. */
void nqi_starts_free(nqi_starts *starts);

#endif
