/* bound_loop.h - bounds with progress, and what is said of rows that are impossible. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_BOUND_LOOP_H
#define NONEQ_CLI_BOUND_LOOP_H

#include <noneq.h>

/* nq_bound_estimate, with a line of progress and the time that is left once it has taken a second,
 * unless `quiet`. */
nq_status bound_estimate(nq_bound *out, nq_context *context, const nq_model *model,
                         const nq_dataset *data, nq_bound_options options, int quiet);

/* The same of nq_comparison_estimate. */
nq_status comparison_estimate(nq_comparison *out, nq_context *context, const nq_model *first,
                              const nq_model *second, const nq_dataset *data,
                              nq_bound_options options, int quiet);

/* One line on standard error for each of the first few impossible rows. */
void faults_tell(const nq_model *model, const nq_row_fault *faults, size_t count);

#endif
