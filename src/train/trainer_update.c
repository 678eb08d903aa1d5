/* trainer_update.c - one update: microbatches in parallel, a fixed-order sum, one step.
 * Nothing here depends on which thread did what: rows, times and noise come from counters, a lane
 * sums its microbatches in order, and the lanes are summed in order. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "train/trainer.h"

enum { LD_MOST = 256 };
/* What the sums of a fit keep per batch once features rest. */
static const double fit_keep = 0.95;
/* From here on a bound on the gradient's norm is none. */
static const double clip_never = 1e30;

/* Rows `position`.. of an endless sequence of epochs, each a fresh permutation of the data. */
static void rows_at(uint64_t *out, const nq_trainer *trainer, uint64_t position, size_t count)
{
    const uint64_t rows = nq_dataset_rows(trainer->data);
    for (size_t done = 0, n; done < count; done += n) {
        const uint64_t at = position + done, left = rows - at % rows;
        const nqi_stream stream = {(uint64_t)trainer->options.seed, NQI_DRAW_ROWS,
                                   (uint32_t)(at / rows), 0};
        n = count - done < left ? count - done : (size_t)left;
        trainer->context->ops->random_permute(out + done, &stream, at % rows, n, rows);
    }
}

static void load_rows(const nq_trainer *trainer, nqi_batch *batch, size_t micro)
{
    uint64_t rows[LD_MOST];
    const uint64_t first = ((uint64_t)trainer->update * trainer->micros + micro) * trainer->ld;
    rows_at(rows, trainer, first, trainer->ld);
    const nqi_stream stream = {(uint64_t)trainer->options.seed, NQI_DRAW_DEQUANT,
                               (uint32_t)trainer->update, (uint32_t)micro};
    nqi_model_gather(trainer->model, trainer->context->ops, trainer->data, rows, trainer->ld,
                     batch, &stream);
    if (batch->observed)
        nqi_missing_mark(&trainer->missing, &trainer->model->scaling, rows, trainer->ld,
                         batch->observed, trainer->ld);
}

static void score_micro(nq_trainer *trainer, nqi_batch *batch, size_t micro)
{
    const uint64_t seed = (uint64_t)trainer->options.seed;
    const size_t groups = trainer->ld / trainer->group_rows, first = micro * groups;
    const double rows = (double)(trainer->micros * trainer->ld);
    const double steps = (double)nqi_process_learned(&trainer->model->process);
    const nqi_stream noise = {seed, NQI_DRAW_NOISE, (uint32_t)trainer->update, (uint32_t)micro};
    const nqi_stream dropout = {seed, NQI_DRAW_DROPOUT, (uint32_t)trainer->update,
                                (uint32_t)micro};
    nqi_tape *tape = &batch->tape;
    if (trainer->steps_own)
        for (size_t g = first; g < first + groups; g++)
            if (trainer->own[g])
                nqi_optimiser_await(&trainer->optimiser, trainer->model->params, trainer->own[g] - 1);
    load_rows(trainer, batch, micro);
    tape->params = trainer->model->params;
    tape->bank_of = trainer->bank_of;
    tape->dropout = &dropout;
    tape->bank_grad = trainer->bank_grad + first * trainer->model->graph.bank_size;
    for (size_t g = 0; g < groups; g++)
        tape->time[g] = trainer->time[first + g];
    nqi_batch_score(&trainer->model->process, batch, &noise, (nq_real)(steps / rows),
                    !trainer->measuring);
    double loss = 0;
    for (size_t r = 0; r < trainer->ld; r++)
        loss += (double)batch->kl[r];
    trainer->losses[micro] = steps * loss;
    for (size_t g = 0; g < groups; g++)
        if (trainer->measuring) {
            nqi_readout_fit_measure(&trainer->fit, batch, g, first + g);
        } else if (trainer->learns_schedule) {
            memset(&trainer->group_sums[first + g], 0, sizeof *trainer->group_sums);
            nqi_step_gradient_add(&trainer->group_sums[first + g], &trainer->model->process,
                                  batch, g);
        }
}

