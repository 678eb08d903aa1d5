/* exchange.c - a model and a batch as files, on which noneq and its peers compare their losses. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "jobs.h"

enum { PATH_SIZE = 512 };

/* What is compared with the peers: arrays of a microbatch, row by row. */
typedef struct exchange {
    nq_context *context;
    const job *job;
    const nq_model *model;
    const char *folder;
    nqi_batch batch;
    nq_real *rows; /* [check_rows][dim] */
} exchange;

static void path_make(char *path, size_t size, const exchange *e, const char *name)
{
    snprintf(path, size, "%s/%s%s", e->folder, e->job->name, name);
}

static nq_status exchange_open(exchange *e, nq_context *context, const job *j,
                               const nq_model *model, const char *precision, const char *folder)
{
    const size_t rows = j->check_rows, dim = model->process.dim;
    const nqi_ops *ops =
        strcmp(precision, "bf16") ? context->ops : nqi_ops_by_name("avx512-bf16");
    *e = (exchange){.context = context, .job = j, .model = model, .folder = folder};
    if (!ops)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED, "this machine has no bfloat16");
    e->rows = calloc(rows * dim, sizeof *e->rows);
    if (!e->rows)
        return nqi_fail_memory(e->context, "rows", rows * dim * sizeof *e->rows);
    const nq_status status = nqi_batch_new(&e->batch, e->context, &model->process, &model->graph,
                                           ops, rows, e->job->check_group, 0);
    if (status)
        return status;
    nqi_tape *tape = &e->batch.tape;
    tape->params = model->params;
    tape->rows = rows;
    tape->groups = rows / tape->group_rows;
    for (size_t g = 0; g < tape->groups; g++) /* from 2 to T */
        tape->time[g] =
            (uint32_t)(2 + g * (model->process.schedule.steps - 2) / (tape->groups - 1));
    return NQ_OK;
}

static void exchange_free(exchange *e)
{
    nqi_batch_free(&e->batch);
    free(e->rows);
}

static nq_status array_write(exchange *e, const char *name, const nq_real *x, size_t dim)
{
    const size_t rows = e->batch.tape.rows;
    char path[PATH_SIZE];
    for (size_t i = 0; i < dim; i++)
        for (size_t r = 0; r < rows; r++)
            e->rows[r * dim + i] = x[i * e->batch.tape.ld + r];
    path_make(path, sizeof path, e, name);
    return nq_values_write(e->context, path, e->rows, rows, dim, NULL);
}

static nq_status array_read(exchange *e, const char *name, nq_real *x, size_t dim)
{
    const size_t rows = e->batch.tape.rows;
    nq_dataset *data;
    char path[PATH_SIZE];
    path_make(path, sizeof path, e, name);
    nq_status status = nq_dataset_open(&data, e->context, path);
    if (status)
        return status;
    if (nq_dataset_rows(data) != rows || nq_dataset_dim(data) != dim)
        status =
            nqi_fail(e->context, NQ_ERROR_SHAPE, "%s: expected %zu rows of %zu", path, rows, dim);
    for (size_t r = 0; r < rows && !status; r++) {
        nq_dataset_row(data, r, e->rows);
        for (size_t i = 0; i < dim; i++)
            x[i * e->batch.tape.ld + r] = e->rows[i];
    }
    nq_dataset_free(data);
    return status;
}

/* Divergences of the rows that are there, x_t included. */
static double exchange_score(exchange *e)
{
    const size_t rows = e->batch.tape.rows;
    double sum = 0;
    nqi_tape_forward(&e->batch.tape);
    for (size_t g = 0; g < e->batch.tape.groups; g++)
        nqi_batch_divergence(&e->model->process, &e->batch, g, 1, 0);
    for (size_t r = 0; r < rows; r++)
        sum += (double)e->batch.kl[r];
    return sum / (double)rows;
}

/* An untrained network says 0, which proves nothing: every weight moves. */
static void weights_stir(nq_model *model)
{
    const nqi_graph *graph = &model->graph;
    const size_t count = nqi_graph_parameters(graph);
    const nqi_param *readout = nqi_graph_param(graph, "readout.weight");
    const size_t first = nqi_param_position(graph, readout);
    const size_t end = graph->banks ? count : first + readout->count;
    const nqi_stream stream = {1, NQI_DRAW_TEST, 0, 0};
    for (size_t i = 0; i < count; i++)
        model->params[i] +=
            (nq_real)((i >= first && i < end ? 0.2 : 0.02) * nqi_stream_normal(&stream, i));
}

static void exchange_fill(exchange *e, const nq_dataset *data)
{
    const nqi_process *process = &e->model->process;
    const nqi_stream stream = {1, NQI_DRAW_TEST, 1, 0};
    nqi_batch *batch = &e->batch;
    uint64_t rows[CHECK_ROWS_MOST];
    for (size_t r = 0; r < batch->tape.rows; r++)
        rows[r] = r;
    nqi_model_gather(e->model, batch->tape.ops, data, rows, batch->tape.rows, batch, &stream);
    process->family->draw(process, batch, &stream);
    for (size_t g = 0; g < batch->tape.groups; g++)
        process->family->corrupt(process, batch, g);
}

static nq_status exchange_write(exchange *e)
{
    const size_t dim = e->model->process.dim;
    nqi_tape *tape = &e->batch.tape;
    char path[PATH_SIZE];
    nq_status status;
    nq_real *time = tape->value[tape->graph->input]; /* x_t is written by then */
    path_make(path, sizeof path, e, ".nq");
    if ((status = nq_model_save(e->model, e->context, path)) ||
        (status = array_write(e, "_x_0.npy", e->batch.x_0, dim)) ||
        (status = array_write(e, "_x_t.npy", nqi_batch_x_t(&e->batch), dim)) ||
        (e->model->process.gaussian &&
         (status = array_write(e, "_noise.npy", e->batch.noise, dim))) ||
        (status = array_write(e, "_kl.npy", e->batch.kl, 1)))
        return status;
    for (size_t r = 0; r < tape->rows; r++)
        time[r] = (nq_real)tape->time[r / tape->group_rows];
    return array_write(e, "_t.npy", time, 1);
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
    if (!(status = exchange_open(&e, context, j, model, precision, folder))) {
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
    if (!(status = exchange_open(&e, context, j, model, precision, folder)) &&
        !(status = array_read(&e, "_x_0.npy", e.batch.x_0, dim)) &&
        !(status = array_read(&e, "_x_t.npy", nqi_batch_x_t(&e.batch), dim)) &&
        model->process.gaussian)
        status = array_read(&e, "_noise.npy", e.batch.noise, dim);
    if (!status)
        *loss = exchange_score(&e);
    exchange_free(&e);
    nq_model_free(model);
    return status;
}
