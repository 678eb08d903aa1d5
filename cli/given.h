/* given.h - --given: conditions on rows, from text to evidence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_GIVEN_H
#define NONEQ_CLI_GIVEN_H

#include <noneq.h>

#include "options.h"

/* Row of a verb's table, for a text in its struct of values. */
#define GIVEN_OPTION(verb_values, field)                                                         \
    {                                                                                            \
        "given", 0, OPTION_TEXT, offsetof(verb_values, field), "CONDITIONS", NULL, 0,            \
            "only rows that meet these, separated by commas: a=3, a=40..50, a=F|M, a!=F, a<=b, " \
            "2*a-b>=1, x+y+z=100, x+y=1+-0.01; names and texts with other signs in quotes"       \
    }

/* A single column's values, or a sum's, that are asked for. */
typedef struct given_list {
    const nq_model *model;
    const char **names;  /* [columns + 1] the last NULL */
    char (*made)[24];    /* where the model has none */
    nq_condition *items; /* [count] what each points to is the list's */
    size_t count;
    double *known; /* [columns] what a column must be; NaN: anything */
    size_t known_count;
} given_list;

/* Exit status; a sentence on what is wrong with the text. Free it whatever is returned. */
int given_parse(given_list *out, nq_context *context, const nq_model *model, const char *text);
void given_free(given_list *list);

/* given_evidence.c: of `count` rows [count, columns] whose known cells are given too (NULL: one row
 * of which nothing is known); parts[2] are what *out is made of, which must be freed after it.
 * numbers: of the rows in their file, from 0, for sentences (NULL: 0, 1, ...). */
int given_evidence(nq_evidence **out, nq_evidence *parts[2], nq_context *context,
                   const given_list *list, const double *rows, size_t count,
                   const size_t *numbers);
/* Whether all that is asked for are cells with one value. */
int given_is_cells(const given_list *list);
/* How many of `count` rows do not meet the list. */
size_t given_misses(const given_list *list, const double *rows, size_t count);

#endif
