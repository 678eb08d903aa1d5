/* train_models.c - noneq train --models: several models of rows drawn with replacement, one after
 * another, each a run of its own with its own file and checkpoint. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "lock.h"
#include "message.h"
#include "output.h"
#include "ranks.h"
#include "session.h"
#include "train.h"

enum { MODELS_MOST = 1000, PATH_SIZE = 4096 };

/* One of the models as the job of a command line that asks for it alone. */
typedef struct part {
    train_job job;
    train_values values;
    arguments words;
    char path[PATH_SIZE], log[PATH_SIZE];
} part;

/* m.nq becomes m.3.nq, and a name without an ending m.3. */
static int path_number(char out[PATH_SIZE], const char *path, int64_t number)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.'), *end = dot && dot > name ? dot : name + strlen(name);
    const int length =
        snprintf(out, PATH_SIZE, "%.*s.%lld%s", (int)(end - path), path, (long long)number, end);

    return length < PATH_SIZE ? EXIT_DONE
                              : message_fail("the name of the model file is too long");
}

static int part_make(part *out, const train_job *asked, int64_t number)
{
    const common_values *common = &asked->words->common;
    int code;

    out->job = *asked;
    out->values = *asked->values;
    out->words = *asked->words;
    out->job.values = &out->values;
    out->job.words = &out->words;
    out->job.number = number;
    out->values.bootstrap = 1;
    if ((code = path_number(out->path, asked->values->path, number)))
        return code;
    out->values.path = out->path;
    if (common->log) {
        const int length =
            snprintf(out->log, PATH_SIZE, "%s.%lld", common->log, (long long)number);

        if (length >= PATH_SIZE)
            return message_fail("the name of the --log folder is too long");
        out->words.common.log = out->log;
    }
    return train_outputs_check(&out->job);
}

/* All names are looked at before the first model is begun, and what unfinished runs left: *first is
 * the model that has a checkpoint, or is the first that has no file; 0: none. */
static int parts_check(int64_t *first, const train_job *asked)
{
    const int64_t models = asked->values->models;
    int64_t stopped = 0, absent = 0;
    int code;

    for (int64_t b = 1; b <= models; b++) {
        part one;

        if ((code = part_make(&one, asked, b)))
            return code;
        if (!stopped && path_exists(one.job.checkpoint)) {
            stopped = b;
            if ((code = train_checkpoint_check(&one.job)))
                return code;
        }
        if (!absent && !path_exists(one.path))
            absent = b;
        if (asked->values->resume && stopped == b && absent && absent < b)
            return message_fail("'%s' is there, but not the file of model %lld, which comes "
                                "before it: --restart begins anew with the first",
                                one.job.checkpoint, (long long)absent);
    }
    *first = stopped ? stopped : absent;
    return EXIT_DONE;
}

/* Where a run begins, or goes on. */
static int first_choose(int64_t *first, const train_job *asked)
{
    const train_values *values = asked->values;
    int64_t open = 0;
    int code;

    *first = 1;
    if (values->resume && values->restart)
        return options_refuse(asked->self,
                              "--resume goes on and --restart begins anew: give one");
    if ((code = parts_check(&open, asked)) || !values->resume)
        return code;
    if (!open)
        return message_fail("there is nothing to resume: the %lld models of '%s' are finished",
                            (long long)values->models, values->path);
    *first = open;
    return EXIT_DONE;
}

static int part_train(const train_job *asked, int64_t number, int goes_on)
{
    part one;
    const int code = part_make(&one, asked, number);

    if (code)
        return code;
    one.values.resume = goes_on && path_exists(one.job.checkpoint);
    one.values.restart = !one.values.resume;
    if (!asked->words->common.quiet && !ranks_is_silent())
        fprintf(stderr, "%smodel %lld of %lld: %s\n", number > 1 ? "\n" : "", (long long)number,
                (long long)asked->values->models, shown(one.path).text);
    return train_model(&one.job);
}

static int values_check(const train_job *asked)
{
    const train_values *values = asked->values;

    if (!values->path)
        return options_refuse(asked->self, "-o MODEL is missing: where to write the models");
    if (values->models > MODELS_MOST)
        return options_refuse(asked->self, "--models takes at most %d", MODELS_MOST);
    return EXIT_DONE;
}

int train_models(const train_job *asked)
{
    train_job all = *asked;
    int64_t first = 1;
    int code;

    if ((code = values_check(asked)) ||
        (code = session_open(&all.context, &asked->words->common)))
        return code;
    if (!(code = lock_take(LOCK_MODELS, all.context, asked->values->path)))
        code = first_choose(&first, asked);
    for (int64_t b = first; b <= asked->values->models && !code; b++)
        code = part_train(&all, b, asked->values->resume && b == first);
    lock_release(LOCK_MODELS);
    session_close(all.context);
    return code;
}
