/* batch.c - one microbatch: corrupt, run the regressor, score, and back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "core/context.h"
#include "diffusion/batch.h"

enum { GROUP_ROWS_MOST = 256 };

nq_status nqi_batch_new(nqi_batch *out, nq_context *context, const nqi_process *process,
                        const nqi_graph *graph, const nqi_ops *ops, size_t ld, size_t group_rows,
                        int train)
{
    memset(out, 0, sizeof *out);
    const size_t numbers = process->dim * ld;
    nq_status status = nqi_tape_new(&out->tape, graph, ops, ld, group_rows, train);
    out->tape.map.trained = process->time;
    if (!status)
        status = nqi_arena_new(&out->arena,
                               2 * nqi_arena_need(numbers, sizeof(nqi_real)) +
                                   nqi_arena_need(ld, sizeof(nqi_real)) +
                                   2 * nqi_arena_need(process->spread * ld, sizeof(double)) +
                                   nqi_arena_need(process->cells, sizeof(double)));
    if (status) {
        nqi_batch_free(out);
        return nqi_fail_memory(context, "a microbatch", numbers * sizeof(nqi_real));
    }
    out->x_0 = nqi_arena_take(&out->arena, numbers, sizeof(nqi_real));
    out->noise = nqi_arena_take(&out->arena, numbers, sizeof(nqi_real));
    out->kl = nqi_arena_take(&out->arena, ld, sizeof(nqi_real));
    if (process->cells) {
        out->cells = nqi_arena_take(&out->arena, process->cells, sizeof(double));
        out->raw = nqi_arena_take(&out->arena, process->spread * ld, sizeof(double));
        out->share = nqi_arena_take(&out->arena, process->spread * ld, sizeof(double));
    }
    out->valid_rows = ld;
    return NQ_OK;
}

nq_status nqi_batch_open(nqi_batch *out, nq_context *context, const nqi_process *process,
                         const nqi_regressor *regressor, const nqi_ops *ops, size_t ld,
                         size_t group_rows, int train)
{
    const nq_status status =
        nqi_batch_new(out, context, process, &regressor->graph, ops, ld, group_rows, train);
    if (status)
        return status;
    out->tape.params = regressor->params;
    if (!regressor->type->predict && !regressor->offset)
        return NQ_OK;
    const nqi_regressor *base = regressor->type->predict ? regressor : regressor->offset;
    const size_t outputs = process->outputs * ld, laws = process->laws * ld;
    const size_t scratch =
        base->type->opening.scratch ? base->type->opening.scratch(base, group_rows) : 0;
    out->regressor = base;
    out->base = nqi_aligned_new(outputs, sizeof *out->base);
    out->guess = nqi_aligned_new(4 * laws + scratch, sizeof *out->guess);
    out->self = base->type->rows.are_kept ? nqi_aligned_new(ld, sizeof *out->self) : NULL;
    for (size_t r = 0; out->self && r < ld; r++)
        out->self[r] = NQI_NO_ROW;
    if (out->base && out->guess && (out->self || !base->type->rows.are_kept))
        return NQ_OK;
    nqi_batch_free(out);
    return nqi_fail_memory(context, "a microbatch",
                           (outputs + 4 * laws + scratch) * sizeof(nqi_real));
}

nqi_rows nqi_batch_trained_rows(const nqi_batch *batch, const nqi_block *block, size_t group)
{
    nqi_rows rows = nqi_batch_rows(batch, block, group, 0);
    rows.t = nqi_tape_time(&batch->tape, group);
    return rows;
}

void nqi_batch_say_roles(const nqi_batch *batch, const nqi_regressor *regressor,
                         const nqi_question *question, size_t row, nqi_real *said,
                         nqi_real *variance)
{
    const size_t ld = question->ld, dim = regressor->cells;
    for (size_t i = 0; i < dim; i++)
        for (size_t r = 0; r < question->rows; r++) {
            const size_t at = i * ld + row + r;
            const int known = batch->roles[at] > 0, absent = batch->roles[dim * ld + at] > 0;
            const nqi_variate *cell = &regressor->cell[i];
            const size_t to = cell->law * ld + r;
            if (known || absent)
                nqi_variate_say(cell, said + to, variance + to, ld, batch->x_0[at], known);
        }
}

/* Log-odds of each level against what x_t alone says are outputs already, level by level. */
static void odds_place(const nqi_block *block, nqi_real *output, const nqi_real *odds, size_t ld,
                       size_t rows)
{
    const size_t width = nqi_block_width(block);
    for (size_t j = 0; j < nqi_block_laws(block); j++)
        memcpy(output + (j % width * block->count + j / width) * ld, odds + j * ld,
               rows * sizeof *output);
}

