/* best.h - the state of a run that is handed out, and how good states were on hold-out rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_BEST_BEST_H
#define NQI_TRAIN_BEST_BEST_H

#include "model/model.h"
#include "train/checkpoint/field.h"

enum {
    NQI_VALID_ROWS = 2048, /* hold-out rows looked at during training, at most ... */
    NQI_VALID_TERMS = 32,  /* ... with so many terms of K each */
    NQI_CHECK_ROWS = 8192, /* the same for the model that is kept, at the end */
    NQI_CHECK_TERMS = 64
};

typedef struct nqi_best {
    nq_model *model;              /* what nq_trainer_model hands out */
    int is_kept;                  /* it is a state of the run */
    int64_t update;               /* whose state it is */
    double bound;                 /* hold-out K of it */
    double valid_bound, valid_se; /* of the latest state that was judged */
    double *reference;            /* [rows] K of each when it last rose, or NULL */
    size_t rows;                  /* hold-out rows looked at */
    int64_t rise_update;          /* when it rose; 0: never yet */
    double check_bound, check_se; /* of the finished run's model, on fresh noise; error of that */
    double check_se_rows;         /* and as a mean of the population */
} nqi_best;

/* Nothing is known yet. */
void nqi_best_init(nqi_best *best);
/* Room for what hold-out K is compared with, where patience looks at it. valid may be NULL. */
nq_status nqi_best_remember(nqi_best *best, nq_context *context, const nq_dataset *valid,
                            int64_t patience);
void nqi_best_free(nqi_best *best);
/* Whether K of the rows that were looked at, bound[rows], has changed as nqi_bound_change says
 * since it last rose. If it has risen, now is that time. */
int nqi_best_compare(nqi_best *best, const double *bound, size_t rows, int64_t update);

void nqi_best_fields(nqi_best *best, nqi_fields *fields);
/* updates: that the run has had. */
const char *nqi_best_wrong(const nqi_best *best, int64_t updates);

#endif
