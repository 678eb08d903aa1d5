/* fit.c - forests by gradient boosting: rows behind noise, a cell at a time, as many rounds as rows
 * that are held out gain by. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/monitor.h"
#include "regressor/forest/boost.h"
#include "regressor/lesson.h"

enum {
    ROWS_MOST = 1 << 17,    /* behind noise, that forests are fitted to */
    NUMBERS_MOST = 1 << 23, /* of all of them */
    ROWS_LEAST = 512,       /* that these allow */
    DRAWS_MOST = 64,        /* of a row */
    HELD_PART = 10,
    HELD_LEAST = 20,
    HELD_MOST_PART = 3,
    REASON = 256
};

/* All that cells share. */
typedef struct fit_job {
    nqi_boost boost;
    nqi_boosted *cell; /* [cells] */
    const nqi_variate *variate;
    size_t cells;
    nqi_pool *pool;
} fit_job;

static size_t held_of(size_t rows)
{
    const size_t part = rows / HELD_PART, least = rows / HELD_MOST_PART;
    return part >= HELD_LEAST ? part : least < HELD_LEAST ? least : HELD_LEAST;
}

/* Groups of rows behind noise that are drawn of so many rows. */
static size_t groups_of(size_t rows, size_t most)
{
    const size_t count = rows * DRAWS_MOST < most ? rows * DRAWS_MOST : most;
    return (count + NQI_LANES - 1) / NQI_LANES;
}

/* The log-odds, or log probabilities, that x_t alone gives of a cell. */
static void alone_take(float *out, size_t rows, const nqi_variate *cell, const nqi_real *alone)
{
    const double least = 1e-6;
    for (size_t k = 0; k < nqi_forest_outputs(cell); k++)
        for (size_t r = 0; r < NQI_LANES; r++) {
            const double p = fmin(fmax((double)alone[k * NQI_LANES + r], least), 1 - least);
            out[k * rows + r] = (float)(cell->levels == 2 ? log(p / (1 - p)) : log(p));
        }
}

/* What is to be told of a cell. NaN: it is known, or absent. */
static float truth_of(const nqi_lesson *lesson, size_t cells, size_t at)
{
    const int is_told =
        lesson->roles && (lesson->roles[at] > 0 || lesson->roles[cells * NQI_LANES + at] > 0);
    return is_told ? NAN : (float)lesson->x_0[at];
}

static void group_take(const fit_job *job, const nqi_lesson *lesson, size_t first, float *seen)
{
    const nqi_boost *b = &job->boost;
    nqi_forest_see(job->variate, job->cells, &lesson->question, seen);
    for (size_t r = 0; r < NQI_LANES; r++)
        for (size_t f = 0; f < b->features; f++)
            b->seen[(first + r) * b->features + f] = seen[f * NQI_LANES + r];
    for (size_t i = 0; i < job->cells; i++) {
        const nqi_variate *cell = &job->variate[i];
        for (size_t r = 0; r < NQI_LANES; r++)
            b->truth[i * b->rows + first + r] = truth_of(lesson, job->cells, i * NQI_LANES + r);
        const size_t to = cell->law * b->rows + first, from = cell->law * NQI_LANES;
        if (cell->levels)
            alone_take(b->alone + to, b->rows, cell, lesson->alone + from);
        for (size_t r = 0; !cell->levels && r < NQI_LANES; r++) {
            b->alone[to + r] = (float)lesson->question.said[from + r];
            b->noise[to + r] = (float)lesson->question.said_variance[from + r];
        }
    }
}

/* Rows of a group behind noise, drawn of the first `learned` rows in an order of their own, or of
 * those that are held out, at steps that are spread evenly over groups. */
