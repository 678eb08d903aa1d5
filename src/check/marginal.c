/* marginal.c - where the rows' values stand among the model's draws of the same column (PIT;
 * Gneiting, Balabdaoui & Raftery 2007), and by how much they differ. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "check/check.h"
#include "core/context.h"
#include "core/law/law.h"
#include "core/monitor.h"

/* Values of a column that are there, of both samples. */
static size_t pool(const nqi_check_job *job, size_t j, nqi_pooled *all)
{
    const nqi_check_rows *rows = &job->rows;
    const nqi_stream ties = nqi_check_stream(job, NQI_CHECK_TIES, (uint32_t)j);
    size_t count = 0;
    for (size_t i = 0; i < rows->rows + rows->draws; i++) {
        const int is_drawn = i >= rows->rows;
        const size_t row = is_drawn ? i - rows->rows : i;
        const double x =
            (is_drawn ? rows->drawn : rows->real)[row * rows->columns + rows->column[j]];
        if (!isnan(x))
            all[count++] = (nqi_pooled){x, nqi_stream_uniform(&ties, i), row, is_drawn};
    }
    return count;
}

/* Each row's place is its rank among the draws. */
static void places_fill(double *place, const nqi_pooled *all, size_t count, size_t draws,
                        const nqi_stream *stream)
{
    size_t below = 0;
    for (size_t i = 0; i < count; i++) {
        below += (size_t)all[i].is_drawn;
        if (!all[i].is_drawn)
            place[all[i].row] =
                nqi_rank_place(below, draws, nqi_stream_uniform(stream, all[i].row));
    }
}

/* The finite number at a part of one sample; all: sorted. */
static double quantile(const nqi_pooled *all, size_t count, int is_drawn, size_t of, double part)
{
    size_t left = (size_t)(part * (double)(of - 1) + 0.5);
    for (size_t i = 0; i < count; i++)
        if (all[i].is_drawn == is_drawn && left-- == 0)
            return all[i].value;
    return NAN;
}

static void sizes_fill(nq_check_column *out, const nqi_pooled *all, size_t count)
{
    /* width between the 5 and 95 % points of a normal law, in deviations */
    static const double normal_width = 3.289707253902945;
    size_t of[2] = {0, 0}, seen[2] = {0, 0};
    for (size_t i = 0; i < count; i++)
        of[all[i].is_drawn] += isfinite(all[i].value) ? 1 : 0;
    out->distance = 0;
    for (size_t i = 0; i < count; i++) {
        seen[all[i].is_drawn]++;
        if (i + 1 == count || all[i + 1].value != all[i].value)
            out->distance =
                fmax(out->distance, fabs((double)seen[0] / (double)out->marginal.rows -
                                         (double)seen[1] / (double)(count - out->marginal.rows)));
    }
    if (!of[0] || !of[1])
        return;
    const double low = quantile(all, count, 0, of[0], 0.05);
    const double high = quantile(all, count, 0, of[0], 0.95);
    if (!(high > low))
        return;
    out->shift_size =
        (quantile(all, count, 0, of[0], 0.5) - quantile(all, count, 1, of[1], 0.5)) /
        ((high - low) / normal_width);
    out->width_ratio =
        (quantile(all, count, 1, of[1], 0.95) - quantile(all, count, 1, of[1], 0.05)) /
        (high - low);
}

static void worst_fill(nq_check_column *out, const nqi_pooled *all, size_t count, size_t worst)
{
    size_t of[2] = {0, 0};
    for (size_t i = worst; i < count && all[i].value == all[worst].value; i++)
        of[all[i].is_drawn]++;
    if (worst >= count)
        return;
    out->level = all[worst].value;
    out->level_rows = (double)of[0] / (double)out->marginal.rows;
    out->level_draws = (double)of[1] / (double)(count - out->marginal.rows);
}

static nq_status column_test(nqi_check_job *job, size_t j, nqi_pooled *all)
{
    const nqi_check_rows *rows = &job->rows;
    nq_check_column *out = &job->out->columns[j];
    const nqi_stream within = nqi_check_stream(job, NQI_CHECK_TIES, (uint32_t)(rows->count + j));
    const size_t count = pool(job, j, all);
    size_t worst;
    const nq_status status = nqi_pooled_sort(all, job->context, count, rows->is_level[j]);
    if (status)
        return status;
    nqi_ranks_two(&out->marginal, &worst, all, count, rows->is_level[j]);
    places_fill(job->place + j * rows->rows, all, count, count - out->marginal.rows, &within);
    worst_fill(out, all, count, worst);
    if (!rows->is_level[j])
        sizes_fill(out, all, count);
    return NQ_OK;
}

nq_status nqi_check_marginal(nqi_check_job *job)
{
    const nqi_check_rows *rows = &job->rows;
    const size_t most = rows->rows + rows->draws;
    nqi_pooled *all = malloc(most * sizeof *all);
    double *p = malloc(rows->count * sizeof *p);
    if (!all || !p) {
        free(all);
        free(p);
        return nqi_fail_memory(job->context, "the ranks of a column", most * sizeof *all);
    }
    nq_status status = NQ_OK;
    for (size_t j = 0; j < rows->count && !status; j++) {
        if ((status = column_test(job, j, all)))
            break;
        p[j] = job->out->columns[j].marginal.p;
        status = nqi_tell(job->context, "comparing columns", (double)j, (double)rows->count);
    }
    job->out->marginal = (nq_check_test){.rows = rows->rows,
                                         .draws = rows->draws,
                                         .p = nqi_p_combine(p, rows->count)};
    free(all);
    free(p);
    return status;
}
