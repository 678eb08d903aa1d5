/* cells.c - evidence on each coordinate by itself: known, noisy, or odds of a bit. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "evidence/kind.h"

/* What a value of a cell may be. */
typedef enum cell_use {
    CELL_VALUE,      /* as the family has it */
    CELL_PROBABILITY /* of a one */
} cell_use;

static int in_range(const nqi_block *block, double x, cell_use use)
{
    if (use == CELL_PROBABILITY)
        return x >= 0 && x <= 1;
    return nqi_block_has(block, x) &&
           (block->family->holds ? block->family->holds(x) : isfinite(x));
}

static nq_status cell_fail(nq_context *context, const nq_model *model, size_t target,
                           size_t column, double found, cell_use use)
{
    return nqi_cell_fail(context, model, target, column, found,
                         use == CELL_PROBABILITY ? "a probability from 0 to 1"
                                                 : nqi_model_family(model, column)->expected);
}

/* One row in scaled units; sums the log of what scaling does to densities of its cells. */
static nq_status row_load(nq_evidence *evidence, nq_context *context, const double *row,
                          size_t target, cell_use use, double *log_jacobian)
{
    const nqi_scaling *scaling = &evidence->model->scaling;
    const nqi_process *process = &evidence->model->process;
    for (size_t i = 0; i < scaling->active; i++) {
        const size_t c = scaling->active_index[i];
        const nqi_block *block = nqi_process_block(process, i);
        const double x = row[c];
        double *out = evidence->value + target * process->laws + block->law_first +
                      (i - block->first) * nqi_block_width(block);
        out[0] = NAN;
        if (isnan(x))
            continue;
        if (!in_range(block, x, use))
            return cell_fail(context, evidence->model, target, c, x, use);
        if (!block->levels)
            out[0] = (x - scaling->mean[c]) / scaling->deviation[c];
        for (size_t k = 0; k < block->levels; k++)
            out[k] = x == (double)k;
        *log_jacobian -= log(scaling->deviation[c]);
    }
    return NQ_OK;
}

static nq_status cells_new(nq_evidence **out, nq_context *context, const nq_model *model,
                           const double *values, size_t targets, cell_use use)
{
    const size_t laws = model->process.laws, columns = nq_model_columns(model);
    nq_status status = nqi_evidence_new(out, context, &nqi_evidence_cells, model, targets);
    if (status)
        return status;
    nq_evidence *evidence = *out;
    evidence->shift = calloc(targets, sizeof *evidence->shift);
    if (targets <= SIZE_MAX / sizeof(double) / (laws ? laws : 1))
        evidence->value = malloc(targets * laws * sizeof *evidence->value);
    if (!evidence->shift || !evidence->value)
        status = nqi_fail_memory(context, "evidence", targets * laws * sizeof(double));
    for (size_t r = 0; r < targets && !status; r++) {
        status =
            model->scaling.coding
                ? nqi_coded_load(evidence, context, values + r * columns, r)
                : row_load(evidence, context, values + r * columns, r, use, &evidence->shift[r]);
        if (!status && r % NQI_TELL_ROWS == 0)
            status = nqi_tell(context, "looking at known cells", (double)r, (double)targets);
    }
    if (status) {
        nq_evidence_free(evidence);
        *out = NULL;
    }
    return status;
}

/* What a value that a model of columns of several kinds has noise in would have to be. */
static nq_status coded_fail(nq_context *context, const char *what)
{
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                    "%s evidence is for models of one kernel; this one is mixed: expected known "
                    "cells or weights of levels",
                    what);
}

/* Noise of a normal law in a number is one in its score where that is linear in it. */
static nq_status linear_check(nq_context *context, const nq_model *model, const double *y,
                              size_t targets)
{
    char label[NQI_LABEL];
    const nqi_coding *coding = model->scaling.coding;
    for (size_t c = 0; coding && c < coding->columns; c++) {
        const nqi_code *code = &coding->code[c];
        size_t r = 0;
        while (r < targets && isnan(y[r * coding->columns + c]))
            r++;
        if (r < targets && (code->kind != NQI_KIND_REAL || code->warp.knots != 2 ||
                            code->score_number == NQI_NO_NUMBER))
            return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                            "row %zu, %s: noise in a column of kind %s%s cannot be given; "
                            "expected noise in real numbers alone (\036kernel gaussian has it in "
                            "all)",
                            r + 1, nqi_evidence_label(label, model, c), nqi_kind_name(code->kind),
                            code->warp.knots > 2 && code->kind == NQI_KIND_REAL
                                ? " with long tails, which the model sees through a map,"
                                : "");
    }
    return NQ_OK;
}

