/* squares.c - evidence on pictures: the means of squares of pixels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* With b_1 = 1/side in every pixel of a square and further vectors b_2, ... that complete an
 * orthonormal basis, side * mean is the coordinate on b_1. The diffusion is the same in any such
 * basis, so that this coordinate is a known cell there: at level t it is sqrt(abar) side mean +
 * sqrt(1 - abar) noise, and the others are as they were drawn. */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "evidence/kind.h"
#include "table/squares.h"

static nq_status model_check(nq_context *context, const nq_model *model)
{
    const nqi_scaling *scaling = &model->scaling;
    if (!model->picture.channels)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "means of squares are of pictures; the model is of none");
    if (scaling->coding || !nqi_process_is_normal(&model->process))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "means of squares need a gaussian model; this one is %s",
                        nq_model_kernel(model));
    for (size_t c = 0; c < scaling->columns; c++)
        if (scaling->active != scaling->columns || scaling->mean[c] != scaling->mean[0] ||
            scaling->deviation[c] != scaling->deviation[0])
            return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                            "means of squares need pixels of one mean and deviation; expected a "
                            "model trained with \036scale whole");
    return NQ_OK;
}

static nq_status places_check(nq_context *context, const nq_model *model, const nq_squares *s)
{
    const nq_picture *picture = &model->picture;
    if (s->side && s->down && s->across && s->top <= picture->height &&
        s->left <= picture->width && s->down <= (picture->height - s->top) / s->side &&
        s->across <= (picture->width - s->left) / s->side)
        return NQ_OK;
    return nqi_fail(
        context, NQ_ERROR_SHAPE,
        "%zu x %zu squares of side %zu from line %zu, pixel %zu on: expected some that "
        "lie in a picture of %zux%zu",
        s->down, s->across, s->side, s->top, s->left, picture->height, picture->width);
}

static size_t squares_count(const nq_evidence *leaf)
{
    return nqi_squares_count(&leaf->model->picture, &leaf->squares);
}

nq_status nq_evidence_squares(nq_evidence **out, nq_context *context, const nq_model *model,
                              const nq_squares *squares, const double *means, size_t targets)
{
    *out = NULL;
    nq_status status = model_check(context, model);
    if (status || (status = places_check(context, model, squares)) ||
        (status = nqi_evidence_new(out, context, &nqi_evidence_squares, model, targets)))
        return status;
    (*out)->squares = *squares;
    const size_t count = targets * squares_count(*out);
    double *value = (*out)->value = calloc(count, sizeof *value);
    if (!value)
        status = nqi_fail_memory(context, "means of squares", count * sizeof *value);
    for (size_t i = 0; i < count && !status; i++) {
        value[i] = (means[i] - model->scaling.mean[0]) / model->scaling.deviation[0];
        if (isinf(value[i]))
            status = nqi_fail(context, NQ_ERROR_SHAPE,
                              "row %zu, square %zu: expected a finite mean or NaN, found %g",
                              i / (count / targets) + 1, i % (count / targets) + 1, means[i]);
    }
    if (status) {
        nq_evidence_free(*out);
        *out = NULL;
    }
    return status;
}

/* Square k of row r, of which `mean` is known. */
static void square_place(const nq_evidence *leaf, const nqi_walk *walk, size_t k, size_t r,
                         double mean, double noise)
{
    const nq_picture *picture = &leaf->model->picture;
    const nq_squares *s = &leaf->squares;
    const size_t at = nqi_square_first(picture, s, k), each = s->side * s->side;
    const size_t rows = walk->proposal.rows;
    const double part = 1 / (double)each;
    double sum = 0, normal = 0;
    for (size_t i = 0; i < each; i++) {
        const size_t j = (at + nqi_square_pixel(picture, s, i)) * rows + r;
        sum += (double)walk->proposal.x[j];
        normal += (double)walk->noise[j];
    }
    const double shift = mean + part * (noise * normal - sum);
    for (size_t i = 0; i < each; i++) {
        nqi_real *x = &walk->proposal.x[(at + nqi_square_pixel(picture, s, i)) * rows + r];
        *x = (nqi_real)((double)*x + shift);
    }
}

void nqi_squares_place(const nq_evidence *leaf, const nqi_walk *walk, const size_t *target,
                       double keep, double forget)
{
    const size_t count = squares_count(leaf);
    for (size_t k = 0; k < count; k++)
        for (size_t r = 0; r < walk->proposal.rows; r++) {
            const double mean = leaf->value[target[r] * count + k];
            if (!isnan(mean))
                square_place(leaf, walk, k, r, sqrt(keep) * mean, sqrt(forget));
        }
}

void nqi_squares_tell(const nq_evidence *leaf, size_t target, nqi_real *told, size_t ld)
{
    const nq_picture *picture = &leaf->model->picture;
    const nq_squares *s = &leaf->squares;
    const size_t count = squares_count(leaf);
    nqi_real *is_told = told + leaf->model->process.dim * ld;
    if (s->top % s->side || s->left % s->side)
        return;
    for (size_t k = 0; k < count; k++) {
        const double mean = leaf->value[target * count + k];
        const size_t at = nqi_square_first(picture, s, k);
        for (size_t i = 0; i < s->side * s->side && !isnan(mean); i++) {
            const size_t j = (at + nqi_square_pixel(picture, s, i)) * ld;
            told[j] = (nqi_real)mean;
            is_told[j] = 1;
        }
    }
}

/* Whether a clamp knows a pixel of square k. */
static int square_is_known(const nq_evidence *leaf, size_t k, const nq_evidence *cells,
                           size_t target)
{
    const nq_picture *picture = &leaf->model->picture;
    const nq_squares *s = &leaf->squares;
    const size_t at = nqi_square_first(picture, s, k);
    const double *known = cells->known + target * nq_model_columns(cells->model);
    int any = 0;
    for (size_t i = 0; i < s->side * s->side; i++)
        any |= !isnan(known[at + nqi_square_pixel(picture, s, i)]);
    return any;
}

static nq_status leaf_check(const nq_evidence *leaf, const nq_evidence *cells,
                            nq_context *context)
{
    const size_t count = squares_count(leaf);
    for (size_t i = 0; i < leaf->targets * count; i++)
        if (!isnan(leaf->value[i]) && square_is_known(leaf, i % count, cells, i / count))
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "row %zu, square %zu: its mean is known, and a pixel in it too: "
                            "expected one of both",
                            i / count + 1, i % count + 1);
    return NQ_OK;
}

nq_status nqi_squares_check(const nq_evidence *evidence, nq_context *context)
{
    const size_t leaves = nqi_evidence_leaves(evidence);
    nq_status status = NQ_OK;
    for (size_t i = 0; i < leaves * leaves && !status; i++) {
        const nq_evidence *leaf = nqi_evidence_leaf(evidence, i / leaves);
        const nq_evidence *cells = nqi_evidence_leaf(evidence, i % leaves);
        if (leaf->squares.side && cells->known)
            status = leaf_check(leaf, cells, context);
    }
    return status;
}

const nqi_evidence_kind nqi_evidence_squares = {.name = "squares"};
