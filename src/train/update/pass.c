/* pass.c - microbatches in parallel, and their parts of the gradient.
 * Nothing here depends on which thread did what: rows, times and noise come from counters, a strand
 * sums its microbatches in order, and the strands are summed in order. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "train/draw/roles.h"
#include "train/update/update.h"

/* What a run tells is of rows whose cells are all targets, which stand for the others. */
static void count_joint(const nqi_draw *draw, nqi_batch *batch, size_t micro)
{
    const size_t first = micro * draw->ld;
    for (size_t r = 0; r < draw->ld; r++)
        batch->kl[r] *= nqi_roles_is_joint(first + r) ? NQI_ROLES_JOINT : 0;
}

/* In several sums: one addition would wait for another. */
static double sum_rows(const nqi_real *x, size_t rows)
{
    enum { SUMS = 8 };
    double sums[SUMS] = {0}, sum = 0;
    for (size_t r = 0; r < rows; r++)
        sums[r % SUMS] += (double)x[r];
    for (size_t i = 0; i < SUMS; i++)
        sum += sums[i];
    return sum;
}

/* The same where steps are drawn more or less often than others. */
static double sum_weighted(const nqi_draw *draw, const nqi_batch *batch)
{
    double sum = 0;
    for (size_t g = 0; g < batch->tape.groups; g++)
        sum += draw->step_weight[batch->tape.time[g] - 1] *
               sum_rows(batch->kl + g * draw->group_rows, draw->group_rows);
    return sum;
}

/* Loads and scores a microbatch; gradient: as nqi_batch_score has it. */
static void score_micro(nq_trainer *trainer, nqi_batch *batch, size_t micro, int gradient)
{
    nqi_draw *draw = &trainer->draw;
    const nqi_process *process = &trainer->model->process;
    const size_t groups = draw->ld / draw->group_rows, first = micro * groups;
    const double rows = (double)nqi_draw_batch(draw);
    const double steps = (double)nqi_process_learned(process);
    const uint32_t update = (uint32_t)trainer->progress.update;
    const size_t row = micro * draw->ld;
    const nqi_stream noise = nqi_row_stream(draw->seed, NQI_DRAW_NOISE, update, row);
    const nqi_stream dropout = nqi_row_stream(draw->seed, NQI_DRAW_DROPOUT, update, row);
    nqi_tape *tape = &batch->tape;
    nqi_trainer_load(trainer, batch, micro);
    tape->params = trainer->model->regressor.params;
    tape->map.bank_of = trainer->banks.of_step;
    tape->dropout = &dropout;
    tape->bank_grad = trainer->banks.gradient + first * trainer->banks.graph->bank_size;
    for (size_t g = 0; g < groups; g++)
        tape->time[g] = draw->time[first + g];
    nqi_batch_score(process, batch, &noise, (nqi_real)(steps / rows), gradient);
    if (draw->roles)
        count_joint(draw, batch, micro);
    draw->losses[micro] =
        steps * (draw->at_first ? sum_weighted(draw, batch) : sum_rows(batch->kl, draw->ld));
}

/* Groups of a microbatch, numbered through the update: *end is one past the last. */
static size_t groups_of(size_t *end, const nqi_draw *draw, size_t micro)
{
    const size_t groups = draw->ld / draw->group_rows;
    *end = (micro + 1) * groups;
    return micro * groups;
}

/* Banks that only one group of the update has: their weights and gradients are still in the cache
 * of this core. */
static void step_single(nq_trainer *trainer, size_t micro)
{
    const nqi_banks *banks = &trainer->banks;
    const size_t size = banks->graph->bank_size;
    size_t end, g = groups_of(&end, &trainer->draw, micro);
    for (; g < end; g++)
        if (banks->single[g])
            nqi_optimiser_bank(&trainer->optimiser, trainer->model->regressor.params,
                               banks->gradient + g * size, banks->single[g] - 1,
                               trainer->progress.rate);
}

/* They come from memory, line by line where each is used, or together here. */
static void await_single(const nq_trainer *trainer, size_t micro)
{
    const nqi_banks *banks = &trainer->banks;
    size_t end, g = groups_of(&end, &trainer->draw, micro);
    for (; g < end; g++)
        if (banks->single[g])
            nqi_optimiser_bank_await(&trainer->optimiser, trainer->model->regressor.params,
                                     banks->single[g] - 1);
}

