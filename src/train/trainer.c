/* trainer.c - a run from its first update to its last. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/context.h"
#include "io/options.h"

enum { WARM_UPDATES = 100 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

double nqi_trainer_seconds(const nq_trainer *trainer)
{
    return trainer->seconds +
           (trainer->context->comm ? trainer->clock : now() - trainer->started);
}

/* Ranks go by the clock of rank 0: its time ends a run, or lowers the rate. */
static nq_status clock_read(nq_trainer *trainer)
{
    trainer->clock = now() - trainer->started;
    return trainer->options.minutes > 0
               ? nq_context_share(trainer->context, &trainer->clock, sizeof trainer->clock)
               : NQ_OK;
}

double nqi_trainer_progress(const nq_trainer *trainer)
{
    const nq_train_options *options = &trainer->options;
    const double by_time =
        options->minutes > 0 ? nqi_trainer_seconds(trainer) / (60 * options->minutes) : 0;
    const double by_updates =
        options->updates > 0 ? (double)trainer->update / (double)options->updates : 0;
    return fmin(fmax(by_time, by_updates), 1);
}

/* Linear warm-up, then half a cosine down to rate_last of the highest. An exact fit has a
 * cosine for each of its stages. */
static double rate_now(const nq_trainer *trainer, double progress)
{
    const nq_train_options *o = &trainer->options;
    const double fitted = (double)trainer->update / fmax((double)o->fit_updates, 1);
    double part = progress, height = 1;
    if (fitted < 1) {
        part = fitted < NQI_FIT_MOVES ? fitted / NQI_FIT_MOVES
                                      : (fitted - NQI_FIT_MOVES) / (1 - NQI_FIT_MOVES);
    } else if (o->fit_updates > 0) {
        const double first = (double)o->fit_updates / (double)o->updates;
        part = (progress - first) / fmax(1 - first, 1e-9);
        height = 0.01; /* the readouts are solved: more would unsettle them */
    }
    const double cosine = 0.5 * (1 + cos(3.14159265358979323846 * fmin(part, 1)));
    const double warm = fmin(1, ((double)trainer->update + 1) / WARM_UPDATES);
    return o->rate * height * warm * (o->rate_last + (1 - o->rate_last) * cosine);
}

int64_t nqi_trainer_share_block(const nq_trainer *trainer, int64_t update)
{
    /* Blocks of `share` steps, split at 15, 30 and 45 % (findings: 500, 100, 20, 1). */
    const double share = (double)trainer->options.share;
    double progress = nqi_trainer_progress(trainer);
    if (trainer->options.updates > 0)
        progress = (double)update / (double)trainer->options.updates;
    const double block = progress < 0.15   ? share
                         : progress < 0.30 ? share / 5
                         : progress < 0.45 ? share / 25
                                           : 1;
    return (int64_t)fmax(ceil(block), 1);
}

void nqi_trainer_share(nq_trainer *trainer, int64_t update)
{
    const size_t steps = trainer->model->process.schedule.steps;
    if (!trainer->bank_of)
        return;
    const uint32_t block = (uint32_t)nqi_trainer_share_block(trainer, update);
    for (uint32_t t = 1; t <= steps; t++) {
        const uint32_t before = trainer->bank_of[t], leader = (t - 1) / block * block;
        /* A step that becomes the leader of a smaller block starts from its old leader. */
        if (before != leader && leader == t - 1)
            nqi_optimiser_copy_bank(&trainer->optimiser, trainer->model->params, before, leader);
        trainer->bank_of[t] = leader;
    }
}

/* A block ends with copies for every step in it, so that the model file needs no map. */
static void spread_banks(const nq_trainer *trainer, nq_real *params)
{
    const nqi_graph *graph = &trainer->model->graph;
    for (size_t t = 1; trainer->bank_of && t <= graph->banks; t++)
        if (trainer->bank_of[t] != t - 1)
            memcpy(params + graph->dense_count + (t - 1) * graph->bank_size,
                   params + graph->dense_count + trainer->bank_of[t] * graph->bank_size,
                   graph->bank_size * sizeof *params);
}

/* The weights that would be handed out now: the running average where there is one. */
static nq_real *present_params(nq_trainer *trainer)
{
    nqi_optimiser *optimiser = &trainer->optimiser;
    nq_real *params = optimiser->average ? optimiser->average : trainer->model->params;
    if (optimiser->average)
        nqi_optimiser_settle(optimiser, trainer->model->params);
    spread_banks(trainer, params);
    return params;
}

static nq_status record_best(nq_trainer *trainer)
{
    nq_model *best = trainer->best;
    nq_context *context = trainer->context;
    nq_status status;
    char text[64];
    snprintf(text, sizeof text, "%lld", (long long)trainer->update);
    if ((status = nqi_model_set_record(best, context, "updates", text)) ||
        (status = nqi_model_set_record(best, context, "optimizer", trainer->options.optimizer)) ||
        (status = nqi_model_set_record_number(best, context, "rate", trainer->options.rate)) ||
        (status = nqi_model_set_record_number(best, context, "rows",
                                              (double)nq_dataset_rows(trainer->data))) ||
        (status = nqi_model_set_record_number(best, context, "batch",
                                              (double)(trainer->micros * trainer->ld))) ||
        (status =
             nqi_model_set_record_number(best, context, "seed", (double)trainer->options.seed)) ||
        (status = nqi_model_set_record_number(best, context, "train_bits",
                                              (trainer->constant - trainer->smooth_loss) /
                                                  0.69314718055994531)))
        return status;
    if (trainer->valid)
        status = nqi_model_set_record_number(best, context, "valid_bits",
                                             trainer->best_bound / 0.69314718055994531);
    return status;
}

