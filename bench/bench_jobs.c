/* bench_jobs.c - the standard jobs on request: reads commands, answers each with a line of JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */

/* What can be asked:
 *   bench_jobs JOB [THREADS [float32|bf16]]    JOB is a, b or c
 *   bench_jobs check                           every command once, as little as possible
 *
 *   hello         versions, sizes and operations of the job
 *   train N       N updates after one that is not counted
 *   sample N      N whole trajectories; job c: N reverse steps
 *   bound N       N estimates of K
 *   write DIR     a model, rows, times, noise and their divergences, for the others to agree with
 *   check DIR     the divergences of what was written
 *   peak          multiply-adds that the threads can do in registers
 *   memory        the most that this process has had resident
 *
 * bench/peers/run.py asks this program and its peers in turn. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <noneq.h>

#include "core/context.h"
#include "fma_peak.h"
#include "jobs.h"

/* What a command works on. Model, data and trainer are made when first needed. */
typedef struct bench {
    const job *job;
    const char *precision;
    nq_context *context;
    nq_dataset *data;
    nq_trainer *trainer;
    nq_sampler *sampler;
    double *values;
} bench;

typedef struct command {
    const char *name;
    nq_status (*run)(bench *b, long count, const char *word);
    int takes; /* 0 nothing, 1 a count, 2 a folder */
} command;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static nq_status data_open(bench *b)
{
    return b->data ? NQ_OK : job_data(&b->data, b->context, b->job);
}

static nq_status trainer_open(bench *b)
{
    nq_model_options model;
    nq_train_options train;
    nq_status status;
    if (b->trainer)
        return NQ_OK;
    if ((status = data_open(b)) ||
        (status = job_options(b->context, b->job, b->precision, &model, &train)))
        return status;
    return nq_trainer_new(&b->trainer, b->context, b->data, NULL, &model, &train);
}

static nq_status model_open(bench *b, const nq_model **out)
{
    const nq_status status = trainer_open(b);
    return status ? status : nq_trainer_model(out, b->trainer);
}

static nq_status say_hello(bench *b, long count, const char *word)
{
    const nq_status status = trainer_open(b);
    (void)count;
    (void)word;
    if (status)
        return status;
    const nqi_graph *graph = &b->trainer->model->regressor.graph;
    printf(
        "{\"job\":\"%s\",\"engine\":\"noneq\",\"version\":\"%s\",\"cpu\":\"%s\",\"threads\":%d,"
        "\"precision\":\"%s\",\"steps\":%zu,\"parameters\":%zu,\"batch\":%lld,"
        "\"forward_flops\":%.0f,\"train_flops\":%.0f}\n",
        b->job->name, nq_version(), nq_context_cpu(b->context), nq_context_threads(b->context),
        b->precision, b->trainer->model->process.schedule.steps, nqi_graph_parameters(graph),
        (long long)b->trainer->options.batch, job_forward_cost(graph), job_train_cost(graph));
    return NQ_OK;
}

static nq_status time_train(bench *b, long count, const char *word)
{
    nq_train_state state;
    nq_status status = trainer_open(b);
    (void)word;
    if (!status)
        status = nq_trainer_step(b->trainer);
    const double start = now();
    for (long i = 0; i < count && !status; i++)
        status = nq_trainer_step(b->trainer);
    const double seconds = now() - start;
    if (status)
        return status;
    nq_trainer_state(&state, b->trainer);
    printf("{\"seconds\":%.9f,\"count\":%ld,\"loss\":%.6g}\n", seconds, count,
           b->trainer->progress.smooth_loss);
    return NQ_OK;
}

/* A trajectory is not kept while other things are timed. */
static void sampler_close(bench *b)
{
    nq_sampler_free(b->sampler);
    b->sampler = NULL;
}

/* Steps of one trajectory after another; a new one begins outside the clock. */
static nq_status steps_time(bench *b, const nq_model *model, long count, double *seconds)
{
    const nq_sample_options options = {.rows = b->job->sample_rows, .seed = 1};
    nq_status status = NQ_OK;
    *seconds = 0;
    for (long i = 0; i < count && !status; i++) {
        if (b->sampler && !nq_sampler_time(b->sampler))
            sampler_close(b);
        if (!b->sampler)
            status = nq_sampler_new(&b->sampler, b->context, model, &options);
        const double start = now();
        if (!status)
            status = nq_sampler_run(b->sampler, nq_sampler_time(b->sampler) - 1);
        *seconds += now() - start;
    }
    return status;
}

