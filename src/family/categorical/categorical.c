/* categorical.c - each level stays, or is drawn anew from its equilibrium pi, with rate beta_t. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "family/categorical/categorical.h"

#include <math.h>
#include <stdlib.h>

#include "core/context.h"

static nq_status check_laws(const nqi_block *block, nq_context *context)
{
    for (size_t i = 0; i < block->count; i++) {
        const double *pi = nqi_categorical_pi(block, i);
        double sum = 0;
        for (size_t k = 0; k < block->levels; k++)
            sum += pi[k] > 0 ? pi[k] : NAN;
        if (!(fabs(sum - 1) <= 1e-6))
            return nqi_fail(
                context, NQ_ERROR_ARGUMENT,
                "frequencies of the %zu levels of column %zu: expected positive numbers "
                "that sum to 1",
                block->levels, block->first + i + 1);
    }
    return NQ_OK;
}

static void fill_laws(const nqi_block *block, const nqi_categorical_tables *tables)
{
    for (size_t i = 0; i < block->count; i++) {
        const double *pi = nqi_categorical_pi(block, i);
        double below = 0;
        tables->entropy[i] = 0;
        for (size_t k = 0; k < block->levels; k++) {
            below += pi[k];
            tables->pi[i * block->levels + k] = (nqi_real)pi[k];
            tables->below[i * block->levels + k] =
                (uint32_t)fmin(floor(below * 0x1p32 + 0.5), 4294967295.0);
            tables->entropy[i] -= pi[k] * log(pi[k]);
        }
    }
}

static nq_status tables_new(nqi_block *block, nq_context *context)
{
    const size_t laws = nqi_block_laws(block);
    const nq_status status = check_laws(block, context);
    nqi_categorical_tables *tables = status ? NULL : calloc(1, sizeof *tables);
    if (!tables)
        return status ? status : NQ_ERROR_MEMORY;
    block->tables = tables;
    tables->pi = calloc(laws, sizeof *tables->pi);
    tables->below = calloc(laws, sizeof *tables->below);
    tables->entropy = calloc(block->count, sizeof *tables->entropy);
    tables->step = calloc(block->schedule.steps, sizeof *tables->step);
    if (!tables->pi || !tables->below || !tables->entropy || !tables->step)
        return NQ_ERROR_MEMORY;
    fill_laws(block, tables);
    return NQ_OK;
}

uint32_t nqi_categorical_kept(double keep)
{
    return (uint32_t)fmin(floor(keep * 0x1p32 + 0.5), 4294967295.0);
}

static nqi_levels_step step_of(const nq_schedule *schedule, size_t t)
{
    const double beta = schedule->beta[t - 1], keep = schedule->alpha_bar[t - 1];
    return (nqi_levels_step){
        .alpha = (nqi_real)(1 - beta),
        .beta = (nqi_real)beta,
        .keep = (nqi_real)keep,
        .forget = (nqi_real)schedule->one_minus_alpha_bar[t - 1],
        .before = (nqi_real)(t > 1 ? schedule->alpha_bar[t - 2] : 1),
        .lost = (nqi_real)(t > 1 ? schedule->one_minus_alpha_bar[t - 2] : 0),
        .kept = nqi_categorical_kept(keep),
    };
}

static nq_status categorical_prepare(nqi_block *block, nq_context *context,
                                     const nq_model_options *options)
{
    (void)options;
    const nq_status status = block->tables ? NQ_OK : tables_new(block, context);
    for (size_t t = 1; !status && t <= block->schedule.steps; t++)
        nqi_categorical_of(block)->step[t - 1] = step_of(&block->schedule, t);
    return status;
}

static void categorical_release(nqi_block *block)
{
    nqi_categorical_tables *tables = block->tables;
    if (tables) {
        free(tables->pi);
        free(tables->below);
        free(tables->entropy);
        free(tables->step);
    }
    free(tables);
    block->tables = NULL;
}

/* How frequent the level is, kept off 0 (Krichevsky-Trofimov). */
static double measure(const nq_model_options *options, double sum, double rows, size_t levels)
{
    (void)options;
    return (sum + 0.5) / (rows + 0.5 * (double)levels);
}

static int is_part(double number)
{
    return number > 0 && number < 1;
}

static const nqi_equilibrium equilibrium = {.name = "frequencies",
                                            .fixed =
                                                "it is of levels, which have frequencies for "
                                                "each pixel",
                                            .measure = measure,
                                            .holds = is_part};

static void categorical_choose(nq_model_options *options, const nqi_facts *facts)
{
    (void)facts;
    if (options->dequantize == -1)
        options->dequantize = 0;
}

static int categorical_holds(double x)
{
    return x >= 0 && x < 0x1p24 && x == floor(x);
}

const nqi_family nqi_family_categorical = {
    .name = "categorical",
    .rate_most = 1,
    .constant_fraction = "constant-fraction",
    .options = " ",
    .defaults = {.schedule = "constant-fraction",
                 .scale = "none",
                 .steps = 200, /* with a learned last step */
                 .network = {.narrow = 32},
                 .choose = categorical_choose,
                 .brief = {"constant-fraction", 40, 1}},
    .holds = categorical_holds,
    .expected = "a level: a whole number from 0 on",
    .prepare = categorical_prepare,
    .release = categorical_release,
    .equilibrium = &equilibrium,
    .steps = &nqi_categorical_steps,
    .account = &nqi_categorical_account,
    .paths = &nqi_categorical_paths,
    .twisting = &nqi_categorical_twisting,
};
