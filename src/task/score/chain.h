/* chain.h - a model as a task asks it: with fewer steps, and in which units. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_SCORE_CHAIN_H
#define NQI_TASK_SCORE_CHAIN_H

#include <noneq/model.h>

/* The model, or with `steps` above 0 a chain of so many steps. Zeroed there is none. */
typedef struct nqi_chain {
    const nq_model *model; /* what is asked */
    nq_model *owned;       /* that, where it is a shorter one; it borrows the caller's model */
} nqi_chain;

nq_status nqi_chain_take(nqi_chain *out, nq_context *context, const nq_model *model,
                         size_t steps);
void nqi_chain_free(nqi_chain *chain); /* leaves it zeroed */
/* Steps that were trained. */
size_t nqi_steps_trained(const nq_model *model);

/* Refuses units that there are not. asked: scaled, data, recorded or NULL. NQ_ERROR_ARGUMENT. */
nq_status nqi_units_check(nq_context *context, const char *asked);
/* *units: "recorded", "data" or "scaled", as constant text. path: of the model, for a sentence.
 * NQ_ERROR_ARGUMENT: the model's rows have no such units. */
nq_status nqi_units_settle(const char **units, nq_context *context, const nq_model *model,
                           const char *asked, const char *path);

/* A model's name in sentences and reports. path may be NULL. */
const char *nqi_model_name(const char *path);

#endif
