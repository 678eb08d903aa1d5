/* grow.c - the tree of greatest mutual information (Chow and Liu 1968), by Prim's method. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/tree/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/monitor.h"

/* Which rows have each value of each cell, a bit a row. */
typedef struct marks {
    uint64_t *word; /* [values_all][words] */
    size_t *first;  /* [cells] value 0 of each cell */
    size_t *ones;   /* [values_all] rows that have it */
    size_t *left;   /* [values_all] scratch */
    size_t words;
    const nqi_tree_rows *rows;
} marks;

static nq_status marks_new(marks *out, nq_context *context, const nqi_tree_rows *rows)
{
    const size_t words = (rows->rows + 63) / 64;
    *out = (marks){.words = words, .rows = rows};
    out->word = calloc(rows->values_all * words, sizeof *out->word);
    out->first = calloc(rows->cells, sizeof *out->first);
    out->ones = calloc(rows->values_all, sizeof *out->ones);
    out->left = calloc(rows->values_all, sizeof *out->left);
    if (!out->word || !out->first || !out->ones || !out->left)
        return nqi_fail_memory(context, "rows by value",
                               rows->values_all * words * sizeof *out->word);
    for (size_t c = 1; c < rows->cells; c++)
        out->first[c] = out->first[c - 1] + rows->values[c - 1];
    for (size_t c = 0; c < rows->cells; c++)
        for (size_t r = 0; r < rows->rows; r++) {
            const size_t value = out->first[c] + nqi_tree_codes(rows, c)[r];
            out->word[value * words + r / 64] |= (uint64_t)1 << r % 64;
            out->ones[value]++;
        }
    return NQ_OK;
}

static void marks_free(marks *m)
{
    free(m->word);
    free(m->first);
    free(m->ones);
    free(m->left);
}

static size_t rows_of_both(const marks *m, size_t a, size_t b)
{
    const uint64_t *x = m->word + a * m->words, *y = m->word + b * m->words;
    size_t count = 0;
    for (size_t w = 0; w < m->words; w++)
        count += (size_t)__builtin_popcountll(x[w] & y[w]);
    return count;
}

/* A term of it; both: rows that have value i of the one cell and j of the other. */
static double information_of(const marks *m, size_t both, size_t i, size_t j)
{
    const double seen = (double)both, rows = (double)m->rows->rows;
    return both ? seen / rows * log(seen * rows / ((double)m->ones[i] * (double)m->ones[j])) : 0;
}

/* In nats, less what as many rows of independent cells would show (Miller 1955). What the last
 * value of a cell has is what the others have left of it. */
static double information(const marks *m, size_t a, size_t b)
{
    const size_t values_a = m->rows->values[a], values_b = m->rows->values[b];
    const size_t first = m->first[b], last_a = m->first[a] + values_a - 1,
                 last_b = first + values_b - 1;
    double sum = 0;
    memcpy(m->left + first, m->ones + first, values_b * sizeof *m->left);
    for (size_t i = m->first[a]; i <= last_a; i++) {
        size_t left = m->ones[i];
        for (size_t j = first; left && j <= last_b; j++) {
            const size_t both = i == last_a   ? m->left[j]
                                : j == last_b ? left
                                              : rows_of_both(m, i, j);
            sum += information_of(m, both, i, j);
            left -= both;
            m->left[j] -= both;
        }
    }
    return sum - (double)((values_a - 1) * (values_b - 1)) / (2 * (double)m->rows->rows);
}

/* Prim: the cell that the tree tells most of is next. */
static nq_status prim(size_t *order, size_t *parent, double *best, nq_context *context,
                      const marks *m)
{
    const size_t cells = m->rows->cells;
    nq_status status = NQ_OK;
    for (size_t c = 0; c < cells; c++) {
        best[c] = -INFINITY;
        parent[c] = 0;
    }
    for (size_t k = 0, now = 0; k < cells && !status; k++) {
        status = nqi_tell(context, "growing a tree", (double)k, (double)cells);
        order[k] = now;
        best[now] = NAN; /* it is in the tree */
        size_t next = cells;
        for (size_t c = 0; c < cells; c++) {
            if (isnan(best[c]))
                continue;
            const double told = information(m, now, c);
            if (told > best[c]) {
                best[c] = told;
                parent[c] = now;
            }
            if (next == cells || best[c] > best[next])
                next = c;
        }
        now = next;
    }
    return status;
}

nq_status nqi_tree_grow(size_t *order, size_t *parent, nq_context *context,
                        const nqi_tree_rows *rows)
{
    marks m;
    double *best = malloc(rows->cells * sizeof *best);
    nq_status status = best ? marks_new(&m, context, rows) : NQ_ERROR_MEMORY;
    if (!best)
        return nqi_fail_memory(context, "a tree", rows->cells * sizeof *best);
    if (!status)
        status = prim(order, parent, best, context, &m);
    marks_free(&m);
    free(best);
    return status;
}
