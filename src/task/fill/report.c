/* report.c - how well draws agree with a truth, as text or JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "task/fill/job.h"
#include "task/report/json.h"
#include "task/report/print.h"

static void field(FILE *file, const char *name, double value)
{
    nqi_json_field(file, name, value);
    putc(',', file);
}

static void json_write(FILE *file, const nqi_fill_job *job, const nq_fill_score *score,
                       const char *method)
{
    const nqi_few *few = &job->few;
    fprintf(file, "{\"rows\":%zu,\"cells\":%zu,\"draws\":%zu,\"models\":%zu,", job->rows.count,
            score->cells, job->plan.draws, job->model_count);
    field(file, "rmse", score->rmse);
    field(file, "rmse_scaled", score->rmse_scaled);
    field(file, "crps", score->crps);
    field(file, "energy", score->energy);
    field(file, "coverage_90", score->coverage_90);
    if (score->texts) {
        field(file, "texts_agree", score->texts_agree);
        field(file, "texts_right", score->texts_right);
    }
    nqi_json_field(file, "least_ess",
                   few->rows ? few->least / (double)few->particles : (double)NAN);
    fprintf(file, ",\"collapsed_rows\":%zu,", few->bad);
    nqi_json_field_text(file, "method", method);
    putc(',', file);
    nqi_json_field(file, "seconds", job->seconds);
    fputs("}\n", file);
}

static void text_write(FILE *file, const nqi_fill_job *job, const nq_fill_score *score,
                       const char *method)
{
    fprintf(file, "cells             %zu in %zu rows, %zu draws each",
            score->cells + score->texts, job->rows.count, job->plan.draws);
    if (job->model_count > 1)
        fprintf(file, " of %zu models", job->model_count);
    putc('\n', file);
    fprintf(file, "method            %s, %.1f s\n", method, job->seconds);
    if (score->texts)
        fprintf(file,
                "texts             %.2f %% of the draws of %zu cells are the true ones, %.2f %% "
                "of the most frequent\n",
                100 * score->texts_agree, score->texts, 100 * score->texts_right);
    if (!score->cells)
        return;
    fprintf(file, "error of means    %.6g (root mean square); %.4f deviations\n", score->rmse,
            score->rmse_scaled);
    fprintf(file, "CRPS, energy      %.4f per cell, %.4f per row, in deviations\n", score->crps,
            score->energy);
    if (isnan(score->coverage_90))
        fprintf(file, "90 %% intervals    need at least 19 draws\n");
    else
        fprintf(file, "90 %% intervals    hold %.2f %% of the true values\n",
                100 * score->coverage_90);
}

nq_status nqi_fill_report(char **out, const nqi_fill_job *job)
{
    const char *asked = job->plan.options.method;
    const char *named = asked && *asked ? asked : "chosen by window";
    const char *method = job->method ? job->method : named;
    nq_fill_score score;
    nqi_print print;
    const nq_status status = nqi_print_open(&print, job->context);
    if (status)
        return status;
    nqi_fill_score_get(&score, job);
    if (job->plan.options.json)
        json_write(print.file, job, &score, method);
    else
        text_write(print.file, job, &score, method);
    return nqi_print_close(out, &print, job->context);
}
