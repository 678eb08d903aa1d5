/* data.c - noneq data: make a built-in data set. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "cmd/verbs.h"
#include "message.h"
#include "session.h"

typedef struct data_values {
    int64_t rows, dim, size;
    double noise, radius_least, radius_most;
    const char *path;
} data_values;

/* To the library 0 is the set's own; so little noise leaves no trace. */
static const double noise_none = 1e-300;

static const option_row rows[] = {
    {"rows", 'n', OPTION_COUNT, offsetof(data_values, rows), "ROWS", "1000", 1, "rows to make"},
    {"output", 'o', OPTION_TEXT, offsetof(data_values, path), "FILE", "-", 0,
     "{tables}, perhaps with .gz; - writes CSV to standard output; one picture: .png "
     "or "
     ".pgm too"},
    {"dim", 0, OPTION_COUNT, offsetof(data_values, dim), "D", "0", 0,
     "numbers in a row; 0: the set's own (swissroll 2, heartbeat 20, gaussian 2, mixture 1, "
     "deadleaves size * size)"},
    {"noise", 0, OPTION_NUMBER, offsetof(data_values, noise), "S", NULL, -1,
     "swissroll: deviation of the noise in raw units (default 0); heartbeat: probability of a "
     "flipped bit (0); mixture: deviation of a component (0.3); gaussian: correlation of "
     "neighbouring columns (0)"},
    {"size", 0, OPTION_COUNT, offsetof(data_values, size), "S", "0", 0,
     "deadleaves: side of a picture in pixels (default 32)"},
    {"radius-least", 0, OPTION_NUMBER, offsetof(data_values, radius_least), "R", "0", 0,
     "deadleaves: smallest radius of a disc in pixels (default 1)"},
    {"radius-most", 0, OPTION_NUMBER, offsetof(data_values, radius_most), "R", "0", 0,
     "deadleaves: largest radius of a disc in pixels (default 200)"},
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
    const nq_generate_options options = {.rows = (size_t)values.rows,
                                         .dim = (size_t)values.dim,
                                         .noise = values.noise == 0     ? noise_none
                                                  : isnan(values.noise) ? 0
                                                                        : values.noise,
                                         .seed = (uint64_t)words.common.seed,
                                         .side = (size_t)values.size,
                                         .radius_least = values.radius_least,
                                         .radius_most = values.radius_most};
    nq_status status = nq_output_check(context, values.path);
    if (!status)
        status = nq_dataset_generate_to(values.path, context, words.operands[0], &options);
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
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE,
    .run = data_run,
};
