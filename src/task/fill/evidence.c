/* evidence.c - all that is known of rows, and how probable it was. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "task/fill/job.h"

/* A row of which nothing is missing passes through. */
static nq_status full_rows_check(const nqi_fill_job *job)
{
    const nqi_fill_rows *rows = &job->rows;
    for (size_t r = 0; r < rows->count && job->plan.keeps; r++) {
        const double *row = rows->known + r * rows->columns;
        size_t known = 0;
        for (size_t c = 0; c < rows->columns; c++)
            known += isnan(row[c]) ? 0 : 1;
        if (known == rows->columns && nqi_conditions_misses(&job->given, row, 1))
            return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                            NQI_OPTION "given cannot be met in row %zu, of which no cell is "
                                       "missing",
                            r + 1);
    }
    return NQ_OK;
}

nq_status nqi_fill_evidence_read(nqi_fill_job *job)
{
    const nq_fill_options *options = &job->plan.options;
    const size_t count = job->rows.count;
    nq_status status = NQ_OK;
    nqi_few_begin(&job->few);
    if ((options->given || options->observe || options->evidence) && !job->rows.is_model_size)
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        NQI_OPTION "given, " NQI_OPTION "observe and " NQI_OPTION
                                   "evidence are for rows of the model's size");
    if (options->given)
        status = nqi_conditions_parse(&job->given, job->context, job->models[0], options->given);
    if (!status && options->given)
        status = full_rows_check(job);
    if (!status && options->observe)
        status = nqi_observed_read(&job->observed, job->context, job->models[0], options->observe,
                                   job->rows.total);
    if (status)
        return status;
    job->log_evidence = nqi_numbers_new(job->context, count, NQI_FILL_EVIDENCE);
    for (size_t i = 0; job->log_evidence && i < count * NQI_FILL_EVIDENCE; i++)
        job->log_evidence[i] = NAN;
    return job->log_evidence ? NQ_OK : NQ_ERROR_MEMORY;
}

/* Conditions on noisy rows are on the rows behind them. */
static nq_status given_make(nqi_row_evidence *out, const nqi_fill_job *job, const double *given,
                            const size_t *numbers, size_t count)
{
    const size_t cells = count * job->rows.columns;
    double *none = NULL;
    if (job->noise.kind && !(none = nqi_numbers_new(job->context, count, job->rows.columns)))
        return NQ_ERROR_MEMORY;
    for (size_t i = 0; none && i < cells; i++)
        none[i] = NAN;
    const nq_status status =
        nqi_conditions_evidence(&out->given, out->parts, job->context, &job->given,
                                none ? none : given, count, numbers);
    free(none);
    return status;
}

/* A bit that reads 1 is 1 with the odds (1 - P) : P. */
static nq_status flips_make(nq_evidence **out, const nqi_fill_job *job, const nq_model *model,
                            const double *values, size_t count)
{
    const double flip = job->noise.flip;
    const size_t numbers = count * job->rows.columns;
    double *d = nqi_numbers_new(job->context, numbers, 1);
    for (size_t i = 0; d && i < numbers; i++)
        d[i] = isnan(values[i]) ? values[i] : (values[i] > 0 ? 1 - flip : flip);
    const nq_status status =
        d ? nq_evidence_bernoulli(out, job->context, model, d, count) : NQ_ERROR_MEMORY;
    free(d);
    return status;
}

/* Of the cells that a row has: noisy, or known. Conditions tell known ones themselves. */
static nq_status own_make(nq_evidence **out, const nqi_fill_job *job, const nq_model *model,
                          const double *values, size_t count)
{
    if (job->noise.kind == NQI_FILL_NOISE_NORMAL)
        return nq_evidence_gaussian(out, job->context, model, values, job->noise.sigma, count);
    if (job->noise.kind == NQI_FILL_NOISE_FLIPS)
        return flips_make(out, job, model, values, count);
    return job->given.names ? NQ_OK : nq_evidence_clamp(out, job->context, model, values, count);
}

nq_status nqi_fill_evidence_make(nqi_row_evidence *out, const nqi_fill_job *job,
                                 const nq_model *model, const double *given,
                                 const size_t *numbers, size_t count)
{
    const nq_evidence *parts[3];
    size_t some = 0;
    *out = (nqi_row_evidence){.all = NULL};
    nq_status status = job->given.names ? given_make(out, job, given, numbers, count) : NQ_OK;
    if (status)
        return status;
    status = own_make(&out->own, job, model, given, count);
    if (!status && job->observed.count)
        status = nqi_observed_evidence(&out->linear, job->context, model, &job->observed, numbers,
                                       count);
    if (out->own)
        parts[some++] = out->own;
    if (out->given)
        parts[some++] = out->given;
    if (out->linear)
        parts[some++] = out->linear;
    if (!status)
        status = nq_evidence_product(&out->all, job->context, parts, some);
    return status ? nqi_fill_fail_rows(job, status, numbers, count) : NQ_OK;
}

void nqi_row_evidence_free(nqi_row_evidence *evidence)
{
    nq_evidence_free(evidence->all);
    nq_evidence_free(evidence->own);
    nq_evidence_free(evidence->linear);
    nq_evidence_free(evidence->given);
    nq_evidence_free(evidence->parts[0]);
    nq_evidence_free(evidence->parts[1]);
    *evidence = (nqi_row_evidence){.all = NULL};
}

nq_status nqi_fill_fail_rows(const nqi_fill_job *job, nq_status status, const size_t *numbers,
                             size_t count)
{
    const char *sentence = nq_context_message(job->context);
    const char *rest = strstr(sentence, ": expected ");
    char place[512];
    size_t row, column;
    int used = 0;
    if (sscanf(sentence, "row %zu%n", &row, &used) != 1 || row < 1 || row > count)
        return status;
    if (!rest || sscanf(sentence + used, ", column %zu", &column) != 1 || column < 1 ||
        column > job->rows.columns)
        return nqi_fail(job->context, status, "row %zu%s", numbers[row - 1] + 1, sentence + used);
    nq_dataset_cell_place(place, sizeof place, job->rows.source.rows, numbers[row - 1],
                          column - 1);
    return nqi_fail(job->context, status, "%s%s; an empty cell would be filled%s", place, rest,
                    strstr(rest, "training rows had")
                        ? ", and with " NQI_OPTION "unseen missing others are drawn as if it was "
                          "not known"
                        : "");
}

nq_status nqi_fill_evidence_write(const nqi_fill_job *job)
{
    static const char *const names[] = {"row", "log_evidence", "log_evidence_se", "ess",
                                        "starts"};
    enum { WIDTH = NQI_FILL_EVIDENCE + 1 };
    const size_t count = job->rows.count;
    double *table = nqi_numbers_new(job->context, count, WIDTH);
    if (!table)
        return NQ_ERROR_MEMORY;
    for (size_t r = 0; r < count; r++) {
        table[r * WIDTH] = (double)r + 1;
        for (size_t k = 0; k < NQI_FILL_EVIDENCE; k++)
            table[r * WIDTH + 1 + k] = job->log_evidence[r * NQI_FILL_EVIDENCE + k];
    }
    const nq_status status =
        nq_values_write(job->plan.options.evidence, job->context, table, count, WIDTH, names);
    free(table);
    return status;
}
