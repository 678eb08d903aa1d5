/* fit.c - updates of an exact fit, in which mean readouts are solved, not stepped.
 * First the features and the schedule move, with readouts and constant variances solved on each
 * batch; sums of earlier batches would be stale. Then those rest, variances become functions of x_t
 * by descent, and the means are solved by weighted sums that reach back. At last nothing moves but
 * the sums. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "train/run/phase.h"
#include "train/update/update.h"

/* What the sums of a fit keep per batch once features rest. */
static const double fit_keep = 0.95;

/* Readouts solved on the batch, and the gradient with them. */
static nq_status solve(nq_trainer *trainer, double keep)
{
    nqi_readout_fit *fit = &trainer->fit;
    nq_status status;
    fit->keep = keep;
    nqi_pass_draw(trainer);
    if ((status = nqi_pass_measure(trainer)))
        return status;
    nqi_readout_fit_add(fit, trainer->draw.time, trainer->draw.groups);
    nqi_readout_fit_solve(fit, trainer->model->regressor.params);
    return nqi_pass_descend(trainer);
}

nq_status nqi_update_fit_features(nq_trainer *trainer)
{
    trainer->fit.sets_variance = 1;
    nq_status status = solve(trainer, 0);
    if (status)
        return status;
    nqi_optimiser_begin(&trainer->optimiser);
    status = nqi_step_dense(trainer);
    return status ? status : nqi_step_schedule(trainer);
}

nq_status nqi_update_fit_variances(nq_trainer *trainer)
{
    const size_t size = trainer->model->regressor.graph.bank_size;
    trainer->fit.sets_variance = 0;
    const nq_status status = solve(trainer, fit_keep);
    if (status)
        return status;
    for (size_t g = 0; g < trainer->draw.groups; g++)
        nqi_readout_fit_mask(&trainer->fit, trainer->banks.gradient + g * size);
    nqi_optimiser_begin(&trainer->optimiser);
    return nqi_step_banks(trainer);
}

/* Of a short fit these are all that there is: its variances are then solved too. */
nq_status nqi_update_fit_sums(nq_trainer *trainer)
{
    trainer->fit.sets_variance =
        (double)trainer->progress.update / (double)trainer->options.fit_updates < NQI_FIT_MOVES;
    return solve(trainer, 1);
}

int nqi_update_fit_moves(const nq_trainer *trainer)
{
    return trainer->progress.update && nqi_phase_now(trainer)->update == nqi_update_fit_features;
}

/* From batches to come, which the run then draws again. */
nq_status nqi_update_fit_show(nqi_real **out, nq_trainer *trainer)
{
    nqi_readout_fit *fit = &trainer->fit;
    const nqi_readout_fit own = *fit;
    const int64_t present = trainer->progress.update, batches = nqi_settle_updates(0);
    nq_status status = NQ_OK;
    fit->sums = fit->shown_sums;
    fit->sets_variance = 1;
    fit->keep = 1;
    memset(fit->sums, 0, fit->process->schedule.steps * fit->size * sizeof *fit->sums);
    for (int64_t i = 0; i < batches && !status; i++) {
        nqi_pass_draw(trainer);
        if (!(status = nqi_pass_measure(trainer)))
            nqi_readout_fit_add(fit, trainer->draw.time, trainer->draw.groups);
        trainer->progress.update++;
    }
    trainer->progress.update = present;
    memcpy(fit->shown, trainer->model->regressor.params,
           trainer->optimiser.count * sizeof *fit->shown);
    if (!status)
        nqi_readout_fit_solve(fit, fit->shown);
    *fit = own;
    *out = fit->shown;
    return status;
}