static void group_draw(fit_job *job, nqi_lesson *lesson, size_t group, size_t learned)
{
    const double golden = 0.6180339887498949;
    const nqi_stream order = {lesson->seed, NQI_DRAW_ROWS, 0, 0};
    const size_t own = job->boost.learned / NQI_LANES, is_held = group >= own;
    const size_t number = is_held ? group - own : group, from = is_held ? learned : 0;
    const size_t count = is_held ? lesson->rows - learned : learned;
    const double part = fmod((double)number * golden + 0.5, 1);
    uint64_t row[NQI_LANES];
    for (size_t r = 0; r < NQI_LANES; r++)
        row[r] =
            nqi_stream_permute(&order, from + (number * NQI_LANES + r) % count, lesson->rows);
    lesson->see(lesson, group, row,
                lesson->first + (size_t)(part * (double)(lesson->steps - lesson->first + 1)));
}

static nq_status rows_draw(fit_job *job, nq_context *context, nqi_lesson *lesson, size_t learned)
{
    const size_t groups = job->boost.rows / NQI_LANES;
    float *seen = malloc(job->boost.features * NQI_LANES * sizeof *seen);
    nq_status status = seen ? NQ_OK : nqi_fail_memory(context, "rows", job->boost.features);
    for (size_t g = 0; g < groups && !status; g++) {
        if (g % NQI_LANES == 0)
            status = nqi_tell(context, "drawing rows", (double)g, (double)groups);
        group_draw(job, lesson, g, learned);
        group_take(job, lesson, g * NQI_LANES, seen);
    }
    free(seen);
    return status;
}

static void cell_run(void *state, size_t item, int thread)
{
    fit_job *job = state;
    nqi_boost_cell(&job->cell[item], &job->boost, item, &job->variate[item], job->pool, thread);
}

static nq_status cells_run(fit_job *job, nq_context *context)
{
    nq_status status = nqi_tell_region(context, "growing trees", 0, 1, 1);
    if (!status)
        status = nqi_pool_run(context->pool, job->cells, cell_run, job);
    for (size_t i = 0; i < job->cells && !status; i++)
        if (job->cell[i].status)
            status = nqi_fail(context, job->cell[i].status, "a forest of cell %zu: %s", i + 1,
                              job->cell[i].reason);
    return status;
}

/* Rounds that were worth it, by output. */
static nq_status forest_gather(nqi_forest *out, nq_context *context, const fit_job *job)
{
    size_t outputs = 0, t = 0, n = 0;
    for (size_t i = 0; i < job->cells; i++) {
        const nqi_boosted *c = &job->cell[i];
        for (size_t k = 0; k < c->rounds * c->outputs; k++)
            out->nodes += c->tree[k].nodes;
        out->trees += c->rounds * c->outputs;
    }
    out->tree = calloc(out->trees + 1, sizeof *out->tree);
    out->node = calloc(out->nodes + 1, sizeof *out->node);
    if (!out->tree || !out->node)
        return nqi_fail_memory(context, "a forest", out->nodes * sizeof *out->node);
    for (size_t i = 0; i < job->cells; i++) {
        const nqi_boosted *c = &job->cell[i];
        for (size_t o = 0; o < c->outputs; o++, outputs++)
            for (size_t k = 0; k < c->rounds; k++, t++) {
                const nqi_boosted_tree *from = &c->tree[k * c->outputs + o];
                out->tree[t] = (nqi_forest_tree){n, from->depth, (uint32_t)outputs};
                memcpy(out->node + n, c->node + from->first, from->nodes * sizeof *out->node);
                n += from->nodes;
            }
    }
    return NQ_OK;
}

