/* starts.c - the first part of a run, made several times, and which one goes on.
 * Each is the run that it would be alone, so that the best has lost nothing. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/run/starts.h"

#include <math.h>

#include "core/context.h"
#include "train/trainer.h"

/* By then they stand as they will in the end (docs/results.md); after a tenth they do not. */
static const double start_part = 0.375;

static double part_of(const nq_trainer *trainer)
{
    return ceil(start_part * (double)trainer->options.updates);
}

int nqi_starts_are_next(const nq_trainer *trainer)
{
    return trainer->options.starts > 1 && !trainer->progress.update && !trainer->progress.done;
}

double nqi_starts_updates(double *made, const nq_trainer *trainer)
{
    const nqi_starts *starts = &trainer->starts;
    const int next = nqi_starts_are_next(trainer);
    const nq_count count = next ? trainer->options.starts : starts->made;
    const double beside = count > 1 ? (double)(count - 1) * part_of(trainer) : 0;
    *made = next ? (double)starts->made * part_of(trainer) : beside;
    if (starts->run)
        *made += (double)starts->run->progress.update;
    return beside;
}

/* The first has the weights that there are; the others each a seed of its own. */
static nq_status begin(nq_trainer *trainer)
{
    nqi_starts *starts = &trainer->starts;
    nq_train_options own = trainer->options;
    nq_model *model;
    own.starts = 1;
    nq_status status =
        nqi_model_copy(&model, trainer->context, trainer->model, trainer->options.dropout);
    if (status)
        return status;
    if (starts->made) {
        const uint64_t seed = (uint64_t)model->options.model_seed;
        model->options.model_seed =
            (nq_count)(nqi_seed_child(seed, (uint64_t)starts->made) >> 12);
        status = nqi_model_begin_again(model, trainer->context, trainer->sets.data);
    }
    if (!status)
        status = nq_trainer_new_from(&starts->run, trainer->context, trainer->sets.data,
                                     trainer->sets.valid, model, &own);
    nq_model_free(model);
    return status;
}

/* By K of their training batches, which are the same rows with the same noise. */
static void judge(nqi_starts *starts, int is_good)
{
    nq_trainer *run = starts->run;
    const nq_trainer *best = starts->best;
    const int is_better = is_good && !(best && nqi_progress_bound(&run->progress) <=
                                                   nqi_progress_bound(&best->progress));
    nq_trainer_free(is_better ? starts->best : run);
    starts->best = is_better ? run : starts->best;
    starts->run = NULL;
    starts->made++;
}

/* The caller's trainer becomes the best one; its clock goes on, and its rows stay. */
static nq_status adopt(nq_trainer *trainer)
{
    nq_trainer *rest = trainer->starts.best;
    const nq_trainer before = *trainer;
    *trainer = *rest;
    *rest = before;
    trainer->starts = (nqi_starts){.rest = rest, .made = before.starts.made};
    rest->starts = (nqi_starts){0};
    trainer->clock = before.clock;
    trainer->sets.digest = before.sets.digest;
    return nqi_model_set_record_number(trainer->best.model, trainer->context, "starts",
                                       (double)before.starts.made);
}

/* A start that diverges is no good; the last sentence stays where all are so. */
nq_status nqi_starts_step(nq_trainer *trainer)
{
    nqi_starts *starts = &trainer->starts;
    nq_status status = starts->run ? NQ_OK : begin(trainer);
    if (!status)
        status = nq_trainer_step(starts->run);
    if (!starts->run || (status && status != NQ_ERROR_DIVERGED))
        return status;
    if (!status && !starts->run->progress.done &&
        (double)starts->run->progress.update < part_of(trainer))
        return NQ_OK;
    judge(starts, !status);
    if (starts->made < trainer->options.starts)
        return NQ_OK;
    return starts->best ? adopt(trainer) : status;
}

void nqi_starts_free(nqi_starts *starts)
{
    nq_trainer_free(starts->run);
    nq_trainer_free(starts->best);
    nq_trainer_free(starts->rest);
}
