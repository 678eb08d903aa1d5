/* trainer_prepare.c - sizes and memory of a run, all before its first update. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "train/trainer.h"

enum { CONSTANT_ROWS = 4096, VALID_LEAST = 50 };

/* Rows of a microbatch and of a group that shares t. Wide networks take 64 rows, so that their
 * activations stay in the core's cache; per-step readouts work on at least 32 rows at a time. */
static void shape_update(nq_trainer *trainer)
{
    const nqi_graph *graph = &trainer->model->graph;
    size_t widest = 1;
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i].width > widest)
            widest = graph->nodes[i].width;
    trainer->group_rows = trainer->options.fit_updates ? 64 : graph->banks ? 32 : 16;
    trainer->ld = widest <= 80 ? 256 : 64;
    const size_t batch = (size_t)trainer->options.batch;
    while (trainer->ld > trainer->group_rows && trainer->ld > batch)
        trainer->ld /= 2;
    if (trainer->group_rows > trainer->ld)
        trainer->group_rows = trainer->ld;
    trainer->micros = (batch + trainer->ld - 1) / trainer->ld;
    trainer->groups = trainer->micros * (trainer->ld / trainer->group_rows);
    trainer->lanes = trainer->micros < NQI_LANES_MAX ? trainer->micros : NQI_LANES_MAX;
    trainer->slices = (graph->dense_count + NQI_SLICE - 1) / NQI_SLICE;
    trainer->options.batch = (nq_count)(trainer->micros * trainer->ld);
}

static nq_status alloc_arrays(nq_trainer *trainer)
{
    const nqi_graph *graph = &trainer->model->graph;
    const size_t steps = trainer->model->process.schedule.steps, groups = trainer->groups;
    trainer->dense_grad =
        nqi_aligned_new(trainer->lanes * graph->dense_count + 1, sizeof(nq_real));
    trainer->bank_grad = nqi_aligned_new(groups * graph->bank_size + 1, sizeof(nq_real));
    trainer->time = calloc(groups, sizeof *trainer->time);
    trainer->runs = calloc(groups + 1, sizeof *trainer->runs);
    trainer->losses = calloc(trainer->micros, sizeof(double));
    trainer->squares = calloc(trainer->slices + groups, sizeof(double));
    trainer->group_sums = calloc(groups, sizeof *trainer->group_sums);
    trainer->step_sums = calloc(steps, sizeof *trainer->step_sums);
    if (trainer->options.share > 1)
        trainer->bank_of = calloc(steps + 1, sizeof *trainer->bank_of);
    if (!trainer->dense_grad || !trainer->bank_grad || !trainer->time || !trainer->runs ||
        !trainer->losses || !trainer->squares || !trainer->group_sums || !trainer->step_sums ||
        (trainer->options.share > 1 && !trainer->bank_of))
        return nqi_fail_memory(trainer->context, "gradients",
                               trainer->lanes * graph->dense_count * sizeof(nq_real));
    return NQ_OK;
}

static nq_status alloc_batches(nq_trainer *trainer)
{
    const int threads = nq_context_threads(trainer->context);
    trainer->batches = calloc((size_t)threads, sizeof *trainer->batches);
    if (!trainer->batches)
        return nqi_fail_memory(trainer->context, "microbatches", (size_t)threads);
    for (int i = 0; i < threads; i++) {
        const nq_status status =
            nqi_batch_new(&trainer->batches[i], trainer->context, &trainer->model->process,
                          &trainer->model->graph, trainer->context->ops, trainer->ld,
                          trainer->group_rows, trainer->learns_schedule ? 2 : 1);
        if (status)
            return status;
        nqi_batch *batch = &trainer->batches[i];
        if (!trainer->missing.count)
            continue;
        batch->observed =
            nqi_aligned_new(trainer->model->process.dim * trainer->ld, sizeof *batch->observed);
        if (!batch->observed)
            return nqi_fail_memory(trainer->context, "marks of missing cells", trainer->ld);
    }
    return NQ_OK;
}

