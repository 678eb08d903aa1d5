/* exchange.c - a model and a batch as files, on which noneq and its peers compare their losses. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "jobs.h"
#include "table/dataset.h"

enum { PATH_SIZE = 512 };

/* What is compared with the peers: arrays of a batch, row by row. Its rows are divided among parts,
 * as one thread works on a part. */
typedef struct exchange {
    nq_context *context;
    const job *job;
    const nq_model *model;
    const char *folder;
    nqi_batch *parts;
    size_t part_count, part_rows;
    double *rows;                      /* [check_rows][dim] */
    uint64_t numbers[CHECK_ROWS_MOST]; /* of rows: 0, 1, 2 ... */
} exchange;

/* An array of a part, [dim][its ld]. */
typedef nqi_real *part_array(const nqi_batch *part);

static nqi_real *part_x_0(const nqi_batch *part)
{
    return part->x_0;
}

static nqi_real *part_x_t(const nqi_batch *part)
{
    return nqi_batch_x_t(part);
}

static nqi_real *part_noise(const nqi_batch *part)
{
    return part->noise;
}

static nqi_real *part_kl(const nqi_batch *part)
{
    return part->kl;
}

static void path_make(char *path, size_t size, const exchange *e, const char *name)
{
    snprintf(path, size, "%s/%s%s", e->folder, e->job->name, name);
}

/* Groups of rows have steps from 2 to T, all parts together. */
static nq_status part_open(exchange *e, size_t number, const nqi_ops *ops)
{
    const size_t steps = e->model->process.schedule.steps;
    const size_t groups = e->job->check_rows / e->job->check_group;
    nqi_batch *part = &e->parts[number];
    nqi_tape *tape = &part->tape;
    const nq_status status =
        nqi_batch_new(part, e->context, &e->model->process, &e->model->regressor.graph, ops,
                      e->part_rows, e->job->check_group, 0);
    if (status)
        return status;
    tape->params = e->model->regressor.params;
    tape->rows = e->part_rows;
    tape->groups = tape->rows / tape->group_rows;
    for (size_t g = 0; g < tape->groups; g++)
        tape->time[g] = (uint32_t)(2 + (number * tape->groups + g) * (steps - 2) / (groups - 1));
    return NQ_OK;
}

/* In as many parts as there are threads, or fewer: a power of two, which divides the groups. */
static nq_status exchange_open(exchange *e, nq_context *context, const job *j,
                               const nq_model *model, const char *precision, const char *folder,
                               size_t threads)
{
    const size_t rows = j->check_rows, dim = model->process.dim;
    const nqi_ops *ops =
        strcmp(precision, "bf16") ? context->ops : nqi_backends_with(context->backends, NQI_BF16);
    nq_status status = NQ_OK;
    *e = (exchange){.context = context, .job = j, .model = model, .folder = folder};
    if (!ops)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED, "this machine has no bfloat16");
    for (size_t r = 0; r < rows; r++)
        e->numbers[r] = r;
    e->part_count = 1;
    while (2 * e->part_count <= threads && rows / j->check_group % (2 * e->part_count) == 0)
        e->part_count *= 2;
    e->part_rows = rows / e->part_count;
    e->rows = calloc(rows * dim, sizeof *e->rows);
    e->parts = calloc(e->part_count, sizeof *e->parts);
    if (!e->rows || !e->parts)
        return nqi_fail_memory(e->context, "rows", rows * dim * sizeof *e->rows);
    for (size_t i = 0; i < e->part_count && !status; i++)
        status = part_open(e, i, ops);
    return status;
}

static void exchange_free(exchange *e)
{
    for (size_t i = 0; e->parts && i < e->part_count; i++)
        nqi_batch_free(&e->parts[i]);
    free(e->parts);
    free(e->rows);
}

/* Where number i of row r is. */
static nqi_real *cell(const exchange *e, part_array *array, size_t i, size_t r)
{
    const nqi_batch *part = &e->parts[r / e->part_rows];
    return array(part) + i * part->tape.ld + r % e->part_rows;
}

static nq_status array_write(exchange *e, const char *name, part_array *array, size_t dim)
{
    const size_t rows = e->job->check_rows;
    char path[PATH_SIZE];
    for (size_t i = 0; i < dim; i++)
        for (size_t r = 0; r < rows; r++)
            e->rows[r * dim + i] = (double)*cell(e, array, i, r);
    path_make(path, sizeof path, e, name);
    return nq_values_write_float(path, e->context, e->rows, rows, dim, NULL);
}

static nq_status array_read(exchange *e, const char *name, part_array *array, size_t dim)
{
    const size_t rows = e->job->check_rows;
    nq_dataset *data;
    char path[PATH_SIZE];
    path_make(path, sizeof path, e, name);
    nq_status status = nq_dataset_open(&data, e->context, path);
    if (status)
        return status;
    if (nq_dataset_rows(data) != rows || nq_dataset_dim(data) != dim)
        status =
            nqi_fail(e->context, NQ_ERROR_SHAPE, "%s: expected %zu rows of %zu", path, rows, dim);
    for (size_t k = 0; k < e->part_count && !status; k++)
        nqi_dataset_gather(data, e->numbers + k * e->part_rows, e->part_rows, NULL, NULL,
                           array(&e->parts[k]), e->parts[k].tape.ld);
    nq_dataset_free(data);
    return status;
}

