/* verbs.c - the list of verbs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "cmd/verbs.h"

#include <string.h>

static const verb *const verbs[] = {&verb_data,   &verb_train,   &verb_sample, &verb_eval,
                                    &verb_score,  &verb_compare, &verb_check,  &verb_report,
                                    &verb_impute, &verb_denoise, &verb_pool,   &verb_plot,
                                    &verb_info,   &verb_steps,   &verb_bench,  &verb_version};

const verb *verb_get(size_t i)
{
    return i < sizeof verbs / sizeof *verbs ? verbs[i] : NULL;
}

const verb *verb_find(const char *name)
{
    size_t i = 0;
    while (verb_get(i) && strcmp(verbs[i]->name, name) != 0)
        i++;
    return verb_get(i);
}
