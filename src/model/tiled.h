/* tiled.h - few large pictures on their way down: every step of the network by all threads. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MODEL_TILED_H
#define NQI_MODEL_TILED_H

#include "model/model.h"
#include "nn/run/tiles.h"

/* Usually a thread keeps a block of rows through all steps. A block of few large pictures would
 * leave lanes and threads idle, so its steps are taken one after another, and each runs the network
 * on tiles of the pictures (nn/run/tiles.h). */

/* Makes *tiles and a batch for them when `rows` pictures are all there is and tiles take less
 * time. *tiles is NULL, and the batch as it was, otherwise. The batch has no x_0: it draws, and
 * neither corrupts nor scores. */
nq_status nqi_tiled_new(nqi_tiles **tiles, nqi_batch *batch, nq_context *context,
                        const nq_model *model, size_t rows);
/* The network's output for the batch, by the tiles or, where they are NULL, by this thread. */
void nqi_tiled_forward(nqi_tiles *tiles, nqi_pool *pool, nqi_batch *batch);
/* As nqi_ranks_run, but on the calling thread, one block after another: work may call
 * nqi_tiled_forward. */
void nqi_tiled_run(nq_context *context, size_t blocks, nqi_work *work, void *state);

#endif
