/* train_tell.c - what noneq train says at the start, at the end, and when it is interrupted. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/progress.h"
#include "message.h"
#include "session.h"
#include "train.h"

/* Rows of which a cell is missing. */
static size_t gaps_count(const nq_dataset *data)
{
    const size_t columns = nq_dataset_dim(data);
    size_t count = 0;
    double *row;

    if (!nq_dataset_missing(NULL, NULL, data) || !(row = malloc(columns * sizeof *row)))
        return 0;
    for (size_t r = 0; r < nq_dataset_rows(data); r++) {
        size_t gaps = 0;

        nq_dataset_row(row, data, r);
        for (size_t i = 0; i < columns; i++)
            gaps += isnan(row[i]) ? 1 : 0;
        count += gaps ? 1 : 0;
    }
    free(row);
    return count;
}

static void gaps_tell(const train_job *job, const nq_model *model)
{
    const size_t rows = gaps_count(job->data), held = job->valid ? gaps_count(job->valid) : 0;

    if (!rows && !held)
        return;
    if (nq_model_is_recorded(model)) {
        fprintf(stderr,
                "gaps      %zu rows have missing cells: a gap is one more value of its "
                "column\n",
                rows + held);
        return;
    }
    fprintf(stderr, "gaps      %zu training rows", rows);
    if (job->valid)
        fprintf(stderr, " and %zu hold-out rows", held);
    fprintf(stderr, " have missing cells: completed by draws given what is observed of them\n");
}

/* Kinds of columns by how many there are, and what follows from others. */
static void kinds_tell(const nq_model *model)
{
    static const char *const names[][2] = {{"category", "categories"}, {"bit", "bits"},
                                           {"whole", "whole"},         {"spiked", "spiked"},
                                           {"real", "real"},           {"constant", "constant"}};
    size_t follow = 0;
    const char *between = "columns   ";

    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        size_t count = 0;

        for (size_t c = 0; c < nq_model_columns(model); c++)
            count += nq_model_column_source(model, c) == (size_t)-1 &&
                     !strcmp(nq_model_column_kind(model, c), names[k][0]);
        if (count)
            fprintf(stderr, "%s%zu %s", between, count, names[k][count > 1]);
        if (count)
            between = ", ";
    }
    for (size_t c = 0; c < nq_model_columns(model); c++)
        follow += nq_model_column_source(model, c) != (size_t)-1;
    if (follow)
        fprintf(stderr, "; %zu that follow%s from another %s filled in again", follow,
                follow == 1 ? "s" : "", follow == 1 ? "is" : "are");
    fputs(" (noneq info tells each)\n", stderr);
}

/* Columns that are modelled though they look as if they should not be. */
static void doubts_tell(const train_job *job)
{
    for (size_t c = 0; c < nq_dataset_dim(job->data); c++) {
        nq_column_facts facts;

        if (nq_dataset_column_facts(&facts, job->context, job->data, c) || !facts.why ||
            !strcmp(facts.kind, "left-out"))
            continue;
        message_note("column %zu%s%.80s%s: %s; --drop leaves it out", c + 1,
                     facts.name ? " (\"" : "", facts.name ? shown(facts.name).text : "",
                     facts.name ? "\")" : "", facts.why);
    }
}

