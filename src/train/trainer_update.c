/* trainer_update.c - one update: microbatches in parallel, and their parts of the gradient.
 * Nothing here depends on which thread did what: rows, times and noise come from counters, a strand
 * sums its microbatches in order, and the strands are summed in order. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "train/roles.h"
#include "train/trainer.h"

enum { LD_MOST = 256 };
/* What the sums of a fit keep per batch once features rest. */
static const double fit_keep = 0.95;

/* Rows `position`.. of an endless sequence of epochs, each a fresh permutation of the data. */
static void rows_at(uint64_t *out, const nq_trainer *trainer, uint64_t position, size_t count)
{
    const uint64_t rows = nq_dataset_rows(trainer->data);
    for (size_t done = 0, n; done < count; done += n) {
        const uint64_t at = position + done, left = rows - at % rows;
        const nqi_stream stream = {(uint64_t)trainer->options.seed, NQI_DRAW_ROWS,
                                   (uint32_t)(at / rows), 0};
        n = count - done < left ? count - done : (size_t)left;
        trainer->context->ops->random.permute(out + done, &stream, at % rows, n, rows);
    }
}

/* Marks what is scored, and what the network is told of. */
static void give_roles(const nq_trainer *trainer, nqi_batch *batch, size_t micro)
{
    const size_t numbers = trainer->model->process.dim * trainer->ld;
    const nqi_stream stream = {(uint64_t)trainer->options.seed, NQI_DRAW_ROLES,
                               (uint32_t)trainer->update, 0};
    for (size_t j = 0; j < numbers && !trainer->missing.count; j++)
        batch->observed[j] = 1;
    nqi_roles_draw(trainer->model, batch,
                   trainer->roles + (size_t)(batch - trainer->batches) * NQI_ROLES * numbers,
                   &stream, micro * trainer->ld);
}

static void load_rows(const nq_trainer *trainer, nqi_batch *batch, size_t micro)
{
    uint64_t rows[LD_MOST];
    const uint64_t first = ((uint64_t)trainer->update * trainer->micros + micro) * trainer->ld;
    rows_at(rows, trainer, first, trainer->ld);
    const nqi_stream stream = nqi_row_stream((uint64_t)trainer->options.seed, NQI_DRAW_DEQUANT,
                                             (uint32_t)trainer->update, micro * trainer->ld);
    nqi_model_gather(trainer->model, trainer->context->ops, trainer->data, rows, trainer->ld,
                     batch, &stream);
    batch->drawn_from = trainer->drawn_from;
    if (trainer->missing.count)
        nqi_missing_mark(&trainer->missing, &trainer->model->scaling, rows, trainer->ld,
                         batch->observed, trainer->ld);
    if (trainer->roles)
        give_roles(trainer, batch, micro);
}

