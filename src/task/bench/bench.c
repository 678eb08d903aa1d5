/* bench.c - the speed of this machine on the standard jobs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/report.h>
#include <noneq/sample.h>
#include <noneq/train.h>
#include <noneq/version.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "task/report/json.h"
#include "task/report/print.h"
#include "task/source/output.h"

/* A standard job (docs/speed.md): a built-in data set and a network. preset NULL: the reference
 * code's network for MNIST. */
typedef struct bench_job {
    const char *name, *data, *preset;
    size_t rows, dim, sample_rows;
    nq_count batch;
    size_t bound_rows, bound_terms;
} bench_job;

static const bench_job jobs[] = {
    {"swissroll", "swissroll", "swissroll", 10000, 0, 10000, 1024, 2048, 78},
    {"heartbeat", "heartbeat", "heartbeat", 10000, 0, 1000, 1024, 1024, 128},
    {"pictures", "gaussian", NULL, 1024, 784, 64, 512, 256, 32},
};

enum { JOB_COUNT = sizeof jobs / sizeof *jobs, UPDATES_MOST = 1000000000 };

/* Of the time for a job, the parts that go into training and into samples; the rest is for K. */
static const double TRAIN_PART = 0.5, SAMPLE_PART = 0.3;

typedef struct bench_result {
    size_t steps, parameters;
    int64_t batch;
    double updates_per_second, samples_per_second, evaluations_per_second;
} bench_result;

static void picture_options(nq_model_options *model)
{
    snprintf(model->kernel, sizeof model->kernel, "gaussian");
    snprintf(model->regressor, sizeof model->regressor, "image");
    snprintf(model->image, sizeof model->image, "1x28x28");
    snprintf(model->hidden, sizeof model->hidden, "500,500,500");
    snprintf(model->pixel_hidden, sizeof model->pixel_hidden, "20,20");
    snprintf(model->readout, sizeof model->readout, "bumps");
    snprintf(model->activation, sizeof model->activation, "softplus");
    model->layers = 4;
    model->scales = 1;
    model->channels = 20;
    model->features = 2;
    model->bumps = 10;
    model->steps = 1000;
    model->dequantize = 0;
}

/* Gradient updates with a readout for every step are what is timed. */
static nq_status job_options(nq_context *context, const bench_job *job,
                             nq_model_options *model_options, nq_train_options *train_options)
{
    nq_status status = NQ_OK;
    nq_model_options_init(model_options, sizeof *model_options);
    nq_train_options_init(train_options, sizeof *train_options);
    if (job->preset)
        status = nq_preset_apply(model_options, train_options, context, job->preset);
    else
        picture_options(model_options);
    snprintf(model_options->schedule, sizeof model_options->schedule, "%s",
             strcmp(job->name, "heartbeat") ? "log-snr" : "constant-fraction");
    train_options->fit_updates = 0;
    train_options->share = 1;
    train_options->dropout = 0;
    train_options->average = 1;
    train_options->batch = job->batch;
    train_options->updates = UPDATES_MOST;
    train_options->valid_every = UPDATES_MOST;
    return status;
}

/* What is repeated for a while; `done` counts what one call does. */
typedef struct repeated {
    nq_context *context;
    nq_trainer *trainer;
    const nq_model *model;
    const nq_dataset *data;
    const bench_job *job;
    nq_sampler *sampler;
    double *values;
    uint64_t seed;
} repeated;

static nq_status update_once(repeated *r, double *done)
{
    *done += 1;
    return nq_trainer_step(r->trainer);
}

/* A whole trajectory of all rows; of pictures, a step at a time. */
static nq_status sample_once(repeated *r, double *done)
{
    nq_sample_options options = {.rows = r->job->sample_rows, .seed = ++r->seed};
    const double steps = (double)nq_model_steps(r->model);
    nq_status status = NQ_OK;
    if (r->job->preset) {
        *done += (double)options.rows;
        return nq_sample(r->values, r->context, r->model, &options);
    }
    if (r->sampler && !nq_sampler_time(r->sampler)) {
        nq_sampler_free(r->sampler);
        r->sampler = NULL;
    }
    if (!r->sampler)
        status = nq_sampler_new(&r->sampler, r->context, r->model, &options);
    *done += (double)options.rows / steps;
    return status ? status : nq_sampler_run(r->sampler, nq_sampler_time(r->sampler) - 1);
}

static nq_status bound_once(repeated *r, double *done)
{
    const nq_bound_options options = {.terms = r->job->bound_terms,
                                      .seed = ++r->seed,
                                      .max_rows = r->job->bound_rows};
    nq_bound bound;
    const nq_status status = nq_bound_estimate(&bound, r->context, r->model, r->data, &options);
    if (!status) {
        *done += (double)bound.rows * (double)bound.terms;
        nq_bound_free(&bound);
    }
    return status;
}

