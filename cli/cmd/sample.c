/* sample.c - noneq sample: exact ancestral samples, or their way from noise to data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/verbs.h"
#include "message.h"
#include "session.h"

typedef struct sample_values {
    nq_draw_options draw;
    nq_view_options view;
} sample_values;

static const option_struct structs[] = {
    {"nq_draw_options", offsetof(sample_values, draw), "n=rows o=output p=particles"},
    {"nq_view_options", offsetof(sample_values, view), NULL},
    {NULL, 0, NULL},
};

static int sample_run(const verb *self, int argc, char **argv)
{
    sample_values values;
    arguments words;
    nq_context *context;
    nq_model *model = NULL;
    char *report = NULL;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    values.draw.view = &values.view;
    if (!values.draw.output)
        values.draw.output = "-";
    if ((code = session_open(&context, &words.common)))
        return code;
    nq_status status = nq_model_load(&model, context, words.operands[0]);
    if (!status)
        status = nq_draw(NULL, &report, context, model, &values.draw);
    if (status)
        code = session_fail(context, status);
    if (report)
        fputs(report, stdout);
    free(report);
    nq_model_free(model);
    session_close(context);
    return code ? code : output_finish();
}

const verb verb_sample = {
    .name = "sample",
    .operands = "MODEL [-n N] [-o OUT]",
    .summary = "draw exact samples of a model",
    .details =
        "Draws rows from a model: noise at time T, then reverse steps, as few as --steps says. "
        "Row i depends on the seed and i alone, so 10 samples are the first 10 of 1000. Samples "
        "of a model of pictures may be written as one: a grid, or with --trajectory a strip. "
        "With --given only rows that meet the conditions are drawn, by a particle filter, and "
        "how probable they are is told.",
    .example = "noneq sample roll.nq -n 1000 -o samples.csv",
    .operands_least = 1,
    .operands_most = 1,
    .structs = structs,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE,
    .run = sample_run,
};
