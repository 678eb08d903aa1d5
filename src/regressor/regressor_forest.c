/* regressor_forest.c - x_0 as sums of regression trees have it, given the row behind the noise:
 * grown by a library of its own, added up by this one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regressor/forest/forest.h"
#include "regressor/lesson.h"

static nq_status forest_build(nqi_graph *graph, nq_context *context,
                              const nqi_regressor_shape *shape, const nq_model_options *options)
{
    (void)context;
    (void)options;
    nqi_numbers_part(graph, shape, "forest");
    return NQ_OK;
}

static nq_status forest_learn(nqi_real **out, size_t *count, nq_context *context,
                              const nqi_regressor *regressor, nqi_lesson *lesson)
{
    nqi_forest forest;
    nq_status status =
        nqi_forest_fit(&forest, context, regressor->cell, regressor->cells, lesson);
    if (!status)
        status = nqi_forest_pack(out, count, context, &forest);
    nqi_forest_free(&forest);
    return status;
}

static nq_status forest_open(nqi_regressor *regressor, nq_context *context)
{
    return nqi_forest_unpack(regressor->opened, context, regressor->params,
                             nqi_graph_parameters(&regressor->graph), regressor->cell,
                             regressor->cells);
}

static void forest_close(nqi_regressor *regressor)
{
    nqi_forest_free(regressor->opened);
}

/* Sums, then what is seen. */
static size_t forest_scratch(const nqi_regressor *regressor, size_t rows)
{
    const nqi_forest *forest = regressor->opened;
    return (forest->outputs + forest->features) * rows;
}

/* Of one that is known for certain no variance is asked for. */
static void number_tell(const nqi_question *q, size_t law, const nqi_real *sum, nqi_real *mean,
                        nqi_real *variance)
{
    const double least = 1e-12;
    for (size_t r = 0; r < q->rows; r++) {
        const size_t at = law * q->ld + r;
        const double noise = fmax((double)q->said_variance[at], least);
        const nqi_forest_normal is =
            nqi_forest_meet((double)sum[r], (double)sum[q->rows + r], (double)q->said[at], noise);
        mean[at] = (nqi_real)is.mean;
        variance[at] = (nqi_real)(1 / is.precision);
    }
}

static void forest_predict(const nqi_regressor *regressor, const nqi_question *question,
                           nqi_real *mean, nqi_real *variance)
{
    const nqi_forest *forest = regressor->opened;
    const size_t rows = question->rows;
    nqi_real *sum = question->scratch;
    float *seen = (float *)(void *)(sum + forest->outputs * rows);
    const nqi_forest_rows seen_rows = {seen, rows, rows, 1};
    nqi_forest_see(forest->cell, forest->cells, question, seen);
    memset(sum, 0, forest->outputs * rows * sizeof *sum);
    for (const nqi_forest_tree *t = forest->tree; t < forest->tree + forest->trees; t++)
        nqi_forest_add(sum + t->output * rows, forest->node + t->first, t->depth, &seen_rows);
    for (size_t i = 0; i < forest->cells; i++) {
        const nqi_variate *cell = &forest->cell[i];
        const size_t outputs = nqi_forest_outputs(cell);
        if (!cell->levels)
            number_tell(question, cell->law, sum, mean, variance);
        for (size_t k = 0; cell->levels && k < outputs; k++)
            memcpy(mean + (cell->law + k) * question->ld, sum + k * rows, rows * sizeof *sum);
        sum += outputs * rows;
    }
}

static void forest_describe(char *out, size_t size, const nqi_regressor *regressor)
{
    const nqi_forest *forest = regressor->opened;
    snprintf(out, size, "%zu trees of %zu nodes", forest->trees, forest->nodes);
}

const nqi_regressor_type nqi_regressor_forest = {
    .name = "forest",
    .options = " ",
    .readout = "embedding",
    .takes_roles = 1,
    .build = forest_build,
    .learn = forest_learn,
    .opening = {sizeof(nqi_forest), forest_open, forest_close, forest_scratch},
    .predict = forest_predict,
    .rows = {.behind_noise = 1},
    .fitted_by =
        "by growing trees on rows behind noise; how many was chosen by a tenth of its rows",
    .describe = forest_describe,
    .tensor = "forest.numbers"};