/* Where a lane's sum is made. */
static size_t lane_buffer(const nq_trainer *trainer, size_t item, int thread)
{
    if (trainer->turn)
        return item ? (size_t)thread + 1 : 0;
    return trainer->lane_buffers - trainer->lane_count + item;
}

static void step_own(nq_trainer *trainer, size_t micro)
{
    const size_t groups = trainer->ld / trainer->group_rows, first = micro * groups;
    const size_t size = trainer->model->graph.bank_size;
    for (size_t g = first; g < first + groups; g++)
        if (trainer->own[g])
            nqi_optimiser_bank(&trainer->optimiser, trainer->model->params,
                               trainer->bank_grad + g * size, trainer->own[g] - 1, trainer->rate);
}

static void score_lane(void *state, size_t item, int thread)
{
    nq_trainer *trainer = state;
    const size_t lane = trainer->lane_first + item;
    nqi_batch *batch = &trainer->batches[thread];
    const size_t dense = trainer->model->graph.dense_count;
    batch->tape.dense_grad = trainer->dense_grad + lane_buffer(trainer, item, thread) * dense;
    if (trainer->measuring)
        memset(batch->tape.dense_grad, 0, dense * sizeof(nq_real));
    else
        nqi_tape_clear(&batch->tape);
    for (size_t micro = lane; micro < trainer->micros; micro += trainer->lanes) {
        score_micro(trainer, batch, micro);
        if (trainer->steps_own)
            step_own(trainer, micro);
    }
    if (!trainer->turn)
        return;
    nqi_turn_await(trainer->turn, item);
    if (item > 0)
        trainer->context->ops->vadd(trainer->dense_grad, batch->tape.dense_grad, dense);
    nqi_turn_pass(trainer->turn);
}

void nqi_trainer_sum_slice(nq_trainer *trainer, size_t slice)
{
    const size_t dense = trainer->model->graph.dense_count, at = slice * NQI_SLICE;
    const size_t count = dense - at < NQI_SLICE ? dense - at : NQI_SLICE;
    for (size_t lane = 1; lane < trainer->lane_buffers; lane++)
        trainer->context->ops->vadd(trainer->dense_grad + at,
                                    trainer->dense_grad + lane * dense + at, count);
}

static int is_clipped(const nq_trainer *trainer)
{
    return trainer->options.clip < clip_never;
}

/* Items 0..slices-1: a slice of the dense gradient, lanes summed into lane 0. Items after: the
 * groups of a run of equal banks, summed into the first. */
static void reduce_part(void *state, size_t item, int thread)
{
    nq_trainer *trainer = state;
    const nqi_ops *ops = trainer->context->ops;
    const size_t dense = trainer->model->graph.dense_count;
    const size_t size = trainer->model->graph.bank_size;
    (void)thread;
    if (item < trainer->slices) {
        const size_t at = item * NQI_SLICE;
        const size_t count = dense - at < NQI_SLICE ? dense - at : NQI_SLICE;
        if (!trainer->context->comm && !trainer->turn)
            nqi_trainer_sum_slice(trainer, item);
        if (is_clipped(trainer))
            trainer->squares[item] = ops->sum_squares(trainer->dense_grad + at, count);
        return;
    }
    const nqi_bank_run *run = &trainer->runs[item - trainer->slices];
    nq_real *sum = trainer->bank_grad + run->first * size;
    for (size_t g = 1; g < run->count; g++)
        ops->vadd(sum, sum + g * size, size);
    if (trainer->fitting)
        nqi_readout_fit_mask(&trainer->fit, sum);
    if (is_clipped(trainer))
        trainer->squares[item] = ops->sum_squares(sum, size);
}

static void scale_gradient(nq_real *gradient, size_t count, double scale)
{
    for (size_t i = 0; scale < 1 && i < count; i++)
        gradient[i] = (nq_real)(scale * (double)gradient[i]);
}

