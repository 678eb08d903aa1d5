/* eval_parzen.h - the Parzen-window part of noneq eval. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_EVAL_PARZEN_H
#define NONEQ_CLI_EVAL_PARZEN_H

#include "options.h"

/* What the verb's options say of it. */
typedef struct parzen_values {
    const char *samples; /* a file or a number; NULL: no estimate is asked for */
    const char *valid;   /* rows that choose the width; NULL: some of the data */
    double width;        /* 0: chosen */
} parzen_values;

/* Estimates log p of `data` around samples that are read, or drawn from the model. unit: what
 * numbers are divided by. Returns an exit status and has printed the reason of a failure. */
int eval_parzen(nq_parzen *out, nq_context *context, const nq_model *model,
                const nq_dataset *data, const parzen_values *values, double unit,
                const common_values *common);

#endif
