/* output.h - whether the files that a task will write can be written, before long work. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_SOURCE_OUTPUT_H
#define NQI_TASK_SOURCE_OUTPUT_H

#include <noneq/context.h>

/* Refuses a path that could not be written later: a folder, or in a folder that does not exist or
 * takes no files. Devices and pipes are written as they are. NQ_ERROR_FILE. */
nq_status nqi_output_check(nq_context *context, const char *path);
/* The same, and refuses what is no regular file. */
nq_status nqi_output_check_file(nq_context *context, const char *path);
/* The same for a table of numbers: NULL (none), "-", an ending that nq_values_ending lists, or a
 * device. */
nq_status nqi_output_check_table(nq_context *context, const char *path);

/* Whether there is something of that name. */
int nqi_path_exists(const char *path);

#endif
