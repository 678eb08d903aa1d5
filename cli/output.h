/* output.h - result files that appear whole or not at all, and checks before long work. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_OUTPUT_H
#define NONEQ_CLI_OUTPUT_H

#include <stdio.h>

/* A text or picture being written: standard output, or a file beside the final one. */
typedef struct output {
    FILE *file;
    const char *path;
    char temporary[4096]; /* "" for standard output */
} output;

/* path NULL or "-": standard output. All return an exit status and have printed the reason of a
 * failure. */
int output_open(output *out, const char *path);
/* Flushes, syncs and renames; on failure nothing is left behind. */
int output_close(output *out);
/* Throws away what was written. */
void output_drop(output *out);

/* Refuses a path that could not be written later: a folder, a device, or in a folder that does
 * not exist or takes no files. */
int output_check(const char *path);
/* The same for a table of numbers: "-", or .npy .csv .tsv and .gz of them. */
int output_check_table(const char *path);
/* Refuses an output that is the very file `input`. Either may be NULL. */
int output_check_apart(const char *path, const char *input);

/* True when the name ends so, whatever the case of its letters. */
int path_has_extension(const char *path, const char *extension);
int path_exists(const char *path);

#endif
