/* gaps.h - missing cells of a run's rows, and how far it is with completing them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_GAP_GAPS_H
#define NQI_TRAIN_GAP_GAPS_H

#include "train/gap/filler.h"

typedef struct nqi_gaps {
    nqi_missing rows, valid; /* of the training and of the hold-out set */
    nqi_filler filler;       /* where one of them has gaps; else model NULL */
    int64_t planned;         /* updates of the filler; 0: by time */
    int64_t done;            /* it is trained: both sets are completed */
    int64_t redraws;         /* the last of the planned draws that was made */
    size_t drawn_from;       /* first step at which drawn cells are scored */
} nqi_gaps;

/* Sets without gaps in the place of those that have them, *valid NULL or of the same columns. */
nq_status nqi_gaps_complete(nqi_gaps *gaps, nq_context *context, const nq_dataset **data,
                            const nq_dataset **valid, uint64_t seed);
/* The network that draws missing cells, where there are any. options: of the model. */
nq_status nqi_gaps_make_filler(nqi_gaps *gaps, nq_context *context,
                               const nq_model_options *options, double dropout, uint64_t seed);
void nqi_gaps_free(nqi_gaps *gaps);
/* Whether missing cells hold draws of the trained network: before, no state is judged. */
int nqi_gaps_are_complete(const nqi_gaps *gaps);
/* The gaps of the hold-out set: drawn once, so that all judgements are of the same rows. */
nq_status nqi_gaps_fill_valid(nqi_gaps *gaps) __attribute__((warn_unused_result));

void nqi_gaps_fields(nqi_gaps *gaps, nqi_fields *fields);
const char *nqi_gaps_wrong(const nqi_gaps *gaps);

#endif