/* What the regressor without a gradient says of a group, as outputs. */
static void base_fill(const nqi_process *process, nqi_batch *batch, size_t group)
{
    const nqi_regressor *r = batch->regressor;
    const nqi_tape *tape = &batch->tape;
    const size_t row = group * tape->group_rows, laws = process->laws * tape->ld;
    nqi_real *mean = batch->guess + row, *variance = mean + laws, *said = variance + laws;
    const nqi_block *end = process->blocks + process->block_count;
    const nqi_question question = {.ops = tape->ops,
                                   .t = nqi_tape_time(tape, group),
                                   .keep = process->schedule.alpha_bar[tape->time[group] - 1],
                                   .x_t = nqi_batch_x_t(batch) + row,
                                   .said = said,
                                   .said_variance = said + laws,
                                   .self = batch->self ? batch->self + row : NULL,
                                   .scratch = batch->guess + 4 * laws,
                                   .rows = tape->group_rows,
                                   .ld = tape->ld};
    for (const nqi_block *b = process->blocks; b < end; b++) {
        const nqi_rows rows = nqi_batch_trained_rows(batch, b, group);
        const size_t at = b->law_first * tape->ld;
        b->family->steps->said(b->trained ? b->trained : b, &rows, said + at, said + laws + at);
    }
    if (batch->roles)
        nqi_batch_say_roles(batch, r, &question, row, said, said + laws);
    r->type->predict(r, &question, mean, variance);
    for (const nqi_block *b = process->blocks; b < end; b++) {
        const nqi_rows rows = nqi_batch_trained_rows(batch, b, group);
        const size_t at = b->law_first * tape->ld;
        nqi_real *output = batch->base + b->output_first * tape->ld + row;
        if (nqi_regressor_says_odds(r->type) && r->cell[b->first].levels)
            odds_place(b, output, mean + at, tape->ld, rows.rows);
        else
            b->family->steps->outputs(b->trained ? b->trained : b, &rows, mean + at,
                                      variance + at, output);
    }
}

static void base_fill_all(const nqi_process *process, nqi_batch *batch)
{
    batch->tape.groups = batch->tape.rows / batch->tape.group_rows;
    for (size_t g = 0; batch->base && g < batch->tape.groups; g++)
        base_fill(process, batch, g);
}

/* Outputs first..first+count-1 of a group's rows: the network's own and what it stands on. */
static void base_add(const nqi_batch *batch, size_t group, size_t first, size_t count)
{
    const nqi_tape *tape = &batch->tape;
    nqi_real *output = tape->value[tape->graph->output];
    for (size_t o = first; batch->base && o < first + count; o++)
        for (size_t r = 0; r < tape->group_rows; r++) {
            const size_t j = o * tape->ld + group * tape->group_rows + r;
            output[j] += batch->base[j];
        }
}

void nqi_batch_forward(const nqi_process *process, nqi_batch *batch)
{
    nqi_tape_forward(&batch->tape);
    if (batch->base)
        base_fill_all(process, batch);
    for (size_t g = 0; batch->base && g < batch->tape.groups; g++)
        base_add(batch, g, 0, process->outputs);
    nqi_batch_read(process, batch);
}

