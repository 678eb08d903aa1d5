/* version.c - noneq version: which noneq this is. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "cmd/verbs.h"
#include "message.h"

typedef struct version_values {
    size_t size;
    nq_flag json;
} version_values;

static const nq_option rows[] = {
    {"json", "json", NQ_OPTION_FLAG, offsetof(version_values, json), "0", 0, 1,
     "print it as JSON"},
};
static const nq_options_type type = {"version_values", sizeof(version_values),
                                     sizeof(version_values), rows, sizeof rows / sizeof *rows};
static const option_struct structs[] = {{"own", 0, NULL}, {NULL, 0, NULL}};

static int version_run(const verb *self, int argc, char **argv)
{
    version_values values;
    arguments words;
    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    printf(values.json ? "{\"version\":\"%s\"}\n" : "noneq %s\n", nq_version());
    return output_finish();
}

const verb verb_version = {
    .name = "version",
    .operands = "[--json]",
    .summary = "the version of this program",
    .details = "Prints the version of this program, as 'noneq --version' and 'noneq -V' do. "
               "'noneq info MODEL' tells which version wrote a model file.",
    .example = "noneq version --json",
    .structs = structs,
    .own = &type,
    .run = version_run,
};
