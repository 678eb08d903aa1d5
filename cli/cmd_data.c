/* cmd_data.c - noneq data: make a built-in data set. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "output.h"
#include "session.h"
#include "verbs.h"

typedef struct data_values {
    int64_t rows, dim;
    double noise;
    const char *path;
} data_values;

static const option_row rows[] = {
    {"rows", 'n', OPTION_COUNT, offsetof(data_values, rows), "ROWS", "1000", 1, "rows to make"},
    {"output", 'o', OPTION_TEXT, offsetof(data_values, path), "FILE", "-", 0,
     ".npy, .csv or .tsv, perhaps with .gz; - writes CSV to standard output"},
    {"dim", 0, OPTION_COUNT, offsetof(data_values, dim), "D", "0", 0,
     "numbers in a row; 0: the set's own (swissroll 2, heartbeat 20, gaussian 2, mixture 1)"},
    {"noise", 0, OPTION_NUMBER, offsetof(data_values, noise), "S", NULL, -1,
     "swissroll: deviation of the noise in raw units (default 0); heartbeat: probability of a "
     "flipped bit (0); mixture: deviation of a component (0.3); gaussian: correlation of "
     "neighbouring columns (0)"},
};

/* The library streams to files only; what goes to standard output is made in memory. */
static nq_status data_print(nq_context *context, const char *name,
                            const nq_generate_options *options)
{
    nq_dataset *data = NULL;
    nq_real *values = NULL;
    const char **names = NULL;
    nq_status status = nq_dataset_generate(&data, context, name, options);

    if (status)
        return status;
    const size_t count = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    values = values_new(count, dim);
    names = malloc((dim + 1) * sizeof *names);
    if (!values || !names) {
        status = NQ_ERROR_MEMORY;
        goto done;
    }
    for (size_t i = 0; i < count; i++)
        nq_dataset_row(data, i, values + i * dim);
    for (size_t i = 0; i < dim; i++)
        names[i] = nq_dataset_column_name(data, i);
    status = nq_values_write(context, "-", values, count, dim, dim && names[0] ? names : NULL);
done:
    free(names);
    free(values);
    nq_dataset_free(data);
    return status;
}

static int data_run(const verb *self, int argc, char **argv)
{
    data_values values;
    arguments words;
    nq_context *context;
    nq_status status;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((code = output_check_table(values.path)) ||
        (code = session_open(&context, &words.common)))
        return code;
    const nq_generate_options options = {.rows = (size_t)values.rows,
                                         .dim = (size_t)values.dim,
                                         .noise = values.noise,
                                         .seed = (uint64_t)words.common.seed};
    if (strcmp(values.path, "-") == 0)
        status = data_print(context, words.operands[0], &options);
    else
        status = nq_dataset_generate_to(context, words.operands[0], &options, values.path);
    code = status ? session_fail(context, status) : output_finish();
    nq_context_free(context);
    return code;
}

const verb verb_data = {
    .name = "data",
    .operands = "NAME [-n ROWS] [-o FILE]",
    .summary = "make a built-in data set: swissroll, heartbeat, gaussian, mixture",
    .details =
        "Makes a built-in data set and writes it as a table: swissroll (two numbers, unit "
        "variance), heartbeat (bits with a period of 5 and a random phase), gaussian (unit "
        "variance, correlated columns) or mixture (two narrow peaks in each column). Row i "
        "depends on the seed and i alone.",
    .example = "noneq data swissroll -n 10000 --noise 0.25 -o roll.npy",
    .operands_least = 1,
    .operands_most = 1,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE,
    .run = data_run,
};
