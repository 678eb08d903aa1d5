/* filler.c - training and drawing of the network that completes rows.
 * Every rank does all of it, so that nothing has to be sent; threads share microbatches and rows,
 * and no sum depends on which thread did what. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/gap/filler.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

enum { GROUP_ROWS = 16, SLICE = 4096, WARM_UPDATES = 100 };
static const double rate_most = 2e-3, rate_least = 0.02, norm_most = 1, keep_average = 0.995;
/* Noise of a last step that is not learned is noise of the cells that are drawn. */
static const double beta_1_most = 1e-3;

/* Kinds of draws of a training update. */
enum { DRAW_ROWS, DRAW_PATTERNS, DRAW_TIMES, DRAW_NOISE, DRAW_WIDTH, DRAW_DROPOUT };

/* Of the rows of a microbatch. */
static nqi_stream train_stream(const nqi_filler *f, size_t micro, uint32_t kind)
{
    return nqi_row_stream(nqi_seed_child(f->seed, kind), NQI_DRAW_FILL, (uint32_t)f->updates,
                          micro * NQI_FILLER_LD);
}

static nq_status make_model(nqi_filler *f, const nq_model_options *options, double dropout)
{
    nq_model_options own = *options;
    const nqi_family *family = nqi_family_find(options->kernel);
    const int alike =
        !strcmp(options->regressor, "mlp") && !strcmp(options->readout, "embedding");
    snprintf(own.regressor, sizeof own.regressor, "mlp");
    snprintf(own.readout, sizeof own.readout, "embedding");
    snprintf(own.activation, sizeof own.activation, "silu");
    snprintf(own.mean_form, sizeof own.mean_form, "x0");
    snprintf(own.schedule, sizeof own.schedule, "%s", family->defaults.brief.schedule);
    snprintf(own.base, sizeof own.base, "none");
    own.image[0] = 0;
    if (!alike)
        own.hidden[0] = 0;
    own.steps = family->defaults.brief.steps;
    own.learn_last = family->defaults.brief.learn_last;
    own.beta_1 = fmin(own.beta_1, beta_1_most);
    own.roles = 1;
    return nqi_model_build(&f->model, f->context, nqi_missing_whole(f->missing), &own, dropout);
}

static nq_status make_arrays(nqi_filler *f)
{
    nqi_filler_scratch *scratch = &f->scratch;
    nqi_filler_update *step = &f->step;
    const size_t threads = (size_t)nq_context_threads(f->context);
    const size_t parameters = nqi_graph_parameters(&f->model->regressor.graph);
    const size_t numbers = threads * f->model->process.dim * NQI_FILLER_LD;
    nq_status status = NQ_OK;
    step->slices = (parameters + SLICE - 1) / SLICE;
    step->gradient = nqi_aligned_new(NQI_FILLER_MICROS * parameters, sizeof *step->gradient);
    step->squares = calloc(step->slices, sizeof *step->squares);
    scratch->predictors = calloc(threads, sizeof *scratch->predictors);
    scratch->roles = nqi_aligned_new(2 * numbers, sizeof *scratch->roles);
    scratch->scored = nqi_aligned_new(numbers, sizeof *scratch->scored);
    scratch->pattern = nqi_aligned_new(numbers, sizeof *scratch->pattern);
    scratch->restored = calloc(threads * f->model->scaling.columns, sizeof *scratch->restored);
    if (!step->gradient || !step->squares || !scratch->predictors || !scratch->roles ||
        !scratch->scored || !scratch->pattern || !scratch->restored)
        return nqi_fail_memory(f->context, "a network for missing cells",
                               NQI_FILLER_MICROS * parameters * sizeof *step->gradient);
    for (size_t i = 0; i < threads && !status; i++) {
        nqi_predictor *predictor = &scratch->predictors[i];
        status =
            nqi_batch_open(&predictor->batch, f->context, &f->model->process,
                           &f->model->regressor, f->context->ops, NQI_FILLER_LD, GROUP_ROWS, 1);
        predictor->process = &f->model->process;
        if (!status)
            status = nqi_predictor_equip(predictor, f->context);
        predictor->batch.roles = scratch->roles + 2 * i * f->model->process.dim * NQI_FILLER_LD;
    }
    return status;
}

nq_status nqi_filler_new(nqi_filler *out, nq_context *context, nqi_missing *missing,
                         const nqi_missing *patterns, const nq_model_options *options,
                         double dropout, uint64_t seed)
{
    nq_status status;
    memset(out, 0, sizeof *out);
    out->context = context;
    out->missing = missing;
    out->patterns = patterns;
    out->seed = seed;
    if ((status = make_model(out, options, dropout)) || (status = make_arrays(out)))
        return status;
    return nqi_optimiser_new(&out->optimiser, context, NQI_ADAM, &out->model->regressor.graph,
                             context->ops, out->model->regressor.params, 0, keep_average);
}

