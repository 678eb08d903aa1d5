/* stepper.h - the interface of a stepper: x_s from x_t, s < t, by the learned reverse process. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DIFFUSION_STEPPER_H
#define NQI_DIFFUSION_STEPPER_H

#include "diffusion/process.h"

typedef struct nqi_walk nqi_walk;

typedef struct nqi_stepper {
    const char *name;
    /* Numbers that it keeps within a step, for rows [ld], in the predictor's scratch. NULL:
     * none. */
    size_t (*scratch)(const nqi_process *process, size_t ld);
    /* Mean and variance of x_s given x_t, for all rows, into the walk's proposal. */
    void (*propose)(nqi_walk *walk, size_t t, size_t s);
    /* x_s over x_t in the batch of a plain walk. */
    void (*step)(nqi_walk *walk, size_t t, size_t s);
} nqi_stepper;

/* By name, or NULL; NULL: the usual one. */
const nqi_stepper *nqi_stepper_find(const char *name);

#endif
