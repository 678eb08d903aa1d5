/* paths.h - the files of a task, and that none of them is an input and an output at once. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_SOURCE_PATHS_H
#define NQI_TASK_SOURCE_PATHS_H

#include <stddef.h>

#include <noneq/context.h>

typedef enum nqi_path_kind {
    NQI_PATH_INPUT,  /* a file that is read, or a folder of pictures */
    NQI_PATH_OUTPUT, /* a file that is written; "-": standard output */
    NQI_PATH_LOG     /* a folder in which metrics.jsonl is written */
} nqi_path_kind;

typedef struct nqi_path_use {
    nqi_path_kind kind;
    const char *role; /* what the user calls it, such as "DATA" or NQI_OPTION "mask" */
    const char *path; /* NULL: not given */
} nqi_path_use;

/* Refuses outputs that are the same file as an input or another output, whatever they are called:
 * by links, or by other ways to one folder. Inputs that are not there are somebody else's
 * business. NQ_ERROR_FILE. */
nq_status nqi_paths_check(nq_context *context, const nqi_path_use *uses, size_t count);

#endif
