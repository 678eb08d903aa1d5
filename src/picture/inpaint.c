/* inpaint.c - nq_inpaint: pictures of any size are filled, or cleaned of noise, by windows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* A window is drawn given what is there by then: pixels that the picture knows, and those that
 * earlier windows have drawn, which differ from draw to draw. So parts go on from each other. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "core/rng.h"
#include "model/model.h"
#include "picture/coarse.h"
#include "picture/windows.h"

enum { MARGIN = 32, MOST = 160 };
static const double COARSE_PART = 0.2; /* of the time, about */

typedef struct inpaint_job {
    nq_context *context;
    const nq_model *model;
    const nq_inpaint_options *options;
    nq_posterior_options posterior; /* as asked for */
    nq_picture picture;
    double *const *draws;
    size_t count;
    nqi_coarse coarse; /* what another model has drawn first; zeroed: nothing */
    int any_size;      /* the network does not depend on the picture's size */
    nqi_window_rules rules;
    nqi_window_list windows;
    nq_model *resized; /* for windows of this size: */
    size_t height, width;
} inpaint_job;

/* Numbers of one window. */
typedef struct window_cells {
    const nqi_window *window;
    const nq_model *model;
    size_t height, width, numbers;
    size_t targets; /* 1, or `count` where the draws differ in what they know */
    double *known;  /* [targets][numbers] known exactly, else NaN */
    double *noisy;  /* [targets][numbers] seen through noise, else NaN; NULL without noise */
    double *sigma;  /* [numbers] */
    double *means;  /* [targets][channels][down][across] of squares that are holes; NULL: none */
    nq_squares squares; /* in the window */
    int has_known;
} window_cells;

static nq_status picture_check(const inpaint_job *p)
{
    nq_picture own;
    nq_model_picture(&own, p->model);
    if (!own.channels)
        return nqi_fail(p->context, NQ_ERROR_UNSUPPORTED,
                        "the model describes no pictures; expected one that was trained on "
                        "pictures");
    if (own.channels != p->picture.channels)
        return nqi_fail(p->context, NQ_ERROR_SHAPE,
                        "the picture has %zu planes; the model was made for %zu",
                        p->picture.channels, own.channels);
    if (!p->picture.height || !p->picture.width)
        return nqi_fail(p->context, NQ_ERROR_SHAPE, "a picture of %zux%zu has no pixels",
                        p->picture.height, p->picture.width);
    if (!p->any_size && (own.height != p->picture.height || own.width != p->picture.width))
        return nqi_fail(p->context, NQ_ERROR_UNSUPPORTED,
                        "the model's network is made for pictures of %zux%zu; this one has "
                        "%zux%zu",
                        own.height, own.width, p->picture.height, p->picture.width);
    return NQ_OK;
}

static nq_status numbers_check(const inpaint_job *p)
{
    const size_t plane = p->picture.height * p->picture.width;
    for (size_t d = 0; d < p->count; d++)
        for (size_t i = 0; i < p->picture.channels * plane; i++)
            if (isinf(p->draws[d][i]))
                return nqi_fail(p->context, NQ_ERROR_SHAPE,
                                "plane %zu, line %zu, pixel %zu: expected a finite number or "
                                "NaN, found %g",
                                i / plane + 1, i % plane / p->picture.width + 1,
                                i % p->picture.width + 1, p->draws[d][i]);
    return NQ_OK;
}

/* A network that depends on the size gets the whole picture; so do pictures smaller than a
 * window. */
static void rules_choose(inpaint_job *p)
{
    const nq_inpaint_options *options = p->options;
    const nq_count scales = nq_model_get_options(p->model)->scales;
    const size_t most = options->most ? options->most : MOST;
    const size_t larger =
        p->picture.height > p->picture.width ? p->picture.height : p->picture.width;
    p->rules.margin = options->margin ? options->margin : MARGIN;
    p->rules.grid = p->coarse.squares.side;
    p->rules.multiple = scales > 1 && scales < 16 ? (size_t)1 << (scales - 1) : 1;
    p->rules.most = most / p->rules.multiple * p->rules.multiple;
    if (p->rules.most < p->rules.multiple)
        p->rules.most = p->rules.multiple;
    if (!p->any_size)
        p->rules = (nqi_window_rules){larger, larger, 1, 1};
}

static nq_status windows_choose(inpaint_job *p)
{
    const size_t plane = p->picture.height * p->picture.width;
    if (p->options->sigma > 0)
        return nqi_windows_over_all(&p->windows, p->context, &p->picture, &p->rules);
    unsigned char *unknown = calloc(plane + 1, 1);
    if (!unknown)
        return nqi_fail_memory(p->context, "holes of a picture", plane);
    for (size_t d = 0; d < p->count; d++)
        for (size_t i = 0; i < p->picture.channels * plane; i++)
            unknown[i % plane] |= (unsigned char)(isnan(p->draws[d][i]) != 0);
    const nq_status status =
        nqi_windows_over_holes(&p->windows, p->context, unknown, &p->picture, &p->rules);
    free(unknown);
    return status;
}

