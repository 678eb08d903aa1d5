/* sets.h - what a condition lets a column be: sets of values, joined by column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_GIVEN_SETS_H
#define NQI_TASK_GIVEN_SETS_H

#include "task/given/given.h"

/* Values of one column, as they are read. */
typedef struct nqi_value_set {
    nqi_conditions *given;
    size_t column, count, room;
    double *ends;          /* [count][2] */
    unsigned char *levels; /* [levels] of text, else NULL */
} nqi_value_set;

/* None yet, with the names of the columns. NQ_ERROR_MEMORY; free them whatever is returned. */
nq_status nqi_conditions_begin(nqi_conditions *out, nq_context *context, const nq_model *model);

/* Free it whatever is returned. NQ_ERROR_MEMORY. */
nq_status nqi_value_set_begin(nqi_value_set *out, nq_context *context, nqi_conditions *given,
                              size_t column);
/* A text, or an interval (ends NaN: the text is no number). NQ_ERROR_SHAPE, NQ_ERROR_FORMAT. */
nq_status nqi_value_set_add(nqi_value_set *set, nq_context *context, const char *text,
                            const double ends[2]);
/* Adds it, or what it leaves out, to the conditions. NQ_ERROR_UNSUPPORTED: nothing is left. */
nq_status nqi_value_set_end(nqi_value_set *set, nq_context *context, int is_not);
void nqi_value_set_free(nqi_value_set *set);

/* A sum in one of `intervals` intervals. */
nq_status nqi_conditions_sum_add(nqi_conditions *given, nq_context *context, const size_t *column,
                                 const double *coefficient, size_t terms, const double *ends,
                                 size_t intervals);
/* How far a sum is, at least, from a value that it does not have. */
double nqi_conditions_step(const nq_model *model, const size_t *column, const double *coefficient,
                           size_t terms, double value);
/* Finds the columns that must have one value: those are known cells. Their conditions stay where a
 * model has no such cell to know (nqi_conditions_evidence). */
void nqi_conditions_settle(nqi_conditions *given);

#endif
