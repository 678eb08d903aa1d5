/* cmd_eval.c - noneq eval: K, the likelihood and the entropy account of data under a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "ais_loop.h"
#include "eval_report.h"
#include "message.h"
#include "output.h"
#include "session.h"
#include "verbs.h"

typedef struct eval_values {
    int64_t terms, max_rows;
    const char *units, *path;
    ais_values ais;
    int entropy;
} eval_values;

static const option_row rows[] = {
    {"terms", 0, OPTION_COUNT, offsetof(eval_values, terms), "N", "0", 0,
     "Monte Carlo terms per row; 0: enough for a small standard error"},
    {"max-rows", 0, OPTION_COUNT, offsetof(eval_values, max_rows), "N", "0", 0,
     "use at most so many rows, evenly spread; 0: all"},
    AIS_OPTIONS(eval_values, ais),
    {"entropy", 0, OPTION_FLAG, offsetof(eval_values, entropy), NULL, NULL, 0,
     "add the entropy account: bounds and cost of every step, and what would help"},
    {"units", 0, OPTION_TEXT, offsetof(eval_values, units), "UNITS", "scaled", 0,
     "scaled: densities of the scaled rows, as in the paper; data: of the rows as they are"},
    {"output", 'o', OPTION_TEXT, offsetof(eval_values, path), "FILE", "-", 0,
     "where to write the result"},
};

/* Everything that is freed at the end. */
typedef struct eval_job {
    const eval_values *values;
    const arguments *words;
    nq_context *context;
    nq_model *model;
    nq_dataset *data;
    nq_bound bound;
    nq_ais ais;
    nq_entropy entropy;
    int signal; /* that has stopped the sampling, or 0 */
} eval_job;

static int job_estimate(eval_job *job)
{
    const eval_values *values = job->values;
    const nq_bound_options options = {.terms = (size_t)values->terms,
                                      .seed = (uint64_t)job->words->common.seed,
                                      .max_rows = (size_t)values->max_rows};
    nq_status status;

    if ((status = nq_model_load(&job->model, job->context, job->words->operands[0])) ||
        (status = nq_dataset_open(&job->data, job->context, job->words->operands[1])) ||
        (status =
             nq_bound_estimate(&job->bound, job->context, job->model, job->data, &options)) ||
        (values->entropy && (status = nq_entropy_account(&job->entropy, job->context, job->model,
                                                         job->data, &job->bound))))
        return session_fail(job->context, status);
    if (!values->ais.samples)
        return EXIT_DONE;
    return ais_loop(&job->ais, &job->signal, job->context, job->model, job->data, &values->ais,
                    options.max_rows, &job->words->common);
}

static int job_report(const eval_job *job)
{
    const eval_values *values = job->values;
    const int in_data_units = strcmp(values->units, "data") == 0;
    const eval_report report = {
        .model_path = job->words->operands[0],
        .data_path = job->words->operands[1],
        .units = values->units,
        .model = job->model,
        .bound = &job->bound,
        .ais = values->ais.samples ? &job->ais : NULL,
        .entropy = values->entropy ? &job->entropy : NULL,
        .shift = in_data_units ? nq_model_log_jacobian(job->model) : 0,
    };
    int code;

    if (report.ais)
        ais_warn(report.ais, &values->ais, job->signal);
    if ((code = eval_report_log(&report, job->words->common.log)))
        return code;
    code = eval_report_write(&report, values->path, job->words->common.json);
    return code || !job->signal ? code : 128 + job->signal;
}

static int eval_run(const verb *self, int argc, char **argv)
{
    eval_values values;
    arguments words;
    eval_job job = {.values = &values, .words = &words};
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((strcmp(values.path, "-") != 0 && (code = output_check(values.path))) ||
        (code = ais_session_open(&job.context, &values.ais, values.units, values.path, self,
                                 &words)))
        return code;
    if (!(code = job_estimate(&job)))
        code = job_report(&job);
    nq_entropy_free(&job.entropy);
    nq_ais_free(&job.ais);
    nq_bound_free(&job.bound);
    nq_dataset_free(job.data);
    nq_model_free(job.model);
    nq_context_free(job.context);
    return code;
}

const verb verb_eval = {
    .name = "eval",
    .operands = "MODEL DATA",
    .summary = "how well a model explains data: K and K - L_null",
    .details =
        "Estimates K, the lower bound on the mean log likelihood of a row, and what it gains "
        "over the equilibrium distribution (L_null), with standard errors. --ais S estimates the "
        "likelihood itself from S trajectories per row; Ctrl-C ends that early and prints what "
        "there is.",
    .example = "noneq eval roll.noneq test.npy --json",
    .operands_least = 2,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common =
        COMMON_SEED | COMMON_THREADS | COMMON_JSON | COMMON_LOG | COMMON_QUIET | COMMON_VERBOSE,
    .run = eval_run,
};
