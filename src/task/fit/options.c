/* options.c - model and training options from defaults, preset, structs and settings. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "task/fit/fit.h"

/* A struct of options at its defaults. */
typedef struct plain {
    nq_model_options model;
    nq_train_options train;
} plain;

static void plain_make(plain *out)
{
    nq_model_options_init(&out->model, sizeof out->model);
    nq_train_options_init(&out->train, sizeof out->train);
}

static const nq_option *row_find(const nq_options_type *type, const char *field)
{
    for (size_t i = 0; i < type->count; i++)
        if (strcmp(type->table[i].field, field) == 0)
            return &type->table[i];
    return NULL;
}

/* The last setting of a field, or NULL. */
static const char *setting_text(const nqi_fit *fit, const char *field)
{
    for (size_t i = fit->options->setting_count; i > 0; i--)
        if (strcmp(fit->options->settings[i - 1].field, field) == 0)
            return fit->options->settings[i - 1].text;
    return NULL;
}

static int is_asked_of_model(const nqi_fit *fit, const plain *usual, const nq_option *row)
{
    return nqi_option_differs(fit->options->model, &usual->model, row) ||
           setting_text(fit, row->field);
}

static int is_asked_of_training(const nqi_fit *fit, const plain *usual, const char *field)
{
    return nqi_option_differs(fit->options->train, &usual->train,
                              row_find(&nqi_train_options, field)) ||
           setting_text(fit, field);
}

const char *nqi_fit_asked(const nqi_fit *fit, const char *field)
{
    const nq_option *row = row_find(&nqi_model_options, field);
    const char *text = setting_text(fit, field);
    if (!text)
        text = (const char *)fit->options->model + row->offset;
    return *text ? text : NULL;
}

/* Whoever says how long a training lasts does not mean the preset's own time as well. */
static void duration_forget(nqi_fit *fit, const plain *usual)
{
    static const char *const fields[] = {"updates", "epochs", "minutes"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!is_asked_of_training(fit, usual, fields[i]))
            continue;
        fit->train_options.updates = 0;
        fit->train_options.epochs = fit->train_options.minutes = 0;
    }
}

/* What the caller's struct says. */
static nq_status fields_take(void *out, nq_context *context, const void *asked,
                             const void *defaults, const nq_options_type *type)
{
    char text[NQ_TEXT_SIZE];
    nq_status status = NQ_OK;
    for (size_t i = 0; i < type->count && !status; i++) {
        if (!nqi_option_differs(asked, defaults, &type->table[i]))
            continue;
        nq_option_get(text, sizeof text, asked, &type->table[i]);
        status = nq_option_set(out, context, &type->table[i], text);
    }
    return status;
}

static nq_status setting_refuse(const nqi_fit *fit, const char *field)
{
    const nq_options_type *const types[] = {&nqi_model_options, &nqi_train_options};
    const char *names[128] = {NULL};
    size_t count = 0;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < types[k]->count && count + 1 < sizeof names / sizeof *names; i++)
            names[count++] = types[k]->table[i].field;
    const char *nearest = nq_name_nearest(field, names);
    return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                    "there is no option '%s' of a model or of training%s%s", field,
                    nearest ? "; the nearest is " NQI_OPTION : "", nearest ? nearest : "");
}

static nq_status setting_take(nqi_fit *fit, const nq_setting *setting)
{
    const nq_option *row = row_find(&nqi_model_options, setting->field);
    if (row)
        return nq_option_set(&fit->model_options, fit->context, row, setting->text);
    if ((row = row_find(&nqi_train_options, setting->field)))
        return nq_option_set(&fit->train_options, fit->context, row, setting->text);
    return setting_refuse(fit, setting->field);
}

/* Each of several models has a seed of its own; the weights begin with it, if nothing else is
 * said. */
static nq_status seeds_choose(nqi_fit *fit, const plain *usual)
{
    const int64_t number = fit->result->number;
    if (number > 1 && fit->train_options.seed > INT64_MAX - number)
        return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "seed %lld is too large for a seed of each model",
                        (long long)fit->train_options.seed);
    if (number > 1)
        fit->train_options.seed += number - 1;
    if (!is_asked_of_model(fit, usual, row_find(&nqi_model_options, "model_seed")))
        fit->model_options.model_seed = fit->train_options.seed;
    return NQ_OK;
}

