/* plan.c - what a job of filling was asked for, checked before anything is read. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "core/text.h"
#include "model/model.h"
#include "task/fill/job.h"
#include "task/source/output.h"
#include "task/source/paths.h"

enum { SUMMARY_DRAWS = 100, SCORE_DRAWS = 19, SHEET_DRAWS = 4, FILES = 16 };

static size_t draws_default(const nqi_fill_plan *plan)
{
    if (plan->options.mean || plan->quantile_count)
        return SUMMARY_DRAWS;
    if (plan->has_score)
        return SCORE_DRAWS;
    return plan->options.sheet ? SHEET_DRAWS : 1;
}

/* Equally many of each model where nobody says how many. */
static void draws_choose(nqi_fill_plan *plan, size_t models)
{
    plan->draws = plan->options.draws ? plan->options.draws
                                      : (draws_default(plan) + models - 1) / models * models;
    plan->each = plan->options.mean     ? 1
                 : plan->quantile_count ? plan->quantile_count
                                        : plan->draws;
}

static nq_status quantiles_parse(nqi_fill_plan *plan, nq_context *context, const char *text)
{
    char word[64];
    for (const char *rest = text; *rest;) {
        const size_t length = strcspn(rest, ",");
        double *q = &plan->quantiles[plan->quantile_count];
        if (plan->quantile_count == NQI_FILL_QUANTILES || length >= sizeof word)
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            NQI_OPTION "quantiles takes at most %d numbers", NQI_FILL_QUANTILES);
        memcpy(word, rest, length);
        word[length] = '\0';
        if (!nqi_text_read_double(q, word) || !(*q >= 0 && *q <= 1))
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            NQI_OPTION "quantiles takes numbers from 0 to 1, not '%s'", word);
        plan->quantile_count++;
        rest += length + (rest[length] == ',');
    }
    return plan->quantile_count ? NQ_OK
                                : nqi_fail(context, NQ_ERROR_ARGUMENT,
                                           NQI_OPTION "quantiles needs at least one number");
}

static nq_status files_check(const nqi_fill_job *job, const nq_source *rows)
{
    const nq_fill_options *options = &job->plan.options;
    nqi_path_use uses[FILES];
    size_t count = 0;
    nq_status status = nqi_path_is_picture(options->output)
                           ? nqi_output_check(job->context, options->output)
                           : nqi_output_check_table(job->context, options->output);
    if (job->model_count + 7 > FILES)
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        "a job of %zu files is more than is planned for", job->model_count + 7);
    for (size_t i = 0; i < job->model_count; i++)
        uses[count++] = (nqi_path_use){NQI_PATH_INPUT, "MODEL", nqi_model_path(job->models[i])};
    uses[count++] = (nqi_path_use){NQI_PATH_INPUT, "DATA", rows->path};
    uses[count++] = (nqi_path_use){NQI_PATH_INPUT, NQI_OPTION "mask", options->mask};
    uses[count++] = (nqi_path_use){NQI_PATH_INPUT, NQI_OPTION "observe", options->observe};
    uses[count++] = (nqi_path_use){NQI_PATH_INPUT, NQI_OPTION "coarse", options->coarse};
    uses[count++] = (nqi_path_use){NQI_PATH_OUTPUT, NQI_OPTION "evidence", options->evidence};
    uses[count++] = (nqi_path_use){NQI_PATH_OUTPUT, NQI_OPTION "output", options->output};
    uses[count++] = (nqi_path_use){NQI_PATH_OUTPUT, NQI_OPTION "sheet", options->sheet};
    if (!status && options->evidence)
        status = nqi_output_check_table(job->context, options->evidence);
    if (!status && options->sheet)
        status = nqi_sheet_check_path(job->context, options->sheet);
    return status ? status : nqi_paths_check(job->context, uses, count);
}

/* What goes with what. */
static nq_status options_check(const nqi_fill_job *job)
{
    const nqi_fill_plan *plan = &job->plan;
    const nq_fill_options *options = &plan->options;
    if (options->draws && options->draws < job->model_count)
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "draws %zu of %zu models: each makes one draw at least",
                        options->draws, job->model_count);
    if (job->model_count > 1 && (options->given || options->observe || options->evidence))
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "given, " NQI_OPTION "observe and " NQI_OPTION
                                   "evidence take one MODEL, not several");
    if (options->coarse && (options->given || options->observe || options->evidence))
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "coarse is about holes of pictures; " NQI_OPTION
                                   "given, " NQI_OPTION "observe and " NQI_OPTION
                                   "evidence do not go with it");
    if (options->unseen && strcmp(options->unseen, "refuse") &&
        strcmp(options->unseen, "missing"))
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "unseen \"%s\": expected refuse or missing", options->unseen);
    if (options->unseen && !plan->keeps)
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        NQI_OPTION "unseen is for cells that are missing, not for noise");
    if (options->mean && options->quantiles)
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "mean and " NQI_OPTION
                                   "quantiles are two different tables; ask for one at a time");
    if (plan->has_score && options->output && !strcmp(options->output, "-"))
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        "standard output takes the score or the draws, not both");
    return NQ_OK;
}

nq_status nqi_fill_plan_make(nqi_fill_job *job, const nq_fill_options *options, int wants_table,
                             const nq_source *rows)
{
    nqi_fill_plan *plan = &job->plan;
    nq_context *context = job->context;
    if (!job->model_count)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "there is no model: expected at least one");
    nq_status status = nqi_options_take(&plan->options, context, &nqi_fill_options, options);
    if (status)
        return status;
    plan->has_score = plan->options.score || plan->options.json;
    plan->has_table = plan->options.output || wants_table;
    if ((status = options_check(job)))
        return status;
    if (plan->options.quantiles &&
        (status = quantiles_parse(plan, context, plan->options.quantiles)))
        return status;
    if ((status = nqi_view_take(&plan->view, context, plan->options.view)))
        return status;
    draws_choose(plan, job->model_count);
    return files_check(job, rows);
}
