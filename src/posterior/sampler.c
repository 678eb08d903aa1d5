/* sampler.c - ancestral sampling: x_T from pi, then one reverse step after another.
 * A thread keeps its rows through the whole walk, and so does a rank: rows meet when they are asked
 * for. Few large pictures share all threads. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/sample.h>

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "diffusion/walk.h"
#include "dist/comm.h"
#include "model/model.h"

struct nq_sampler {
    nq_context *context;
    const nq_model *model;
    nq_model *owned; /* that, where it is a shorter one */
    nq_sample_options options;
    size_t time, target;
    size_t
        least;  /* time of the rows of some microbatches, where a run was stopped; else `time` */
    size_t *at; /* [batches] time of each */
    size_t batches, batch_rows; /* microbatches of all rows, and rows of one */
    nqi_predictor *predictors;  /* one for each thread; one microbatch is the caller's */
    int predictor_count;
    nqi_real *rows; /* [batches][dim][batch_rows], scaled, feature-major */
};

static size_t batch_numbers(const nq_sampler *sampler)
{
    return sampler->model->process.dim * sampler->batch_rows;
}

static nqi_stream batch_stream(const nq_sampler *sampler, nqi_purpose purpose, size_t batch)
{
    return nqi_row_stream(sampler->options.seed, purpose, 0,
                          sampler->options.first + batch * sampler->batch_rows);
}

static void start_batch(void *state, size_t number, int thread)
{
    const nq_sampler *sampler = state;
    const nqi_stream stream = batch_stream(sampler, NQI_DRAW_START, number);
    nqi_walk walk;
    nqi_walk_plain(&walk, &sampler->model->process, &sampler->predictors[thread]);
    nqi_walk_start(&walk, &stream);
    memcpy(sampler->rows + number * batch_numbers(sampler), nqi_batch_x_t(&walk.predictor->batch),
           batch_numbers(sampler) * sizeof(nqi_real));
}

static void run_batch(void *state, size_t number, int thread)
{
    const nq_sampler *sampler = state;
    nqi_real *rows = sampler->rows + number * batch_numbers(sampler);
    const size_t bytes = batch_numbers(sampler) * sizeof(nqi_real);
    nqi_walk walk;
    if (sampler->at[number] == sampler->target)
        return;
    nqi_walk_plain(&walk, &sampler->model->process, &sampler->predictors[thread]);
    walk.stream = batch_stream(sampler, NQI_DRAW_REVERSE, number);
    walk.predictor->batch.tape.map.hand = (nqi_hand){sampler->context->pool, thread};
    nqi_real *x_t = nqi_batch_x_t(&walk.predictor->batch);
    memcpy(x_t, rows, bytes);
    nqi_walk_down(&walk, NULL, sampler->at[number], sampler->target);
    if (nqi_pool_stops(sampler->context->pool, thread))
        return;
    memcpy(rows, x_t, bytes);
    sampler->at[number] = sampler->target;
}

static nq_status sampler_alloc(nq_sampler *sampler)
{
    const nq_model *model = sampler->model;
    const int threads = sampler->batches > 1 ? nq_context_threads(sampler->context) : 1;
    nq_status status = NQ_OK;
    sampler->rows = nqi_aligned_new(sampler->batches * batch_numbers(sampler), sizeof(nqi_real));
    sampler->predictors = calloc((size_t)threads, sizeof *sampler->predictors);
    sampler->predictor_count = threads;
    sampler->at = malloc(sampler->batches * sizeof *sampler->at);
    for (size_t b = 0; sampler->at && b < sampler->batches; b++)
        sampler->at[b] = sampler->time;
    if (!sampler->rows || !sampler->predictors || !sampler->at)
        return nqi_fail_memory(sampler->context, "samples",
                               sampler->batches * batch_numbers(sampler) * sizeof(nqi_real));
    for (int i = 0; i < threads && !status; i++)
        status = nqi_predictor_new(&sampler->predictors[i], sampler->context, &model->process,
                                   &model->regressor, sampler->batch_rows, sampler->options.rows);
    return status;
}

