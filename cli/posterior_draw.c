/* posterior_draw.c - draws rows given evidence: many of the model's size at once, or pictures of
 * another size one by one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/progress.h"
#include "message.h"
#include "noise.h"
#include "posterior.h"
#include "session.h"

/* Rows of a part: a multiple of 64, as `first` wants; and numbers drawn at once, about. */
enum { PART_MOST = 256, PART_LEAST = 64, PART_NUMBERS = 1 << 25 };

/* What draws pass through on their way. */
typedef struct desk {
    posterior_job *job;
    int code;        /* what has been printed */
    size_t *numbers; /* of the rows that are drawn */
    size_t part;     /* rows drawn at once */
    double *given;   /* [part, columns] */
    double *drawn;   /* [part, draws, columns] of several models, or NULL */
    double *scratch;
    double *out; /* the table, or NULL */
} desk;

static int has_missing(const double *row, size_t columns)
{
    for (size_t c = 0; c < columns; c++)
        if (isnan(row[c]))
            return 1;
    return 0;
}

/* One row's draws [draws, columns] to all who asked for them. */
static void row_deliver(desk *d, size_t row, const double *draws)
{
    posterior_job *job = d->job;

    posterior_score_add(job, row, draws, d->scratch);
    posterior_sheet_add(job, row, draws, d->scratch);
    if (d->out)
        posterior_summarise(job, job->rows + row * job->columns, draws, d->scratch,
                            d->out + row * posterior_each(job) * job->columns);
}

/* Numbers of the rows that are drawn; the others are copied. */
static size_t rows_choose(desk *d)
{
    posterior_job *job = d->job;
    const size_t columns = job->columns, each = posterior_each(job);
    size_t chosen = 0;

    for (size_t r = 0; r < job->count; r++) {
        const double *row = job->rows + r * columns;

        if (!job->keep || has_missing(row, columns)) {
            d->numbers[chosen++] = r;
            continue;
        }
        posterior_sheet_add(job, r, NULL, d->scratch);
        for (size_t k = 0; k < each && d->out; k++)
            memcpy(d->out + (r * each + k) * columns, row, columns * sizeof *row);
    }
    return chosen;
}

/* Of one of the models, for its share of the draws; its noise is its own. */
static nq_posterior_options library_options(const posterior_job *job, size_t model)
{
    const uint64_t seed = (uint64_t)job->common->seed;
    nq_posterior_options options;

    nq_posterior_options_init(&options, sizeof options);
    snprintf(options.method, sizeof options.method, "%s", job->values->method);
    snprintf(options.twist, sizeof options.twist, "%s", job->values->twist);
    options.draws = posterior_model_first(job, model + 1) - posterior_model_first(job, model);
    options.particles = (size_t)job->values->particles;
    options.jumps = (size_t)job->values->jumps;
    options.seed = model ? noise_seed(seed, model) : seed;
    options.steps = (size_t)job->values->steps;
    return options;
}

/* A model's draws among those of all. */
static void draws_place(desk *d, size_t model, const nq_posterior *drawn)
{
    const size_t columns = d->job->columns, all = posterior_draws(d->job);
    const size_t first = posterior_model_first(d->job, model), own = drawn->draws * columns;

    for (size_t i = 0; i < drawn->targets; i++)
        memcpy(d->drawn + (i * all + first) * columns, drawn->samples + i * own,
               own * sizeof *d->drawn);
}

static void evidence_note(posterior_job *job, const nq_posterior *posterior, size_t target,
                          size_t row)
{
    double *out = job->log_evidence + row * EVIDENCE_NUMBERS;

    collapse_add(&job->few, row, posterior->ess[target], posterior->starts[target],
                 posterior->particles, posterior->draws);
    if (!job->log_evidence)
        return;
    out[0] = posterior->log_evidence[target];
    out[1] = posterior->log_evidence_se[target];
    out[2] = posterior->ess[target];
    out[3] = isnan(posterior->ess[target]) ? NAN : (double)posterior->starts[target];
}

/* One model's draws of the rows that are given. */
static nq_status model_draw(nq_posterior *out, desk *d, size_t model, size_t first, size_t count)
{
    posterior_job *job = d->job;
    const size_t *numbers = d->numbers + first;
    nq_posterior_options options = library_options(job, model);
    row_evidence evidence;
    nq_status status = NQ_OK;

    options.first = job->observed.by_row ? 64 * first : first;
    d->code =
        posterior_evidence_make(&evidence, job, job->models[model], d->given, numbers, count);
    if (!d->code)
        status =
            nq_posterior_sample(out, job->context, job->models[model], evidence.all, &options);
    for (size_t i = 0; i < count && !status && !d->code; i++)
        evidence_note(job, out, i, numbers[i]);
    if (!status && !d->code)
        job->method = out->method;
    posterior_evidence_free(&evidence);
    if (status)
        d->code = session_fail_rows(job->context, status, numbers, count);
    return NQ_OK;
}

