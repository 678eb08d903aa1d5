/* fill.c - filling and cleaning from the options to the last file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/monitor.h"
#include "task/fill/job.h"

static nq_status view_choose(nqi_fill_job *job)
{
    const nqi_fill_plan *plan = &job->plan;
    if (!plan->options.sheet && !nqi_path_is_picture(plan->options.output))
        return NQ_OK;
    return nqi_view_choose(&job->view, job->context, job->models[0], &plan->view,
                           job->rows.columns, &job->rows.shape);
}

static nq_status truth_check(const nqi_fill_job *job)
{
    if (!job->plan.has_score || job->rows.truth)
        return NQ_OK;
    return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                    "there is no truth to compare with: " NQI_OPTION "score and " NQI_OPTION
                    "json need data that the job itself hides (" NQI_OPTION
                    "mask) or makes noisy "
                    "(" NQI_OPTION "add_noise)");
}

static nq_status table_new(nqi_fill_job *job)
{
    const size_t each = job->plan.each, count = job->rows.count;
    if (!job->plan.has_table)
        return NQ_OK;
    if (each && count > SIZE_MAX / each)
        return nqi_fail(job->context, NQ_ERROR_MEMORY,
                        "there is no memory for %zu rows of each of %zu", each, count);
    job->table = nqi_numbers_new(job->context, count * each, job->rows.columns);
    return job->table ? NQ_OK : NQ_ERROR_MEMORY;
}

static nq_status all_draw(nqi_fill_job *job)
{
    const double started = nqi_clock_now();
    nq_status status = nqi_fill_sheet_new(job);
    if (!status)
        status = table_new(job);
    if (!status)
        status = nqi_fill_draw(job);
    job->seconds = nqi_clock_now() - started;
    return status;
}

/* What options name, and the notes. */
static nq_status all_write(char **report, const nqi_fill_job *job)
{
    const nq_fill_options *options = &job->plan.options;
    nq_status status = options->output ? nqi_fill_write(job) : NQ_OK;
    if (!status && job->sheet.pixels)
        status = nqi_sheet_write(options->sheet, job->context, &job->sheet);
    if (!status && options->evidence)
        status = nqi_fill_evidence_write(job);
    if (!status)
        nqi_few_tell(job->context, &job->few, 1);
    if (!status && report && job->plan.has_score)
        status = nqi_fill_report(report, job);
    return status;
}

static nq_status coarse_open(nqi_fill_job *job)
{
    const char *path = job->plan.options.coarse;
    if (!path)
        return NQ_OK;
    if (!job->plan.keeps)
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        NQI_OPTION "coarse is for pixels that are missing, not for noise");
    return nq_model_load(&job->coarse, job->context, path);
}

static nq_status job_run(char **report, nqi_fill_job *job, const nq_source *rows)
{
    nq_status status;
    if ((status = nqi_fill_models_check(job)) || (status = coarse_open(job)) ||
        (status = nqi_fill_rows_read(job, rows)) || (status = nqi_fill_mask(job, rows->read)) ||
        (status = nqi_fill_unseen(job)) || (status = nqi_fill_noise_prepare(job)) ||
        (status = nqi_fill_evidence_read(job)) || (status = truth_check(job)) ||
        (status = nqi_fill_rows_check(job)) || (status = view_choose(job)) ||
        (status = all_draw(job)))
        return status;
    return all_write(report, job);
}

/* Hands over the table and the log evidence. */
static void filled_take(nq_filled *out, nqi_fill_job *job)
{
    const nqi_few *few = &job->few;
    *out = (nq_filled){.rows = job->rows.count,
                       .each = job->plan.each,
                       .columns = job->rows.columns,
                       .values = job->table,
                       .draws = job->plan.draws,
                       .method = job->method,
                       .log_evidence = job->log_evidence,
                       .least_ess = few->rows ? few->least / (double)few->particles : (double)NAN,
                       .few = few->bad,
                       .seconds = job->seconds};
    if (job->plan.has_score)
        nqi_fill_score_get(&out->score, job);
    job->table = job->log_evidence = NULL;
}

static void job_free(nqi_fill_job *job)
{
    nqi_source_free(&job->rows.source);
    nqi_conditions_free(&job->given);
    nqi_observed_free(&job->observed);
    nqi_sheet_free(&job->sheet);
    nq_model_free(job->coarse);
    free(job->table);
    free(job->log_evidence);
    free(job->noise.sigma);
    free(job->rows.known);
    free(job->rows.unseen);
    free(job->rows.truth);
}

/* noise NULL: there is none, and known cells come back as they are. */
static nq_status rows_fill(nq_filled *out, char **report, nqi_fill_job *job,
                           const nq_source *rows, const nq_noise_options *noise,
                           const nq_fill_options *options)
{
    if (out)
        *out = (nq_filled){0};
    if (report)
        *report = NULL;
    job->plan.keeps = !noise;
    nq_noise_options_init(&job->noise.options, sizeof job->noise.options);
    nq_status status = nqi_fill_plan_make(job, options, out != NULL, rows);
    if (!status && noise)
        status = nqi_fill_noise_take(job, noise);
    if (!status)
        status = job_run(report, job, rows);
    if (!status && out)
        filled_take(out, job);
    job_free(job);
    return status;
}

nq_status nq_fill(nq_filled *out, char **report, nq_context *context,
                  const nq_model *const *models, size_t model_count, const nq_source *rows,
                  const nq_fill_options *options)
{
    nqi_fill_job job = {.context = context, .models = models, .model_count = model_count};
    return rows_fill(out, report, &job, rows, NULL, options);
}

nq_status nq_denoise(nq_filled *out, char **report, nq_context *context,
                     const nq_model *const *models, size_t model_count, const nq_source *rows,
                     const nq_noise_options *noise, const nq_fill_options *options)
{
    nqi_fill_job job = {.context = context, .models = models, .model_count = model_count};
    const nq_noise_options none = {0};
    return rows_fill(out, report, &job, rows, noise ? noise : &none, options);
}

void nq_filled_free(nq_filled *filled)
{
    free(filled->values);
    free(filled->log_evidence);
    *filled = (nq_filled){0};
}
