/* draw_scores.h - proper scores of draws against a truth: 0 is best, and the law itself has the
 * least expected one (Gneiting and Raftery, JASA 102 (2007) 359). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_DRAW_SCORES_H
#define NONEQ_CLI_DRAW_SCORES_H

#include <stddef.h>

/* By value, for qsort. */
int draw_order(const void *a, const void *b);

/* Continuous ranked probability score: E|x - truth| - E|x - x'| / 2, the second mean over pairs of
 * different draws, so that its expectation does not depend on how many there are; of 16 and more
 * without those that follow each other, whose noise may be of opposite sign. Sorts the draws. */
double crps_of(double *draws, size_t count, double truth);

/* The energy score of a row, E||x - truth|| - E||x - x'|| / 2, of at most so many of its draws. */
enum { ENERGY_DRAWS = 256 };
/* Squared distances, added up cell by cell. */
typedef struct energy {
    size_t count, cells;
    double *to_truth; /* [count] */
    double *between;  /* [count][count], of which those with column < row are used */
} energy;

/* numbers: [energy_size(count)]. */
size_t energy_size(size_t count);
void energy_begin(energy *out, double *numbers, size_t count);
/* A cell: draws[count * stride] and the truth, both divided by unit. */
void energy_add(energy *sum, const double *draws, size_t stride, double truth, double unit);
double energy_score(const energy *sum);

#endif
