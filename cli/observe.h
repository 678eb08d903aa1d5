/* observe.h - --observe: linear observations of rows, from a table. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_OBSERVE_H
#define NONEQ_CLI_OBSERVE_H

#include <noneq.h>

#include "options.h"

/* y = a x + noise, one for each line of the file. */
typedef struct observe_list {
    size_t count, columns;
    double *a;     /* [count][columns] of the model */
    double *y;     /* [count] */
    double *sigma; /* [count] */
    size_t *row;   /* [count] the data's row from 1 that it is of, 0: of all */
    int by_row;    /* some are of one row */
} observe_list;

/* Exit status, after a sentence. Free it whatever is returned. */
int observe_read(observe_list *out, nq_context *context, const nq_model *model, const char *path,
                 size_t rows);
void observe_free(observe_list *list);
/* Of `count` rows whose numbers (from 0) in the data are these; *out NULL: nothing is observed of
 * them. Rows must be asked for one by one where some observations are of one. */
nq_status observe_evidence(nq_evidence **out, nq_context *context, const nq_model *model,
                           const observe_list *list, const size_t *numbers, size_t count);

#endif
