/* paper.c - each reverse step multiplied by evidence, every row by itself ([SD15] 2.5). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "posterior/posterior.h"

static void proposed(void *state, size_t level)
{
    nqi_worker *worker = state;
    nqi_twists_condition(&worker->twists, &worker->particles, level);
}

static void drawn(void *state, size_t level)
{
    nqi_worker *worker = state;
    nqi_twists_drawn(&worker->twists, &worker->particles, level, 0);
}

static void run(nqi_worker *worker)
{
    const nqi_guide guide = {.state = worker, .proposed = proposed, .drawn = drawn};
    nqi_walk_begin(&worker->walk, &guide);
    nqi_walk_down(&worker->walk, &guide, worker->walk.process->schedule.steps, 0);
}

const nqi_method nqi_method_paper = {.name = "paper",
                                     .twist = NQI_TWIST_ANNEALED,

                                     .run = run};
