/* method.c - the list of posterior methods: a new one is a file here and its name below. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "posterior/method.h"

#include <string.h>

#define NQI_METHODS(X) X(noised) X(particles) X(paper) X(roles)

#define NQI_METHOD_DECLARE(name) extern const nqi_method nqi_method_##name;
#define NQI_METHOD_LIST(name) &nqi_method_##name,
NQI_METHODS(NQI_METHOD_DECLARE)

static const nqi_method *const methods[] = {NQI_METHODS(NQI_METHOD_LIST)};
enum { METHODS = sizeof methods / sizeof *methods };

const char *nqi_method_name(size_t i)
{
    return i < METHODS ? methods[i]->name : NULL;
}

nq_status nqi_method_choose(const nqi_method **out, nq_context *context, const char *name,
                            const nq_model *model, nqi_known known)
{
    const int is_few = model->process.dim <= NQI_MANY_NUMBERS && known != NQI_KNOWN_SQUARES;
    const char *wanted = *name                               ? name
                         : model->options.roles > 0 && known ? "roles"
                         : is_few                            ? "particles"
                         : known                             ? "noised"
                                                             : "paper";
    for (size_t i = 0; i < METHODS; i++)
        if (!strcmp(wanted, methods[i]->name)) {
            *out = methods[i];
            return NQ_OK;
        }
    return nqi_fail_unknown(context, "method", wanted, nqi_method_name);
}
