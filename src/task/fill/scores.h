/* scores.h - proper scores of draws against a truth: 0 is best, and the law itself has the
 * least expected one (Gneiting and Raftery, JASA 102 (2007) 359). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_FILL_SCORES_H
#define NQI_TASK_FILL_SCORES_H

#include <stddef.h>

/* Continuous ranked probability score: E|x - truth| - E|x - x'| / 2, the second mean over pairs of
 * different draws, so that its expectation does not depend on how many there are; of 16 and more
 * without those that follow each other, whose noise may be of opposite sign. Sorts the draws. */
double nqi_crps(double *draws, size_t count, double truth);

/* The energy score of a row, E||x - truth|| - E||x - x'|| / 2, of at most so many of its draws. */
enum { NQI_ENERGY_DRAWS = 256 };
/* Squared distances, added up cell by cell. */
typedef struct nqi_energy {
    size_t count, cells;
    double *to_truth; /* [count] */
    double *between;  /* [count][count], of which those with column < row are used */
} nqi_energy;

/* numbers: [nqi_energy_size(count)]. */
size_t nqi_energy_size(size_t count);
void nqi_energy_begin(nqi_energy *out, double *numbers, size_t count);
/* A cell: draws[count * stride] and the truth, both divided by unit. */
void nqi_energy_add(nqi_energy *sum, const double *draws, size_t stride, double truth,
                    double unit);
double nqi_energy_score(const nqi_energy *sum);

#endif
