/* given.c - samples that meet conditions, and how probable these are. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "task/draw/job.h"
#include "task/given/few.h"
#include "task/given/given.h"
#include "task/report/json.h"
#include "task/report/print.h"

/* Filters of which the evidence has an error, and their usual size. */
enum { FILTERS = 8, PARTICLES = 64 };

/* What is asked of the rows. */
typedef struct asked {
    nqi_conditions conditions;
    nq_evidence *evidence, *parts[2];
    const char *method; /* that drew the rows */
} asked;

static size_t particles_of(const nqi_draw_job *job)
{
    return job->options.particles ? job->options.particles : PARTICLES;
}

static nq_posterior_options options_of(const nqi_draw_job *job, size_t draws)
{
    nq_posterior_options options;
    nq_posterior_options_init(&options, sizeof options);
    options.draws = draws;
    options.particles = particles_of(job);
    options.seed = job->options.seed;
    return options;
}

/* As many draws as eight filters give, at least. */
static size_t draws_of(const nqi_draw_job *job, size_t rows)
{
    const size_t least = FILTERS * (particles_of(job) / 2 ? particles_of(job) / 2 : 1);
    return rows > least ? rows : least;
}

static void found_take(nq_drawn *out, const nq_posterior *posterior)
{
    out->log_evidence = posterior->log_evidence[0];
    out->log_evidence_se = posterior->log_evidence_se[0];
    out->ess = posterior->ess[0];
    out->starts = posterior->starts[0];
}

/* Rows of one pass say nothing of the probability: the filter does. */
static nq_status evidence_by_filter(nqi_draw_job *job, const asked *what)
{
    nq_posterior_options options = options_of(job, draws_of(job, 1));
    nq_posterior posterior = {0};
    snprintf(options.method, sizeof options.method, "particles");
    const nqi_portion before = nqi_portion_enter(job->context, 0.5, 1);
    const nq_status status =
        nq_posterior_sample(&posterior, job->context, job->model, what->evidence, &options);
    nqi_portion_leave(job->context, before);
    if (!status)
        found_take(&job->drawn, &posterior);
    nq_posterior_free(&posterior);
    return status;
}

static nq_status rows_draw(nqi_draw_job *job, asked *what)
{
    nq_drawn *drawn = &job->drawn;
    const size_t count = drawn->rows, columns = drawn->columns;
    const int one_pass =
        nqi_conditions_is_cells(&what->conditions) && nq_model_get_options(job->model)->roles > 0;
    const size_t draws = one_pass ? count : draws_of(job, count);
    const nq_posterior_options options = options_of(job, draws);
    nq_posterior posterior = {0};
    nq_status status = nqi_tell(job->context, "drawing rows", 0, 1);
    const nqi_portion before = nqi_portion_enter(job->context, 0, one_pass ? 0.5 : 1);
    if (!status)
        status =
            nq_posterior_sample(&posterior, job->context, job->model, what->evidence, &options);
    nqi_portion_leave(job->context, before);
    for (size_t i = 0; i < count && !status; i++)
        memcpy(drawn->values + i * columns,
               posterior.samples + (i * draws / count + (draws / count) / 2) * columns,
               columns * sizeof *drawn->values);
    if (!status) {
        what->method = posterior.method;
        drawn->particles = particles_of(job);
        found_take(drawn, &posterior);
    }
    nq_posterior_free(&posterior);
    return !status && one_pass ? evidence_by_filter(job, what) : status;
}

/* A real number that is known has a density. */
static int is_density(const nqi_conditions *given)
{
    for (size_t c = 0; c < nq_model_columns(given->model); c++)
        if (!isnan(given->known[c]) && nq_model_is_density(given->model) &&
            (!nq_model_is_recorded(given->model) || nq_model_column_is_density(given->model, c)))
            return 1;
    return 0;
}

