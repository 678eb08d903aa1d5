/* steps.c - noneq steps: measures what fewer steps lose, and keeps it with the model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "data_open.h"
#include "message.h"
#include "output.h"
#include "paths.h"
#include "session.h"

typedef struct steps_values {
    const char *path;
} steps_values;

static const option_row rows[] = {
    {"output", 'o', OPTION_TEXT, offsetof(steps_values, path), "OUT", NULL, 0,
     "the model with what was measured; it may be MODEL itself"},
};

static int measure(nq_context *context, nq_model *model, const steps_values *values,
                   const arguments *words)
{
    data_rows data = {0};
    const nq_area whole = {0};
    int code =
        data_rows_open(&data, context, words->operands[1], model, &whole, &words->common, 0);
    nq_status status = NQ_OK;

    if (!code && !(status = nq_model_measure_steps(model, context, data.rows, NULL)))
        status = nq_model_save(values->path, context, model);
    if (!code && status)
        code = session_fail(context, status);
    if (!code)
        message_note(
            "samples take %zu of %zu steps from now on: the fewest that lose at most .02 "
            "bits a column of K on these rows",
            nq_model_usual_steps(model), nq_model_steps(model));
    data_rows_close(&data);
    return code;
}

static int steps_run(const verb *self, int argc, char **argv)
{
    steps_values values;
    arguments words;
    nq_context *context;
    nq_model *model = NULL;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (!values.path)
        return options_refuse(self, "-o is missing: expected a file for the model");
    if ((code = output_check(values.path)) || (code = session_open(&context, &words.common)))
        return code;
    const nq_status status = nq_model_load(&model, context, words.operands[0]);
    code = status ? session_fail(context, status) : measure(context, model, &values, &words);
    nq_model_free(model);
    session_close(context);
    return code;
}

const verb verb_steps = {
    .name = "steps",
    .operands = "MODEL DATA -o OUT",
    .summary = "measure what fewer steps lose, for models that were not trained to know",
    .details =
        "Measures on rows like those of training what longer steps than were trained lose of K, "
        "and writes the model with it: --steps of other verbs then goes through the times that "
        "lose least, and samples take the fewest steps that lose at most .02 bits a column. "
        "noneq train does so at its end; models of before version 0.2 have to be measured once, "
        "those with --variance-form free before they take fewer steps at all. Nothing else of "
        "the model changes.",
    .example = "noneq steps old.nq train.csv -o new.nq",
    .operands_least = 2,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = steps_run,
};