static void step_part(void *state, size_t item, int thread)
{
    nq_trainer *trainer = state;
    nqi_optimiser *optimiser = &trainer->optimiser;
    nq_real *params = trainer->model->params;
    (void)thread;
    if (item < trainer->slices && !trainer->steps_dense)
        return;
    if (item < trainer->slices) {
        const size_t dense = trainer->model->graph.dense_count, at = item * NQI_SLICE;
        const size_t count = dense - at < NQI_SLICE ? dense - at : NQI_SLICE;
        scale_gradient(trainer->dense_grad + at, count, trainer->clip_scale);
        nqi_optimiser_dense(optimiser, params, trainer->dense_grad + at, at, count,
                            trainer->rate);
        return;
    }
    const nqi_bank_run *run = &trainer->runs[item - trainer->slices];
    const size_t size = trainer->model->graph.bank_size;
    nq_real *gradient = trainer->bank_grad + run->first * size;
    scale_gradient(gradient, size, trainer->clip_scale);
    nqi_optimiser_bank(optimiser, params, gradient, run->bank, trainer->rate);
}

/* Without a norm to wait for, a part is stepped as soon as it is summed. */
static void reduce_and_step_part(void *state, size_t item, int thread)
{
    reduce_part(state, item, thread);
    step_part(state, item, thread);
}

/* Group k draws its t from stratum k of the learned steps, so times ascend and equal banks are
 * neighbours. */
static void draw_times(nq_trainer *trainer)
{
    const nqi_stream stream = {(uint64_t)trainer->options.seed, NQI_DRAW_TIMES,
                               (uint32_t)trainer->update, 0};
    const double steps = (double)nqi_process_learned(&trainer->model->process);
    trainer->run_count = 0;
    for (size_t g = 0; g < trainer->groups; g++) {
        const double u = nqi_stream_uniform(&stream, g);
        const double position = ((double)g + u) * steps / (double)trainer->groups;
        const uint32_t t =
            (uint32_t)(fmin(position, steps - 1) + (double)trainer->model->process.first_learned);
        const size_t bank = trainer->bank_of ? trainer->bank_of[t] : t - 1;
        nqi_bank_run *last = &trainer->runs[trainer->run_count];
        trainer->time[g] = t;
        if (g && last[-1].bank == bank)
            last[-1].count++;
        else
            trainer->runs[trainer->run_count++] = (nqi_bank_run){bank, g, 1};
    }
    if (!trainer->model->graph.banks)
        trainer->run_count = 0;
    size_t kept = 0;
    for (size_t r = 0; r < trainer->run_count; r++) {
        const nqi_bank_run *run = &trainer->runs[r];
        for (size_t g = 0; g < run->count; g++)
            trainer->own[run->first + g] = 0;
        if (trainer->steps_own && run->count == 1)
            trainer->own[run->first] = run->bank + 1;
        else
            trainer->runs[kept++] = *run;
    }
    trainer->run_count = kept;
}

static double batch_loss(const nq_trainer *trainer)
{
    double sum = 0;
    for (size_t m = 0; m < trainer->micros; m++)
        sum += trainer->losses[m];
    return sum / (double)(trainer->micros * trainer->ld);
}

static nq_status run_pass(nq_trainer *trainer, int measuring)
{
    trainer->measuring = measuring;
    if (trainer->turn)
        nqi_turn_begin(trainer->turn);
    nqi_pool_run(trainer->context->pool, trainer->lane_count, score_lane, trainer);
    const nq_status status = nqi_trainer_gather(trainer);
    if (status)
        return status;
    const double loss = batch_loss(trainer);
    if (!isfinite(loss))
        return nqi_fail(trainer->context, NQ_ERROR_DIVERGED,
                        "training diverged at update %lld: the bound is no longer finite; a "
                        "smaller --rate may help (it was %g)",
                        (long long)trainer->update + 1, trainer->rate);
    if (!measuring) {
        const double keep = fmin(0.98, 1 - 1 / (1 + (double)trainer->update));
        trainer->smooth_loss = keep * trainer->smooth_loss + (1 - keep) * loss;
    }
    return NQ_OK;
}

/* Reductions and steps of little networks are done before another thread has heard of them. */
static void run_items(nq_trainer *trainer, size_t items, nqi_work *work)
{
    enum { LITTLE = 1 << 14 };
    const nqi_graph *graph = &trainer->model->graph;
    if (trainer->lanes * graph->dense_count + trainer->groups * graph->bank_size > LITTLE) {
        nqi_pool_run(trainer->context->pool, items, work, trainer);
        return;
    }
    for (size_t item = 0; item < items; item++)
        work(trainer, item, 0);
}