void nqi_batch_free(nqi_batch *batch)
{
    if (!batch)
        return;
    nqi_tape_free(&batch->tape);
    nqi_arena_free(&batch->arena);
    nqi_aligned_free(batch->observed);
    nqi_aligned_free(batch->base);
    nqi_aligned_free(batch->guess);
    nqi_aligned_free(batch->self);
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
            for (size_t k = 0; batch->told && k < NQI_TOLD; k++)
                x_t[(1 + NQI_ROLES + k) * numbers] = batch->told[k * numbers + j];
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

/* Adds the divergence of numbers first..first+count-1 of one block, with its gradient. */
static void score_block(const scoring *s, const nqi_block *block, size_t group, size_t first,
                        size_t count)
{
    nqi_batch *batch = s->batch;
    const nqi_tape *tape = &batch->tape;
    const double *counts = batch->step_weight;
    const double step = counts ? counts[tape->time[group] - 1] : 1;
    const nqi_rows rows = nqi_batch_rows(batch, block, group, 1);
    nqi_real part[GROUP_ROWS_MOST], *kl = batch->kl + group * tape->group_rows;
    for (size_t o = 0; batch->base && o < block->outputs; o++)
        base_add(batch, group, block->output_first + o * block->count + first - block->first,
                 count);
    nqi_batch_read_block(batch, block, group, first - block->first, count);
    block->family->steps->divergence(block, &rows, first - block->first, count, part,
                                     (nqi_real)(step * (double)s->weight));
    nqi_batch_unread(batch, block, group, first - block->first, count, NULL);
    for (size_t r = 0; r < tape->group_rows; r++)
        kl[r] += part[r];
    for (size_t o = 0; o < block->outputs; o++) {
        const size_t at = block->output_first + o * block->count + first - block->first;
        clear_padding(batch, group, at, count);
        if (batch->observed)
            clear_unobserved(batch, group, at, count, first);
    }
}

/* Of some pixels of each plane. */
static void score_part(void *state, size_t group, size_t first, size_t count)
{
    const scoring *s = state;
    const nqi_tape *tape = &s->batch->tape;
    const nqi_map *map = &tape->graph->nodes[tape->graph->output].map;
    const size_t dim = s->process->dim, plane = map->channels ? map->height * map->width : dim;
    if (!first)
        memset(s->batch->kl + group * tape->group_rows, 0, tape->group_rows * sizeof(nqi_real));
    for (size_t at = first; at < dim; at += plane) {
        const size_t end = at + (count < plane ? count : plane);
        for (size_t from = at, to; from < end; from = to) {
            const nqi_block *block = nqi_process_block(s->process, from);
            to = block->first + block->count < end ? block->first + block->count : end;
            score_block(s, block, group, from, to - from);
        }
    }
}

nqi_rows nqi_batch_rows(const nqi_batch *batch, const nqi_block *block, size_t group,
                        int gradient)
{
    const nqi_tape *tape = &batch->tape;
    const nqi_graph *graph = tape->graph;
    const size_t row = group * tape->group_rows, at = block->first * tape->ld + row;
    const size_t out = block->output_first * tape->ld + row;
    nqi_rows rows = {.ops = tape->ops,
                     .t = tape->time[group],
                     .rows = tape->group_rows,
                     .ld = tape->ld,
                     .x_t = nqi_batch_x_t(batch) + at,
                     .noise = batch->noise + at,
                     .output = nqi_batch_output(batch) + out};
    if (batch->x_0) /* a batch that only draws has none */
        rows.x_0 = batch->x_0 + at;
    if (gradient)
        rows.output_gradient = tape->grad[graph->output] + out;
    if (gradient && tape->grad[graph->input])
        rows.x_t_gradient = tape->grad[graph->input] + at;
    return rows;
}

void nqi_batch_draw(const nqi_process *process, nqi_batch *batch, const nqi_stream *stream)
{
    for (size_t k = 0; k < process->block_count; k++) {
        const nqi_block *block = &process->blocks[k];
        const nqi_stream own = k ? nqi_stream_child(stream, (uint32_t)k) : *stream;
        block->family->steps->draw(block, batch->tape.ops,
                                   batch->noise + block->first * batch->tape.ld, batch->tape.ld,
                                   &own, batch->tape.ld);
    }
}

void nqi_batch_start(const nqi_process *process, nqi_batch *batch)
{
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        nqi_rows rows = nqi_batch_rows(batch, b, 0, 0);
        rows.rows = batch->tape.ld;
        b->family->steps->start(b, &rows);
    }
}

