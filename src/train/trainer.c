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
#include "core/monitor.h"
#include "core/option/options.h"
#include "table/digest.h"

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
    return nqi_plan_progress(&trainer->plan, trainer->update, nqi_trainer_seconds(trainer));
}

/* Linear warm-up, then as the plan says. An exact fit has half a cosine for each of its stages. */
static double rate_now(const nq_trainer *trainer, double progress)
{
    const nq_train_options *o = &trainer->options;
    const double warm = fmin(1, ((double)trainer->update + 1) / WARM_UPDATES);
    const double fitted = (double)trainer->update / fmax((double)o->fit_updates, 1);
    nqi_plan plan = trainer->plan;
    double height = 1;
    if (fitted < 1) {
        plan.begin = 0;
        progress = fitted < NQI_FIT_MOVES ? fitted / NQI_FIT_MOVES
                                          : (fitted - NQI_FIT_MOVES) / (1 - NQI_FIT_MOVES);
    } else if (o->fit_updates > 0) {
        plan.begin = fmax(plan.begin, (double)o->fit_updates / (double)o->updates);
        height = 0.01; /* the readouts are solved: more would unsettle them */
    }
    return o->rate * height * warm * nqi_plan_height(&plan, progress);
}

/* Steps that share the first bank now: all of them before the first update. */
static double share_present(const nq_trainer *trainer)
{
    double count = 0;
    for (size_t t = 1; trainer->bank_of && t <= trainer->model->process.schedule.steps; t++)
        count += trainer->bank_of[t] == 0;
    return count;
}

int64_t nqi_trainer_share_span(const nq_trainer *trainer, int64_t update)
{
    /* Spans of `share` steps, split at 15, 30 and 45 % (findings: 500, 100, 20, 1). They never
     * grow again, whatever becomes of the plan. */
    const double share = (double)trainer->options.share;
    double progress = nqi_trainer_progress(trainer);
    if (trainer->plan.updates > 0)
        progress = (double)update / (double)trainer->plan.updates;
    const double span = trainer->plan.ends ? 1
                        : progress < 0.15  ? share
                        : progress < 0.30  ? share / 5
                        : progress < 0.45  ? share / 25
                                           : 1;
    return (int64_t)fmax(ceil(fmin(span, share_present(trainer))), 1);
}

void nqi_trainer_share(nq_trainer *trainer, int64_t update)
{
    const size_t steps = trainer->model->process.schedule.steps;
    if (!trainer->bank_of)
        return;
    const uint32_t span = (uint32_t)nqi_trainer_share_span(trainer, update);
    for (uint32_t t = 1; t <= steps; t++) {
        const uint32_t before = trainer->bank_of[t], leader = (t - 1) / span * span;
        /* A step that becomes the leader of a smaller span starts from its old leader. */
        if (before != leader && leader == t - 1)
            nqi_optimiser_copy_bank(&trainer->optimiser, trainer->model->regressor.params, before,
                                    leader);
        trainer->bank_of[t] = leader;
    }
}

/* A regressor without a gradient was fitted when the model was made: how good it is remains. */
static nq_status judge_fitted(nq_trainer *trainer)
{
    nq_bound bound;
    const nq_bound_options options = {.terms = NQI_VALID_TERMS,
                                      .seed = 1,
                                      .max_rows = NQI_VALID_ROWS};
    nq_status status = nqi_bound_run(&bound, trainer->context, trainer->model, NULL,
                                     trainer->data, &options, NQI_DRAW_VALID);
    if (status)
        return status;
    trainer->smooth_loss = trainer->constant - bound.bound;
    nq_bound_free(&bound);
    trainer->update = trainer->done = 1;
    status = nqi_trainer_judge(trainer);
    return status ? status : nqi_trainer_check(trainer);
}

static nq_status step(nq_trainer *trainer)
{
    if (trainer->model->regressor.type->predict)
        return judge_fitted(trainer);
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
    if (trainer->done || nqi_plan_judges(&trainer->plan, trainer->update))
        status = nqi_trainer_judge(trainer);
    return status || !trainer->done ? status : nqi_trainer_check(trainer);
}

/* How far the run is, is what is told; not how far what it asks for on the way. An update ends even
 * where the monitor says NQ_FINISH. */
