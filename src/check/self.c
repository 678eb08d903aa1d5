/* self.c - rank tests of the model from itself (SBC; Talts, Betancourt, Simpson, Vehtari & Gelman
 * 2018): of a row that it draws half of the cells are hidden and drawn again given the others. The
 * ranks are uniform if these conditional draws agree with its joint law. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "core/context.h"
#include "core/law/law.h"

enum { ROWS_LEAST = 20, ROWS_USEFUL = 50, ROWS_USUAL = 1000 };
/* Floating-point operations of all draws; and rows that a filter takes for one target. */
static const double self_work = 3e11, filter_rows = 1024;

static size_t rows_chosen(const nqi_check_job *job)
{
    const double draws = (double)job->options.draws;
    const double each = job->model->options.roles > 0 ? draws : fmax(filter_rows, draws);
    const double affordable = nqi_check_affordable(job->model, self_work) / each;
    if (job->options.self_rows)
        return job->options.self_rows;
    return affordable < ROWS_USEFUL ? 0 : (size_t)fmin(affordable, ROWS_USUAL);
}

/* Half of the cells, but never all or none. */
static void row_hide(unsigned char *hide, const nqi_check_job *job, size_t row)
{
    const nqi_stream coins = nqi_check_stream(job, NQI_CHECK_HIDE, (uint32_t)row);
    const size_t count = job->rows.count;
    size_t hidden = 0;
    for (size_t j = 0; j < count; j++) {
        hide[j] = nqi_stream_uniform(&coins, j) < 0.5;
        hidden += hide[j];
    }
    if (hidden == 0 || hidden == count)
        hide[row % count] ^= 1;
}

static int is_full(const nqi_check_rows *rows, const double *row)
{
    for (size_t j = 0; j < rows->count; j++)
        if (!isfinite(row[rows->column[j]]))
            return 0;
    return 1;
}

/* Rows of the model without a gap; returns how many there are, at most those that there is room
 * for. */
static size_t rows_fill(nqi_hidden *hidden, const nqi_check_job *job)
{
    const nqi_check_rows *rows = &job->rows;
    size_t count = 0;
    for (size_t r = 0; r < rows->draws && count < hidden->rows; r++) {
        const double *row = rows->drawn + r * rows->columns;
        if (!is_full(rows, row))
            continue;
        memcpy(hidden->truth + count * rows->columns, row, rows->columns * sizeof *row);
        row_hide(hidden->hide + count * rows->count, job, count);
        count++;
    }
    return count;
}

static nq_status test_columns(nqi_check_job *job, const nqi_hidden *hidden)
{
    const size_t count = job->rows.count;
    size_t *scratch = malloc(hidden->rows * sizeof *scratch);
    double *p = malloc(count * sizeof *p);
    const int has_memory = scratch && p;
    for (size_t j = 0; has_memory && j < count; j++) {
        nqi_hidden_test(&job->out->columns[j].self, hidden, job, NQI_CHECK_SELF, j, scratch);
        p[j] = job->out->columns[j].self.p;
    }
    if (has_memory)
        job->out->self = (nq_check_test){.rows = hidden->rows,
                                         .draws = job->options.draws,
                                         .p = nqi_p_combine(p, count)};
    job->out->self_method = hidden->method;
    free(scratch);
    free(p);
    return has_memory ? NQ_OK
                      : nqi_fail_memory(job->context, "ranks", hidden->rows * sizeof *scratch);
}

nq_status nqi_check_self(nqi_check_job *job)
{
    nqi_hidden hidden;
    const size_t wanted = rows_chosen(job);
    job->out->self.why = job->rows.count < 2 ? "only one column varies"
                         : !wanted
                             ? "draws by particles of enough rows would take long (self rows "
                               "ask for them)"
                             : NULL;
    if (job->out->self.why)
        return NQ_OK;
    nq_status status =
        nqi_hidden_new(&hidden, job, wanted < job->rows.draws ? wanted : job->rows.draws);
    if (status)
        return status;
    hidden.rows = rows_fill(&hidden, job);
    if (hidden.rows < ROWS_LEAST)
        job->out->self.why = "the model draws too few rows without gaps";
    else if (!(status = nqi_hidden_draw(&hidden, job, NQI_CHECK_SELF)))
        status = test_columns(job, &hidden);
    nqi_hidden_free(&hidden);
    return status;
}
