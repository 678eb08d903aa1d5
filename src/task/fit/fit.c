/* fit.c - fitting a model as the program does: the order in which it is done. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/fit/fit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <noneq/comm.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "task/fit/lock.h"
#include "task/source/output.h"
#include "task/source/paths.h"

/* Nobody's hours of training are lost, or gone on with, by a repeated call. */
nq_status nqi_fit_checkpoint_check(const nqi_fit *fit)
{
    const nq_fit_options *options = fit->options;
    const char *output = fit->result->output;
    if (!*fit->checkpoint)
        return NQ_OK;
    if (nqi_path_exists(fit->checkpoint))
        return options->resume || options->restart
                   ? NQ_OK
                   : nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                              "there is a checkpoint '%s' of an unfinished run: " NQI_OPTION
                              "resume goes on from it, " NQI_OPTION
                              "restart drops it and begins anew",
                              fit->checkpoint);
    if (!options->resume)
        return NQ_OK;
    if (nqi_path_exists(output))
        return nqi_fail(fit->context, NQ_ERROR_FILE,
                        "there is nothing to resume: '%s' is finished (it has no checkpoint "
                        "'%s')",
                        output, fit->checkpoint);
    return nqi_fail(fit->context, NQ_ERROR_FILE, "there is nothing to resume: no checkpoint '%s'",
                    fit->checkpoint);
}

static nq_status log_name(char *out, size_t size, const nqi_fit *fit)
{
    const char *log = fit->options->log;
    int length = 0;
    *out = '\0';
    if (log && fit->result->number)
        length = snprintf(out, size, "%s.%lld", log, (long long)fit->result->number);
    else if (log)
        length = snprintf(out, size, "%s", log);
    return length < (int)size ? NQ_OK
                              : nqi_fail(fit->context, NQ_ERROR_FILE,
                                         "the name of the " NQI_OPTION "log folder is too long");
}

nq_status nqi_fit_names_check(nqi_fit *fit)
{
    const char *output = fit->result->output;
    char log[NQ_FIT_PATH];
    nq_status status;
    *fit->checkpoint = '\0';
    if (!*output)
        return NQ_OK;
    snprintf(fit->checkpoint, sizeof fit->checkpoint, "%s.checkpoint", output);
    if (strlen(fit->checkpoint) >= NQ_FIT_PATH)
        return nqi_fail(fit->context, NQ_ERROR_FILE, "the name of the model file is too long");
    if ((status = nqi_output_check_file(fit->context, output)) ||
        (status = nqi_output_check_file(fit->context, fit->checkpoint)) ||
        (status = log_name(log, sizeof log, fit)))
        return status;
    const nqi_path_use uses[] = {
        {NQI_PATH_INPUT, "DATA", fit->rows->path},
        {NQI_PATH_INPUT, NQI_OPTION "valid", fit->options->valid},
        {NQI_PATH_INPUT, NQI_OPTION "init", fit->options->init},
        {NQI_PATH_INPUT, NQI_OPTION "schedule", nqi_fit_asked(fit, "schedule")},
        {NQI_PATH_OUTPUT, NQI_OPTION "output", output},
        {NQI_PATH_OUTPUT, "the checkpoint of " NQI_OPTION "output", fit->checkpoint},
        {NQI_PATH_LOG, NQI_OPTION "log", *log ? log : NULL},
    };
    return nqi_paths_check(fit->context, uses, sizeof uses / sizeof *uses);
}

static nq_status trainer_start(nqi_fit *fit)
{
    nq_model *start = NULL;
    nq_status status = nq_model_load(&start, fit->context, fit->options->init);
    if (!status)
        status = nqi_fit_compare_start(fit, start);
    if (!status)
        status = nq_trainer_new_from(&fit->trainer, fit->context, fit->data.data, fit->data.valid,
                                     start, &fit->train_options);
    nq_model_free(start);
    return status;
}

static nq_status checkpoint_read(nqi_fit *fit)
{
    nq_status status = nqi_fit_compare_checkpoint(fit);
    if (!status)
        status = nq_trainer_resume(&fit->trainer, fit->context, fit->data.data, fit->data.valid,
                                   fit->checkpoint);
    if (status != NQ_ERROR_FORMAT)
        return status;
    return nqi_fail(fit->context, status, "%s; " NQI_OPTION "restart begins anew without it",
                    nq_context_message(fit->context));
}

static nq_status trainer_resume(nqi_fit *fit)
{
    nq_train_state before, after;
    nq_status status;
    if ((status = checkpoint_read(fit)))
        return status;
    nq_trainer_state(&before, fit->trainer);
    if ((status = nq_trainer_replan(fit->trainer, &fit->train_options)))
        return status;
    nq_trainer_state(&after, fit->trainer);
    fit->planned = before.planned != after.planned ? before.planned : 0;
    return nqi_fit_compare(fit);
}

