/* question.h - the probability of some columns given others. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_SCORE_QUESTION_H
#define NQI_TASK_SCORE_QUESTION_H

#include <noneq/likelihood.h>

/* *roles: [columns] nq_role of each, for free(), or NULL where neither list is given. of, given:
 * names or numbers of columns with commas between them, or NULL. NQ_ERROR_UNSUPPORTED: the model
 * has no roles; NQ_ERROR_SHAPE: it has no such column. */
nq_status nqi_question_roles(unsigned char **roles, nq_context *context, const nq_model *model,
                             const char *of, const char *given);
/* What takes K of the rows from scaled units to the data's, nats: of row r, and the mean. roles
 * NULL: of all columns. scratch: [columns of the data]. */
double nqi_question_shift(const nq_model *model, const unsigned char *roles,
                          const nq_dataset *data, size_t row, double *scratch);
nq_status nqi_question_mean_shift(double *out, nq_context *context, const nq_model *model,
                                  const unsigned char *roles, const nq_dataset *data);

#endif