/* Number i of a window, in the picture. */
static size_t place_of(const inpaint_job *p, const window_cells *g, size_t i)
{
    const size_t pixels = g->height * g->width, c = i / pixels, at = i % pixels;
    return (c * p->picture.height + g->window->seen.top + at / g->width) * p->picture.width +
           g->window->seen.left + at % g->width;
}

/* Drawn by a window before this one. */
static int is_drawn(const inpaint_job *p, const window_cells *g, size_t place)
{
    const size_t at = place % (p->picture.height * p->picture.width);
    for (const nqi_window *w = p->windows.items; w < g->window; w++)
        if (nqi_box_holds(&w->filled, at % p->picture.width, at / p->picture.width))
            return 1;
    return 0;
}

static int draws_agree(const inpaint_job *p, const window_cells *g)
{
    for (size_t i = 0; i < g->numbers; i++) {
        const size_t place = place_of(p, g, i);
        for (size_t d = 1; d < p->count; d++) {
            const double a = p->draws[0][place], b = p->draws[d][place];
            if (isnan(a) != isnan(b) || (!isnan(a) && a != b))
                return 0;
        }
    }
    return 1;
}

static void cells_free(window_cells *g)
{
    free(g->means);
    free(g->known);
    free(g->noisy);
    free(g->sigma);
}

static void cells_fill(const inpaint_job *p, window_cells *g)
{
    for (size_t i = 0; i < g->numbers; i++) {
        const size_t place = place_of(p, g, i);
        const int exact = !g->noisy || is_drawn(p, g, place);
        for (size_t d = 0; d < g->targets; d++) {
            const double value = p->draws[d][place];
            g->known[d * g->numbers + i] = exact ? value : (double)NAN;
            g->has_known |= exact;
            if (g->noisy)
                g->noisy[d * g->numbers + i] = exact ? (double)NAN : value;
        }
        if (g->noisy)
            g->sigma[i] = p->options->sigma;
    }
}

static nq_status means_new(window_cells *g, const inpaint_job *p)
{
    const size_t each = nqi_coarse_within(&g->squares, &p->coarse, &g->window->seen);
    if (!each)
        return NQ_OK;
    if (!(g->means = malloc(g->targets * each * sizeof *g->means))) {
        cells_free(g);
        return nqi_fail_memory(p->context, "means of squares", g->targets * each);
    }
    for (size_t d = 0; d < g->targets; d++)
        nqi_coarse_means(g->means + d * each, &p->coarse, &g->window->seen, d);
    return NQ_OK;
}

static nq_status cells_new(window_cells *g, const inpaint_job *p, const nqi_window *window)
{
    *g = (window_cells){.window = window,
                        .height = window->seen.bottom - window->seen.top,
                        .width = window->seen.right - window->seen.left};
    g->numbers = p->picture.channels * g->height * g->width;
    g->targets = !p->coarse.means && draws_agree(p, g) ? 1 : p->count;
    g->known = malloc(g->targets * g->numbers * sizeof *g->known);
    if (p->options->sigma > 0) {
        g->noisy = malloc(g->targets * g->numbers * sizeof *g->noisy);
        g->sigma = malloc(g->numbers * sizeof *g->sigma);
    }
    if (!g->known || (p->options->sigma > 0 && (!g->noisy || !g->sigma))) {
        cells_free(g);
        return nqi_fail_memory(p->context, "a window of a picture",
                               g->targets * g->numbers * sizeof *g->known);
    }
    cells_fill(p, g);
    return p->coarse.means ? means_new(g, p) : NQ_OK;
}

/* The model of a window's size; kept for the next one, which often has the same. */
static nq_status model_choose(inpaint_job *p, window_cells *g)
{
    nq_picture own;
    nq_status status = NQ_OK;
    nq_model_picture(&own, p->model);
    g->model = p->model;
    if (own.height == g->height && own.width == g->width)
        return NQ_OK;
    if (!p->resized || p->height != g->height || p->width != g->width) {
        nq_model_free(p->resized);
        p->resized = NULL;
        status = nq_model_resize(&p->resized, p->context, p->model, g->height, g->width);
        p->height = g->height;
        p->width = g->width;
    }
    g->model = p->resized;
    return status;
}

/* parts[0] known pixels, parts[1] noisy ones or means of squares; their product where there are
 * both. */
static nq_status evidence_make(nq_evidence **out, nq_evidence *parts[2], const inpaint_job *p,
                               const window_cells *g)
{
    nq_status status = NQ_OK;
    if (g->has_known)
        status = nq_evidence_clamp(&parts[0], p->context, g->model, g->known, g->targets);
    if (g->noisy && !status)
        status =
            nq_evidence_gaussian(&parts[1], p->context, g->model, g->noisy, g->sigma, g->targets);
    if (g->means && !status)
        status = nq_evidence_squares(&parts[1], p->context, g->model, &g->squares, g->means,
                                     g->targets);
    if (!status && parts[0] && parts[1])
        status = nq_evidence_product(out, p->context, (const nq_evidence *const *)parts, 2);
    return status;
}

