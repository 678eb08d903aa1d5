/* filler_draw.c - missing cells drawn by one ancestral pass with the observed cells given. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "train/gap/filler.h"

/* Number `number` of the runs of draws; x_T is its draw 0, x_{t-1} its draw t. */
static nqi_stream cell_stream(const nqi_filler *f, size_t part)
{
    const uint32_t steps = (uint32_t)f->model->process.schedule.steps;
    return nqi_row_stream(nqi_seed_child(f->seed, f->draws.first), NQI_DRAW_CELL,
                          f->draws.number * (steps + 1), part * NQI_FILLER_LD);
}

/* Observed cells are known, as they are; marks become NaN where a cell is missing. */
static void give_observed(const nqi_filler *f, nqi_batch *batch, nqi_real *marks, nqi_real *roles,
                          const uint64_t *rows, size_t count)
{
    const size_t dim = f->model->process.dim, numbers = dim * NQI_FILLER_LD;
    nqi_scaling_gather(&f->model->scaling, f->draws.target->source, rows, count, marks,
                       NQI_FILLER_LD);
    for (size_t i = 0; i < dim; i++)
        for (size_t r = 0; r < NQI_FILLER_LD; r++) {
            const size_t j = i * NQI_FILLER_LD + r;
            if (r >= count)
                marks[j] = marks[i * NQI_FILLER_LD];
            roles[j] = (nqi_real)!isnan(marks[j]);
            roles[numbers + j] = 0;
            batch->x_0[j] = isnan(marks[j]) ? 0 : marks[j];
        }
}

static void draw_rows(const nqi_filler *f, nqi_predictor *predictor, size_t part)
{
    const nqi_process *process = &f->model->process;
    nqi_walk walk;
    nqi_walk_plain(&walk, process, predictor);
    walk.stream = cell_stream(f, part);
    nqi_walk_start(&walk, &walk.stream);
    nqi_walk_down(&walk, NULL, process->schedule.steps, 0);
}

static void draw_part(void *state, size_t part, int thread)
{
    nqi_filler *f = state;
    nqi_batch *batch = &f->scratch.predictors[thread].batch;
    const nqi_scaling *scaling = &f->model->scaling;
    const nqi_filler_draws *draws = &f->draws;
    const size_t first = draws->first + part * NQI_FILLER_LD, end = draws->first + draws->count;
    const size_t count = end - first < NQI_FILLER_LD ? end - first : NQI_FILLER_LD;
    const size_t numbers = f->model->process.dim * NQI_FILLER_LD;
    nqi_real *marks = f->scratch.scored + (size_t)thread * numbers;
    batch->tape.params = f->optimiser.average;
    batch->tape.dropout = NULL;
    batch->tape.groups = batch->tape.rows / batch->tape.group_rows;
    give_observed(f, batch, marks, f->scratch.roles + 2 * (size_t)thread * numbers,
                  draws->target->rows + first, count);
    batch->tape.map.hand = (nqi_hand){f->context->pool, thread};
    draw_rows(f, &f->scratch.predictors[thread], part);
    if (nqi_hand_stops(&batch->tape.map.hand))
        return;
    for (size_t r = 0; r < count; r++) {
        double *row = f->scratch.restored + (size_t)thread * scaling->columns;
        nqi_scaling_restore(scaling, nqi_batch_x_t(batch) + r, NQI_FILLER_LD, 1, row);
        for (size_t i = 0; i < scaling->active; i++)
            if (isnan(marks[i * NQI_FILLER_LD + r]))
                nqi_missing_put(draws->target, first + r, scaling->active_index[i],
                                row[scaling->active_index[i]]);
    }
}

nq_status nqi_filler_draw(nqi_filler *filler, nqi_missing *target, size_t first, size_t count,
                          uint32_t number)
{
    filler->draws = (nqi_filler_draws){target, first, count, number};
    return nqi_pool_run(filler->context->pool, (count + NQI_FILLER_LD - 1) / NQI_FILLER_LD,
                        draw_part, filler);
}

nq_status nqi_filler_renew(nqi_filler *filler, size_t rows)
{
    nqi_missing *m = filler->missing;
    size_t left = !m->rounds || rows > m->count ? m->count : rows;
    nq_status status = NQ_OK;
    m->rounds++;
    while (left && !status) {
        const size_t first = (size_t)m->next % m->count;
        const size_t here = m->count - first < left ? m->count - first : left;
        status = nqi_filler_draw(filler, m, first, here, (uint32_t)m->rounds);
        m->next = (int64_t)((first + here) % m->count);
        left -= here;
    }
    return status;
}
