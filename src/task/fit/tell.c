/* tell.c - what is said of a fit before its first update: what was chosen. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "task/fit/fit.h"
#include "task/report/lines.h"
#include "task/report/shown.h"
#include "train/trainer.h"

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

static void gaps_tell(FILE *file, const nqi_fit *fit, const nq_model *model)
{
    const size_t rows = gaps_count(fit->data.data),
                 held = fit->data.valid ? gaps_count(fit->data.valid) : 0;
    if (!rows && !held)
        return;
    if (nq_model_is_recorded(model)) {
        fprintf(file,
                "gaps      %zu rows have missing cells: a gap is one more value of its "
                "column\n",
                rows + held);
        return;
    }
    fprintf(file, "gaps      %zu training rows", rows);
    if (fit->data.valid)
        fprintf(file, " and %zu hold-out rows", held);
    fprintf(file, " have missing cells: completed by draws given what is observed of them\n");
}

/* Kinds of columns by how many there are, and what follows from others. */
static void kinds_tell(FILE *file, const nq_model *model)
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
            fprintf(file, "%s%zu %s", between, count, names[k][count > 1]);
        if (count)
            between = ", ";
    }
    for (size_t c = 0; c < nq_model_columns(model); c++)
        follow += nq_model_column_source(model, c) != (size_t)-1;
    if (follow)
        fprintf(file, "; %zu that follow%s from another %s filled in again", follow,
                follow == 1 ? "s" : "", follow == 1 ? "is" : "are");
    fputs(" (noneq info tells each)\n", file);
}

/* Columns that are modelled though they look as if they should not be. */
static void doubts_tell(const nqi_fit *fit)
{
    for (size_t c = 0; c < nq_dataset_dim(fit->data.data); c++) {
        nq_column_facts facts;
        if (nq_dataset_column_facts(&facts, fit->context, fit->data.data, c) || !facts.why ||
            !strcmp(facts.kind, "left-out"))
            continue;
        nqi_log(fit->context, NQ_LOG_NOTE,
                "column %zu%s%.80s%s: %s; " NQI_OPTION "drop leaves it out", c + 1,
                facts.name ? " (\"" : "", facts.name ? nqi_shown(facts.name).text : "",
                facts.name ? "\")" : "", facts.why);
    }
}

/* Notes stand between the lines, where they belong. */
static void notes_tell(const nqi_fit *fit, const nq_model *model)
{
    const size_t left_out = nq_trainer_valid_left_out(fit->trainer);
    if (nq_model_is_recorded(model))
        doubts_tell(fit);
    for (size_t i = 0; i < nq_trainer_note_count(fit->trainer); i++)
        nqi_log(fit->context, NQ_LOG_NOTE, "%s", nq_trainer_note(fit->trainer, i));
    if (left_out)
        nqi_log(fit->context, NQ_LOG_NOTE,
                "%zu hold-out row%s %s, which is impossible to the model; left out of the "
                "hold-out K",
                left_out, left_out == 1 ? "" : "s",
                nq_model_is_recorded(model) ? "with a value that no training row has"
                : left_out == 1             ? "differs in a column that is constant in training"
                                            : "differ in a column that is constant in training");
}

static void data_tell(nqi_lines *lines, const nqi_fit *fit, const nq_model *model)
{
    const size_t constant = nq_model_columns(model) - nq_model_dim(model);
    FILE *file = lines->print.file;
    fprintf(file, "data      %s: %zu rows of %zu columns", nqi_shown(fit->data.whole.name).text,
            nq_dataset_rows(fit->data.data), nq_dataset_dim(fit->data.data));
    if (fit->data.valid)
        fprintf(file, "; %zu %s", nq_dataset_rows(fit->data.valid),
                fit->data.held.file ? "hold-out rows" : "more rows held out");
    else
        fprintf(file, "; no hold-out rows");
    if (constant && !nq_model_is_recorded(model))
        fprintf(file, "; %zu constant column%s carried along, not modelled", constant,
                constant == 1 ? "" : "s");
    fputc('\n', file);
    if (nq_model_is_recorded(model))
        kinds_tell(file, model);
    nqi_lines_say(lines);
    notes_tell(fit, model);
    if (*fit->data.note)
        fprintf(file, "          %s\n", nqi_shown(fit->data.note).text);
    gaps_tell(file, fit, model);
    nqi_lines_say(lines);
}

