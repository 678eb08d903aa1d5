/* ancestral.c - the stepper of [SD15]: every x_{t-1} from p(x_{t-1} | x_t) itself. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/walk.h"

static void propose(nqi_walk *walk, size_t t, size_t s)
{
    const size_t ld = walk->predictor->batch.tape.ld;
    (void)s;
    for (size_t first = 0; first < walk->proposal.rows; first += ld) {
        nqi_walk_load(walk, first);
        nqi_walk_predict(walk, t);
        nqi_walk_store(walk, first);
        if (nqi_hand_stops(&walk->predictor->batch.tape.map.hand))
            return;
    }
}

static void step(nqi_walk *walk, size_t t, size_t s)
{
    nqi_batch *batch = &walk->predictor->batch;
    nqi_stream stream = walk->stream;
    stream.step += (uint32_t)t;
    (void)s;
    nqi_walk_predict(walk, t);
    if (nqi_hand_stops(&batch->tape.map.hand))
        return;
    nqi_batch_draw(walk->process, batch, &stream);
    for (size_t g = 0; g < batch->tape.groups; g++)
        nqi_batch_reverse(walk->process, batch, g);
}

const nqi_stepper nqi_stepper_ancestral = {.name = "ancestral", .propose = propose, .step = step};
