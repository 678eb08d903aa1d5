/* draw.c - draws rows given evidence: many of the model's size at once, or pictures of another size
 * one by one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "task/fill/job.h"
#include "task/fill/noise.h"

/* Rows of a part: a multiple of 64, as `first` wants; and numbers drawn at once, about. */
enum { PART_MOST = 256, PART_LEAST = 64, PART_NUMBERS = 1 << 25 };

static const char *const DRAWING = "drawing rows";

/* Memory that draws pass through on their way. */
typedef struct workspace {
    nqi_fill_job *job;
    size_t *numbers; /* [chosen] of the rows that are drawn */
    size_t chosen;
    size_t part;   /* rows drawn at once */
    double *given; /* [part, columns] */
    double *drawn; /* [part, draws, columns] of several models, or NULL */
    double *scratch;
} workspace;

/* One row's draws [draws, columns] to all who asked for them. */
static void row_deliver(const workspace *w, size_t row, const double *draws)
{
    nqi_fill_score_add(w->job, row, draws, w->scratch);
    nqi_fill_sheet_add(w->job, row, draws, w->scratch);
    if (w->job->table)
        nqi_fill_summarise(w->job, row, draws, w->scratch);
}

/* Numbers of the rows that are drawn; the others are copied. */
static void rows_choose(workspace *w)
{
    nqi_fill_job *job = w->job;
    const size_t columns = job->rows.columns, each = job->plan.each;
    for (size_t r = 0; r < job->rows.count; r++) {
        const double *row = job->rows.known + r * columns;
        if (nqi_fill_is_drawn(job, row)) {
            w->numbers[w->chosen++] = r;
            continue;
        }
        nqi_fill_sheet_add(job, r, NULL, w->scratch);
        for (size_t k = 0; k < each && job->table; k++)
            memcpy(job->table + (r * each + k) * columns, row, columns * sizeof *row);
    }
    if (!w->chosen && job->rows.count)
        nqi_log(job->context, NQ_LOG_NOTE,
                "no cell of %s is missing: nothing is filled (" NQI_OPTION "mask hides cells)",
                job->rows.source.name);
}

/* Of one of the models, for its share of the draws; its noise is its own. */
static nq_posterior_options posterior_options(const nqi_fill_job *job, size_t model)
{
    const nq_fill_options *asked = &job->plan.options;
    nq_posterior_options options;
    nq_posterior_options_init(&options, sizeof options);
    snprintf(options.method, sizeof options.method, "%s", asked->method ? asked->method : "");
    snprintf(options.twist, sizeof options.twist, "%s", asked->twist ? asked->twist : "");
    options.draws = nqi_fill_model_first(job, model + 1) - nqi_fill_model_first(job, model);
    options.particles = asked->particles;
    options.jumps = asked->jumps;
    options.seed = model ? nqi_noise_seed(asked->seed, model) : asked->seed;
    options.steps = asked->steps;
    return options;
}

/* A model's draws among those of all. */
static void draws_place(const workspace *w, size_t model, const nq_posterior *drawn)
{
    const size_t columns = w->job->rows.columns, all = w->job->plan.draws;
    const size_t first = nqi_fill_model_first(w->job, model), own = drawn->draws * columns;
    for (size_t i = 0; i < drawn->targets; i++)
        memcpy(w->drawn + (i * all + first) * columns, drawn->samples + i * own,
               own * sizeof *w->drawn);
}

static void evidence_note(nqi_fill_job *job, const nq_posterior *posterior, size_t target,
                          size_t row)
{
    double *out = job->log_evidence + row * NQI_FILL_EVIDENCE;
    nqi_few_add(&job->few, row, posterior->ess[target], posterior->starts[target],
                posterior->particles, posterior->draws);
    out[0] = posterior->log_evidence[target];
    out[1] = posterior->log_evidence_se[target];
    out[2] = posterior->ess[target];
    out[3] = isnan(posterior->ess[target]) ? NAN : (double)posterior->starts[target];
}

/* One model's draws of the rows that are given. */
static nq_status model_draw(nq_posterior *out, const workspace *w, size_t model, size_t first,
                            size_t count)
{
    nqi_fill_job *job = w->job;
    const size_t *numbers = w->numbers + first;
    nq_posterior_options options = posterior_options(job, model);
    nqi_row_evidence evidence;
    options.first = job->observed.by_row ? 64 * first : first;
    nq_status status =
        nqi_fill_evidence_make(&evidence, job, job->models[model], w->given, numbers, count);
    if (!status) {
        status =
            nq_posterior_sample(out, job->context, job->models[model], evidence.all, &options);
        if (status)
            status = nqi_fill_fail_rows(job, status, numbers, count);
    }
    for (size_t i = 0; i < count && !status; i++)
        evidence_note(job, out, i, numbers[i]);
    if (!status)
        job->method = out->method;
    nqi_row_evidence_free(&evidence);
    return status;
}

