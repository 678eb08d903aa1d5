/* trainer_prepare.c - sizes and memory of a run, all before its first update. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "train/trainer.h"

enum { CONSTANT_ROWS = 4096 };

/* Maps go through the network in groups whatever is chosen here. The weights of a dense pathway are
 * read once per microbatch, so that many rows are best, while each thread has some. */
static size_t picture_rows(const nqi_graph *graph, size_t batch)
{
    enum { SMALL = 1 << 16, LEAST = 16, MOST = 64, SHARE = 4 };
    size_t rows = LEAST;
    while (graph->dense_count > SMALL && rows < MOST && 2 * rows * SHARE <= batch)
        rows *= 2;
    return rows;
}

static int is_large(const nqi_graph *graph)
{
    enum { LARGE = 1 << 20 };
    return graph->dense_count > LARGE;
}

/* Parts of the gradient that are summed apart, each by one thread. */
static size_t choose_strands(const nqi_graph *graph)
{
    enum { STRANDS_OF_LARGE = 8 };
    return is_large(graph) ? STRANDS_OF_LARGE : NQI_STRANDS_MAX;
}

/* Ranks hand on sums of slices, for which all strands are there. */
static nq_status choose_turns(nq_trainer *trainer)
{
    const size_t buffers = (size_t)nq_context_threads(trainer->context) + 1;
    if (trainer->context->comm || !is_large(&trainer->model->regressor.graph) ||
        buffers >= trainer->strand_buffers)
        return NQ_OK;
    trainer->strand_buffers = buffers;
    return nqi_turn_new(&trainer->turn);
}

/* Rows of a microbatch and of a group that shares t. Wide networks take 64 rows, so that their
 * activations stay in the core's cache; per-step readouts work on at least 32 rows at a time. */
static void shape_update(nq_trainer *trainer)
{
    const nqi_graph *graph = &trainer->model->regressor.graph;
    const size_t batch = (size_t)trainer->options.batch;
    size_t widest = 1;
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i].width > widest)
            widest = graph->nodes[i].width;
    trainer->group_rows = trainer->options.fit_updates ? 64 : graph->banks ? 32 : 16;
    trainer->ld = widest <= 24 ? 256 : widest <= 80 ? 128 : 64;
    if (graph->nodes[graph->output].map.channels)
        trainer->ld = picture_rows(graph, batch);
    while (trainer->ld > trainer->group_rows && trainer->ld > batch)
        trainer->ld /= 2;
    if (trainer->group_rows > trainer->ld)
        trainer->group_rows = trainer->ld;
    trainer->micros = (batch + trainer->ld - 1) / trainer->ld;
    trainer->groups = trainer->micros * (trainer->ld / trainer->group_rows);
    trainer->strands = choose_strands(graph);
    if (trainer->strands > trainer->micros)
        trainer->strands = trainer->micros;
    nqi_trainer_divide(trainer);
    trainer->slices = (graph->dense_count + NQI_SLICE - 1) / NQI_SLICE;
    trainer->options.batch = (nq_count)(trainer->micros * trainer->ld);
}

/* Of the blocks alike; 0: a step of some block has none. */
static double even_weight(const nqi_process *process, size_t t)
{
    const nqi_rates *rates = process->blocks[0].family->rates;
    for (size_t k = 1; k < process->block_count; k++)
        if (process->blocks[k].family->rates != rates)
            return 0;
    return rates && rates->even_weight ? rates->even_weight(&process->blocks[0], t) : 0;
}

/* A learned p(x_0|x_1) is most of K, and its divergences spread most: one group has t = 1 in every
 * update, and the others share the rest (findings of a prototype, docs/tables.md). */
static nq_status weigh_first(nq_trainer *trainer)
{
    const size_t steps = trainer->model->process.schedule.steps;
    const double groups = (double)trainer->groups, all = (double)steps;
    if (trainer->model->process.first_learned > 1 || trainer->groups < 2 || steps < 2 ||
        trainer->learns_schedule || trainer->model->regressor.graph.banks)
        return NQ_OK;
    double *weight = trainer->step_weight = calloc(steps, sizeof *weight);
    if (!weight)
        return nqi_fail_memory(trainer->context, "weights of steps", steps * sizeof *weight);
    trainer->with_first = 1;
    weight[0] = groups / all;
    for (size_t i = 1; i < steps; i++)
        weight[i] = (all - 1) * groups / ((groups - 1) * all);
    return NQ_OK;
}