/* Memory for rows, whose number is chosen by how many numbers each has. */
static nq_status job_new(fit_job *job, nq_context *context, const nqi_lesson *lesson, size_t laws,
                         size_t learned)
{
    nqi_boost *b = &job->boost;
    const size_t numbers = b->features + 2 * laws + job->cells;
    const size_t most = NUMBERS_MOST / numbers < ROWS_MOST ? NUMBERS_MOST / numbers : ROWS_MOST;
    const size_t own = groups_of(learned, most - most / HELD_PART);
    const size_t held = groups_of(lesson->rows - learned, most / HELD_PART + 1);
    if (most < ROWS_LEAST)
        return nqi_fail(
            context, NQ_ERROR_UNSUPPORTED,
            "\036regressor forest: rows of %zu numbers, with %zu levels and numbers to "
            "tell, are too long to grow trees on: expected fewer columns (\036columns), "
            "or another \036regressor",
            job->cells, laws);
    b->learned = own * NQI_LANES;
    b->draws = (double)b->learned / (double)learned;
    b->rows = (own + held) * NQI_LANES;
    b->seen = malloc(b->rows * b->features * sizeof *b->seen);
    b->truth = malloc(b->rows * job->cells * sizeof *b->truth);
    b->alone = malloc((b->rows * laws + 1) * sizeof *b->alone);
    b->noise = malloc((b->rows * laws + 1) * sizeof *b->noise);
    job->cell = calloc(job->cells, sizeof *job->cell);
    return b->noise && b->seen && b->truth && b->alone && job->cell
               ? NQ_OK
               : nqi_fail_memory(context, "rows behind noise", b->rows * numbers * sizeof(float));
}

static void job_free(fit_job *job)
{
    if (job->boost.matrix)
        job->boost.booster->close(job->boost.matrix);
    for (size_t i = 0; job->cell && i < job->cells; i++)
        nqi_boosted_free(&job->cell[i]);
    free(job->cell);
    free(job->boost.seen);
    free(job->boost.truth);
    free(job->boost.alone);
    free(job->boost.noise);
}

static nq_status booster_take(fit_job *job, nq_context *context)
{
    char reason[REASON] = "";
    const nq_booster *booster = job->boost.booster = context->booster;
    if (!booster)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "\036regressor forest is grown by a library of its own: expected one of "
                        "nq_context_use_booster, as libnoneq_xgboost has (Debian: "
                        "libxgboost-dev before noneq is built)");
    const nq_status status = booster->prepare(booster->state, reason, sizeof reason);
    return status ? nqi_fail(context, status, "\036regressor forest: %s", reason) : NQ_OK;
}

static nq_status matrix_open(fit_job *job, nq_context *context)
{
    char reason[REASON] = "";
    nqi_boost *b = &job->boost;
    const nq_status status = b->booster->open(b->booster->state, &b->matrix, b->seen, b->learned,
                                              b->features, reason, sizeof reason);
    return status ? nqi_fail(context, status, "\036regressor forest: %s", reason) : NQ_OK;
}

static nq_status forest_run(nqi_forest *out, fit_job *job, nq_context *context,
                            nqi_lesson *lesson)
{
    const size_t learned = lesson->rows - held_of(lesson->rows);
    size_t laws = 0;
    for (size_t i = 0; i < job->cells; i++) {
        const size_t end =
            job->variate[i].law + (job->variate[i].levels > 2 ? job->variate[i].levels : 1);
        laws = end > laws ? end : laws;
    }
    nq_status status = job_new(job, context, lesson, laws, learned);
    const nqi_portion portion = nqi_portion_enter(context, 0, 0.1);
    if (!status)
        status = rows_draw(job, context, lesson, learned);
    nqi_portion_leave(context, portion);
    if (!status)
        status = matrix_open(job, context);
    const nqi_portion growing = nqi_portion_enter(context, 0.1, 1);
    if (!status)
        status = cells_run(job, context);
    nqi_portion_leave(context, growing);
    return status ? status : forest_gather(out, context, job);
}

nq_status nqi_forest_fit(nqi_forest *out, nq_context *context, const nqi_variate *cell,
                         size_t cells, nqi_lesson *lesson)
{
    fit_job job = {.variate = cell, .cells = cells, .pool = context->pool};
    *out = (nqi_forest){.cell = cell, .cells = cells};
    job.boost.features = out->features = nqi_forest_features(cell, cells);
    for (size_t i = 0; i < cells; i++)
        out->outputs += nqi_forest_outputs(&cell[i]);
    nq_status status = booster_take(&job, context);
    if (!status && lesson->rows > 1 && lesson->first <= lesson->steps)
        status = forest_run(out, &job, context, lesson);
    job_free(&job);
    return status;
}
