/* gather.c - data rows into a microbatch, in the model's units. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "model/model.h"

/* Whole-number data gets uniform noise of one unit, or the model learns the grid (mathematics.md
 * section 3). */
void nqi_model_dequantise(const nq_model *model, const nqi_ops *ops, nqi_batch *batch,
                          const nqi_stream *stream)
{
    const nqi_scaling *scaling = &model->scaling;
    const size_t ld = batch->tape.ld, rows = batch->tape.rows;
    ops->random.uniform_rows(batch->noise, ld, stream, rows, scaling->active);
    for (size_t i = 0; i < scaling->active; i++) {
        const double width =
            model->options.dequantize / scaling->deviation[scaling->active_index[i]];
        for (size_t j = i * ld; j < i * ld + rows; j++)
            batch->x_0[j] += (nqi_real)(width * ((double)batch->noise[j] - 0.5));
    }
}

void nqi_model_gather(const nq_model *model, const nqi_ops *ops, const nq_dataset *data,
                      const uint64_t *rows, size_t count, nqi_batch *batch,
                      const nqi_stream *stream)
{
    const size_t ld = batch->tape.ld;
    nqi_scaling_gather(&model->scaling, data, rows, count, batch->x_0, ld);
    for (size_t i = 0; i < model->process.dim; i++)
        for (size_t r = count; r < batch->tape.rows; r++)
            batch->x_0[i * ld + r] = batch->x_0[i * ld + count - 1];
    batch->valid_rows = count;
    if (model->options.dequantize > 0 && stream)
        nqi_model_dequantise(model, ops, batch, stream);
}
