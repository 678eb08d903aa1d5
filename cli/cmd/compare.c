/* compare.c - noneq compare: which of two models explains the same rows better, and by how many
 * standard errors. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "report.h"

typedef struct compare_values {
    nq_compare_options compare;
    nq_crop_options crop; /* for its area */
} compare_values;

static const option_struct structs[] = {
    {"nq_compare_options", offsetof(compare_values, compare), "o=output"},
    {"nq_crop_options", offsetof(compare_values, crop), NULL},
    {NULL, 0, NULL},
};

static int compare_run(const verb *self, int argc, char **argv)
{
    compare_values values;
    nq_compare_options *options = &values.compare;
    arguments words;
    report_job job = {0};
    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    options->output = report_output(options->output);
    options->first_path = words.operands[0];
    options->second_path = words.operands[1];
    int code = report_open(&job, &words, 2, &values.crop.area);
    if (!code) {
        const nq_status status =
            nq_compare(NULL, NULL, job.context, job.models[0], job.models[1], &job.rows, options);
        code = report_end(job.context, status);
    }
    report_close(&job);
    return code;
}

const verb verb_compare = {
    .name = "compare",
    .operands = "MODEL MODEL DATA",
    .summary = "which of two models explains data better",
    .details =
        "Estimates K of both models on the same rows and the mean of its difference, first less "
        "second, with a standard error that is paired over rows: what makes a row hard for both "
        "drops out. Models of tables are compared by column too. The models must have the same "
        "columns; numbers are compared in the data's units. Rows that are impossible to either "
        "are named and left out.",
    .example = "noneq compare new.nq old.nq test.csv",
    .operands_least = 3,
    .operands_most = 3,
    .structs = structs,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = compare_run,
};