/* Divergences of the rows that are there, x_t included. */
static void part_score(void *state, size_t item, int thread)
{
    const exchange *e = state;
    nqi_batch *part = &e->parts[item];
    (void)thread;
    nqi_tape_forward(&part->tape);
    for (size_t g = 0; g < part->tape.groups; g++)
        nqi_batch_divergence(&e->model->process, part, g, 1, 0);
}

static double exchange_score(exchange *e)
{
    const size_t rows = e->job->check_rows;
    double sum = 0;
    (void)!nqi_pool_run(e->context->pool, e->part_count, part_score, e);
    for (size_t r = 0; r < rows; r++)
        sum += (double)*cell(e, part_kl, 0, r);
    return sum / (double)rows;
}

/* An untrained network says 0, which proves nothing: every weight moves. */
static void weights_stir(nq_model *model)
{
    const nqi_graph *graph = &model->regressor.graph;
    const size_t count = nqi_graph_parameters(graph);
    const nqi_param *readout = nqi_graph_param(graph, "readout.weight");
    const size_t first = nqi_param_position(graph, readout);
    const size_t end = graph->banks ? count : first + readout->count;
    const nqi_stream stream = {1, NQI_DRAW_TEST, 0, 0};
    for (size_t i = 0; i < count; i++)
        model->regressor.params[i] +=
            (nqi_real)((i >= first && i < end ? 0.2 : 0.02) * nqi_stream_normal(&stream, i));
}

static void exchange_fill(exchange *e, const nq_dataset *data)
{
    const nqi_process *process = &e->model->process;
    const nqi_stream stream = {1, NQI_DRAW_TEST, 1, 0};
    nqi_batch *batch = e->parts;
    nqi_model_gather(e->model, batch->tape.ops, data, e->numbers, batch->tape.rows, batch,
                     &stream);
    nqi_batch_draw(process, batch, &stream);
    for (size_t g = 0; g < batch->tape.groups; g++)
        nqi_batch_corrupt(process, batch, g);
}

static nq_status times_write(exchange *e)
{
    const nqi_tape *tape = &e->parts->tape;
    for (size_t r = 0; r < tape->rows; r++) /* x_t is written by then */
        *cell(e, part_x_t, 0, r) = (nqi_real)tape->time[r / tape->group_rows];
    return array_write(e, "_t.npy", part_x_t, 1);
}

/* Of one part, which holds the batch. */
static nq_status exchange_write(exchange *e)
{
    const size_t dim = e->model->process.dim;
    char path[PATH_SIZE];
    nq_status status;
    path_make(path, sizeof path, e, ".nq");
    if ((status = nq_model_save(path, e->context, e->model)) ||
        (status = array_write(e, "_x_0.npy", part_x_0, dim)) ||
        (status = array_write(e, "_x_t.npy", part_x_t, dim)) ||
        (nq_model_is_density(e->model) &&
         (status = array_write(e, "_noise.npy", part_noise, dim))) ||
        (status = array_write(e, "_kl.npy", part_kl, 1)))
        return status;
    return times_write(e);
}

nq_status job_exchange_write(double *loss, nq_context *context, const job *j,
                             const nq_dataset *data, const char *precision, const char *folder)
{
    nq_model_options options;
    nq_train_options train;
    nq_model *model;
    exchange e;
    nq_status status;
    if ((status = job_options(context, j, precision, &options, &train)) ||
        (status = nq_model_new(&model, context, data, &options)))
        return status;
    weights_stir(model);
    if (!(status = exchange_open(&e, context, j, model, precision, folder, 1))) {
        exchange_fill(&e, data);
        *loss = exchange_score(&e);
        status = exchange_write(&e);
    }
    exchange_free(&e);
    nq_model_free(model);
    return status;
}

nq_status job_exchange_check(double *loss, nq_context *context, const job *j,
                             const char *precision, const char *folder)
{
    char path[PATH_SIZE];
    nq_model *model;
    exchange e = {.job = j, .folder = folder};
    path_make(path, sizeof path, &e, ".nq");
    nq_status status = nq_model_load(&model, context, path);
    if (status)
        return status;
    const size_t dim = model->process.dim;
    const size_t threads = (size_t)nq_context_threads(context);
    if (!(status = exchange_open(&e, context, j, model, precision, folder, threads)) &&
        !(status = array_read(&e, "_x_0.npy", part_x_0, dim)) &&
        !(status = array_read(&e, "_x_t.npy", part_x_t, dim)) && nq_model_is_density(model))
        status = array_read(&e, "_noise.npy", part_noise, dim);
    if (!status)
        *loss = exchange_score(&e);
    exchange_free(&e);
    nq_model_free(model);
    return status;
}
