/* posterior_evidence.c - all that is known of rows, and how probable it was. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "message.h"
#include "output.h"
#include "posterior.h"
#include "session.h"

/* A row of which nothing is missing passes through. */
static int full_rows_check(const posterior_job *job)
{
    for (size_t r = 0; r < job->count && job->keep; r++) {
        const double *row = job->rows + r * job->columns;
        size_t known = 0;

        for (size_t c = 0; c < job->columns; c++)
            known += isnan(row[c]) ? 0 : 1;
        if (known == job->columns && given_misses(&job->given, row, 1))
            return message_fail("--given cannot be met in row %zu, of which no cell is missing",
                                r + 1);
    }
    return EXIT_DONE;
}

int posterior_evidence_read(posterior_job *job)
{
    const posterior_values *values = job->values;
    int code = EXIT_DONE;

    collapse_begin(&job->few);
    if ((values->given || values->observe || values->evidence) && !job->sized)
        return message_fail("--given, --observe and --evidence are for rows of the model's size");
    if (values->given &&
        !(code = given_parse(&job->given, job->context, job->model, values->given)))
        code = full_rows_check(job);
    if (!code && values->observe)
        code =
            observe_read(&job->observed, job->context, job->model, values->observe, job->total);
    if (!code && values->evidence &&
        !(job->log_evidence = values_new(job->count, EVIDENCE_NUMBERS)))
        code = EXIT_FAILED;
    for (size_t i = 0; job->log_evidence && i < job->count * EVIDENCE_NUMBERS; i++)
        job->log_evidence[i] = NAN;
    return code;
}

/* Conditions on noisy rows are on the rows behind them. */
static int given_make(row_evidence *out, const posterior_job *job, const double *given,
                      const size_t *numbers, size_t count)
{
    double *none = NULL;

    if (!job->evidence)
        return given_evidence(&out->given, out->parts, job->context, &job->given, given, count,
                              numbers);
    if (!(none = values_new(count, job->columns)))
        return EXIT_FAILED;
    for (size_t i = 0; i < count * job->columns; i++)
        none[i] = NAN;
    const int code =
        given_evidence(&out->given, out->parts, job->context, &job->given, none, count, numbers);
    free(none);
    return code;
}

int posterior_evidence_make(row_evidence *out, const posterior_job *job, const nq_model *model,
                            const double *given, const size_t *numbers, size_t count)
{
    const nq_evidence *parts[3];
    nq_status status = NQ_OK;
    size_t some = 0;
    int code = EXIT_DONE;

    *out = (row_evidence){.all = NULL};
    if (job->given.names)
        code = given_make(out, job, given, numbers, count);
    if (code)
        return code;
    if (job->evidence)
        status = job->evidence(&out->own, job, model, given, count);
    else if (!job->given.names)
        status = nq_evidence_clamp(&out->own, job->context, model, given, count);
    if (!status && job->observed.count)
        status =
            observe_evidence(&out->linear, job->context, model, &job->observed, numbers, count);
    if (out->own)
        parts[some++] = out->own;
    if (out->given)
        parts[some++] = out->given;
    if (out->linear)
        parts[some++] = out->linear;
    if (!status)
        status = nq_evidence_product(&out->all, job->context, parts, some);
    return status ? session_fail_rows(job->context, status, numbers, count) : EXIT_DONE;
}

void posterior_evidence_free(row_evidence *evidence)
{
    nq_evidence_free(evidence->all);
    nq_evidence_free(evidence->own);
    nq_evidence_free(evidence->linear);
    nq_evidence_free(evidence->given);
    nq_evidence_free(evidence->parts[0]);
    nq_evidence_free(evidence->parts[1]);
    *evidence = (row_evidence){.all = NULL};
}

int posterior_evidence_write(const posterior_job *job)
{
    static const char *const names[] = {"row", "log_evidence", "log_evidence_se", "ess",
                                        "starts"};
    enum { WIDTH = EVIDENCE_NUMBERS + 1 };
    double *table = values_new(job->count, WIDTH);
    nq_status status = table ? NQ_OK : NQ_ERROR_MEMORY;

    for (size_t r = 0; r < job->count && table; r++) {
        table[r * WIDTH] = (double)r + 1;
        for (size_t k = 0; k < EVIDENCE_NUMBERS; k++)
            table[r * WIDTH + 1 + k] = job->log_evidence[r * EVIDENCE_NUMBERS + k];
    }
    if (!status)
        status =
            nq_values_write(job->values->evidence, job->context, table, job->count, WIDTH, names);
    free(table);
    return status ? session_fail(job->context, status) : output_finish();
}
