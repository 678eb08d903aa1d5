/* train.c - noneq train: fit a model to data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cmd/verbs.h"
#include "interrupt.h"
#include "log/metrics.h"
#include "log/watch.h"
#include "message.h"
#include "ranks.h"
#include "session.h"

/* Lines of the metrics file in a whole run, about. */
enum { METRICS_LINES = 500, METRICS_UPDATES = 100 };

typedef struct train_values {
    nq_fit_options fit;
} train_values;

static const option_struct structs[] = {{"nq_fit_options", offsetof(train_values, fit),
                                         "o=output"},
                                        {NULL, 0, NULL}};

/* The log of a model, while it is trained. */
typedef struct train_log {
    const char *folder;         /* --log, or NULL */
    char numbered[NQ_FIT_PATH]; /* that of the model, of several */
    metrics lines;
    double told_valid; /* hold-out bound in the last line */
    int began;         /* the first model */
    int64_t number;    /* of the latest one */
    int code;          /* EXIT_FAILED: the log could not be written, which ends the run */
} train_log;

/* By count of updates, not by the clock, so that two runs log the same lines. */
static int is_metrics_due(const train_log *log, const nq_train_state *state)
{
    int64_t period = state->planned > 0 ? state->planned / METRICS_LINES : METRICS_UPDATES;
    if (period < 1)
        period = 1;
    return state->done || (!state->start && state->update % period == 0) ||
           (!isnan(state->valid_bound) && state->valid_bound != log->told_valid);
}

static int log_close(train_log *log)
{
    const int code = metrics_close(&log->lines);
    if (!log->code)
        log->code = code;
    return code;
}

static int log_open(train_log *log, const nq_fit_result *now)
{
    const char *folder = log->folder;
    if (folder && now->number) {
        snprintf(log->numbered, sizeof log->numbered, "%s.%lld", folder, (long long)now->number);
        folder = log->numbered;
    }
    return log->code = metrics_open_run(&log->lines, folder, now->state.update);
}

/* What a resumed run has reached is in the log already. */
static void model_begin(train_log *log, const nq_fit_result *now)
{
    log->began = 1;
    log->number = now->number;
    log->told_valid = now->state.valid_bound;
    if (log_close(log) || log_open(log, now))
        return;
    interrupt_catch();
    watch_train(&now->state, 1);
    if (now->state.update == 0)
        metrics_train(&log->lines, &now->state);
}

static int update_tell(void *user, const nq_fit_result *now)
{
    train_log *log = user;
    const int is_new = !log->began || now->number != log->number; /* or one that starts again */
    if (is_new || (now->state.update == 0 && !now->state.start)) {
        model_begin(log, now);
    } else {
        watch_train(&now->state, 0);
        if (is_metrics_due(log, &now->state)) {
            metrics_train(&log->lines, &now->state);
            log->told_valid = now->state.valid_bound;
        }
    }
    if (log->code)
        return NQ_STOP;
    return interrupt_signal() ? NQ_FINISH : NQ_GO_ON;
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

static void resume_tell(const nq_fit_result *result, const nq_fit_options *asked, int argc,
                        char **argv)
{
    const nq_train_state *state = &result->state;
    if (state->update > 0)
        message_print("stopped after update %lld; '%s' is the %s model so far, '%s.checkpoint' "
                      "the checkpoint. To go on:",
                      (long long)state->update, result->output,
                      isfinite(state->best_bound) ? "best" : "latest", result->output);
    else
        message_print("stopped before the first update; the checkpoint is '%s.checkpoint'. To go "
                      "on:",
                      result->output);
    fputs("  noneq train", stderr);
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--restart") != 0)
            word_print(argv[i]);
    fputs(asked->resume ? "\n" : " --resume\n", stderr);
}

/* What is said when a signal comes before the first model begins, be it while the first updates of
 * several runs are made side by side. */
static const char stopped_early[] =
    "noneq: stopped while the run was being prepared: nothing was "
    "trained yet, and nothing was written\n";

/* The library's failure, or what became of the log. */
static int fit_fail(nq_context *context, nq_status status, const train_log *log,
                    const nq_fit_result *result)
{
    if (status == NQ_ERROR_STOPPED && log->code)
        return log->code;
    const int code = session_fail(context, status);
    if (status == NQ_ERROR_DIVERGED && result->has_model)
        message_print("the last good model is in '%s'", result->output);
    return code;
}

static int fit_run(const nq_fit_options *options, nq_context *context, const arguments *words,
                   int argc, char **argv)
{
    const nq_source rows = {.path = words->operands[0], .read = &words->common.read};
    train_log log = {.folder = words->common.log};
    nq_fit_options asked = *options;
    nq_fit_result result;
    asked.updated = update_tell;
    asked.user = &log;
    asked.log = log.folder;
    if (!words->common.quiet && !ranks_comm())
        interrupt_says(stopped_early);
    const nq_status status = nq_fit(NULL, &result, context, &rows, &asked);
    watch_clear();
    const int code = status ? fit_fail(context, status, &log, &result) : EXIT_DONE;
    log_close(&log);
    if (code)
        return code;
    if (result.finished)
        return log.code;
    if (!words->common.quiet)
        resume_tell(&result, options, argc, argv);
    return 128 + interrupt_signal();
}

static int train_run(const verb *self, int argc, char **argv)
{
    nq_setting settings[SETTINGS_MOST];
    train_values values;
    arguments words;
    nq_context *context;
    int code;
    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (!values.fit.output)
        return options_refuse(self, "-o MODEL is missing: where to write the model%s",
                              values.fit.models ? "s" : "");
    for (int i = 0; i < words.setting_count; i++)
        settings[i] = (nq_setting){words.settings[i].option->field, words.settings[i].text};
    values.fit.settings = settings;
    values.fit.setting_count = (size_t)words.setting_count;
    if ((code = session_open(&context, &words.common)))
        return code;
    code = fit_run(&values.fit, context, &words, argc, argv);
    session_close(context);
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
    .structs = structs,
    .common = COMMON_THREADS | COMMON_LOG | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ |
              COMMON_COLUMNS,
    .library = 1,
    .run = train_run,
};
