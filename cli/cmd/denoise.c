/* denoise.c - noneq denoise: draws of the rows behind noisy ones. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verbs.h"
#include "message.h"
#include "noise.h"
#include "posterior.h"
#include "session.h"

typedef struct denoise_values {
    posterior_values posterior;
    double sigma, snr, flip;
    int add_noise;
} denoise_values;

static const option_row rows[] = {
    {"sigma", 's', OPTION_NUMBER, offsetof(denoise_values, sigma), "S", NULL, 0,
     "standard deviation of the noise in every column, in the data's units (real numbers)"},
    {"snr", 0, OPTION_NUMBER, offsetof(denoise_values, snr), "R", NULL, 0,
     "the same as a signal-to-noise ratio: each column's deviation in training divided by R"},
    {"flip", 0, OPTION_NUMBER, offsetof(denoise_values, flip), "P", NULL, 0,
     "probability that a bit is the wrong one (bits)"},
    {"add-noise", 0, OPTION_FLAG, offsetof(denoise_values, add_noise), NULL, NULL, 0,
     "DATA is clean: add that noise to it first"},
    POSTERIOR_OPTIONS(denoise_values, posterior),
};

static nq_status normal_make(nq_evidence **out, const posterior_job *job, const nq_model *model,
                             const double *values, size_t count)
{
    return nq_evidence_gaussian(out, job->context, model, values, job->sigma, count);
}

/* A bit that reads 1 is 1 with the odds (1 - P) : P. */
static nq_status bits_make(nq_evidence **out, const posterior_job *job, const nq_model *model,
                           const double *values, size_t count)
{
    const double flip = job->flip;
    const size_t numbers = count * job->columns;
    double *d = values_new(numbers, 1);
    nq_status status = d ? NQ_OK : NQ_ERROR_MEMORY;

    for (size_t i = 0; d && i < numbers; i++)
        d[i] = isnan(values[i]) ? values[i] : (values[i] > 0 ? 1 - flip : flip);
    if (!status)
        status = nq_evidence_bernoulli(out, job->context, model, d, count);
    free(d);
    return status;
}

/* Noise is in the data's units, and a model of several kinds knows them of real columns alone. */
static int kinds_check(const posterior_job *job)
{
    const size_t columns = nq_model_is_recorded(job->model) ? nq_model_columns(job->model) : 0;

    for (size_t c = 0; c < columns; c++)
        if (!nq_model_column_is_density(job->model, c) || nq_model_levels(job->model, c))
            return message_fail("column %zu of the model is of kind %s: noise can be in real "
                                "numbers alone; a model by --kernel gaussian has it in all",
                                c + 1, nq_model_column_kind(job->model, c));
    return EXIT_DONE;
}

/* Which of the two kinds of noise, and whether it was given. */
static int noise_choose(posterior_job *job, const denoise_values *values)
{
    const size_t columns = nq_model_columns(job->model);

    if (kinds_check(job))
        return EXIT_FAILED;
    if (!nq_model_is_density(job->model)) {
        if (isnan(values->flip) || !isnan(values->sigma) || !isnan(values->snr) ||
            values->flip >= 0.5)
            return message_fail("a model of bits takes --flip P with P below 0.5, and no --sigma "
                                "or --snr");
        if (!job->sized)
            return message_fail("noisy pictures of bits must have the size that the model was "
                                "made for");
        job->evidence = bits_make;
        job->flip = values->flip;
        return EXIT_DONE;
    }
    const double given = isnan(values->sigma) ? values->snr : values->sigma;
    if (!(given > 0) || !isnan(values->flip))
        return message_fail("a model of real numbers takes --sigma S or --snr R above 0, and no "
                            "--flip");
    if (!(job->sigma = calloc(columns + 1, sizeof *job->sigma)))
        return message_fail("out of memory");
    for (size_t c = 0; c < columns; c++) {
        double deviation = 1;

        nq_model_column_scaling(NULL, &deviation, job->model, c);
        job->sigma[c] =
            isnan(values->sigma) ? (deviation > 0 ? deviation : 1) / values->snr : values->sigma;
    }
    job->evidence = normal_make;
    return EXIT_DONE;
}

/* Missing cells stay missing; constant columns have no deviation and get no noise by --snr that
 * anybody would look at. */
static void noise_add(posterior_job *job)
{
    const uint64_t seed = (uint64_t)job->common->seed;

    for (size_t i = 0; i < job->count * job->columns; i++) {
        double *x = &job->rows[i], low = 0, high = 1;

        if (job->sigma) {
            *x = (*x + job->sigma[job->sized ? i % job->columns : 0] * noise_normal(seed, i));
            continue;
        }
        (void)nq_model_pair(&low, &high, job->model, i % job->columns);
        if (!isnan(*x) && noise_uniform(seed, i) < job->flip)
            *x = low + high - *x;
    }
}

static int noise_prepare(posterior_job *job, const void *verb_values)
{
    const denoise_values *values = verb_values;

    if (isnan(values->sigma) && isnan(values->snr) && isnan(values->flip))
        return EXIT_DONE; /* cells that are there are known */
    int code = noise_choose(job, values);

    if (code || !values->add_noise)
        return code;
    if (!(code = posterior_keep_truth(job)))
        noise_add(job);
    return code;
}

static int denoise_run(const verb *self, int argc, char **argv)
{
    denoise_values values;
    arguments words;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    const int has_noise = !isnan(values.sigma) || !isnan(values.snr) || !isnan(values.flip);
    if (!has_noise && !values.posterior.given && !values.posterior.observe)
        return options_refuse(self, "the noise is missing: expected --sigma S, --snr R or "
                                    "--flip P, or --observe or --given");
    if (!has_noise && values.add_noise)
        return options_refuse(self, "--add-noise needs --sigma S, --snr R or --flip P");
    if (!isnan(values.sigma) && !isnan(values.snr))
        return options_refuse(self, "--sigma and --snr are two measures of the same noise; give "
                                    "one");
    return posterior_run(self, &words, &values.posterior, 0, NULL, noise_prepare, &values);
}

const verb verb_denoise = {
    .name = "denoise",
    .operands = "MODEL DATA --sigma S [-o OUT]",
    .summary = "draw the rows behind noisy ones",
    .details = "Draws rows x from the model given y = x + noise, for every row y of the data. A "
               "missing cell is one of which nothing is known. A model of pictures whose network "
               "does not depend on their size (no dense layers) takes pictures of any size. "
               "With --observe or --given and no noise, cells that are there are known exactly.",
    .example = "noneq denoise roll.nq noisy.csv --sigma 0.25 --mean -o clean.csv",
    .operands_least = 2,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_JSON | COMMON_QUIET | COMMON_VERBOSE |
              COMMON_READ | COMMON_COLUMNS,
    .run = denoise_run,
};
