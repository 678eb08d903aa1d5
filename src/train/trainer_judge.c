/* trainer_judge.c - which state of a run is kept, the best on hold-out rows; how good it is; and
 * when to stop. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "measure/steps/steps.h"
#include "train/trainer.h"

static const double bits_per_nat = 1.4426950408889634;

/* A span ends with copies for every step in it, so that the model file needs no map. */
static void spread_banks(const nq_trainer *trainer, nqi_real *params)
{
    const nqi_graph *graph = &trainer->model->regressor.graph;
    for (size_t t = 1; trainer->bank_of && t <= graph->banks; t++)
        if (trainer->bank_of[t] != t - 1)
            memcpy(params + graph->dense_count + (t - 1) * graph->bank_size,
                   params + graph->dense_count + trainer->bank_of[t] * graph->bank_size,
                   graph->bank_size * sizeof *params);
}

nqi_real *nqi_trainer_present(nq_trainer *trainer)
{
    nqi_optimiser *optimiser = &trainer->optimiser;
    nqi_real *params = optimiser->average ? optimiser->average : trainer->model->regressor.params;
    if (optimiser->average)
        nqi_optimiser_settle(optimiser, trainer->model->regressor.params);
    spread_banks(trainer, params);
    return params;
}

/* Whose rows these are, for who judges the model by them (check/check.c). */
static nq_status record_digests(const nq_trainer *trainer, nq_model *best)
{
    char text[2][17];
    const nqi_data_digest *digest = &trainer->digest;
    nq_status status = NQ_OK;
    snprintf(text[0], sizeof text[0], "%016" PRIx64, digest->row_sum);
    snprintf(text[1], sizeof text[1], "%016" PRIx64, digest->valid_row_sum);
    if (digest->row_sum)
        status = nqi_model_set_record(best, trainer->context, "row_digest", text[0]);
    if (!status && digest->valid_row_sum)
        status = nqi_model_set_record(best, trainer->context, "valid_row_digest", text[1]);
    return status;
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
                                              (trainer->constant - trainer->smooth_loss) *
                                                  bits_per_nat)) ||
        (status = record_digests(trainer, best)))
        return status;
    if (trainer->valid)
        status = nqi_model_set_record_number(best, context, "valid_bits",
                                             trainer->best_bound * bits_per_nat);
    return status;
}

