/* info_data.h - noneq info DATA: how a data file is read, column by column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_INFO_DATA_H
#define NONEQ_CLI_INFO_DATA_H

#include "options.h"

/* Whether a file is rather a model than data, by its name and its first bytes. */
int info_is_model(const char *path);
/* Describes the data to `path` ("-": standard output). Returns an exit status and has printed the
 * reason of a failure. */
int info_data_write(nq_context *context, const char *data_path, const char *path,
                    const common_values *common);

#endif