static void data_tell(const train_job *job, const nq_model *model)
{
    const size_t constant = nq_model_columns(model) - nq_model_dim(model);

    fprintf(stderr, "data      %s: %zu rows of %zu columns", shown(job->words->operands[0]).text,
            nq_dataset_rows(job->data), nq_dataset_dim(job->data));
    if (job->valid)
        fprintf(stderr, "; %zu %s", nq_dataset_rows(job->valid),
                job->valid_is_file ? "hold-out rows" : "more rows held out");
    else
        fprintf(stderr, "; no hold-out rows");
    if (constant && !nq_model_is_recorded(model))
        fprintf(stderr, "; %zu constant column%s carried along, not modelled", constant,
                constant == 1 ? "" : "s");
    fputc('\n', stderr);
    if (nq_model_is_recorded(model)) {
        kinds_tell(model);
        doubts_tell(job);
    }
    for (size_t i = 0; i < nq_trainer_note_count(job->trainer); i++)
        message_note("%s", nq_trainer_note(job->trainer, i));
    const size_t left_out = nq_trainer_valid_left_out(job->trainer);
    if (left_out)
        message_note("%zu hold-out row%s %s, which is impossible to the model; left out of the "
                     "hold-out K",
                     left_out, left_out == 1 ? "" : "s",
                     nq_model_is_recorded(model) ? "with a value that no training row has"
                     : left_out == 1 ? "differs in a column that is constant in training"
                                     : "differ in a column that is constant in training");
    if (*job->note)
        fprintf(stderr, "          %s\n", shown(job->note).text);
    gaps_tell(job, model);
}

static void model_tell(const train_job *job, const nq_model *model)
{
    const nq_model_options *options = nq_trainer_model_options(job->trainer);
    const nq_schedule *schedule = nq_model_schedule(model);

    if (job->values->init && !job->values->resume)
        fprintf(stderr, "start     weights and scaling of %s\n", job->values->init);
    fprintf(stderr, "model     %s kernel, %s regressor", nq_model_kernel(model),
            nq_model_regressor(model));
    if (options->hidden[0])
        fprintf(stderr, " (%s)", shown(options->hidden).text);
    fprintf(stderr, ", %zu parameters; T = %zu, %s schedule", nq_model_parameters(model),
            schedule->steps, shown(options->schedule).text);
    if (!nq_model_is_recorded(model)) /* whose K does not depend on it */
        fprintf(stderr, ", beta_1 = %.3g", schedule->beta[0]);
    fputc('\n', stderr);
}

static void plan_tell(const train_job *job)
{
    const nq_train_options *options = nq_trainer_train_options(job->trainer);
    nq_train_state state;

    nq_trainer_state(&state, job->trainer);
    fprintf(stderr, "training  %s, rate %.3g, %lld rows per update, ", options->optimizer,
            options->rate, (long long)options->batch);
    if (state.planned > 0)
        fprintf(stderr, "%lld updates", (long long)state.planned);
    else
        fprintf(stderr, "%.3g minutes", options->minutes);
    fprintf(stderr, ", seed %lld, %d threads", (long long)options->seed,
            nq_context_threads(job->context));
    if (state.update > 0)
        fprintf(stderr, "; going on after update %lld", (long long)state.update);
    fputc('\n', stderr);
    if (job->planned > 0)
        fprintf(stderr,
                "          %lld updates had been planned; the rate falls from where it is\n",
                (long long)job->planned);
}

/* What may be too long is told before it begins. */
static int time_tell(const train_job *job)
{
    const nq_count patience = nq_trainer_train_options(job->trainer)->patience;
    char duration[32];
    double seconds;
    const nq_status status = nq_trainer_estimate(&seconds, job->trainer);

    if (status)
        return session_fail(job->context, status);
    duration_format(duration, sizeof duration, fmax(seconds, 0));
    fprintf(stderr, "time      ~ %s on %d thread%s", duration, nq_context_threads(job->context),
            nq_context_threads(job->context) == 1 ? "" : "s");
    if (patience > 0)
        fprintf(stderr, "; less if hold-out K stops rising (--patience %lld)",
                (long long)patience);
    fputc('\n', stderr);
    return EXIT_DONE;
}

static void table_tell(const nq_option *table, size_t count, const void *options)
{
    char text[NQ_TEXT_SIZE];

    for (size_t i = 0; i < count; i++) {
        nq_option_get(text, sizeof text, options, &table[i]);
        fprintf(stderr, "          %s = %s\n", table[i].field, shown(text).text);
    }
}

