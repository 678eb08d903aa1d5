/* train_unused.c - options that the chosen model has no use for are refused, not passed over. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "message.h"
#include "session.h"
#include "train.h"

/* An option, the option that decides about it, and which values of that one use it. */
static const struct use {
    const char *field, *decider, *values;
} uses[] = {
    {"scales", "regressor", "image"},
    {"layers", "regressor", "image"},
    {"channels", "regressor", "image"},
    {"features", "regressor", "image"},
    {"pixel_hidden", "regressor", "image"},
    {"bumps", "regressor", "image"},
    {"activation", "regressor", "mlp or image"},
    {"beta_1", "schedule", "log-snr, learned, linear or cosine"},
    {"activity", "kernel", "binomial"},
    {"mean_form", "kernel", "gaussian"},
};

static const nq_option *option_find(const char *field)
{
    size_t count;
    const nq_option *table = nq_model_options_table(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].field, field) == 0)
            return &table[i];
    return NULL;
}

static int setting_check(const train_job *job, const nq_option *given, const struct use *use)
{
    const nq_option *decider = option_find(use->decider);
    char now[200];

    if (strcmp(given->field, use->field) || !decider)
        return EXIT_DONE;
    nq_option_get(now, sizeof now, nq_trainer_model_options(job->trainer), decider);
    if (strstr(use->values, now))
        return EXIT_DONE;
    return options_refuse(job->self, "--%s does nothing here: it is for --%s %s, and this is %s",
                          given->flag, decider->flag, use->values, shown(now).text);
}

int train_options_check_use(const train_job *job)
{
    int code = EXIT_DONE;

    for (int i = 0; i < job->words->setting_count && !code; i++)
        for (size_t k = 0; k < sizeof uses / sizeof *uses && !code; k++)
            if (job->words->settings[i].of_model)
                code = setting_check(job, job->words->settings[i].option, &uses[k]);
    return code;
}