static nq_status weigh_steps(nq_trainer *trainer)
{
    const nqi_process *process = &trainer->model->process;
    const char *weighting = trainer->options.weighting;
    const size_t steps = process->schedule.steps;
    if (!strcmp(weighting, "bound"))
        return weigh_first(trainer);
    if (strcmp(weighting, "v"))
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        "--weighting \"%s\": expected bound or v", weighting);
    if (!(even_weight(process, 2) > 0))
        return nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                        "--weighting v: only for real numbers in the x0 form, without "
                        "--learn-last");
    double *weight = trainer->step_weight = calloc(steps, sizeof *weight);
    if (!weight)
        return nqi_fail_memory(trainer->context, "weights of steps", steps * sizeof *weight);
    double sum = 0;
    for (size_t i = 1; i < steps; i++) {
        weight[i] = even_weight(process, i + 1);
        sum += weight[i] / (double)(steps - 1);
    }
    for (size_t i = 1; i < steps; i++)
        weight[i] /= sum;
    return NQ_OK;
}

static nq_status alloc_arrays(nq_trainer *trainer)
{
    const nqi_graph *graph = &trainer->model->regressor.graph;
    const size_t steps = trainer->model->process.schedule.steps, groups = trainer->groups;
    if (choose_turns(trainer))
        return nqi_fail_memory(trainer->context, "a turn", sizeof trainer->turn);
    trainer->dense_grad =
        nqi_aligned_raw(trainer->strand_buffers * graph->dense_count + 1, sizeof(nqi_real));
    trainer->bank_grad = nqi_aligned_new(groups * graph->bank_size + 1, sizeof(nqi_real));
    trainer->time = calloc(groups, sizeof *trainer->time);
    trainer->runs = calloc(groups + 1, sizeof *trainer->runs);
    trainer->single = calloc(groups, sizeof *trainer->single);
    trainer->losses = calloc(trainer->micros, sizeof(double));
    trainer->squares = calloc(trainer->slices + groups, sizeof(double));
    trainer->group_sums = calloc(groups, sizeof *trainer->group_sums);
    trainer->step_sums = calloc(steps, sizeof *trainer->step_sums);
    if (trainer->options.share > 1)
        trainer->bank_of = calloc(steps + 1, sizeof *trainer->bank_of);
    if (!trainer->dense_grad || !trainer->bank_grad || !trainer->time || !trainer->runs ||
        !trainer->single || !trainer->losses || !trainer->squares || !trainer->group_sums ||
        !trainer->step_sums || (trainer->options.share > 1 && !trainer->bank_of))
        return nqi_fail_memory(trainer->context, "gradients",
                               trainer->strand_buffers * graph->dense_count * sizeof(nqi_real));
    return NQ_OK;
}

/* The kernels that microbatches of training run on; all else is done in float32. */
static nq_status choose_kernels(const nqi_ops **out, const nq_trainer *trainer)
{
    const char *precision = trainer->options.precision;
    *out = trainer->context->ops;
    if (!strcmp(precision, "float32"))
        return NQ_OK;
    if (strcmp(precision, "bf16"))
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        "--precision \"%s\": expected float32 or bf16", precision);
    *out = nqi_backends_with(trainer->context->backends, NQI_BF16);
    return *out ? NQ_OK
                : nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                           "--precision bf16: this processor has no arithmetic for it");
}

static nq_status alloc_batches(nq_trainer *trainer)
{
    const int threads = nq_context_threads(trainer->context);
    const nqi_ops *ops;
    nq_status status = choose_kernels(&ops, trainer);
    if (status)
        return status;
    trainer->batches = calloc((size_t)threads, sizeof *trainer->batches);
    if (trainer->model->options.roles > 0)
        trainer->roles = nqi_aligned_new((size_t)threads * NQI_ROLES *
                                             trainer->model->process.dim * trainer->ld,
                                         sizeof *trainer->roles);
    if (!trainer->batches || (trainer->model->options.roles > 0 && !trainer->roles))
        return nqi_fail_memory(trainer->context, "microbatches", (size_t)threads);
    for (int i = 0; i < threads; i++) {
        status = nqi_batch_open(&trainer->batches[i], trainer->context, &trainer->model->process,
                                &trainer->model->regressor, ops, trainer->ld, trainer->group_rows,
                                trainer->learns_schedule ? 2 : 1);
        if (status)
            return status;
        nqi_batch *batch = &trainer->batches[i];
        batch->step_weight = trainer->step_weight;
        if (!trainer->missing.count && !trainer->roles)
            continue;
        batch->observed =
            nqi_aligned_new(trainer->model->process.dim * trainer->ld, sizeof *batch->observed);
        if (!batch->observed)
            return nqi_fail_memory(trainer->context, "marks of missing cells", trainer->ld);
    }
    return NQ_OK;
}

