/* roles.c - one pass of a network that has learned p(unknown cells | known ones): the known cells
 * are given to it as they are (mathematics.md section 11). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "posterior/posterior.h"

/* What is known of number i of a block; scores are those of the middles of their bins. */
static double known_of(const nqi_worker *worker, size_t target, const nqi_block *block, size_t i)
{
    const nq_evidence *evidence = worker->job->evidence;
    const nqi_coding *coding = worker->job->model->scaling.coding;
    const size_t number = block->first + i;
    double value = NAN;
    for (size_t p = 0; p < nqi_evidence_leaves(evidence) && isnan(value); p++) {
        const nq_evidence *leaf = nqi_evidence_leaf(evidence, p);
        value = nqi_evidence_known(leaf, target, block, i);
        if (isnan(value) || !coding || number >= coding->scores)
            continue;
        const size_t column = coding->column_of[number];
        value = nqi_warp_score(&coding->code[column].warp,
                               leaf->known[target * coding->columns + column], 0.5, NULL);
    }
    return value;
}

static void give_known(nqi_worker *worker)
{
    const nqi_process *process = worker->walk.process;
    nqi_batch *batch = &worker->predictor.batch;
    const size_t ld = batch->tape.ld, numbers = process->dim * ld;
    const size_t rows = worker->walk.proposal.rows;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        for (size_t i = 0; i < b->count; i++)
            for (size_t r = 0; r < ld; r++) {
                const size_t j = (b->first + i) * ld + r;
                const double known =
                    known_of(worker, worker->particles.target[r < rows ? r : 0], b, i);
                worker->roles[j] = (nqi_real)!isnan(known);
                worker->roles[numbers + j] = 0;
                batch->x_0[j] = isnan(known) ? 0 : (nqi_real)known;
            }
    batch->roles = worker->roles;
}

/* Means of squares, where the network was trained to be told of such. */
static void give_squares(nqi_worker *worker)
{
    const nq_evidence *evidence = worker->job->evidence;
    const size_t side = (size_t)worker->job->model->options.squares;
    nqi_batch *batch = &worker->predictor.batch;
    const size_t ld = batch->tape.ld, rows = worker->walk.proposal.rows;
    if (!worker->told)
        return;
    memset(worker->told, 0, NQI_TOLD * worker->walk.process->dim * ld * sizeof *worker->told);
    for (size_t p = 0; p < nqi_evidence_leaves(evidence); p++) {
        const nq_evidence *leaf = nqi_evidence_leaf(evidence, p);
        for (size_t r = 0; leaf->squares.side == side && r < ld; r++)
            nqi_squares_tell(leaf, worker->particles.target[r < rows ? r : 0], worker->told + r,
                             ld);
    }
    batch->told = worker->told;
}

/* The score of a column whose level is known, and no other number, is that of the level. Of an
 * unknown cell that can be a gap or a number, that it is a number is known: its score is drawn. */
static void give_levels(nqi_worker *worker)
{
    const nqi_coding *coding = worker->job->model->scaling.coding;
    const size_t ld = worker->predictor.batch.tape.ld;
    for (size_t c = 0; coding && c < coding->columns; c++) {
        const nqi_code *code = &coding->code[c];
        if (code->level_number == NQI_NO_NUMBER || code->score_number == NQI_NO_NUMBER)
            continue;
        const nqi_real number = (nqi_real)(code->level_count - 1);
        const nqi_real *level = worker->predictor.batch.x_0 + code->level_number * ld;
        for (size_t r = 0; r < ld; r++)
            if (worker->roles[code->level_number * ld + r] > 0 && level[r] != number) {
                worker->roles[code->score_number * ld + r] = 1;
                worker->predictor.batch.x_0[code->score_number * ld + r] =
                    (nqi_real)nqi_code_level_score(code, (size_t)level[r]);
            }
    }
}

static void proposed(void *state, size_t level)
{
    nqi_worker_choose_levels(state, level);
}

/* Means of squares also stand in the rows, told of or not. */
static void place_squares(nqi_worker *worker, size_t level)
{
    const nq_evidence *evidence = worker->job->evidence;
    const nq_schedule *schedule = &worker->walk.process->schedule;
    const nqi_stream stream = nqi_worker_stream(worker, NQI_DRAW_KNOWN, (uint32_t)level + 1);
    if (!nqi_evidence_has_squares(evidence))
        return;
    nqi_walk_noise(&worker->walk, &stream);
    for (size_t p = 0; p < nqi_evidence_leaves(evidence); p++)
        if (nqi_evidence_leaf(evidence, p)->squares.side)
            nqi_squares_place(nqi_evidence_leaf(evidence, p), &worker->walk,
                              worker->particles.target,
                              level ? schedule->alpha_bar[level - 1] : 1,
                              level ? schedule->one_minus_alpha_bar[level - 1] : 0);
}

/* Known cells stand in the rows that are handed on. */
static void drawn(void *state, size_t level)
{
    nqi_worker *worker = state;
    place_squares(worker, level);
    const nqi_batch *batch = &worker->predictor.batch;
    const nqi_proposal *all = &worker->walk.proposal;
    const size_t ld = batch->tape.ld;
    for (size_t i = 0; !level && i < worker->walk.process->dim; i++)
        for (size_t r = 0; r < all->rows; r++)
            if (batch->roles[i * ld + r] > 0)
                all->x[i * all->rows + r] = batch->x_0[i * ld + r];
}

static void run(nqi_worker *worker)
{
    const nqi_guide guide = {.state = worker, .proposed = proposed, .drawn = drawn};
    give_known(worker);
    give_squares(worker);
    give_levels(worker);
    nqi_walk_begin(&worker->walk, &guide);
    nqi_walk_down(&worker->walk, &guide, worker->walk.process->schedule.steps, 0);
}

static nq_status check(const nqi_posterior_job *job)
{
    if (!(job->model->options.roles > 0))
        return nqi_fail(
            job->context, NQ_ERROR_UNSUPPORTED,
            "the method roles is of models that were trained with \036roles 1; expected "
            "method particles, noised or paper");
    return NQ_OK;
}

const nqi_method nqi_method_roles = {.name = "roles",
                                     .of_roles = 1,
                                     .places = 1,
                                     .twist = NQI_TWIST_ANNEALED,
                                     .check = check,
                                     .run = run};
