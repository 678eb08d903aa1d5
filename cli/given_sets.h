/* given_sets.h - what a condition lets a column be: sets of values, joined by column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_GIVEN_SETS_H
#define NONEQ_CLI_GIVEN_SETS_H

#include "given.h"

/* Values of one column, as they are read. */
typedef struct given_set {
    given_list *list;
    size_t column, count, room;
    double *ends;          /* [count][2] */
    unsigned char *levels; /* [levels] of text, else NULL */
} given_set;

/* All: an exit status, after a sentence. */
int given_set_begin(given_set *out, given_list *list, size_t column);
/* A text, or an interval (ends NaN: the text is no number). */
int given_set_add(given_set *set, const char *text, const double ends[2]);
/* Adds it, or what it leaves out, to the list. */
int given_set_end(given_set *set, nq_context *context, int is_not);
void given_set_free(given_set *set);

/* A sum in one of `intervals` intervals. */
int given_sum_add(given_list *list, nq_context *context, const size_t *column,
                  const double *coefficient, size_t terms, const double *ends, size_t intervals);
/* How far a sum is, at least, from a value that it does not have. */
double given_step(const nq_model *model, const size_t *column, const double *coefficient,
                  size_t terms, double value);
/* Conditions on columns that must have one value are checked and left out. */
int given_settle(given_list *list);

#endif
