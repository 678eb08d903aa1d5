/* impute.c - noneq impute: fills missing cells with draws given the known ones. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "cmd/verbs.h"
#include "mask.h"
#include "posterior.h"

typedef struct impute_values {
    posterior_values posterior;
    const char *mask;
} impute_values;

static const option_row rows[] = {
    {"mask", 'm', OPTION_TEXT, offsetof(impute_values, mask), "MASK", NULL, 0,
     "hide cells: a table of the data's shape with 1 where a cell is missing, 0 where it is "
     "known; of pictures also a picture of their size, white where they are missing, a rectangle "
     "LEFT,TOP,WIDTH,HEIGHT, or left, right, top or bottom for that half"},
    POSTERIOR_OPTIONS(impute_values, posterior),
};

static int mask_prepare(posterior_job *job, const void *verb_values)
{
    const impute_values *values = verb_values;
    nq_picture shape = job->picture;
    int code;

    if (!values->mask)
        return EXIT_DONE;
    if (job->values->picture.image)
        picture_parse(&shape, job->values->picture.image);
    if (shape.channels * shape.height * shape.width != job->columns)
        shape.channels = 0;
    if ((code = posterior_keep_truth(job)))
        return code;
    return mask_apply(job, values->mask, &shape);
}

static int impute_run(const verb *self, int argc, char **argv)
{
    impute_values values;
    arguments words;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    return posterior_run(self, &words, &values.posterior, 1, values.mask, mask_prepare, &values);
}

const verb verb_impute = {
    .name = "impute",
    .operands = "MODEL... DATA [-o OUT]",
    .summary = "fill missing cells with draws given the known ones",
    .details =
        "Fills cells that are missing (empty, NA, NaN, or hidden by --mask) with draws from "
        "the model given the row's known cells, which come back unchanged. A row without "
        "missing cells passes through; one without known cells becomes a sample. Several models, "
        "such as those of train --models, share the draws of each row, so that these differ by "
        "what the training rows leave open too; noneq pool makes one answer of them. A model of "
        "pictures whose network does not depend on their size (no dense layers) fills holes in "
        "pictures of any size, in windows.",
    .example = "noneq impute wine.nq gaps.csv --mean -o filled.csv",
    .operands_least = 2,
    .operands_most = OPERANDS_MOST,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_JSON | COMMON_QUIET | COMMON_VERBOSE |
              COMMON_READ | COMMON_COLUMNS,
    .run = impute_run,
};
