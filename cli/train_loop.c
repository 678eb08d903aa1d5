/* train_loop.c - the loop of noneq train: steps, checkpoints, progress, metrics, the model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <unistd.h>

#include "interrupt.h"
#include "log/metrics.h"
#include "log/progress.h"
#include "message.h"
#include "output.h"
#include "ranks.h"
#include "session.h"
#include "train.h"

/* Lines of the metrics file in a whole run, about. */
enum { METRICS_LINES = 500, METRICS_UPDATES = 100 };

/* What the clock and the user ask for after an update: of all ranks what rank 0 is asked for. */
typedef struct decision {
    int signal; /* that has come, or 0 */
    int saves;  /* a checkpoint is due */
} decision;

typedef struct train_run {
    train_job *job;
    progress line;
    metrics log;
    nq_train_state state;
    double saved;      /* clock at the last checkpoint */
    double told_valid; /* hold-out bound in the last metrics line */
    int warned;        /* that checkpoints cannot be written */
    decision now;
} train_run;

/* By count of updates, not by the clock, so that two runs log the same lines. */
static int is_metrics_due(const train_run *run)
{
    const nq_train_state *state = &run->state;
    int64_t period = state->planned > 0 ? state->planned / METRICS_LINES : METRICS_UPDATES;

    if (period < 1)
        period = 1;
    return state->done || state->update % period == 0 ||
           (state->valid_bound == state->valid_bound && state->valid_bound != run->told_valid);
}

static void run_tell(train_run *run)
{
    nq_trainer_state(&run->state, run->job->trainer);
    progress_train(&run->line, &run->state, run->state.done);
    if (is_metrics_due(run)) {
        metrics_train(&run->log, &run->state);
        run->told_valid = run->state.valid_bound;
    }
}

/* A run without a new checkpoint is worth more than none: it goes on with the former one. */
static void checkpoint_try(train_run *run)
{
    const train_job *job = run->job;
    const nq_status status = nq_trainer_checkpoint(job->checkpoint, job->trainer);

    run->saved = seconds_now();
    if (!status || run->warned)
        return;
    run->warned = 1;
    progress_clear(&run->line);
    message_print("no checkpoint after update %lld: %s; training goes on, and %s",
                  (long long)run->state.update, nq_context_message(job->context),
                  path_exists(job->checkpoint) ? "the former checkpoint stays"
                                               : "will be tried again");
}

static nq_status decide(train_run *run)
{
    const double every = run->job->values->checkpoint_every;

    run->now = (decision){interrupt_signal(), seconds_now() - run->saved >= every};
    return nq_context_share(run->job->context, &run->now, sizeof run->now);
}

/* What a resumed run has reached is in the log already. */
static void run_begin(train_run *run)
{
    nq_trainer_state(&run->state, run->job->trainer);
    run->told_valid = run->state.valid_bound;
    progress_train(&run->line, &run->state, run->state.done);
    if (run->state.update == 0)
        metrics_train(&run->log, &run->state);
}

/* Until done, failed, or a signal has come. */
static nq_status run_steps(train_run *run)
{
    run_begin(run);
    nq_status status = decide(run);
    while (!run->state.done && !status && !run->now.signal) {
        if ((status = nq_trainer_step(run->job->trainer)))
            break;
        run_tell(run);
        if (!(status = decide(run)) && !run->state.done && run->now.saves && !run->now.signal)
            checkpoint_try(run);
    }
    return status;
}

static int model_write(const train_job *job)
{
    const nq_model *model;
    nq_status status;

    if ((status = nq_trainer_model(&model, job->trainer)) ||
        (status = nq_model_save(job->values->path, job->context, model)))
        return session_fail(job->context, status);
    return EXIT_DONE;
}

/* A finished run needs no checkpoint. */
static int run_done(const train_job *job)
{
    const int code = model_write(job);

    if (!code && !ranks_is_silent())
        unlink(job->checkpoint);
    return code;
}

/* The checkpoint first: it is what cannot be made again. Before the first update there is no model
 * worth the place of a former one. */
static int run_interrupted(train_run *run, int number)
{
    const train_job *job = run->job;
    const nq_status status = nq_trainer_checkpoint(job->checkpoint, job->trainer);
    const int saved = status ? session_fail(job->context, status) : EXIT_DONE;
    const int code = run->state.update > 0 ? model_write(job) : EXIT_DONE;

    if (saved || code)
        return EXIT_FAILED;
    if (!job->words->common.quiet)
        train_tell_resume(job);
    return 128 + number;
}

static int run_diverged(const train_run *run)
{
    const train_job *job = run->job;

    session_fail(job->context, NQ_ERROR_DIVERGED);
    if (run_done(job) == EXIT_DONE)
        message_print("the last good model is in '%s'", job->values->path);
    return EXIT_FAILED;
}

static int run_finish(train_run *run, nq_status status)
{
    const int number = run->now.signal;

    progress_clear(&run->line);
    if (status == NQ_ERROR_DIVERGED)
        return run_diverged(run);
    if (status)
        return session_fail(run->job->context, status);
    if (number && !run->state.done)
        return run_interrupted(run, number);
    const int code = run_done(run->job);
    if (!code && !run->job->words->common.quiet)
        train_tell_end(run->job);
    return code;
}

int train_loop(train_job *job)
{
    train_run run = {.job = job, .saved = seconds_now()};
    int code;

    nq_trainer_state(&run.state, job->trainer);
    if ((code = metrics_open_run(&run.log, job->words->common.log, run.state.update)))
        return code;
    interrupt_catch();
    progress_init(&run.line, job->words->common.quiet);
    code = run_finish(&run, run_steps(&run));
    const int log_code = metrics_close(&run.log);
    return code ? code : log_code;
}
