/* squares.h - where the pixels of squares stand in a row that is a picture. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_SQUARES_H
#define NQI_TABLE_SQUARES_H

#include <noneq/posterior.h>

/* Squares of all channels. */
static inline size_t nqi_squares_count(const nq_picture *picture, const nq_squares *s)
{
    return picture->channels * s->down * s->across;
}

/* The number of the first pixel of square k in a row. */
static inline size_t nqi_square_first(const nq_picture *picture, const nq_squares *s, size_t k)
{
    const size_t channel = k / (s->down * s->across), line = k / s->across % s->down;
    return (channel * picture->height + s->top + line * s->side) * picture->width + s->left +
           k % s->across * s->side;
}

/* How much further its pixel i of side * side stands. */
static inline size_t nqi_square_pixel(const nq_picture *picture, const nq_squares *s, size_t i)
{
    return i / s->side * picture->width + i % s->side;
}

#endif
