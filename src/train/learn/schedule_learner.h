/* schedule_learner.h - gradient ascent on K over the schedule ([SD15] 2.4.1).
 * The log-odds of 1 - abar_t rise from those of beta_1 to those of 1 - alpha_bar_last, both fixed,
 * by increments that are a softmax of free numbers: beta stays in (0, 1) and ordered. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_LEARN_SCHEDULE_LEARNER_H
#define NQI_TRAIN_LEARN_SCHEDULE_LEARNER_H

#include <string.h>

#include "diffusion/batch.h"
#include "model/model.h"
#include "train/checkpoint/field.h"

typedef struct nqi_schedule_learner {
    size_t steps;
    double first, last; /* log-odds at t = 1 and t = T */
    uint64_t updates;
    double *theta; /* [T - 1] */
    double *moment1, *moment2;
    double *beta, *gradient, *odds; /* [T] scratch */
    double *ascent;                 /* [T - 1] dK/dtheta of a step */
} nqi_schedule_learner;

/* Whether a model's schedule is one that training moves. */
static inline int nqi_schedule_is_learned(const nq_model *model)
{
    return !strcmp(model->options.schedule, "learned");
}

/* Whether there is a learner: else the schedule stays as it is. */
static inline int nqi_schedule_learner_learns(const nqi_schedule_learner *learner)
{
    return learner->theta != NULL;
}

nq_status nqi_schedule_learner_new(nqi_schedule_learner *out, nq_context *context,
                                   const nq_schedule *start);
/* Starts again at a schedule of the same ends, without momentum. */
void nqi_schedule_learner_restart(nqi_schedule_learner *learner, const nq_schedule *start);
void nqi_schedule_learner_free(nqi_schedule_learner *learner);
/* One Adam step of theta on dK, then new rates for the process. */
nq_status nqi_schedule_learner_step(nqi_schedule_learner *learner, nq_context *context,
                                    nqi_process *process, const nqi_step_gradient *sums,
                                    double rate);
/* dK/dtheta at the present theta, for the step and its test. */
void nqi_schedule_learner_gradient(nqi_schedule_learner *learner, const nqi_process *process,
                                   const nqi_step_gradient *sums, double *out);
/* Rates of the present theta into learner->beta. */
void nqi_schedule_learner_rates(nqi_schedule_learner *learner);

void nqi_schedule_learner_fields(nqi_schedule_learner *learner, nqi_fields *fields);
/* updates: that the run has had. */
const char *nqi_schedule_learner_wrong(const nqi_schedule_learner *learner, int64_t updates);

#endif
