/* steps.h - what longer steps than were trained lose, for models in use and in training. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_STEPS_STEPS_H
#define NQI_MEASURE_STEPS_STEPS_H

#include "model/model.h"

/* As nq_model_measure_steps, of rows that are all possible. */
nq_status nqi_steps_measure(nq_model *model, nq_context *context, const nq_dataset *data,
                            const nq_dataset *valid);

/* Into an empty ladder: what each of its steps costs, nats a row. */
nq_status nqi_steps_costs(nqi_ladder *out, nq_context *context, const nq_model *model,
                          const nq_dataset *data);

#endif
