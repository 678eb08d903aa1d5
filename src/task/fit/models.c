/* models.c - several models of rows drawn with replacement, one after another, each a run of its
 * own with its own file and checkpoint. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "task/fit/fit.h"
#include "task/fit/lock.h"
#include "task/report/shown.h"
#include "task/source/output.h"

/* One of the models as a fit that makes it alone. */
typedef struct part {
    nqi_fit fit;
    nq_fit_options options;
} part;

/* m.nq becomes m.3.nq, and a name without an ending m.3. */
static nq_status path_number(char out[NQ_FIT_PATH], nq_context *context, const char *path,
                             int64_t number)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.'), *end = dot && dot > name ? dot : name + strlen(name);
    const int length = snprintf(out, NQ_FIT_PATH, "%.*s.%lld%s", (int)(end - path), path,
                                (long long)number, end);
    return length < NQ_FIT_PATH
               ? NQ_OK
               : nqi_fail(context, NQ_ERROR_FILE, "the name of the model file is too long");
}

static nq_status part_make(part *out, const nqi_fit *asked, int64_t number)
{
    nq_status status = NQ_OK;
    out->options = *asked->options;
    out->options.bootstrap = 1;
    out->fit = *asked;
    out->fit.options = &out->options;
    if (asked->out)
        out->fit.out = asked->out + (number - 1);
    *asked->result = (nq_fit_result){.number = number};
    if (out->options.output)
        status = path_number(asked->result->output, asked->context, out->options.output, number);
    return status ? status : nqi_fit_names_check(&out->fit);
}

/* All names are looked at before the first model is begun, and what unfinished runs left: *first is
 * the model that has a checkpoint, or is the first that has no file; 0: none. */
static nq_status parts_check(int64_t *first, const nqi_fit *asked)
{
    const nq_fit_options *options = asked->options;
    int64_t stopped = 0, absent = 0;
    nq_status status;
    for (int64_t b = 1; b <= options->models; b++) {
        part one;
        if ((status = part_make(&one, asked, b)))
            return status;
        if (!stopped && nqi_path_exists(one.fit.checkpoint)) {
            stopped = b;
            if ((status = nqi_fit_checkpoint_check(&one.fit)))
                return status;
        }
        if (!absent && !nqi_path_exists(asked->result->output))
            absent = b;
        if (options->resume && stopped == b && absent && absent < b)
            return nqi_fail(asked->context, NQ_ERROR_FILE,
                            "'%s' is there, but not the file of model %lld, which comes before "
                            "it: " NQI_OPTION "restart begins anew with the first",
                            one.fit.checkpoint, (long long)absent);
    }
    *first = stopped ? stopped : absent;
    return NQ_OK;
}

/* Where a run begins, or goes on. */
static nq_status first_choose(int64_t *first, const nqi_fit *asked)
{
    const nq_fit_options *options = asked->options;
    int64_t open = 0;
    nq_status status;
    *first = 1;
    if (!options->output)
        return NQ_OK;
    if ((status = parts_check(&open, asked)) || !options->resume)
        return status;
    if (!open)
        return nqi_fail(asked->context, NQ_ERROR_FILE,
                        "there is nothing to resume: the %lld models of '%s' are finished",
                        (long long)options->models, options->output);
    *first = open;
    return NQ_OK;
}

/* Those that were finished before. */
static nq_status former_load(const nqi_fit *asked, int64_t first)
{
    char path[NQ_FIT_PATH];
    nq_status status = NQ_OK;
    for (int64_t b = 1; asked->out && b < first && !status; b++) {
        status = path_number(path, asked->context, asked->options->output, b);
        if (!status)
            status = nq_model_load(asked->out + (b - 1), asked->context, path);
    }
    return status;
}

static void part_tell(const nqi_fit *fit)
{
    const char *output = fit->result->output;
    if (fit->result->number > 1)
        nqi_log(fit->context, NQ_LOG_INFO, "%s", "");
    nqi_log(fit->context, NQ_LOG_INFO, "model %lld of %lld%s%s", (long long)fit->result->number,
            (long long)fit->options->models, *output ? ": " : "", nqi_shown(output).text);
}

static nq_status part_fit(const nqi_fit *asked, int64_t number, int goes_on)
{
    const double models = (double)asked->options->models;
    part one;
    nq_status status = part_make(&one, asked, number);
    if (status)
        return status;
    if (*one.fit.checkpoint) {
        one.options.resume = goes_on && nqi_path_exists(one.fit.checkpoint);
        one.options.restart = !one.options.resume;
    }
    part_tell(&one.fit);
    const nqi_portion before =
        nqi_portion_enter(asked->context, (double)(number - 1) / models, (double)number / models);
    status = nqi_fit_model(&one.fit);
    nqi_portion_leave(asked->context, before);
    return status;
}

nq_status nqi_fit_models(const nqi_fit *asked)
{
    const nq_fit_options *options = asked->options;
    nqi_lock lock = NQI_LOCK_NONE;
    int64_t first = 1;
    nq_status status = NQ_OK;
    if (options->output)
        status = nqi_lock_take(&lock, asked->context, options->output);
    if (!status)
        status = first_choose(&first, asked);
    if (!status)
        status = former_load(asked, first);
    for (int64_t b = first; b <= options->models && !status; b++) {
        status = part_fit(asked, b, options->resume && b == first);
        if (!status && !asked->result->finished)
            break;
    }
    nqi_lock_release(&lock);
    return status;
}
