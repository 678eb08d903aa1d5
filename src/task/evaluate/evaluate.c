/* evaluate.c - how well a model explains rows: K, and where asked for the likelihood, the entropy
 * account, Parzen windows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include <noneq/score.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "model/model.h"
#include "task/evaluate/parzen.h"
#include "task/evaluate/report.h"
#include "task/report/faults.h"
#include "task/report/number.h"
#include "task/report/print.h"
#include "task/score/chain.h"
#include "task/score/question.h"
#include "task/score/rounds.h"
#include "task/source/output.h"
#include "task/source/paths.h"
#include "task/source/source.h"

typedef struct evaluate_job {
    nq_context *context;
    const nq_evaluate_options *options;
    const nq_model *model; /* that is asked */
    const nq_dataset *rows;
    const nq_read_options *read; /* of the caller's source */
    double white;                /* 0: unknown */
    unsigned char *roles;
    nq_evaluation found;
} evaluate_job;

void nq_evaluation_free(nq_evaluation *evaluation)
{
    nq_entropy_free(&evaluation->entropy);
    nq_ais_free(&evaluation->ais);
    nq_bound_free(&evaluation->bound);
    *evaluation = (nq_evaluation){0};
}

static nq_status options_check(nq_context *context, nq_evaluate_options *options,
                               const nq_source *rows)
{
    const nqi_path_use uses[] = {
        {NQI_PATH_INPUT, "MODEL", options->model_path},
        {NQI_PATH_INPUT, "DATA", rows->path},
        {NQI_PATH_INPUT, NQI_OPTION "parzen", nqi_parzen_path(options->parzen)},
        {NQI_PATH_INPUT, NQI_OPTION "parzen_valid", options->parzen_valid},
        {NQI_PATH_OUTPUT, NQI_OPTION "output", options->output},
        {NQI_PATH_LOG, NQI_OPTION "log", options->log_path},
    };
    nq_status status = nqi_units_check(context, options->units);
    if (status)
        return status;
    if ((options->of || options->given) && (options->entropy || options->parzen))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "of and " NQI_OPTION "given are not with " NQI_OPTION
                                   "entropy or " NQI_OPTION "parzen");
    if (options->target_se > 0 && !options->ais)
        options->ais = NQI_AIS_LEAST;
    if (options->output && strcmp(options->output, "-") != 0)
        status = nqi_output_check(context, options->output);
    return status ? status : nqi_paths_check(context, uses, sizeof uses / sizeof *uses);
}

/* The number that is white: 255, or 65535 where grey levels go beyond; 0: real numbers. */
static nq_status white_find(double *white, nq_context *context, const nq_dataset *data)
{
    const size_t dim = nq_dataset_dim(data), rows = nq_dataset_rows(data);
    *white = 0;
    if (nq_dataset_grey_level(data) <= 0)
        return NQ_OK;
    double *row = malloc((dim + 1) * sizeof *row);
    if (!row)
        return nqi_fail_memory(context, "a row", dim * sizeof *row);
    *white = 255;
    for (size_t r = 0; r < rows && *white < 256; r++) {
        nq_dataset_row(row, data, r);
        for (size_t i = 0; i < dim; i++)
            *white = row[i] > 255 ? 65535 : *white;
    }
    free(row);
    return NQ_OK;
}

static nq_status bound_run(evaluate_job *job)
{
    nq_bound_options options;
    nq_bound_options_init(&options, sizeof options);
    options.terms = job->options->terms;
    options.seed = job->options->seed;
    options.max_rows = job->options->max_rows;
    options.by_column = nq_model_is_recorded(job->model);
    options.roles = job->roles;
    nq_status status =
        nq_bound_estimate(&job->found.bound, job->context, job->model, job->rows, &options);
    if (status || !job->options->entropy)
        return status;
    job->found.has_entropy = 1;
    return nq_entropy_account(&job->found.entropy, job->context, job->model, job->rows,
                              &job->found.bound);
}

/* Where the model has it, and all rows are asked about whole. */
static nq_status exact_run(evaluate_job *job)
{
    job->found.has_exact = nqi_model_exact(job->model) && !job->roles && !job->options->max_rows;
    return job->found.has_exact
               ? nq_exact_compute(&job->found.exact, job->context, job->model, job->rows)
               : NQ_OK;
}

static nq_status parzen_run(evaluate_job *job)
{
    const nqi_parzen_job parzen = {.context = job->context,
                                   .model = job->model,
                                   .data = job->rows,
                                   .options = job->options,
                                   .read = job->read,
                                   .unit = job->white > 0 ? job->white : 1};
    job->found.has_parzen = 1;
    job->found.parzen_unit = parzen.unit;
    return nqi_parzen_run(&job->found.parzen, &parzen);
}

static nq_status ais_run(evaluate_job *job)
{
    const nqi_listener listener = {job->options->round, job->options->user};
    nq_ais_options options;
    nq_ais_options_init(&options, sizeof options);
    options.samples = job->options->ais;
    options.most_samples = job->options->most;
    options.target_se = job->options->target_se / NQI_BITS_PER_NAT;
    options.seed = job->options->seed;
    options.max_rows = job->options->max_rows;
    options.roles = job->roles;
    job->found.has_ais = 1;
    return nqi_rounds_draw(&job->found.ais, &job->found.finished, job->context, job->model,
                           job->rows, &options, &listener);
}

