/* batch.c - one microbatch: corrupt, run the regressor, score, and back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "core/context.h"
#include "diffusion/process.h"

nq_status nqi_batch_new(nqi_batch *out, nq_context *context, const nqi_process *process,
                        const nqi_graph *graph, const nqi_ops *ops, size_t ld, size_t group_rows,
                        int train)
{
    memset(out, 0, sizeof *out);
    const size_t numbers = process->dim * ld;
    nq_status status = nqi_tape_new(&out->tape, graph, ops, ld, group_rows, train);
    if (!status)
        status = nqi_arena_new(&out->arena, 2 * nqi_arena_need(numbers, sizeof(nq_real)) +
                                                nqi_arena_need(ld, sizeof(nq_real)));
    if (status) {
        nqi_batch_free(out);
        return nqi_fail_memory(context, "a microbatch", numbers * sizeof(nq_real));
    }
    out->x_0 = nqi_arena_take(&out->arena, numbers, sizeof(nq_real));
    out->noise = nqi_arena_take(&out->arena, numbers, sizeof(nq_real));
    out->kl = nqi_arena_take(&out->arena, ld, sizeof(nq_real));
    out->valid_rows = ld;
    return NQ_OK;
}

void nqi_batch_free(nqi_batch *batch)
{
    if (!batch)
        return;
    nqi_tape_free(&batch->tape);
    nqi_arena_free(&batch->arena);
    nqi_aligned_free(batch->observed);
    memset(batch, 0, sizeof *batch);
}

/* Padding rows are copies of some row: they cost time, not truth. */
static void clear_padding(const nqi_batch *batch)
{
    const nqi_tape *tape = &batch->tape;
    const int output = tape->graph->output;
    const size_t padding = tape->rows - batch->valid_rows;
    for (size_t i = 0; padding && i < tape->graph->nodes[output].width; i++)
        memset(tape->grad[output] + i * tape->ld + batch->valid_rows, 0,
               padding * sizeof(nq_real));
}

/* A cell that was drawn, not observed, teaches nothing about itself. */
static void clear_unobserved(const nqi_process *process, const nqi_batch *batch)
{
    const nqi_tape *tape = &batch->tape;
    nq_real *slope = tape->grad[tape->graph->output];
    const size_t numbers = process->dim * tape->ld;
    for (size_t o = 0; batch->observed && o < process->family->outputs; o++)
        for (size_t i = 0; i < numbers; i++)
            slope[o * numbers + i] *= batch->observed[i];
}

void nqi_batch_score(const nqi_process *process, nqi_batch *batch, const nqi_stream *noise,
                     nq_real weight, int gradient)
{
    const nqi_family *family = process->family;
    family->draw(process, batch, noise);
    batch->tape.groups = batch->tape.rows / batch->tape.group_rows;
    for (size_t g = 0; g < batch->tape.groups; g++)
        family->corrupt(process, batch, g);
    nqi_tape_forward(&batch->tape);
    for (size_t g = 0; g < batch->tape.groups; g++) {
        const double *counts = batch->step_weight;
        const double count = counts ? counts[batch->tape.time[g] - 1] : 1;
        family->divergence(process, batch, g, (nq_real)(count * (double)weight), gradient);
    }
    if (gradient) {
        clear_padding(batch);
        clear_unobserved(process, batch);
        nqi_tape_backward(&batch->tape);
    }
}
