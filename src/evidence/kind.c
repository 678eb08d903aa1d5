/* kind.c - all leaves of one evidence, kind after kind. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "evidence/kind.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"

#define KIND_LIST(name) &nqi_evidence_##name,
static const nqi_evidence_kind *const kinds[] = {NQI_EVIDENCE_LIST(KIND_LIST)};

static nq_status leaves_new(nqi_twist_leaves *out, nq_context *context,
                            const nqi_evidence_kind *kind, const nq_evidence *evidence,
                            size_t rows)
{
    const size_t all = nqi_evidence_leaves(evidence);
    out->leaf = calloc(all, sizeof *out->leaf);
    if (!out->leaf)
        return nqi_fail_memory(context, "a list of evidence", all * sizeof *out->leaf);
    for (size_t i = 0; i < all; i++)
        if (nqi_evidence_leaf(evidence, i)->kind == kind)
            out->leaf[out->count++] = nqi_evidence_leaf(evidence, i);
    return out->count && kind->open ? kind->open(out, context, rows) : NQ_OK;
}

nq_status nqi_twists_new(nqi_twists *out, nq_context *context, const nq_evidence *evidence,
                         nqi_twist twist, size_t rows)
{
    nq_status status = NQ_OK;
    memset(out, 0, sizeof *out);
    for (int k = 0; k < NQI_EVIDENCE_KINDS && !status; k++) {
        out->of[k].kind = kinds[k];
        out->of[k].leaves.model = evidence->model;
        out->of[k].leaves.twist = twist;
        status = leaves_new(&out->of[k].leaves, context, kinds[k], evidence, rows);
    }
    return status;
}

void nqi_twists_follow(nqi_twists *twists, const nq_model *model)
{
    for (int k = 0; k < NQI_EVIDENCE_KINDS; k++)
        twists->of[k].leaves.model = model;
}

void nqi_twists_free(nqi_twists *twists)
{
    for (int k = 0; k < NQI_EVIDENCE_KINDS; k++) {
        const nqi_evidence_kind *kind = twists->of[k].kind;
        if (kind && kind->close)
            kind->close(&twists->of[k].leaves);
        free(twists->of[k].leaves.leaf);
    }
    memset(twists, 0, sizeof *twists);
}

size_t nqi_twists_extra(const nq_evidence *evidence)
{
    size_t sum = 0;
    for (size_t i = 0; i < nqi_evidence_leaves(evidence); i++) {
        const nq_evidence *leaf = nqi_evidence_leaf(evidence, i);
        sum += leaf->kind->extra ? leaf->kind->extra(leaf) : 0;
    }
    return sum;
}

/* Every kind that has leaves and the hook. */
#define EACH(hook, ...)                                                                          \
    for (int k = 0; k < NQI_EVIDENCE_KINDS; k++)                                                 \
        if (twists->of[k].leaves.count && twists->of[k].kind->hook)                              \
    twists->of[k].kind->hook(&twists->of[k].leaves, __VA_ARGS__)

void nqi_twists_begin(nqi_twists *twists, nqi_particles *particles)
{
    EACH(begin, particles);
}

void nqi_twists_untwist(nqi_twists *twists, nqi_particles *particles, size_t t)
{
    EACH(untwist, particles, t);
}

void nqi_twists_condition(nqi_twists *twists, nqi_particles *particles, size_t level)
{
    for (int k = 0; k < NQI_EVIDENCE_KINDS; k++) {
        const nqi_evidence_kind *kind = twists->of[k].kind;
        nqi_twist_leaves *leaves = &twists->of[k].leaves;
        const int is_foreseen = kind->is_open && leaves->twist == NQI_TWIST_LOOKAHEAD;
        if (leaves->count && kind->condition && !is_foreseen)
            kind->condition(leaves, particles, level);
    }
}

void nqi_twists_foresee(nqi_twists *twists, nqi_particles *particles, size_t t)
{
    for (int k = 0; k < NQI_EVIDENCE_KINDS; k++) {
        const nqi_evidence_kind *kind = twists->of[k].kind;
        nqi_twist_leaves *leaves = &twists->of[k].leaves;
        if (!leaves->count || (t == 1 && !kind->is_open))
            continue;
        if (kind->foresee)
            kind->foresee(leaves, particles, t);
        else
            kind->condition(leaves, particles, 0);
    }
}

void nqi_twists_resample(nqi_twists *twists, nqi_particles *particles, size_t first,
                         const size_t *ancestor, size_t count)
{
    EACH(resample, particles, first, ancestor, count);
}

void nqi_twists_drawn(nqi_twists *twists, nqi_particles *particles, size_t level, int settles)
{
    EACH(correct, particles);
    if (settles)
        EACH(settle, particles, level);
}

void nqi_particles_move(double *values, const size_t *ancestor, size_t count, double *spare)
{
    for (size_t k = 0; k < count; k++)
        spare[k] = values[ancestor[k]];
    memcpy(values, spare, count * sizeof *values);
}

void nqi_particles_blame(nqi_particles *particles, size_t row)
{
    if (particles->fault)
        return;
    particles->fault = particles->target[row] + 1;
    particles->undefined = 1;
}
