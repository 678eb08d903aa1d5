/* cmd_bench.c - noneq bench: the speed of this machine on the standard jobs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "message.h"
#include "output.h"
#include "session.h"
#include "verbs.h"

typedef struct bench_values {
    double seconds;
    const char *path;
} bench_values;

static const option_row rows[] = {
    {"seconds", 0, OPTION_NUMBER, offsetof(bench_values, seconds), "S", "10", 0.1,
     "time for all jobs together"},
    {"output", 'o', OPTION_TEXT, offsetof(bench_values, path), "FILE", "-", 0,
     "where to write the result"},
};

/* A standard job: a built-in data set and a network. */
typedef struct bench_job {
    const char *name, *data, *preset, *hidden;
    size_t rows, dim, sample_rows;
} bench_job;

static const bench_job jobs[] = {
    {"swissroll", "swissroll", "swissroll", "", 10000, 0, 10000},
    {"heartbeat", "heartbeat", "heartbeat", "", 10000, 0, 256},
    {"table-256", "gaussian", NULL, "256,256,256", 10000, 16, 256},
};

enum { JOB_COUNT = sizeof jobs / sizeof *jobs, WARM_UPDATES = 3 };

/* Of the time for a job, the part that goes into training. */
static const double TRAIN_PART = 0.6;

typedef struct bench_result {
    size_t steps, parameters;
    int64_t batch;
    double updates_per_second, samples_per_second;
} bench_result;

static nq_status job_options(nq_context *context, const bench_job *job,
                             nq_model_options *model_options, nq_train_options *train_options)
{
    nq_status status = NQ_OK;

    nq_model_options_init(model_options);
    nq_train_options_init(train_options);
    if (job->preset)
        status = nq_preset_apply(context, job->preset, model_options, train_options);
    if (*job->hidden)
        snprintf(model_options->hidden, sizeof model_options->hidden, "%s", job->hidden);
    train_options->fit_updates = 0; /* gradient updates are what is timed */
    return status;
}

static nq_status train_time(nq_trainer *trainer, double seconds, bench_result *out)
{
    nq_train_state state;
    nq_status status = NQ_OK;
    int64_t count = 0;

    for (int i = 0; i < WARM_UPDATES && !status; i++)
        status = nq_trainer_step(trainer);
    const double start = seconds_now();
    double now = start;
    for (nq_trainer_state(trainer, &state); !status && !state.done && now - start < seconds;
         count++) {
        status = nq_trainer_step(trainer);
        nq_trainer_state(trainer, &state);
        now = seconds_now();
    }
    out->updates_per_second = now > start ? (double)count / (now - start) : 0;
    return status;
}

static nq_status sample_time(nq_context *context, const nq_model *model, size_t sample_rows,
                             double seconds, bench_result *out)
{
    nq_sample_options options = {.rows = sample_rows, .seed = 1};
    nq_real *values = values_new(sample_rows, nq_model_columns(model));
    nq_status status = values ? NQ_OK : NQ_ERROR_MEMORY;
    const double start = seconds_now();
    double now = start;
    int64_t count = 0;

    for (; !status && now - start < seconds; count++) {
        options.seed++;
        status = nq_sample(context, model, &options, values);
        now = seconds_now();
    }
    free(values);
    if (now > start)
        out->samples_per_second = (double)count * (double)sample_rows / (now - start);
    return status;
}

static nq_status job_time(nq_context *context, const bench_job *job, double seconds,
                          bench_result *out)
{
    const nq_generate_options generate = {.rows = job->rows,
                                          .dim = job->dim,
                                          .noise = 0,
                                          .seed = 1};
    nq_model_options model_options;
    nq_train_options train_options;
    nq_dataset *data = NULL;
    nq_trainer *trainer = NULL;
    const nq_model *model;
    nq_status status;

    if ((status = job_options(context, job, &model_options, &train_options)) ||
        (status = nq_dataset_generate(&data, context, job->data, &generate)) ||
        (status =
             nq_trainer_new(&trainer, context, data, NULL, &model_options, &train_options)) ||
        (status = train_time(trainer, seconds * TRAIN_PART, out)) ||
        (status = nq_trainer_model(trainer, &model)) ||
        (status = sample_time(context, model, job->sample_rows, seconds * (1 - TRAIN_PART), out)))
        goto done;
    out->steps = nq_model_steps(model);
    out->parameters = nq_model_parameters(model);
    out->batch = nq_trainer_train_options(trainer)->batch;
done:
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    return status;
}

