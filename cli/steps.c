/* steps.c - chains of fewer steps than were trained, for verbs that take --steps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "steps.h"

#include "session.h"

int steps_model_load(nq_model **out, nq_model **trained, nq_context *context, const char *path,
                     int64_t steps)
{
    nq_status status = nq_model_load(trained, context, path);

    *out = *trained;
    if (!status && steps) {
        status = nq_model_shorten(out, context, *trained, (size_t)steps);
    } else {
        *trained = NULL;
    }
    return status ? session_fail(context, status) : EXIT_DONE;
}

size_t steps_trained(const nq_model *model)
{
    const uint32_t *times = nq_model_times(model);

    return times ? times[nq_model_steps(model)] : nq_model_steps(model);
}
