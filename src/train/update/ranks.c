/* ranks.c - an update that is divided among ranks: a rank scores some strands, and all get
 * the gradient.
 *
 * The sum over strands has one order, so it passes through the ranks: rank r gets the sum of the
 * strands of all ranks before it, adds its own, and hands it on, piece by piece; the last has the
 * gradient and shares it. The dense part is sent twice in all, however many ranks there are.
 * Everything else is so small that all ranks get the parts and add them up themselves, and every
 * rank takes the same step: no state of a run belongs to one rank. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "dist/comm.h"
#include "train/update/update.h"

enum { PIECE = 64 }; /* slices that are handed on at a time */

/* Microbatch m is of strand m mod strands. */
static nq_status gather_micros(const nq_trainer *trainer, void *base, size_t bytes)
{
    const nq_comm *comm = trainer->context->comm;
    const size_t micros = trainer->draw.micros, strands = trainer->gradient.strands;
    size_t *first = trainer->context->part_first;
    for (size_t at = 0; at < micros; at += strands) {
        const size_t left = micros - at;
        for (int r = 0; r <= comm->size; r++) {
            const size_t strand = nqi_part_first(strands, r, comm->size);
            first[r] = (strand < left ? strand : left) * bytes;
        }
        const nq_status status = comm->gather(comm->state, (char *)base + at * bytes, first);
        if (status)
            return status;
    }
    return NQ_OK;
}

static nq_status told(const nq_trainer *trainer, nq_status status)
{
    if (!status)
        return NQ_OK;
    return nqi_fail(trainer->context, status,
                    "update %lld: another rank does not answer any more",
                    (long long)trainer->progress.update + 1);
}

/* Groups of a microbatch. */
static size_t groups_in(const nq_trainer *trainer)
{
    return trainer->draw.groups / trainer->draw.micros;
}

nq_status nqi_ranks_gather_losses(const nq_trainer *trainer)
{
    double *losses = trainer->draw.losses;
    if (!trainer->context->comm)
        return NQ_OK;
    return told(trainer, gather_micros(trainer, losses, sizeof *losses));
}

nq_status nqi_ranks_gather_sums(const nq_trainer *trainer)
{
    const nqi_readout_fit *fit = &trainer->fit;
    if (!trainer->context->comm)
        return NQ_OK;
    return told(trainer, gather_micros(trainer, fit->groups,
                                       groups_in(trainer) * fit->size * sizeof *fit->groups));
}

nq_status nqi_ranks_gather_gradients(const nq_trainer *trainer)
{
    const nqi_banks *banks = &trainer->banks;
    const size_t groups = groups_in(trainer), bank = banks->graph->bank_size;
    nqi_step_gradient *rates = trainer->gradient.group_rates;
    nq_status status = NQ_OK;
    if (!trainer->context->comm)
        return NQ_OK;
    if (bank)
        status = gather_micros(trainer, banks->gradient, groups * bank * sizeof *banks->gradient);
    if (!status && nqi_schedule_learner_learns(&trainer->learner))
        status = gather_micros(trainer, rates, groups * sizeof *rates);
    return told(trainer, status);
}

typedef struct piece {
    nq_trainer *trainer;
    size_t first;
} piece;

static void sum_slice(void *state, size_t item, int thread)
{
    const piece *p = state;
    (void)thread;
    nqi_gradient_sum_slice(&p->trainer->gradient, p->trainer->context->ops, p->first + item);
}

nq_status nqi_ranks_sum_dense(nq_trainer *trainer)
{
    const nq_comm *comm = trainer->context->comm;
    const nqi_gradient *gradient = &trainer->gradient;
    const size_t dense = gradient->size;
    if (!comm || !dense)
        return NQ_OK;
    nq_status status = NQ_OK;
    for (size_t s = 0; s < gradient->slices && !status; s += PIECE) {
        const size_t left = gradient->slices - s, slices = left < PIECE ? left : PIECE;
        const size_t at = s * NQI_SLICE, numbers = slices * NQI_SLICE;
        const size_t bytes = (dense - at < numbers ? dense - at : numbers) * sizeof(nqi_real);
        piece p = {trainer, s};
        if (comm->rank > 0)
            status = comm->receive(comm->state, comm->rank - 1, gradient->dense + at, bytes);
        const nq_status ended = nqi_pool_run(trainer->context->pool, slices, sum_slice, &p);
        status = status ? status : ended;
        if (!status && comm->rank + 1 < comm->size)
            status = comm->send(comm->state, comm->rank + 1, gradient->dense + at, bytes);
    }
    if (!status)
        status = comm->share(comm->state, comm->size - 1, gradient->dense,
                             dense * sizeof *gradient->dense);
    return told(trainer, status);
}