/* Unknown numbers of the window's inside; with noise, all that no window has drawn yet. */
static void draws_store(const inpaint_job *p, const window_cells *g,
                        const nq_posterior *posterior)
{
    for (size_t i = 0; i < g->numbers; i++) {
        const size_t place = place_of(p, g, i);
        const size_t at = place % (p->picture.height * p->picture.width);
        if (!nqi_box_holds(&g->window->filled, at % p->picture.width, at / p->picture.width))
            continue;
        for (size_t d = 0; d < p->count; d++)
            if (g->noisy || isnan(p->draws[d][place]))
                p->draws[d][place] = posterior->samples[d * g->numbers + i];
    }
}

static nq_status window_draw(inpaint_job *p, window_cells *g, size_t number)
{
    nq_posterior_options options = p->posterior;
    nq_evidence *parts[2] = {NULL, NULL}, *product = NULL;
    nq_posterior posterior = {0};
    nq_status status;
    options.draws = g->targets == 1 ? p->count : 1;
    options.seed = nqi_seed_child(options.seed, number); /* every window has its own noise */
    if (g->noisy && p->windows.count > 1 && !*options.twist)
        strcpy(options.twist,
               "informed"); /* pixels that are drawn come with the noise of level t */
    if (!(status = model_choose(p, g)) && !(status = evidence_make(&product, parts, p, g)) &&
        !(status = nq_posterior_sample(&posterior, p->context, g->model,
                                       product    ? product
                                       : parts[0] ? parts[0]
                                                  : parts[1],
                                       &options)))
        draws_store(p, g, &posterior);
    nq_posterior_free(&posterior);
    nq_evidence_free(product);
    nq_evidence_free(parts[0]);
    nq_evidence_free(parts[1]);
    return status;
}

static nq_status job_run(inpaint_job *p)
{
    nq_status status = NQ_OK;
    for (size_t w = 0; w < p->windows.count && !status; w++) {
        const double done = p->coarse.means ? COARSE_PART : 0;
        const double each = (1 - done) / (double)p->windows.count;
        const nqi_portion portion =
            nqi_portion_enter(p->context, done + (double)w * each, done + (double)(w + 1) * each);
        window_cells g;
        if (!(status = cells_new(&g, p, &p->windows.items[w]))) {
            status = window_draw(p, &g, w);
            cells_free(&g);
        }
        nqi_portion_leave(p->context, portion);
    }
    return status;
}

static nq_status coarse_run(inpaint_job *p)
{
    if (p->options->sigma > 0)
        return nqi_fail(p->context, NQ_ERROR_UNSUPPORTED,
                        "a coarse model goes with pixels that are known or not, and these have "
                        "noise: expected no sigma");
    nqi_coarse *c = &p->coarse;
    *c = (nqi_coarse){.picture = p->picture, .draws = p->draws, .count = p->count};
    const nqi_portion portion = nqi_portion_enter(p->context, 0, COARSE_PART);
    const nq_status status = nqi_coarse_draw(c, p->context, p->model, p->options, &p->posterior);
    nqi_portion_leave(p->context, portion);
    return status;
}

/* A network is asked for its own size: it says no when it could serve no other. */
static nq_status size_probe(inpaint_job *p)
{
    nq_picture own;
    nq_model *probe = NULL;
    nq_model_picture(&own, p->model);
    if (!own.channels)
        return NQ_OK;
    const nq_status status = nq_model_resize(&probe, p->context, p->model, own.height, own.width);
    nq_model_free(probe);
    p->any_size = !status;
    return status == NQ_ERROR_UNSUPPORTED ? NQ_OK : status;
}

nq_status nq_inpaint(double *const *draws, nq_context *context, const nq_model *model,
                     size_t count, const nq_picture *picture, const nq_inpaint_options *options)
{
    nq_inpaint_options own;
    inpaint_job p = {.context = context,
                     .model = model,
                     .options = &own,
                     .picture = *picture,
                     .draws = draws,
                     .count = count};
    nq_status status = nqi_options_take(&own, context, &nqi_inpaint_options, options);
    if (status ||
        (status = nqi_options_take(&p.posterior, context, &nqi_posterior_options, own.posterior)))
        return status;
    if (!count)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "0 draws of a picture: expected at least 1");
    if (!(own.sigma >= 0))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "the deviation of the pixels' noise is %g: expected 0 or a positive "
                        "number",
                        own.sigma);
    if ((status = nqi_tell(context, "filling gaps", 0, 1)) || (status = size_probe(&p)) ||
        (status = picture_check(&p)) || (status = numbers_check(&p)))
        return status;
    if (own.coarse)
        status = coarse_run(&p);
    rules_choose(&p);
    if (!status && !(status = windows_choose(&p)))
        status = job_run(&p);
    nqi_coarse_free(&p.coarse);
    nqi_windows_free(&p.windows);
    nq_model_free(p.resized);
    return status;
}
