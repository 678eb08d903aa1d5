/* trainer_step.c - the second half of an update: gradients are summed in a fixed order, bounded,
 * and followed. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "train/trainer.h"

/* From here on a bound on the gradient's norm is none. */
static const double clip_never = 1e30;

void nqi_trainer_sum_slice(nq_trainer *trainer, size_t slice)
{
    const size_t dense = trainer->model->regressor.graph.dense_count, at = slice * NQI_SLICE;
    const size_t count = dense - at < NQI_SLICE ? dense - at : NQI_SLICE;
    for (size_t strand = 1; strand < trainer->strand_buffers; strand++)
        trainer->context->ops->vadd(trainer->dense_grad + at,
                                    trainer->dense_grad + strand * dense + at, count);
}

int nqi_trainer_clips(const nq_trainer *trainer)
{
    return trainer->options.clip < clip_never;
}

/* Items 0..slices-1: a slice of the dense gradient, strands summed into strand 0. Items after: the
 * groups of a run of equal banks, summed into the first. */
static void reduce_part(void *state, size_t item, int thread)
{
    nq_trainer *trainer = state;
    const nqi_ops *ops = trainer->context->ops;
    const size_t dense = trainer->model->regressor.graph.dense_count;
    const size_t size = trainer->model->regressor.graph.bank_size;
    (void)thread;
    if (item < trainer->slices) {
        const size_t at = item * NQI_SLICE;
        const size_t count = dense - at < NQI_SLICE ? dense - at : NQI_SLICE;
        if (!trainer->context->comm && !trainer->turn)
            nqi_trainer_sum_slice(trainer, item);
        if (nqi_trainer_clips(trainer))
            trainer->squares[item] = ops->sum_squares(trainer->dense_grad + at, count);
        return;
    }
    const nqi_bank_run *run = &trainer->runs[item - trainer->slices];
    nqi_real *sum = trainer->bank_grad + run->first * size;
    for (size_t g = 1; g < run->count; g++)
        ops->vadd(sum, sum + g * size, size);
    if (trainer->fitting)
        nqi_readout_fit_mask(&trainer->fit, sum);
    if (nqi_trainer_clips(trainer))
        trainer->squares[item] = ops->sum_squares(sum, size);
}

static void scale_gradient(nqi_real *gradient, size_t count, double scale)
{
    for (size_t i = 0; scale < 1 && i < count; i++)
        gradient[i] = (nqi_real)(scale * (double)gradient[i]);
}

static void step_part(void *state, size_t item, int thread)
{
    nq_trainer *trainer = state;
    nqi_optimiser *optimiser = &trainer->optimiser;
    nqi_real *params = trainer->model->regressor.params;
    (void)thread;
    if (item < trainer->slices && !trainer->steps_dense)
        return;
    if (item < trainer->slices) {
        const size_t dense = trainer->model->regressor.graph.dense_count, at = item * NQI_SLICE;
        const size_t count = dense - at < NQI_SLICE ? dense - at : NQI_SLICE;
        scale_gradient(trainer->dense_grad + at, count, trainer->clip_scale);
        nqi_optimiser_dense(optimiser, params, trainer->dense_grad + at, at, count,
                            trainer->rate);
        return;
    }
    const nqi_bank_run *run = &trainer->runs[item - trainer->slices];
    const size_t size = trainer->model->regressor.graph.bank_size;
    nqi_real *gradient = trainer->bank_grad + run->first * size;
    scale_gradient(gradient, size, trainer->clip_scale);
    nqi_optimiser_bank(optimiser, params, gradient, run->bank, trainer->rate);
}

/* Without a norm to wait for, a part is stepped as soon as it is summed. */
static void reduce_and_step_part(void *state, size_t item, int thread)
{
    reduce_part(state, item, thread);
    step_part(state, item, thread);
}

/* Reductions and steps of little networks are done before another thread has heard of them. */
static nq_status run_items(nq_trainer *trainer, size_t items, nqi_work *work)
{
    enum { LITTLE = 1 << 14 };
    const nqi_graph *graph = &trainer->model->regressor.graph;
    if (trainer->strands * graph->dense_count + trainer->groups * graph->bank_size > LITTLE)
        return nqi_pool_run(trainer->context->pool, items, work, trainer);
    for (size_t item = 0; item < items; item++)
        work(trainer, item, 0);
    return NQ_OK;
}

nq_status nqi_trainer_step_parameters(nq_trainer *trainer, int with_dense, int with_banks)
{
    const size_t items = trainer->slices + (with_banks ? trainer->run_count : 0);
    nq_status status = with_dense ? nqi_trainer_sum_dense(trainer) : NQ_OK;
    double squares = 0;
    if (status)
        return status;
    trainer->steps_dense = with_dense;
    trainer->clip_scale = 1;
    if (!nqi_trainer_clips(trainer))
        return run_items(trainer, items, reduce_and_step_part);
    if ((status = run_items(trainer, items, reduce_part)))
        return status;
    for (size_t i = with_dense ? 0 : trainer->slices; i < items; i++)
        squares += trainer->squares[i];
    const double norm = sqrt(squares);
    if (norm > trainer->options.clip)
        trainer->clip_scale = trainer->options.clip / norm;
    return run_items(trainer, items, step_part);
}

nq_status nqi_trainer_step_schedule(nq_trainer *trainer, double rate)
{
    nqi_process *process = &trainer->model->process;
    if (!trainer->learns_schedule)
        return NQ_OK;
    memset(trainer->step_sums, 0, process->schedule.steps * sizeof *trainer->step_sums);
    for (size_t g = 0; g < trainer->groups; g++) {
        nqi_step_gradient *sum = &trainer->step_sums[trainer->time[g] - 1];
        const nqi_step_gradient *from = &trainer->group_sums[g];
        for (int k = 0; k < NQI_RATE_SUMS; k++)
            sum->sum[k] += from->sum[k];
    }
    return nqi_schedule_learner_step(&trainer->learner, trainer->context, process,
                                     trainer->step_sums, rate);
}
