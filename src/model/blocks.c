/* blocks.c - which family diffuses which numbers of a model's rows, and what a network sees of
 * them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/gauss/gauss.h"
#include "model/model.h"
#include "nn/op/layers.h"

/* pi of levels is how frequent they are in training rows. */
static double *frequencies(const nqi_coding *coding, size_t first, size_t count, int of_ones)
{
    const size_t levels = of_ones ? 1 : nqi_coding_levels(coding, first);
    double *out = malloc(count * levels * sizeof *out), sum = 0;
    for (size_t i = 0; out && i < count; i++) {
        const nqi_code *code = &coding->code[coding->column_of[first + i]];
        for (size_t k = 0; k < levels; k++)
            out[i * levels + k] = code->frequency[of_ones ? 1 : k];
    }
    for (size_t k = 0; out && !of_ones && k < levels; k++)
        sum += out[k];
    for (size_t k = 0; out && !of_ones && k < levels; k++)
        out[k] /= sum;
    return out;
}

static nq_status plan_add(nqi_block_plans *out, const char *family, size_t first, size_t count,
                          const nqi_coding *coding)
{
    nqi_block_plan *plan = &out->plan[out->count];
    double *numbers = NULL;
    const size_t levels = first < coding->scores ? 0 : nqi_coding_levels(coding, first);
    if (!count)
        return NQ_OK;
    if (levels && !(numbers = frequencies(coding, first, count, levels == 2)))
        return NQ_ERROR_MEMORY;
    *plan = (nqi_block_plan){.family = nqi_family_find(family),
                             .count = count,
                             .levels = levels > 2 ? levels : 0,
                             .equilibrium = numbers};
    out->owned[out->count++] = numbers;
    return NQ_OK;
}

/* All scores, all bits, and each other column of levels by itself. */
static nq_status plan_coding(nqi_block_plans *out, const nqi_coding *coding)
{
    size_t at = coding->scores + coding->bits;
    nq_status status = plan_add(out, "gaussian", 0, coding->scores, coding);
    if (!status)
        status = plan_add(out, "binomial", coding->scores, coding->bits, coding);
    for (; at < coding->numbers && !status; at++)
        status = plan_add(out, "categorical", at, 1, coding);
    return status;
}

nq_status nqi_model_plans(nqi_block_plans *out, nq_context *context, const nq_model *model,
                          const double *equilibrium)
{
    const nqi_coding *coding = model->scaling.coding;
    const size_t most = coding ? coding->numbers + 2 : 1;
    *out = (nqi_block_plans){.plan = calloc(most, sizeof *out->plan),
                             .owned = calloc(most, sizeof *out->owned)};
    nq_status status = out->plan && out->owned ? NQ_OK : NQ_ERROR_MEMORY;
    if (!status && coding) {
        status = plan_coding(out, coding);
    } else if (!status) {
        out->plan[0] = (nqi_block_plan){.family = nqi_family_find(model->options.kernel),
                                        .count = model->scaling.active,
                                        .equilibrium = equilibrium};
        out->count = 1;
    }
    if (!status)
        return NQ_OK;
    nqi_block_plans_free(out);
    return nqi_fail_memory(context, "blocks of a process", most * sizeof *out->plan);
}

void nqi_block_plans_free(nqi_block_plans *plans)
{
    for (size_t i = 0; plans->owned && i < plans->count; i++)
        free(plans->owned[i]);
    free(plans->owned);
    free(plans->plan);
    *plans = (nqi_block_plans){0};
}

/* Levels that are numbers stand on a line by the normal score of their middle; gaps in the middle
 * of it. */
static void places_of(nqi_real *place, const nqi_code *code)
{
    double below = 0, all = 0;
    for (size_t k = 0; k < code->level_count; k++)
        all += isfinite(code->level[k]) ? code->frequency[k] : 0;
    for (size_t i = 0; i < code->level_count; i++) {
        const size_t k = code->by_value[i];
        const double part = isfinite(code->level[k]) ? code->frequency[k] / all : 0;
        place[k] = part > 0 ? (nqi_real)nqi_gauss_quantile(below + part / 2) : 0;
        below += part;
    }
}

nq_status nqi_model_expansion(nqi_expansion *out, const nq_model *model)
{
    const nqi_coding *coding = model->scaling.coding;
    size_t levels = 0;
    *out = (nqi_expansion){0};
    if (!coding || coding->numbers == coding->scores + coding->bits)
        return NQ_OK;
    for (size_t i = 0; i < coding->numbers; i++)
        levels += nqi_coding_levels(coding, i) > 2 ? nqi_coding_levels(coding, i) : 0;
    const size_t roles = model->options.roles > 0 ? NQI_ROLES : 0;
    size_t *count = calloc((roles + 1) * coding->numbers, sizeof *count);
    nqi_real *place = malloc(levels * sizeof *place);
    out->levels = count;
    out->place = place;
    out->absent = roles ? NQI_ROLES * coding->numbers : 0;
    if (!count || !place)
        return NQ_ERROR_MEMORY;
    for (size_t i = coding->scores + coding->bits; i < coding->numbers; i++) {
        const size_t column = coding->column_of[i];
        const nqi_code *code = &coding->code[column];
        const nqi_column *known = model->scaling.column;
        count[i] = code->level_count;
        if (code->kind == NQI_KIND_CATEGORY && !(known && known[column].levels))
            places_of(place, code);
        else
            for (size_t k = 0; k < code->level_count; k++)
                place[k] = NAN;
        place += code->level_count;
    }
    return NQ_OK;
}

void nqi_model_expansion_free(nqi_expansion *expansion)
{
    free((void *)(uintptr_t)expansion->levels);
    free((void *)(uintptr_t)expansion->place);
    *expansion = (nqi_expansion){0};
}