int train_tell_start(const train_job *job)
{
    const nq_model *model;
    size_t count;
    const nq_status status = nq_trainer_model(&model, job->trainer);

    if (status)
        return session_fail(job->context, status);
    data_tell(job, model);
    model_tell(job, model);
    plan_tell(job);
    if (job->words->common.verbose) {
        const nq_option *table = nq_model_options_table(&count);

        table_tell(table, count, nq_trainer_model_options(job->trainer));
        table = nq_train_options_table(&count);
        table_tell(table, count, nq_trainer_train_options(job->trainer));
    }
    return time_tell(job);
}

/* Chosen as the best of many, it looks better than it is; so K is that of fresh noise. */
static void best_tell(const nq_train_state *state)
{
    if (isfinite(state->check_bound))
        fprintf(stderr,
                "; best hold-out K %.3f +- %.3f bits (fresh draws; as a sample of rows +- %.3f), "
                "at update %lld",
                state->check_bound * BITS_PER_NAT, state->check_se * BITS_PER_NAT,
                state->check_se_rows * BITS_PER_NAT, (long long)state->best_update);
    else if (isfinite(state->best_bound))
        fprintf(stderr,
                "; best hold-out K %.3f bits (largest of those looked at), at update %lld",
                state->best_bound * BITS_PER_NAT, (long long)state->best_update);
}

/* Why a run was shorter than planned. */
static void end_tell(const train_job *job, const nq_train_state *state)
{
    const nq_train_options *options = nq_trainer_train_options(job->trainer);

    if (strcmp(state->stage, "anneal") != 0)
        return;
    fprintf(stderr, "patience  hold-out K had not risen for %lld evaluations; ended after %lld",
            (long long)options->patience, (long long)state->update);
    if (options->updates > 0)
        fprintf(stderr, " of %lld updates\n", (long long)options->updates);
    else
        fprintf(stderr, " updates\n");
}

void train_tell_end(const train_job *job)
{
    const nq_model *model;
    nq_train_state state;
    char duration[32];

    if (nq_trainer_model(&model, job->trainer))
        return; /* it was written a moment ago, so this does not happen */
    nq_trainer_state(&state, job->trainer);
    end_tell(job, &state);
    duration_format(duration, sizeof duration, state.seconds);
    fprintf(stderr, "done      K %.3f bits on training batches, K - L_null %.3f",
            state.bound * BITS_PER_NAT, (state.bound - state.null) * BITS_PER_NAT);
    best_tell(&state);
    if (!nq_model_is_recorded(model))
        fprintf(stderr, "; beta_1 = %.3g", nq_model_schedule(model)->beta[0]);
    fprintf(stderr, "; %s; wrote %s\n", duration, shown(job->values->path).text);
    if (state.done)
        fprintf(stderr,
                "steps     samples take %zu of %zu: the fewest that lose at most .02 bits "
                "a column of K\n",
                nq_model_usual_steps(model), nq_model_steps(model));
}

/* A word as a shell reads it back. */
static void word_print(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-+=./:,@%";

    if (*word && strspn(word, plain) == strlen(word)) {
        fprintf(stderr, " %s", word);
        return;
    }
    if (strcmp(shown(word).text, word) != 0) {
        fprintf(stderr, " $'%s'", shown(word).text);
        return;
    }
    fputs(" '", stderr);
    for (; *word; word++)
        fputs(*word == '\'' ? "'\\''" : (char[2]){*word, '\0'}, stderr);
    fputc('\'', stderr);
}

void train_tell_resume(const train_job *job)
{
    nq_train_state state;

    nq_trainer_state(&state, job->trainer);
    if (state.update > 0)
        message_print("stopped after update %lld; '%s' is the %s model so far, '%s' the "
                      "checkpoint. To go on:",
                      (long long)state.update, job->values->path,
                      isfinite(state.best_bound) ? "best" : "latest", job->checkpoint);
    else
        message_print("stopped before the first update; the checkpoint is '%s'. To go on:",
                      job->checkpoint);
    fputs("  noneq train", stderr);
    for (int i = 0; i < job->argc; i++)
        if (strcmp(job->argv[i], "--restart") != 0)
            word_print(job->argv[i]);
    fputs(job->values->resume ? "\n" : " --resume\n", stderr);
}
