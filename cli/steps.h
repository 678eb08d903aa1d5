/* steps.h - chains of fewer steps than were trained, for verbs that take --steps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_STEPS_H
#define NONEQ_CLI_STEPS_H

#include <noneq.h>

#include "options.h"

/* Row of a verb's table, for a count in its struct of values; 0: not given. `usual`: what is taken
 * then. */
#define STEPS_OPTION(values, field, usual)                                                       \
    {                                                                                            \
        "steps", 0, OPTION_COUNT, offsetof(values, field), "S", NULL, 1,                         \
            "take S steps instead of the T that were trained, through the times that lose "      \
            "least; default: " usual                                                             \
    }

/* The model in a file, with a chain of so many steps unless that is 0; *trained is what it then
 * borrows. Free both, *out first. Returns an exit status. */
int steps_model_load(nq_model **out, nq_model **trained, nq_context *context, const char *path,
                     int64_t steps);
/* Steps that were trained. */
size_t steps_trained(const nq_model *model);

#endif
