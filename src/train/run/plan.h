/* plan.h - how long a run lasts and how its rate falls: arithmetic on a few numbers.
 *
 * A run is one leg, or several where its length was changed under way. In each the rate falls along
 * half a cosine from where it is to `last` of the highest, which it reaches when the run ends. When
 * hold-out K has not risen for `patience` evaluations, a short last leg is all that is left, from
 * the best state: what was learned by heart since is forgotten. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_RUN_PLAN_H
#define NQI_TRAIN_RUN_PLAN_H

#include "train/checkpoint/field.h"

typedef struct nqi_plan {
    int64_t updates; /* in all; 0: time decides */
    double seconds;  /* in all; 0: updates decide. If both are given, whichever comes first */
    double last;     /* rate at the end, as a part of the highest */
    /* The present leg. */
    double begin, height; /* progress, and part of the highest rate, where it began */
    int64_t leg;          /* the update after which it began */
    int64_t every;        /* updates between hold-out evaluations */
    /* Patience. */
    int64_t patience; /* evaluations; 0: without end */
    int64_t waited;   /* evaluations since K rose */
    int64_t ends;     /* patience is over: this is the last leg */
} nqi_plan;

/* 0..1. */
double nqi_plan_progress(const nqi_plan *plan, int64_t update, double seconds);
/* What part of the highest rate the run has at a progress; warm-up is not counted. */
double nqi_plan_height(const nqi_plan *plan, double progress);
/* Another length: the rate falls from where it is. */
void nqi_plan_change(nqi_plan *plan, int64_t updates, double seconds, int64_t update, double now);
/* Whether hold-out K is to be estimated after `update`. */
int nqi_plan_judges(const nqi_plan *plan, int64_t update);
/* Counts an evaluation, at which K had changed as nqi_bound_change says. True when patience is over
 * and a last leg ends the run earlier than planned: the leg has then begun. best: the update of the
 * best state, from which it starts. A last leg in which K sinks ends at once. */
int nqi_plan_wait(nqi_plan *plan, int change, int64_t update, double now, int64_t best);

void nqi_plan_fields(nqi_plan *plan, nqi_fields *fields);
/* updates: that the run has had. */
const char *nqi_plan_wrong(const nqi_plan *plan, int64_t updates);

/* In the place of a bound that is not finite. */
#define NQI_BOUND_NONE (-1e300)

/* 1: the mean of now[i] is above that of before[i] by more than the standard error of the
 * difference, which is that of pairs: one row, the same noise. -1: below. Else 0. Pairs of which
 * one is not finite, or NQI_BOUND_NONE, do not count. */
int nqi_bound_change(const double *now, const double *before, size_t count);
/* Whether their mean has risen by more than so many of its standard errors. */
int nqi_bound_rises(const double *now, const double *before, size_t count, double errors);

#endif
