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

int train_options_gather(train_job *job)
{
    const arguments *words = job->words;
    nq_status status = NQ_OK;

    nq_model_options_init(&job->model_options);
    nq_train_options_init(&job->train_options);
    if (job->values->preset)
        status = nq_preset_apply(job->context, job->values->preset, &job->model_options,
                                 &job->train_options);
    duration_forget(job);
    for (int i = 0; i < words->setting_count && !status; i++) {
        const option_setting *setting = &words->settings[i];
        void *target =
            setting->of_model ? (void *)&job->model_options : (void *)&job->train_options;

        status = nq_option_set(job->context, target, setting->option, setting->text);
    }
    job->model_options.model_seed = job->train_options.seed;
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

/* Options that were left at their default are the checkpoint's business, all but the seed: it
 * also picked the hold-out rows. */
static int table_compare(const train_job *job, const nq_option *table, size_t count,
                         const void *wanted, const void *used, const void *defaults)
{
    char mine[NQ_TEXT_SIZE], theirs[NQ_TEXT_SIZE], plain[NQ_TEXT_SIZE];

    for (size_t i = 0; i < count; i++) {
        if (!table[i].flag)
            continue;
        nq_option_get(mine, sizeof mine, wanted, &table[i]);
        nq_option_get(theirs, sizeof theirs, used, &table[i]);
        nq_option_get(plain, sizeof plain, defaults, &table[i]);
        if (strcmp(mine, theirs) == 0 ||
            (strcmp(mine, plain) == 0 && strcmp(table[i].field, "seed") != 0))
            continue;
        return options_refuse(job->self,
                              "'%s' was begun with --%s %s, not %s: a resumed run "
                              "takes the same options",
                              job->checkpoint, table[i].flag, *theirs ? theirs : "left out",
                              mine);
    }
    return EXIT_DONE;
}

int train_options_compare(const train_job *job)
{
    nq_model_options model_defaults;
    nq_train_options train_defaults;
    size_t count;
    const nq_option *table = nq_model_options_table(&count);
    int code;

    nq_model_options_init(&model_defaults);
    nq_train_options_init(&train_defaults);
    code = table_compare(job, table, count, &job->model_options,
                         nq_trainer_model_options(job->trainer), &model_defaults);
    if (code)
        return code;
    table = nq_train_options_table(&count);
    return table_compare(job, table, count, &job->train_options,
                         nq_trainer_train_options(job->trainer), &train_defaults);
}