nq_status nqi_fit_options_gather(nqi_fit *fit)
{
    const nq_fit_options *options = fit->options;
    nq_context *context = fit->context;
    nq_status status = NQ_OK;
    plain usual;
    plain_make(&usual);
    fit->model_options = usual.model;
    fit->train_options = usual.train;
    if (options->preset)
        status =
            nq_preset_apply(&fit->model_options, &fit->train_options, context, options->preset);
    duration_forget(fit, &usual);
    if (!status)
        status = fields_take(&fit->model_options, context, options->model, &usual.model,
                             &nqi_model_options);
    if (!status)
        status = fields_take(&fit->train_options, context, options->train, &usual.train,
                             &nqi_train_options);
    for (size_t i = 0; i < options->setting_count && !status; i++)
        status = setting_take(fit, &options->settings[i]);
    return status ? status : seeds_choose(fit, &usual);
}

nq_status nqi_fit_check_use(const nqi_fit *fit)
{
    const nq_model_options *chosen = nq_trainer_model_options(fit->trainer);
    plain usual;
    nq_status status = NQ_OK;
    plain_make(&usual);
    for (size_t i = 0; i < nqi_model_options.count && !status; i++)
        if (is_asked_of_model(fit, &usual, &nqi_model_options.table[i]))
            status = nq_model_option_check(fit->context, chosen, &nqi_model_options.table[i]);
    return status;
}

/* How long training lasts may be said anew when it goes on. */
static int is_of_plan(const nq_option *option)
{
    static const char *const fields[] = {"updates", "epochs", "minutes", "patience"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(option->field, fields[i]) == 0)
            return 1;
    return 0;
}

/* An option and two values of it. */
typedef struct difference {
    const nq_option *option; /* NULL: there is none */
    char mine[NQ_TEXT_SIZE], theirs[NQ_TEXT_SIZE];
} difference;

/* Options that were left at their default are the other's business, all but the seed: it also
 * picked the hold-out rows. */
static int table_differs(difference *out, const nq_options_type *type, const void *wanted,
                         const void *used, const void *defaults)
{
    char usual[NQ_TEXT_SIZE];
    for (size_t i = 0; i < type->count; i++) {
        const nq_option *row = &type->table[i];
        if (!row->flag || is_of_plan(row))
            continue;
        nq_option_get(out->mine, sizeof out->mine, wanted, row);
        nq_option_get(out->theirs, sizeof out->theirs, used, row);
        nq_option_get(usual, sizeof usual, defaults, row);
        if (strcmp(out->mine, out->theirs) == 0 ||
            (strcmp(out->mine, usual) == 0 && strcmp(row->field, "seed") != 0))
            continue;
        if (!*out->theirs)
            strcpy(out->theirs, "left out");
        out->option = row;
        return 1;
    }
    return 0;
}

static int model_differs(difference *out, const nqi_fit *fit, const nq_model_options *used)
{
    plain usual;
    plain_make(&usual);
    return table_differs(out, &nqi_model_options, &fit->model_options, used, &usual.model);
}

static int training_differs(difference *out, const nqi_fit *fit, const nq_train_options *used)
{
    nq_train_options wanted = fit->train_options;
    plain usual;
    plain_make(&usual);
    if (used->fit_updates == used->updates && wanted.fit_updates > used->updates)
        wanted.fit_updates = used->updates; /* as a shorter run has it */
    return table_differs(out, &nqi_train_options, &wanted, used, &usual.train);
}

static nq_status resume_refuse(const nqi_fit *fit, const difference *found)
{
    return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                    "'%s' was begun with " NQI_OPTION
                    "%s %s, not %s: a resumed run takes the same options",
                    fit->checkpoint, found->option->field, found->theirs, found->mine);
}

nq_status nqi_fit_compare_checkpoint(const nqi_fit *fit)
{
    nq_train_options used;
    difference found;
    const nq_status status = nq_checkpoint_train_options(&used, fit->context, fit->checkpoint);
    if (status)
        return status;
    return training_differs(&found, fit, &used) ? resume_refuse(fit, &found) : NQ_OK;
}

nq_status nqi_fit_compare(const nqi_fit *fit)
{
    difference found;
    return model_differs(&found, fit, nq_trainer_model_options(fit->trainer))
               ? resume_refuse(fit, &found)
               : NQ_OK;
}

nq_status nqi_fit_compare_start(const nqi_fit *fit, const nq_model *start)
{
    difference found;
    if (!model_differs(&found, fit, nq_model_get_options(start)))
        return NQ_OK;
    return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                    NQI_OPTION "init '%s' has " NQI_OPTION
                               "%s %s, not %s: leave out what the model says itself",
                    fit->options->init, found.option->field, found.theirs, found.mine);
}
