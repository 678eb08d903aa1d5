/* judge.c - which state of a run is kept, the best on hold-out rows; how good it is; and
 * when to stop. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "measure/bits.h"
#include "measure/bound.h"
#include "measure/steps/steps.h"
#include "table/dataset.h"
#include "train/best/judge.h"
#include "train/update/update.h"

/* The weights that would be handed out now: the running average where there is one. */
static nq_status present(nqi_real **out, nq_trainer *trainer)
{
    nqi_optimiser *optimiser = &trainer->optimiser;
    if (nqi_update_fit_moves(trainer))
        return nqi_update_fit_show(out, trainer);
    *out = optimiser->average ? optimiser->average : trainer->model->regressor.params;
    if (optimiser->average)
        nqi_optimiser_settle(optimiser, trainer->model->regressor.params);
    nqi_banks_spread(&trainer->banks, *out);
    return NQ_OK;
}

/* Whose rows these are, for who judges the model by them (check/check.c). */
static nq_status record_digests(const nq_trainer *trainer, nq_model *best)
{
    char text[2][17];
    const nqi_data_digest *digest = &trainer->sets.digest;
    nq_status status = NQ_OK;
    snprintf(text[0], sizeof text[0], "%016" PRIx64, digest->row_sum);
    snprintf(text[1], sizeof text[1], "%016" PRIx64, digest->valid_row_sum);
    if (digest->row_sum)
        status = nqi_model_set_record(best, trainer->context, "row_digest", text[0]);
    if (!status && digest->valid_row_sum)
        status = nqi_model_set_record(best, trainer->context, "valid_row_digest", text[1]);
    return status;
}

static nq_status record_reduction(const nq_trainer *trainer)
{
    const nq_dataset *data = trainer->sets.data;
    nq_model *best = trainer->best.model;
    if (nq_dataset_reduced(data) == 1)
        return NQ_OK;
    const nq_status status = nqi_model_set_record_number(best, trainer->context, "reduce",
                                                         (double)nq_dataset_reduced(data));
    return status || !(data->squared_level > 0)
               ? status
               : nqi_model_set_record_number(best, trainer->context, "reduce_level",
                                             data->squared_level);
}

static nq_status record_curve(const nq_trainer *trainer)
{
    char text[NQI_CURVE_TEXT];
    return nqi_model_set_record(trainer->best.model, trainer->context, "curve",
                                nqi_curve_text(text, &trainer->curve));
}

static nq_status record_best(nq_trainer *trainer)
{
    nq_model *best = trainer->best.model;
    nq_context *context = trainer->context;
    nq_status status;
    char text[64];
    snprintf(text, sizeof text, "%lld", (long long)trainer->progress.update);
    if ((status = nqi_model_set_record(best, context, "updates", text)) ||
        (status = nqi_model_set_record(best, context, "optimizer", trainer->options.optimizer)) ||
        (status = nqi_model_set_record_number(best, context, "rate", trainer->options.rate)) ||
        (status = nqi_model_set_record_number(best, context, "rows",
                                              (double)nq_dataset_rows(trainer->sets.data))) ||
        (status = nqi_model_set_record_number(best, context, "batch",
                                              (double)nqi_draw_batch(&trainer->draw))) ||
        (status =
             nqi_model_set_record_number(best, context, "seed", (double)trainer->options.seed)) ||
        (status = nqi_model_set_record_number(best, context, "train_bits",
                                              nqi_progress_bound(&trainer->progress) *
                                                  NQI_BITS_PER_NAT)) ||
        (status = record_digests(trainer, best)) || (status = record_reduction(trainer)) ||
        (status = record_curve(trainer)))
        return status;
    if (trainer->sets.valid)
        status = nqi_model_set_record_number(best, context, "valid_bits",
                                             trainer->best.bound * NQI_BITS_PER_NAT);
    return status;
}

