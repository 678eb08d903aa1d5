/* sort.c - pieces sorted one after another, and merged two by two. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/sort/sort.h"

#include <stdlib.h>
#include <string.h>

#include "core/monitor.h"

enum { PIECE = 1 << 14 }; /* elements: some milliseconds */

typedef int comparison(const void *, const void *);

int nqi_double_compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* from[0..middle-1] and from[middle..count-1] into out. */
static nq_status merge(nq_context *context, unsigned char *out, const unsigned char *from,
                       size_t middle, size_t count, size_t size, comparison *compare)
{
    nq_status status = NQ_OK;
    for (size_t i = 0, a = 0, b = middle; i < count && !status; i++) {
        const int is_first =
            b == count || (a < middle && compare(from + a * size, from + b * size) <= 0);
        memcpy(out + i * size, from + (is_first ? a++ : b++) * size, size);
        status = (i + 1) % PIECE ? NQ_OK : nqi_tell_again(context);
    }
    return status;
}

static nq_status pieces_merge(nq_context *context, unsigned char *base, unsigned char *copy,
                              size_t count, size_t size, comparison *compare)
{
    unsigned char *from = base, *to = copy;
    nq_status status = NQ_OK;
    for (size_t run = PIECE; run < count && !status; run *= 2) {
        for (size_t first = 0; first < count && !status; first += 2 * run) {
            const size_t left = count - first;
            status = merge(context, to + first * size, from + first * size, least_of(run, left),
                           least_of(2 * run, left), size, compare);
        }
        unsigned char *other = from;
        from = to;
        to = other;
    }
    if (!status && from != base)
        memcpy(base, from, count * size);
    return status;
}

nq_status nqi_sort(nq_context *context, void *base, size_t count, size_t size,
                   comparison *compare)
{
    unsigned char *copy = count > PIECE ? malloc(count * size) : NULL;
    nq_status status = NQ_OK;
    if (!copy) {
        qsort(base, count, size, compare);
        return NQ_OK;
    }
    for (size_t first = 0; first < count && !status; first += PIECE) {
        qsort((unsigned char *)base + first * size, least_of(PIECE, count - first), size,
              compare);
        status = nqi_tell_again(context);
    }
    if (!status)
        status = pieces_merge(context, base, copy, count, size, compare);
    free(copy);
    return status;
}
