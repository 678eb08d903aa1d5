/* pool.c - noneq pool: one answer, with an honest error, from several completed tables. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "report.h"
#include "session.h"

static const option_struct structs[] = {
    {"nq_pool_tables_options", 0, NULL},
    {NULL, 0, NULL},
};

static int values_check(const verb *self, const nq_pool_tables_options *options)
{
    if (!options->mean && !options->proportion && !options->quantile && !options->regress)
        return options_refuse(self, "what is to be pooled: --mean, --proportion, --quantile or "
                                    "--regress");
    if (!(options->level > 0 && options->level < 1))
        return options_refuse(self, "--level is between 0 and 1, not %g", options->level);
    return EXIT_DONE;
}

static int pool_run(const verb *self, int argc, char **argv)
{
    nq_pool_tables_options options;
    nq_source tables[OPERANDS_MOST] = {{0}};
    arguments words;
    nq_context *context;
    char *report = NULL;
    int code;
    if (!options_parse(&words, &options, self, argc, argv))
        return words.status;
    if ((code = values_check(self, &options)) || (code = session_open(&context, &words.common)))
        return code;
    for (int i = 0; i < words.operand_count; i++)
        tables[i] = (nq_source){.path = words.operands[i], .read = &words.common.read};
    const nq_status status =
        nq_pool_tables(NULL, &report, context, tables, (size_t)words.operand_count, &options);
    code = report_print(context, status, &report);
    session_close(context);
    return code;
}

const verb verb_pool = {
    .name = "pool",
    .operands = "DRAWS... --mean COLUMN,... [options]",
    .summary = "one answer from several completed tables, by Rubin's rules",
    .details =
        "Computes means, proportions, quantiles or a regression of every completed table and "
        "pools them: their mean, and an error that holds both what rows leave open and what the "
        "gaps do (Rubin 1987; degrees of freedom of Barnard and Rubin 1999). DRAWS is what "
        "impute --draws M writes, 20 draws or more; or several completed tables, a file each. "
        "Draws of several models (a column model) are pooled as such: a model errs for all its "
        "draws at once (Shen 2000). Rows are taken as drawn independently; \"by gaps\" is the "
        "part of the error's square that is due to the gaps.",
    .example = "noneq pool draws.csv --mean age --regress \"income ~ age + sex\"",
    .operands_least = 1,
    .operands_most = OPERANDS_MOST,
    .structs = structs,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = pool_run,
};
