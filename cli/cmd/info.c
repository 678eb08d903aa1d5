/* info.c - noneq info: what is in a model file, or how a data file is read. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "report.h"

static const option_struct structs[] = {
    {"nq_describe_options", 0, "o=output"},
    {NULL, 0, NULL},
};

static int info_run(const verb *self, int argc, char **argv)
{
    nq_describe_options options;
    arguments words;
    report_job job = {0};
    if (!options_parse(&words, &options, self, argc, argv))
        return words.status;
    words.common.threads = 1; /* nothing is computed */
    const int is_model = nq_path_is_model(words.operands[0]);
    int code = report_open(&job, &words, is_model, NULL);
    options.output = report_output(options.output);
    if (is_model)
        options.model_path = words.operands[0];
    if (!code)
        code = report_end(job.context,
                          is_model ? nq_describe_model(NULL, job.context, job.models[0], &options)
                                   : nq_describe_data(NULL, job.context, &job.rows, &options));
    report_close(&job);
    return code;
}

const verb verb_info = {
    .name = "info",
    .operands = "MODEL|DATA",
    .summary = "what is in a model file, or how a data file is read",
    .details = "Prints kernel, regressor, schedule, scaling, options and training record of a "
               "model, and "
               "of columns of several kinds what training found each to be. Of a data file: each "
               "column's kind, range, levels and gaps, as training would find "
               "them.",
    .example = "noneq info roll.nq --json\n  noneq info people.csv --types zip=category",
    .operands_least = 1,
    .operands_most = 1,
    .structs = structs,
    .common = COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = info_run,
};
