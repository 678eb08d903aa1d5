/* gather.c - data rows into a microbatch, in the model's units. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "model/model.h"

#include <math.h>
#include <stdlib.h>

#include "core/context.h"

/* Whole-number data gets uniform noise of one unit, or the model learns the grid (mathematics.md
 * section 3): every number of the batch, padding too; [dim][ld] of it stays in its noise. */
static void dequantise(const nq_model *model, const nqi_ops *ops, nqi_batch *batch,
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

/* As if 0 had been added. */
static void no_noise(const nq_model *model, nqi_batch *batch)
{
    for (size_t j = 0; j < model->scaling.active * batch->tape.ld; j++)
        batch->noise[j] = (nqi_real)0.5;
}

/* Scores of numbers, drawn anew from what is recorded. */
static void spread_codes(const nq_model *model, const nqi_ops *ops, nqi_batch *batch,
                         const nqi_stream *stream)
{
    const nqi_coding *coding = model->scaling.coding;
    const size_t ld = batch->tape.ld, rows = batch->tape.rows;
    if (stream)
        ops->random.uniform_rows(batch->x_0, ld, stream, rows, coding->scores);
    nqi_coding_score(coding, batch->x_0, batch->share, batch->raw, stream ? batch->x_0 : NULL, ld,
                     rows);
}

static void gather_codes(const nq_model *model, const nq_dataset *data, const uint64_t *rows,
                         size_t count, nqi_batch *batch)
{
    const size_t ld = batch->tape.ld;
    for (size_t r = 0; r < count; r++) {
        nq_dataset_row(batch->cells, data, rows[r]);
        if (model->options.roles > 0)
            nqi_model_fill_absent(model, NULL, batch->cells);
        nqi_coding_levels_of(model->scaling.coding, batch->cells, batch->x_0 + r, ld,
                             batch->raw + r, ld);
    }
    for (size_t i = 0; i < model->process.spread; i++)
        for (size_t r = count; r < batch->tape.rows; r++)
            batch->raw[i * ld + r] = batch->raw[i * ld + count - 1];
}

int nqi_model_spreads(const nq_model *model)
{
    return model->process.spread > 0 || model->options.dequantize > 0;
}

void nqi_model_spread(const nq_model *model, const nqi_ops *ops, nqi_batch *batch,
                      const nqi_stream *stream)
{
    if (model->scaling.coding)
        spread_codes(model, ops, batch, stream);
    else if (model->options.dequantize > 0 && stream)
        dequantise(model, ops, batch, stream);
    else if (model->options.dequantize > 0 && model->options.roles > 0)
        no_noise(model, batch);
}

/* A row that the regressor keeps does not see itself. */
static void leave_self_out(const nq_model *model, const nq_dataset *data, const uint64_t *rows,
                           size_t count, nqi_batch *batch)
{
    const size_t all = nq_dataset_rows(data), kept = nqi_model_kept_rows(batch->regressor, all);
    for (size_t r = 0; r < batch->tape.ld; r++)
        batch->self[r] = model->fitted_to == data && r < count
                             ? nqi_model_kept_row((size_t)rows[r], kept, all)
                             : NQI_NO_ROW;
}

void nqi_model_gather(const nq_model *model, const nqi_ops *ops, const nq_dataset *data,
                      const uint64_t *rows, size_t count, nqi_batch *batch,
                      const nqi_stream *stream)
{
    const size_t ld = batch->tape.ld;
    if (model->scaling.coding)
        gather_codes(model, data, rows, count, batch);
    else
        nqi_scaling_gather(&model->scaling, data, rows, count, batch->x_0, ld);
    for (size_t i = model->process.spread; i < model->process.dim; i++)
        for (size_t r = count; r < batch->tape.rows; r++)
            batch->x_0[i * ld + r] = batch->x_0[i * ld + count - 1];
    batch->valid_rows = count;
    if (batch->self)
        leave_self_out(model, data, rows, count, batch);
    nqi_model_spread(model, ops, batch, stream);
}

nq_status nqi_row_reader_new(nqi_row_reader *out, nq_context *context, const nq_model *model)
{
    const nqi_process *process = &model->process;
    *out = (nqi_row_reader){.model = model, .x_0 = malloc(process->dim * sizeof *out->x_0)};
    out->cells = malloc((process->cells + 2 * process->spread + 1) * sizeof *out->cells);
    out->u = malloc((process->spread + 1) * sizeof *out->u);
    if (!out->x_0 || !out->cells || !out->u) {
        nqi_row_reader_free(out);
        return nqi_fail_memory(context, "a row", process->dim * sizeof *out->x_0);
    }
    out->raw = out->cells + process->cells;
    out->share = out->raw + process->spread;
    return NQ_OK;
}

double nqi_row_reader_read(nqi_row_reader *reader, const nq_dataset *data, uint64_t row,
                           uint64_t seed)
{
    const nqi_scaling *scaling = &reader->model->scaling;
    const size_t spread = reader->model->process.spread;
    const nqi_stream stream = {seed, NQI_DRAW_DEQUANT, 0, (uint32_t)row};
    const double most = 1 - 0x1p-24; /* what is nearer to 1 is 1 as a float32 */
    double sum = 0;
    if (!scaling->coding) {
        nqi_scaling_gather(scaling, data, &row, 1, reader->x_0, 1);
        return 0;
    }
    nq_dataset_row(reader->cells, data, row);
    nqi_coding_levels_of(scaling->coding, reader->cells, reader->x_0, 1, reader->raw, 1);
    for (size_t i = 0; i < spread && seed; i++)
        reader->u[i] = (nqi_real)fmin(nqi_stream_uniform(&stream, i), most);
    nqi_coding_score(scaling->coding, reader->x_0, reader->share, reader->raw,
                     seed ? reader->u : NULL, 1, 1);
    for (size_t i = 0; i < spread; i++)
        sum += reader->share[i];
    return sum;
}

void nqi_row_reader_free(nqi_row_reader *reader)
{
    free(reader->x_0);
    free(reader->cells);
    free(reader->u);
    *reader = (nqi_row_reader){0};
}