nq_status nq_sampler_new(nq_sampler **out, nq_context *context, const nq_model *model,
                         const nq_sample_options *options)
{
    nq_sample_options own;
    *out = NULL;
    nq_status status = nqi_options_take(&own, context, &nqi_sample_options, options);
    if (status)
        return status;
    options = &own;
    if (!options->rows)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "0 samples: expected at least 1");
    if (options->first % NQI_SAMPLE_ROWS)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "first sample %zu: expected a multiple of %d",
                        options->first, NQI_SAMPLE_ROWS);
    nq_sampler *sampler = calloc(1, sizeof *sampler);
    if (!sampler)
        return nqi_fail_memory(context, "a sampler", sizeof *sampler);
    sampler->context = context;
    sampler->options = *options;
    status = nqi_model_with_steps(&sampler->model, &sampler->owned, context, model,
                                  own.steps ? own.steps : nq_model_usual_steps(model));
    if (status) {
        nq_sampler_free(sampler);
        return status;
    }
    sampler->time = sampler->least = nq_model_steps(sampler->model);
    sampler->batch_rows = nqi_sample_rows(model);
    sampler->batches = (options->rows + sampler->batch_rows - 1) / sampler->batch_rows;
    status = sampler_alloc(sampler);
    if (status) {
        nq_sampler_free(sampler);
        return status;
    }
    if ((status = nqi_tell(context, "drawing rows", 0, 1)) ||
        (status = nqi_ranks_run(context, sampler->batches, start_batch, sampler))) {
        nq_sampler_free(sampler);
        return status;
    }
    *out = sampler;
    return NQ_OK;
}

nq_status nq_sampler_run(nq_sampler *sampler, size_t t)
{
    if (t > sampler->least)
        return nqi_fail(sampler->context, NQ_ERROR_ARGUMENT,
                        "time %zu is above the present time %zu", t, sampler->least);
    sampler->target = t;
    if (t == sampler->time)
        return NQ_OK;
    nq_status status = nqi_tell_region(sampler->context, "drawing rows", 0, 1, 1);
    if (!status)
        status = nqi_predictor_run(&sampler->predictors[0], sampler->context, sampler->batches,
                                   run_batch, sampler);
    sampler->least = t;
    if (!status)
        sampler->time = t;
    return status;
}

size_t nq_sampler_time(const nq_sampler *sampler)
{
    return sampler->time;
}

nq_status nq_sampler_state(double *out, const nq_sampler *sampler)
{
    const size_t columns = nq_model_columns(sampler->model);
    const nqi_result result = {sampler->rows, batch_numbers(sampler) * sizeof *sampler->rows};
    if (sampler->least < sampler->time)
        return nqi_fail(
            sampler->context, NQ_ERROR_ARGUMENT,
            "the way to time %zu was stopped, and rows are at several times: expected "
            "nq_sampler_run to that time first",
            sampler->least);
    const nq_status status = nqi_ranks_gather(sampler->context, sampler->batches, &result, 1);
    if (status)
        return status;
    for (size_t b = 0; b < sampler->batches; b++) {
        const size_t first = b * sampler->batch_rows, left = sampler->options.rows - first;
        nqi_scaling_restore(&sampler->model->scaling, sampler->rows + b * batch_numbers(sampler),
                            sampler->batch_rows,
                            left < sampler->batch_rows ? left : sampler->batch_rows,
                            out + first * columns);
    }
    return NQ_OK;
}

void nq_sampler_free(nq_sampler *sampler)
{
    if (!sampler)
        return;
    for (int i = 0; sampler->predictors && i < sampler->predictor_count; i++)
        nqi_predictor_free(&sampler->predictors[i]);
    free(sampler->predictors);
    free(sampler->at);
    nqi_aligned_free(sampler->rows);
    nq_model_free(sampler->owned);
    free(sampler);
}

nq_status nq_sample(double *out, nq_context *context, const nq_model *model,
                    const nq_sample_options *options)
{
    nq_sampler *sampler;
    nq_status status = nq_sampler_new(&sampler, context, model, options);
    if (!status && !(status = nq_sampler_run(sampler, 0)))
        status = nq_sampler_state(out, sampler);
    nq_sampler_free(sampler);
    return status;
}