void nqi_batch_corrupt(const nqi_process *process, nqi_batch *batch, size_t group)
{
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        const nqi_rows rows = nqi_batch_rows(batch, b, group, 0);
        b->family->steps->corrupt(b, &rows);
    }
}

void nqi_batch_reverse(const nqi_process *process, nqi_batch *batch, size_t group)
{
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        const nqi_rows rows = nqi_batch_rows(batch, b, group, 0);
        b->family->steps->reverse(b, &rows);
    }
}

void nqi_batch_moments(const nqi_process *process, const nqi_batch *batch, size_t group,
                       nqi_real *mean, nqi_real *variance)
{
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        const nqi_rows rows = nqi_batch_rows(batch, b, group, 0);
        const size_t at = b->law_first * batch->tape.ld + group * batch->tape.group_rows;
        b->family->steps->moments(b, &rows, mean + at, variance + at);
    }
}

/* Of all of a block's numbers; part, scratch: added to kl, not written over it. */
static void block_divergence(const nqi_block *block, const nqi_rows *rows, nqi_real *kl,
                             nqi_real *part, nqi_real weight)
{
    block->family->steps->divergence(block, rows, 0, block->count, part ? part : kl, weight);
    for (size_t r = 0; part && r < rows->rows; r++)
        kl[r] += part[r];
}

/* Of a group's targets alone, number by number. */
static void divergence_targets(const nqi_process *process, nqi_batch *batch, size_t group)
{
    nqi_real part[GROUP_ROWS_MOST];
    const size_t rows = batch->tape.group_rows, first = group * rows;
    memset(batch->kl + first, 0, rows * sizeof *batch->kl);
    for (size_t i = 0; i < process->dim; i++) {
        nqi_batch_number_divergence(process, batch, group, i, part);
        for (size_t r = 0; r < rows; r++)
            batch->kl[first + r] +=
                nqi_batch_is_target(batch, process->dim, i, first + r) ? part[r] : 0;
    }
}

void nqi_batch_divergence(const nqi_process *process, nqi_batch *batch, size_t group,
                          nqi_real weight, int gradient)
{
    if (batch->roles && !gradient) {
        divergence_targets(process, batch, group);
        return;
    }
    nqi_real part[GROUP_ROWS_MOST], *kl = batch->kl + group * batch->tape.group_rows;
    for (size_t k = 0; k < process->block_count; k++) {
        const nqi_block *block = &process->blocks[k];
        const nqi_rows rows = nqi_batch_rows(batch, block, group, gradient);
        block_divergence(block, &rows, kl, k ? part : NULL, weight);
    }
}

void nqi_batch_number_divergence(const nqi_process *process, nqi_batch *batch, size_t group,
                                 size_t number, nqi_real *kl)
{
    const nqi_block *block = nqi_process_block(process, number);
    const nqi_rows rows = nqi_batch_rows(batch, block, group, 0);
    block->family->steps->divergence(block, &rows, number - block->first, 1, kl, 1);
}

/* The view of the next group. */
static void rows_next(nqi_rows *rows, const uint32_t *time)
{
    rows->t = *time;
    rows->x_t += rows->rows;
    rows->x_0 += rows->rows;
    rows->noise += rows->rows;
    rows->output += rows->rows;
}

