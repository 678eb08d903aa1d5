/* train.c - noneq train: fit a model to data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/verbs.h"
#include "data_open.h"
#include "lock.h"
#include "message.h"
#include "output.h"
#include "paths.h"
#include "ranks.h"
#include "session.h"
#include "train.h"

static const option_row rows[] = {
    {"output", 'o', OPTION_TEXT, offsetof(train_values, path), "MODEL", NULL, 0,
     "the model file to write; MODEL.checkpoint stands beside it while training"},
    {"preset", 0, OPTION_TEXT, offsetof(train_values, preset), "NAME", NULL, 0,
     "a configuration of the paper: {presets}; other options win over it"},
    {"valid", 0, OPTION_TEXT, offsetof(train_values, valid), "DATA|FRACTION", NULL, 0,
     "hold-out rows: a file, or the fraction of DATA to set aside; 0: none. The default is 0.1, "
     "at most 5000 rows, but none with a preset or fewer than 200 rows. Where pictures are cut, "
     "the fraction is of pictures if there are ten, else the right part of each"},
    AREA_OPTION(train_values, area),
    {"init", 0, OPTION_TEXT, offsetof(train_values, init), "MODEL", NULL, 0,
     "start from this model: its weights, shape, schedule and scaling; the data's columns must "
     "be "
     "its own"},
    {"bootstrap", 0, OPTION_FLAG, offsetof(train_values, bootstrap), NULL, NULL, 0,
     "train on as many rows drawn from DATA with replacement; rows that were not drawn are the "
     "hold-out rows, unless --valid takes a file, or 0"},
    {"models", 0, OPTION_COUNT, offsetof(train_values, models), "B", "0", 0,
     "train B models one after another, each with --bootstrap and a seed of its own (S, S+1, ... "
     "from --seed S): -o m.nq writes m.1.nq, m.2.nq, ..., --log DIR writes DIR.1, ...; how they "
     "differ is what the rows leave open (impute takes all of them)"},
    {"checkpoint-every", 0, OPTION_NUMBER, offsetof(train_values, checkpoint_every), "SECONDS",
     "60", 0, "time between checkpoints"},
    {"resume", 0, OPTION_FLAG, offsetof(train_values, resume), NULL, NULL, 0,
     "go on from MODEL.checkpoint, with the same data and options; but --updates, --epochs, "
     "--minutes (in all) and --patience may be others"},
    {"restart", 0, OPTION_FLAG, offsetof(train_values, restart), NULL, NULL, 0,
     "begin anew though there is a MODEL.checkpoint, which is lost"},
};

/* Nobody's hours of training are lost, or gone on with, by a repeated command. */
int train_checkpoint_check(const train_job *job)
{
    const train_values *values = job->values;

    if (values->resume && values->restart)
        return options_refuse(job->self, "--resume goes on and --restart begins anew: give one");
    if (path_exists(job->checkpoint))
        return values->resume || values->restart
                   ? EXIT_DONE
                   : options_refuse(job->self,
                                    "there is a checkpoint '%s' of an unfinished run: --resume "
                                    "goes on from it, --restart drops it and begins anew",
                                    job->checkpoint);
    if (!values->resume)
        return EXIT_DONE;
    if (path_exists(values->path))
        return message_fail("there is nothing to resume: '%s' is finished (it has no checkpoint "
                            "'%s')",
                            values->path, job->checkpoint);
    return message_fail("there is nothing to resume: no checkpoint '%s'", job->checkpoint);
}

/* The text of an option of the library's tables, or NULL. */
static const char *setting_text(const train_job *job, const char *field)
{
    for (int i = 0; i < job->words->setting_count; i++)
        if (strcmp(job->words->settings[i].option->field, field) == 0)
            return job->words->settings[i].text;
    return NULL;
}

static int files_check(const train_job *job)
{
    const path_use uses[] = {
        {PATH_INPUT, "DATA", job->words->operands[0]},
        {PATH_INPUT, "--valid", job->values->valid},
        {PATH_INPUT, "--init", job->values->init},
        {PATH_INPUT, "--schedule", setting_text(job, "schedule")},
        {PATH_OUTPUT, "-o", job->values->path},
        {PATH_OUTPUT, "the checkpoint of -o", job->checkpoint},
        {PATH_LOG, "--log", job->words->common.log},
    };

    return paths_check(uses, sizeof uses / sizeof *uses);
}

