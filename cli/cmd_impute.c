/* cmd_impute.c - noneq impute: fills missing cells with draws given the known ones. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "message.h"
#include "posterior.h"
#include "session.h"
#include "verbs.h"

typedef struct impute_values {
    posterior_values posterior;
    const char *mask;
} impute_values;

static const option_row rows[] = {
    POSTERIOR_OPTIONS(impute_values, posterior),
    {"mask", 0, OPTION_TEXT, offsetof(impute_values, mask), "FILE", NULL, 0,
     "a table of the data's shape: 1 where a cell is missing, 0 where it is known"},
};

static nq_status clamp_make(nq_evidence **out, const posterior_job *job, const nq_real *values,
                            size_t count)
{
    return nq_evidence_clamp(out, job->context, job->model, values, count);
}

/* Cells that the mask names become missing. */
static int mask_apply(nq_context *context, const nq_model *model, const char *path, nq_real *data,
                      size_t count)
{
    const size_t columns = nq_model_columns(model);
    size_t mask_rows = 0;
    int code;
    nq_real *mask = posterior_rows(context, model, path, &mask_rows, &code);

    if (!code && mask_rows != count)
        code = message_fail("%s has %zu rows; the data have %zu", path, mask_rows, count);
    for (size_t i = 0; !code && i < count * columns; i++) {
        if (mask[i] == 1)
            data[i] = NAN;
        else if (mask[i] != 0)
            code = message_fail("%s: row %zu, column %zu: expected 0 or 1, found %.9g", path,
                                i / columns + 1, i % columns + 1, (double)mask[i]);
    }
    free(mask);
    return code;
}

/* Evidence on all rows at once names a bad cell by its place in the file. */
static int data_check(const posterior_job *job)
{
    nq_evidence *evidence = NULL;
    const nq_status status =
        job->count ? clamp_make(&evidence, job, job->rows, job->count) : NQ_OK;

    nq_evidence_free(evidence);
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static int impute_run(const verb *self, int argc, char **argv)
{
    impute_values values;
    arguments words;
    nq_context *context;
    nq_model *model = NULL;
    nq_real *data = NULL;
    posterior_job job = {.keep = 1, .evidence = clamp_make};
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((code = posterior_check(&job, self, &values.posterior, words.operands[0],
                                words.operands[1])) ||
        (code = session_open(&context, &words.common)))
        return code;
    const nq_status status = nq_model_load(&model, context, words.operands[0]);
    if (status)
        code = session_fail(context, status);
    else
        data = posterior_rows(context, model, words.operands[1], &job.count, &code);
    if (!code && values.mask)
        code = mask_apply(context, model, values.mask, data, job.count);
    job.context = context;
    job.model = model;
    job.common = &words.common;
    job.rows = data;
    if (!code && !(code = data_check(&job)))
        code = posterior_write(&job);
    free(data);
    nq_model_free(model);
    nq_context_free(context);
    return code;
}

const verb verb_impute = {
    .name = "impute",
    .operands = "MODEL DATA [-o OUT]",
    .summary = "fill missing cells with draws given the known ones",
    .details =
        "Fills cells that are missing (empty, NA, NaN, or named by --mask) with draws from "
        "the model given the row's known cells, which come back unchanged. A row without "
        "missing cells passes through; one without known cells becomes a sample.",
    .example = "noneq impute wine.noneq gaps.csv --mean -o filled.csv",
    .operands_least = 2,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE,
    .run = impute_run,
};
