/* eval.c - noneq eval: K, the likelihood and the entropy account of data under a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "ais_loop.h"
#include "cmd/verbs.h"
#include "data_open.h"
#include "eval_parzen.h"
#include "eval_report.h"
#include "faults.h"
#include "log/watch.h"
#include "message.h"
#include "output.h"
#include "paths.h"
#include "question.h"
#include "session.h"
#include "steps.h"

typedef struct eval_values {
    int64_t terms, max_rows, steps;
    const char *units, *path, *area;
    ais_values ais;
    question_values question;
    int entropy;
    parzen_values parzen;
    double white;
} eval_values;

static const option_row rows[] = {
    {"terms", 0, OPTION_COUNT, offsetof(eval_values, terms), "N", "0", 0,
     "Monte Carlo terms per row; 0: enough for a small standard error"},
    {"max-rows", 0, OPTION_COUNT, offsetof(eval_values, max_rows), "N", "0", 0,
     "use at most so many rows, evenly spread; 0: all"},
    STEPS_OPTION(eval_values, steps, "all; K, likelihood and account are of the chain taken"),
    AIS_OPTIONS(eval_values, ais),
    {"entropy", 0, OPTION_FLAG, offsetof(eval_values, entropy), NULL, NULL, 0,
     "add the entropy account: bounds and cost of every step, and what would help"},
    UNITS_OPTION(eval_values, units),
    QUESTION_OPTIONS(eval_values, question),
    AREA_OPTION(eval_values, area),
    {"white", 0, OPTION_NUMBER, offsetof(eval_values, white), "W", "0", 0,
     "pictures: the number that is white; 0: 255 or 65535 where the data are grey levels"},
    {"parzen", 0, OPTION_TEXT, offsetof(eval_values, parzen.samples), "SAMPLES|N", NULL, 0,
     "add the Parzen-window estimate around a file of samples, or N that are drawn; the unit is "
     "white"},
    {"parzen-valid", 0, OPTION_TEXT, offsetof(eval_values, parzen.valid), "DATA", NULL, 0,
     "rows that choose its width; default: a random tenth of DATA, at most 1000 rows, which are "
     "then left out of the estimate"},
    {"parzen-width", 0, OPTION_NUMBER, offsetof(eval_values, parzen.width), "W", "0", 0,
     "its width; 0: the best of .05 to 1 on those rows"},
    {"output", 'o', OPTION_TEXT, offsetof(eval_values, path), "FILE", "-", 0,
     "where to write the result"},
};

/* Everything that is freed at the end. */
typedef struct eval_job {
    eval_values *values;
    const arguments *words;
    nq_context *context;
    nq_model *model, *trained; /* trained: what the model borrows, or NULL */
    data_rows data;
    double white; /* 0: unknown */
    nq_bound bound;
    nq_parzen parzen;
    nq_ais ais;
    nq_entropy entropy;
    unsigned char *roles;
    int signal; /* that has stopped the sampling, or 0 */
} eval_job;

static int job_open(eval_job *job, const nq_area *area)
{
    int code = steps_model_load(&job->model, &job->trained, job->context, job->words->operands[0],
                                job->values->steps);

    if (code)
        return code;
    code = units_settle(&job->values->units, job->model, job->words->operands[0]);
    if (code)
        return code;
    code = data_rows_open(&job->data, job->context, job->words->operands[1], job->model, area,
                          &job->words->common, 0);
    if (!code)
        job->white = job->values->white > 0 ? job->values->white : data_white(job->data.rows);
    return code;
}

static int job_estimate(eval_job *job)
{
    const eval_values *values = job->values;
    const nq_dataset *data = job->data.rows;
    nq_bound_options options = {.terms = (size_t)values->terms,
                                .seed = (uint64_t)job->words->common.seed,
                                .max_rows = (size_t)values->max_rows,
                                .by_column = nq_model_is_recorded(job->model)};
    nq_status status;
    int code = EXIT_DONE;

    if ((code = question_roles(&job->roles, job->model, &values->question)))
        return code;
    options.roles = job->roles;
    status = nq_bound_estimate(&job->bound, job->context, job->model, data, &options);
    watch_clear();
    if (status ||
        (values->entropy && (status = nq_entropy_account(&job->entropy, job->context, job->model,
                                                         data, &job->bound))))
        return session_fail(job->context, status);
    if (values->parzen.samples)
        code = eval_parzen(&job->parzen, job->context, job->model, data, &values->parzen,
                           job->white > 0 ? job->white : 1, &job->words->common);
    if (code || !values->ais.samples)
        return code;
    return ais_loop(&job->ais, &job->signal, job->context, job->model, data, job->roles,
                    &values->ais, options.max_rows, &job->words->common);
}

