/* coverage.c - the part of values in the middle 50, 80, 90 and 95 % of their law, by kind. Cells of
 * a row go together, so that a row counts once in the errors. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "core/context.h"

static const double shares[NQ_CHECK_SHARES] = {0.5, 0.8, 0.9, 0.95};

double nq_check_share(size_t i)
{
    return i < NQ_CHECK_SHARES ? shares[i] : NAN;
}

/* Of a model of one kind of numbers they have no names of kinds. */
static const char *kind_of(const nqi_check_job *job, size_t j)
{
    const char *kind = nq_model_column_kind(job->model, job->rows.column[j]);
    return kind ? kind : job->rows.is_level[j] ? "bit" : "real";
}

static int is_inside(double place, double share, int is_level)
{
    return is_level ? place < share : fabs(place - 0.5) < share / 2;
}

/* Sums over rows of (values inside, values); the error of their ratio by its spread over rows. */
static void part_of(double *part, double *se, size_t *values, const nqi_check_job *job,
                    const double *place, double share, const char *kind)
{
    const nqi_check_rows *rows = &job->rows;
    double inside = 0, all = 0, squares = 0, used = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t r = 0; r < rows->rows; r++) {
            double in = 0, here = 0;
            for (size_t j = 0; j < rows->count; j++) {
                const double at = place[j * rows->rows + r];
                if (isnan(at) || (kind && strcmp(kind_of(job, j), kind) != 0))
                    continue;
                here += 1;
                in += is_inside(at, share, rows->is_level[j]);
            }
            if (pass) {
                const double gap = in - inside / all * here;
                squares += gap * gap;
            } else {
                inside += in;
                all += here;
                used += here > 0;
            }
        }
    *values = (size_t)all;
    *part = all > 0 ? inside / all : NAN;
    *se = used > 1 ? sqrt(squares * used / (used - 1)) / all : NAN;
}

/* Draws that are common to all rows have errors of their own. */
static double with_draws(double se, const nqi_check_rows *rows)
{
    return se * sqrt(1 + (double)rows->rows / (double)rows->draws);
}

static void kind_fill(nqi_check_job *job, const char *kind)
{
    nq_check_coverage *out = &job->out->coverage[job->out->coverage_count++];
    *out = (nq_check_coverage){.kind = kind ? kind : "all"};
    for (size_t j = 0; j < job->rows.count; j++)
        out->columns += !kind || strcmp(kind_of(job, j), kind) == 0;
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++) {
        part_of(&out->part[i], &out->se[i], &out->values, job, job->place, shares[i], kind);
        out->se[i] = with_draws(out->se[i], &job->rows);
        part_of(&out->given_part[i], &out->given_se[i], &out->given_values, job, job->place_given,
                shares[i], kind);
    }
}

nq_status nqi_check_coverage(nqi_check_job *job)
{
    const nqi_check_rows *rows = &job->rows;
    job->out->coverage = calloc(rows->count + 1, sizeof *job->out->coverage);
    if (!job->out->coverage)
        return nqi_fail_memory(job->context, "coverage", rows->count);
    kind_fill(job, NULL);
    for (size_t j = 0; j < rows->count; j++) {
        size_t k = 0;
        while (k < j && strcmp(kind_of(job, k), kind_of(job, j)) != 0)
            k++;
        if (k == j)
            kind_fill(job, kind_of(job, j));
    }
    return NQ_OK;
}