static void add_rates(nq_trainer *trainer, const nqi_batch *batch, size_t micro)
{
    size_t end;
    const size_t first = groups_of(&end, &trainer->draw, micro);
    for (size_t g = first; g < end; g++) {
        nqi_step_gradient *sum = &trainer->gradient.group_rates[g];
        memset(sum, 0, sizeof *sum);
        nqi_batch_add_rates(&trainer->model->process, batch, g - first, sum);
    }
}

static void descend_strand(void *state, size_t item, int thread)
{
    nq_trainer *trainer = state;
    nqi_gradient *gradient = &trainer->gradient;
    nqi_batch *batch = &trainer->draw.batches[thread];
    const int learns = nqi_schedule_learner_learns(&trainer->learner);
    batch->tape.dense_grad = nqi_gradient_strand(gradient, item, thread);
    nqi_tape_clear(&batch->tape);
    batch->tape.map.hand = (nqi_hand){trainer->context->pool, thread};
    for (size_t m = gradient->first + item; m < trainer->draw.micros; m += gradient->strands) {
        await_single(trainer, m);
        score_micro(trainer, batch, m, 1);
        if (nqi_hand_stops(&batch->tape.map.hand))
            break;
        if (learns)
            add_rates(trainer, batch, m);
        step_single(trainer, m);
    }
    if (!gradient->order)
        return;
    nqi_order_await(gradient->order, item, trainer->context->pool, thread);
    if (item > 0)
        trainer->context->ops->vadd(gradient->dense, batch->tape.dense_grad, gradient->size);
    nqi_order_pass(gradient->order);
}

static void measure_strand(void *state, size_t item, int thread)
{
    nq_trainer *trainer = state;
    const nqi_gradient *gradient = &trainer->gradient;
    nqi_batch *batch = &trainer->draw.batches[thread];
    batch->tape.map.hand = (nqi_hand){trainer->context->pool, thread};
    for (size_t m = gradient->first + item; m < trainer->draw.micros; m += gradient->strands) {
        size_t end;
        const size_t first = groups_of(&end, &trainer->draw, m);
        score_micro(trainer, batch, m, 0);
        if (nqi_hand_stops(&batch->tape.map.hand))
            return;
        for (size_t g = first; g < end; g++)
            nqi_readout_fit_measure(&trainer->fit, batch, g - first, g);
    }
}

/* All strands of this rank; the loss of the batch of all. */
static nq_status run_strands(double *loss, nq_trainer *trainer, nqi_work *strand)
{
    nq_status status =
        nqi_pool_run(trainer->context->pool, trainer->gradient.count, strand, trainer);
    if (!status)
        status = nqi_ranks_gather_losses(trainer);
    *loss = status ? 0 : nqi_draw_loss(&trainer->draw);
    return status;
}

static nq_status check_loss(const nq_trainer *trainer, double loss)
{
    if (isfinite(loss))
        return NQ_OK;
    return nqi_fail(trainer->context, NQ_ERROR_DIVERGED,
                    "training diverged at update %lld: the bound is no longer finite; a "
                    "smaller \036rate may help (it was %g)",
                    (long long)trainer->progress.update + 1, trainer->progress.rate);
}

void nqi_pass_draw(nq_trainer *trainer)
{
    nqi_draw_times(&trainer->draw, trainer->context->ops, &trainer->model->process,
                   trainer->progress.update);
    nqi_banks_group(&trainer->banks, trainer->draw.time);
}

nq_status nqi_pass_measure(nq_trainer *trainer)
{
    double loss;
    nq_status status = run_strands(&loss, trainer, measure_strand);
    if (!status)
        status = nqi_ranks_gather_sums(trainer);
    return status ? status : check_loss(trainer, loss);
}

nq_status nqi_pass_descend(nq_trainer *trainer)
{
    double loss;
    if (trainer->gradient.order)
        nqi_order_begin(trainer->gradient.order);
    nq_status status = run_strands(&loss, trainer, descend_strand);
    if (!status)
        status = nqi_ranks_gather_gradients(trainer);
    if (status || (status = check_loss(trainer, loss)))
        return status;
    nqi_progress_smooth(&trainer->progress, loss);
    return NQ_OK;
}

nq_status nqi_pass_rehearse(nq_trainer *trainer)
{
    const double smooth_loss = trainer->progress.smooth_loss;
    nqi_pass_draw(trainer);
    const nq_status status = nqi_pass_descend(trainer);
    trainer->progress.smooth_loss = smooth_loss;
    return status;
}
