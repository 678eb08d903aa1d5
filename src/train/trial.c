/* trial.c - whether a network stands on something, by hold-out rows: runs begin side by side, and
 * the better goes on. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "measure/bits.h"
#include "train/best/judge.h"
#include "train/trainer.h"

/* The part of a run in which they are side by side. On jester and plants K of hold-out rows is
 * ahead on a tree after 400 updates, or level, and behind after 1500; on dna, accidents and
 * pumsb_star it stays ahead (docs/results.md). */
static const double trial_part = 0.15;
enum { TRIAL_LEAST = 25, TRIAL_MOST = 1500, TRIAL_ROWS = 50 };

/* What else the run may stand on; NULL: nothing, or there is nothing to choose by. */
static const char *rival_of(const nq_trainer *trainer, const nq_model_options *asked)
{
    const nq_model_options *options = &trainer->model->options;
    const nq_dataset *valid = trainer->sets.valid;
    const int is_named = asked && asked->offset[0];
    const int can = nqi_model_is_usual(options, trainer->sets.data) &&
                    !trainer->gaps.rows.count && strcmp(options->schedule, "learned") != 0;
    return !is_named && can && valid && nq_dataset_rows(valid) >= TRIAL_ROWS
               ? nqi_model_defaults(trainer->model)->network.offset
               : NULL;
}

static int64_t trial_updates(const nq_trainer *trainer)
{
    const double planned = (double)trainer->plan.updates;
    return planned > 0 ? (int64_t)fmin(fmax(trial_part * planned, TRIAL_LEAST), TRIAL_MOST)
                       : TRIAL_MOST;
}

/* Whether whoever watches rank 0 wants it to end; the same on all ranks. */
static nq_status is_ended(int *out, nq_context *context)
{
    *out = nqi_answer(context) != NQ_GO_ON;
    return nq_context_share(context, out, sizeof *out);
}

/* What there is when somebody ends it goes on, and ends. */
static nq_status begin(nq_trainer *trainer, int64_t updates, double from)
{
    nq_context *context = trainer->context;
    int ended;
    nq_status status = is_ended(&ended, context);
    while (!status && !ended && !trainer->progress.done && trainer->progress.update < updates &&
           nqi_trainer_part(trainer) < trial_part) {
        const double part = (double)trainer->progress.update / (double)updates;
        if (!(status = nqi_tell(context, "choosing an offset", (from + part) / 2, 1))) {
            const nqi_portion portion =
                nqi_portion_enter(context, (from + part) / 2, (from + part) / 2);
            status = nq_trainer_step(trainer);
            nqi_portion_leave(context, portion);
        }
        if (!status)
            status = is_ended(&ended, context);
    }
    return status;
}

/* *ahead: whether the second is better by more than its error on these rows. */
static nq_status judge(int *ahead, nq_trainer *const runs[2], const char *name)
{
    enum { SURE = 2 };
    nq_bound bound[2] = {{0}};
    nq_status status = nqi_judge_bound(&bound[0], runs[0]);
    if (!status)
        status = nqi_judge_bound(&bound[1], runs[1]);
    if (!status) {
        *ahead = nqi_bound_rises(bound[1].row_bound, bound[0].row_bound, bound[0].rows, SURE);
        nqi_log(runs[0]->context, NQ_LOG_INFO,
                "offset    %s: after %lld updates hold-out K is %.3f bits on a %s, %.3f without",
                *ahead ? name : "none", (long long)runs[1]->progress.update,
                NQI_BITS_PER_NAT * bound[1].bound, name, NQI_BITS_PER_NAT * bound[0].bound);
    }
    nq_bound_free(&bound[0]);
    nq_bound_free(&bound[1]);
    return status;
}

/* The same on what is tried. Nobody asked for it: where it cannot be, there is nothing beside. */
static nq_status run_beside(int *ahead, nq_trainer *runs[2], const nq_dataset *data,
                            const nq_dataset *valid, const nq_model_options *model_options,
                            const nq_train_options *train_options)
{
    nq_context *context = runs[0]->context;
    const char *name = rival_of(runs[0], model_options);
    nq_model_options own;
    int ended;
    nq_status status = nqi_options_take(&own, context, &nqi_model_options, model_options);
    snprintf(own.offset, sizeof own.offset, "%s", name);
    if (!status &&
        !(status = nq_trainer_new(&runs[1], context, data, valid, &own, train_options)))
        status = begin(runs[1], runs[0]->progress.update, 1);
    if (status == NQ_ERROR_DIVERGED || status == NQ_ERROR_UNSUPPORTED) {
        nqi_log(context, NQ_LOG_INFO, "offset    none: on a %s: %s", name,
                nq_context_message(context));
        return NQ_OK;
    }
    if (!status)
        status = is_ended(&ended, context);
    return status || ended ? status : judge(ahead, runs, name);
}

nq_status nq_trainer_new_tried(nq_trainer **out, nq_context *context, const nq_dataset *data,
                               const nq_dataset *valid, const nq_model_options *model_options,
                               const nq_train_options *train_options)
{
    nq_trainer *runs[2] = {NULL, NULL};
    int ahead = 0;
    nq_status status =
        nq_trainer_new(&runs[0], context, data, valid, model_options, train_options);
    *out = runs[0];
    if (status || !rival_of(runs[0], model_options))
        return status;
    status = begin(runs[0], trial_updates(runs[0]), 0);
    if (!status)
        status = run_beside(&ahead, runs, data, valid, model_options, train_options);
    *out = status ? NULL : runs[ahead];
    nq_trainer_free(runs[!ahead]);
    if (status)
        nq_trainer_free(runs[ahead]);
    return status;
}
