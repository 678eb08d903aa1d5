/* fill.h - what impute and denoise share: options, models, and how a job ends. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_FILL_H
#define NONEQ_CLI_FILL_H

#include <noneq.h>

#include "options.h"

typedef struct fill_values {
    nq_fill_options fill;
    nq_view_options view;
} fill_values;

/* Entries of a verb's list of structs; its values begin with a fill_values. */
/* clang-format off */
#define FILL_STRUCTS                                                                             \
    {"nq_fill_options", offsetof(fill_values, fill), "o=output n=draws m=mask p=particles"},     \
    {"nq_view_options", offsetof(fill_values, view), NULL}
/* clang-format on */
extern const option_struct fill_structs[]; /* those, and the end */

/* All operands but the last, opened. */
typedef struct fill_models {
    nq_context *context;
    nq_model *models[OPERANDS_MOST];
    const nq_model *borrowed[OPERANDS_MOST]; /* the same */
    size_t count;
} fill_models;

/* The rows of the last operand. Where nothing says what to write, the table goes to standard
 * output. `words` and `values` must stay. */
nq_source fill_begin(fill_values *values, const arguments *words);
/* A context and the models; an exit status, after which nothing is open if it is not 0. */
int fill_models_open(fill_models *out, const arguments *words);
/* Prints the report (NULL: none), or why the job failed; closes all. An exit status. */
int fill_end(fill_models *models, nq_status status, char *report);

#endif
