/* options.h - inside the option tables: zeroed structs, and the check that guards all of them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_OPTION_OPTIONS_H
#define NQI_IO_OPTION_OPTIONS_H

#include <noneq/options.h>

/* The caller's struct (NULL: defaults) as one that _init made: fields that are zero in a zeroed
 * struct become their defaults. */
void nqi_model_options_copy(nq_model_options *out, const nq_model_options *options);
void nqi_train_options_copy(nq_train_options *out, const nq_train_options *options);

/* Holds every field to its range. path: the file that they come from (NQ_ERROR_FORMAT, "PATH: not a
 * usable WHAT: ..."), or NULL (NQ_ERROR_ARGUMENT). */
nq_status nqi_model_options_check(nq_context *context, const nq_model_options *options,
                                  const char *path);
nq_status nqi_train_options_check(nq_context *context, const nq_train_options *options,
                                  const char *path);

#endif
