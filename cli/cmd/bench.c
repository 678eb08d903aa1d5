/* bench.c - noneq bench: the speed of this machine on the standard jobs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"
#include "report.h"
#include "session.h"

static const option_struct structs[] = {
    {"nq_benchmark_options", 0, "o=output"},
    {NULL, 0, NULL},
};

static int bench_run(const verb *self, int argc, char **argv)
{
    nq_benchmark_options options;
    arguments words;
    nq_context *context;
    int code;
    if (!options_parse(&words, &options, self, argc, argv))
        return words.status;
    if ((code = session_open(&context, &words.common)))
        return code;
    options.output = report_output(options.output);
    code = report_end(context, nq_benchmark(NULL, context, &options));
    session_close(context);
    return code;
}

const verb verb_bench = {
    .name = "bench",
    .operands = "[--json]",
    .summary = "the speed of this machine on the standard jobs",
    .details =
        "Trains, samples and evaluates terms of K for a few seconds each: the paper's swiss roll "
        "(T = 40, 16 radial basis functions) and heartbeat (T = 2000, 20-50-50-50), and pictures "
        "of 28 x 28 with convolutions and a dense pathway (T = 1000; samples are counted by "
        "single steps). docs/speed.md compares the same jobs with PyTorch and JAX. Close other "
        "programs first.",
    .example = "noneq bench --threads 1 --json",
    .operands_least = 0,
    .operands_most = 0,
    .structs = structs,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE,
    .run = bench_run,
};
