/* few.h - rows whose draws come from too few particles. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_GIVEN_FEW_H
#define NQI_TASK_GIVEN_FEW_H

#include <noneq/context.h>

enum { NQI_FEW_NAMED = 5 };

typedef struct nqi_few {
    size_t rows, bad, particles;
    size_t named[NQI_FEW_NAMED]; /* the first of the bad */
    double least;                /* effective particles */
    size_t fewest;               /* starts */
} nqi_few;

void nqi_few_begin(nqi_few *out);
/* What a filter said of row `row`: effective part of its particles, starts behind its draws. */
void nqi_few_add(nqi_few *all, size_t row, double ess, size_t starts, size_t particles,
                 size_t draws);
/* A note that names rows (from 1) and what to do, where there are such. */
void nqi_few_tell(nq_context *context, const nqi_few *all, int names_rows);

#endif