static nq_status begin_plan(nq_trainer *trainer)
{
    const nq_train_options *o = &trainer->options;
    trainer->plan = (nqi_plan){.updates = o->updates,
                               .seconds = 60 * o->minutes,
                               .last = o->rate_last,
                               .height = 1,
                               .every = o->valid_every > 0 ? o->valid_every : 1,
                               .patience = o->patience};
    return nqi_trainer_remember(trainer);
}

nq_status nqi_trainer_remember(nq_trainer *trainer)
{
    if (!trainer->valid || trainer->options.patience <= 0 || trainer->reference)
        return NQ_OK;
    const size_t rows = nq_dataset_rows(trainer->valid);
    const size_t count = rows < NQI_VALID_ROWS ? rows : NQI_VALID_ROWS;
    trainer->reference = calloc(count, sizeof *trainer->reference);
    return trainer->reference ? NQ_OK
                              : nqi_fail_memory(trainer->context, "K of hold-out rows",
                                                count * sizeof *trainer->reference);
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
    if ((status = nqi_trainer_measure(trainer)) || (status = weigh_steps(trainer)) ||
        (status = alloc_arrays(trainer)) || (status = alloc_batches(trainer)) ||
        (status = nqi_model_copy(&trainer->best, context, model, 0)) ||
        (status = nqi_optimiser_new(&trainer->optimiser, context, kind, &model->regressor.graph,
                                    context->ops, model->regressor.params,
                                    trainer->options.weight_decay, trainer->options.average)))
        return status;
    if ((status = nqi_hold_out_check(trainer)))
        return status;
    if ((status = nqi_trainer_make_filler(trainer)))
        return status;
    if (trainer->learns_schedule &&
        (status = nqi_schedule_learner_new(&trainer->learner, context, &model->process.schedule)))
        return status;
    if ((status = begin_plan(trainer)))
        return status;
    if (trainer->options.fit_updates > 0)
        status = nqi_readout_fit_new(&trainer->fit, context, &model->process,
                                     &model->regressor.graph, trainer->groups);
    return status;
}

nq_status nqi_trainer_measure(nq_trainer *trainer)
{
    return nqi_bound_constants(&trainer->constant, &trainer->null, trainer->context,
                               trainer->model, trainer->data, CONSTANT_ROWS);
}

void nq_trainer_free(nq_trainer *trainer)
{
    if (!trainer)
        return;
    for (int i = 0; trainer->batches && i < nq_context_threads(trainer->context); i++)
        nqi_batch_free(&trainer->batches[i]);
    free(trainer->batches);
    nqi_aligned_free(trainer->roles);
    nqi_turn_free(trainer->turn);
    nqi_aligned_free(trainer->dense_grad);
    nqi_aligned_free(trainer->bank_grad);
    free(trainer->time);
    free(trainer->runs);
    free(trainer->single);
    free(trainer->losses);
    free(trainer->squares);
    free(trainer->step_weight);
    free(trainer->group_sums);
    free(trainer->step_sums);
    free(trainer->bank_of);
    nqi_filler_free(&trainer->filler);
    free(trainer->reference);
    nqi_missing_free(&trainer->missing);
    nq_dataset_free(trainer->possible_valid);
    nqi_missing_free(&trainer->missing_valid);
    nq_dataset_free(trainer->matched_valid);
    nq_dataset_free(trainer->matched);
    nqi_readout_fit_free(&trainer->fit);
    nqi_schedule_learner_free(&trainer->learner);
    nqi_optimiser_free(&trainer->optimiser);
    nq_model_free(trainer->model);
    nq_model_free(trainer->best);
    free(trainer);
}