/* Rows numbers[first..first+count-1] of the data, of the model's size. */
static nq_status part_draw(desk *d, size_t first, size_t count)
{
    posterior_job *job = d->job;
    const size_t columns = job->columns, each = posterior_draws(job) * columns;
    const size_t *numbers = d->numbers + first;
    nq_posterior posterior = {0};
    nq_status status = NQ_OK;

    for (size_t i = 0; i < count; i++)
        memcpy(d->given + i * columns, job->rows + numbers[i] * columns,
               columns * sizeof *d->given);
    for (size_t b = 0; b < job->model_count && !status && !d->code; b++) {
        nq_posterior_free(&posterior);
        posterior = (nq_posterior){0};
        status = model_draw(&posterior, d, b, first, count);
        if (!status && !d->code && d->drawn)
            draws_place(d, b, &posterior);
    }
    const double *draws = d->drawn ? d->drawn : posterior.samples;
    for (size_t i = 0; i < count && !status && !d->code; i++)
        row_deliver(d, numbers[i], draws + i * each);
    nq_posterior_free(&posterior);
    return status;
}

/* The same of one picture of another size, in place. */
static nq_status model_inpaint(const desk *d, size_t model, size_t row, double *const *draws)
{
    const posterior_job *job = d->job;
    const size_t first = posterior_model_first(job, model);
    nq_posterior_options posterior = library_options(job, model);
    nq_inpaint_options options;

    nq_inpaint_options_init(&options, sizeof options);
    posterior.seed = noise_seed(posterior.seed, row);
    options.posterior = &posterior;
    options.sigma = job->sigma ? job->sigma[0] : 0;
    return nq_inpaint(draws + first, job->context, job->models[model], posterior.draws,
                      &job->picture, &options);
}

/* A picture of any size. Its number goes into the seed: every picture has its own randomness. */
static nq_status picture_draw(desk *d, size_t first)
{
    posterior_job *job = d->job;
    const size_t columns = job->columns, row = d->numbers[first], count = posterior_draws(job);
    double *draws = values_new(count, columns);
    double **list = malloc(count * sizeof *list);
    nq_status status = draws && list ? NQ_OK : NQ_ERROR_MEMORY;

    for (size_t k = 0; k < count && !status; k++) {
        list[k] = draws + k * columns;
        memcpy(list[k], job->rows + row * columns, columns * sizeof **list);
    }
    for (size_t b = 0; b < job->model_count && !status; b++)
        status = model_inpaint(d, b, row, list);
    if (!status)
        row_deliver(d, row, draws);
    free(list);
    free(draws);
    return status;
}

static nq_status rows_draw(desk *d)
{
    const size_t chosen = rows_choose(d), part = d->part;
    nq_status status = NQ_OK;
    progress line;

    progress_init(&line, d->job->common->quiet);
    for (size_t first = 0; first < chosen && !status && !d->code; first += part) {
        const size_t left = chosen - first;

        progress_count(&line, "drawing", first, chosen);
        status = d->job->sized ? part_draw(d, first, left < part ? left : part)
                               : picture_draw(d, first);
    }
    progress_clear(&line);
    return status;
}

static size_t part_choose(const posterior_job *job)
{
    const double numbers = (double)posterior_draws(job) * (double)job->columns;

    if (!job->sized || job->observed.by_row)
        return 1;
    return numbers * PART_MOST > PART_NUMBERS ? PART_LEAST : PART_MOST;
}

int posterior_draw(posterior_job *job, double *out)
{
    const size_t draws = posterior_draws(job);
    desk d = {.job = job, .part = part_choose(job), .out = out};
    int code = EXIT_FAILED;

    d.numbers = malloc((job->count + 1) * sizeof *d.numbers);
    d.given = values_new(d.part, job->columns);
    if (job->model_count > 1 && job->sized)
        d.drawn = values_new(d.part * draws, job->columns);
    const size_t scored = posterior_score_scratch(draws);
    d.scratch = values_new(scored > job->columns ? scored : job->columns, 1);
    if (!d.numbers)
        message_print("out of memory: the numbers of the rows");
    if (d.numbers && d.given && d.scratch && (d.drawn || job->model_count == 1 || !job->sized)) {
        const nq_status status = rows_draw(&d);

        code = status ? session_fail(job->context, status) : d.code;
    }
    free(d.numbers);
    free(d.given);
    free(d.drawn);
    free(d.scratch);
    return code;
}
