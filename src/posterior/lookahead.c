/* lookahead.c - a particle filter whose twist is what the regressor believes of x_0: r_t(x_t) =
 * E[r(x_0)] under that belief (mathematics.md 13; L. Wu et al.: Practical and asymptotically exact
 * conditional sampling in diffusion models, NeurIPS 2023). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* A belief is a proposal of x_0: what evidence makes of it at level 0 is the twist, and the belief
 * given the evidence. Numbers are drawn from N(mu + Sigma slope, Sigma), levels from what follows
 * from the belief given the evidence. The last step has x_0's own law, so that evidence is exact
 * there. A row's weight is r_T prod_t p r_{t-1} / (p~ r_t), in which r_t cancels but for where rows
 * are resampled by it. */
#include "posterior/lookahead.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

/* Beyond so many deviations first order means nothing; it only costs weight. */
static const double furthest = 30;
/* Least variance of a belief, in those of pi given x_t: a network is not as sure as it says. */
static const double least_belief = 1e-3;

double nqi_lookahead_mean(double mean, double variance, double slope)
{
    const double most = furthest * sqrt(variance), shift = variance * slope;
    return isnan(shift) ? mean : mean + fmax(-most, fmin(most, shift));
}

static size_t need(size_t count, int halves)
{
    return nqi_arena_need(count, halves ? sizeof(nqi_real) : sizeof(double));
}

nq_status nqi_lookahead_new(nqi_lookahead *out, nq_context *context, nqi_walk *walk,
                            nqi_twists *twists, size_t *target)
{
    const nqi_process *process = walk->process;
    const size_t ld = walk->predictor->batch.tape.ld, rows = walk->proposal.rows;
    const size_t laws = process->laws * ld, all = process->laws * rows;
    const size_t bytes = need(2 * laws, 1) + 2 * need(2 * laws, 0) + need(laws, 0) +
                         2 * need(process->dim * ld, 0) + need(ld, 0) + 3 * need(rows, 0) +
                         2 * need(2 * all, 0) + need(process->dim * ld, 1) +
                         nqi_arena_need(ld, sizeof(size_t));
    memset(out, 0, sizeof *out);
    if (nqi_arena_new(&out->arena, bytes))
        return nqi_fail_memory(context, "looking ahead", bytes);
    nqi_arena *arena = &out->arena;
    out->walk = walk;
    out->twists = twists;
    out->target = target;
    out->mean = nqi_arena_take(arena, 2 * laws, sizeof(nqi_real));
    out->before = nqi_arena_take(arena, 2 * laws, sizeof(double));
    out->slope = nqi_arena_take(arena, laws, sizeof(double));
    out->x_slope = nqi_arena_take(arena, process->dim * ld, sizeof(double));
    out->value = nqi_arena_take(arena, rows, sizeof(double));
    out->held = nqi_arena_take(arena, rows, sizeof(double));
    out->spare = nqi_arena_take(arena, rows, sizeof(double));
    out->base = nqi_arena_take(arena, 2 * all, sizeof(double));
    out->proposed = nqi_arena_take(arena, 2 * all, sizeof(double));
    out->shadow = *walk;
    memset(&out->shadow.arena, 0, sizeof out->shadow.arena);
    out->shadow.looked = NULL;
    out->shadow.proposal.rows = ld;
    out->shadow.proposal.mean = nqi_arena_take(arena, 2 * laws, sizeof(double));
    out->shadow.proposal.variance = out->shadow.proposal.mean + laws;
    out->shadow.proposal.tilt = nqi_arena_take(arena, process->dim * ld, sizeof(double));
    out->shadow.proposal.x = nqi_arena_take(arena, process->dim * ld, sizeof(nqi_real));
    out->seen.walk = &out->shadow;
    out->seen.log_weight = nqi_arena_take(arena, ld, sizeof(double));
    out->seen.target = nqi_arena_take(arena, ld, sizeof(size_t));
    return NQ_OK;
}

void nqi_lookahead_free(nqi_lookahead *ahead)
{
    if (!ahead)
        return;
    nqi_arena_free(&ahead->arena);
    memset(ahead, 0, sizeof *ahead);
}

static int is_number(const nqi_block *block)
{
    return block->family->twisting->is_normal;
}

static double held(const nqi_block *block, size_t t, double variance)
{
    const nqi_foresight *ahead = &block->family->twisting->ahead;
    return ahead->hold ? ahead->hold(block, t, variance) : variance;
}

