/* given.h - conditions on rows, from text to evidence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_GIVEN_GIVEN_H
#define NQI_TASK_GIVEN_GIVEN_H

#include <noneq/posterior.h>

/* What rows must meet: of single columns their values, and of sums of columns. */
typedef struct nqi_conditions {
    const nq_model *model;
    const char **names;  /* [columns + 1] the last NULL; NULL: nothing is asked */
    char (*made)[24];    /* where the model has none */
    nq_condition *items; /* [count] what each points to is the list's */
    size_t count;
    double *known; /* [columns] what a column must be; NaN: anything */
    size_t known_count;
} nqi_conditions;

/* From text. NQ_ERROR_FORMAT: it is no such text; NQ_ERROR_SHAPE: the model has no such column or
 * text; NQ_ERROR_UNSUPPORTED: nothing can meet it; NQ_ERROR_MEMORY. Free it whatever is
 * returned. */
nq_status nqi_conditions_parse(nqi_conditions *out, nq_context *context, const nq_model *model,
                               const char *text);
void nqi_conditions_free(nqi_conditions *given); /* leaves it zeroed */

/* evidence.c: of `count` rows [count, columns] whose known cells are given too (NULL: one row of
 * which nothing is known); parts[2] are what *out is made of, which must be freed after it.
 * numbers: of the rows in their file, from 0, for sentences (NULL: 0, 1, ...). */
nq_status nqi_conditions_evidence(nq_evidence **out, nq_evidence *parts[2], nq_context *context,
                                  const nqi_conditions *given, const double *rows, size_t count,
                                  const size_t *numbers);
/* Whether all that is asked for are cells with one value. */
int nqi_conditions_is_cells(const nqi_conditions *given);
/* How many of `count` rows do not meet it. */
size_t nqi_conditions_misses(const nqi_conditions *given, const double *rows, size_t count);

#endif
