/* bound.h - the Monte Carlo estimate of K, for models in use and in training. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_BOUND_H
#define NQI_MEASURE_BOUND_H

#include <noneq/likelihood.h>

#include "core/real.h"
#include "model/model.h"

/* As nq_bound_estimate, with other parameters in the place of the model's (NULL: its own), and
 * `purpose` and `step` in the key of the noise. */
nq_status nqi_bound_run(nq_bound *out, nq_context *context, const nq_model *model,
                        const nqi_real *params, const nq_dataset *data,
                        const nq_bound_options *options, nqi_purpose purpose);

/* Means over at most max_rows rows, evenly spread, of what K holds beside its divergences
 * (entropies and edge term) and of L_null; nats. */
nq_status nqi_bound_constants(double *constant, double *null, nq_context *context,
                              const nq_model *model, const nq_dataset *data, size_t max_rows);

#endif
