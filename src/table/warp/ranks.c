/* ranks.c - the rows at whose values a warp has its knots. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "table/warp/kinds.h"

/* A knot says what some rows have in common: fewer rows, fewer knots. */
static size_t parts_of(size_t rows)
{
    const size_t most = rows / NQI_WARP_ROWS;
    return most > NQI_WARP_PARTS ? NQI_WARP_PARTS : most > 1 ? most : 1;
}

double nqi_warp_part_rows(size_t rows)
{
    return (double)rows / (double)parts_of(rows);
}

/* 1/2, 1/4, ... of a part, as long as some rows are left. */
static size_t tail(double *part, size_t rows)
{
    size_t count = 0;
    double left = nqi_warp_part_rows(rows) / 2;
    for (; left >= NQI_WARP_TAIL_ROWS && count < 60; left /= 2)
        part[count++] = left;
    return count;
}

static void add(size_t *rank, size_t *count, double at)
{
    const size_t next = (size_t)at;
    if (!*count || next > rank[*count - 1])
        rank[(*count)++] = next;
}

size_t nqi_warp_ranks(size_t *rank, size_t *lower, size_t rows)
{
    double tails[60];
    const size_t tail_count = tail(tails, rows), parts = parts_of(rows);
    const double each = nqi_warp_part_rows(rows);
    size_t count = 0;
    for (size_t i = tail_count; i-- > 0;)
        add(rank, &count, ceil(tails[i]) - 1);
    for (size_t i = 1; 2 * i <= parts; i++)
        add(rank, &count, ceil(each * (double)i) - 1);
    *lower = count;
    for (size_t i = parts / 2 + 1; i < parts; i++)
        add(rank, &count, floor(each * (double)i));
    for (size_t i = 0; i < tail_count; i++)
        add(rank, &count, floor((double)rows - tails[i]));
    return count;
}