/* Every block has such noise. */
static int takes_noise(const nq_model *model, nqi_cell_noise noise)
{
    int all = 1;
    for (size_t k = 0; k < model->process.block_count; k++)
        all &= model->process.blocks[k].family->twisting->noise == noise;
    return all;
}

static nq_status noise_fail(nq_context *context, const char *what, nqi_cell_noise noise,
                            const nq_model *model)
{
    size_t i = 0;
    while (nqi_family_at(i)->twisting->noise != noise)
        i++;
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED, "%s evidence needs a %s model; this one is %s",
                    what, nqi_family_at(i)->name, nq_model_kernel(model));
}

nq_status nq_evidence_clamp(nq_evidence **out, nq_context *context, const nq_model *model,
                            const double *values, size_t targets)
{
    const size_t columns = nq_model_columns(model);
    const nq_status status = cells_new(out, context, model, values, targets, CELL_VALUE);
    if (status)
        return status;
    nq_evidence *evidence = *out;
    evidence->known = malloc(targets * columns * sizeof *evidence->known);
    evidence->variance = calloc(nq_model_dim(model), sizeof *evidence->variance);
    if (!evidence->known || !evidence->variance) {
        nq_evidence_free(evidence);
        *out = NULL;
        return nqi_fail_memory(context, "known cells", targets * columns * sizeof(double));
    }
    memcpy(evidence->known, values, targets * columns * sizeof *evidence->known);
    if (model->scaling.coding) /* particles count it, each with scores of its own */
        memset(evidence->shift, 0, targets * sizeof *evidence->shift);
    return NQ_OK;
}

nq_status nq_evidence_gaussian(nq_evidence **out, nq_context *context, const nq_model *model,
                               const double *y, const double *sigma, size_t targets)
{
    char label[NQI_LABEL];
    const nqi_scaling *scaling = &model->scaling;
    nq_status status;
    *out = NULL;
    if (!scaling->coding && !takes_noise(model, NQI_NOISE_NORMAL))
        return noise_fail(context, "Gaussian", NQI_NOISE_NORMAL, model);
    if ((status = linear_check(context, model, y, targets)))
        return status;
    for (size_t c = 0; c < scaling->columns; c++)
        if (!isfinite(sigma[c]) || sigma[c] <= 0)
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "standard deviation of %s is %.9g: expected a positive number",
                            nqi_evidence_label(label, model, c), sigma[c]);
    if ((status = cells_new(out, context, model, y, targets, CELL_VALUE)))
        return status;
    (*out)->variance = calloc(scaling->active, sizeof *(*out)->variance);
    if (!(*out)->variance) {
        nq_evidence_free(*out);
        *out = NULL;
        return nqi_fail_memory(context, "variances", scaling->active * sizeof(double));
    }
    for (size_t i = 0; i < scaling->active; i++) {
        const size_t c = scaling->active_index[i];
        const double scaled = sigma[c] * nqi_coded_slope(scaling, c);
        (*out)->variance[i] = scaled * scaled;
    }
    return NQ_OK;
}

nq_status nq_evidence_bernoulli(nq_evidence **out, nq_context *context, const nq_model *model,
                                const double *d, size_t targets)
{
    *out = NULL;
    if (model->scaling.coding)
        return coded_fail(context, "Bernoulli");
    if (!takes_noise(model, NQI_NOISE_ODDS))
        return noise_fail(context, "Bernoulli", NQI_NOISE_ODDS, model);
    return cells_new(out, context, model, d, targets, CELL_PROBABILITY);
}

/* Of known numbers of a table each particle has a score of its own, of those that its cell is
 * spread over: [rows] of each leaf, whose scores are the first numbers of a row. */
typedef struct cells_scratch {
    double *score; /* [leaves][rows][spread] */
    double *spare; /* [rows][spread] */
    size_t *own;   /* [rows] 0, 1, 2, ... */
    size_t rows, spread;
} cells_scratch;

static int is_spread(const nq_evidence *leaf)
{
    return (leaf->known || leaf->range) && leaf->model->process.spread > 0;
}

