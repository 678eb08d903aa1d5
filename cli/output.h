/* output.h - result files that appear whole or not at all, and checks before long work. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_OUTPUT_H
#define NONEQ_CLI_OUTPUT_H

#include <stdio.h>

#include <noneq.h>

/* A text or picture being written: standard output, or a file of the library (nq_file). It must
 * not be copied while it is open. */
typedef struct output {
    FILE *file;
    const char *path;
    nq_context *context;
    nq_file *whole;   /* NULL: standard output */
    nq_status status; /* the first failure of the library */
} output;

/* path NULL or "-": standard output. All return an exit status and have printed the reason of a
 * failure. */
int output_open(output *out, nq_context *context, const char *path);
/* Flushes, syncs and renames; on failure nothing is left behind. */
int output_close(output *out);
/* Throws away what was written. */
void output_drop(output *out);

/* Refuses a path that could not be written later: a folder, or in a folder that does not exist or
 * takes no files. Devices and pipes are written as they are. */
int output_check(const char *path);
/* The same, and refuses what is no regular file. */
int output_check_file(const char *path);
/* The same for a table of numbers: "-", an ending that nq_values_ending lists, or a device. */
int output_check_table(const char *path);

/* Whether it names a table that holds nothing but numbers, and so has no header. */
int path_is_numbers(const char *path);
/* True when the name ends so, whatever the case of its letters. */
int path_has_extension(const char *path, const char *extension);
int path_exists(const char *path);

#endif