static nq_status keep_present(nq_trainer *trainer, const nq_real *params)
{
    nq_model *best = trainer->best;
    memcpy(best->params, params, trainer->optimiser.count * sizeof *params);
    trainer->has_best = 1;
    trainer->best_update = trainer->update;
    if (trainer->learns_schedule) {
        const nq_status status = nqi_process_reschedule(&best->process, trainer->context,
                                                        trainer->model->process.schedule.beta);
        if (status)
            return status;
    }
    return record_best(trainer);
}

nq_status nqi_trainer_judge(nq_trainer *trainer)
{
    const nq_real *params = present_params(trainer);
    if (!nqi_trainer_is_complete(trainer) && !trainer->done)
        return NQ_OK;
    if (!trainer->valid)
        return keep_present(trainer, params);
    nq_bound bound;
    const nq_bound_options options = {.terms = 32, .seed = 1, .max_rows = NQI_VALID_ROWS};
    const nq_status status = nqi_bound_run(&bound, trainer->context, trainer->model, params,
                                           trainer->valid, &options, NQI_DRAW_VALID);
    if (status)
        return status;
    trainer->valid_bound = bound.bound;
    trainer->valid_se = bound.se;
    nq_bound_free(&bound);
    if (trainer->has_best && trainer->valid_bound <= trainer->best_bound)
        return NQ_OK;
    trainer->best_bound = trainer->valid_bound;
    return keep_present(trainer, params);
}

nq_status nq_trainer_step(nq_trainer *trainer)
{
    if (trainer->done)
        return NQ_OK;
    const double progress = nqi_trainer_progress(trainer);
    trainer->rate = rate_now(trainer, progress);
    nqi_trainer_share(trainer, trainer->update);
    nq_status status = nqi_trainer_fill(trainer);
    if (status)
        return status;
    status = trainer->update < trainer->options.fit_updates ? nqi_trainer_fit(trainer)
                                                            : nqi_trainer_descend(trainer);
    if (status)
        return status;
    trainer->update++;
    if ((status = clock_read(trainer)))
        return status;
    trainer->done = nqi_trainer_progress(trainer) >= 1;
    if (trainer->done || trainer->update % trainer->options.valid_every == 0)
        status = nqi_trainer_judge(trainer);
    return status;
}

void nq_trainer_state(const nq_trainer *trainer, nq_train_state *out)
{
    *out = (nq_train_state){
        .update = trainer->update,
        .planned = trainer->options.minutes > 0 ? 0 : trainer->options.updates,
        .progress = trainer->done ? 1 : nqi_trainer_progress(trainer),
        .seconds = nqi_trainer_seconds(trainer),
        .rate = trainer->rate,
        .bound = trainer->update ? trainer->constant - trainer->smooth_loss : NAN,
        .null = trainer->null,
        .valid_bound = trainer->valid_bound,
        .valid_se = trainer->valid_se,
        .best_bound = trainer->valid ? trainer->best_bound : NAN,
        .best_update = trainer->best_update,
        .stage = trainer->update < trainer->options.fit_updates ? "fit" : "descend",
        .done = trainer->done,
    };
}

nq_status nq_trainer_model(nq_trainer *trainer, const nq_model **out)
{
    nq_status status = NQ_OK;
    if (!trainer->has_best) {
        status = keep_present(trainer, present_params(trainer));
        trainer->has_best = 0; /* asking for a model does not make it the best */
    }
    *out = trainer->best;
    return status;
}

const nq_model_options *nq_trainer_model_options(const nq_trainer *trainer)
{
    return &trainer->model->options;
}

const nq_train_options *nq_trainer_train_options(const nq_trainer *trainer)
{
    return &trainer->options;
}

nq_status nqi_trainer_alloc(nq_trainer **out, nq_context *context)
{
    nq_trainer *trainer = calloc(1, sizeof *trainer);
    *out = trainer;
    if (!trainer)
        return nqi_fail_memory(context, "a trainer", sizeof *trainer);
    trainer->context = context;
    trainer->valid_bound = trainer->valid_se = trainer->best_bound = NAN;
    trainer->started = now();
    return NQ_OK;
}

nq_status nq_trainer_new(nq_trainer **out, nq_context *context, const nq_dataset *data,
                         const nq_dataset *valid, const nq_model_options *model_options,
                         const nq_train_options *train_options)
{
    nq_trainer *trainer;
    nq_status status = nqi_trainer_alloc(&trainer, context);
    *out = NULL;
    if (status)
        return status;
    nqi_train_options_copy(&trainer->options, train_options);
    if (!(status = nqi_train_options_check(context, &trainer->options, NULL)))
        trainer->options.dropout = nqi_trainer_dropout(&trainer->options, model_options, data);
    if (!status && !(status = nqi_trainer_complete(trainer, data, valid)) &&
        !(status = nqi_model_build(&trainer->model, context, trainer->data, model_options,
                                   trainer->options.dropout)) &&
        !(status = nqi_trainer_choose(trainer)))
        status = nqi_trainer_prepare(trainer);
    if (status) {
        nq_trainer_free(trainer);
        return status;
    }
    trainer->started = now();
    *out = trainer;
    return NQ_OK;
}
