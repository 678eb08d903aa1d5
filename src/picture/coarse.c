/* coarse.c - means of squares of a picture, which another model draws first. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "picture/coarse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/rng.h"
#include "model/model.h"
#include "table/dataset.h"
#include "table/squares.h"

enum { COARSE = 1 << 20 }; /* names the noise of reduced pictures: no window has that number */

/* Whether all of square k of draw d is a hole by now. */
static int is_hole(const nqi_coarse *c, size_t d, size_t k)
{
    const size_t side = c->squares.side;
    const double *at = c->draws[d] + nqi_square_first(&c->picture, &c->squares, k);
    for (size_t i = 0; i < side * side; i++)
        if (!isnan(at[nqi_square_pixel(&c->picture, &c->squares, i)]))
            return 0;
    return 1;
}

/* Whether draw d has a hole of a whole square. */
static int has_holes(const nqi_coarse *c, size_t d)
{
    for (size_t k = 0; k < nqi_squares_count(&c->picture, &c->squares); k++)
        if (is_hole(c, d, k))
            return 1;
    return 0;
}

/* Squares of a side that lie in a stretch of pixels: the first pixel, and how many. */
static size_t squares_in(size_t *start, size_t first, size_t last, size_t side, size_t all)
{
    const size_t from = (first + side - 1) / side, to = last / side < all ? last / side : all;
    *start = from * side - first;
    return to > from ? to - from : 0;
}

size_t nqi_coarse_within(nq_squares *out, const nqi_coarse *c, const nqi_box *box)
{
    const nq_squares *all = &c->squares;
    out->side = all->side;
    out->down = squares_in(&out->top, box->top, box->bottom, all->side, all->down);
    out->across = squares_in(&out->left, box->left, box->right, all->side, all->across);
    return nqi_squares_count(&c->picture, out);
}

void nqi_coarse_means(double *out, const nqi_coarse *c, const nqi_box *box, size_t d)
{
    const nq_squares *all = &c->squares;
    nq_squares in;
    const size_t count = nqi_coarse_within(&in, c, box);
    for (size_t i = 0; i < count; i++) {
        const size_t channel = i / (in.down * in.across);
        const size_t line = (box->top + in.top) / in.side + i / in.across % in.down;
        const size_t column = (box->left + in.left) / in.side + i % in.across;
        const size_t k = (channel * all->down + line) * all->across + column;
        out[i] = is_hole(c, d, k) ? c->means[d][k] : (double)NAN;
    }
}

static nq_status squares_choose(nqi_coarse *c, nq_context *context, const nq_model *model,
                                const nq_inpaint_options *options)
{
    const size_t asked = options->side;
    nq_picture own;
    const size_t fine = nq_model_reduced(model);
    const size_t coarse = nq_model_reduced(options->coarse);
    const size_t side = asked ? asked : coarse % fine ? 0 : coarse / fine;
    if (side < 2)
        return nqi_fail(
            context, NQ_ERROR_ARGUMENT,
            "the coarse model describes means of %zu x %zu pixels, the other one of %zu "
            "x %zu: expected one that was trained with \036reduce %zu, or another "
            "multiple",
            coarse, coarse, fine, fine, 2 * fine);
    nq_model_picture(&own, options->coarse);
    if (own.channels != c->picture.channels)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the coarse model was made for pictures of %zu planes; this one has %zu",
                        own.channels, c->picture.channels);
    if (side > c->picture.height || side > c->picture.width)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "a picture of %zux%zu has no square of %zu pixels, as the coarse model "
                        "wants them",
                        c->picture.height, c->picture.width, side);
    const size_t told = (size_t)nq_model_get_options(model)->squares;
    if (told && told != side)
        nqi_log(
            context, NQ_LOG_NOTE,
            "the model is told of means of %zu x %zu pixels, not of %zu x %zu: such are drawn, "
            "and it is not told of them",
            told, told, side, side);
    c->squares = (nq_squares){side, 0, 0, c->picture.height / side, c->picture.width / side};
    return NQ_OK;
}

/* The reduced pictures, with their holes. */
static nq_status means_new(nqi_coarse *c, nq_context *context, int *holes)
{
    const size_t numbers = nqi_squares_count(&c->picture, &c->squares);
    *holes = 0;
    if (!(c->means = calloc(c->count, sizeof *c->means)))
        return nqi_fail_memory(context, "reduced pictures", c->count * sizeof *c->means);
    for (size_t d = 0; d < c->count; d++) {
        if (!(c->means[d] = calloc(numbers, sizeof *c->means[d])))
            return nqi_fail_memory(context, "reduced pictures", numbers);
        nqi_picture_reduce(c->means[d], c->draws[d], &c->picture, c->squares.side);
        *holes |= has_holes(c, d);
    }
    return NQ_OK;
}

nq_status nqi_coarse_draw(nqi_coarse *c, nq_context *context, const nq_model *model,
                          const nq_inpaint_options *options,
                          const nq_posterior_options *posterior)
{
    nq_inpaint_options own = *options;
    nq_posterior_options method = *posterior;
    int holes;
    nq_status status = squares_choose(c, context, model, options);
    if (status || (status = means_new(c, context, &holes)))
        return status;
    if (!holes) {
        nqi_log(context, NQ_LOG_NOTE,
                "no hole has a whole square of %zu x %zu pixels: the coarse model draws nothing",
                c->squares.side, c->squares.side);
        return NQ_OK;
    }
    method.seed = nqi_seed_child(method.seed, COARSE);
    if (!strcmp(method.method, "roles") && nq_model_get_options(options->coarse)->roles <= 0)
        strcpy(method.method, "noised");
    own.posterior = &method;
    own.coarse = NULL;
    own.side = 0;
    const nq_picture small = nqi_picture_reduced(&c->picture, c->squares.side);
    return nq_inpaint(c->means, context, options->coarse, c->count, &small, &own);
}

void nqi_coarse_free(nqi_coarse *c)
{
    for (size_t d = 0; c->means && d < c->count; d++)
        free(c->means[d]);
    free(c->means);
}
