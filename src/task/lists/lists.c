/* lists.c - what there is to choose from, of the registries that have it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/data.h>
#include <noneq/list.h>
#include <noneq/options.h>

#include "io/table/type.h"
#include "model/model.h"
#include "posterior/method.h"
#include "posterior/posterior.h"

/* Lists that end with a NULL. */
static const char *of_array(const char **help,
                            void (*list)(const char *const **names, const char *const **helps),
                            size_t i)
{
    const char *const *names, *const *helps;
    list(&names, &helps);
    for (size_t k = 0; k < i; k++)
        if (!names[k])
            return NULL;
    *help = names[i] ? helps[i] : NULL;
    return names[i];
}

static const char *regressor_at(size_t i)
{
    const nqi_regressor_type *type = nqi_regressor_at(i);
    return type ? type->name : NULL;
}

/* The first type stands for no choice. */
static const char *kind_at(size_t i)
{
    for (size_t k = 0; k <= i; k++)
        if (!nqi_type_name((nqi_type)(NQI_TYPE_REAL + k)))
            return NULL;
    return nqi_type_name((nqi_type)(NQI_TYPE_REAL + i));
}

const char *nq_list_get(const char **help, nq_list list, size_t i)
{
    const char *unused;
    help = help ? help : &unused;
    *help = NULL;
    switch (list) {
    case NQ_LIST_KERNELS:
        return nqi_family_name(i);
    case NQ_LIST_REGRESSORS:
        return regressor_at(i);
    case NQ_LIST_SCHEDULES:
        return nqi_schedule_name(i);
    case NQ_LIST_PRESETS:
        return of_array(help, nq_preset_list, i);
    case NQ_LIST_KINDS:
        return kind_at(i);
    case NQ_LIST_METHODS:
        return nqi_method_name(i);
    case NQ_LIST_TWISTS:
        return nqi_twist_name(i);
    case NQ_LIST_DATA_SETS:
        return of_array(help, nq_dataset_generators, i);
    case NQ_LIST_TABLES:
        return nq_values_ending(NULL, i);
    }
    return NULL;
}
