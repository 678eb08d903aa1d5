/* score.c - a log likelihood for each row: the bound K, or by trajectories. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/score/score.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "task/report/faults.h"
#include "task/report/number.h"
#include "task/score/chain.h"
#include "task/score/question.h"
#include "task/score/rounds.h"
#include "task/source/output.h"
#include "task/source/paths.h"

void nq_scores_free(nq_scores *scores)
{
    free(scores->score);
    free(scores->se);
    free(scores->lower);
    free(scores->ess);
    free(scores->khat);
    free(scores->trust);
    free(scores->column_score);
    free(scores->faults);
    *scores = (nq_scores){0};
}

static nq_status options_check(nq_context *context, nq_score_options *options,
                               const nq_source *rows)
{
    const nqi_path_use uses[] = {{NQI_PATH_INPUT, "MODEL", options->model_path},
                                 {NQI_PATH_INPUT, "DATA", rows->path},
                                 {NQI_PATH_OUTPUT, NQI_OPTION "output", options->output}};
    const int to_stdout = options->output && strcmp(options->output, "-") == 0;
    nq_status status = nqi_units_check(context, options->units);
    if (status)
        return status;
    if (options->target_se > 0 && !options->ais)
        options->ais = NQI_AIS_LEAST;
    if (options->by_column && options->ais)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "by_column is of K, and not with " NQI_OPTION "ais");
    if (!options->json)
        status = nqi_output_check_table(context, options->output);
    else if (options->output && !to_stdout)
        status = nqi_output_check(context, options->output);
    return status ? status : nqi_paths_check(context, uses, sizeof uses / sizeof *uses);
}

/* What takes each score to the data's units is added to it. */
static nq_status scores_shift(nq_scores *scores, const nqi_scoring *scoring,
                              const unsigned char *roles)
{
    const size_t bytes = nq_dataset_dim(scoring->rows) * sizeof(double);
    if (strcmp(scores->units, "data") != 0)
        return NQ_OK;
    double *scratch = malloc(bytes + 1);
    if (!scratch)
        return nqi_fail_memory(scoring->context, "a row", bytes);
    for (size_t r = 0; r < scores->rows; r++) {
        const double shift = nqi_question_shift(scoring->model, roles, scoring->rows, r, scratch);
        scores->score[r] += shift;
        if (scores->lower)
            scores->lower[r] += shift;
    }
    free(scratch);
    return NQ_OK;
}

/* A copy, where there is something to copy and no copy before it has failed. */
static void *copied(nq_status *status, nq_context *context, const void *from, size_t count,
                    size_t size)
{
    if (!from || *status)
        return NULL;
    void *copy = malloc(count * size + 1);
    if (copy)
        memcpy(copy, from, count * size);
    else
        *status = nqi_fail_memory(context, "scores of rows", count * size);
    return copy;
}

static nq_status bound_take(nq_scores *scores, nq_context *context, const nq_bound *bound)
{
    const size_t rows = scores->rows = bound->all_rows, size = sizeof(double);
    nq_status status = NQ_OK;
    scores->terms = bound->terms;
    scores->impossible = bound->impossible;
    scores->score = copied(&status, context, bound->row_bound, rows, size);
    scores->se = copied(&status, context, bound->row_se, rows, size);
    scores->column_score =
        copied(&status, context, bound->row_column_bound, rows, bound->columns * size);
    scores->faults =
        copied(&status, context, bound->faults, bound->impossible, sizeof *bound->faults);
    return status;
}

static nq_status ais_take(nq_scores *scores, nq_context *context, const nq_ais *ais)
{
    const size_t rows = scores->rows = ais->all_rows, size = sizeof(double);
    nq_status status = NQ_OK;
    scores->samples = ais->samples;
    scores->impossible = ais->impossible;
    scores->rows_at_least = ais->rows_at_least;
    scores->score = copied(&status, context, ais->row_likelihood, rows, size);
    scores->se = copied(&status, context, ais->row_se, rows, size);
    scores->lower = copied(&status, context, ais->row_lower, rows, size);
    scores->ess = copied(&status, context, ais->row_ess, rows, size);
    scores->khat = copied(&status, context, ais->row_khat, rows, size);
    scores->trust = copied(&status, context, ais->row_trust, rows, sizeof *ais->row_trust);
    scores->faults = copied(&status, context, ais->faults, ais->impossible, sizeof *ais->faults);
    return status;
}

