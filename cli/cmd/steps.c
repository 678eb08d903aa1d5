/* steps.c - noneq steps: measures what fewer steps lose, and keeps it with the model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "log/watch.h"
#include "message.h"
#include "report.h"
#include "session.h"

typedef struct steps_values {
    size_t size;
    nq_string path;
} steps_values;

static const nq_option rows[] = {
    {"path", "output", NQ_OPTION_STRING, offsetof(steps_values, path), NULL, 0, 0,
     "the model with what was measured; it may be MODEL itself"},
};
static const nq_options_type type = {"steps_values", sizeof(steps_values), sizeof(steps_values),
                                     rows, sizeof rows / sizeof *rows};
static const option_struct structs[] = {{"own", 0, "o=output"}, {NULL, 0, NULL}};

static int steps_run(const verb *self, int argc, char **argv)
{
    steps_values values;
    arguments words;
    report_job job = {0};
    int code;
    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (!values.path)
        return options_refuse(self, "-o is missing: expected a file for the model");
    if (!(code = report_open(&job, &words, 1, NULL))) {
        const nq_status status =
            nq_model_measure_steps_on(job.models[0], job.context, &job.rows, values.path);
        watch_clear();
        code = status ? session_fail(job.context, status) : EXIT_DONE;
        if (!code)
            message_note(
                "samples take %zu of %zu steps from now on: the fewest that lose at most .02 "
                "bits a column of K on these rows",
                nq_model_usual_steps(job.models[0]), nq_model_steps(job.models[0]));
    }
    report_close(&job);
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
    .structs = structs,
    .own = &type,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = steps_run,
};