static nq_status trainer_open(nqi_fit *fit)
{
    if (fit->options->resume)
        return trainer_resume(fit);
    if (fit->options->init)
        return trainer_start(fit);
    return nq_trainer_new_tried(&fit->trainer, fit->context, fit->data.data, fit->data.valid,
                                &fit->model_options, &fit->train_options);
}

/* Ranks do together what takes all of them, so they agree on whether somebody listens. */
static nq_status hearing_ask(nqi_fit *fit)
{
    fit->is_heard = nqi_log_is_heard(fit->context, NQ_LOG_INFO);
    return nq_context_share(fit->context, &fit->is_heard, sizeof fit->is_heard);
}

static nq_status start_tell(nqi_fit *fit)
{
    nq_status status = hearing_ask(fit);
    if (!status && nqi_log_is_heard(fit->context, NQ_LOG_WARNING) &&
        nq_context_rank(fit->context) == 0)
        status = nqi_fit_tell_outliers(fit);
    if (!status && fit->is_heard)
        status = nqi_fit_tell_start(fit);
    return status;
}

nq_status nqi_fit_model(nqi_fit *fit)
{
    nqi_lock lock = NQI_LOCK_NONE;
    nq_status status = NQ_OK;
    if ((*fit->checkpoint &&
         (status = nqi_lock_take(&lock, fit->context, fit->result->output))) ||
        (status = nqi_fit_checkpoint_check(fit)) || (status = nqi_fit_options_gather(fit)) ||
        (status = nqi_fit_data_open(fit)) || (status = trainer_open(fit)) ||
        (status = nqi_fit_check_use(fit)) || (status = start_tell(fit)))
        goto done;
    if (*fit->checkpoint && fit->options->restart && nq_context_rank(fit->context) == 0)
        unlink(fit->checkpoint);
    status = nqi_fit_loop(fit);
done:
    nqi_lock_release(&lock);
    nq_trainer_free(fit->trainer);
    fit->trainer = NULL;
    nqi_fit_data_free(&fit->data);
    return status;
}

static nq_status options_check(const nqi_fit *fit)
{
    const nq_fit_options *options = fit->options;
    if (!fit->rows)
        return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                        "there is no source of rows: expected a path or a data set");
    if (!options->output && !fit->out)
        return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "output is missing: where to write the model");
    if (options->output && !*options->output)
        return nqi_fail(fit->context, NQ_ERROR_FILE, "the name of the output file is empty");
    if (!options->output && (options->resume || options->restart))
        return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "%s needs " NQI_OPTION "output, beside which checkpoints are",
                        options->resume ? "resume" : "restart");
    if (options->resume && options->restart)
        return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "resume goes on and " NQI_OPTION
                                   "restart begins anew: give one");
    if (options->valid && options->valid_data)
        return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                        "hold-out rows are given twice, as " NQI_OPTION
                        "valid and as a set in memory: expected one");
    if (options->output && strlen(options->output) >= NQ_FIT_PATH)
        return nqi_fail(fit->context, NQ_ERROR_FILE, "the name of the model file is too long");
    return NQ_OK;
}

static nq_status asked_run(nqi_fit *fit)
{
    nq_status status = options_check(fit);
    if (status)
        return status;
    if (fit->options->output)
        snprintf(fit->result->output, NQ_FIT_PATH, "%s", fit->options->output);
    if (fit->options->models)
        return nqi_fit_models(fit);
    status = nqi_fit_names_check(fit);
    return status ? status : nqi_fit_model(fit);
}

nq_status nq_fit(nq_model **models, nq_fit_result *result, nq_context *context,
                 const nq_source *rows, const nq_fit_options *options)
{
    nq_fit_options settled;
    nq_model_options model;
    nq_train_options train;
    nq_fit_result here;
    nqi_fit fit = {.context = context,
                   .rows = rows,
                   .options = &settled,
                   .out = models,
                   .result = result ? result : &here};
    nq_status status;
    *fit.result = (nq_fit_result){.finished = 0};
    if (models)
        *models = NULL;
    if ((status = nqi_options_take(&settled, context, &nqi_fit_options, options)) ||
        (status = nqi_options_take(&model, context, &nqi_model_options, settled.model)) ||
        (status = nqi_options_take(&train, context, &nqi_train_options, settled.train)))
        return status;
    settled.model = &model;
    settled.train = &train;
    for (nq_count b = 0; models && b < settled.models; b++)
        models[b] = NULL;
    const int before = nqi_watch_finishes(context, 1);
    status = asked_run(&fit);
    nqi_watch_finishes(context, before);
    return status;
}