static void model_tell(FILE *file, const nqi_fit *fit, const nq_model *model)
{
    const nq_model_options *options = nq_trainer_model_options(fit->trainer);
    const nq_schedule *schedule = nq_model_schedule(model);
    char fitted[100];
    if (fit->options->init && !fit->options->resume)
        fprintf(file, "start     weights and scaling of %s\n",
                nqi_shown(fit->options->init).text);
    fprintf(file, "model     %s kernel, %s regressor", nq_model_kernel(model),
            nq_model_regressor(model));
    if (options->hidden[0] && options->wide > 0)
        fprintf(file, " (%s beside %lld)", nqi_shown(options->hidden).text,
                (long long)options->wide);
    else if (options->hidden[0])
        fprintf(file, " (%s)", nqi_shown(options->hidden).text);
    nqi_model_fitted_text(fitted, sizeof fitted, model);
    if (*fitted)
        fprintf(file, " (%s)", fitted);
    fprintf(file, ", %zu parameters; T = %zu, %s schedule", nq_model_parameters(model),
            schedule->steps, nqi_shown(options->schedule).text);
    if (!nq_model_is_recorded(model)) /* whose K does not depend on it */
        fprintf(file, ", beta_1 = %.3g", schedule->beta[0]);
    fputc('\n', file);
}

static void plan_tell(FILE *file, const nqi_fit *fit)
{
    const nq_train_options *options = nq_trainer_train_options(fit->trainer);
    nq_train_state state;
    nq_trainer_state(&state, fit->trainer);
    if (nqi_trainer_is_fitted(fit->trainer)) {
        fprintf(file, "training  none: it was fitted %s\n",
                fit->trainer->model->regressor.type->fitted_by);
        return;
    }
    fprintf(file, "training  %s, rate %.3g, %lld rows per update, ", options->optimizer,
            options->rate, (long long)options->batch);
    if (state.planned > 0)
        fprintf(file, "%lld updates", (long long)state.planned);
    else
        fprintf(file, "%.3g minutes", options->minutes);
    fprintf(file, ", seed %lld, %d thread%s", (long long)options->seed,
            nq_context_threads(fit->context), nq_context_threads(fit->context) == 1 ? "" : "s");
    if (state.update > 0)
        fprintf(file, "; going on after update %lld", (long long)state.update);
    fputc('\n', file);
    if (fit->planned > 0)
        fprintf(file, "          %lld updates had been planned; %s\n", (long long)fit->planned,
                state.planned > 0 && state.planned <= state.update
                    ? "no more are to be made"
                    : "the rate falls from where it is");
}

/* What may be too long is told before it begins. */
static nq_status time_tell(FILE *file, const nqi_fit *fit)
{
    const nq_count patience = nq_trainer_train_options(fit->trainer)->patience;
    char duration[32];
    double seconds;
    const nq_status status = nq_trainer_estimate(&seconds, fit->trainer);
    if (status)
        return status;
    nq_text_duration(duration, sizeof duration, fmax(seconds, 0));
    fprintf(file, "time      ~ %s on %d thread%s", duration, nq_context_threads(fit->context),
            nq_context_threads(fit->context) == 1 ? "" : "s");
    if (patience > 0)
        fprintf(file, "; less if hold-out K stops rising (" NQI_OPTION "patience %lld)",
                (long long)patience);
    fputc('\n', file);
    return NQ_OK;
}

/* All options as they are used, for those who ask for more. */
static void table_tell(const nqi_fit *fit, const nq_options_type *type, const void *options)
{
    char text[NQ_TEXT_SIZE];
    for (size_t i = 0; i < type->count; i++) {
        nq_option_get(text, sizeof text, options, &type->table[i]);
        nqi_log(fit->context, NQ_LOG_DETAIL, "          %s = %s", type->table[i].field,
                nqi_shown(text).text);
    }
}

nq_status nqi_fit_tell_start(const nqi_fit *fit)
{
    const nq_model *model;
    nqi_lines lines;
    nq_status status = nq_trainer_model(&model, fit->trainer);
    if (status || (status = nqi_lines_open(&lines, fit->context)))
        return status;
    data_tell(&lines, fit, model);
    model_tell(lines.print.file, fit, model);
    plan_tell(lines.print.file, fit);
    nqi_lines_say(&lines);
    table_tell(fit, &nqi_model_options, nq_trainer_model_options(fit->trainer));
    table_tell(fit, &nqi_train_options, nq_trainer_train_options(fit->trainer));
    status = nqi_trainer_is_fitted(fit->trainer) ? NQ_OK : time_tell(lines.print.file, fit);
    const nq_status said = nqi_lines_close(&lines);
    return status ? status : said;
}