/* One call that is not counted, then as many as fit. */
static nq_status rate_measure(double *rate, repeated *r, nq_status (*once)(repeated *, double *),
                              double seconds)
{
    double done = 0;
    nq_status status = once(r, &done);
    const double start = nqi_clock_now();
    double now = start;
    for (done = 0; !status && now - start < seconds; now = nqi_clock_now())
        status = once(r, &done);
    *rate = now > start ? done / (now - start) : 0;
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
    repeated r = {.context = context, .job = job};
    nq_status status;
    if ((status = job_options(context, job, &model_options, &train_options)) ||
        (status = nq_dataset_generate(&data, context, job->data, &generate)) ||
        (status =
             nq_trainer_new(&r.trainer, context, data, NULL, &model_options, &train_options)) ||
        (status =
             rate_measure(&out->updates_per_second, &r, update_once, seconds * TRAIN_PART)) ||
        (status = nq_trainer_model(&r.model, r.trainer)))
        goto done;
    r.data = data;
    const size_t bytes = job->sample_rows * nq_model_columns(r.model) * sizeof *r.values;
    if (!(r.values = malloc(bytes)))
        status = nqi_fail_memory(context, "samples", bytes);
    if (status ||
        (status =
             rate_measure(&out->samples_per_second, &r, sample_once, seconds * SAMPLE_PART)) ||
        (status = rate_measure(&out->evaluations_per_second, &r, bound_once,
                               seconds * (1 - TRAIN_PART - SAMPLE_PART))))
        goto done;
    out->steps = nq_model_steps(r.model);
    out->parameters = nq_model_parameters(r.model);
    out->batch = nq_trainer_train_options(r.trainer)->batch;
done:
    free(r.values);
    nq_sampler_free(r.sampler);
    nq_trainer_free(r.trainer);
    nq_dataset_free(data);
    return status;
}

/* What is printed. */
typedef struct bench_report {
    const nq_context *context;
    const bench_result *results; /* [JOB_COUNT] */
} bench_report;

static void results_json(FILE *file, const void *result_of_all)
{
    const bench_report *report = result_of_all;
    const nq_context *context = report->context;
    fprintf(file, "{\"version\":\"%s\",\"cpu\":\"%s\",\"threads\":%d,\"jobs\":[", nq_version(),
            nq_context_cpu(context), nq_context_threads(context));
    for (int i = 0; i < JOB_COUNT; i++) {
        const bench_result *result = &report->results[i];
        fprintf(file, "%s{", i ? "," : "");
        nqi_json_field_text(file, "name", jobs[i].name);
        fprintf(file, ",\"steps\":%zu,\"parameters\":%zu,\"batch\":%lld,", result->steps,
                result->parameters, (long long)result->batch);
        nqi_json_field(file, "updates_per_second", result->updates_per_second);
        putc(',', file);
        nqi_json_field(file, "rows_per_second",
                       result->updates_per_second * (double)result->batch);
        putc(',', file);
        nqi_json_field(file, "samples_per_second", result->samples_per_second);
        putc(',', file);
        nqi_json_field(file, "evaluations_per_second", result->evaluations_per_second);
        putc('}', file);
    }
    fputs("]}\n", file);
}

static void results_text(FILE *file, const void *result_of_all)
{
    const bench_report *report = result_of_all;
    const nq_context *context = report->context;
    const bench_result *results = report->results;
    fprintf(file, "noneq %s, %s kernels, %d threads\n\n", nq_version(), nq_context_cpu(context),
            nq_context_threads(context));
    fprintf(file, "%-10s %6s %11s %6s %11s %13s %11s %14s\n", "job", "T", "parameters", "batch",
            "updates/s", "train rows/s", "samples/s", "K terms/s");
    for (int i = 0; i < JOB_COUNT; i++)
        fprintf(file, "%-10s %6zu %11zu %6lld %11.1f %13.0f %11.4g %14.0f\n", jobs[i].name,
                results[i].steps, results[i].parameters, (long long)results[i].batch,
                results[i].updates_per_second,
                results[i].updates_per_second * (double)results[i].batch,
                results[i].samples_per_second, results[i].evaluations_per_second);
}

nq_status nq_benchmark(char **report, nq_context *context, const nq_benchmark_options *options)
{
    nq_benchmark_options own;
    bench_result results[JOB_COUNT] = {{0}};
    if (report)
        *report = NULL;
    nq_status status = nqi_options_take(&own, context, &nqi_benchmark_options, options);
    if (!status && own.output && strcmp(own.output, "-") != 0)
        status = nqi_output_check(context, own.output);
    for (int i = 0; i < JOB_COUNT && !status; i++) {
        const double part = (double)i / JOB_COUNT; /* the calls are timed, not watched */
        const nqi_portion before = nqi_portion_enter(context, part, part);
        nqi_log(context, NQ_LOG_DETAIL, "timing %s", jobs[i].name);
        status = job_time(context, &jobs[i], own.seconds / JOB_COUNT, &results[i]);
        nqi_portion_leave(context, before);
    }
    const bench_report found = {context, results};
    return status ? status
                  : nqi_print_make(report, context, own.output,
                                   own.json ? results_json : results_text, &found);
}