/* The belief at x_t, from the outputs that are there; at x_1 it is the law of x_0. */
static void believe(nqi_lookahead *ahead, const nqi_block *block, size_t t)
{
    const nqi_batch *batch = &ahead->walk->predictor->batch;
    const nqi_rows rows = nqi_batch_rows(batch, block, 0, 0);
    const size_t ld = rows.ld, laws = ahead->walk->process->laws * ld;
    const size_t at = block->law_first * ld, count = nqi_block_laws(block) * ld;
    const double least = least_belief * block->schedule.one_minus_alpha_bar[t - 1];
    double *mean = ahead->shadow.proposal.mean, *variance = ahead->shadow.proposal.variance;
    (t > 1 ? block->family->steps->belief
           : block->family->steps->moments)(block, &rows, ahead->mean + at,
                                            ahead->mean + laws + at);
    for (size_t j = at; j < at + count; j++) {
        mean[j] = ahead->before[j] = (double)ahead->mean[j];
        variance[j] = ahead->before[laws + j] =
            t > 1 ? fmax(held(block, t, (double)ahead->mean[laws + j]), least)
                  : (double)ahead->mean[laws + j];
    }
}

/* d log E[r] / d mean = (E[x | r] - E[x]) / V of a normal belief, and of log-odds what the
 * probability gained. */
static void slopes(nqi_lookahead *ahead, const nqi_block *block, size_t here)
{
    const size_t ld = ahead->shadow.proposal.rows, laws = ahead->walk->process->laws * ld;
    const size_t first = block->law_first * ld, end = first + nqi_block_laws(block) * ld;
    for (size_t j = first; j < end; j++) {
        const double gained = ahead->shadow.proposal.mean[j] - ahead->before[j];
        ahead->slope[j] = is_number(block) ? gained / ahead->before[laws + j] : gained;
        if (j % ld >= here || !isfinite(ahead->slope[j]))
            ahead->slope[j] = 0;
    }
}

/* log r_t by x_t, on the tape, less what is in x_slope. */
static void go_back(nqi_lookahead *ahead, size_t here)
{
    const nqi_process *process = ahead->walk->process;
    nqi_batch *batch = &ahead->walk->predictor->batch;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        const nqi_rows rows = nqi_batch_rows(batch, b, 0, 1);
        slopes(ahead, b, here);
        b->family->twisting->ahead.back(b, &rows, ahead->slope + b->law_first * rows.ld,
                                        ahead->x_slope + b->first * rows.ld);
        nqi_batch_unread(batch, b, 0, 0, b->count, ahead->x_slope + b->first * rows.ld);
    }
    nqi_predictor_back(ahead->walk->predictor);
}

/* Of one row and number, what x_{t-1} is drawn from. row: in the microbatch. */
static void propose_number(nqi_lookahead *ahead, const nqi_block *block, size_t i, size_t row,
                           size_t first, size_t t)
{
    const nqi_proposal own = nqi_walk_block(ahead->walk, block);
    const nqi_batch *batch = &ahead->walk->predictor->batch;
    const size_t ld = batch->tape.ld, width = nqi_block_width(block);
    const size_t number = (block->first + i) * ld + row, at = i * width * own.rows + first + row;
    const double *belief =
        ahead->shadow.proposal.mean + (block->law_first + i * width) * ld + row;
    if (!is_number(block)) {
        block->family->twisting->ahead.step(block, t, (double)nqi_batch_x_t(batch)[number], i,
                                            belief, ld, own.mean + at, own.rows);
    } else if (t > 1 && belief[ahead->walk->process->laws * ld] == 0) {
        const double known[2] = {*belief, 0};
        double law[2];
        block->family->twisting->ahead.step(block, t, (double)nqi_batch_x_t(batch)[number], i,
                                            known, 1, law, 1);
        own.mean[at] = law[0];
        own.variance[at] = law[1];
    } else if (t > 1) {
        const double by_network = (double)batch->tape.grad[batch->tape.graph->input][number];
        own.mean[at] = nqi_lookahead_mean(own.mean[at], own.variance[at],
                                          by_network + ahead->x_slope[number]);
    } else {
        own.mean[at] = *belief;
    }
}

static void keep_base(nqi_lookahead *ahead, size_t first, size_t here)
{
    const nqi_proposal *all = &ahead->walk->proposal;
    const size_t laws = ahead->walk->process->laws;
    for (size_t i = 0; i < laws; i++) {
        const size_t at = i * all->rows + first;
        memcpy(ahead->base + at, all->mean + at, here * sizeof *all->mean);
        memcpy(ahead->base + laws * all->rows + at, all->variance + at,
               here * sizeof *all->variance);
    }
}