void nqi_filler_free(nqi_filler *filler)
{
    nqi_filler_scratch *scratch = &filler->scratch;
    for (int i = 0; scratch->predictors && i < nq_context_threads(filler->context); i++) {
        scratch->predictors[i].batch.observed = NULL;
        nqi_predictor_free(&scratch->predictors[i]);
    }
    if (filler->model)
        nqi_optimiser_free(&filler->optimiser);
    free(scratch->predictors);
    free(filler->step.squares);
    free(scratch->restored);
    nqi_aligned_free(filler->step.gradient);
    nqi_aligned_free(scratch->roles);
    nqi_aligned_free(scratch->scored);
    nqi_aligned_free(scratch->pattern);
    nq_model_free(filler->model);
    memset(filler, 0, sizeof *filler);
}

size_t nqi_filler_cost(const nqi_filler *filler)
{
    return filler->model->process.schedule.steps;
}

/* Column i of row r: by the gaps of the row itself (own, NaN where missing) and of another
 * (pattern). own becomes what is scored. */
static void set_roles(const nqi_filler *f, nqi_real *roles, nqi_real *own,
                      const nqi_real *pattern, size_t r)
{
    const size_t dim = f->model->process.dim, numbers = dim * NQI_FILLER_LD;
    const int drawn = f->missing->rounds > 0;
    int given = 1; /* all that was observed */
    for (size_t j = r; j < numbers; j += NQI_FILLER_LD)
        given &= isnan(own[j]) || !isnan(pattern[j]);
    for (size_t j = r; j < numbers; j += NQI_FILLER_LD) {
        const int missing = isnan(own[j]), target = isnan(pattern[j]);
        roles[j] = !target && (drawn || !missing);
        roles[numbers + j] = !drawn && missing;
        own[j] = target && (!missing || (drawn && !given));
    }
}

static void load_rows(nqi_filler *f, nqi_batch *batch, size_t micro, int thread)
{
    uint64_t rows[NQI_FILLER_LD], others[NQI_FILLER_LD];
    const nqi_scaling *scaling = &f->model->scaling;
    const size_t numbers = f->model->process.dim * NQI_FILLER_LD;
    const nq_dataset *data = nqi_missing_whole(f->missing);
    const nqi_stream row = train_stream(f, micro, DRAW_ROWS);
    const nqi_stream other = train_stream(f, micro, DRAW_PATTERNS);
    const nqi_stream width = train_stream(f, micro, DRAW_WIDTH);
    nqi_real *scored = f->scratch.scored + (size_t)thread * numbers;
    nqi_real *pattern = f->scratch.pattern + (size_t)thread * numbers;
    for (size_t r = 0; r < NQI_FILLER_LD; r++) {
        rows[r] = nqi_stream_below(&row, r, nq_dataset_rows(data));
        others[r] = f->patterns->rows[nqi_stream_below(&other, r, f->patterns->count)];
    }
    nqi_model_gather(f->model, f->context->ops, data, rows, NQI_FILLER_LD, batch, &width);
    nqi_scaling_gather(scaling, f->missing->source, rows, NQI_FILLER_LD, scored, NQI_FILLER_LD);
    nqi_scaling_gather(scaling, f->patterns->source, others, NQI_FILLER_LD, pattern,
                       NQI_FILLER_LD);
    for (size_t r = 0; r < NQI_FILLER_LD; r++)
        set_roles(f, f->scratch.roles + 2 * (size_t)thread * numbers, scored, pattern, r);
    batch->observed = scored;
}

static void score_micro(void *state, size_t micro, int thread)
{
    nqi_filler *f = state;
    nqi_batch *batch = &f->scratch.predictors[thread].batch;
    const size_t groups = NQI_FILLER_LD / GROUP_ROWS;
    const nqi_stream noise = train_stream(f, micro, DRAW_NOISE);
    const nqi_stream dropout = train_stream(f, micro, DRAW_DROPOUT);
    const double steps = (double)nqi_process_learned(&f->model->process);
    load_rows(f, batch, micro, thread);
    batch->tape.map.hand = (nqi_hand){f->context->pool, thread};
    batch->tape.params = f->model->regressor.params;
    batch->tape.dropout = &dropout;
    batch->tape.dense_grad =
        f->step.gradient + micro * nqi_graph_parameters(&f->model->regressor.graph);
    nqi_tape_clear(&batch->tape);
    for (size_t g = 0; g < groups; g++)
        batch->tape.time[g] = f->step.time[micro * groups + g];
    nqi_batch_score(&f->model->process, batch, &noise, (nqi_real)(steps / NQI_FILLER_ROWS), 1);
    f->step.losses[micro] = 0;
    for (size_t r = 0; r < NQI_FILLER_LD; r++)
        f->step.losses[micro] += (double)batch->kl[r];
    batch->tape.dropout = NULL;
}

