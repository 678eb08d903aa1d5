/* features.c - features of pooled rows and draws. Nothing here looks at which is which, so that a
 * permutation of labels is as likely as any other where both have one law. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "check/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/gauss/gauss.h"
#include "core/monitor.h"

/* Features of single columns, of pairs, and levels of a column at most. */
enum { SINGLE_MOST = 192, PAIRS_MOST = 128, LEVELS_MOST = 40, ATOMS_MOST = 3 };
/* Pooled rows that a level needs; and that correlations are measured with. */
enum { LEVEL_ROWS = 10, LOOKED_AT = 2000 };
static const double level_part = 0.005, atom_part = 0.02;

typedef struct builder {
    const nqi_check_job *job;
    nqi_features *out;
    size_t column[SINGLE_MOST + PAIRS_MOST]; /* that a single feature is of */
    unsigned char is_square[SINGLE_MOST + PAIRS_MOST];
    nqi_pooled *sorted; /* values of the column at hand */
} builder;

double nqi_features_dot(const float *a, const float *b, size_t count)
{
    enum { LANES = 8 };
    double lanes[LANES] = {0}, sum = 0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            lanes[l] += (double)a[i + l] * (double)b[i + l];
    for (; i < count; i++)
        sum += (double)a[i] * (double)b[i];
    for (size_t l = 0; l < LANES; l++)
        sum += lanes[l];
    return sum;
}

static float *next_feature(const builder *b)
{
    return b->out->x + b->out->count * b->out->rows;
}

/* Mean 0 and variance 1; one that hardly varies is dropped. */
static void feature_keep(builder *b, size_t column, int is_square)
{
    float *x = next_feature(b);
    const size_t rows = b->out->rows;
    double mean = 0, squares = 0;
    for (size_t i = 0; i < rows; i++)
        mean += (double)x[i] / (double)rows;
    for (size_t i = 0; i < rows; i++)
        squares += ((double)x[i] - mean) * ((double)x[i] - mean);
    const double deviation = sqrt(squares / (double)rows);
    if (!(deviation > 1e-6))
        return;
    for (size_t i = 0; i < rows; i++)
        x[i] = (float)(((double)x[i] - mean) / deviation);
    b->column[b->out->count] = column;
    b->is_square[b->out->count++] = (unsigned char)is_square;
}

static double value_at(const nqi_check_rows *rows, size_t i, size_t c)
{
    return i < rows->whole ? rows->real[i * rows->columns + c]
                           : rows->drawn[(i - rows->whole) * rows->columns + c];
}

static nq_status sort_column(const builder *b, size_t j)
{
    const nqi_check_rows *rows = &b->job->rows;
    for (size_t i = 0; i < b->out->rows; i++)
        b->sorted[i] = (nqi_pooled){value_at(rows, i, rows->column[j]), 0, i, 0};
    return nqi_pooled_sort(b->sorted, b->job->context, b->out->rows, rows->is_level[j]);
}

static size_t run_end(const builder *b, size_t first)
{
    size_t end = first + 1;
    while (end < b->out->rows && b->sorted[end].value == b->sorted[first].value)
        end++;
    return end;
}

/* Normal scores of the middles of equal values, and their squares; of a gap 0. */
static void add_scores(builder *b, size_t j, int is_square)
{
    float *x = next_feature(b);
    for (size_t first = 0; first < b->out->rows;) {
        const size_t end = run_end(b, first);
        const double middle = 0.5 * (double)(first + end) / (double)b->out->rows;
        const double z = isinf(b->sorted[first].value) ? 0 : nqi_gauss_quantile(middle);
        for (size_t i = first; i < end; i++)
            x[b->out->place[b->sorted[i].row]] = (float)(is_square ? z * z : z);
        first = end;
    }
    feature_keep(b, j, is_square);
}

/* Indicators of values that repeat. The most frequent of levels is what is left of the others. */
static void add_levels(builder *b, size_t j, double part, size_t most)
{
    const double least = fmax(LEVEL_ROWS, part * (double)b->out->rows);
    size_t kept = 0;
    for (size_t first = 0; first < b->out->rows && kept < most;) {
        const size_t end = run_end(b, first);
        if ((double)(end - first) >= least && b->out->count < SINGLE_MOST) {
            float *x = next_feature(b);
            memset(x, 0, b->out->rows * sizeof *x);
            for (size_t i = first; i < end; i++)
                x[b->out->place[b->sorted[i].row]] = 1;
            feature_keep(b, j, 0);
            kept++;
        }
        first = end;
    }
}