static nq_status json_write(char **out, const nqi_draw_job *job, const char *method)
{
    const nq_drawn *drawn = &job->drawn;
    nqi_print print;
    const nq_status status = nqi_print_open(&print, job->context);
    if (status)
        return status;
    fprintf(print.file, "{\"rows\":%zu,", drawn->rows);
    nqi_json_field_text(print.file, "method", method);
    putc(',', print.file);
    nqi_json_field(print.file, "log_evidence", drawn->log_evidence);
    putc(',', print.file);
    nqi_json_field(print.file, "log_evidence_se", drawn->log_evidence_se);
    fprintf(print.file, ",\"is_density\":%s,\"particles\":%zu,",
            drawn->is_density ? "true" : "false", drawn->particles);
    nqi_json_field(print.file, "ess", drawn->ess);
    fprintf(print.file, ",\"starts\":%zu}\n", drawn->starts);
    return nqi_print_close(out, &print, job->context);
}

static void few_tell(const nqi_draw_job *job, const char *method)
{
    const nq_drawn *drawn = &job->drawn;
    nqi_few few;
    nqi_few_begin(&few);
    if (strcmp(method, "particles") == 0)
        nqi_few_add(&few, 0, drawn->ess, drawn->starts, drawn->particles, drawn->rows);
    nqi_few_tell(job->context, &few, 0);
}

static nq_status misses_check(const nqi_draw_job *job, const asked *what)
{
    const size_t misses =
        nqi_conditions_misses(&what->conditions, job->drawn.values, job->drawn.rows);
    if (!misses)
        return NQ_OK;
    return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                    "%zu of the rows that were drawn do not meet " NQI_OPTION
                    "given once their numbers are rounded; expected intervals that are wider "
                    "than the decimals of their columns",
                    misses);
}

static nq_status found_tell(char **report, nqi_draw_job *job, const asked *what)
{
    nq_drawn *drawn = &job->drawn;
    nq_status status = misses_check(job, what);
    if (status)
        return status;
    drawn->is_density = is_density(&what->conditions);
    if (!job->options.json)
        nqi_log(job->context, NQ_LOG_NOTE,
                "log %s of what is given: %.4f +- %.4f nats (%.4g); rows by %s",
                drawn->is_density ? "density" : "probability", drawn->log_evidence,
                drawn->log_evidence_se, exp(drawn->log_evidence), what->method);
    else if (report)
        status = json_write(report, job, what->method);
    few_tell(job, what->method);
    return status;
}

static nq_status all_draw(char **report, nqi_draw_job *job, asked *what)
{
    nq_drawn *drawn = &job->drawn;
    nq_status status =
        nqi_conditions_parse(&what->conditions, job->context, job->model, job->options.given);
    if (!status)
        status = nqi_conditions_evidence(&what->evidence, what->parts, job->context,
                                         &what->conditions, NULL, 1, NULL);
    if (!status && !(drawn->values = nqi_numbers_new(job->context, drawn->rows, drawn->columns)))
        status = NQ_ERROR_MEMORY;
    if (!status)
        status = rows_draw(job, what);
    if (!status)
        status = found_tell(report, job, what);
    if (!status && job->options.output)
        status = nqi_draw_write(job);
    if (status == NQ_ERROR_DIVERGED)
        return nqi_fail(job->context, status,
                        NQI_OPTION "given cannot be met: no particle of the model agrees with "
                                   "it; expected an event that it can draw, or more " NQI_OPTION
                                   "particles");
    return status;
}

nq_status nqi_draw_given(char **report, nqi_draw_job *job)
{
    asked what = {.method = ""};
    job->drawn.rows = job->options.rows;
    job->drawn.columns = nq_model_columns(job->model);
    job->drawn.slices = 1;
    const nq_status status = all_draw(report, job, &what);
    if (status && report) {
        free(*report);
        *report = NULL;
    }
    nq_evidence_free(what.evidence);
    nq_evidence_free(what.parts[0]);
    nq_evidence_free(what.parts[1]);
    nqi_conditions_free(&what.conditions);
    return status;
}