static nq_status by_bound(nq_scores *scores, const nqi_scoring *scoring,
                          const unsigned char *roles)
{
    nq_bound bound = {0};
    nq_bound_options options;
    nq_bound_options_init(&options, sizeof options);
    options.terms = scoring->options->terms;
    options.seed = scoring->options->seed;
    options.each_row = 1;
    options.by_column = scoring->options->by_column;
    options.roles = roles;
    nq_status status =
        nq_bound_estimate(&bound, scoring->context, scoring->model, scoring->rows, &options);
    if (status)
        return status;
    nqi_faults_tell(scoring->context, scoring->model, bound.faults, bound.impossible);
    status = bound_take(scores, scoring->context, &bound);
    scores->columns = options.by_column ? nq_model_columns(scoring->model) : 0;
    nq_bound_free(&bound);
    return status;
}

static nq_status by_trajectories(nq_scores *scores, const nqi_scoring *scoring,
                                 const unsigned char *roles)
{
    nq_ais ais = {0};
    nq_ais_options options;
    const nqi_listener listener = {scoring->options->round, scoring->options->user};
    nq_ais_options_init(&options, sizeof options);
    options.samples = scoring->options->ais;
    options.most_samples = scoring->options->most;
    options.target_se = scoring->options->target_se / NQI_BITS_PER_NAT;
    options.seed = scoring->options->seed;
    options.roles = roles;
    nq_status status = nqi_rounds_draw(&ais, &scores->finished, scoring->context, scoring->model,
                                       scoring->rows, &options, &listener);
    if (status)
        return status;
    nqi_faults_tell(scoring->context, scoring->model, ais.faults, ais.impossible);
    if (ais.rows_at_least)
        nqi_log(scoring->context, NQ_LOG_CAUTION,
                "of %zu of %zu rows only a lower bound is known (trust 2): too few of "
                "%zu trajectories carry the sum; more may help (" NQI_OPTION "ais)",
                ais.rows_at_least, ais.rows, ais.samples);
    nqi_rounds_warn(scoring->context, &ais, &options, scores->finished);
    status = ais_take(scores, scoring->context, &ais);
    nq_ais_free(&ais);
    return status;
}

static nq_status scores_make(nq_scores *scores, nqi_scoring *scoring, nqi_source *data,
                             const nq_source *rows)
{
    const nq_score_options *options = scoring->options;
    const char *name = nqi_model_name(options->model_path);
    const int keep_text = options->output && !nqi_path_is_numbers(options->output);
    unsigned char *roles = NULL;
    nq_status status = NQ_OK;
    scores->finished = 1;
    if (options->by_column && !nq_model_is_recorded(scoring->model))
        return nqi_fail(scoring->context, NQ_ERROR_UNSUPPORTED,
                        NQI_OPTION "by_column: '%s' is no model of columns of several kinds",
                        name);
    if ((status = nqi_units_settle(&scores->units, scoring->context, scoring->model,
                                   options->units, name)) ||
        (status = nqi_source_open_for(data, scoring->context, rows, scoring->model, keep_text)) ||
        (status = nqi_own_rows_tell(scoring->context, scoring->model, data->rows)))
        return status;
    scoring->rows = data->rows;
    status =
        nqi_question_roles(&roles, scoring->context, scoring->model, options->of, options->given);
    if (!status)
        status = options->ais ? by_trajectories(scores, scoring, roles)
                              : by_bound(scores, scoring, roles);
    if (!status)
        status = scores_shift(scores, scoring, roles);
    free(roles);
    return status;
}

nq_status nq_score(nq_scores *out, char **report, nq_context *context, const nq_model *model,
                   const nq_source *rows, const nq_score_options *options)
{
    nq_score_options own;
    nq_scores scores = {0};
    nqi_source data = {0};
    nqi_chain chain = {0};
    const int finishes = context->watch.finishes;
    if (out)
        *out = scores;
    if (report)
        *report = NULL;
    nq_status status = nqi_options_take(&own, context, &nqi_score_options, options);
    if (!status)
        status = options_check(context, &own, rows);
    if (!status)
        status = nqi_chain_take(&chain, context, model, own.steps);
    nqi_scoring scoring = {.context = context,
                           .options = &own,
                           .model = chain.model,
                           .scores = &scores};
    if (!status)
        status = scores_make(&scores, &scoring, &data, rows);
    if (!status && own.output)
        status = nqi_scores_write(&scoring);
    if (!status && own.top && report)
        status = nqi_scores_top(report, &scoring);
    nqi_watch_finishes(context, finishes);
    nqi_source_free(&data);
    nqi_chain_free(&chain);
    if (out && !status)
        *out = scores;
    else
        nq_scores_free(&scores);
    return status;
}