/* The network has seen rows first..: what their x_t is worth, and where it sends x_{t-1}. */
static void looked(void *state, size_t first)
{
    nqi_lookahead *ahead = state;
    const nqi_process *process = ahead->walk->process;
    const nqi_batch *batch = &ahead->walk->predictor->batch;
    const size_t t = batch->tape.time[0], ld = batch->tape.ld;
    const size_t left = ahead->walk->proposal.rows - first, here = left < ld ? left : ld;
    keep_base(ahead, first, here);
    for (size_t k = 0; k < process->block_count; k++)
        believe(ahead, &process->blocks[k], t);
    ahead->seen.first = first;
    memset(ahead->seen.log_weight, 0, ld * sizeof *ahead->seen.log_weight);
    memcpy(ahead->shadow.proposal.x, nqi_batch_x_t(batch), process->dim * ld * sizeof(nqi_real));
    for (size_t r = 0; r < ld; r++)
        ahead->seen.target[r] = ahead->target[first + (r < here ? r : 0)];
    nqi_twists_foresee(ahead->twists, &ahead->seen, t);
    memcpy(ahead->value + first, ahead->seen.log_weight, here * sizeof *ahead->value);
    if (t > 1)
        go_back(ahead, here);
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        for (size_t i = 0; i < b->count; i++)
            for (size_t r = 0; r < here; r++)
                propose_number(ahead, b, i, r, first, t);
}

void nqi_lookahead_begin(nqi_lookahead *ahead)
{
    ahead->walk->looked = looked;
    ahead->walk->looker = ahead;
    memset(ahead->held, 0, ahead->walk->proposal.rows * sizeof *ahead->held);
    memset(ahead->walk->proposal.tilt, 0,
           ahead->walk->process->dim * ahead->walk->proposal.rows * sizeof(double));
}

void nqi_lookahead_weigh(nqi_lookahead *ahead, nqi_particles *particles, size_t level)
{
    const nqi_proposal *all = &ahead->walk->proposal;
    const size_t laws = ahead->walk->process->laws * all->rows;
    if (level == ahead->walk->process->schedule.steps)
        return;
    if (ahead->seen.fault && !particles->fault) {
        particles->fault = ahead->seen.fault;
        particles->undefined = ahead->seen.undefined;
    }
    for (size_t r = 0; r < all->rows; r++) {
        if (particles->log_weight[r] > -INFINITY)
            particles->log_weight[r] += ahead->value[r] - ahead->held[r];
        ahead->held[r] = ahead->value[r];
    }
    if (level > 0)
        return;
    memcpy(ahead->proposed, all->mean, laws * sizeof *all->mean);
    memcpy(ahead->proposed + laws, all->variance, laws * sizeof *all->variance);
    nqi_twists_condition(ahead->twists, particles, 0);
}

void nqi_lookahead_resample(nqi_lookahead *ahead, size_t first, const size_t *ancestor,
                            size_t count)
{
    const size_t rows = ahead->walk->proposal.rows;
    for (size_t i = 0; i < 2 * ahead->walk->process->laws; i++) {
        nqi_particles_move(ahead->base + i * rows + first, ancestor, count, ahead->spare);
        nqi_particles_move(ahead->proposed + i * rows + first, ancestor, count, ahead->spare);
    }
    nqi_particles_move(ahead->held + first, ancestor, count, ahead->spare);
}

/* log p - log p~ of the x that was drawn, of one block's numbers. */
static void add_cost(const nqi_lookahead *ahead, const nqi_block *block, const double *drawn_from,
                     double *log_weight)
{
    const nqi_proposal own = nqi_walk_block(ahead->walk, block);
    const size_t laws = ahead->walk->process->laws * own.rows;
    const size_t at = block->law_first * own.rows, width = nqi_block_width(block);
    nqi_proposal is = own, was = own;
    was.mean = ahead->base + at;
    was.variance = ahead->base + laws + at;
    if (drawn_from) {
        is.mean = ahead->proposed + at;
        is.variance = ahead->proposed + laws + at;
    }
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < own.rows; r++) {
            int same = 1;
            for (size_t j = i * width * own.rows + r; j < (i + 1) * width * own.rows;
                 j += own.rows)
                same &= is.mean[j] == was.mean[j] && is.variance[j] == was.variance[j];
            if (!same && log_weight[r] > -INFINITY)
                log_weight[r] += block->family->twisting->log_law(block, &was, i, r) -
                                 block->family->twisting->log_law(block, &is, i, r);
        }
}

void nqi_lookahead_drawn(nqi_lookahead *ahead, nqi_particles *particles, size_t level)
{
    const nqi_process *process = ahead->walk->process;
    if (level == process->schedule.steps)
        return;
    for (size_t r = 0; !level && r < ahead->walk->proposal.rows; r++)
        particles->log_weight[r] -= ahead->held[r];
    if (!level)
        nqi_twists_drawn(ahead->twists, particles, 0, 1);
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        add_cost(ahead, b, level ? NULL : ahead->proposed, particles->log_weight);
}