/* Sum, clip by the norm of the whole, and step the dense part, the banks, or both. */
static nq_status step_parameters(nq_trainer *trainer, int with_dense, int with_banks)
{
    const size_t items = trainer->slices + (with_banks ? trainer->run_count : 0);
    const nq_status status = with_dense ? nqi_trainer_sum_dense(trainer) : NQ_OK;
    double squares = 0;
    if (status)
        return status;
    trainer->steps_dense = with_dense;
    trainer->clip_scale = 1;
    if (trainer->fitting)
        nqi_optimiser_begin(&trainer->optimiser);
    if (!is_clipped(trainer)) {
        run_items(trainer, items, reduce_and_step_part);
        return NQ_OK;
    }
    run_items(trainer, items, reduce_part);
    for (size_t i = with_dense ? 0 : trainer->slices; i < items; i++)
        squares += trainer->squares[i];
    const double norm = sqrt(squares);
    if (norm > trainer->options.clip)
        trainer->clip_scale = trainer->options.clip / norm;
    run_items(trainer, items, step_part);
    return NQ_OK;
}

static nq_status step_schedule(nq_trainer *trainer, double rate)
{
    nqi_process *process = &trainer->model->process;
    if (!trainer->learns_schedule)
        return NQ_OK;
    memset(trainer->step_sums, 0, process->schedule.steps * sizeof *trainer->step_sums);
    for (size_t g = 0; g < trainer->groups; g++) {
        nqi_step_gradient *sum = &trainer->step_sums[trainer->time[g] - 1];
        const nqi_step_gradient *from = &trainer->group_sums[g];
        sum->logit_beta += from->logit_beta;
        sum->log_v += from->log_v;
        sum->log_weight += from->log_weight;
        sum->log_gain += from->log_gain;
        sum->signal += from->signal;
        sum->spread += from->spread;
    }
    return nqi_schedule_learner_step(&trainer->learner, trainer->context, process,
                                     trainer->step_sums, rate);
}

nq_status nqi_trainer_descend(nq_trainer *trainer)
{
    trainer->fitting = 0;
    trainer->steps_own = !is_clipped(trainer) && !trainer->context->comm;
    draw_times(trainer);
    nq_status status;
    nqi_optimiser_begin(&trainer->optimiser);
    if ((status = run_pass(trainer, 0)) || (status = step_parameters(trainer, 1, 1)))
        return status;
    return step_schedule(trainer, trainer->rate);
}

/* Two stages. First the features and the schedule move, with readouts and constant variances solved
 * on each batch; sums of earlier batches would be stale. Then those rest, variances become
 * functions of x_t by descent, and the means are solved by weighted sums that reach back. */
nq_status nqi_trainer_fit(nq_trainer *trainer)
{
    const double part = (double)trainer->update / (double)trainer->options.fit_updates;
    const int64_t left = trainer->options.fit_updates - trainer->update;
    nq_status status;
    trainer->fitting = 1;
    trainer->steps_own = 0;
    trainer->fit.sets_variance = part < NQI_FIT_MOVES;
    trainer->fit.keep = left <= NQI_SETTLE_UPDATES ? 1 : part < NQI_FIT_MOVES ? 0 : fit_keep;
    draw_times(trainer);
    if ((status = run_pass(trainer, 1)))
        return status;
    nqi_readout_fit_add(&trainer->fit, trainer->time, trainer->groups);
    nqi_readout_fit_solve(&trainer->fit, trainer->model->params);
    if ((status = run_pass(trainer, 0)))
        return status;
    if (left <= NQI_SETTLE_UPDATES)
        return NQ_OK;
    if ((status = step_parameters(trainer, part < NQI_FIT_MOVES, part >= NQI_FIT_MOVES)))
        return status;
    return part < NQI_FIT_MOVES ? step_schedule(trainer, trainer->rate) : NQ_OK;
}