nq_status nq_trainer_step(nq_trainer *trainer)
{
    nq_context *context = trainer->context;
    nq_status status = nqi_trainer_is_whole(trainer);
    if (status || trainer->done)
        return status;
    const int finishes = nqi_watch_finishes(context, 1);
    const double progress = fmin(nqi_trainer_progress(trainer), 1);
    if (trainer->plan.updates > 0 && !(trainer->plan.seconds > 0))
        status =
            nqi_tell(context, "training", (double)trainer->update, (double)trainer->plan.updates);
    else
        status = nqi_tell(context, "training", progress, 1);
    const nqi_portion portion = nqi_portion_enter(context, progress, progress);
    if (!status)
        status = step(trainer);
    nqi_portion_leave(context, portion);
    nqi_watch_finishes(context, finishes);
    trainer->is_stopped = status == NQ_ERROR_STOPPED;
    return status;
}

nq_status nqi_trainer_is_whole(const nq_trainer *trainer)
{
    return trainer->is_stopped
               ? nqi_fail(trainer->context, NQ_ERROR_STOPPED,
                          "the run was stopped in the middle of update %lld, and cannot go on; "
                          "nq_trainer_model has its best model",
                          (long long)trainer->update + 1)
               : NQ_OK;
}

void nq_trainer_state(nq_train_state *out, const nq_trainer *trainer)
{
    *out = (nq_train_state){
        .update = trainer->update,
        .planned = trainer->plan.seconds > 0 && !trainer->plan.ends ? 0 : trainer->plan.updates,
        .progress = trainer->done ? 1 : nqi_trainer_progress(trainer),
        .seconds = nqi_trainer_seconds(trainer),
        .rate = trainer->rate,
        .bound = trainer->update ? trainer->constant - trainer->smooth_loss : NAN,
        .null = trainer->null,
        .valid_bound = trainer->valid_bound,
        .valid_se = trainer->valid_se,
        .best_bound = trainer->valid ? trainer->best_bound : NAN,
        .best_update = trainer->best_update,
        .stage = trainer->update < trainer->options.fit_updates ? "fit"
                 : trainer->plan.ends                           ? "anneal"
                                                                : "descend",
        .done = trainer->done,
        .check_bound = trainer->check_bound,
        .check_se = trainer->check_se,
        .check_se_rows = trainer->check_se_rows,
    };
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
    trainer->check_bound = trainer->check_se = trainer->check_se_rows = NAN;
    trainer->started = now();
    return NQ_OK;
}

nq_status nqi_trainer_match(nq_trainer *trainer, const nq_dataset **data)
{
    const nqi_scaling *scaling = &trainer->model->scaling;
    if (nq_dataset_dim(*data) != scaling->columns)
        return nqi_fail(trainer->context, NQ_ERROR_SHAPE,
                        "the model has %zu columns, but the data have %zu", scaling->columns,
                        nq_dataset_dim(*data));
    if (nqi_dataset_matches(*data, scaling->column, scaling->columns))
        return NQ_OK;
    const nq_status status = nqi_dataset_match(&trainer->matched, trainer->context, *data,
                                               scaling->column, scaling->columns);
    *data = status ? *data : trainer->matched;
    return status;
}

size_t nq_trainer_note_count(const nq_trainer *trainer)
{
    return (trainer->matched ? nq_dataset_note_count(trainer->matched) : 0) +
           (trainer->matched_valid ? nq_dataset_note_count(trainer->matched_valid) : 0);
}

const char *nq_trainer_note(const nq_trainer *trainer, size_t i)
{
    const size_t of_data = trainer->matched ? nq_dataset_note_count(trainer->matched) : 0;
    if (i < of_data)
        return nq_dataset_note(trainer->matched, i);
    return trainer->matched_valid ? nq_dataset_note(trainer->matched_valid, i - of_data) : NULL;
}

/* The family that a model of these options and data will have. */
static nq_status family_of(const nqi_family **out, nq_context *context, const nq_dataset *data,
                           const nq_model_options *options)
{
    nq_model_options own;
    nq_status status = nqi_options_take(&own, context, &nqi_model_options, options);
    if (!status)
        status = nqi_model_kernel(&own, context, data);
    *out = status ? NULL : nqi_family_find(own.kernel);
    return status;
}

/* A missing cell is a level, or completed, as the kernel has it. */
static nq_status check_missing(const nq_trainer *trainer, int is_mixed)
{
    const char *as = trainer->options.missing_as;
    if (!*as || !strcmp(as, is_mixed ? "level" : "fill"))
        return NQ_OK;
    if (is_mixed && !strcmp(as, "fill"))
        return nqi_fail(
            trainer->context, NQ_ERROR_UNSUPPORTED,
            "\036missing_as fill: in a mixed model a missing cell is a level of its "
            "column, and cannot be completed in training; noneq impute completes rows "
            "with the model");
    if (!strcmp(as, "level"))
        return nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                        "\036missing_as level: a missing cell is a level in mixed models alone "
                        "(\036kernel mixed)");
    return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                    "\036missing_as \"%s\": expected level or fill", as);
}

