/* walk.c - rows from x_T down to x_0, one step after another. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/walk.h"

#include <string.h>

#include "core/context.h"

void nqi_walk_plain(nqi_walk *out, const nqi_process *process, nqi_predictor *predictor)
{
    memset(out, 0, sizeof *out);
    out->process = process;
    out->stepper = nqi_stepper_find(NULL);
    out->predictor = predictor;
}

nq_status nqi_walk_new(nqi_walk *out, nq_context *context, const nqi_process *process,
                       nqi_predictor *predictor, size_t rows, size_t extra)
{
    nqi_walk_plain(out, process, predictor);
    const size_t numbers = process->dim * rows, ld = predictor->batch.tape.ld;
    const size_t noises = (process->dim + extra) * rows, moments = 2 * process->laws * ld;
    const size_t laws = process->laws * rows;
    if (nqi_arena_new(&out->arena, nqi_arena_need(numbers, sizeof(nqi_real)) +
                                       2 * nqi_arena_need(laws, sizeof(double)) +
                                       nqi_arena_need(numbers, sizeof(double)) +
                                       nqi_arena_need(noises, sizeof(nqi_real)) +
                                       nqi_arena_need(moments, sizeof(nqi_real))))
        return nqi_fail_memory(context, "rows on their way", laws * 40);
    out->extra = extra;
    out->proposal.rows = rows;
    out->proposal.x = nqi_arena_take(&out->arena, numbers, sizeof(nqi_real));
    out->proposal.mean = nqi_arena_take(&out->arena, laws, sizeof(double));
    out->proposal.variance = nqi_arena_take(&out->arena, laws, sizeof(double));
    out->proposal.tilt = nqi_arena_take(&out->arena, numbers, sizeof(double));
    out->noise = nqi_arena_take(&out->arena, noises, sizeof(nqi_real));
    out->moment = nqi_arena_take(&out->arena, moments, sizeof(nqi_real));
    return NQ_OK;
}

void nqi_walk_free(nqi_walk *walk)
{
    if (!walk)
        return;
    nqi_arena_free(&walk->arena);
    memset(walk, 0, sizeof *walk);
}

nqi_proposal nqi_walk_block(const nqi_walk *walk, const nqi_block *block)
{
    const nqi_proposal *all = &walk->proposal;
    const size_t at = block->first * all->rows, law = block->law_first * all->rows;
    return (nqi_proposal){all->rows, all->x + at, all->mean + law, all->variance + law,
                          all->tilt + at};
}

/* Of a run of rows. */
static void run_noise(nqi_walk *walk, const nqi_stream *stream, size_t first, size_t count)
{
    const nqi_process *process = walk->process;
    const nqi_ops *ops = walk->predictor->batch.tape.ops;
    const size_t rows = walk->proposal.rows;
    for (size_t k = 0; k < process->block_count; k++) {
        nqi_block block = process->blocks[k];
        const nqi_stream own = k ? nqi_stream_child(stream, (uint32_t)k) : *stream;
        /* what stands behind the numbers is of their kind, where they are of one */
        block.count += process->block_count > 1 ? 0 : walk->extra;
        block.family->steps->draw(&block, ops, walk->noise + block.first * rows + first, rows,
                                  &own, count);
    }
    if (process->block_count > 1 && walk->extra) {
        const nqi_stream own = nqi_stream_child(stream, (uint32_t)process->block_count);
        ops->random.normal_rows(walk->noise + process->dim * rows + first, rows, &own, count,
                                walk->extra);
    }
}

/* The noise of rows that are others' turned over: normals with the other sign, bits inverted. */
static void mirror_block(nqi_walk *walk, const nqi_block *block)
{
    const size_t rows = walk->proposal.rows;
    nqi_real *noise = walk->noise + block->first * rows;
    uint32_t *bits = (uint32_t *)(void *)noise;
    for (size_t j = 1; j < block->count * rows; j++)
        if (walk->mirrors[j % rows] && block->family->twisting->is_normal)
            noise[j] = -noise[j - 1];
        else if (walk->mirrors[j % rows])
            bits[j] = ~bits[j - 1];
}

void nqi_walk_noise(nqi_walk *walk, const nqi_stream *stream)
{
    const size_t rows = walk->proposal.rows, run = walk->run ? walk->run : rows;
    nqi_stream own = *stream;
    for (size_t first = 0; first < rows; first += run) {
        run_noise(walk, &own, first, run);
        own.item += (uint32_t)((run + NQI_ROW_GROUP - 1) / NQI_ROW_GROUP);
    }
    for (size_t k = 0; walk->mirrors && k < walk->process->block_count; k++)
        mirror_block(walk, &walk->process->blocks[k]);
}

