/* bench_cost.c - a model of what an update and a sampling step cost, beside what they take.
 *
 * Time on p threads = (operations / rate + functions / rate + map bytes / cache bandwidth + rows *
 * time of a row) / p + parameter bytes / memory bandwidth + regions * hand-over. The counts come
 * from the network, the rates from docs/kernels.md: a core of the machine that is named there.
 *
 *   bench_cost [THREADS]      jobs a, b and c (docs/speed.md) */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <noneq.h>

#include "core/context.h"
#include "jobs.h"
#include "nn/graph/op.h"

/* Of one core, per second: operations forward, back to the input, and back to the weights. */
static const double wide[] = {217e9, 212e9, 195e9};   /* dense layers of 64 units and more */
static const double narrow[] = {205e9, 205e9, 150e9}; /* smaller ones, within pixels too */
static const double winograd[] = {410e9, 410e9, 400e9};
static const double direct[] = {140e9, 70e9, 125e9};
static const double functions = 6e9, slopes = 8e9; /* tanh, sigmoid, softplus; their slopes */
static const double exponentials = 3e9;            /* of basis functions, with distances */
static const double cache = 50e9;                  /* bytes of maps through the last cache */
static const double memory = 30e9;                 /* bytes of parameters, all cores together */
static const double row_time = 3e-9;               /* drawing a row and fetching it, s */
static const double number_time = 1.7e-9; /* noise, corruption and divergence of a number, s */
static const double step_time = 0.9e-9;   /* noise and the reverse step of a number, s */
static const double region_time = 2e-6;   /* starting all threads and waiting for them, s */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Rates are measured for some operations. */
static int is_a(const nqi_node *node, const char *operation)
{
    return !strcmp(node->op->name, operation);
}

static const double *operations_rates(const nqi_node *node, const nqi_node *input)
{
    const nqi_map *in = &input->map, *out = &node->map;
    const size_t least = node->width < input->width ? node->width : input->width;
    if (is_a(node, "conv"))
        return out->channels * in->channels >= 5 * (out->channels + in->channels) ? winograd
                                                                                  : direct;
    return is_a(node, "dense") && least >= 64 ? wide : narrow;
}

/* Seconds of one row in one node on one core; train: and back. */
static double node_seconds(const nqi_graph *graph, const nqi_node *node, int train)
{
    const nqi_node *input = nqi_node_source(graph, node, 0);
    const double *rates = operations_rates(node, input);
    const int passes = !train ? 1 : input->has_params ? 3 : 2;
    const double width = (double)node->width, count = nqi_node_cost(graph, node);
    double seconds = count / rates[0] + (passes > 2 ? count / rates[1] : 0) +
                     (passes > 1 ? count / rates[2] : 0);
    if (node->activate != NQI_IDENTITY)
        seconds += width / functions + (train ? width / slopes : 0);
    if (is_a(node, "rbf"))
        seconds += (train ? 2 : 1) * width / exponentials;
    if (is_a(node, "conv"))
        seconds += passes * 4 * (width + (double)input->width) / cache;
    return seconds;
}

static double row_seconds(const nqi_graph *graph, int train)
{
    double seconds = 0;
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i].input_count)
            seconds += node_seconds(graph, &graph->nodes[i], train);
    return seconds;
}

/* Adam reads and writes three arrays; the gradients of all strands are written and read. Those of
 * readouts stay in the cache. */
static double update_model(const nq_trainer *trainer, int threads)
{
    const nqi_graph *graph = &trainer->model->regressor.graph;
    const double rows = (double)trainer->options.batch, dim = (double)trainer->model->process.dim;
    const double own = row_seconds(graph, 1) + row_time + dim * number_time;
    const double bytes =
        (double)graph->dense_count * (24 + 8 * (double)trainer->gradient.strands) +
        (double)(trainer->draw.groups * graph->bank_size) * 24;
    return rows * own / threads + bytes / memory + 2 * region_time;
}

static double sample_model(const nq_trainer *trainer, const job *j, int threads)
{
    const nq_model *model = trainer->model;
    const double steps = j->sample_steps ? j->sample_steps : (double)nq_model_steps(model);
    const double own =
        row_seconds(&model->regressor.graph, 0) + (double)model->process.dim * step_time;
    return (double)j->sample_rows * steps * own / threads + region_time;
}

static double update_time(nq_trainer *trainer)
{
    enum { WARM = 5 };
    double start = 0, seconds = 0;
    int count = 0;
    for (; seconds < 1 || count < WARM + 10; count++) {
        if (count == WARM)
            start = now();
        if (nq_trainer_step(trainer))
            return NAN;
        seconds = count > WARM ? now() - start : 0;
    }
    return seconds / (count - WARM);
}

static double sample_time(nq_context *context, nq_trainer *trainer, const job *j)
{
    nq_sample_options options = {.rows = j->sample_rows, .seed = 1};
    const nq_model *model;
    nq_sampler *sampler;
    double seconds = 0;
    int count = 0;
    if (nq_trainer_model(&model, trainer))
        return NAN;
    for (; seconds < 1; count++, options.seed++) {
        if (nq_sampler_new(&sampler, context, model, &options))
            return NAN;
        const size_t from = nq_sampler_time(sampler);
        const double start = now();
        nq_sampler_run(sampler, j->sample_steps ? from - (size_t)j->sample_steps : 0);
        seconds += now() - start;
        nq_sampler_free(sampler);
    }
    return seconds / count;
}

static void line_print(const char *name, const char *task, double model, double measured)
{
    printf("%-4s %-16s %12.4f %12.4f %10.2f\n", name, task, 1e3 * model, 1e3 * measured,
           model / measured);
}

static nq_status job_compare(nq_context *context, const job *j)
{
    const int threads = nq_context_threads(context);
    nq_model_options model;
    nq_train_options train;
    nq_dataset *data = NULL;
    nq_trainer *trainer = NULL;
    nq_status status = job_data(&data, context, j);
    if (!status)
        status = job_options(context, j, "float32", &model, &train);
    if (!status)
        status = nq_trainer_new(&trainer, context, data, NULL, &model, &train);
    if (!status) {
        line_print(j->name, "update", update_model(trainer, threads), update_time(trainer));
        line_print(j->name, "sampling", sample_model(trainer, j, threads),
                   sample_time(context, trainer, j));
    }
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    return status;
}

int main(int count, char **words)
{
    const nq_context_options options = {.threads = count > 1 ? atoi(words[1]) : 0};
    nq_context *context;
    nq_status status = nq_context_new(&context, &options);
    printf("%-4s %-16s %12s %12s %10s\n", "job", "", "model, ms", "measured", "ratio");
    for (const job *j = jobs_all(); j->name && !status; j++)
        status = job_compare(context, j);
    if (status)
        fprintf(stderr, "bench_cost: %s\n", nq_context_message(context));
    nq_context_free(context);
    return status != NQ_OK;
}
