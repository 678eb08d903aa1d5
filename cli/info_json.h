/* info_json.h - noneq info DATA --json. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_INFO_JSON_H
#define NONEQ_CLI_INFO_JSON_H

#include <stdio.h>

#include <noneq.h>

/* Returns an exit status and has printed the reason of a failure. */
int info_json_write(FILE *file, nq_context *context, const char *path, const nq_dataset *data);

#endif