/* Group k draws its t from stratum k of the learned steps. */
static void draw_times(nqi_filler *f)
{
    const nqi_process *process = &f->model->process;
    const size_t groups = NQI_FILLER_ROWS / GROUP_ROWS;
    const double steps = (double)nqi_process_learned(process);
    const nqi_stream stream = train_stream(f, 0, DRAW_TIMES);
    for (size_t g = 0; g < groups; g++) {
        const double position =
            ((double)g + nqi_stream_uniform(&stream, g)) * steps / (double)groups;
        f->step.time[g] = (uint32_t)(fmin(position, steps - 1) + (double)process->first_learned);
    }
}

static size_t slice_length(const nqi_filler *f, size_t slice)
{
    const size_t left = nqi_graph_parameters(&f->model->regressor.graph) - slice * SLICE;
    return left < SLICE ? left : SLICE;
}

static void sum_slice(void *state, size_t slice, int thread)
{
    nqi_filler *f = state;
    nqi_real *gradient = f->step.gradient;
    const size_t parameters = nqi_graph_parameters(&f->model->regressor.graph),
                 at = slice * SLICE;
    const size_t count = slice_length(f, slice);
    (void)thread;
    for (size_t m = 1; m < NQI_FILLER_MICROS; m++)
        f->context->ops->vadd(gradient + at, gradient + m * parameters + at, count);
    f->step.squares[slice] = f->context->ops->sum_squares(gradient + at, count);
}

static void step_slice(void *state, size_t slice, int thread)
{
    nqi_filler *f = state;
    nqi_real *gradient = f->step.gradient;
    const size_t at = slice * SLICE, count = slice_length(f, slice);
    (void)thread;
    for (size_t i = at; f->step.clip < 1 && i < at + count; i++)
        gradient[i] = (nqi_real)(f->step.clip * (double)gradient[i]);
    nqi_optimiser_dense(&f->optimiser, f->model->regressor.params, gradient + at, at, count,
                        f->step.rate);
}

nq_status nqi_filler_step(nqi_filler *filler, double progress)
{
    nqi_filler_update *step = &filler->step;
    double loss = 0, squares = 0;
    const double cosine = 0.5 * (1 + cos(3.14159265358979323846 * fmin(progress, 1)));
    step->rate = rate_most * fmin(1, ((double)filler->updates + 1) / WARM_UPDATES) *
                 (rate_least + (1 - rate_least) * cosine);
    draw_times(filler);
    nq_status status =
        nqi_pool_run(filler->context->pool, NQI_FILLER_MICROS, score_micro, filler);
    if (status)
        return status;
    for (size_t m = 0; m < NQI_FILLER_MICROS; m++)
        loss += step->losses[m];
    if (!isfinite(loss))
        return nqi_fail(
            filler->context, NQ_ERROR_DIVERGED,
            "the network that completes rows with missing cells diverged at its update "
            "%lld: values far off the others may be the reason",
            (long long)filler->updates + 1);
    if ((status = nqi_pool_run(filler->context->pool, step->slices, sum_slice, filler)))
        return status;
    for (size_t s = 0; s < step->slices; s++)
        squares += step->squares[s];
    step->clip = squares > norm_most * norm_most ? norm_most / sqrt(squares) : 1;
    nqi_optimiser_begin(&filler->optimiser);
    status = nqi_pool_run(filler->context->pool, step->slices, step_slice, filler);
    filler->updates++;
    return status;
}

void nqi_filler_fields(nqi_filler *filler, nqi_fields *fields)
{
    nqi_optimiser *optimiser = &filler->optimiser;
    nqi_fields_count(fields, 24, "fill_updates", &filler->updates);
    nqi_fields_count(fields, 25, "fill_steps", (int64_t *)&optimiser->updates);
    if (!filler->model)
        return;
    nqi_fields_reals(fields, 13, "train.fill_params", filler->model->regressor.params,
                     optimiser->count);
    nqi_fields_reals(fields, 14, "train.fill_first", optimiser->first, optimiser->count);
    nqi_fields_reals(fields, 15, "train.fill_second", optimiser->second, optimiser->count);
    nqi_fields_reals(fields, 16, "train.fill_average", optimiser->average, optimiser->count);
}