static nq_status trajectories_time(bench *b, const nq_model *model, long count, double *seconds)
{
    nq_sample_options options = {.rows = b->job->sample_rows, .seed = 1};
    nq_status status = NQ_OK;
    if (!b->values)
        b->values = calloc(options.rows * nq_model_columns(model), sizeof *b->values);
    if (!b->values)
        return nqi_fail_memory(b->context, "samples", options.rows);
    const double start = now();
    for (long i = 0; i < count && !status; i++, options.seed++)
        status = nq_sample(b->values, b->context, model, &options);
    *seconds = now() - start;
    return status;
}

static nq_status time_sample(bench *b, long count, const char *word)
{
    const nq_model *model;
    double seconds = 0;
    nq_status status = model_open(b, &model);
    (void)word;
    if (!status)
        status = b->job->sample_steps ? steps_time(b, model, count, &seconds)
                                      : trajectories_time(b, model, count, &seconds);
    sampler_close(b);
    if (!status)
        printf("{\"seconds\":%.9f,\"count\":%ld,\"rows\":%zu}\n", seconds, count,
               b->job->sample_rows);
    return status;
}

static nq_status time_bound(bench *b, long count, const char *word)
{
    nq_bound_options options = {.terms = b->job->bound_terms,
                                .seed = 1,
                                .max_rows = b->job->bound_rows};
    const nq_model *model;
    nq_bound bound = {0};
    size_t evaluations = 0;
    nq_status status = model_open(b, &model);
    (void)word;
    const double start = now();
    for (long i = 0; i < count && !status; i++, options.seed++) {
        nq_bound_free(&bound);
        status = nq_bound_estimate(&bound, b->context, model, b->data, &options);
        evaluations += bound.rows * bound.terms;
    }
    const double seconds = now() - start;
    if (!status)
        printf("{\"seconds\":%.9f,\"count\":%ld,\"evaluations\":%zu}\n", seconds, count,
               evaluations);
    nq_bound_free(&bound);
    return status;
}

static nq_status write_batch(bench *b, long count, const char *word)
{
    double loss;
    nq_status status = data_open(b);
    (void)count;
    if (!status)
        status = job_exchange_write(&loss, b->context, b->job, b->data, b->precision, word);
    if (!status)
        printf("{\"loss\":%.9g,\"rows\":%zu}\n", loss, b->job->check_rows);
    return status;
}

static nq_status check_batch(bench *b, long count, const char *word)
{
    double loss;
    const nq_status status = job_exchange_check(&loss, b->context, b->job, b->precision, word);
    (void)count;
    if (!status)
        printf("{\"loss\":%.9g,\"rows\":%zu}\n", loss, b->job->check_rows);
    return status;
}

typedef struct peak_state {
    int lanes;
    double *work;
} peak_state;

static void peak_part(void *state, size_t item, int thread)
{
    const peak_state *peak = state;
    volatile float sink;
    (void)thread;
    peak->work[item] = peak_run(peak->lanes, 1 << 22, &sink);
}

static nq_status say_peak(bench *b, long count, const char *word)
{
    const size_t threads = (size_t)nq_context_threads(b->context);
    double *work = calloc(threads, sizeof *work), best = 0;
    (void)count;
    (void)word;
    if (!work)
        return nqi_fail_memory(b->context, "work", threads * sizeof *work);
    for (int round = 0; round < 10; round++) {
        peak_state peak = {round % 2 ? 16 : 8, work};
        double sum = 0;
        const double start = now();
        (void)!nqi_pool_run(b->context->pool, threads, peak_part, &peak);
        const double seconds = now() - start;
        for (size_t i = 0; i < threads; i++)
            sum += work[i];
        best = fmax(best, sum / seconds);
    }
    free(work);
    printf("{\"flops\":%.4g,\"threads\":%zu}\n", best, threads);
    return NQ_OK;
}

