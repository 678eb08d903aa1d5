/* pareto.c - k-hat: a generalised Pareto law fitted to the largest weights.
 *
 * J. Zhang, M. A. Stephens: A new and efficient estimation method for the generalized Pareto
 * distribution, Technometrics 51 (2009) 316; the weak prior on its shape, the number of weights and
 * the thresholds: A. Vehtari et al.: Pareto smoothed importance sampling, JMLR 25 (2024) 72.
 * Excesses e over the (M + 1)th largest weight have the density (1/s) (1 + k e/s)^(-1/k - 1). With
 * b = -k/s the likelihood has its maximum over k at k(b) = mean log(1 - b e), so one parameter is
 * left, whose posterior mean is taken over a grid. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "measure/weight/pareto.h"

#include <math.h>
#include <stdlib.h>

#include "core/context.h"

enum { TAIL_LEAST = 5, GRID_LEAST = 30, GRID_MOST = 4096, PRIOR_COUNT = 10 };
static const double prior_shape = 0.5, usable_most = 0.7;
static const double equal_log_weights = 1e-6; /* nats: rounding of sums over a trajectory */

size_t nqi_pareto_tail(size_t count)
{
    return (size_t)ceil(fmin(0.2 * (double)count, 3 * sqrt((double)count)));
}

static int compare_down(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* k(b) for excesses e[count]. */
static double shape_at(double b, const double *e, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += log1p(-b * e[i]);
    return sum / (double)count;
}

/* Excesses in descending order. The grid: b_j = 1 / e_max + (1 - sqrt(m / (j - 1/2))) / (3 q),
 * q their first quartile. */
static void fit_excesses(nq_pareto *out, const double *e, size_t count)
{
    double b[GRID_MOST], profile[GRID_MOST];
    const double n = (double)count;
    size_t grid = GRID_LEAST + (size_t)sqrt(n);
    if (grid > GRID_MOST)
        grid = GRID_MOST;
    const double quartile = e[count - (size_t)(n / 4 + 0.5)];
    if (!(quartile > 0)) /* so far apart that most of them vanish beside the largest */
        return;
    for (size_t j = 0; j < grid; j++) {
        b[j] = 1 / e[0] + (1 - sqrt((double)grid / ((double)j + 0.5))) / (3 * quartile);
        const double k = shape_at(b[j], e, count);
        profile[j] = n * (log(-b[j] / k) - k - 1);
    }
    double mean = 0, total = 0;
    for (size_t j = 0; j < grid; j++) {
        double others = 0;
        for (size_t i = 0; i < grid; i++)
            others += exp(profile[i] - profile[j]);
        mean += b[j] / others;
        total += 1 / others;
    }
    mean /= total;
    const double k = shape_at(mean, e, count);
    out->sigma = -k / mean;
    out->khat = (n * k + PRIOR_COUNT * prior_shape) / (n + PRIOR_COUNT);
}

static void conclude(nq_pareto *out)
{
    const double k = fmax(out->khat, 0);
    out->reliable = out->khat < out->threshold;
    out->needed = k < 1 ? pow(10, 1 / (1 - k)) : INFINITY;
}

void nqi_pareto_fit(nq_pareto *out, double *largest, size_t count)
{
    const size_t most = nqi_pareto_tail(count);
    *out = (nq_pareto){.khat = INFINITY,
                       .sigma = NAN,
                       .threshold = fmin(1 - 1 / log10((double)count), usable_most)};
    if (count > most && most) {
        qsort(largest, most + 1, sizeof *largest, compare_down);
        while (out->tail < most && largest[out->tail] > largest[most])
            out->tail++;
    }
    if (out->tail >= TAIL_LEAST) {
        const double top = largest[0], cut = exp(largest[most] - top);
        for (size_t i = 0; i < out->tail; i++)
            largest[i] = exp(largest[i] - top) - cut;
        fit_excesses(out, largest, out->tail);
    }
    conclude(out);
}

void nqi_pareto_judge(nq_pareto *out, double *largest, size_t count)
{
    const size_t most = nqi_pareto_tail(count);
    double top = -INFINITY, least = INFINITY;
    for (size_t i = 0; count > most && i <= most; i++) {
        top = fmax(top, largest[i]);
        least = fmin(least, largest[i]);
    }
    nqi_pareto_fit(out, largest, count);
    if (most < TAIL_LEAST || !(top - least <= equal_log_weights))
        return;
    out->khat = -INFINITY;
    conclude(out);
}

static void sift_down(double *heap, size_t held, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < held; at = child) {
        if (child + 1 < held && heap[child + 1] < heap[child])
            child++;
        if (heap[at] <= heap[child])
            return;
        const double lower = heap[child];
        heap[child] = heap[at];
        heap[at] = lower;
    }
}

double nqi_largest_offer(double *heap, size_t *held, size_t most, double value)
{
    if (*held < most) {
        size_t at = (*held)++;
        for (; at && heap[(at - 1) / 2] > value; at = (at - 1) / 2)
            heap[at] = heap[(at - 1) / 2];
        heap[at] = value;
        return -INFINITY;
    }
    if (!most || value <= heap[0])
        return value;
    const double out = heap[0];
    heap[0] = value;
    sift_down(heap, *held, 0);
    return out;
}

nq_status nq_pareto_estimate(nq_pareto *out, nq_context *context, const double *log_w,
                             size_t count)
{
    const size_t most = nqi_pareto_tail(count) + 1;
    size_t held = 0;
    double *heap = malloc(most * sizeof *heap);
    *out = (nq_pareto){0};
    if (!heap)
        return nqi_fail_memory(context, "the largest weights", most * sizeof *heap);
    for (size_t i = 0; i < count; i++)
        nqi_largest_offer(heap, &held, most, log_w[i]);
    nqi_pareto_judge(out, heap, count);
    free(heap);
    return NQ_OK;
}
