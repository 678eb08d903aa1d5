/* given.c - where a row's value stands among draws given all other columns of its row: the law of
 * one column given the others, which models with roles have. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "core/context.h"
#include "core/law/law.h"

enum { ROWS_LEAST = 20, ROWS_USUAL = 64 };
/* Floating-point operations of all draws: some twenty seconds of a core of 2024. The usual rows may
 * take so many times as much; with many columns they would take hours. */
static const double given_work = 5e11, patience = 8;

/* 0: they would take long. */
static size_t rows_chosen(const nqi_check_job *job)
{
    const nqi_check_rows *rows = &job->rows;
    const double cells = (double)rows->count * (double)job->options.draws;
    const double affordable = nqi_check_affordable(job->model, given_work) / cells;
    const double wanted = job->options.given_rows ? (double)job->options.given_rows
                          : patience * affordable < fmin(ROWS_USUAL, (double)rows->full)
                              ? 0
                              : fmax(affordable, ROWS_USUAL);
    return (size_t)fmin(wanted, (double)rows->full);
}

/* The row that is the i-th of `each` with column j hidden. Columns look at different rows. */
static size_t row_at(const nqi_check_rows *rows, size_t i, size_t each, size_t j)
{
    const double place = ((double)i + (double)j / (double)rows->count) / (double)each;
    return (size_t)(place * (double)rows->full);
}

static void rows_fill(nqi_hidden *hidden, const nqi_check_job *job, size_t each)
{
    const nqi_check_rows *rows = &job->rows;
    for (size_t j = 0; j < rows->count; j++)
        for (size_t i = 0; i < each; i++) {
            const size_t at = j * each + i;
            memcpy(hidden->truth + at * rows->columns,
                   rows->real + row_at(rows, i, each, j) * rows->columns,
                   rows->columns * sizeof *hidden->truth);
            hidden->hide[at * rows->count + j] = 1;
        }
}

static nq_status test_columns(nqi_check_job *job, const nqi_hidden *hidden, size_t each)
{
    const nqi_check_rows *rows = &job->rows;
    const size_t draws = job->options.draws;
    size_t *scratch = malloc(hidden->rows * sizeof *scratch);
    double *p = malloc(rows->count * sizeof *p);
    for (size_t j = 0; scratch && p && j < rows->count; j++) {
        const nqi_stream within =
            nqi_check_stream(job, NQI_CHECK_TIES, (uint32_t)(2 * rows->count + j));
        nq_rank_test *test = &job->out->columns[j].given;
        nqi_hidden_test(test, hidden, job, NQI_CHECK_GIVEN, j, scratch);
        p[j] = test->p;
        for (size_t i = 0; i < each; i++)
            job->place_given[j * rows->rows + row_at(rows, i, each, j)] =
                nqi_rank_place(hidden->rank[j * hidden->rows + j * each + i], draws,
                               nqi_stream_uniform(&within, i));
    }
    if (scratch && p)
        job->out->given =
            (nq_check_test){.rows = each, .draws = draws, .p = nqi_p_combine(p, rows->count)};
    const int has_memory = scratch && p;
    free(scratch);
    free(p);
    return has_memory ? NQ_OK
                      : nqi_fail_memory(job->context, "ranks", hidden->rows * sizeof *scratch);
}

nq_status nqi_check_given(nqi_check_job *job)
{
    nq_check_test *out = &job->out->given;
    nqi_hidden hidden;
    out->why =
        job->rows.count < 2 ? "only one column varies"
        : job->model->options.roles <= 0
            ? "the model was not trained for columns given others (roles 1)"
        : job->rows.full < ROWS_LEAST ? "fewer than 20 rows are without gaps"
        : !rows_chosen(job)
            ? "draws of each of so many columns would take long (a check makes so many given "
              "rows as are asked for)"
            : NULL;
    if (out->why)
        return NQ_OK;
    const size_t each = rows_chosen(job);
    nq_status status = nqi_hidden_new(&hidden, job, each * job->rows.count);
    if (status)
        return status;
    rows_fill(&hidden, job, each);
    if (!(status = nqi_hidden_draw(&hidden, job, NQI_CHECK_GIVEN)))
        status = test_columns(job, &hidden, each);
    nqi_hidden_free(&hidden);
    return status;
}
