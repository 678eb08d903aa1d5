/* ranks.c - linear rank statistics and chi square over groups.
 * Of two samples of n and m values in random order the sum of scores a over the n has mean n abar
 * and variance n m / (N (N - 1)) sum (a - abar)^2: shift by van der Waerden's normal scores, spread
 * by their squares (Klotz), which are uncorrelated; and counts in groups have the hypergeometric
 * covariance, so that chi square is (N - 1) / m times the usual sum. Of ranks among draws of their
 * own the scores are independent normal numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "check/ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/gauss/gauss.h"
#include "core/law/law.h"
#include "core/sort/sort.h"

enum { BINS_MOST = 20, BINS_LEAST = 4, BIN_ROWS = 15 };
/* Rows, or draws, that a group is to have of those that are fewer; groups at most. */
enum { GROUP_LEAST = 5, GROUPS_MOST = 512 };

static int by_value(const void *left, const void *right)
{
    const nqi_pooled *a = left, *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->tie > b->tie) - (a->tie < b->tie);
}

/* A run of equal values. */
typedef struct run {
    size_t first, count;
    double value;
} run;

static int by_count(const void *left, const void *right)
{
    const run *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

static size_t run_end(const nqi_pooled *all, size_t count, size_t first)
{
    size_t end = first + 1;
    while (end < count && all[end].value == all[first].value)
        end++;
    return end;
}

nq_status nqi_pooled_sort(nqi_pooled *all, nq_context *context, size_t count, int is_level)
{
    size_t runs = 0, at = 0;
    const nq_status status = nqi_sort(context, all, count, sizeof *all, by_value);
    if (status)
        return status;
    for (size_t i = 0; i < count; i = run_end(all, count, i))
        runs++;
    run *list = is_level ? malloc(runs * sizeof *list) : NULL;
    nqi_pooled *copy = is_level ? malloc(count * sizeof *copy) : NULL;
    runs = 0;
    for (size_t i = 0; list && copy && i < count; i = run_end(all, count, i))
        list[runs++] = (run){i, run_end(all, count, i) - i, all[i].value};
    if (list && copy) { /* without memory levels stay in another order, which is as right */
        qsort(list, runs, sizeof *list, by_count);
        for (size_t k = 0; k < runs; at += list[k++].count)
            memcpy(copy + at, all + list[k].first, list[k].count * sizeof *copy);
        memcpy(all, copy, count * sizeof *copy);
    }
    free(list);
    free(copy);
    return NQ_OK;
}

static size_t rows_of(const nqi_pooled *all, size_t first, size_t end)
{
    size_t rows = 0;
    for (size_t i = first; i < end; i++)
        rows += !all[i].is_drawn;
    return rows;
}

/* Groups of values, as they stand in `all`. */
typedef struct group {
    size_t rows, size, first;
    int is_equal; /* it is a value that repeats */
} group;

typedef struct grouping {
    group list[GROUPS_MOST];
    size_t count;
    size_t enough, enough_equal; /* values that make a group, and equal ones */
} grouping;

/* The last group of values side by side, or any where there is no such; count: there is none. */
static size_t last_open(const grouping *g)
{
    for (size_t k = g->count; k > 0; k--)
        if (!g->list[k - 1].is_equal)
            return k - 1;
    return g->count ? g->count - 1 : 0;
}

/* Values that repeat often are groups; those between them are put together until they are as many.
 * What is left at the end joins the last of these, so that no group is too small. */
static void groups_make(grouping *g, const nqi_pooled *all, size_t count)
{
    group open = {.first = 0};
    for (size_t i = 0; i < count;) {
        const size_t end = run_end(all, count, i), rows = rows_of(all, i, end);
        if (end - i >= g->enough_equal) {
            g->list[g->count++] = (group){rows, end - i, i, 1};
        } else {
            open.rows += rows;
            open.size += end - i;
        }
        if (open.size >= g->enough) {
            g->list[g->count++] = open;
            open = (group){.first = end};
        }
        i = end;
    }
    if (!open.size)
        return;
    if (2 * open.size >= g->enough || !g->count) {
        g->list[g->count++] = open;
        return;
    }
    group *last = &g->list[last_open(g)];
    last->rows += open.rows;
    last->size += open.size;
}

static void shape_of(nq_rank_test *out, size_t *worst, const nqi_pooled *all, size_t count,
                     int is_level)
{
    const double n = (double)out->rows, pooled = (double)count;
    /* of the smaller sample */
    const double least =
        fmax(GROUP_LEAST * pooled / fmin(n, pooled - n), pooled / (GROUPS_MOST / 2));
    const double bins = fmin(fmax(n / BIN_ROWS, BINS_LEAST), BINS_MOST);
    const size_t enough = (size_t)ceil(fmax(pooled / bins, least));
    grouping g = {.enough = is_level ? (size_t)ceil(least) : enough};
    double largest = 0;
    g.enough_equal = g.enough;
    groups_make(&g, all, count);
    *worst = count;
    for (size_t k = 0; k < g.count; k++) {
        const double expected = n * (double)g.list[k].size / pooled;
        const double gap = (double)g.list[k].rows - expected, part = gap * gap / expected;
        out->chi2 += part * (pooled - 1) / (pooled - n);
        if (g.list[k].is_equal && part > largest) {
            largest = part;
            *worst = g.list[k].first;
        }
    }
    out->df = g.count - 1;
    out->p_shape = out->df ? nqi_chi2_above(out->chi2, (double)out->df) : NAN;
}

/* (sum over rows of a score - its mean) / its deviation. */
static double linear(const double sums[3], double rows, double count)
{
    const double mean = sums[1] / count, squares = sums[2] - count * mean * mean;
    const double variance = rows * (count - rows) / (count * (count - 1)) * squares;
    return variance > 0 ? (sums[0] - rows * mean) / sqrt(variance) : 0;
}

/* Scores are those of the place in the order, so that their law is known. */
static void scores_of(nq_rank_test *out, const nqi_pooled *all, size_t count)
{
    double shift[3] = {0}, spread[3] = {0};
    for (size_t i = 0; i < count; i++) {
        const double z = nqi_gauss_quantile(((double)i + 0.5) / (double)count), square = z * z;
        shift[0] += all[i].is_drawn ? 0 : z;
        spread[0] += all[i].is_drawn ? 0 : square;
        shift[1] += z;
        spread[1] += square;
        shift[2] += square;
        spread[2] += square * square;
    }
    out->shift = linear(shift, (double)out->rows, (double)count);
    out->spread = linear(spread, (double)out->rows, (double)count);
}

void nqi_ranks_two(nq_rank_test *out, size_t *worst, const nqi_pooled *all, size_t count,
                   int is_level)
{
    *out = (nq_rank_test){
        .rows = rows_of(all, 0, count), .p = NAN, .shift = NAN, .spread = NAN, .p_adjusted = NAN};
    *worst = count;
    if (!out->rows || out->rows == count)
        return;
    shape_of(out, worst, all, count, is_level);
    if (!is_level)
        scores_of(out, all, count);
    const double p[3] = {nqi_normal_p(out->shift), nqi_normal_p(out->spread), out->p_shape};
    out->p = nqi_p_combine(p, 3);
}

double nqi_rank_place(size_t rank, size_t draws, double uniform)
{
    return ((double)rank + uniform) / (double)(draws + 1);
}

double nqi_rank_chi2(double *counts, double *p, const size_t *ranks, size_t count, size_t draws,
                     size_t bins)
{
    const double expected = (double)count / (double)bins;
    double chi2 = 0;
    memset(counts, 0, bins * sizeof *counts);
    for (size_t i = 0; i < count; i++)
        counts[ranks[i] * bins / (draws + 1)]++;
    for (size_t k = 0; k < bins; k++)
        chi2 += (counts[k] - expected) * (counts[k] - expected) / expected;
    *p = bins > 1 ? nqi_chi2_above(chi2, (double)bins - 1) : NAN;
    return chi2;
}

/* The most bins that divide the ranks and have enough of them each; 1: of fewer than four chi
 * square would be 0 too often. */
static size_t bins_of(size_t count, size_t draws)
{
    size_t bins = BINS_MOST;
    while (bins >= BINS_LEAST && ((draws + 1) % bins || count < bins * BIN_ROWS))
        bins--;
    return bins < BINS_LEAST ? 1 : bins;
}

void nqi_ranks_one(nq_rank_test *out, const size_t *ranks, size_t count, size_t draws,
                   const nqi_stream *stream)
{
    double counts[BINS_MOST], sum = 0, squares = 0;
    const size_t bins = bins_of(count, draws);
    for (size_t i = 0; i < count; i++) {
        const double z =
            nqi_gauss_quantile(nqi_rank_place(ranks[i], draws, nqi_stream_uniform(stream, i)));
        sum += z;
        squares += z * z;
    }
    *out = (nq_rank_test){.rows = count, .p = NAN, .p_adjusted = NAN};
    if (!count)
        return;
    out->shift = sum / sqrt((double)count);
    out->spread = (squares - (double)count) / sqrt(2 * (double)count);
    out->chi2 = nqi_rank_chi2(counts, &out->p_shape, ranks, count, draws, bins);
    out->df = bins - 1;
    const double p[3] = {nqi_normal_p(out->shift), nqi_chi2_p(squares, (double)count),
                         out->p_shape};
    out->p = nqi_p_combine(p, 3);
}

static size_t equals(double value, const double *draws, size_t stride, size_t count)
{
    size_t equal = 0;
    for (size_t i = 0; i < count; i++)
        equal += draws[i * stride] == value;
    return equal;
}

/* Of levels, whether b is before a: more of all values, or by the values. */
static int is_before(double a, double b, double truth, const double *draws, size_t stride,
                     size_t count)
{
    const size_t many_a = equals(a, draws, stride, count) + (a == truth);
    const size_t many_b = equals(b, draws, stride, count) + (b == truth);
    return many_a != many_b ? many_b > many_a : b < a;
}

size_t nqi_rank_of(double value, const double *draws, size_t stride, size_t count, int is_level,
                   const nqi_stream *stream)
{
    size_t below = 0, equal = 0;
    for (size_t i = 0; i < count; i++) {
        const double other = draws[i * stride];
        equal += other == value;
        if (other != value)
            below += is_level ? (size_t)is_before(value, other, value, draws, stride, count)
                              : other < value;
    }
    return below + (size_t)nqi_stream_below(stream, 0, equal + 1);
}
