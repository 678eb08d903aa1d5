/* sample_given.c - samples that meet conditions, and how probable these are. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collapse.h"
#include "given.h"
#include "json.h"
#include "message.h"
#include "number.h"
#include "output.h"
#include "sample.h"
#include "session.h"

/* Filters of which the evidence has an error, and their usual size. */
enum { FILTERS = 8, PARTICLES = 64 };

/* How probable the conditions are, by the filter. */
typedef struct evidence_found {
    double log_p, se, ess;
    size_t starts, particles;
    const char *method;
    int is_density;
} evidence_found;

static size_t particles_of(const sample_job *job)
{
    return job->values->particles ? (size_t)job->values->particles : PARTICLES;
}

static nq_posterior_options options_of(const sample_job *job, size_t draws)
{
    nq_posterior_options options;

    nq_posterior_options_init(&options, sizeof options);
    options.draws = draws;
    options.particles = particles_of(job);
    options.seed = (uint64_t)job->common->seed;
    return options;
}

/* As many draws as eight filters give, at least. */
static size_t draws_of(const sample_job *job, size_t rows)
{
    const size_t least = FILTERS * (particles_of(job) / 2 ? particles_of(job) / 2 : 1);

    return rows > least ? rows : least;
}

static void found_load(evidence_found *out, const nq_posterior *posterior)
{
    out->log_p = posterior->log_evidence[0];
    out->se = posterior->log_evidence_se[0];
    out->ess = posterior->ess[0];
    out->starts = posterior->starts[0];
}

/* Rows of one pass say nothing of the probability: the filter does. */
static nq_status evidence_by_filter(const sample_job *job, const nq_evidence *evidence,
                                    evidence_found *out)
{
    nq_posterior_options options = options_of(job, draws_of(job, 1));
    nq_posterior posterior;

    snprintf(options.method, sizeof options.method, "particles");
    const nq_status status =
        nq_posterior_sample(&posterior, job->context, job->model, evidence, &options);
    if (!status)
        found_load(out, &posterior);
    nq_posterior_free(&posterior);
    return status;
}

static nq_status rows_draw(const sample_job *job, const nq_evidence *evidence, int is_cells,
                           double *rows, evidence_found *found)
{
    const size_t count = (size_t)job->values->rows, columns = nq_model_columns(job->model);
    const int one_pass = is_cells && nq_model_get_options(job->model)->roles > 0;
    const size_t draws = one_pass ? count : draws_of(job, count);
    const nq_posterior_options options = options_of(job, draws);
    nq_posterior posterior;
    nq_status status =
        nq_posterior_sample(&posterior, job->context, job->model, evidence, &options);

    for (size_t i = 0; i < count && !status; i++)
        memcpy(rows + i * columns,
               posterior.samples + (i * draws / count + (draws / count) / 2) * columns,
               columns * sizeof *rows);
    if (!status) {
        found->method = posterior.method;
        found->particles = particles_of(job);
        found_load(found, &posterior);
        if (one_pass)
            status = evidence_by_filter(job, evidence, found);
    }
    nq_posterior_free(&posterior);
    return status;
}

/* A real number that is known has a density. */
static int is_density(const given_list *list)
{
    for (size_t c = 0; c < nq_model_columns(list->model); c++)
        if (!isnan(list->known[c]) && nq_model_is_density(list->model) &&
            (!nq_model_is_recorded(list->model) || nq_model_column_is_density(list->model, c)))
            return 1;
    return 0;
}

static void found_print(const sample_job *job, const evidence_found *found)
{
    if (job->common->json) {
        printf("{\"rows\":%zu,", (size_t)job->values->rows);
        json_field_text(stdout, "method", found->method);
        putchar(',');
        json_field(stdout, "log_evidence", found->log_p);
        putchar(',');
        json_field(stdout, "log_evidence_se", found->se);
        printf(",\"is_density\":%s,\"particles\":%zu,", found->is_density ? "true" : "false",
               found->particles);
        json_field(stdout, "ess", found->ess);
        printf(",\"starts\":%zu}\n", found->starts);
        return;
    }
    if (!job->common->quiet)
        message_note("log %s of what is given: %.4f +- %.4f nats (%.4g); rows by %s",
                     found->is_density ? "density" : "probability", found->log_p, found->se,
                     exp(found->log_p), found->method);
}

static int found_tell(const sample_job *job, const given_list *list, const double *rows,
                      evidence_found *found)
{
    const size_t misses = given_misses(list, rows, (size_t)job->values->rows);
    collapse all;

    if (misses)
        return message_fail("%zu of the rows that were drawn do not meet --given once their "
                            "numbers are rounded; expected intervals that are wider than the "
                            "decimals of their columns",
                            misses);
    found->is_density = is_density(list);
    found_print(job, found);
    collapse_begin(&all);
    if (strcmp(found->method, "particles") == 0)
        collapse_add(&all, 0, found->ess, found->starts, found->particles,
                     (size_t)job->values->rows);
    collapse_tell(&all, "--particles", 0, job->common);
    return EXIT_DONE;
}

int sample_given_write(const sample_job *job)
{
    const size_t count = (size_t)job->values->rows, columns = nq_model_columns(job->model);
    nq_evidence *evidence = NULL, *parts[2] = {NULL, NULL};
    given_list list;
    evidence_found found = {.method = ""};
    double *rows = NULL;
    nq_status status = NQ_OK;
    const char **names = NULL;
    int code = given_parse(&list, job->context, job->model, job->values->given);

    if (!code)
        code = given_evidence(&evidence, parts, job->context, &list, NULL, 1, NULL);
    if (!code && !(rows = values_new(count, columns)))
        code = EXIT_FAILED;
    if (!code)
        names = column_names_new(job->model, &code);
    if (!code)
        status = rows_draw(job, evidence, given_is_cells(&list), rows, &found);
    if (!code && !status && !(code = found_tell(job, &list, rows, &found)))
        status = number_table_write(job->context, job->model, job->values->path, rows, count,
                                    columns, names);
    if (status == NQ_ERROR_DIVERGED)
        code = message_fail("--given cannot be met: no particle of the model agrees with it; "
                            "expected an event that it can draw, or more --particles");
    else if (status)
        code = session_fail(job->context, status);
    free(names);
    free(rows);
    nq_evidence_free(evidence);
    nq_evidence_free(parts[0]);
    nq_evidence_free(parts[1]);
    given_free(&list);
    return code ? code : output_finish();
}