/* All groups, block after block. */
static void corrupt_all(const nqi_process *process, nqi_batch *batch)
{
    const nqi_tape *tape = &batch->tape;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        nqi_rows rows = nqi_batch_rows(batch, b, 0, 0);
        for (size_t g = 0; g < tape->groups; g++) {
            b->family->steps->corrupt(b, &rows);
            if (g + 1 < tape->groups)
                rows_next(&rows, &tape->time[g + 1]);
        }
    }
    for (size_t g = 0; batch->roles && g < tape->groups; g++)
        nqi_batch_place_roles(batch, process->dim, g);
}

static void divergence_all(const nqi_process *process, nqi_batch *batch, nqi_real weight)
{
    nqi_real part[GROUP_ROWS_MOST];
    const nqi_tape *tape = &batch->tape;
    for (size_t k = 0; k < process->block_count; k++) {
        const nqi_block *block = &process->blocks[k];
        nqi_rows rows = nqi_batch_rows(batch, block, 0, 0);
        for (size_t g = 0; g < tape->groups; g++) {
            block_divergence(block, &rows, batch->kl + g * rows.rows, k ? part : NULL, weight);
            if (g + 1 < tape->groups)
                rows_next(&rows, &tape->time[g + 1]);
        }
    }
}

void nqi_batch_score(const nqi_process *process, nqi_batch *batch, const nqi_stream *noise,
                     nqi_real weight, int gradient)
{
    scoring s = {process, batch, weight};
    nqi_batch_draw(process, batch, noise);
    batch->tape.groups = batch->tape.rows / batch->tape.group_rows;
    corrupt_all(process, batch);
    if (gradient) {
        base_fill_all(process, batch);
        nqi_tape_train(&batch->tape, score_part, &s);
        return;
    }
    nqi_batch_forward(process, batch);
    for (size_t g = 0; batch->roles && g < batch->tape.groups; g++)
        divergence_targets(process, batch, g);
    if (!batch->roles)
        divergence_all(process, batch, weight);
}

void nqi_batch_add_rates(const nqi_process *process, const nqi_batch *batch, size_t group,
                         nqi_step_gradient *sum)
{
    const size_t first = group * batch->tape.group_rows;
    const size_t left = batch->valid_rows > first ? batch->valid_rows - first : 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        const nqi_rows rows = nqi_batch_rows(batch, b, group, 1);
        b->family->rates->add(b, &rows, left < rows.rows ? left : rows.rows, sum);
    }
}

void nqi_batch_forward_step(const nqi_process *process, const nqi_batch *batch, double *after,
                            const double *before)
{
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        const nqi_rows rows = nqi_batch_rows(batch, b, 0, 0);
        const size_t at = b->first * rows.ld;
        b->family->paths->forward_step(b, &rows, after + at, before + at);
    }
}

/* Of the targets of a block alone, number by number. */
static void log_ratio_targets(const nqi_process *process, const nqi_batch *batch,
                              const nqi_block *b, double *log_w, const double *before,
                              const double *after)
{
    double part[GROUP_ROWS_MOST];
    const nqi_rows rows = nqi_batch_rows(batch, b, 0, 0);
    for (size_t i = 0; i < b->count; i++) {
        memset(part, 0, sizeof part);
        b->family->paths->log_ratio(b, &rows, i, 1, part, before, after);
        for (size_t r = 0; r < rows.ld; r++)
            log_w[r] += nqi_batch_is_target(batch, process->dim, b->first + i, r) ? part[r] : 0;
    }
}

void nqi_batch_log_ratio(const nqi_process *process, const nqi_batch *batch, double *log_w,
                         const double *before, const double *after)
{
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        const nqi_rows rows = nqi_batch_rows(batch, b, 0, 0);
        const size_t at = b->first * rows.ld;
        if (batch->roles)
            log_ratio_targets(process, batch, b, log_w, before + at, after + at);
        else
            b->family->paths->log_ratio(b, &rows, 0, b->count, log_w, before + at, after + at);
    }
}
