/* lesson.c - rows behind noise, for a regressor that is fitted to them without a gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "model/lesson.h"

#include <stdlib.h>

#include "core/context.h"

/* All that is drawn of a group of rows has a stream of its own. */
static nqi_stream stream_of(const nqi_lesson *lesson, nqi_purpose purpose, uint64_t group)
{
    return nqi_row_stream(lesson->seed, purpose, 0, group * NQI_LANES);
}

static void roles_draw(const nqi_lesson_rows *of, const nqi_lesson *lesson, uint64_t group)
{
    const size_t dim = of->model->process.dim;
    nqi_real *known = of->roles, *absent = known + dim * NQI_LANES;
    const nqi_stream stream = {lesson->seed, NQI_DRAW_ROLES, 0, 0};
    memset(known, 0, NQI_ROLES * dim * NQI_LANES * sizeof *known);
    for (size_t r = 0; r < NQI_LANES; r++)
        if (r % NQI_ROLES_JOINT)
            nqi_model_draw_roles(of->model, known + r, absent + r, NQI_LANES, &stream,
                                 (size_t)(group * NQI_LANES + r));
}

/* What x_t says of x_0, alone and with the law of the column. */
static void rows_say(nqi_lesson_rows *of, const nqi_question *question)
{
    const nqi_process *process = &of->model->process;
    const size_t laws = process->laws * NQI_LANES;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++) {
        const nqi_rows rows = nqi_batch_rows(&of->batch, b, 0, 0);
        const size_t at = b->law_first * NQI_LANES;
        b->family->steps->said(b, &rows, of->said + at, of->said + laws + at);
        b->family->steps->belief(b, &rows, of->said + 2 * laws + at, of->said + 3 * laws + at);
    }
    if (of->roles)
        nqi_batch_say_roles(&of->batch, of->regressor, question, 0, of->said, of->said + laws);
}

static void rows_see(nqi_lesson *lesson, uint64_t group, const uint64_t *row, size_t t)
{
    nqi_lesson_rows *of = lesson->state;
    nqi_batch *batch = &of->batch;
    const nqi_stream grains = stream_of(lesson, NQI_DRAW_DEQUANT, group);
    const nqi_stream noise = stream_of(lesson, NQI_DRAW_NOISE, group);
    nqi_model_gather(of->model, batch->tape.ops, of->data, row, NQI_LANES, batch, &grains);
    if (of->roles) {
        roles_draw(of, lesson, group);
        nqi_model_settle_known(of->model, batch);
    }
    batch->tape.time[0] = (uint32_t)t;
    nqi_batch_draw(&of->model->process, batch, &noise);
    nqi_batch_corrupt(&of->model->process, batch, 0);
    if (of->roles)
        nqi_batch_place_roles(batch, of->model->process.dim, 0);
    lesson->question.t = t;
    rows_say(of, &lesson->question);
}

nq_status nqi_lesson_open(nqi_lesson_rows *out, nqi_lesson *lesson, nq_context *context,
                          const nq_model *model, const nqi_regressor *regressor,
                          const nq_dataset *data)
{
    const nqi_process *process = &model->process;
    const size_t laws = process->laws * NQI_LANES, dim = process->dim * NQI_LANES;
    *out = (nqi_lesson_rows){.model = model, .regressor = regressor, .data = data};
    nq_status status = nqi_batch_new(&out->batch, context, process, &regressor->graph,
                                     context->ops, NQI_LANES, NQI_LANES, 0);
    if (status)
        return status;
    nqi_tape *tape = &out->batch.tape;
    tape->rows = tape->group_rows = NQI_LANES;
    tape->groups = 1;
    memset(tape->value[tape->graph->output], 0, process->outputs * NQI_LANES * sizeof(nqi_real));
    out->said = nqi_aligned_new(4 * laws, sizeof *out->said);
    if (model->options.roles > 0)
        out->roles = nqi_aligned_new(NQI_ROLES * dim, sizeof *out->roles);
    if (!out->said || (model->options.roles > 0 && !out->roles))
        return nqi_fail_memory(context, "rows behind noise",
                               (4 * laws + 2 * dim) * sizeof *out->said);
    out->batch.roles = out->roles;
    lesson->see = rows_see;
    lesson->state = out;
    lesson->first = process->blocks[0].first_learned;
    lesson->steps = process->schedule.steps;
    lesson->x_0 = out->batch.x_0;
    lesson->alone = out->said + 2 * laws;
    lesson->roles = out->roles;
    lesson->question = (nqi_question){.ops = context->ops,
                                      .x_t = nqi_batch_x_t(&out->batch),
                                      .said = out->said,
                                      .said_variance = out->said + laws,
                                      .rows = NQI_LANES,
                                      .ld = NQI_LANES};
    return NQ_OK;
}

void nqi_lesson_close(nqi_lesson_rows *of)
{
    nqi_batch_free(&of->batch);
    nqi_aligned_free(of->said);
    nqi_aligned_free(of->roles);
}
