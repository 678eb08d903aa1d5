/* loop.c - the loop of a fit: updates, checkpoints, the answers of who watches, the model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <unistd.h>

#include <noneq/comm.h>

#include "core/context.h"
#include "core/monitor.h"
#include "model/model.h"
#include "task/fit/fit.h"
#include "task/source/output.h"

enum { MESSAGE = 1024 };

/* What the clock and the user ask for after an update: of all ranks what rank 0 is asked for. */
typedef struct decision {
    int answer; /* an nq_answer */
    int saves;  /* a checkpoint is due */
} decision;

typedef struct fit_run {
    nqi_fit *fit;
    double saved; /* clock at the last checkpoint */
    int wrote;    /* there is a checkpoint of this run */
    int warned;   /* that checkpoints cannot be written */
    decision now;
} fit_run;

/* A run without a new checkpoint is worth more than none: it goes on with the former one. */
static void checkpoint_try(fit_run *run)
{
    nqi_fit *fit = run->fit;
    const nq_status status = nq_trainer_checkpoint(fit->checkpoint, fit->trainer);
    run->saved = nqi_clock_now();
    run->wrote |= !status;
    if (!status || run->warned)
        return;
    run->warned = 1;
    nqi_log(fit->context, NQ_LOG_WARNING,
            "no checkpoint after update %lld: %s; training goes on, and %s",
            (long long)fit->result->state.update, nq_context_message(fit->context),
            nqi_path_exists(fit->checkpoint) ? "the former checkpoint stays"
                                             : "will be tried again");
}

/* The caller's function hears of every update; what the monitor answered, the step knows. Decides
 * for all ranks. */
static nq_status decide(fit_run *run)
{
    nqi_fit *fit = run->fit;
    const nq_fit_options *options = fit->options;
    nq_train_state *state = &fit->result->state;
    int answer = NQ_GO_ON;
    nq_trainer_state(state, fit->trainer);
    if (options->updated)
        answer = options->updated(options->user, fit->result);
    if (answer != NQ_STOP && nqi_answer(fit->context) != NQ_GO_ON)
        answer = nqi_answer(fit->context);
    run->now = (decision){answer, *fit->checkpoint &&
                                      nqi_clock_now() - run->saved >= options->checkpoint_every};
    const nq_status status = nq_context_share(fit->context, &run->now, sizeof run->now);
    if (!status && run->now.answer != NQ_GO_ON && run->now.answer != NQ_FINISH)
        return nqi_fail(fit->context, NQ_ERROR_STOPPED, "stopped by the monitor while training");
    return status;
}

/* Until done, failed, or told to end. */
static nq_status run_steps(fit_run *run)
{
    const nq_train_state *state = &run->fit->result->state;
    nq_status status = decide(run);
    while (!status && !state->done && run->now.answer == NQ_GO_ON) {
        if ((status = nq_trainer_step(run->fit->trainer)) || (status = decide(run)))
            break;
        if (!state->done && run->now.saves && run->now.answer == NQ_GO_ON)
            checkpoint_try(run);
    }
    return status;
}

/* The trainer's own goes with it. */
static nq_status model_hand_out(nqi_fit *fit, const nq_model *model)
{
    nq_model *copy;
    nq_status status = nqi_model_copy(&copy, fit->context, model, 0);
    for (size_t i = 0; !status && i < model->record_count; i++)
        status = nqi_model_set_record(copy, fit->context, model->record[i].key,
                                      model->record[i].value);
    if (!status)
        *fit->out = copy;
    else
        nq_model_free(copy);
    return status;
}

static nq_status model_keep(nqi_fit *fit)
{
    const nq_model *model;
    nq_status status = nq_trainer_model(&model, fit->trainer);
    if (!status && *fit->checkpoint)
        status = nq_model_save(fit->result->output, fit->context, model);
    if (!status && fit->out)
        status = model_hand_out(fit, model);
    fit->result->has_model = !status;
    return status;
}

/* A finished run needs no checkpoint. */
static nq_status run_done(nqi_fit *fit)
{
    const nq_status status = model_keep(fit);
    if (!status && *fit->checkpoint && nq_context_rank(fit->context) == 0)
        unlink(fit->checkpoint);
    return status;
}

/* Fails again with a sentence from before. */
static nq_status fail_again(nqi_fit *fit, nq_status status, const char *message)
{
    return nqi_fail(fit->context, status, "%s", message);
}

/* The checkpoint first: it is what cannot be made again. Before the first update there is no model
 * worth the place of a former one. */
static nq_status run_finished_early(nqi_fit *fit)
{
    char message[MESSAGE] = "";
    nq_status saved = NQ_OK;
    if (*fit->checkpoint)
        saved = nq_trainer_checkpoint(fit->checkpoint, fit->trainer);
    if (saved)
        snprintf(message, sizeof message, "%s", nq_context_message(fit->context));
    const nq_status kept = fit->result->state.update > 0 ? model_keep(fit) : NQ_OK;
    if (saved && kept)
        nqi_log(fit->context, NQ_LOG_WARNING, "%s", message);
    else if (saved)
        return fail_again(fit, saved, message);
    return kept;
}

static nq_status run_diverged(nqi_fit *fit)
{
    char message[MESSAGE];
    snprintf(message, sizeof message, "%s", nq_context_message(fit->context));
    if (run_done(fit))
        nqi_log(fit->context, NQ_LOG_WARNING, "%s", nq_context_message(fit->context));
    return fail_again(fit, NQ_ERROR_DIVERGED, message);
}

/* Of a run that was stopped nothing stays but a checkpoint that it went on from. */
static void run_stopped(const fit_run *run)
{
    const nqi_fit *fit = run->fit;
    if (run->wrote && !fit->options->resume && nq_context_rank(fit->context) == 0)
        unlink(fit->checkpoint);
}

/* The model of a whole run could not be written. */
static nq_status run_not_kept(nqi_fit *fit, nq_status status)
{
    if (!*fit->checkpoint || !nqi_path_exists(fit->checkpoint))
        return status;
    return nqi_fail(fit->context, status, "%s; " NQI_OPTION "resume goes on from '%s'",
                    nq_context_message(fit->context), fit->checkpoint);
}

nq_status nqi_fit_loop(nqi_fit *fit)
{
    fit_run run = {.fit = fit, .saved = nqi_clock_now()};
    nq_status status = run_steps(&run);
    if (status == NQ_ERROR_DIVERGED)
        return run_diverged(fit);
    if (status == NQ_ERROR_STOPPED)
        run_stopped(&run);
    if (status)
        return status;
    if (!fit->result->state.done)
        return run_finished_early(fit);
    if ((status = run_done(fit)))
        return run_not_kept(fit, status);
    fit->result->finished = 1;
    return fit->is_heard ? nqi_fit_tell_end(fit) : NQ_OK;
}
