/* check.c - noneq check: is a model calibrated on these rows? */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "report.h"

static const option_struct structs[] = {
    {"nq_check_report_options", 0, "o=output"},
    {NULL, 0, NULL},
};

static int check_run(const verb *self, int argc, char **argv)
{
    nq_check_report_options options;
    arguments words;
    report_job job = {0};
    if (!options_parse(&words, &options, self, argc, argv))
        return words.status;
    options.output = report_output(options.output);
    options.model_path = words.operands[0];
    int code = report_open(&job, &words, 1, NULL);
    if (!code) {
        const nq_status status =
            nq_check_report(NULL, NULL, job.context, job.models[0], &job.rows, &options);
        code = report_end(job.context, status);
    }
    report_close(&job);
    return code;
}

const verb verb_check = {
    .name = "check",
    .operands = "MODEL DATA",
    .summary = "is a model calibrated on these rows?",
    .details =
        "Compares rows with what the model draws: ranks and coverage of each column, alone and "
        "given the others; a classifier that tries to tell rows from draws; and densities. Hides "
        "cells of the model's own rows, too, and sees whether its draws of them agree with its "
        "joint law. Says which columns are too narrow, too wide or shifted. Use rows that did "
        "not "
        "train the model. With many rows small differences tell, too: look at how large they "
        "are.",
    .example = "noneq check model.nq test.csv",
    .operands_least = 2,
    .operands_most = 2,
    .structs = structs,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = check_run,
};
