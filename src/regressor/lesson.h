/* lesson.h - what a regressor without a gradient is fitted to: a sample of rows, or rows behind
 * noise, which are drawn for it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_REGRESSOR_LESSON_H
#define NQI_REGRESSOR_LESSON_H

#include "regressor/regressor.h"

typedef struct nqi_lesson {
    const nqi_real *sample; /* [rows][cells]; NULL: none was wanted, and rows are drawn */
    size_t rows;            /* of the sample, or all that there are */
    size_t first, steps;    /* whose reverse is to be learned: first..steps */
    uint64_t seed;
    /* Draws rows row[NQI_LANES] at step t, all of it by number `group`, into what follows. */
    void (*see)(struct nqi_lesson *lesson, uint64_t group, const uint64_t *row, size_t t);
    nqi_question question; /* its rows are in NQI_LANES lanes */
    const nqi_real *x_0;   /* [cells][NQI_LANES] */
    /* [laws][NQI_LANES] P(x_0 | x_t) of levels by x_t of that cell alone */
    const nqi_real *alone;
    /* [2][cells][NQI_LANES] 1 where a cell is known, or absent; NULL: all are to be told */
    const nqi_real *roles;
    void *state;
} nqi_lesson;

#endif
