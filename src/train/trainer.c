/* trainer.c - a run from its first update to its last, and what is told of it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/monitor.h"
#include "train/best/judge.h"
#include "train/run/phase.h"

nq_status nqi_trainer_alloc(nq_trainer **out, nq_context *context)
{
    *out = NULL;
    const nq_status status = nqi_tell(context, "preparing", 0, 1);
    if (status)
        return status;
    nq_trainer *trainer = *out = calloc(1, sizeof *trainer);
    if (!trainer)
        return nqi_fail_memory(context, "a trainer", sizeof *trainer);
    trainer->context = context;
    nqi_best_init(&trainer->best);
    nqi_clock_start(&trainer->clock, context);
    return NQ_OK;
}

void nq_trainer_free(nq_trainer *trainer)
{
    if (!trainer)
        return;
    nqi_draw_free(&trainer->draw);
    nqi_gradient_free(&trainer->gradient);
    nqi_banks_free(&trainer->banks);
    nqi_sets_free(&trainer->sets);
    nqi_gaps_free(&trainer->gaps);
    nqi_readout_fit_free(&trainer->fit);
    nqi_schedule_learner_free(&trainer->learner);
    nqi_optimiser_free(&trainer->optimiser);
    nqi_best_free(&trainer->best);
    nq_model_free(trainer->model);
    nqi_starts_free(&trainer->starts);
    free(trainer);
}

double nqi_trainer_part(const nq_trainer *trainer)
{
    return nqi_plan_progress(&trainer->plan, trainer->progress.update,
                             nqi_clock_seconds(&trainer->clock));
}

static nq_status step(nq_trainer *trainer)
{
    nqi_progress *progress = &trainer->progress;
    const nqi_phase *phase = nqi_phase_now(trainer);
    nq_status status;
    if (nqi_trainer_is_fitted(trainer))
        return nqi_judge_fitted(trainer);
    if (nqi_starts_are_next(trainer))
        return nqi_starts_step(trainer);
    const double part = nqi_trainer_part(trainer);
    progress->rate = phase->rate(trainer, part);
    nqi_banks_share(&trainer->banks, &trainer->optimiser, trainer->model->regressor.params,
                    phase->span(trainer, part));
    if ((status = nqi_trainer_fill(trainer)) || (status = phase->update(trainer)))
        return status;
    progress->update++;
    status = nqi_clock_read(&trainer->clock, trainer->context, trainer->options.minutes > 0);
    if (status)
        return status;
    progress->done = nqi_trainer_part(trainer) >= 1;
    if (progress->done || nqi_plan_judges(&trainer->plan, progress->update))
        status = nqi_judge_state(trainer);
    return status || !progress->done ? status : nqi_judge_best(trainer);
}

/* How far the run is, is what is told; not how far what it asks for on the way. An update ends even
 * where the monitor says NQ_FINISH. */
nq_status nq_trainer_step(nq_trainer *trainer)
{
    nq_context *context = trainer->context;
    nq_status status = nqi_trainer_is_whole(trainer);
    if (status || trainer->progress.done)
        return status;
    const int finishes = nqi_watch_finishes(context, 1);
    const double progress = fmin(nqi_trainer_part(trainer), 1);
    if (trainer->plan.updates > 0 && !(trainer->plan.seconds > 0))
        status = nqi_tell(context, "training", (double)trainer->progress.update,
                          (double)trainer->plan.updates);
    else
        status = nqi_tell(context, "training", progress, 1);
    const nqi_portion portion = nqi_portion_enter(context, progress, progress);
    if (!status)
        status = step(trainer);
    nqi_portion_leave(context, portion);
    nqi_watch_finishes(context, finishes);
    trainer->progress.is_stopped = status == NQ_ERROR_STOPPED;
    return status;
}

nq_status nqi_trainer_is_whole(const nq_trainer *trainer)
{
    return trainer->progress.is_stopped
               ? nqi_fail(trainer->context, NQ_ERROR_STOPPED,
                          "the run was stopped in the middle of update %lld, and cannot go on; "
                          "nq_trainer_model has its best model",
                          (long long)trainer->progress.update + 1)
               : NQ_OK;
}

/* Of all updates, those of starts too. */
static double whole_part(const nq_trainer *trainer)
{
    double made;
    const double beside = nqi_starts_updates(&made, trainer);
    const double own = (double)trainer->options.updates;
    const double part = nqi_trainer_part(trainer);
    if (trainer->progress.done)
        return 1;
    return beside > 0 ? (made + part * own) / (beside + own) : part;
}

void nq_trainer_state(nq_train_state *out, const nq_trainer *trainer)
{
    const nq_trainer *run = trainer->starts.run ? trainer->starts.run : trainer;
    const nqi_progress *progress = &trainer->progress;
    const nqi_plan *plan = &trainer->plan;
    const nqi_best *best = &trainer->best;
    const int64_t start = nqi_starts_are_next(trainer) ? trainer->starts.made + 1 : 0;
    *out = (nq_train_state){
        .update = progress->update,
        .planned = plan->seconds > 0 && !plan->ends ? 0 : plan->updates,
        .progress = whole_part(trainer),
        .seconds = nqi_clock_seconds(&trainer->clock),
        .rate = run->progress.rate,
        .bound = run->progress.update ? nqi_progress_bound(&run->progress) : NAN,
        .null = progress->null,
        .valid_bound = best->valid_bound,
        .valid_se = best->valid_se,
        .best_bound = trainer->sets.valid ? best->bound : NAN,
        .best_update = best->update,
        .stage = start ? "start" : nqi_phase_now(trainer)->name,
        .done = progress->done,
        .check_bound = best->check_bound,
        .check_se = best->check_se,
        .check_se_rows = best->check_se_rows,
        .start = start,
        .starts = start ? trainer->options.starts : 0,
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

size_t nq_trainer_valid_left_out(const nq_trainer *trainer)
{
    return trainer->sets.left_out;
}

size_t nq_trainer_note_count(const nq_trainer *trainer)
{
    return nqi_sets_note_count(&trainer->sets);
}

const char *nq_trainer_note(const nq_trainer *trainer, size_t i)
{
    return nqi_sets_note(&trainer->sets, i);
}
