/* denoise.c - noneq denoise: draws of the rows behind noisy ones. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "fill.h"
#include "session.h"

typedef struct denoise_values {
    fill_values shared; /* first, as fill_structs has it */
    nq_noise_options noise;
} denoise_values;

static const option_struct structs[] = {
    {"nq_noise_options", offsetof(denoise_values, noise), "s=sigma"},
    FILL_STRUCTS,
    {NULL, 0, NULL},
};

static int denoise_run(const verb *self, int argc, char **argv)
{
    denoise_values values;
    arguments words;
    fill_models models;
    char *report = NULL;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    const nq_source rows = fill_begin(&values.shared, &words);
    if ((code = fill_models_open(&models, &words)))
        return code;
    const nq_status status = nq_denoise(NULL, &report, models.context, models.borrowed,
                                        models.count, &rows, &values.noise, &values.shared.fill);
    return fill_end(&models, status, report);
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
    .structs = structs,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = denoise_run,
};
