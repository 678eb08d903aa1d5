/* stepper.c - the list of steppers: a new one is a file here and a line below. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/stepper.h"

#include <string.h>

/* The first is the usual one. */
#define NQI_STEPPERS(X) X(ancestral)

#define NQI_STEPPER_DECLARE(name) extern const nqi_stepper nqi_stepper_##name;
#define NQI_STEPPER_LIST(name) &nqi_stepper_##name,
NQI_STEPPERS(NQI_STEPPER_DECLARE)

static const nqi_stepper *const steppers[] = {NQI_STEPPERS(NQI_STEPPER_LIST)};

const nqi_stepper *nqi_stepper_find(const char *name)
{
    for (size_t i = 0; name && i < sizeof steppers / sizeof *steppers; i++)
        if (!strcmp(steppers[i]->name, name))
            return steppers[i];
    return name ? NULL : steppers[0];
}
