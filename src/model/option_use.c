/* option_use.c - which options the chosen kernel, network and schedule look at. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "core/context.h"
#include "model/model.h"

int nqi_has_field(const char *list, const char *field)
{
    const size_t length = strlen(field);
    for (const char *at = list; (at = strstr(at, field)); at += length)
        if (at > list && at[-1] == ' ' && at[length] == ' ')
            return 1;
    return 0;
}

/* One of a list of kernels or networks: its name and its own options. */
typedef struct member {
    const char *name, *options;
} member;

static member family_member(size_t i)
{
    const nqi_family *family = nqi_family_at(i);
    return family ? (member){family->name, family->options} : (member){NULL, NULL};
}

static member regressor_member(size_t i)
{
    const nqi_regressor_type *type = nqi_regressor_at(i);
    return type ? (member){type->name, type->options} : (member){NULL, NULL};
}

/* The first member that looks at the field, where the chosen one does not; else NULL. */
static const char *user_elsewhere(member (*at)(size_t i), const char *chosen, const char *field)
{
    const char *user = NULL;
    for (size_t i = 0; at(i).name; i++) {
        const member one = at(i);
        if (!nqi_has_field(one.options, field))
            continue;
        if (!strcmp(one.name, chosen))
            return NULL;
        user = user ? user : one.name;
    }
    return user;
}

nq_status nq_model_option_check(nq_context *context, const nq_model_options *chosen,
                                const nq_option *option)
{
    const nqi_family *family = nqi_family_find(chosen->kernel);
    const char *user = user_elsewhere(family_member, chosen->kernel, option->field);
    if (user)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036%s is for the %s kernel and does nothing for this one, %s",
                        option->field, user, chosen->kernel);
    if ((user = user_elsewhere(regressor_member, chosen->regressor, option->field)))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036%s is for \036regressor %s and does nothing for this one, %s",
                        option->field, user, chosen->regressor);
    if ((!strcmp(option->field, "scales") || !strcmp(option->field, "channels")) && *chosen->unet)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036%s does nothing beside \036unet %s, whose list has the numbers of "
                        "each size",
                        option->field, chosen->unet);
    if (family && !strcmp(option->field, "beta_1") &&
        !strcmp(chosen->schedule, "constant-fraction") &&
        !nqi_schedule_has_first_rate(family->constant_fraction))
        return nqi_fail(
            context, NQ_ERROR_ARGUMENT,
            "\036%s does nothing for the schedule constant-fraction of the %s kernel, "
            "whose rates are 1 / (T - t + 1)",
            option->field, family->name);
    return NQ_OK;
}
