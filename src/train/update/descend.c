/* descend.c - an update that follows the gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/context.h"
#include "train/update/update.h"

/* Banks can be stepped as soon as their group has been scored where nothing is to be added to their
 * gradient, no norm of the whole decides what a step is, and no other rank has to know. */
static int steps_early(const nq_trainer *trainer)
{
    return !nqi_gradient_is_bounded(&trainer->gradient) && !trainer->context->comm;
}

nq_status nqi_update_descend(nq_trainer *trainer)
{
    nq_status status;
    nqi_pass_draw(trainer);
    if (steps_early(trainer))
        nqi_banks_split(&trainer->banks);
    nqi_optimiser_begin(&trainer->optimiser);
    if ((status = nqi_pass_descend(trainer)) || (status = nqi_step_all(trainer)))
        return status;
    return nqi_step_schedule(trainer);
}
