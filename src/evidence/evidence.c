/* evidence.c - evidence as an object: leaves, products, and their lists. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "evidence/evidence.h"

#include <stdlib.h>

#include "core/context.h"

nq_status nqi_evidence_new(nq_evidence **out, nq_context *context, nqi_evidence_kind kind,
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
    free(evidence->shift);
    free(evidence->a);
    free(evidence->parts);
    free(evidence);
}

static size_t leaf_count(const nq_evidence *evidence)
{
    return evidence->kind == NQI_EVIDENCE_PRODUCT ? evidence->part_count : 1;
}

static const nq_evidence *leaf_get(const nq_evidence *evidence, size_t i)
{
    return evidence->kind == NQI_EVIDENCE_PRODUCT ? evidence->parts[i] : evidence;
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
        leaves += leaf_count(parts[i]);
        if (parts[i]->targets != parts[0]->targets || parts[i]->model != parts[0]->model)
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            "part %zu of a product of evidence is on %zu rows: expected %zu rows "
                            "of the same model, as part 1 is",
                            i + 1, parts[i]->targets, parts[0]->targets);
    }
    const nq_status status =
        nqi_evidence_new(out, context, NQI_EVIDENCE_PRODUCT, parts[0]->model, parts[0]->targets);
    if (status)
        return status;
    (*out)->parts = calloc(leaves, sizeof *(*out)->parts);
    if (!(*out)->parts) {
        nq_evidence_free(*out);
        *out = NULL;
        return nqi_fail_memory(context, "a product of evidence", leaves * sizeof *parts);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < leaf_count(parts[i]); j++)
            (*out)->parts[(*out)->part_count++] = leaf_get(parts[i], j);
    return NQ_OK;
}

static size_t list_kind(const nq_evidence **out, const nq_evidence *evidence,
                        nqi_evidence_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < leaf_count(evidence); i++)
        if (leaf_get(evidence, i)->kind == kind)
            out[count++] = leaf_get(evidence, i);
    return count;
}

nq_status nqi_evidence_list_new(nqi_evidence_list *out, nq_context *context,
                                const nq_evidence *evidence)
{
    const size_t leaves = leaf_count(evidence);
    *out = (nqi_evidence_list){.cells = calloc(leaves, sizeof *out->cells)};
    if (!out->cells)
        return nqi_fail_memory(context, "a list of evidence", leaves * sizeof *out->cells);
    out->cell_count = list_kind(out->cells, evidence, NQI_EVIDENCE_CELLS);
    out->linear = out->cells + out->cell_count;
    out->linear_count = list_kind(out->linear, evidence, NQI_EVIDENCE_LINEAR);
    out->custom = out->linear + out->linear_count;
    out->custom_count = list_kind(out->custom, evidence, NQI_EVIDENCE_CUSTOM);
    for (size_t i = 0; i < out->linear_count; i++)
        out->observations += out->linear[i]->observations;
    return NQ_OK;
}

void nqi_evidence_list_free(nqi_evidence_list *list)
{
    free(list->cells);
    *list = (nqi_evidence_list){0};
}

double nqi_evidence_shift(const nqi_evidence_list *list, size_t target)
{
    double sum = 0;
    for (size_t i = 0; i < list->cell_count; i++)
        sum += list->cells[i]->shift ? list->cells[i]->shift[target] : 0;
    return sum;
}
