/* step.c - the second half of an update: gradients are summed in a fixed order, bounded, and
 * followed. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/context.h"
#include "train/update/update.h"

/* Parts of the gradient that are followed: parts first..end-1 of all. Those before the number of
 * slices are a slice of the dense gradient each, strands summed into strand 0; those after are a
 * run of equal banks each, its groups summed into the first. */
typedef struct parts {
    nq_trainer *trainer;
    size_t first, end;
} parts;

static void reduce_slice(nq_trainer *trainer, size_t slice)
{
    nqi_gradient *gradient = &trainer->gradient;
    const nqi_ops *ops = trainer->context->ops;
    size_t at;
    const size_t count = nqi_gradient_slice(&at, gradient, slice);
    if (!trainer->context->comm && !gradient->order)
        nqi_gradient_sum_slice(gradient, ops, slice);
    if (nqi_gradient_is_bounded(gradient))
        gradient->squares[slice] = ops->sum_squares(gradient->dense + at, count);
}

static void reduce_run(nq_trainer *trainer, size_t number)
{
    nqi_gradient *gradient = &trainer->gradient;
    const nqi_ops *ops = trainer->context->ops;
    const size_t size = trainer->banks.graph->bank_size;
    const nqi_bank_run *run = &trainer->banks.runs[number];
    nqi_real *sum = trainer->banks.gradient + run->first * size;
    for (size_t g = 1; g < run->count; g++)
        ops->vadd(sum, sum + g * size, size);
    if (nqi_gradient_is_bounded(gradient))
        gradient->squares[gradient->slices + number] = ops->sum_squares(sum, size);
}

static void scale_gradient(nqi_real *gradient, size_t count, double scale)
{
    for (size_t i = 0; scale < 1 && i < count; i++)
        gradient[i] = (nqi_real)(scale * (double)gradient[i]);
}

static void step_slice(nq_trainer *trainer, size_t slice)
{
    const nqi_gradient *gradient = &trainer->gradient;
    size_t at;
    const size_t count = nqi_gradient_slice(&at, gradient, slice);
    scale_gradient(gradient->dense + at, count, gradient->scale);
    nqi_optimiser_dense(&trainer->optimiser, trainer->model->regressor.params,
                        gradient->dense + at, at, count, trainer->progress.rate);
}

static void step_run(nq_trainer *trainer, size_t number)
{
    const nqi_bank_run *run = &trainer->banks.runs[number];
    const size_t size = trainer->banks.graph->bank_size;
    nqi_real *gradient = trainer->banks.gradient + run->first * size;
    scale_gradient(gradient, size, trainer->gradient.scale);
    nqi_optimiser_bank(&trainer->optimiser, trainer->model->regressor.params, gradient, run->bank,
                       trainer->progress.rate);
}

static void reduce_part(void *state, size_t item, int thread)
{
    const parts *p = state;
    const size_t part = p->first + item, slices = p->trainer->gradient.slices;
    (void)thread;
    if (part < slices)
        reduce_slice(p->trainer, part);
    else
        reduce_run(p->trainer, part - slices);
}

static void step_part(void *state, size_t item, int thread)
{
    const parts *p = state;
    const size_t part = p->first + item, slices = p->trainer->gradient.slices;
    (void)thread;
    if (part < slices)
        step_slice(p->trainer, part);
    else
        step_run(p->trainer, part - slices);
}

/* Without a norm to wait for, a part is stepped as soon as it is summed. */
static void reduce_and_step_part(void *state, size_t item, int thread)
{
    reduce_part(state, item, thread);
    step_part(state, item, thread);
}

/* Reductions and steps of little networks are done before another thread has heard of them. */
static nq_status run_parts(parts *p, nqi_work *work)
{
    enum { LITTLE = 1 << 14 };
    const nq_trainer *trainer = p->trainer;
    const nqi_graph *graph = &trainer->model->regressor.graph;
    const size_t dense = trainer->gradient.strands * graph->dense_count;
    if (dense + trainer->draw.groups * graph->bank_size > LITTLE)
        return nqi_pool_run(trainer->context->pool, p->end - p->first, work, p);
    for (size_t item = 0; item < p->end - p->first; item++)
        work(p, item, 0);
    return NQ_OK;
}

static nq_status follow(parts p)
{
    nqi_gradient *gradient = &p.trainer->gradient;
    if (!nqi_gradient_is_bounded(gradient))
        return run_parts(&p, reduce_and_step_part);
    const nq_status status = run_parts(&p, reduce_part);
    if (status)
        return status;
    nqi_gradient_bound(gradient, p.first, p.end);
    return run_parts(&p, step_part);
}

nq_status nqi_step_dense(nq_trainer *trainer)
{
    const nq_status status = nqi_ranks_sum_dense(trainer);
    return status ? status : follow((parts){trainer, 0, trainer->gradient.slices});
}

nq_status nqi_step_banks(nq_trainer *trainer)
{
    const size_t slices = trainer->gradient.slices;
    return follow((parts){trainer, slices, slices + trainer->banks.run_count});
}

nq_status nqi_step_all(nq_trainer *trainer)
{
    const nq_status status = nqi_ranks_sum_dense(trainer);
    return status
               ? status
               : follow((parts){trainer, 0, trainer->gradient.slices + trainer->banks.run_count});
}

nq_status nqi_step_schedule(nq_trainer *trainer)
{
    nqi_process *process = &trainer->model->process;
    if (!nqi_schedule_learner_learns(&trainer->learner))
        return NQ_OK;
    nqi_gradient_sum_rates(&trainer->gradient, trainer->draw.time, trainer->draw.groups,
                           process->schedule.steps);
    return nqi_schedule_learner_step(&trainer->learner, trainer->context, process,
                                     trainer->gradient.step_rates, trainer->progress.rate);
}