/* Rows numbers[first..first+count-1] of the data, of the model's size. */
static nq_status part_draw(const workspace *w, size_t first, size_t count)
{
    nqi_fill_job *job = w->job;
    const size_t columns = job->rows.columns, each = job->plan.draws * columns;
    const size_t *numbers = w->numbers + first;
    nq_posterior posterior = {0};
    nq_status status = NQ_OK;
    for (size_t i = 0; i < count; i++)
        memcpy(w->given + i * columns, job->rows.known + numbers[i] * columns,
               columns * sizeof *w->given);
    for (size_t b = 0; b < job->model_count && !status; b++) {
        nq_posterior_free(&posterior);
        posterior = (nq_posterior){0};
        status = model_draw(&posterior, w, b, first, count);
        if (!status && w->drawn)
            draws_place(w, b, &posterior);
    }
    const double *draws = w->drawn ? w->drawn : posterior.samples;
    for (size_t i = 0; i < count && !status; i++)
        row_deliver(w, numbers[i], draws + i * each);
    nq_posterior_free(&posterior);
    return status;
}

/* The same of one picture of another size, in place. */
static nq_status model_inpaint(const workspace *w, size_t model, size_t row, double *const *draws)
{
    const nqi_fill_job *job = w->job;
    nq_posterior_options posterior = posterior_options(job, model);
    nq_inpaint_options options;
    nq_inpaint_options_init(&options, sizeof options);
    posterior.seed = nqi_noise_seed(posterior.seed, row);
    options.posterior = &posterior;
    options.coarse = job->coarse;
    options.sigma = job->noise.kind == NQI_FILL_NOISE_NORMAL ? job->noise.sigma[0] : 0;
    return nq_inpaint(draws + nqi_fill_model_first(job, model), job->context, job->models[model],
                      posterior.draws, &job->rows.shape, &options);
}

/* A picture of any size. Its number goes into the seed: every picture has its own randomness. */
static nq_status picture_draw(const workspace *w, size_t first)
{
    nqi_fill_job *job = w->job;
    const size_t columns = job->rows.columns, row = w->numbers[first], count = job->plan.draws;
    double *draws = nqi_numbers_new(job->context, count, columns);
    double **list = malloc(count * sizeof *list);
    nq_status status = draws ? NQ_OK : NQ_ERROR_MEMORY;
    if (draws && !list)
        status = nqi_fail_memory(job->context, "draws of a picture", count * sizeof *list);
    for (size_t k = 0; k < count && !status; k++) {
        list[k] = draws + k * columns;
        memcpy(list[k], job->rows.known + row * columns, columns * sizeof **list);
    }
    for (size_t b = 0; b < job->model_count && !status; b++)
        status = model_inpaint(w, b, row, list);
    if (!status)
        row_deliver(w, row, draws);
    free(list);
    free(draws);
    return status;
}

/* The next part of the rows that are drawn, as a part of the call. */
static nq_status next_draw(const workspace *w, size_t first, size_t count)
{
    nq_context *context = w->job->context;
    const double all = (double)w->chosen;
    nq_status status = nqi_tell(context, DRAWING, (double)first, all);
    if (status)
        return status;
    const nqi_portion before =
        nqi_portion_enter(context, (double)first / all, (double)(first + count) / all);
    status = w->job->rows.is_model_size ? part_draw(w, first, count) : picture_draw(w, first);
    nqi_portion_leave(context, before);
    return status;
}

static nq_status rows_draw(workspace *w)
{
    nq_status status = NQ_OK;
    rows_choose(w);
    for (size_t first = 0; first < w->chosen && !status; first += w->part) {
        const size_t left = w->chosen - first;
        status = next_draw(w, first, left < w->part ? left : w->part);
    }
    return status;
}

static size_t part_choose(const nqi_fill_job *job)
{
    const double numbers = (double)job->plan.draws * (double)job->rows.columns;
    if (!job->rows.is_model_size || job->observed.by_row)
        return 1;
    return numbers * PART_MOST > PART_NUMBERS ? PART_LEAST : PART_MOST;
}

static nq_status workspace_new(workspace *out, nqi_fill_job *job)
{
    nq_context *context = job->context;
    const size_t draws = job->plan.draws, columns = job->rows.columns;
    const size_t scored = nqi_fill_score_scratch(draws);
    *out = (workspace){.job = job, .part = part_choose(job)};
    out->numbers = malloc((job->rows.count + 1) * sizeof *out->numbers);
    if (!out->numbers)
        return nqi_fail_memory(context, "the numbers of the rows",
                               job->rows.count * sizeof *out->numbers);
    if (!(out->given = nqi_numbers_new(context, out->part, columns)) ||
        !(out->scratch = nqi_numbers_new(context, scored > columns ? scored : columns, 1)))
        return NQ_ERROR_MEMORY;
    if (job->model_count > 1 && job->rows.is_model_size &&
        !(out->drawn = nqi_numbers_new(context, out->part * draws, columns)))
        return NQ_ERROR_MEMORY;
    return NQ_OK;
}

nq_status nqi_fill_draw(nqi_fill_job *job)
{
    workspace w;
    nq_status status = workspace_new(&w, job);
    if (!status)
        status = rows_draw(&w);
    free(w.numbers);
    free(w.given);
    free(w.drawn);
    free(w.scratch);
    return status;
}
