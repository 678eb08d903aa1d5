/* family.c - the list of families: a new one is a folder here and a line below. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "family/family.h"

#include <string.h>

#define NQI_FAMILIES(X) X(gaussian) X(binomial) X(categorical) X(mixed)

#define NQI_FAMILY_DECLARE(name) extern const nqi_family nqi_family_##name;
#define NQI_FAMILY_LIST(name) &nqi_family_##name,
NQI_FAMILIES(NQI_FAMILY_DECLARE)

static const nqi_family *const families[] = {NQI_FAMILIES(NQI_FAMILY_LIST)};
enum { FAMILIES = sizeof families / sizeof *families };

double nqi_residual_at(const nqi_block *block, size_t t, size_t i)
{
    const nqi_residual *residual = block->residual;
    const size_t column = residual->width > 1 ? block->first + i : 0;
    size_t k = 0;
    while (k + 1 < residual->count && residual->time[k] < t)
        k++;
    const double above = log(residual->value[k * residual->width + column]);
    if (!k || residual->time[k] <= t)
        return exp(above);
    const double below = log(residual->value[(k - 1) * residual->width + column]);
    const double part =
        (double)(residual->time[k] - t) / (double)(residual->time[k] - residual->time[k - 1]);
    return exp(part * below + (1 - part) * above);
}

const nqi_family *nqi_family_at(size_t i)
{
    return i < FAMILIES ? families[i] : NULL;
}

const char *nqi_family_name(size_t i)
{
    return i < FAMILIES ? families[i]->name : NULL;
}

const nqi_family *nqi_family_find(const char *name)
{
    for (size_t i = 0; i < FAMILIES; i++)
        if (!strcmp(families[i]->name, name))
            return families[i];
    return NULL;
}

const nqi_family *nqi_family_for(int is_binary)
{
    for (size_t i = 0; i < FAMILIES; i++)
        if (!families[i]->is_mixed && families[i]->is_density == !is_binary)
            return families[i];
    return NULL;
}