/* The model's pictures, where each of their numbers is modelled. */
static nq_picture picture_of(const nq_model *model)
{
    nq_picture picture;

    nq_model_picture(&picture, model);
    if (nq_model_dim(model) != nq_model_columns(model) || !nq_model_is_density(model))
        return (nq_picture){0};
    return picture;
}

static int job_report(const eval_job *job)
{
    const eval_values *values = job->values;
    double shift = 0;
    int code = strcmp(values->units, "data") == 0
                   ? question_mean_shift(&shift, job->model, job->roles, job->data.rows)
                   : EXIT_DONE;
    const eval_report report = {
        .model_path = job->words->operands[0],
        .data_path = job->words->operands[1],
        .units = values->units,
        .context = job->context,
        .model = job->model,
        .bound = &job->bound,
        .ais = values->ais.samples ? &job->ais : NULL,
        .entropy = values->entropy ? &job->entropy : NULL,
        .parzen = values->parzen.samples ? &job->parzen : NULL,
        .parzen_unit = job->white > 0 ? job->white : 1,
        .shift = shift,
        .of = values->question.of,
        .given = values->question.given,
        .roles = job->roles,
        .picture = job->roles ? (nq_picture){0} : picture_of(job->model), /* some pixels alone */
        .white = job->white,
        .grey_level = nq_dataset_grey_level(job->data.rows),
    };

    if (code)
        return code;
    faults_tell(job->model, job->bound.faults, job->bound.impossible);
    if (!job->bound.rows)
        return message_fail("every row is impossible to the model: there is no mean");
    if (report.ais)
        ais_warn(report.ais, &values->ais, job->signal);
    if ((code = eval_report_log(&report, job->words->common.log)))
        return code;
    code = eval_report_write(&report, values->path, job->words->common.json);
    return code || !job->signal ? code : 128 + job->signal;
}

static int files_check(const eval_values *values, const arguments *words)
{
    int64_t count;
    const char *samples = values->parzen.samples;
    const path_use uses[] = {
        {PATH_INPUT, "MODEL", words->operands[0]},
        {PATH_INPUT, "DATA", words->operands[1]},
        {PATH_INPUT, "--parzen", samples && !count_parse(&count, samples) ? samples : NULL},
        {PATH_INPUT, "--parzen-valid", values->parzen.valid},
        {PATH_OUTPUT, "-o", values->path},
        {PATH_LOG, "--log", words->common.log},
    };
    const int code = strcmp(values->path, "-") != 0 ? output_check(values->path) : EXIT_DONE;

    return code ? code : paths_check(uses, sizeof uses / sizeof *uses);
}

static int eval_run(const verb *self, int argc, char **argv)
{
    eval_values values;
    arguments words;
    eval_job job = {.values = &values, .words = &words};
    nq_area area;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((values.question.of || values.question.given) &&
        (values.entropy || values.parzen.samples))
        return options_refuse(self, "--of and --given are not with --entropy or --parzen");
    if ((code = area_parse(&area, self, values.area)) || (code = files_check(&values, &words)) ||
        (code = ais_session_open(&job.context, &values.ais, values.units, self, &words)))
        return code;
    if (!(code = job_open(&job, &area)) && !(code = job_estimate(&job)))
        code = job_report(&job);
    nq_entropy_free(&job.entropy);
    nq_ais_free(&job.ais);
    nq_bound_free(&job.bound);
    data_rows_close(&job.data);
    free(job.roles);
    nq_model_free(job.model);
    nq_model_free(job.trained);
    session_close(job.context);
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
        "there is. Pictures larger than the model's are cut into crops side by side; for them "
        "bits per pixel and on the 8-bit scale are given too.",
    .example = "noneq eval roll.nq test.npy --json",
    .operands_least = 2,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_JSON | COMMON_LOG | COMMON_QUIET |
              COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = eval_run,
};
