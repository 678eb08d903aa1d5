/* cmd_denoise.c - noneq denoise: draws of the rows behind noisy ones. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "posterior.h"
#include "session.h"
#include "verbs.h"

typedef struct denoise_values {
    posterior_values posterior;
    double sigma, flip;
} denoise_values;

static const option_row rows[] = {
    {"sigma", 's', OPTION_NUMBER, offsetof(denoise_values, sigma), "S", NULL, 0,
     "standard deviation of the noise in every column, in the data's units (real numbers)"},
    {"flip", 0, OPTION_NUMBER, offsetof(denoise_values, flip), "P", NULL, 0,
     "probability that a bit is the wrong one (bits)"},
    POSTERIOR_OPTIONS(denoise_values, posterior),
};

static nq_status normal_make(nq_evidence **out, const posterior_job *job, const nq_real *values,
                             size_t count)
{
    const double *sigma = job->state;

    return nq_evidence_gaussian(out, job->context, job->model, values, sigma, count);
}

/* A bit that reads 1 is 1 with the odds (1 - P) : P. */
static nq_status bits_make(nq_evidence **out, const posterior_job *job, const nq_real *values,
                           size_t count)
{
    const double flip = *(const double *)job->state;
    const size_t numbers = count * nq_model_columns(job->model);
    nq_real *d = values_new(numbers, 1);
    nq_status status = d ? NQ_OK : NQ_ERROR_MEMORY;

    for (size_t i = 0; d && i < numbers; i++)
        d[i] = isnan(values[i]) ? values[i] : (nq_real)(values[i] > 0 ? 1 - flip : flip);
    if (!status)
        status = nq_evidence_bernoulli(out, job->context, job->model, d, count);
    free(d);
    return status;
}

/* Which of the two kinds of noise, and whether it was given. */
static int noise_choose(posterior_job *job, const denoise_values *values, double *sigma)
{
    const size_t columns = nq_model_columns(job->model);

    if (!strcmp(nq_model_kernel(job->model), "binomial")) {
        if (isnan(values->flip) || !isnan(values->sigma) || values->flip >= 0.5)
            return message_fail(
                "a model of bits takes --flip P with P below 0.5, and no --sigma");
        job->evidence = bits_make;
        job->state = &values->flip;
        return EXIT_DONE;
    }
    if (isnan(values->sigma) || !isnan(values->flip) || !(values->sigma > 0))
        return message_fail("a model of real numbers takes --sigma S with S above 0, and no "
                            "--flip");
    for (size_t c = 0; c < columns; c++)
        sigma[c] = values->sigma;
    job->evidence = normal_make;
    job->state = sigma;
    return EXIT_DONE;
}

/* Names a bad cell by its place in the file: a clamp refuses just the same ones. */
static int data_check(const posterior_job *job)
{
    nq_evidence *evidence = NULL;
    const nq_status status =
        job->count ? nq_evidence_clamp(&evidence, job->context, job->model, job->rows, job->count)
                   : NQ_OK;

    nq_evidence_free(evidence);
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static int denoise_run(const verb *self, int argc, char **argv)
{
    denoise_values values;
    arguments words;
    nq_context *context;
    nq_model *model = NULL;
    nq_real *data = NULL;
    double *sigma = NULL;
    posterior_job job = {0};
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (isnan(values.sigma) && isnan(values.flip))
        return options_refuse(self, "the noise is missing: expected --sigma S or --flip P");
    if ((code = posterior_check(&job, self, &values.posterior, words.operands[0],
                                words.operands[1])) ||
        (code = session_open(&context, &words.common)))
        return code;
    const nq_status status = nq_model_load(&model, context, words.operands[0]);
    if (status)
        code = session_fail(context, status);
    else
        data = posterior_rows(context, model, words.operands[1], &job.count, &code);
    job.context = context;
    job.model = model;
    job.common = &words.common;
    job.rows = data;
    if (!code && !(sigma = calloc(nq_model_columns(model), sizeof *sigma)))
        code = message_fail("out of memory");
    if (!code && !(code = noise_choose(&job, &values, sigma)) && !(code = data_check(&job)))
        code = posterior_write(&job);
    free(sigma);
    free(data);
    nq_model_free(model);
    nq_context_free(context);
    return code;
}

const verb verb_denoise = {
    .name = "denoise",
    .operands = "MODEL DATA --sigma S [-o OUT]",
    .summary = "draw the rows behind noisy ones",
    .details = "Draws rows x from the model given y = x + noise, for every row y of the data. A "
               "missing cell is one of which nothing is known.",
    .example = "noneq denoise roll.noneq noisy.csv --sigma 0.25 --mean -o clean.csv",
    .operands_least = 2,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE,
    .run = denoise_run,
};
