/* noised.c - known cells diffused to each level while the others are drawn around them
 * (A. Lugmayr et al.: RePaint, CVPR 2022, with their jumps back up). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "posterior/posterior.h"

enum { STRETCHES = 20 }; /* parts of the way, each of which the jumps repeat */

typedef struct noised {
    nqi_worker *worker;
    uint32_t number; /* of the next draw: names its noise */
} noised;

/* Signal and noise of q(x_t | x_s). */
typedef struct bridge {
    double keep, forget;
} bridge;

static bridge bridge_between(const nq_schedule *schedule, size_t s, size_t t)
{
    const double from = s ? schedule->alpha_bar[s - 1] : 1;
    const double lost = s ? schedule->one_minus_alpha_bar[s - 1] : 0;
    if (t == s)
        return (bridge){1, 0};
    return (bridge){schedule->alpha_bar[t - 1] / from,
                    (schedule->one_minus_alpha_bar[t - 1] - lost) / from};
}

/* x from the numbers where the proposal's means were, by q, with the noise that is there. */
static void diffuse(const nqi_walk *walk, bridge q)
{
    for (size_t k = 0; k < walk->process->block_count; k++) {
        const nqi_block *block = &walk->process->blocks[k];
        const nqi_proposal p = nqi_walk_block(walk, block);
        block->family->twisting->diffuse(block, q.keep, q.forget, p.mean, p.x,
                                         walk->noise + block->first * p.rows, p.rows);
    }
}

static void fill_noise(noised *n)
{
    const nqi_stream stream = nqi_worker_stream(n->worker, NQI_DRAW_KNOWN, n->number++);
    nqi_walk_noise(&n->worker->walk, &stream);
}

/* Of number i of a block, where the first of its proposal's laws were. */
static void known_load(const nqi_walk *walk, const nqi_block *block, const nq_evidence *leaf,
                       const size_t *target, size_t i)
{
    const nqi_proposal own = nqi_walk_block(walk, block);
    for (size_t r = 0; r < own.rows; r++)
        own.mean[i * own.rows + r] = nqi_evidence_known(leaf, target[r], block, i);
}

static void place_known(void *state, size_t level)
{
    noised *n = state;
    const nqi_worker *worker = n->worker;
    const nq_evidence *evidence = worker->job->evidence;
    const nqi_process *process = worker->walk.process;
    fill_noise(n);
    for (size_t p = 0; p < nqi_evidence_leaves(evidence); p++) {
        const nq_evidence *leaf = nqi_evidence_leaf(evidence, p);
        const bridge q = bridge_between(&process->schedule, 0, level);
        if (leaf->squares.side) {
            nqi_squares_place(leaf, &worker->walk, worker->particles.target, q.keep, q.forget);
            continue;
        }
        for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count;
             b++)
            for (size_t i = 0; i < b->count; i++)
                known_load(&worker->walk, b, leaf, worker->particles.target, i);
        diffuse(&worker->walk, q);
    }
}

static void back_up(noised *n, size_t from, size_t to)
{
    const nqi_walk *walk = &n->worker->walk;
    fill_noise(n);
    for (size_t k = 0; k < walk->process->block_count; k++) {
        const nqi_block *block = &walk->process->blocks[k];
        const nqi_proposal own = nqi_walk_block(walk, block);
        for (size_t j = 0; j < block->count * own.rows; j++)
            own.mean[j] = (double)own.x[j];
    }
    diffuse(walk, bridge_between(&walk->process->schedule, from, to));
    place_known(n, to);
}

static void proposed(void *state, size_t level)
{
    nqi_worker_choose_levels(((noised *)state)->worker, level);
}

static uint32_t number(void *state, size_t level)
{
    const noised *n = state;
    (void)level;
    return n->number;
}

static void run(nqi_worker *worker)
{
    noised n = {worker, 1};
    const nqi_guide guide = {.state = &n,
                             .proposed = proposed,
                             .drawn = place_known,
                             .number = number};
    const nqi_process *process = worker->walk.process;
    const size_t steps = process->schedule.steps;
    const size_t stretch = (steps + STRETCHES - 1) / STRETCHES;
    nqi_walk_begin(&worker->walk, &guide);
    /* A last step that is not learned forgets and tells nothing: repeated, it would only add noise
     * to what was drawn above it. */
    const size_t end = process->first_learned - 1;
    for (size_t t = steps; t > end;) {
        const size_t low = t > end + stretch ? t - stretch : end;
        nqi_walk_down(&worker->walk, &guide, t, low);
        for (size_t again = 1; again < worker->job->plan.jumps; again++) {
            if (nqi_hand_stops(&worker->predictor.batch.tape.map.hand))
                return;
            back_up(&n, low, t);
            nqi_walk_down(&worker->walk, &guide, t, low);
        }
        t = low;
    }
    nqi_walk_down(&worker->walk, &guide, end, 0);
}

const nqi_method nqi_method_noised = {
    .name = "noised", .places = 1, .twist = NQI_TWIST_ANNEALED, .jumps = 4, .run = run};
