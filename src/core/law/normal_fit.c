/* normal_fit.c - the normal law of rows of which some numbers are not known. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cholesky.h"
#include "core/law/law.h"
#include "core/monitor.h"

enum { ROUNDS = 100 };
static const double settled = 1e-4; /* the largest change of a round, in deviations */
static const double least = 1e-6;   /* of a variance, in those of its number alone */

typedef struct fit {
    nq_context *context; /* whose monitor is asked, or NULL */
    size_t n, count;
    double *rows; /* [count][n] as they are given; NaN is not known */
    double *full; /* [count][n] and completed by their means */
    double *mean, *covariance;
    double *products; /* [n][n] a new covariance, below the diagonal */
    /* Of a row: the numbers that are known; L of their covariance; and L^-1 of their distances from
     * the mean, and (a line for each) of the covariances of those that lack. */
    size_t *known, *lacking, known_count, lacking_count;
    double *root, *gap, *own;
} fit;

static int fit_new(fit *f, nq_context *context, const double *rows, size_t count, size_t n)
{
    *f = (fit){.context = context, .n = n, .count = count};
    f->rows = malloc((2 * count + 4 * n + 2) * n * sizeof *f->rows);
    f->known = malloc(2 * n * sizeof *f->known);
    if (!f->rows || !f->known)
        return 0;
    memcpy(f->rows, rows, count * n * sizeof *rows);
    f->full = f->rows + count * n;
    f->covariance = f->full + count * n;
    f->products = f->covariance + n * n;
    f->root = f->products + n * n;
    f->own = f->root + n * n;
    f->mean = f->own + n * n;
    f->gap = f->mean + n;
    f->lacking = f->known + n;
    return 1;
}

/* Each number for itself; one that is never known has mean 0 and variance 1. */
static void begin(fit *f)
{
    memset(f->covariance, 0, f->n * f->n * sizeof *f->covariance);
    for (size_t i = 0; i < f->n; i++) {
        double sum = 0, squares = 0, known = 0;
        for (int pass = 0; pass < 2; pass++)
            for (size_t r = 0; r < f->count; r++) {
                const double x = f->rows[r * f->n + i];
                if (isnan(x))
                    continue;
                known += !pass;
                sum += pass ? 0 : x;
                squares += pass ? (x - sum / known) * (x - sum / known) : 0;
            }
        f->mean[i] = known > 0 ? sum / known : 0;
        f->covariance[i * f->n + i] = squares > 0 ? squares / known : 1;
    }
}

/* Which numbers of a row are known, L of those, and L^-1 of their distances from the mean. */
static void look(fit *f, const double *x)
{
    f->known_count = f->lacking_count = 0;
    for (size_t i = 0; i < f->n; i++)
        if (isnan(x[i]))
            f->lacking[f->lacking_count++] = i;
        else
            f->known[f->known_count++] = i;
    for (size_t a = 0; a < f->known_count && f->lacking_count; a++) {
        const size_t i = f->known[a];
        f->gap[a] = x[i] - f->mean[i];
        for (size_t b = 0; b <= a; b++)
            f->root[a * f->known_count + b] = f->covariance[i * f->n + f->known[b]];
        f->root[a * f->known_count + a] *= 1 + least;
    }
    if (f->lacking_count) {
        nqi_cholesky(f->root, f->known_count);
        nqi_cholesky_forward(f->root, f->known_count, f->gap);
    }
}

/* Expected numbers of a row, and into `products` how uncertain those are together. */
static void complete(fit *f, size_t row)
{
    const size_t n = f->n;
    double *full = f->full + row * n;
    memcpy(full, f->rows + row * n, n * sizeof *full);
    look(f, full);
    for (size_t l = 0; l < f->lacking_count; l++) {
        const size_t i = f->lacking[l];
        double *own = f->own + l * n;
        for (size_t a = 0; a < f->known_count; a++)
            own[a] = f->covariance[i * n + f->known[a]];
        nqi_cholesky_forward(f->root, f->known_count, own);
        full[i] = f->mean[i] + nqi_dot(own, f->gap, f->known_count);
        for (size_t m = 0; m <= l; m++)
            f->products[i * n + f->lacking[m]] += f->covariance[i * n + f->lacking[m]] -
                                                  nqi_dot(own, f->own + m * n, f->known_count);
    }
}

