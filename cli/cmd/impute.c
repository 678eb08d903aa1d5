/* impute.c - noneq impute: fills missing cells with draws given the known ones. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "fill.h"
#include "session.h"

static int impute_run(const verb *self, int argc, char **argv)
{
    fill_values values;
    arguments words;
    fill_models models;
    char *report = NULL;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    const nq_source rows = fill_begin(&values, &words);
    if ((code = fill_models_open(&models, &words)))
        return code;
    const nq_status status = nq_fill(NULL, &report, models.context, models.borrowed, models.count,
                                     &rows, &values.fill);
    return fill_end(&models, status, report);
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
    .structs = fill_structs,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = impute_run,
};
