/* train_options.c - model and training options from defaults, preset and command line. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "session.h"
#include "train.h"

/* Whoever says how long a training lasts does not mean the preset's own time as well. */
static void duration_forget(train_job *job)
{
    const arguments *words = job->words;

    for (int i = 0; i < words->setting_count; i++) {
        const char *field = words->settings[i].option->field;

        if (words->settings[i].of_model ||
            (strcmp(field, "updates") && strcmp(field, "epochs") && strcmp(field, "minutes")))
            continue;
        job->train_options.updates = 0;
        job->train_options.epochs = job->train_options.minutes = 0;
    }
}

int train_options_check_use(const train_job *job)
{
    const nq_model_options *chosen = nq_trainer_model_options(job->trainer);

    for (int i = 0; i < job->words->setting_count; i++) {
        const option_setting *setting = &job->words->settings[i];
        const nq_status status =
            setting->of_model ? nq_model_option_check(job->context, chosen, setting->option)
                              : NQ_OK;

        if (status)
            return session_fail(job->context, status);
    }
    return EXIT_DONE;
}

int train_options_gather(train_job *job)
{
    const arguments *words = job->words;
    nq_status status = NQ_OK;

    nq_model_options_init(&job->model_options, sizeof job->model_options);
    nq_train_options_init(&job->train_options, sizeof job->train_options);
    if (job->values->preset)
        status = nq_preset_apply(&job->model_options, &job->train_options, job->context,
                                 job->values->preset);
    duration_forget(job);
    for (int i = 0; i < words->setting_count && !status; i++) {
        const option_setting *setting = &words->settings[i];
        void *target =
            setting->of_model ? (void *)&job->model_options : (void *)&job->train_options;

        status = nq_option_set(target, job->context, setting->option, setting->text);
    }
    if (job->number > 1 && job->train_options.seed > INT64_MAX - job->number)
        return options_refuse(job->self, "--seed %lld is too large for a seed of each model",
                              (long long)job->train_options.seed);
    if (job->number > 1)
        job->train_options.seed += job->number - 1;
    job->model_options.model_seed = job->train_options.seed;
    return status ? session_fail(job->context, status) : EXIT_DONE;
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
static int table_differs(difference *out, const nq_option *table, size_t count,
                         const void *wanted, const void *used, const void *defaults)
{
    char plain[NQ_TEXT_SIZE];

    for (size_t i = 0; i < count; i++) {
        if (!table[i].flag || is_of_plan(&table[i]))
            continue;
        nq_option_get(out->mine, sizeof out->mine, wanted, &table[i]);
        nq_option_get(out->theirs, sizeof out->theirs, used, &table[i]);
        nq_option_get(plain, sizeof plain, defaults, &table[i]);
        if (strcmp(out->mine, out->theirs) == 0 ||
            (strcmp(out->mine, plain) == 0 && strcmp(table[i].field, "seed") != 0))
            continue;
        if (!*out->theirs)
            strcpy(out->theirs, "left out");
        out->option = &table[i];
        return 1;
    }
    return 0;
}

static int model_differs(difference *out, const train_job *job, const nq_model_options *used)
{
    nq_model_options defaults;
    size_t count;
    const nq_option *table = nq_model_options_table(&count);

    nq_model_options_init(&defaults, sizeof defaults);
    return table_differs(out, table, count, &job->model_options, used, &defaults);
}

static int training_differs(difference *out, const train_job *job, const nq_train_options *used)
{
    nq_train_options defaults;
    size_t count;
    const nq_option *table = nq_train_options_table(&count);

    nq_train_options_init(&defaults, sizeof defaults);
    return table_differs(out, table, count, &job->train_options, used, &defaults);
}

static int resume_refuse(const train_job *job, const difference *found)
{
    return options_refuse(job->self,
                          "'%s' was begun with --%s %s, not %s: a resumed run takes the same "
                          "options",
                          job->checkpoint, found->option->flag, found->theirs, found->mine);
}

int train_options_compare_checkpoint(const train_job *job)
{
    nq_train_options used;
    difference found;
    const nq_status status = nq_checkpoint_train_options(&used, job->context, job->checkpoint);

    if (status)
        return session_fail(job->context, status);
    return training_differs(&found, job, &used) ? resume_refuse(job, &found) : EXIT_DONE;
}

int train_options_compare(const train_job *job)
{
    difference found;

    return model_differs(&found, job, nq_trainer_model_options(job->trainer))
               ? resume_refuse(job, &found)
               : EXIT_DONE;
}

int train_options_compare_start(const train_job *job, const nq_model *start)
{
    difference found;

    if (!model_differs(&found, job, nq_model_get_options(start)))
        return EXIT_DONE;
    return options_refuse(job->self,
                          "--init '%s' has --%s %s, not %s: leave out what the model says itself",
                          job->values->init, found.option->flag, found.theirs, found.mine);
}