static void means(fit *f)
{
    for (size_t i = 0; i < f->n; i++) {
        double sum = 0;
        for (size_t r = 0; r < f->count; r++)
            sum += f->full[r * f->n + i];
        f->mean[i] = sum / (double)f->count;
    }
}

/* One round; the largest change, in deviations and correlations. */
static nq_status improve(double *largest, fit *f)
{
    const size_t n = f->n;
    double moved = 0;
    nq_status status = NQ_OK;
    memset(f->products, 0, n * n * sizeof *f->products);
    for (size_t r = 0; r < f->count && !status; r++) {
        complete(f, r);
        status = r % 64 ? NQ_OK : nqi_tell_again(f->context);
    }
    means(f);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i && !status; k++) {
            status = k % 8 ? NQ_OK : nqi_tell_again(f->context);
            double *both = &f->products[i * n + k];
            for (size_t r = 0; r < f->count; r++)
                *both += (f->full[r * n + i] - f->mean[i]) * (f->full[r * n + k] - f->mean[k]);
            *both /= (double)f->count;
            const double unit = sqrt(f->covariance[i * (n + 1)] * f->covariance[k * (n + 1)]);
            moved = fmax(moved, fabs(*both - f->covariance[i * n + k]) / unit);
        }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i; k++)
            f->covariance[i * n + k] = f->covariance[k * n + i] = f->products[i * n + k];
    for (size_t i = 0; i < n; i++)
        if (!(f->covariance[i * (n + 1)] > 0))
            f->covariance[i * (n + 1)] = 1; /* it never changes */
    *largest = moved;
    return status;
}

/* The part of all correlations that is chance: the sum of their variances over that of their
 * squares (Schaefer and Strimmer 2005). */
static nq_status chance_of(double *out, const fit *f)
{
    const size_t n = f->n;
    const double rows = (double)f->count;
    double chance = 0, all = 0;
    nq_status status = NQ_OK;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i && !status; k++) {
            status = k % 8 ? NQ_OK : nqi_tell_again(f->context);
            const double middle = f->covariance[i * n + k];
            const double unit = f->covariance[i * (n + 1)] * f->covariance[k * (n + 1)];
            double squares = 0;
            for (size_t r = 0; r < f->count; r++) {
                const double *x = f->full + r * n;
                const double gap = (x[i] - f->mean[i]) * (x[k] - f->mean[k]) - middle;
                squares += gap * gap;
            }
            chance += squares / rows / fmax(rows - 1, 1) / unit;
            all += middle * middle / unit;
        }
    *out = all > 0 ? fmin(chance / all, 1) : 0;
    return status;
}

nq_status nqi_normal_fit(double *mean, double *covariance, nq_context *context,
                         const double *rows, size_t count, size_t n)
{
    fit f;
    double moved = INFINITY, chance = 0;
    nq_status status = fit_new(&f, context, rows, count, n) ? NQ_OK : NQ_ERROR_MEMORY;
    if (!status)
        begin(&f);
    for (int round = 0; round < ROUNDS && moved > settled && !status; round++)
        status = improve(&moved, &f);
    if (!status && !(status = chance_of(&chance, &f))) {
        const double left = 1 - chance;
        memcpy(mean, f.mean, n * sizeof *mean);
        for (size_t j = 0; j < n * n; j++)
            covariance[j] = f.covariance[j] * (j / n == j % n ? 1 : left);
    }
    free(f.rows);
    free(f.known);
    return status;
}
