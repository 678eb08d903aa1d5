/* check.c - noneq check: is a model calibrated on these rows? */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "check_report.h"
#include "cmd/verbs.h"
#include "data_open.h"
#include "faults.h"
#include "log/watch.h"
#include "message.h"
#include "output.h"
#include "paths.h"
#include "session.h"

typedef struct check_values {
    int64_t max_rows, draws, given_rows, self_rows, permutations;
    double level;
    const char *path;
} check_values;

static const option_row rows[] = {
    {"max-rows", 0, OPTION_COUNT, offsetof(check_values, max_rows), "N", "0", 0,
     "use at most so many rows, evenly spread; 0: all"},
    {"draws", 0, OPTION_COUNT, offsetof(check_values, draws), "M", "19", 1,
     "draws of a hidden cell given the rest of its row"},
    {"given-rows", 0, OPTION_COUNT, offsetof(check_values, given_rows), "N", "0", 0,
     "rows in which each column is hidden alone (models with roles); 0: what takes some twenty "
     "seconds of a processor, 100 at least"},
    {"self-rows", 0, OPTION_COUNT, offsetof(check_values, self_rows), "N", "0", 0,
     "rows of the model's own of which half is hidden; 0: what takes some ten seconds, 1000 at "
     "most, none where that is too few"},
    {"permutations", 0, OPTION_COUNT, offsetof(check_values, permutations), "N", "499", 1,
     "of the labels of rows and draws, behind the classifier's p value"},
    {"level", 0, OPTION_NUMBER, offsetof(check_values, level), "P", "0.05", 1e-12,
     "chance of a false alarm in any of the columns, and in all tests together"},
    {"output", 'o', OPTION_TEXT, offsetof(check_values, path), "FILE", "-", 0,
     "where to write the result"},
};

typedef struct check_job {
    const check_values *values;
    const arguments *words;
    nq_context *context;
    nq_model *model;
    data_rows data;
    nq_check found;
} check_job;

static int job_estimate(check_job *job)
{
    static const nq_area everywhere = {0};
    const check_values *values = job->values;
    const common_values *common = &job->words->common;
    nq_check_options options = {.seed = (uint64_t)common->seed,
                                .max_rows = (size_t)values->max_rows,
                                .draws = (size_t)values->draws,
                                .given_rows = (size_t)values->given_rows,
                                .self_rows = (size_t)values->self_rows,
                                .permutations = (size_t)values->permutations,
                                .level = values->level};
    nq_status status = nq_model_load(&job->model, job->context, job->words->operands[0]);
    int code;

    if (status)
        return session_fail(job->context, status);
    if ((code = data_rows_open(&job->data, job->context, job->words->operands[1], job->model,
                               &everywhere, common, 0)))
        return code;
    status = nq_check_estimate(&job->found, job->context, job->model, job->data.rows, &options);
    watch_clear();
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static int job_report(const check_job *job)
{
    output out;
    const check_report report = {.model_path = job->words->operands[0],
                                 .data_path = job->words->operands[1],
                                 .model = job->model,
                                 .found = &job->found};

    faults_tell(job->model, job->found.faults, job->found.impossible);
    if (output_open(&out, job->context, job->values->path))
        return EXIT_FAILED;
    if (job->words->common.json)
        check_json(out.file, &report);
    else
        check_text(out.file, &report);
    return output_close(&out);
}

static int files_check(const check_values *values, const arguments *words)
{
    const path_use uses[] = {{PATH_INPUT, "MODEL", words->operands[0]},
                             {PATH_INPUT, "DATA", words->operands[1]},
                             {PATH_OUTPUT, "-o", values->path}};

    return paths_check(uses, sizeof uses / sizeof *uses);
}

static int check_run(const verb *self, int argc, char **argv)
{
    check_values values;
    arguments words;
    check_job job = {.values = &values, .words = &words};
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((code = files_check(&values, &words)) ||
        (code = session_open(&job.context, &words.common)))
        return code;
    if (!(code = job_estimate(&job)))
        code = job_report(&job);
    nq_check_free(&job.found);
    data_rows_close(&job.data);
    nq_model_free(job.model);
    session_close(job.context);
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
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_JSON | COMMON_QUIET | COMMON_VERBOSE |
              COMMON_READ | COMMON_COLUMNS,
    .run = check_run,
};
