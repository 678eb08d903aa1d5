/* score.c - noneq score: one log likelihood for each row, for finding anomalies. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "cmd/verbs.h"
#include "log/rounds.h"
#include "report.h"

typedef struct score_values {
    nq_score_options score;
    nq_crop_options crop; /* for its area */
} score_values;

static const option_struct structs[] = {
    {"nq_score_options", offsetof(score_values, score), "o=output"},
    {"nq_crop_options", offsetof(score_values, crop), NULL},
    {NULL, 0, NULL},
};

static int score_run(const verb *self, int argc, char **argv)
{
    score_values values;
    nq_score_options *options = &values.score;
    arguments words;
    report_job job = {0};
    char *report = NULL;
    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (options->output && strcmp(options->output, "-") == 0 && options->top)
        return options_refuse(self, "-o - and --top would both write to standard output");
    if (options->by_column && options->ais)
        return options_refuse(self, "--by-column is of K, and not with --ais");
    if (!options->output && !options->top)
        options->output = "-";
    options->model_path = words.operands[0];
    options->round = rounds_show;
    int code = units_check(self, options->units);
    if (!code && !(code = report_open(&job, &words, 1, &values.crop.area))) {
        const nq_status status =
            nq_score(NULL, &report, job.context, job.models[0], &job.rows, options);
        code = rounds_status(report_print(job.context, status, &report));
    }
    report_close(&job);
    return code;
}

const verb verb_score = {
    .name = "score",
    .operands = "MODEL DATA -o OUT",
    .summary = "one log likelihood for each row: finds anomalies",
    .details =
        "Writes a table with a line for each row of DATA: its number from 0, the columns that "
        "the "
        "model does not use (such as ids; not in .npy), and its log "
        "likelihood in bits and in nats: the bound K, or with --ais S the likelihood "
        "itself with its standard error and effective number of trajectories. The lower, "
        "the less the row is like the training data. Pictures larger than the model's are cut "
        "into crops side by side, from top to bottom and left to right; each is a row. Of "
        "columns "
        "of several kinds --by-column adds what each contributes, which together is the row's K.",
    .example = "noneq score normal.nq new.csv -o scores.csv --top 10",
    .operands_least = 2,
    .operands_most = 2,
    .structs = structs,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = score_run,
};
