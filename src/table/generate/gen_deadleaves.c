/* gen_deadleaves.c - discs that fall on each other like leaves, radii from a power law r^-3.
 * A. B. Lee, D. Mumford, J. Huang: Occlusion models for natural images, IJCV 41 (2001) 35.
 * The law of the radii, cut off at both ends, makes the pictures look alike at every scale. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/generate/generate.h"

#include <math.h>

enum { LEVELS = 256, LARGEST_RATIO = 8192 };
static const double smallest_radius = 0.1, largest_radius = 1e6;

static const char *refuse(const nqi_recipe *recipe)
{
    const double least = recipe->radius_least, most = recipe->radius_most;
    if (recipe->dim != recipe->size * recipe->size)
        return "dim is size * size: give the size alone";
    if (recipe->noise != 0)
        return "it has no noise";
    if (!(least >= smallest_radius && most > least && most <= largest_radius))
        return "the least radius is to be at least 0.1, the most larger and at most 1e6";
    if ((double)recipe->size > LARGEST_RATIO * least)
        return "the size is at most 8192 times the least radius";
    return NULL;
}

/* Discs are uniform in the plane, with radii of density r^-3. Those that touch the square of side S
 * have centres in the square of side S + 2r, so a density of radii proportional to
 * r^-3 (S + 2r)^2 = S^2 r^-3 + 4 S r^-2 + 4 r^-1: three laws that are easily drawn from. */
typedef struct radius_law {
    double least, most;
    double weight[3]; /* integrals of the three, accumulated */
} radius_law;

static radius_law law_make(const nqi_recipe *recipe)
{
    const double a = recipe->radius_least, b = recipe->radius_most, side = (double)recipe->size;
    radius_law law = {.least = a, .most = b};
    law.weight[0] = side * side * (1 / (a * a) - 1 / (b * b)) / 2;
    law.weight[1] = law.weight[0] + 4 * side * (1 / a - 1 / b);
    law.weight[2] = law.weight[1] + 4 * log(b / a);
    return law;
}

/* which, u: uniform in (0, 1). */
static double radius_draw(const radius_law *law, double which, double u)
{
    const double a = law->least, b = law->most, w = which * law->weight[2];
    if (w < law->weight[0])
        return 1 / sqrt((1 - u) / (a * a) + u / (b * b));
    if (w < law->weight[1])
        return 1 / ((1 - u) / a + u / b);
    return a * pow(b / a, u);
}

static double uniform(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

/* Pixels whose centres the disc covers and that are still bare (negative). Returns their number. */
static size_t disc_paint(double *picture, size_t side, double x, double y, double radius,
                         double level)
{
    size_t painted = 0;
    const double last = (double)side - 1;
    const double top = fmax(ceil(y - radius - 0.5), 0);
    const double bottom = fmin(floor(y + radius - 0.5), last);
    for (double line = top; line <= bottom; line++) {
        const double above = line + 0.5 - y, square = radius * radius - above * above;
        const double half = square > 0 ? sqrt(square) : 0;
        const double left = fmax(ceil(x - half - 0.5), 0);
        const double right = fmin(floor(x + half - 0.5), last);
        double *pixels = picture + (size_t)line * side;
        for (double at = left; at <= right; at++) {
            if (pixels[(size_t)at] < 0) {
                pixels[(size_t)at] = level;
                painted++;
            }
        }
    }
    return painted;
}

/* From the front to the back: what is painted stays, until nothing is bare. */
static void picture_make(const nqi_recipe *recipe, const radius_law *law, size_t row, double *out)
{
    size_t bare = recipe->dim;
    for (size_t i = 0; i < recipe->dim; i++)
        out[i] = -1;
    for (uint32_t chunk = 0; bare > 0; chunk += 2) {
        uint32_t shape[4], place[4];
        nqi_row_words(shape, recipe, row, chunk);
        nqi_row_words(place, recipe, row, chunk + 1);
        const double radius = radius_draw(law, uniform(shape[0]), uniform(shape[1]));
        const double width = (double)recipe->size + 2 * radius;
        const double x = uniform(place[0]) * width - radius;
        const double y = uniform(place[1]) * width - radius;
        bare -= disc_paint(out, recipe->size, x, y, radius, (double)(shape[2] % LEVELS));
    }
}

static void make_rows(const nqi_recipe *recipe, size_t first, size_t count, double *out)
{
    const radius_law law = law_make(recipe);
    for (size_t i = 0; i < count; i++)
        picture_make(recipe, &law, first + i, out + i * recipe->dim);
}

const nqi_generator nqi_generator_deadleaves = {"deadleaves", 0, 0, 32, refuse, make_rows};
