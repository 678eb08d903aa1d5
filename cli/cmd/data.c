/* data.c - noneq data: make a built-in data set. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "message.h"
#include "session.h"

typedef struct data_output {
    size_t size;
    nq_string path;
} data_output;

typedef struct data_values {
    nq_generate_options generate;
    data_output output;
} data_values;

static const nq_option rows[] = {
    {"path", "output", NQ_OPTION_STRING, offsetof(data_output, path), NULL, 0, 0,
     "{tables}, perhaps with .gz; - writes CSV to standard output, as does nothing; one picture: "
     ".png or .pgm too"},
};
static const nq_options_type type = {"data_output", sizeof(data_output), sizeof(data_output),
                                     rows, sizeof rows / sizeof *rows};
static const option_struct structs[] = {
    {"nq_generate_options", offsetof(data_values, generate), "n=rows"},
    {"own", offsetof(data_values, output), "o=output"},
    {NULL, 0, NULL},
};

static int data_run(const verb *self, int argc, char **argv)
{
    data_values values;
    arguments words;
    nq_context *context;
    int code;
    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((code = session_open(&context, &words.common)))
        return code;
    const char *path = values.output.path ? values.output.path : "-";
    values.generate.seed = (uint64_t)words.common.seed;
    nq_status status = nq_output_check(context, path);
    if (!status)
        status = nq_dataset_generate_to(path, context, words.operands[0], &values.generate);
    code = status ? session_fail(context, status) : output_finish();
    session_close(context);
    return code;
}

const verb verb_data = {
    .name = "data",
    .operands = "NAME [-n ROWS] [-o FILE]",
    .summary = "make a built-in data set: {sets}",
    .details =
        "Makes a built-in data set and writes it as a table: swissroll (two numbers, unit "
        "variance), heartbeat (bits with a period of 5 and a random phase), gaussian (unit "
        "variance, correlated columns), mixture (two narrow peaks in each column) or deadleaves "
        "(grey pictures of discs that hide each other; .npy holds bytes of shape (rows, size, "
        "size)). Row i depends on the seed and i alone.",
    .example = "noneq data swissroll -n 10000 --noise 0.25 -o roll.npy",
    .operands_least = 1,
    .operands_most = 1,
    .structs = structs,
    .own = &type,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE,
    .run = data_run,
};
