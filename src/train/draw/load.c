/* load.c - rows of a microbatch, and the roles of their cells. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/context.h"
#include "train/draw/roles.h"
#include "train/trainer.h"

enum { LD_MOST = 256 };

/* Marks what is scored, and what the network is told of. */
static void give_roles(const nq_trainer *trainer, nqi_batch *batch, size_t micro)
{
    const nqi_draw *draw = &trainer->draw;
    const size_t numbers = trainer->model->process.dim * draw->ld;
    const size_t thread = (size_t)(batch - draw->batches);
    const nqi_stream stream = {draw->seed, NQI_DRAW_ROLES, (uint32_t)trainer->progress.update, 0};
    nqi_real *told = draw->told ? draw->told + thread * NQI_TOLD * numbers : NULL;
    for (size_t j = 0; j < numbers && !trainer->gaps.rows.count; j++)
        batch->observed[j] = 1;
    nqi_roles_draw(trainer->model, batch, draw->roles + thread * NQI_ROLES * numbers, told,
                   &stream, micro * draw->ld);
}

void nqi_trainer_load(const nq_trainer *trainer, nqi_batch *batch, size_t micro)
{
    const nqi_draw *draw = &trainer->draw;
    const nqi_ops *ops = trainer->context->ops;
    const nq_dataset *data = trainer->sets.data;
    const uint64_t update = (uint64_t)trainer->progress.update;
    uint64_t rows[LD_MOST];
    nqi_draw_rows(rows, draw, ops, nq_dataset_rows(data),
                  (update * draw->micros + micro) * draw->ld, draw->ld);
    const nqi_stream stream =
        nqi_row_stream(draw->seed, NQI_DRAW_DEQUANT, (uint32_t)update, micro * draw->ld);
    nqi_model_gather(trainer->model, ops, data, rows, draw->ld, batch, &stream);
    batch->drawn_from = trainer->gaps.drawn_from;
    if (trainer->gaps.rows.count)
        nqi_missing_mark(&trainer->gaps.rows, &trainer->model->scaling, rows, draw->ld,
                         batch->observed, draw->ld);
    if (draw->roles)
        give_roles(trainer, batch, micro);
}