static nq_status keep_present(nq_trainer *trainer, const nqi_real *params)
{
    nq_model *best = trainer->best.model;
    memmove(best->regressor.params, params, trainer->optimiser.count * sizeof *params);
    nqi_ladder_free(&best->ladder); /* of other weights */
    nqi_model_take_ladder(best);
    best->usual_steps = 0;
    trainer->best.is_kept = 1;
    trainer->best.update = trainer->progress.update;
    if (nqi_schedule_learner_learns(&trainer->learner)) {
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
    const nqi_process *from = &trainer->best.model->process;
    nqi_optimiser_restart(&trainer->optimiser, trainer->model->regressor.params,
                          trainer->best.model->regressor.params);
    if (!nqi_schedule_learner_learns(&trainer->learner))
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
    const double gain = trainer->best.bound - trainer->progress.null;
    return gain > 0 && trainer->best.bound - trainer->best.valid_bound < part * gain;
}

/* Compared with the last state that was better than those before it by more than the error: small
 * rises add up, and chance does not. */
static nq_status wait_for_rise(nq_trainer *trainer, const nq_bound *bound)
{
    if (!trainer->best.reference || trainer->progress.update < trainer->options.fit_updates)
        return NQ_OK;
    const int change =
        nqi_best_compare(&trainer->best, bound->row_bound, bound->rows, trainer->progress.update);
    if (trainer->progress.done)
        return NQ_OK;
    const int restarts =
        nqi_plan_wait(&trainer->plan, is_borne(trainer) ? 1 : change, trainer->progress.update,
                      nqi_clock_seconds(&trainer->clock), trainer->best.update);
    trainer->progress.done = nqi_trainer_part(trainer) >= 1;
    return restarts ? restart_from_best(trainer) : NQ_OK;
}

static nq_status bound_of(nq_bound *out, const nq_trainer *trainer, const nqi_real *params)
{
    const nq_bound_options options = {.terms = NQI_VALID_TERMS,
                                      .seed = 1,
                                      .max_rows = NQI_VALID_ROWS};
    return nqi_bound_run(out, trainer->context, trainer->model, params, trainer->sets.valid,
                         &options, NQI_DRAW_VALID);
}

nq_status nqi_judge_bound(nq_bound *out, nq_trainer *trainer)
{
    nqi_real *params;
    const nq_status status = present(&params, trainer);
    return status ? status : bound_of(out, trainer, params);
}

static void point_take(nq_trainer *trainer, double valid)
{
    nqi_curve_take(&trainer->curve, trainer->progress.update,
                   nqi_progress_bound(&trainer->progress), valid);
}

nq_status nqi_judge_state(nq_trainer *trainer)
{
    nqi_real *params;
    nq_status status;
    if (!trainer->sets.valid)
        point_take(trainer, NAN);
    if (!trainer->sets.valid && nqi_update_fit_moves(trainer))
        return NQ_OK; /* what is asked for then is made then */
    status = present(&params, trainer);
    if (status || (!nqi_gaps_are_complete(&trainer->gaps) && !trainer->progress.done))
        return status;
    if (!trainer->sets.valid)
        return keep_present(trainer, params);
    nq_bound bound;
    if ((status = bound_of(&bound, trainer, params)))
        return status;
    trainer->best.valid_bound = bound.bound;
    trainer->best.valid_se = bound.se;
    point_take(trainer, bound.bound);
    if (!trainer->best.is_kept || trainer->best.valid_bound > trainer->best.bound ||
        (trainer->progress.done && is_borne(trainer))) {
        trainer->best.bound = trainer->best.valid_bound;
        status = keep_present(trainer, params);
    }
    if (!status)
        status = wait_for_rise(trainer, &bound);
    nq_bound_free(&bound);
    return status;
}

/* The largest of many estimates is too large: what it owes to its noise, other noise takes away. */
nq_status nqi_judge_best(nq_trainer *trainer)
{
    nq_bound bound;
    const nq_bound_options options = {.terms = NQI_CHECK_TERMS,
                                      .seed = 2,
                                      .max_rows = NQI_CHECK_ROWS};
    if (!trainer->best.is_kept)
        return NQ_OK;
    nq_status status = nqi_steps_measure(trainer->best.model, trainer->context,
                                         trainer->sets.data, trainer->sets.valid);
    if (status == NQ_ERROR_DIVERGED)
        status = NQ_OK; /* as below */
    if (status || !trainer->sets.valid)
        return status;
    status = nqi_bound_run(&bound, trainer->context, trainer->best.model, NULL,
                           trainer->sets.valid, &options, NQI_DRAW_VALID);
    if (status == NQ_ERROR_DIVERGED)
        return NQ_OK; /* a row that was not looked at before: there is no figure then */
    if (status)
        return status;
    trainer->best.check_bound = bound.bound;
    trainer->best.check_se = bound.se;
    trainer->best.check_se_rows = bound.se_rows;
    nq_bound_free(&bound);
    if (!(status =
              nqi_model_set_record_number(trainer->best.model, trainer->context, "valid_bits",
                                          trainer->best.check_bound * NQI_BITS_PER_NAT)))
        status =
            nqi_model_set_record_number(trainer->best.model, trainer->context, "valid_se_bits",
                                        trainer->best.check_se * NQI_BITS_PER_NAT);
    return status;
}

nq_status nqi_judge_fitted(nq_trainer *trainer)
{
    nq_bound bound;
    const nq_bound_options options = {.terms = NQI_VALID_TERMS,
                                      .seed = 1,
                                      .max_rows = NQI_VALID_ROWS};
    nq_status status = nqi_bound_run(&bound, trainer->context, trainer->model, NULL,
                                     trainer->sets.data, &options, NQI_DRAW_VALID);
    if (status)
        return status;
    trainer->progress.smooth_loss = trainer->progress.constant - bound.bound;
    nq_bound_free(&bound);
    trainer->progress.update = trainer->progress.done = 1;
    status = nqi_judge_state(trainer);
    return status ? status : nqi_judge_best(trainer);
}

/* Asking for a model does not make it the best, nor changes what becomes of the run. */
nq_status nq_trainer_model(const nq_model **out, nq_trainer *trainer)
{
    const int64_t best_update = trainer->best.update;
    nq_status status = NQ_OK;
    *out = trainer->best.model;
    if (trainer->best.is_kept)
        return record_curve(trainer); /* it went on after the best state */
    if (trainer->progress.is_stopped) {
        *out = NULL;
        return nqi_fail(trainer->context, NQ_ERROR_STOPPED,
                        "the run was stopped in the middle of update %lld, before it had a best "
                        "model",
                        (long long)trainer->progress.update + 1);
    }
    nqi_real *params = trainer->best.model->regressor.params;
    if (nqi_update_fit_moves(trainer))
        status = nqi_update_fit_show(&params, trainer);
    else {
        nqi_optimiser_present(&trainer->optimiser, params, trainer->model->regressor.params);
        nqi_banks_spread(&trainer->banks, params);
    }
    if (!status)
        status = keep_present(trainer, params);
    trainer->best.is_kept = 0;
    trainer->best.update = best_update;
    return status;
}