/* What a run tells is of rows whose cells are all targets, which stand for the others. */
static void count_joint(const nq_trainer *trainer, nqi_batch *batch, size_t micro)
{
    const size_t first = micro * trainer->ld;
    for (size_t r = 0; r < trainer->ld; r++)
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
static double sum_weighted(const nq_trainer *trainer, const nqi_batch *batch)
{
    double sum = 0;
    for (size_t g = 0; g < batch->tape.groups; g++)
        sum += trainer->step_weight[batch->tape.time[g] - 1] *
               sum_rows(batch->kl + g * trainer->group_rows, trainer->group_rows);
    return sum;
}

static void score_micro(nq_trainer *trainer, nqi_batch *batch, size_t micro)
{
    const uint64_t seed = (uint64_t)trainer->options.seed;
    const size_t groups = trainer->ld / trainer->group_rows, first = micro * groups;
    const double rows = (double)(trainer->micros * trainer->ld);
    const double steps = (double)nqi_process_learned(&trainer->model->process);
    const uint32_t update = (uint32_t)trainer->update;
    const size_t row = micro * trainer->ld;
    const nqi_stream noise = nqi_row_stream(seed, NQI_DRAW_NOISE, update, row);
    const nqi_stream dropout = nqi_row_stream(seed, NQI_DRAW_DROPOUT, update, row);
    nqi_tape *tape = &batch->tape;
    load_rows(trainer, batch, micro);
    tape->params = trainer->model->regressor.params;
    tape->map.bank_of = trainer->bank_of;
    tape->dropout = &dropout;
    tape->bank_grad = trainer->bank_grad + first * trainer->model->regressor.graph.bank_size;
    for (size_t g = 0; g < groups; g++)
        tape->time[g] = trainer->time[first + g];
    nqi_batch_score(&trainer->model->process, batch, &noise, (nqi_real)(steps / rows),
                    !trainer->measuring);
    if (trainer->roles)
        count_joint(trainer, batch, micro);
    trainer->losses[micro] = steps * (trainer->with_first ? sum_weighted(trainer, batch)
                                                          : sum_rows(batch->kl, trainer->ld));
    for (size_t g = 0; g < groups; g++)
        if (trainer->measuring) {
            nqi_readout_fit_measure(&trainer->fit, batch, g, first + g);
        } else if (trainer->learns_schedule) {
            memset(&trainer->group_sums[first + g], 0, sizeof *trainer->group_sums);
            nqi_batch_add_rates(&trainer->model->process, batch, g,
                                &trainer->group_sums[first + g]);
        }
}

/* Where a strand's sum is made. */
static size_t strand_buffer(const nq_trainer *trainer, size_t item, int thread)
{
    if (trainer->turn)
        return item ? (size_t)thread + 1 : 0;
    return trainer->strand_buffers - trainer->strand_count + item;
}

/* Banks that only one group of the update has: their weights and gradients are still in the cache
 * of this core. */
static void step_single(nq_trainer *trainer, size_t micro)
{
    const size_t groups = trainer->ld / trainer->group_rows, first = micro * groups;
    const size_t size = trainer->model->regressor.graph.bank_size;
    for (size_t g = first; g < first + groups; g++)
        if (trainer->single[g])
            nqi_optimiser_bank(&trainer->optimiser, trainer->model->regressor.params,
                               trainer->bank_grad + g * size, trainer->single[g] - 1,
                               trainer->rate);
}

/* They come from memory, line by line where each is used, or together here. */
static void await_single(const nq_trainer *trainer, size_t micro)
{
    const size_t groups = trainer->ld / trainer->group_rows, first = micro * groups;
    for (size_t g = first; g < first + groups; g++)
        if (trainer->single[g])
            nqi_optimiser_bank_await(&trainer->optimiser, trainer->model->regressor.params,
                                     trainer->single[g] - 1);
}

static void score_strand(void *state, size_t item, int thread)
{
    nq_trainer *trainer = state;
    const size_t strand = trainer->strand_first + item;
    nqi_batch *batch = &trainer->batches[thread];
    const size_t dense = trainer->model->regressor.graph.dense_count;
    batch->tape.dense_grad = trainer->dense_grad + strand_buffer(trainer, item, thread) * dense;
    if (trainer->measuring)
        memset(batch->tape.dense_grad, 0, dense * sizeof(nqi_real));
    else
        nqi_tape_clear(&batch->tape);
    batch->tape.map.hand = (nqi_hand){trainer->context->pool, thread};
    for (size_t micro = strand; micro < trainer->micros; micro += trainer->strands) {
        await_single(trainer, micro);
        score_micro(trainer, batch, micro);
        if (nqi_hand_stops(&batch->tape.map.hand))
            break;
        step_single(trainer, micro);
    }
    if (!trainer->turn)
        return;
    nqi_turn_await(trainer->turn, item, trainer->context->pool, thread);
    if (item > 0)
        trainer->context->ops->vadd(trainer->dense_grad, batch->tape.dense_grad, dense);
    nqi_turn_pass(trainer->turn);
}

/* The first of the times that are drawn. */
static size_t first_drawn(const nq_trainer *trainer)
{
    return trainer->with_first ? 2 : trainer->model->process.first_learned;
}

/* Group k draws its t from stratum k of the learned steps, so times ascend and equal banks are
 * neighbours. Where t = 1 is always there it is the first group's. */
static void draw_times(nq_trainer *trainer)
{
    enum { DRAWN = 32 }; /* at a time */
    const nqi_stream stream = {(uint64_t)trainer->options.seed, NQI_DRAW_TIMES,
                               (uint32_t)trainer->update, 0};
    const size_t first = (size_t)trainer->with_first, begin = first_drawn(trainer);
    const double steps = (double)(trainer->model->process.schedule.steps + 1 - begin);
    uint32_t bits[2 * DRAWN];
    trainer->run_count = 0;
    for (size_t g = 0; g < trainer->groups; g++) {
        const size_t k = g % DRAWN;
        if (k == 0)
            trainer->context->ops->random.bits(bits, &stream, 2 * g, 2 * DRAWN);
        const double u = nqi_uniform_of_bits(bits[2 * k], bits[2 * k + 1]);
        const double position =
            ((double)g - (double)first + u) * steps / (double)(trainer->groups - first);
        const uint32_t t = g < first ? 1 : (uint32_t)(fmin(position, steps - 1) + (double)begin);
        const size_t bank = trainer->bank_of ? trainer->bank_of[t] : t - 1;
        nqi_bank_run *last = &trainer->runs[trainer->run_count];
        trainer->time[g] = t;
        if (g && last[-1].bank == bank)
            last[-1].count++;
        else
            trainer->runs[trainer->run_count++] = (nqi_bank_run){bank, g, 1};
    }
    if (!trainer->model->regressor.graph.banks)
        trainer->run_count = 0;
}

/* Banks that can be stepped as soon as one group has been scored leave the list of runs: nothing is
 * to be added to their gradient, no norm of the whole decides what a step is, and no other rank has
 * to know. */
static void split_single(nq_trainer *trainer)
{
    size_t kept = 0;
    memset(trainer->single, 0, trainer->groups * sizeof *trainer->single);
    if (trainer->fitting || nqi_trainer_clips(trainer) || trainer->context->comm)
        return;
    for (size_t r = 0; r < trainer->run_count; r++) {
        const nqi_bank_run *run = &trainer->runs[r];
        if (run->count == 1)
            trainer->single[run->first] = run->bank + 1;
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
    nq_status status =
        nqi_pool_run(trainer->context->pool, trainer->strand_count, score_strand, trainer);
    if (status || (status = nqi_trainer_gather(trainer)))
        return status;
    const double loss = batch_loss(trainer);
    if (!isfinite(loss))
        return nqi_fail(trainer->context, NQ_ERROR_DIVERGED,
                        "training diverged at update %lld: the bound is no longer finite; a "
                        "smaller \036rate may help (it was %g)",
                        (long long)trainer->update + 1, trainer->rate);
    if (!measuring) {
        const double keep = fmin(0.98, 1 - 1 / (1 + (double)trainer->update));
        trainer->smooth_loss = keep * trainer->smooth_loss + (1 - keep) * loss;
    }
    return NQ_OK;
}

nq_status nqi_trainer_rehearse(nq_trainer *trainer)
{
    const double smooth_loss = trainer->smooth_loss;
    trainer->fitting = 0;
    draw_times(trainer);
    memset(trainer->single, 0, trainer->groups * sizeof *trainer->single);
    const nq_status status = run_pass(trainer, 0);
    trainer->smooth_loss = smooth_loss;
    return status;
}

nq_status nqi_trainer_descend(nq_trainer *trainer)
{
    trainer->fitting = 0;
    draw_times(trainer);
    split_single(trainer);
    nqi_optimiser_begin(&trainer->optimiser);
    nq_status status;
    if ((status = run_pass(trainer, 0)) || (status = nqi_trainer_step_parameters(trainer, 1, 1)))
        return status;
    return nqi_trainer_step_schedule(trainer, trainer->rate);
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
    trainer->fit.sets_variance = part < NQI_FIT_MOVES;
    trainer->fit.keep = left <= NQI_SETTLE_UPDATES ? 1 : part < NQI_FIT_MOVES ? 0 : fit_keep;
    draw_times(trainer);
    split_single(trainer);
    if ((status = run_pass(trainer, 1)))
        return status;
    nqi_readout_fit_add(&trainer->fit, trainer->time, trainer->groups);
    nqi_readout_fit_solve(&trainer->fit, trainer->model->regressor.params);
    if ((status = run_pass(trainer, 0)))
        return status;
    if (left <= NQI_SETTLE_UPDATES)
        return NQ_OK;
    nqi_optimiser_begin(&trainer->optimiser);
    if ((status =
             nqi_trainer_step_parameters(trainer, part < NQI_FIT_MOVES, part >= NQI_FIT_MOVES)))
        return status;
    return part < NQI_FIT_MOVES ? nqi_trainer_step_schedule(trainer, trainer->rate) : NQ_OK;
}
