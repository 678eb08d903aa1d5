/* describe.h - what descriptions of models and of data share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_DESCRIBE_DESCRIBE_H
#define NQI_TASK_DESCRIBE_DESCRIBE_H

#include <stdio.h>

#include <noneq/report.h>

#include "task/report/print.h"
#include "task/source/source.h"

/* Takes the options, and refuses an output that is the input. role: what the input is called;
 * path: of it, NULL: that of the model in the options. */
nq_status nqi_describe_begin(nq_describe_options *own, nq_context *context,
                             const nq_describe_options *options, const char *role,
                             const char *path);
/* Gives what was printed, or drops it where `status` is a failure, and returns that. */
nq_status nqi_describe_end(char **report, nqi_print *print, nq_context *context, nq_status status,
                           const char *output);

/* data_json.c */
nq_status nqi_data_json(FILE *file, nq_context *context, const nqi_source *source);

#endif
