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
#include "train/best/judge.h"
#include "train/trainer.h"

/* The part of a run in which they are side by side. On jester K of hold-out rows with a tree is
 * ahead at first, even after 400 updates and .17 nats behind after 1500; on eight other sets the
 * tree stays ahead (docs/leaderboard.md). */
static const double trial_part = 0.15;
enum { TRIAL_LEAST = 25, TRIAL_MOST = 1500, TRIAL_ROWS = 50 };

/* What else the run may stand on; NULL: nothing, or there is nothing to choose by. */
static const char *rival_of(const nq_trainer *trainer, const nq_model_options *asked)
{
    const nq_model_options *options = &trainer->model->options;
    const nqi_regressor_type *type = trainer->model->regressor.type;
    const nq_dataset *valid = trainer->sets.valid;
    const int is_named = asked && asked->offset[0];
    const int can = !type->predict && !type->of_pictures && !trainer->gaps.rows.count &&
                    !trainer->options.fit_updates && strcmp(options->schedule, "learned") != 0;
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

/* Whoever watches may end it before: what there is then goes on, and ends. */
static nq_status begin(nq_trainer *trainer, int64_t updates, double from)
{
    nq_context *context = trainer->context;
    nq_status status = NQ_OK;
    while (!status && !trainer->progress.done && trainer->progress.update < updates &&
           nqi_trainer_part(trainer) < trial_part && nqi_answer(context) == NQ_GO_ON) {
        const double part = (double)trainer->progress.update / (double)updates;
        if (!(status = nqi_tell(context, "choosing an offset", (from + part) / 2, 1))) {
            const nqi_portion portion =
                nqi_portion_enter(context, (from + part) / 2, (from + part) / 2);
            status = nq_trainer_step(trainer);
            nqi_portion_leave(context, portion);
        }
    }
    return status;
}

/* *ahead: whether the second is better by more than its error on these rows. */
static nq_status compare(int *ahead, nq_trainer *const runs[2], const char *name)
{
    enum { SURE = 2 };
    nq_bound bound[2] = {{0}};
    nq_status status = nqi_judge_bound(&bound[0], runs[0]);
    if (!status)
        status = nqi_judge_bound(&bound[1], runs[1]);
    if (!status) {
        const double bits = 1.4426950408889634;
        *ahead = nqi_bound_rises(bound[1].row_bound, bound[0].row_bound, bound[0].rows, SURE);
        nqi_log(runs[0]->context, NQ_LOG_INFO,
                "offset    %s: after %lld updates hold-out K is %.3f bits on a %s, %.3f without",
                *ahead ? name : "none", (long long)runs[1]->progress.update,
                bits * bound[1].bound, name, bits * bound[0].bound);
    }
    nq_bound_free(&bound[0]);
    nq_bound_free(&bound[1]);
    return status;
}

nq_status nq_trainer_new_tried(nq_trainer **out, nq_context *context, const nq_dataset *data,
                               const nq_dataset *valid, const nq_model_options *model_options,
                               const nq_train_options *train_options)
{
    nq_model_options rival;
    nq_trainer *runs[2] = {NULL, NULL};
    const char *name;
    int ahead = 0;
    nq_status status =
        nq_trainer_new(&runs[0], context, data, valid, model_options, train_options);
    *out = runs[0];
    if (status || !(name = rival_of(runs[0], model_options)))
        return status;
    const int64_t updates = trial_updates(runs[0]);
    if (!(status = nqi_options_take(&rival, context, &nqi_model_options, model_options))) {
        snprintf(rival.offset, sizeof rival.offset, "%s", name);
        status = nq_trainer_new(&runs[1], context, data, valid, &rival, train_options);
    }
    if (!status && !(status = begin(runs[0], updates, 0)) &&
        !(status = begin(runs[1], runs[0]->progress.update, 1)) &&
        nqi_answer(context) == NQ_GO_ON)
        status = compare(&ahead, runs, name);
    *out = status ? NULL : runs[ahead];
    nq_trainer_free(runs[!ahead]);
    if (status)
        nq_trainer_free(runs[ahead]);
    return status;
}
