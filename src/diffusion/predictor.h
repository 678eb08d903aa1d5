/* predictor.h - the regressor on rows that are drawn: by one thread, or few pictures by all. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DIFFUSION_PREDICTOR_H
#define NQI_DIFFUSION_PREDICTOR_H

#include "core/context.h"
#include "diffusion/batch.h"
#include "nn/run/tiles.h"

/* Usually a thread keeps a microbatch of rows through all steps. A few large pictures would leave
 * vectors and threads idle, so that their steps are taken one after another, and each runs the
 * network on tiles of the pictures (nn/run/tiles.h). */
typedef struct nqi_predictor {
    nqi_batch batch;   /* x_t in, outputs out; of tiles x_0 is for what is known alone: it draws,
                         and neither corrupts nor scores */
    nqi_tiles *tiles;  /* NULL: this thread does all */
    nqi_real *scratch; /* the stepper's own; NULL: it wants none */
    nqi_real *spare;   /* parameters' gradients that a way back cannot do without; or NULL */
    nqi_pool *pool;
    const nqi_process *process;
} nqi_predictor;

/* ld: rows of a microbatch. all: how many rows there are to draw, where tiles may be used (the
 * calling thread then does all microbatches, nqi_predictor_run); 0: no tiles. */
nq_status nqi_predictor_new(nqi_predictor *out, nq_context *context, const nqi_process *process,
                            const nqi_regressor *regressor, size_t ld, size_t all);
/* The same with a way back to x_t (nqi_predictor_back), and without tiles. */
nq_status nqi_predictor_new_both(nqi_predictor *out, nq_context *context,
                                 const nqi_process *process, const nqi_regressor *regressor,
                                 size_t ld);
/* Of one whose batch was opened otherwise: the stepper's scratch. */
nq_status nqi_predictor_equip(nqi_predictor *predictor, nq_context *context);
void nqi_predictor_free(nqi_predictor *predictor); /* copes with a zeroed struct */
/* The outputs for all of the batch; there are none where the region that this is a part of ends
 * before its time (core/thread). */
void nqi_predictor_forward(nqi_predictor *predictor);
/* After that, and the output's gradient filled: the gradient of x_t on the batch's tape. Of a
 * regressor without a gradient it is 0. */
void nqi_predictor_back(nqi_predictor *predictor);
/* Does `items` pieces of work, divided among ranks, that call it: by the pool, or where it is wide
 * by the calling thread, one after another. */
nq_status nqi_predictor_run(const nqi_predictor *predictor, nq_context *context, size_t items,
                            nqi_work *work, void *state) __attribute__((warn_unused_result));

#endif
