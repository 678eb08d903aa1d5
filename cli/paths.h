/* paths.h - the files of a job, and that none of them is an input and an output at once. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PATHS_H
#define NONEQ_CLI_PATHS_H

#include <stddef.h>

typedef enum path_kind {
    PATH_INPUT,  /* a file that is read, or a folder of pictures */
    PATH_OUTPUT, /* a file that is written; "-": standard output */
    PATH_LOG     /* a folder in which metrics.jsonl is written */
} path_kind;

typedef struct path_use {
    path_kind kind;
    const char *role; /* what the command line calls it, such as "DATA" or "--mask" */
    const char *path; /* NULL: not given */
} path_use;

/* Refuses outputs that are the same file as an input or another output, whatever they are called:
 * by links, or by other ways to one folder. Inputs that are not there are somebody else's
 * business. Returns an exit status and has printed the reason of a failure. */
int paths_check(const path_use *uses, size_t count);

#endif
