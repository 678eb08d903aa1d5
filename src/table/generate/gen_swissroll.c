/* gen_swissroll.c - the spiral of [SD15] figure 1: t = 1.5 pi (1 + 2u), (t cos t, t sin t). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/generate/generate.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* Antiderivatives of t cos t, t sin t, t^2 cos^2 t and t^2 sin^2 t. */
static double first_x(double t)
{
    return cos(t) + t * sin(t);
}

static double first_y(double t)
{
    return sin(t) - t * cos(t);
}

/* t^2 cos(2t) / 2, by which the squares differ from t^2 / 2. */
static double second_turning(double t)
{
    return t * t * sin(2 * t) / 4 + t * cos(2 * t) / 4 - sin(2 * t) / 8;
}

typedef struct roll {
    double begin, length; /* of t */
    double mean[2], deviation[2];
} roll;

/* The exact moments of the law: t is uniform from 1.5 pi to 4.5 pi, and the noise adds to the
 * variances. */
static roll roll_measure(double noise)
{
    const double a = 1.5 * pi, b = 4.5 * pi, length = b - a;
    const double level = (b * b * b - a * a * a) / (6 * length);
    const double turning = (second_turning(b) - second_turning(a)) / length;
    roll r = {.begin = a, .length = length};
    r.mean[0] = (first_x(b) - first_x(a)) / length;
    r.mean[1] = (first_y(b) - first_y(a)) / length;
    r.deviation[0] = sqrt(level + turning - r.mean[0] * r.mean[0] + noise * noise);
    r.deviation[1] = sqrt(level - turning - r.mean[1] * r.mean[1] + noise * noise);
    return r;
}

static const char *refuse(const nqi_recipe *recipe)
{
    if (recipe->dim != 2)
        return "the roll lies in the plane, dim must be 2";
    return recipe->noise >= 0 && isfinite(recipe->noise)
               ? NULL
               : "noise is a standard deviation, 0 or more";
}

static void make_rows(const nqi_recipe *recipe, size_t first, size_t count, double *out)
{
    const roll r = roll_measure(recipe->noise);
    for (size_t row = first; row < first + count; row++, out += 2) {
        uint32_t words[4];
        double normals[2] = {0, 0};
        nqi_row_words(words, recipe, row, NQI_ROW_OTHER);
        if (recipe->noise > 0)
            nqi_row_normals(normals, 2, recipe, row);
        const double u = ((double)words[0] + ((double)words[1] + 0.5) * 0x1p-32) * 0x1p-32;
        const double t = r.begin + r.length * u;
        const double x = t * cos(t) + recipe->noise * normals[0];
        const double y = t * sin(t) + recipe->noise * normals[1];
        out[0] = (x - r.mean[0]) / r.deviation[0];
        out[1] = (y - r.mean[1]) / r.deviation[1];
    }
}

const nqi_generator nqi_generator_swissroll = {"swissroll", 2, 0, 0, refuse, make_rows};