int train_outputs_check(train_job *job)
{
    const train_values *values = job->values;
    int code;

    if (!values->path)
        return options_refuse(job->self, "-o MODEL is missing: where to write the model");
    const int length =
        snprintf(job->checkpoint, sizeof job->checkpoint, "%s.checkpoint", values->path);
    if (length >= (int)sizeof job->checkpoint)
        return message_fail("the name of the model file is too long");
    if ((code = output_check_file(values->path)) || (code = output_check_file(job->checkpoint)))
        return code;
    return files_check(job);
}

static int trainer_start(train_job *job)
{
    nq_model *start = NULL;
    nq_status status;
    int code;

    if ((status = nq_model_load(&start, job->context, job->values->init)))
        return session_fail(job->context, status);
    code = train_options_compare_start(job, start);
    if (!code && (status = nq_trainer_new_from(&job->trainer, job->context, job->data, job->valid,
                                               start, &job->train_options)))
        code = session_fail(job->context, status);
    nq_model_free(start);
    return code;
}

static int trainer_resume(train_job *job)
{
    nq_train_state before, after;
    nq_status status;
    const int code = train_options_compare_checkpoint(job);

    if (code)
        return code;
    if ((status = nq_trainer_resume(&job->trainer, job->context, job->data, job->valid,
                                    job->checkpoint)))
        return session_fail(job->context, status);
    nq_trainer_state(&before, job->trainer);
    if ((status = nq_trainer_replan(job->trainer, &job->train_options)))
        return session_fail(job->context, status);
    nq_trainer_state(&after, job->trainer);
    job->planned = before.planned != after.planned ? before.planned : 0;
    return train_options_compare(job);
}

static int trainer_open(train_job *job)
{
    nq_status status;

    if (job->values->resume)
        return trainer_resume(job);
    if (job->values->init)
        return trainer_start(job);
    status = nq_trainer_new(&job->trainer, job->context, job->data, job->valid,
                            &job->model_options, &job->train_options);
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

int train_model(train_job *job)
{
    const train_values *values = job->values;
    int code;

    if ((code = lock_take(LOCK_MODEL, job->context, values->path)) ||
        (code = train_checkpoint_check(job)) || (code = train_options_gather(job)) ||
        (code = train_data_open(job)) || (code = trainer_open(job)) ||
        (code = train_options_check_use(job)) ||
        (!ranks_is_silent() && (code = train_tell_outliers(job))) ||
        (!job->words->common.quiet && (code = train_tell_start(job))))
        goto done;
    if (values->restart && !ranks_is_silent())
        unlink(job->checkpoint);
    code = train_loop(job);
done:
    lock_release(LOCK_MODEL);
    nq_trainer_free(job->trainer);
    train_data_close(job);
    return code;
}

static int train_run(const verb *self, int argc, char **argv)
{
    train_values values;
    arguments words;
    train_job job = {
        .self = self, .values = &values, .words = &words, .argc = argc, .argv = argv};
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (values.models)
        return train_models(&job);
    if ((code = train_outputs_check(&job)) || (code = session_open(&job.context, &words.common)))
        return code;
    code = train_model(&job);
    session_close(job.context);
    return code;
}

const verb verb_train = {
    .name = "train",
    .operands = "DATA -o MODEL [options]",
    .summary = "fit a model to a data file",
    .details =
        "Fits a diffusion model to the rows of a table (.csv, .tsv, .npy, IDX; .gz of any) or to "
        "pictures (IDX, CIFAR-10, .png, .pgm, .ppm, a folder), and writes one model file. "
        "Pictures larger than --image are cut into crops at every place. What is not said is "
        "chosen from the data and told at the start. Ctrl-C saves the best model so far and a "
        "checkpoint; --resume goes on from that, bit for bit.",
    .example = "noneq train roll.npy -o roll.nq --preset swissroll",
    .operands_least = 1,
    .operands_most = 1,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_THREADS | COMMON_LOG | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ |
              COMMON_COLUMNS,
    .library = 1,
    .run = train_run,
};
