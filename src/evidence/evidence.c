/* evidence.c - evidence as an object: leaves, products, and what all leaves say together. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "evidence/evidence.h"

#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "evidence/given.h"

nq_status nqi_evidence_new(nq_evidence **out, nq_context *context, const nqi_evidence_kind *kind,
                           const nq_model *model, size_t targets)
{
    *out = NULL;
    if (!targets)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "evidence on 0 rows: expected at least 1");
    nq_evidence *evidence = calloc(1, sizeof *evidence);
    if (!evidence)
        return nqi_fail_memory(context, "evidence", sizeof *evidence);
    evidence->kind = kind;
    evidence->model = model;
    evidence->targets = targets;
    *out = evidence;
    return NQ_OK;
}

size_t nq_evidence_targets(const nq_evidence *evidence)
{
    return evidence->targets;
}

void nq_evidence_free(nq_evidence *evidence)
{
    if (!evidence)
        return;
    free(evidence->value);
    free(evidence->variance);
    free(evidence->known);
    free(evidence->range);
    free(evidence->shift);
    free(evidence->a);
    nqi_given_free(evidence->given, evidence->observations);
    free(evidence->parts);
    free(evidence);
}

size_t nqi_evidence_leaves(const nq_evidence *evidence)
{
    return evidence->kind ? 1 : evidence->part_count;
}

const nq_evidence *nqi_evidence_leaf(const nq_evidence *evidence, size_t i)
{
    return evidence->kind ? evidence : evidence->parts[i];
}

nq_status nq_evidence_product(nq_evidence **out, nq_context *context,
                              const nq_evidence *const *parts, size_t count)
{
    *out = NULL;
    if (!count)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "a product of no evidence: expected at least one part");
    size_t leaves = 0;
    for (size_t i = 0; i < count; i++) {
        leaves += nqi_evidence_leaves(parts[i]);
        if (parts[i]->targets != parts[0]->targets || parts[i]->model != parts[0]->model)
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            "part %zu of a product of evidence is on %zu rows: expected %zu rows "
                            "of the same model, as part 1 is",
                            i + 1, parts[i]->targets, parts[0]->targets);
    }
    const nq_status status =
        nqi_evidence_new(out, context, NULL, parts[0]->model, parts[0]->targets);
    if (status)
        return status;
    (*out)->parts = calloc(leaves, sizeof *(*out)->parts);
    if (!(*out)->parts) {
        nq_evidence_free(*out);
        *out = NULL;
        return nqi_fail_memory(context, "a product of evidence", leaves * sizeof *parts);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < nqi_evidence_leaves(parts[i]); j++)
            (*out)->parts[(*out)->part_count++] = nqi_evidence_leaf(parts[i], j);
    return NQ_OK;
}

nqi_known nqi_evidence_kinds_known(const nq_evidence *evidence)
{
    for (size_t i = 0; i < nqi_evidence_leaves(evidence); i++) {
        const nq_evidence *leaf = nqi_evidence_leaf(evidence, i);
        if (!leaf->known && !leaf->squares.side)
            return NQI_KNOWN_OTHER;
    }
    return nqi_evidence_has_squares(evidence) ? NQI_KNOWN_SQUARES : NQI_KNOWN_CELLS;
}

int nqi_evidence_has_squares(const nq_evidence *evidence)
{
    int any = 0;
    for (size_t i = 0; i < nqi_evidence_leaves(evidence); i++)
        any |= nqi_evidence_leaf(evidence, i)->squares.side > 0;
    return any;
}

int nqi_evidence_is_condition(const nq_evidence *evidence)
{
    int any = 0;
    for (size_t i = 0; i < nqi_evidence_leaves(evidence); i++)
        any |= nqi_evidence_leaf(evidence, i)->given != NULL;
    return any;
}

/* Whether a value of a law leaves one of two, or not every level. */
static int is_certain(const nqi_block *block, double value)
{
    return value == 0 || (!block->levels && value == 1);
}

/* A clamp, or cells with odds of which one is 0 or 1, or weights of which one is 0. */
static int is_exact(const nq_evidence *leaf)
{
    const nqi_process *process = &leaf->model->process;
    int any = leaf->known || leaf->range;
    for (size_t k = 0; k < process->block_count && leaf->shift && !any; k++) {
        const nqi_block *block = &process->blocks[k];
        if (block->family->twisting->noise == NQI_NOISE_NORMAL)
            continue;
        for (size_t r = 0; r < leaf->targets; r++)
            for (size_t j = 0; j < nqi_block_laws(block); j++)
                any |= is_certain(block, leaf->value[r * process->laws + block->law_first + j]);
    }
    return any;
}

int nqi_evidence_is_exact(const nq_evidence *evidence)
{
    int any = 0;
    for (size_t i = 0; i < nqi_evidence_leaves(evidence); i++)
        any |= is_exact(nqi_evidence_leaf(evidence, i));
    return any;
}

double nqi_evidence_known(const nq_evidence *leaf, size_t target, const nqi_block *block,
                          size_t i)
{
    if (leaf->squares.side)
        return NAN;
    const double *cell = leaf->value + target * leaf->model->process.laws + block->law_first +
                         i * nqi_block_width(block);
    size_t known = block->levels;
    if (!block->levels || isnan(*cell))
        return *cell;
    for (size_t k = 0; k < block->levels; k++) {
        if (cell[k] > 0 && known < block->levels)
            return NAN; /* it may have several levels */
        known = cell[k] > 0 ? k : known;
    }
    return (double)known;
}

double nqi_evidence_shift(const nq_evidence *evidence, size_t target)
{
    double sum = 0;
    for (size_t i = 0; i < nqi_evidence_leaves(evidence); i++) {
        const nq_evidence *leaf = nqi_evidence_leaf(evidence, i);
        sum += leaf->shift ? leaf->shift[target] : 0;
    }
    return sum;
}

void nqi_evidence_put_known(const nq_evidence *evidence, size_t target, double *row)
{
    const size_t columns = nq_model_columns(evidence->model);
    for (size_t i = 0; i < nqi_evidence_leaves(evidence); i++) {
        const double *known = nqi_evidence_leaf(evidence, i)->known;
        for (size_t c = 0; known && c < columns; c++)
            if (!isnan(known[target * columns + c]))
                row[c] = known[target * columns + c];
    }
}