/* A second model of the same shape, for the best weights so far. */
static nq_status make_best(nq_trainer *trainer)
{
    const nq_model *model = trainer->model;
    const nq_schedule *from = &model->process.schedule;
    nq_schedule schedule;
    nq_model *best = trainer->best = calloc(1, sizeof *best);
    if (!best)
        return nqi_fail_memory(trainer->context, "a model", sizeof *best);
    best->options = model->options;
    nq_status status = nqi_scaling_copy(&best->scaling, &model->scaling);
    if (status)
        return nqi_fail_memory(trainer->context, "a scaling", model->scaling.columns);
    if (!strcmp(model->options.schedule, "constant-fraction") && model->process.activity)
        status = nq_schedule_new(&schedule, trainer->context, "constant-fraction", from->steps, 0,
                                 0.5);
    else
        status = nq_schedule_from_beta(&schedule, trainer->context, from->beta, from->steps);
    if (!status)
        status =
            nqi_model_assemble(best, trainer->context, &schedule, model->process.activity, 0, 0);
    if (!status)
        memcpy(best->params, model->params,
               nqi_graph_parameters(&model->graph) * sizeof *model->params);
    return status;
}

nq_status nqi_trainer_prepare(nq_trainer *trainer)
{
    nq_model *model = trainer->model;
    nq_context *context = trainer->context;
    const nqi_optimiser_kind kind =
        strcmp(trainer->options.optimizer, "adam") ? NQI_RMSPROP : NQI_ADAM;
    nq_status status;
    trainer->learns_schedule = !strcmp(model->options.schedule, "learned");
    shape_update(trainer);
    if ((status = nqi_bound_constants(&trainer->constant, &trainer->null, context, model,
                                      trainer->data, CONSTANT_ROWS)) ||
        (status = alloc_arrays(trainer)) || (status = alloc_batches(trainer)) ||
        (status = make_best(trainer)) ||
        (status = nqi_optimiser_new(&trainer->optimiser, context, kind, &model->graph,
                                    context->ops, model->params, trainer->options.weight_decay,
                                    trainer->options.average)))
        return status;
    if (trainer->valid && (status = nqi_scaling_check(&model->scaling, context, trainer->valid)))
        return status;
    if (trainer->learns_schedule &&
        (status = nqi_schedule_learner_new(&trainer->learner, context, &model->process.schedule)))
        return status;
    if (trainer->options.fit_updates > 0)
        status = nqi_readout_fit_new(&trainer->fit, context, &model->process, &model->graph,
                                     trainer->groups);
    return status;
}

nq_status nqi_trainer_complete(nq_trainer *trainer, const nq_dataset *data,
                               const nq_dataset *valid)
{
    nq_context *context = trainer->context;
    nq_status status =
        nqi_missing_new(&trainer->missing, context, data, (uint64_t)trainer->options.seed);
    if (status)
        return status;
    trainer->data = trainer->missing.filled ? trainer->missing.filled : data;
    trainer->valid = valid;
    if (valid && nq_dataset_missing(valid, NULL, NULL)) {
        status = nqi_complete_rows(&trainer->own_valid, context, valid, VALID_LEAST);
        trainer->valid = trainer->own_valid;
    }
    return status;
}

void nq_trainer_free(nq_trainer *trainer)
{
    if (!trainer)
        return;
    for (int i = 0; trainer->batches && i < nq_context_threads(trainer->context); i++)
        nqi_batch_free(&trainer->batches[i]);
    free(trainer->batches);
    nqi_aligned_free(trainer->dense_grad);
    nqi_aligned_free(trainer->bank_grad);
    free(trainer->time);
    free(trainer->runs);
    free(trainer->losses);
    free(trainer->squares);
    free(trainer->group_sums);
    free(trainer->step_sums);
    free(trainer->bank_of);
    nqi_missing_free(&trainer->missing);
    nq_dataset_free(trainer->own_valid);
    nqi_readout_fit_free(&trainer->fit);
    nqi_schedule_learner_free(&trainer->learner);
    nqi_optimiser_free(&trainer->optimiser);
    nq_model_free(trainer->model);
    nq_model_free(trainer->best);
    free(trainer);
}