/* Of this program alone: what a parent had resident counts in getrusage, and not here. */
static nq_status say_memory(bench *b, long count, const char *word)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kilobytes = 0;
    (void)count;
    (void)word;
    if (!file)
        return nqi_fail(b->context, NQ_ERROR_UNSUPPORTED, "this system has no /proc/self/status");
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, "VmHWM:", 6))
            kilobytes = strtol(line + 6, NULL, 10);
    fclose(file);
    printf("{\"bytes\":%ld}\n", 1024 * kilobytes);
    return NQ_OK;
}

static const command commands[] = {
    {"hello", say_hello, 0},  {"train", time_train, 1},  {"sample", time_sample, 1},
    {"bound", time_bound, 1}, {"write", write_batch, 2}, {"check", check_batch, 2},
    {"peak", say_peak, 0},    {"memory", say_memory, 0},
};

static void say_error(const char *sentence)
{
    fputs("{\"error\":\"", stdout);
    for (; *sentence; sentence++) {
        if (*sentence == '"' || *sentence == '\\')
            putchar('\\');
        putchar(*sentence);
    }
    fputs("\"}\n", stdout);
}

/* Whether the command was understood and done. */
static int line_obey(bench *b, char *line)
{
    char *word = line + strcspn(line, " ");
    if (*word)
        *word++ = '\0';
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char *end = word;
        const long count = strtol(word, &end, 10);
        if (strcmp(commands[i].name, line))
            continue;
        if ((commands[i].takes == 1 && (end == word || *end || count < 1)) ||
            (commands[i].takes == 2 && !*word) || (!commands[i].takes && *word)) {
            say_error(commands[i].takes == 1   ? "expected a count after the command"
                      : commands[i].takes == 2 ? "expected a folder after the command"
                                               : "expected nothing after the command");
            return 0;
        }
        const nq_status status = commands[i].run(b, count, word);
        if (status)
            say_error(nq_context_message(b->context));
        return !status;
    }
    say_error("unknown command: expected hello, train, sample, bound, write, check, peak or "
              "memory");
    return 0;
}

static nq_status bench_open(bench *b, const job *j, int threads, const char *precision)
{
    const nq_context_options options = {.threads = threads};
    memset(b, 0, sizeof *b);
    b->job = j;
    b->precision = precision;
    return nq_context_new(&b->context, &options);
}

static void bench_free(bench *b)
{
    nq_sampler_free(b->sampler);
    nq_trainer_free(b->trainer);
    nq_dataset_free(b->data);
    free(b->values);
    nq_context_free(b->context);
}

/* Every command but those that want a folder, on every job. */
static int check_all(void)
{
    int fine = 1;
    for (const job *j = jobs_all(); j->name; j++) {
        job small = *j;
        bench b;
        small.sample_rows = small.sample_rows < 64 ? small.sample_rows : 64;
        small.bound_rows = 64;
        small.bound_terms = 4;
        if (bench_open(&b, &small, 1, "float32"))
            fine = 0;
        for (size_t i = 0; fine && i < sizeof commands / sizeof *commands; i++) {
            char line[32];
            snprintf(line, sizeof line, commands[i].takes ? "%s 1" : "%s", commands[i].name);
            if (commands[i].takes < 2 && strcmp(commands[i].name, "peak"))
                fine = line_obey(&b, line);
        }
        bench_free(&b);
    }
    return fine ? 0 : 1;
}

int main(int argc, char **argv)
{
    char line[512];
    int fine = 1;
    bench b;
    if (argc == 2 && !strcmp(argv[1], "check"))
        return check_all();
    const job *j = argc > 1 ? job_find(argv[1]) : NULL;
    const char *precision = argc > 3 ? argv[3] : "float32";
    if (!j || argc > 4) {
        fputs("usage: bench_jobs a|b|c [THREADS [float32|bf16]], or bench_jobs check\n", stderr);
        return 2;
    }
    if (bench_open(&b, j, argc > 2 ? atoi(argv[2]) : 0, precision)) {
        say_error(b.context ? nq_context_message(b.context) : "out of memory");
        fine = 0;
    }
    while (fine && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (!line_obey(&b, line))
            fine = 0;
        fflush(stdout);
    }
    bench_free(&b);
    return fine ? 0 : 1;
}
