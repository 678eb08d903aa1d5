/* law.c - the normal law that a network's outputs start from: its numbers, and its fit. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/law/law.h"
#include "model/model.h"

enum {
    ROWS_MOST = 1 << 16,
    NUMBERS_MOST = 256,
    /* rows with gaps times the third power of numbers, of one round of a fit, about */
    WORK_MOST = 1 << 29
};

/* Levels that stand for numbers, as nqi_graph_normal has them, into place[count][4] or, NULL,
 * nowhere; their count. A bit has one output, which is for its higher level. */
static size_t put_places(const nq_model *model, nqi_real *place)
{
    const nqi_coding *coding = model->scaling.coding;
    size_t count = 0;
    for (size_t i = 0; coding && i < coding->scores; i++) {
        const nqi_code *code = &coding->code[coding->column_of[i]];
        if (code->level_number == NQI_NO_NUMBER)
            continue;
        const nqi_block *block = nqi_process_block(&model->process, code->level_number);
        for (size_t k = 0; k + 1 < code->level_count; k++) {
            const size_t at = code->level_number - block->first;
            const size_t output =
                block->output_first + (block->levels ? k * block->count : 0) + at;
            if (isnan(code->level[k]))
                continue;
            if (place) {
                place[4 * count] = (nqi_real)i;
                place[4 * count + 1] = (nqi_real)nqi_code_level_score(code, k);
                place[4 * count + 2] = (nqi_real)output;
                place[4 * count + 3] = block->levels ? 1 : -1;
            }
            count++;
        }
    }
    return count;
}

nq_status nqi_model_law_steps(nqi_normal_step **out, nqi_law_place *place, const nq_model *model,
                              nq_context *context)
{
    const nqi_process *process = &model->process;
    const nqi_block *block = process->blocks;
    *out = NULL;
    if (strcmp(model->options.base, "normal"))
        return NQ_OK;
    if (!block->family->steps->normal || block->count > NUMBERS_MOST)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "\036base normal: expected 1 to %d columns that are numbers, found %zu; "
                        "\036base none has any",
                        (int)NUMBERS_MOST, block->family->steps->normal ? block->count : 0);
    if (!(*out = calloc(process->schedule.steps + 1, sizeof **out)))
        return nqi_fail_memory(context, "a normal law", process->schedule.steps * sizeof **out);
    for (size_t t = 1; t <= process->schedule.steps; t++)
        block->family->steps->normal(block, t, &(*out)[t]);
    *place = (nqi_law_place){.first = block->first,
                             .count = block->count,
                             .dim = process->dim,
                             .roles = model->options.roles > 0,
                             .output = block->output_first,
                             .stride = block->count,
                             .levels = put_places(model, NULL)};
    return NQ_OK;
}

/* The numbers of a row of data, of coded ones as they would be known; NaN: a gap. */
static void row_numbers(const nq_model *model, const nq_dataset *data, uint64_t row,
                        double *cells, double *raw, nqi_real *x, double *out)
{
    const nqi_coding *coding = model->scaling.coding;
    const size_t n = model->process.blocks[0].count;
    nq_dataset_row(cells, data, row);
    if (!coding) {
        nqi_scaling_gather(&model->scaling, data, &row, 1, x, 1);
        for (size_t i = 0; i < n; i++)
            out[i] = isnan(cells[model->scaling.active_index[i]]) ? (double)NAN : (double)x[i];
        return;
    }
    nqi_coding_levels_of(coding, cells, x, 1, raw, 1);
    for (size_t i = 0; i < n; i++) {
        const nqi_code *code = &coding->code[coding->column_of[i]];
        if (!isnan(raw[i]))
            out[i] = nqi_warp_score(&code->warp, raw[i], 0.5, NULL);
        else if (isnan(cells[coding->column_of[i]]))
            out[i] = (double)NAN;
        else
            out[i] = nqi_code_level_score(code, (size_t)(double)x[code->level_number]);
    }
}

/* [count][n] spread evenly over the data, malloc'ed; NULL: memory is out. */
static double *sample(const nq_model *model, const nq_dataset *data, size_t count)
{
    const size_t n = model->process.blocks[0].count, all = nq_dataset_rows(data);
    double *rows = malloc(count * n * sizeof *rows);
    double *cells = malloc((model->scaling.columns + n) * sizeof *cells);
    nqi_real *x = malloc(model->process.dim * sizeof *x);
    for (size_t r = 0; rows && cells && x && r < count; r++)
        row_numbers(model, data, (uint64_t)r * all / count, cells, cells + model->scaling.columns,
                    x, rows + r * n);
    if (!cells || !x) {
        free(rows);
        rows = NULL;
    }
    free(cells);
    free(x);
    return rows;
}

/* As nqi_graph_normal has them. */
static void put_levels(const nq_model *model, nqi_real *level)
{
    const nqi_coding *coding = model->scaling.coding;
    for (size_t i = 0; i < model->process.blocks[0].count; i++, level += 3) {
        const nqi_code *code = coding ? &coding->code[coding->column_of[i]] : NULL;
        const int has = code && code->level_number != NQI_NO_NUMBER;
        level[0] = has ? (nqi_real)code->level_number : -1;
        level[1] = has ? (nqi_real)(code->level_count - 1) : 0;
        level[2] = -1;
        for (size_t k = 0; has && k + 1 < code->level_count; k++)
            level[2] = isnan(code->level[k]) ? (nqi_real)k : level[2];
    }
}

/* Rows that a law is fitted to: those with gaps take equations of their own in every round. */
static size_t rows_of_fit(const nq_dataset *data, size_t n)
{
    const double all = (double)nq_dataset_rows(data), most = fmin(all, ROWS_MOST);
    const double some = fmax((double)WORK_MOST / pow((double)n, 3), 4 * (double)n);
    return (size_t)(nq_dataset_missing(NULL, NULL, data) ? fmin(some, most) : most);
}

nq_status nqi_model_law_fit(nq_model *model, nq_context *context, const nq_dataset *data)
{
    const size_t n = model->process.blocks[0].count, count = rows_of_fit(data, n);
    nqi_real *params = model->regressor.params;
    if (!model->regressor.graph.fixed_count)
        return NQ_OK;
    double *rows = sample(model, data, count), *law = malloc(n * (n + 1) * sizeof *law);
    const nq_status status =
        rows && law ? nqi_normal_fit(law, law + n, context, rows, count, n) : NQ_ERROR_MEMORY;
    for (size_t j = 0; !status && j < n * (n + 1); j++)
        params[j] = (nqi_real)law[j];
    put_levels(model, params + n * (n + 1));
    put_places(model, params + n * (n + 4));
    free(rows);
    free(law);
    return status == NQ_ERROR_MEMORY
               ? nqi_fail_memory(context, "a normal law", count * n * sizeof *rows)
               : status;
}
