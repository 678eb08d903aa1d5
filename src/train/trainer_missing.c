/* trainer_missing.c - when a run completes its rows, and when it draws their missing cells anew. */
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
/* Updates of that network: those of the run, within limits; by time, with each of the run's. */
enum { FILL_LEAST = 300, FILL_MOST = 20000, FILL_BY_TIME = 8 };
/* What draws may cost of what training costs, of that network and of the model. */
static const double fill_share = 0.5, renewal_share = 0.25;
/* 1 - abar_t up to which x_t tells a row well enough that its drawn cells would confirm themselves,
 * and its observed ones teach without bias. */
static const double told = 0.05;

nq_status nqi_trainer_complete(nq_trainer *trainer, const nq_dataset *data,
                               const nq_dataset *valid)
{
    nq_context *context = trainer->context;
    const uint64_t seed = (uint64_t)trainer->options.seed;
    nq_status status = nqi_hold_out_match(trainer, data, &valid);
    if (status)
        return status;
    if (trainer->model && trainer->model->scaling.coding) { /* gaps are levels */
        trainer->data = data;
        trainer->valid = valid;
        return NQ_OK;
    }
    if ((status = nqi_missing_new(&trainer->missing, context, data, NULL, seed)))
        return status;
    trainer->data = nqi_missing_whole(&trainer->missing);
    trainer->valid = valid;
    if (!valid || nq_dataset_dim(valid) != nq_dataset_dim(data))
        return NQ_OK;
    status = nqi_missing_new(&trainer->missing_valid, context, valid, trainer->data, seed);
    if (!status)
        trainer->valid = nqi_missing_whole(&trainer->missing_valid);
    return status;
}

nq_status nqi_trainer_make_filler(nq_trainer *trainer)
{
    const nqi_missing *patterns =
        trainer->missing.count ? &trainer->missing : &trainer->missing_valid;
    if (!patterns->count)
        return NQ_OK;
    return nqi_filler_new(&trainer->filler, trainer->context, &trainer->missing, patterns,
                          &trainer->model->options, trainer->options.dropout,
                          (uint64_t)trainer->options.seed);
}

static size_t drawn_from(const nq_trainer *trainer)
{
    const nq_schedule *schedule = &trainer->model->process.schedule;
    size_t t = 1;
    while (t < schedule->steps && schedule->one_minus_alpha_bar[t - 1] <= told)
        t++;
    return t;
}

int nqi_trainer_is_complete(const nq_trainer *trainer)
{
    return !trainer->filler.model || trainer->fill_done;
}

/* Rows of one of `times` draws that together cost a share of `updates` of `batch` rows. */
static size_t rows_affordable(const nq_trainer *trainer, double share, double updates,
                              double batch, double times)
{
    const double passes = 3 * updates * batch; /* forward and back */
    return (size_t)fmax(share * passes / (times * (double)nqi_filler_cost(&trainer->filler)), 64);
}

/* By the weights of the present: the set that is trained on and the one that judges, as a whole. */
static nq_status fill_finish(nq_trainer *trainer)
{
    nqi_filler *filler = &trainer->filler;
    nq_status status = NQ_OK;
    if (trainer->missing.count)
        status = nqi_filler_renew(filler, trainer->missing.count);
    if (status || (status = nqi_trainer_fill_valid(trainer)))
        return status;
    trainer->fill_done = 1;
    return nqi_trainer_measure(trainer);
}

nq_status nqi_trainer_fill_valid(nq_trainer *trainer)
{
    if (!trainer->missing_valid.count)
        return NQ_OK;
    return nqi_filler_draw(&trainer->filler, &trainer->missing_valid, 0,
                           trainer->missing_valid.count, 0);
}

/* One update of the network, and the draws that are due after it. */
static nq_status fill_step(nq_trainer *trainer, double part)
{
    nqi_filler *filler = &trainer->filler;
    const double draws = floor((part - first_draws) / draws_every + 1);
    const nq_status status = nqi_filler_step(filler, part);
    if (status || !trainer->missing.count || (double)trainer->missing.rounds >= draws)
        return status;
    return nqi_filler_renew(filler,
                            rows_affordable(trainer, fill_share, (double)filler->updates / part,
                                            NQI_FILLER_ROWS, (1 - first_draws) / draws_every));
}

static nq_status fill_train(nq_trainer *trainer, double progress)
{
    nqi_filler *filler = &trainer->filler;
    const double updates = (double)trainer->options.updates;
    const double by_time = progress / fill_part_of_time;
    if (!trainer->fill_planned && updates > 0)
        trainer->fill_planned = (int64_t)fmin(fmax(updates, FILL_LEAST), FILL_MOST);
    const double planned = (double)trainer->fill_planned;
    const double due = planned > 0 ? planned * fmin(1, (progress + 1 / updates) / fill_part)
                                   : (double)filler->updates + FILL_BY_TIME;
    do {
        const double part = planned > 0 ? (double)filler->updates / planned : by_time;
        const nq_status status = fill_step(trainer, part);
        if (status)
            return status;
    } while ((double)filler->updates < due);
    if (planned > 0 ? filler->updates >= trainer->fill_planned : by_time >= 1)
        return fill_finish(trainer);
    return NQ_OK;
}

nq_status nqi_trainer_fill(nq_trainer *trainer)
{
    const double progress = nqi_trainer_progress(trainer);
    const int64_t due = (int64_t)(progress * NQI_REDRAWS);
    if (trainer->missing.count)
        trainer->drawn_from = drawn_from(trainer);
    if (!nqi_trainer_is_complete(trainer))
        return fill_train(trainer, progress);
    if (!trainer->missing.count || trainer->redraws >= due)
        return NQ_OK;
    trainer->redraws = due;
    return nqi_filler_renew(&trainer->filler,
                            rows_affordable(trainer, renewal_share,
                                            (double)trainer->update / progress,
                                            (double)trainer->options.batch, NQI_REDRAWS));
}