/* Each of what was asked for is as long a part of the whole. */
static nq_status parts_run(evaluate_job *job)
{
    nq_status (*const runs[])(evaluate_job *) = {bound_run, exact_run,
                                                 job->options->parzen ? parzen_run : NULL,
                                                 job->options->ais ? ais_run : NULL};
    const double parts = 2 + (runs[2] != NULL) + (runs[3] != NULL);
    double done = 0;
    nq_status status = NQ_OK;
    for (size_t i = 0; i < sizeof runs / sizeof *runs && !status; i++) {
        if (!runs[i])
            continue;
        const nqi_portion before =
            nqi_portion_enter(job->context, done / parts, (done + 1) / parts);
        status = runs[i](job);
        nqi_portion_leave(job->context, before);
        done++;
    }
    return status;
}

static nq_status job_run(evaluate_job *job)
{
    const nq_evaluate_options *options = job->options;
    nq_evaluation *found = &job->found;
    nq_status status =
        nqi_question_roles(&job->roles, job->context, job->model, options->of, options->given);
    if (!status)
        status = parts_run(job);
    if (!status && strcmp(found->units, "data") == 0)
        status = nqi_question_mean_shift(&found->shift, job->context, job->model, job->roles,
                                         job->rows);
    if (status)
        return status;
    nqi_faults_tell(job->context, job->model, found->bound.faults, found->bound.impossible);
    if (!found->bound.rows)
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        "every row is impossible to the model: there is no mean");
    if (found->has_ais) {
        const nq_ais_options asked = {.target_se = options->target_se / NQI_BITS_PER_NAT};
        nqi_rounds_warn(job->context, &found->ais, &asked, found->finished);
    }
    return NQ_OK;
}

static nq_status job_open(evaluate_job *job, nqi_source *data, const nq_source *rows)
{
    const nq_evaluate_options *options = job->options;
    nq_status status = nqi_units_settle(&job->found.units, job->context, job->model,
                                        options->units, options->model_path);
    if (!status)
        status = nqi_source_open_for(data, job->context, rows, job->model, 0);
    if (!status)
        status = nqi_own_rows_tell(job->context, job->model, data->rows);
    job->rows = data->rows;
    job->white = options->white;
    if (!status && !(options->white > 0))
        status = white_find(&job->white, job->context, data->rows);
    return status;
}

/* The model's pictures, where each of their numbers is modelled and asked about. */
static nq_picture picture_of(const evaluate_job *job)
{
    nq_picture picture;
    nq_model_picture(&picture, job->model);
    if (job->roles || nq_model_dim(job->model) != nq_model_columns(job->model) ||
        !nq_model_is_density(job->model))
        return (nq_picture){0};
    return picture;
}

static nq_status job_report(char **out, const evaluate_job *job, const char *data_name)
{
    const nq_evaluation *found = &job->found;
    const nqi_evaluation_report report = {
        .model_name = nqi_model_name(job->options->model_path),
        .data_name = data_name,
        .units = found->units,
        .model = job->model,
        .bound = &found->bound,
        .ais = found->has_ais ? &found->ais : NULL,
        .exact = found->has_exact ? &found->exact : NULL,
        .entropy = found->has_entropy ? &found->entropy : NULL,
        .parzen = found->has_parzen ? &found->parzen : NULL,
        .parzen_unit = found->parzen_unit,
        .shift = found->shift,
        .of = job->options->of,
        .given = job->options->given,
        .roles = job->roles,
        .picture = picture_of(job),
        .white = job->white,
        .grey_level = nq_dataset_grey_level(job->rows),
    };
    return nqi_print_make(out, job->context, job->options->output,
                          job->options->json ? nqi_evaluation_json : nqi_evaluation_text,
                          &report);
}

nq_status nq_evaluate(nq_evaluation *out, char **report, nq_context *context,
                      const nq_model *model, const nq_source *rows,
                      const nq_evaluate_options *options)
{
    nq_evaluate_options own;
    nqi_source data = {0};
    nqi_chain chain = {0};
    const int finishes = context->watch.finishes;
    if (out)
        *out = (nq_evaluation){0};
    if (report)
        *report = NULL;
    nq_status status = nqi_options_take(&own, context, &nqi_evaluate_options, options);
    if (!status)
        status = options_check(context, &own, rows);
    if (!status)
        status = nqi_chain_take(&chain, context, model, own.steps);
    evaluate_job job = {.context = context,
                        .options = &own,
                        .model = chain.model,
                        .read = rows->read,
                        .found = {.finished = 1}};
    if (!status)
        status = job_open(&job, &data, rows);
    if (!status)
        status = job_run(&job);
    if (!status && (report || own.output))
        status = job_report(report, &job, data.name);
    free(job.roles);
    nqi_watch_finishes(context, finishes);
    nqi_source_free(&data);
    nqi_chain_free(&chain);
    if (out && !status)
        *out = job.found;
    else
        nq_evaluation_free(&job.found);
    return status;
}
