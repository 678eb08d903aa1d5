/* fill.c - when a run completes its rows, and when it draws their missing cells anew. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/context.h"
#include "train/trainer.h"

/* Parts of a run, by updates and by time, in which the network of missing cells is trained; of that
 * training, when the first cells are drawn (draws of a poor network feed themselves), and how often
 * from then on. */
static const double fill_part = 0.05, fill_part_of_time = 0.2, first_draws = 0.3,
                    draws_every = 0.05;
/* Times that missing cells are drawn anew in a run. */
enum { REDRAWS = 20 };
/* Updates of that network: those of the run, within limits; by time, with each of the run's. */
enum { FILL_LEAST = 300, FILL_MOST = 20000, FILL_BY_TIME = 8 };
/* What draws may cost of what training costs, of that network and of the model. */
static const double fill_share = 0.5, renewal_share = 0.25;
/* 1 - abar_t up to which x_t tells a row well enough that its drawn cells would confirm themselves,
 * and its observed ones teach without bias. */
static const double told = 0.05;

static size_t drawn_from(const nq_trainer *trainer)
{
    const nq_schedule *schedule = &trainer->model->process.schedule;
    size_t t = 1;
    while (t < schedule->steps && schedule->one_minus_alpha_bar[t - 1] <= told)
        t++;
    return t;
}

/* Rows of one of `times` draws that together cost a share of `updates` of `batch` rows. */
static size_t rows_affordable(const nq_trainer *trainer, double share, double updates,
                              double batch, double times)
{
    const double passes = 3 * updates * batch; /* forward and back */
    return (size_t)fmax(share * passes / (times * (double)nqi_filler_cost(&trainer->gaps.filler)),
                        64);
}

/* By the weights of the present: the set that is trained on and the one that judges, as a whole. */
static nq_status fill_finish(nq_trainer *trainer)
{
    nqi_filler *filler = &trainer->gaps.filler;
    nq_status status = NQ_OK;
    if (trainer->gaps.rows.count)
        status = nqi_filler_renew(filler, trainer->gaps.rows.count);
    if (status || (status = nqi_gaps_fill_valid(&trainer->gaps)))
        return status;
    trainer->gaps.done = 1;
    return nqi_trainer_measure(trainer);
}

/* One update of the network, and the draws that are due after it. */
static nq_status fill_step(nq_trainer *trainer, double part)
{
    nqi_filler *filler = &trainer->gaps.filler;
    const double draws = floor((part - first_draws) / draws_every + 1);
    const nq_status status = nqi_filler_step(filler, part);
    if (status || !trainer->gaps.rows.count || (double)trainer->gaps.rows.rounds >= draws)
        return status;
    return nqi_filler_renew(filler,
                            rows_affordable(trainer, fill_share, (double)filler->updates / part,
                                            NQI_FILLER_ROWS, (1 - first_draws) / draws_every));
}

static nq_status fill_train(nq_trainer *trainer, double progress)
{
    nqi_filler *filler = &trainer->gaps.filler;
    const double updates = (double)trainer->options.updates;
    const double by_time = progress / fill_part_of_time;
    if (!trainer->gaps.planned && updates > 0)
        trainer->gaps.planned = (int64_t)fmin(fmax(updates, FILL_LEAST), FILL_MOST);
    const double planned = (double)trainer->gaps.planned;
    const double due = planned > 0 ? planned * fmin(1, (progress + 1 / updates) / fill_part)
                                   : (double)filler->updates + FILL_BY_TIME;
    do {
        const double part = planned > 0 ? (double)filler->updates / planned : by_time;
        const nq_status status = fill_step(trainer, part);
        if (status)
            return status;
    } while ((double)filler->updates < due);
    if (planned > 0 ? filler->updates >= trainer->gaps.planned : by_time >= 1)
        return fill_finish(trainer);
    return NQ_OK;
}

nq_status nqi_trainer_fill(nq_trainer *trainer)
{
    const double progress = nqi_trainer_part(trainer);
    const int64_t due = (int64_t)(progress * REDRAWS);
    if (trainer->gaps.rows.count)
        trainer->gaps.drawn_from = drawn_from(trainer);
    if (!nqi_gaps_are_complete(&trainer->gaps))
        return fill_train(trainer, progress);
    if (!trainer->gaps.rows.count || trainer->gaps.redraws >= due)
        return NQ_OK;
    trainer->gaps.redraws = due;
    return nqi_filler_renew(&trainer->gaps.filler,
                            rows_affordable(trainer, renewal_share,
                                            (double)trainer->progress.update / progress,
                                            (double)trainer->options.batch, REDRAWS));
}
