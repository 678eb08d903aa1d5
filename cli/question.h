/* question.h - --of and --given: the probability of some columns given others. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_QUESTION_H
#define NONEQ_CLI_QUESTION_H

#include <noneq.h>

#include "options.h"

typedef struct question_values {
    const char *of, *given;
} question_values;

/* Rows of a verb's option table; `field` is the question_values in its struct. */
#define QUESTION_OPTIONS(type, field)                                                            \
    {"of",                                                                                       \
     0,                                                                                          \
     OPTION_TEXT,                                                                                \
     offsetof(type, field.of),                                                                   \
     "A,B,...",                                                                                  \
     NULL,                                                                                       \
     0,                                                                                          \
     "the probability of these columns, by name or number; others that are not --given do not "  \
     "count. Models that were trained with --roles 1"},                                          \
    {                                                                                            \
        "given", 0, OPTION_TEXT, offsetof(type, field.given), "C,D,...", NULL, 0,                \
            "given these; without --of the probability of all others"                            \
    }

/* *roles: [columns] nq_role of each, malloc'ed, or NULL where nothing was asked. An exit status. */
int question_roles(unsigned char **roles, const nq_model *model, const question_values *values);
/* What takes K of the rows from scaled units to the data's, nats: of row r, and the mean. */
double question_shift(const nq_model *model, const unsigned char *roles, const nq_dataset *data,
                      size_t row, double *scratch);
int question_mean_shift(double *out, const nq_model *model, const unsigned char *roles,
                        const nq_dataset *data);

#endif