static void results_json(FILE *file, const nq_context *context, const bench_result *results)
{
    fprintf(file, "{\"version\":\"%s\",\"cpu\":\"%s\",\"threads\":%d,\"jobs\":[", nq_version(),
            nq_context_cpu(context), nq_context_threads(context));
    for (int i = 0; i < JOB_COUNT; i++) {
        const bench_result *result = &results[i];

        fprintf(file, "%s{", i ? "," : "");
        json_field_text(file, "name", jobs[i].name);
        fprintf(file, ",\"steps\":%zu,\"parameters\":%zu,\"batch\":%lld,", result->steps,
                result->parameters, (long long)result->batch);
        json_field(file, "updates_per_second", result->updates_per_second);
        putc(',', file);
        json_field(file, "rows_per_second", result->updates_per_second * (double)result->batch);
        putc(',', file);
        json_field(file, "samples_per_second", result->samples_per_second);
        putc('}', file);
    }
    fputs("]}\n", file);
}

static void results_text(FILE *file, const nq_context *context, const bench_result *results)
{
    fprintf(file, "noneq %s, %s kernels, %d threads\n\n", nq_version(), nq_context_cpu(context),
            nq_context_threads(context));
    fprintf(file, "%-10s %6s %11s %6s %11s %13s %11s\n", "job", "T", "parameters", "batch",
            "updates/s", "train rows/s", "samples/s");
    for (int i = 0; i < JOB_COUNT; i++)
        fprintf(file, "%-10s %6zu %11zu %6lld %11.1f %13.0f %11.0f\n", jobs[i].name,
                results[i].steps, results[i].parameters, (long long)results[i].batch,
                results[i].updates_per_second,
                results[i].updates_per_second * (double)results[i].batch,
                results[i].samples_per_second);
}

static int results_write(const char *path, int json, const nq_context *context,
                         const bench_result *results)
{
    output out;

    if (output_open(&out, path))
        return EXIT_FAILED;
    if (json)
        results_json(out.file, context, results);
    else
        results_text(out.file, context, results);
    return output_close(&out);
}

static int bench_run(const verb *self, int argc, char **argv)
{
    bench_values values;
    arguments words;
    bench_result results[JOB_COUNT] = {{0}};
    nq_context *context;
    nq_status status = NQ_OK;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((strcmp(values.path, "-") != 0 && (code = output_check(values.path))) ||
        (code = session_open(&context, &words.common)))
        return code;
    for (int i = 0; i < JOB_COUNT && !status; i++) {
        if (words.common.verbose)
            message_print("timing %s", jobs[i].name);
        status = job_time(context, &jobs[i], values.seconds / JOB_COUNT, &results[i]);
    }
    if (status)
        code = session_fail(context, status);
    else
        code = results_write(values.path, words.common.json, context, results);
    nq_context_free(context);
    return code;
}

const verb verb_bench = {
    .name = "bench",
    .operands = "[--json]",
    .summary = "the speed of this machine on the standard jobs",
    .details =
        "Trains and samples for a few seconds each: the paper's swiss roll (T = 40, 16 radial "
        "basis functions) and heartbeat (T = 2000, 20-50-50-50), and a table of 16 columns "
        "with a network of three layers of 256. Close other programs first.",
    .example = "noneq bench --threads 1 --json",
    .operands_least = 0,
    .operands_most = 0,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_THREADS | COMMON_JSON | COMMON_QUIET | COMMON_VERBOSE,
    .run = bench_run,
};
