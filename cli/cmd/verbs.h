/* verbs.h - the verbs of the program, one file each. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_VERBS_H
#define NONEQ_CLI_VERBS_H

#include "options.h"

extern const verb verb_data, verb_train, verb_sample, verb_eval, verb_score, verb_plot, verb_info,
    verb_bench, verb_steps, verb_impute, verb_denoise, verb_compare, verb_check, verb_report,
    verb_pool, verb_version;

/* All of them in the order in which they are told; NULL past the last. */
const verb *verb_get(size_t i);
/* NULL: there is none of this name. */
const verb *verb_find(const char *name);

#endif