/* x from the proposal, with draw number `number`. */
static void draw(nqi_walk *walk, uint32_t number)
{
    nqi_stream stream = walk->stream;
    stream.step += number;
    nqi_walk_noise(walk, &stream);
    for (size_t k = 0; k < walk->process->block_count; k++) {
        const nqi_block *block = &walk->process->blocks[k];
        nqi_proposal proposal = nqi_walk_block(walk, block);
        block->family->twisting->draw_from(block, &proposal,
                                           walk->noise + block->first * proposal.rows);
    }
}

void nqi_walk_predict(nqi_walk *walk, size_t t)
{
    nqi_batch *batch = &walk->predictor->batch;
    nqi_tape *tape = &batch->tape;
    for (size_t g = 0; g < tape->groups; g++) {
        tape->time[g] = (uint32_t)t;
        if (batch->roles)
            nqi_batch_place_roles(batch, walk->process->dim, g);
    }
    if (t >= walk->process->first_learned)
        nqi_predictor_forward(walk->predictor);
}

/* Says how far a worker's rows are. 1: the region ends; rows may be left as they are. */
static int reaches(const nqi_walk *walk, size_t done, size_t total)
{
    return nqi_hand_reaches(&walk->predictor->batch.tape.map.hand, done, total);
}

static size_t rows_here(const nqi_walk *walk, size_t first)
{
    const size_t left = walk->proposal.rows - first, ld = walk->predictor->batch.tape.ld;
    return left < ld ? left : ld;
}

void nqi_walk_load(nqi_walk *walk, size_t first)
{
    const nqi_proposal *all = &walk->proposal;
    nqi_batch *batch = &walk->predictor->batch;
    const size_t ld = batch->tape.ld, here = rows_here(walk, first);
    nqi_real *x_t = nqi_batch_x_t(batch);
    for (size_t i = 0; i < walk->process->dim; i++)
        for (size_t r = 0; r < ld; r++)
            x_t[i * ld + r] = all->x[i * all->rows + first + (r < here ? r : 0)];
}

static void block_store(const nqi_walk *walk, const nqi_block *block, size_t first)
{
    const nqi_proposal *all = &walk->proposal;
    const size_t ld = walk->predictor->batch.tape.ld, here = rows_here(walk, first);
    const nqi_real *mean = walk->moment, *variance = walk->moment + walk->process->laws * ld;
    double (*const proper)(double) = block->family->twisting->proper;
    for (size_t i = block->law_first; i < block->law_first + nqi_block_laws(block); i++)
        for (size_t r = 0; r < here; r++) {
            const size_t j = i * all->rows + first + r;
            all->mean[j] = proper ? proper((double)mean[i * ld + r]) : (double)mean[i * ld + r];
            all->variance[j] = (double)variance[i * ld + r];
        }
}

void nqi_walk_store(nqi_walk *walk, size_t first)
{
    const nqi_batch *batch = &walk->predictor->batch;
    nqi_batch_moments(walk->process, batch, 0, walk->moment,
                      walk->moment + walk->process->laws * batch->tape.ld);
    for (size_t k = 0; k < walk->process->block_count; k++)
        block_store(walk, &walk->process->blocks[k], first);
    if (walk->looked)
        walk->looked(walk->looker, first);
}

/* The proposal becomes x of the level. */
static void settle(nqi_walk *walk, const nqi_guide *guide, size_t level)
{
    if (guide && guide->proposed)
        guide->proposed(guide->state, level);
    draw(walk,
         guide && guide->number ? guide->number(guide->state, level) : (uint32_t)(level + 1));
    if (guide && guide->drawn)
        guide->drawn(guide->state, level);
}

void nqi_walk_start(nqi_walk *walk, const nqi_stream *stream)
{
    nqi_batch_draw(walk->process, &walk->predictor->batch, stream);
    nqi_batch_start(walk->process, &walk->predictor->batch);
}

void nqi_walk_begin(nqi_walk *walk, const nqi_guide *guide)
{
    for (size_t k = 0; k < walk->process->block_count; k++) {
        const nqi_block *block = &walk->process->blocks[k];
        nqi_proposal proposal = nqi_walk_block(walk, block);
        block->family->twisting->prior(block, &proposal);
    }
    settle(walk, guide, walk->process->schedule.steps);
}

void nqi_walk_down(nqi_walk *walk, const nqi_guide *guide, size_t from, size_t to)
{
    const size_t all = walk->process->schedule.steps;
    for (size_t t = from; t > to; t--) {
        const int ends = walk->proposal.rows ? reaches(walk, all - t, all)
                                             : reaches(walk, from - t, from - to);
        if (ends)
            return;
        if (walk->proposal.rows) {
            walk->stepper->propose(walk, t, t - 1);
            settle(walk, guide, t - 1);
            continue;
        }
        walk->stepper->step(walk, t, t - 1);
        if (guide && guide->drawn)
            guide->drawn(guide->state, t - 1);
    }
}
