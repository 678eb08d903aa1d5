/* trainer_ranks.c - an update that is divided among ranks: a rank scores some strands, and all get
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
#include "train/trainer.h"

enum { PIECE = 64 }; /* slices that are handed on at a time */

void nqi_trainer_divide(nq_trainer *trainer)
{
    const int rank = nq_context_rank(trainer->context), size = nq_context_ranks(trainer->context);
    trainer->strand_first = nqi_part_first(trainer->strands, rank, size);
    trainer->strand_count =
        nqi_part_first(trainer->strands, rank + 1, size) - trainer->strand_first;
    trainer->strand_buffers = trainer->strand_count + (rank > 0);
}

/* Microbatch m is of strand m mod strands. */
static nq_status gather_micros(const nq_trainer *trainer, void *base, size_t bytes)
{
    const nq_comm *comm = trainer->context->comm;
    size_t *first = trainer->context->part_first;
    for (size_t at = 0; at < trainer->micros; at += trainer->strands) {
        const size_t left = trainer->micros - at;
        for (int r = 0; r <= comm->size; r++) {
            const size_t strand = nqi_part_first(trainer->strands, r, comm->size);
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
                    (long long)trainer->update + 1);
}

nq_status nqi_trainer_gather(nq_trainer *trainer)
{
    if (!trainer->context->comm)
        return NQ_OK;
    const size_t groups = trainer->groups / trainer->micros;
    const size_t bank = trainer->model->regressor.graph.bank_size;
    nq_status status = gather_micros(trainer, trainer->losses, sizeof *trainer->losses);
    if (!status && trainer->measuring)
        status = gather_micros(trainer, trainer->fit.groups,
                               groups * trainer->fit.size * sizeof *trainer->fit.groups);
    if (!status && !trainer->measuring && bank)
        status = gather_micros(trainer, trainer->bank_grad,
                               groups * bank * sizeof *trainer->bank_grad);
    if (!status && !trainer->measuring && trainer->learns_schedule)
        status =
            gather_micros(trainer, trainer->group_sums, groups * sizeof *trainer->group_sums);
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
    nqi_trainer_sum_slice(p->trainer, p->first + item);
}

nq_status nqi_trainer_sum_dense(nq_trainer *trainer)
{
    const nq_comm *comm = trainer->context->comm;
    const size_t dense = trainer->model->regressor.graph.dense_count;
    if (!comm || !dense)
        return NQ_OK;
    nq_status status = NQ_OK;
    for (size_t s = 0; s < trainer->slices && !status; s += PIECE) {
        const size_t left = trainer->slices - s, slices = left < PIECE ? left : PIECE;
        const size_t at = s * NQI_SLICE, numbers = slices * NQI_SLICE;
        const size_t bytes = (dense - at < numbers ? dense - at : numbers) * sizeof(nqi_real);
        piece p = {trainer, s};
        if (comm->rank > 0)
            status = comm->receive(comm->state, comm->rank - 1, trainer->dense_grad + at, bytes);
        const nq_status ended = nqi_pool_run(trainer->context->pool, slices, sum_slice, &p);
        status = status ? status : ended;
        if (!status && comm->rank + 1 < comm->size)
            status = comm->send(comm->state, comm->rank + 1, trainer->dense_grad + at, bytes);
    }
    if (!status)
        status = comm->share(comm->state, comm->size - 1, trainer->dense_grad,
                             dense * sizeof *trainer->dense_grad);
    return told(trainer, status);
}