static nq_status cells_open(nqi_twist_leaves *leaves, nq_context *context, size_t rows)
{
    const size_t spread = leaves->model->process.spread;
    cells_scratch *s = leaves->scratch = calloc(1, sizeof *s);
    if (s && spread) {
        s->rows = rows;
        s->spread = spread;
        s->score = calloc(leaves->count * rows * spread, sizeof *s->score);
        s->spare = malloc(rows * spread * sizeof *s->spare);
        s->own = malloc(rows * sizeof *s->own);
        for (size_t r = 0; s->own && r < rows; r++)
            s->own[r] = r;
    }
    if (!s || (spread && !(s->score && s->spare && s->own)))
        return nqi_fail_memory(context, "known cells", rows * spread * sizeof(double));
    return NQ_OK;
}

static void cells_close(nqi_twist_leaves *leaves)
{
    cells_scratch *s = leaves->scratch;
    if (s) {
        free(s->score);
        free(s->spare);
        free(s->own);
    }
    free(s);
}

static void cells_begin(nqi_twist_leaves *leaves, nqi_particles *particles)
{
    const cells_scratch *s = leaves->scratch;
    for (size_t p = 0; p < leaves->count; p++)
        for (size_t r = 0; r < particles->walk->proposal.rows && is_spread(leaves->leaf[p]); r++)
            particles->log_weight[r] +=
                nqi_coded_spread(leaves->leaf[p], particles->walk, particles->target[r], r,
                                 (uint32_t)p, s->score + (p * s->rows + r) * s->spread);
}

static void cells_resample(nqi_twist_leaves *leaves, nqi_particles *particles, size_t first,
                           const size_t *ancestor, size_t count)
{
    const cells_scratch *s = leaves->scratch;
    (void)particles;
    for (size_t p = 0; p < leaves->count; p++) {
        double *score = s->score + (p * s->rows + first) * s->spread;
        if (!is_spread(leaves->leaf[p]))
            continue;
        for (size_t k = 0; k < count; k++)
            memcpy(s->spare + k * s->spread, score + ancestor[k] * s->spread,
                   s->spread * sizeof *score);
        memcpy(score, s->spare, count * s->spread * sizeof *score);
    }
}

/* A block's cells of leaf p. */
static nqi_cells cells_of(const nqi_twist_leaves *leaves, size_t p, const nqi_block *block,
                          const nqi_particles *particles)
{
    const nq_evidence *leaf = leaves->leaf[p];
    const cells_scratch *s = leaves->scratch;
    const double *variance = leaf->variance ? leaf->variance + block->first : NULL;
    if (is_spread(leaf) && block->first < s->spread)
        return (nqi_cells){.value = s->score + (p * s->rows + particles->first) * s->spread +
                                    block->first,
                           .stride = s->spread,
                           .variance = variance,
                           .target = s->own};
    return (nqi_cells){.value = leaf->value + block->law_first,
                       .stride = leaf->model->process.laws,
                       .variance = variance,
                       .target = particles->target};
}

static void cells_condition(nqi_twist_leaves *leaves, nqi_particles *particles, size_t level)
{
    const nqi_process *process = &leaves->model->process;
    for (size_t p = 0; p < leaves->count; p++)
        for (size_t k = 0; k < process->block_count; k++) {
            const nqi_block *block = &process->blocks[k];
            const nqi_cells cells = cells_of(leaves, p, block, particles);
            nqi_proposal proposal = nqi_walk_block(particles->walk, block);
            block->family->twisting->multiply(block, &cells, leaves->twist, level, &proposal,
                                              particles->log_weight);
        }
}

static void cells_untwist(nqi_twist_leaves *leaves, nqi_particles *particles, size_t t)
{
    const nqi_process *process = &leaves->model->process;
    for (size_t p = 0; p < leaves->count; p++)
        for (size_t k = 0; k < process->block_count; k++) {
            const nqi_block *block = &process->blocks[k];
            const nqi_cells cells = cells_of(leaves, p, block, particles);
            const nqi_proposal proposal = nqi_walk_block(particles->walk, block);
            block->family->twisting->untwist(block, &cells, leaves->twist, t, &proposal,
                                             particles->log_weight);
        }
}

const nqi_evidence_kind nqi_evidence_cells = {.name = "cells",
                                              .open = cells_open,
                                              .close = cells_close,
                                              .begin = cells_begin,
                                              .resample = cells_resample,
                                              .untwist = cells_untwist,
                                              .condition = cells_condition};