static nq_status make_mixed(nq_trainer *trainer, const nq_dataset *data, const nq_dataset *valid,
                            const nq_model *start, const nq_model_options *options)
{
    nq_status status = NQ_OK;
    if (!start && !(status = nqi_model_build(&trainer->model, trainer->context, data, options,
                                             trainer->options.dropout)))
        status = nqi_trainer_match(trainer, &data);
    if (!status) /* as the model's file orders texts */
        status = nqi_trainer_digest(trainer, data, valid);
    return status ? status : nqi_trainer_complete(trainer, data, valid);
}

static nq_status make_single(nq_trainer *trainer, const nq_dataset *data, const nq_dataset *valid)
{
    nq_status status = nqi_trainer_digest(trainer, data, valid);
    if (!status)
        status = nqi_trainer_complete(trainer, data, valid);
    if (!status && trainer->matched_valid) /* the columns of it that are used */
        status = nqi_digest_rows(&trainer->digest.valid_row_sum, trainer->context,
                                 trainer->matched_valid);
    return status;
}

/* A model of one kernel. Gaps hold what is not yet drawn: the kernel is that of the rows as they
 * are, and there is no law of theirs yet. */
static nq_status make_whole(nq_trainer *trainer, const nqi_family *family,
                            const nq_model_options *options)
{
    nq_model_options own;
    const nq_status status =
        nqi_options_take(&own, trainer->context, &nqi_model_options, options);
    if (status)
        return status;
    snprintf(own.kernel, sizeof own.kernel, "%s", family->name);
    if (trainer->missing.count && !strcmp(own.base, "normal"))
        return nqi_fail(
            trainer->context, NQ_ERROR_UNSUPPORTED,
            "\036base normal: expected rows without missing cells, found %zu with some; "
            "\036kernel mixed or \036base none takes them",
            trainer->missing.count);
    if (trainer->missing.count)
        snprintf(own.base, sizeof own.base, "none");
    return nqi_model_build(&trainer->model, trainer->context, trainer->data, &own,
                           trainer->options.dropout);
}

/* From a model, with its own weights, and its scaling whatever the data's means are; or from
 * options. */
static nq_status trainer_make(nq_trainer **out, nq_context *context, const nq_dataset *data,
                              const nq_dataset *valid, const nq_model *start,
                              const nq_model_options *model_options,
                              const nq_train_options *train_options)
{
    nq_trainer *trainer;
    const nqi_family *family = NULL;
    *out = NULL;
    nq_status status = nqi_tell(context, "preparing", 0, 1);
    if (status)
        return status;
    status = nqi_trainer_alloc(&trainer, context);
    if (status)
        return status;
    if (!(status =
              nqi_options_take(&trainer->options, context, &nqi_train_options, train_options)) &&
        !(status = family_of(&family, context, data, model_options)))
        trainer->options.dropout = nqi_trainer_dropout(&trainer->options, family, data);
    if (!status && start &&
        !(status = nqi_model_copy(&trainer->model, context, start, trainer->options.dropout)))
        status = nqi_trainer_match(trainer, &data);
    const nqi_portion portion = nqi_portion_enter(context, 0, 0.7);
    if (!status)
        status = check_missing(trainer, family->is_mixed);
    if (!status && family->is_mixed)
        status = make_mixed(trainer, data, valid, start, model_options);
    else if (!status && !(status = make_single(trainer, data, valid)))
        status = start ? nqi_scaling_check(&trainer->model->scaling, context, trainer->data)
                       : make_whole(trainer, family, model_options);
    nqi_portion_leave(context, portion);
    if (!status && !(status = nqi_tell(context, "preparing", 0.7, 1)) &&
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

nq_status nq_trainer_new(nq_trainer **out, nq_context *context, const nq_dataset *data,
                         const nq_dataset *valid, const nq_model_options *model_options,
                         const nq_train_options *train_options)
{
    return trainer_make(out, context, data, valid, NULL, model_options, train_options);
}

nq_status nq_trainer_new_from(nq_trainer **out, nq_context *context, const nq_dataset *data,
                              const nq_dataset *valid, const nq_model *start,
                              const nq_train_options *train_options)
{
    return trainer_make(out, context, data, valid, start, &start->options, train_options);
}
