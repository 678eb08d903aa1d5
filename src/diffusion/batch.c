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
        status = nqi_arena_new(&out->arena, 2 * nqi_arena_need(numbers, sizeof(nqi_real)) +
                                                nqi_arena_need(ld, sizeof(nqi_real)));
    if (status) {
        nqi_batch_free(out);
        return nqi_fail_memory(context, "a microbatch", numbers * sizeof(nqi_real));
    }
    out->x_0 = nqi_arena_take(&out->arena, numbers, sizeof(nqi_real));
    out->noise = nqi_arena_take(&out->arena, numbers, sizeof(nqi_real));
    out->kl = nqi_arena_take(&out->arena, ld, sizeof(nqi_real));
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

void nqi_batch_place_roles(nqi_batch *batch, size_t dim, size_t group)
{
    const size_t ld = batch->tape.ld, rows = batch->tape.group_rows, numbers = dim * ld;
    for (size_t i = 0; i < dim; i++)
        for (size_t j = i * ld + group * rows; j < i * ld + (group + 1) * rows; j++) {
            const nqi_real known = batch->roles[j], absent = batch->roles[numbers + j];
            nqi_real *x_t = nqi_batch_x_t(batch) + j;
            x_t[0] = known > 0 ? batch->x_0[j] : absent > 0 ? 0 : x_t[0];
            x_t[numbers] = known;
            x_t[2 * numbers] = absent;
        }
}

/* A batch on its way back, as its scores come in. */
typedef struct scoring {
    const nqi_process *process;
    nqi_batch *batch;
    nqi_real weight;
} scoring;

/* Padding rows are copies of some row: they cost time, not truth. */
static void clear_padding(const nqi_batch *batch, size_t group, size_t first, size_t count)
{
    const nqi_tape *tape = &batch->tape;
    const size_t begin = group * tape->group_rows, end = begin + tape->group_rows;
    const size_t from = batch->valid_rows > begin ? batch->valid_rows : begin;
    for (size_t i = first; from < end && i < first + count; i++)
        memset(tape->grad[tape->graph->output] + i * tape->ld + from, 0,
               (end - from) * sizeof(nqi_real));
}

/* A cell that was drawn, not observed, would confirm itself where x_t tells the rest of its row. */
static void clear_unobserved(const nqi_batch *batch, size_t group, size_t first, size_t count,
                             size_t cell)
{
    const nqi_tape *tape = &batch->tape;
    nqi_real *slope = tape->grad[tape->graph->output] + group * tape->group_rows;
    const nqi_real *observed = batch->observed + group * tape->group_rows;
    const nqi_real drawn = tape->time[group] >= batch->drawn_from;
    for (size_t i = 0; i < count; i++)
        for (size_t r = 0; r < tape->group_rows; r++) {
            const nqi_real mark = observed[(cell + i) * tape->ld + r];
            slope[(first + i) * tape->ld + r] *= mark < 0 ? drawn : mark;
        }
}

/* Adds the divergence of some pixels of each plane, with its gradient. */
static void score_part(void *state, size_t group, size_t first, size_t count)
{
    enum { ROWS_MOST = 256 };
    const scoring *s = state;
    nqi_batch *batch = s->batch;
    const nqi_tape *tape = &batch->tape;
    const nqi_map *map = &tape->graph->nodes[tape->graph->output].map;
    const size_t dim = s->process->dim, plane = map->channels ? map->height * map->width : dim;
    const double *counts = batch->step_weight;
    const double step = counts ? counts[tape->time[group] - 1] : 1;
    nqi_real part[ROWS_MOST], *kl = batch->kl + group * tape->group_rows;
    if (!first)
        memset(kl, 0, tape->group_rows * sizeof *kl);
    for (size_t at = first; at < dim; at += plane) {
        const size_t some = count < plane ? count : plane;
        s->process->family->divergence(s->process, batch, group, at, some, part,
                                       (nqi_real)(step * (double)s->weight), 1);
        for (size_t r = 0; r < tape->group_rows; r++)
            kl[r] += part[r];
        for (size_t o = 0; o < s->process->family->outputs; o++) {
            clear_padding(batch, group, o * dim + at, some);
            if (batch->observed)
                clear_unobserved(batch, group, o * dim + at, some, at);
        }
    }
}

void nqi_batch_score(const nqi_process *process, nqi_batch *batch, const nqi_stream *noise,
                     nqi_real weight, int gradient)
{
    scoring s = {process, batch, weight};
    process->family->draw(process, batch, noise);
    batch->tape.groups = batch->tape.rows / batch->tape.group_rows;
    for (size_t g = 0; g < batch->tape.groups; g++) {
        process->family->corrupt(process, batch, g);
        if (batch->roles)
            nqi_batch_place_roles(batch, process->dim, g);
    }
    if (gradient) {
        nqi_tape_train(&batch->tape, score_part, &s);
        return;
    }
    nqi_tape_forward(&batch->tape);
    for (size_t g = 0; g < batch->tape.groups; g++)
        nqi_batch_divergence(process, batch, g, weight, 0);
}