static nq_status keep_present(nq_trainer *trainer, const nqi_real *params)
{
    nq_model *best = trainer->best;
    memmove(best->regressor.params, params, trainer->optimiser.count * sizeof *params);
    nqi_ladder_free(&best->ladder); /* of other weights */
    nqi_model_take_ladder(best);
    best->usual_steps = 0;
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

/* The run goes on from the best state. Second moments stay: they say how large gradients are. */
static nq_status restart_from_best(nq_trainer *trainer)
{
    nqi_process *process = &trainer->model->process;
    const nqi_process *from = &trainer->best->process;
    nqi_optimiser_restart(&trainer->optimiser, trainer->model->regressor.params,
                          trainer->best->regressor.params);
    if (!trainer->learns_schedule)
        return NQ_OK;
    const nq_status status =
        nqi_process_reschedule(process, trainer->context, from->schedule.beta);
    if (!status)
        nqi_schedule_learner_restart(&trainer->learner, &process->schedule);
    return status;
}

/* K on hold-out rows is flat where samples of a table still get better as the rate falls
 * (docs/tables.md): what little it has lost of what was gained does not count there. */
static int is_borne(const nq_trainer *trainer)
{
    const double part = nqi_model_defaults(trainer->model)->bears;
    const double gain = trainer->best_bound - trainer->null;
    return gain > 0 && trainer->best_bound - trainer->valid_bound < part * gain;
}

/* Compared with the last state that was better than those before it by more than the error: small
 * rises add up, and chance does not. */
static nq_status wait_for_rise(nq_trainer *trainer, const nq_bound *bound)
{
    if (!trainer->reference || trainer->update < trainer->options.fit_updates)
        return NQ_OK;
    const int change = trainer->rise_update
                           ? nqi_bound_change(bound->row_bound, trainer->reference, bound->rows)
                           : 1;
    if (change > 0) {
        for (size_t i = 0; i < bound->rows; i++)
            trainer->reference[i] =
                isfinite(bound->row_bound[i]) ? bound->row_bound[i] : NQI_BOUND_NONE;
        trainer->rise_update = trainer->update;
    }
    if (trainer->done)
        return NQ_OK;
    const int restarts =
        nqi_plan_wait(&trainer->plan, is_borne(trainer) ? 1 : change, trainer->update,
                      nqi_trainer_seconds(trainer), trainer->best_update);
    trainer->done = nqi_trainer_progress(trainer) >= 1;
    return restarts ? restart_from_best(trainer) : NQ_OK;
}

nq_status nqi_trainer_judge(nq_trainer *trainer)
{
    const nqi_real *params = nqi_trainer_present(trainer);
    if (!nqi_trainer_is_complete(trainer) && !trainer->done)
        return NQ_OK;
    if (!trainer->valid)
        return keep_present(trainer, params);
    nq_bound bound;
    const nq_bound_options options = {.terms = NQI_VALID_TERMS,
                                      .seed = 1,
                                      .max_rows = NQI_VALID_ROWS};
    nq_status status = nqi_bound_run(&bound, trainer->context, trainer->model, params,
                                     trainer->valid, &options, NQI_DRAW_VALID);
    if (status)
        return status;
    trainer->valid_bound = bound.bound;
    trainer->valid_se = bound.se;
    if (!trainer->has_best || trainer->valid_bound > trainer->best_bound ||
        (trainer->done && is_borne(trainer))) {
        trainer->best_bound = trainer->valid_bound;
        status = keep_present(trainer, params);
    }
    if (!status)
        status = wait_for_rise(trainer, &bound);
    nq_bound_free(&bound);
    return status;
}

/* The largest of many estimates is too large: what it owes to its noise, other noise takes away. */
nq_status nqi_trainer_check(nq_trainer *trainer)
{
    nq_bound bound;
    const nq_bound_options options = {.terms = NQI_CHECK_TERMS,
                                      .seed = 2,
                                      .max_rows = NQI_CHECK_ROWS};
    if (!trainer->has_best)
        return NQ_OK;
    nq_status status =
        nqi_steps_measure(trainer->best, trainer->context, trainer->data, trainer->valid);
    if (status == NQ_ERROR_DIVERGED)
        status = NQ_OK; /* as below */
    if (status || !trainer->valid)
        return status;
    status = nqi_bound_run(&bound, trainer->context, trainer->best, NULL, trainer->valid,
                           &options, NQI_DRAW_VALID);
    if (status == NQ_ERROR_DIVERGED)
        return NQ_OK; /* a row that was not looked at before: there is no figure then */
    if (status)
        return status;
    trainer->check_bound = bound.bound;
    trainer->check_se = bound.se;
    trainer->check_se_rows = bound.se_rows;
    nq_bound_free(&bound);
    if (!(status = nqi_model_set_record_number(trainer->best, trainer->context, "valid_bits",
                                               trainer->check_bound * bits_per_nat)))
        status = nqi_model_set_record_number(trainer->best, trainer->context, "valid_se_bits",
                                             trainer->check_se * bits_per_nat);
    return status;
}

/* Asking for a model does not make it the best, nor changes what becomes of the run. */
nq_status nq_trainer_model(const nq_model **out, nq_trainer *trainer)
{
    const int64_t best_update = trainer->best_update;
    nq_status status = NQ_OK;
    *out = trainer->best;
    if (trainer->has_best)
        return NQ_OK;
    if (trainer->is_stopped) {
        *out = NULL;
        return nqi_fail(trainer->context, NQ_ERROR_STOPPED,
                        "the run was stopped in the middle of update %lld, before it had a best "
                        "model",
                        (long long)trainer->update + 1);
    }
    nqi_optimiser_present(&trainer->optimiser, trainer->best->regressor.params,
                          trainer->model->regressor.params);
    spread_banks(trainer, trainer->best->regressor.params);
    status = keep_present(trainer, trainer->best->regressor.params);
    trainer->has_best = 0;
    trainer->best_update = best_update;
    return status;
}
