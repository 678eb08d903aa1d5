/* ancestral.c - the stepper of [SD15]: every x_{t-1} from p(x_{t-1} | x_t) itself. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/walk.h"

/* Rows first.. of the walk, as many as the batch has; what is left of it repeats the first. */
static size_t chunk_load(const nqi_walk *walk, size_t first)
{
    const nqi_proposal *all = &walk->proposal;
    nqi_batch *batch = &walk->predictor->batch;
    const size_t left = all->rows - first, ld = batch->tape.ld, here = left < ld ? left : ld;
    nqi_real *x_t = nqi_batch_x_t(batch);
    for (size_t i = 0; i < walk->process->dim; i++)
        for (size_t r = 0; r < ld; r++)
            x_t[i * ld + r] = all->x[i * all->rows + first + (r < here ? r : 0)];
    return here;
}

static void chunk_store(const nqi_walk *walk, const nqi_block *block, size_t first, size_t here)
{
    const nqi_proposal *all = &walk->proposal;
    const size_t ld = walk->predictor->batch.tape.ld;
    const nqi_real *mean = walk->moment, *variance = walk->moment + walk->process->dim * ld;
    double (*const proper)(double) = block->family->twisting->proper;
    for (size_t i = block->first; i < block->first + block->count; i++)
        for (size_t r = 0; r < here; r++) {
            const size_t j = i * all->rows + first + r;
            all->mean[j] = proper ? proper((double)mean[i * ld + r]) : (double)mean[i * ld + r];
            all->variance[j] = (double)variance[i * ld + r];
        }
}

static void propose(nqi_walk *walk, size_t t, size_t s)
{
    nqi_batch *batch = &walk->predictor->batch;
    const size_t ld = batch->tape.ld;
    (void)s;
    for (size_t first = 0; first < walk->proposal.rows; first += ld) {
        const size_t here = chunk_load(walk, first);
        nqi_walk_predict(walk, t);
        nqi_batch_moments(walk->process, batch, 0, walk->moment,
                          walk->moment + walk->process->dim * ld);
        for (size_t k = 0; k < walk->process->block_count; k++)
            chunk_store(walk, &walk->process->blocks[k], first, here);
    }
}

static void step(nqi_walk *walk, size_t t, size_t s)
{
    nqi_batch *batch = &walk->predictor->batch;
    nqi_stream stream = walk->stream;
    stream.step += (uint32_t)t;
    (void)s;
    nqi_walk_predict(walk, t);
    nqi_batch_draw(walk->process, batch, &stream);
    for (size_t g = 0; g < batch->tape.groups; g++)
        nqi_batch_reverse(walk->process, batch, g);
}

const nqi_stepper nqi_stepper_ancestral = {.name = "ancestral", .propose = propose, .step = step};