static nq_status add_single(builder *b)
{
    const nqi_check_rows *rows = &b->job->rows;
    nq_status status = NQ_OK;
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < rows->count && b->out->count + 2 <= SINGLE_MOST; j++) {
            if ((status = nqi_tell(b->job->context, "telling rows and draws apart", 0, 1)) ||
                (status = sort_column(b, j)))
                return status;
            if (rows->is_level[j] && !pass) {
                add_levels(b, j, level_part, rows->count > LEVELS_MOST ? 2 : LEVELS_MOST);
            } else if (!rows->is_level[j] && !pass) {
                add_scores(b, j, 0);
                add_scores(b, j, 1);
            } else if (!rows->is_level[j]) {
                add_levels(b, j, atom_part, ATOMS_MOST);
            }
        }
    return NQ_OK;
}

typedef struct pair {
    size_t a, b;
    double together;
} pair;

static int pair_compare(const void *left, const void *right)
{
    const pair *a = left, *b = right;
    if (a->together != b->together)
        return a->together > b->together ? -1 : 1;
    return a->a != b->a ? (a->a > b->a) - (a->a < b->a) : (a->b > b->b) - (a->b < b->b);
}

/* Products of features of two columns, of those that go together most. */
static nq_status add_pairs(builder *b)
{
    const size_t single = b->out->count, rows = b->out->rows;
    const size_t looked = rows < LOOKED_AT ? rows : LOOKED_AT;
    pair *pairs = malloc((single * single + 1) / 2 * sizeof *pairs);
    size_t count = 0, most = b->job->rows.whole / 4;
    if (!pairs)
        return nqi_fail_memory(b->job->context, "pairs of columns", single * single);
    for (size_t k = 0; k < single; k++)
        for (size_t l = 0; l < k; l++)
            if (b->column[k] != b->column[l] && !b->is_square[k] && !b->is_square[l])
                pairs[count++] = (pair){k, l,
                                        fabs(nqi_features_dot(b->out->x + k * rows,
                                                              b->out->x + l * rows, looked))};
    if (count)
        qsort(pairs, count, sizeof *pairs, pair_compare);
    most = most < PAIRS_MOST ? most : PAIRS_MOST;
    nq_status status = NQ_OK;
    for (size_t p = 0; p < count && p < most && !status; p++) {
        const float *one = b->out->x + pairs[p].a * rows, *other = b->out->x + pairs[p].b * rows;
        float *x = next_feature(b);
        for (size_t i = 0; i < rows; i++)
            x[i] = one[i] * other[i];
        feature_keep(b, 0, 0);
        status = nqi_tell_again(b->job->context);
    }
    free(pairs);
    return status;
}

nq_status nqi_features_make(nqi_features *out, const nqi_check_job *job)
{
    builder b = {.job = job, .out = out};
    const nqi_stream order = nqi_check_stream(job, NQI_CHECK_FOLDS, 0);
    *out = (nqi_features){.rows = job->rows.whole + job->rows.draws};
    out->x = malloc((SINGLE_MOST + PAIRS_MOST) * out->rows * sizeof *out->x);
    out->place = malloc(out->rows * sizeof *out->place);
    b.sorted = malloc(out->rows * sizeof *b.sorted);
    nq_status status = NQ_OK;
    if (!out->x || !out->place || !b.sorted)
        status = nqi_fail_memory(job->context, "a classifier's features",
                                 (SINGLE_MOST + PAIRS_MOST) * out->rows * sizeof *out->x);
    for (size_t i = 0; i < out->rows && !status; i++)
        out->place[i] = (size_t)nqi_stream_permute(&order, i, out->rows);
    if (!status && !(status = add_single(&b)))
        status = add_pairs(&b);
    free(b.sorted);
    if (status)
        nqi_features_free(out);
    return status;
}

void nqi_features_free(nqi_features *features)
{
    free(features->x);
    free(features->place);
    memset(features, 0, sizeof *features);
}
