/* hidden.c - cells that are hidden and drawn given the rest of their rows, by the method that fills
 * gaps, and the ranks of what stood there. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/posterior.h>

#include "check/check.h"
#include "core/context.h"
#include "core/monitor.h"

enum { TARGETS = 512 }; /* that are drawn at a time, a multiple of 64 */

nq_status nqi_hidden_new(nqi_hidden *out, const nqi_check_job *job, size_t rows)
{
    const nqi_check_rows *of = &job->rows;
    *out = (nqi_hidden){.rows = rows, .truth = malloc(rows * of->columns * sizeof *out->truth)};
    out->hide = calloc(rows, of->count);
    out->rank = malloc(rows * of->count * sizeof *out->rank);
    if (out->truth && out->hide && out->rank)
        return NQ_OK;
    nqi_hidden_free(out);
    return nqi_fail_memory(job->context, "rows to hide cells of",
                           rows * of->columns * sizeof *out->truth);
}

void nqi_hidden_free(nqi_hidden *hidden)
{
    free(hidden->truth);
    free(hidden->hide);
    free(hidden->rank);
    memset(hidden, 0, sizeof *hidden);
}

/* What is left to be seen of a row: a column that follows from a hidden one would tell it. */
static void row_show(double *out, const nqi_hidden *hidden, const nqi_check_job *job, size_t row)
{
    const nqi_check_rows *of = &job->rows;
    memcpy(out, hidden->truth + row * of->columns, of->columns * sizeof *out);
    for (size_t j = 0; j < of->count; j++)
        if (hidden->hide[row * of->count + j])
            out[of->column[j]] = NAN;
    for (size_t c = 0; c < of->columns; c++) {
        const size_t source = nq_model_column_source(job->model, c);
        if (source != SIZE_MAX && isnan(out[source]))
            out[c] = NAN;
    }
}

/* Ranks of the hidden cells of `count` rows from `first` on. */
static void rank_block(nqi_hidden *hidden, const nqi_check_job *job, const nq_posterior *found,
                       uint64_t purpose, size_t first)
{
    const nqi_check_rows *of = &job->rows;
    const size_t draws = found->draws;
    for (size_t t = 0; t < found->targets; t++)
        for (size_t j = 0; j < of->count; j++) {
            const size_t row = first + t, c = of->column[j];
            const nqi_stream ties =
                nqi_check_stream(job, purpose, (uint32_t)(row * of->count + j));
            hidden->rank[j * hidden->rows + row] =
                hidden->hide[row * of->count + j]
                    ? nqi_rank_of(hidden->truth[row * of->columns + c],
                                  found->samples + t * draws * of->columns + c, of->columns,
                                  draws, of->is_level[j], &ties)
                    : SIZE_MAX;
        }
}

static nq_status draw_block(nqi_hidden *hidden, const nqi_check_job *job, uint64_t purpose,
                            size_t first, double *known)
{
    const size_t columns = job->rows.columns, left = hidden->rows - first;
    const size_t count = left < TARGETS ? left : TARGETS;
    nq_evidence *evidence = NULL;
    nq_posterior found = {0};
    nq_posterior_options options;
    nq_posterior_options_init(&options, sizeof options);
    options.draws = job->options.draws;
    options.first = first;
    options.seed = nqi_seed_child(job->options.seed, purpose);
    for (size_t t = 0; t < count; t++)
        row_show(known + t * columns, hidden, job, first + t);
    nq_status status = nq_evidence_clamp(&evidence, job->context, job->model, known, count);
    if (!status &&
        !(status = nq_posterior_sample(&found, job->context, job->model, evidence, &options))) {
        nqi_check_grid(job, found.samples, count * found.draws * columns);
        hidden->method = found.method;
        rank_block(hidden, job, &found, purpose, first);
    }
    nq_posterior_free(&found);
    nq_evidence_free(evidence);
    return status;
}

nq_status nqi_hidden_draw(nqi_hidden *hidden, nqi_check_job *job, uint64_t purpose)
{
    double *known = malloc(TARGETS * job->rows.columns * sizeof *known);
    nq_status status = known ? NQ_OK
                             : nqi_fail_memory(job->context, "rows to hide cells of",
                                               TARGETS * job->rows.columns * sizeof *known);
    for (size_t first = 0; first < hidden->rows && !status; first += TARGETS) {
        const double rows = (double)hidden->rows, end = fmin((double)(first + TARGETS), rows);
        const nqi_portion portion =
            nqi_portion_enter(job->context, (double)first / rows, end / rows);
        status = draw_block(hidden, job, purpose, first, known);
        nqi_portion_leave(job->context, portion);
    }
    free(known);
    return status;
}

void nqi_hidden_test(nq_rank_test *out, const nqi_hidden *hidden, const nqi_check_job *job,
                     uint64_t purpose, size_t j, size_t *scratch)
{
    const nqi_stream within =
        nqi_check_stream(job, purpose, (uint32_t)(hidden->rows * job->rows.count + j));
    size_t count = 0;
    for (size_t r = 0; r < hidden->rows; r++)
        if (hidden->rank[j * hidden->rows + r] != SIZE_MAX)
            scratch[count++] = hidden->rank[j * hidden->rows + r];
    nqi_ranks_one(out, scratch, count, job->options.draws, &within);
}
