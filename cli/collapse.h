/* collapse.h - rows whose draws come from too few particles. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_COLLAPSE_H
#define NONEQ_CLI_COLLAPSE_H

#include "options.h"

enum { COLLAPSE_NAMED = 5 };

typedef struct collapse {
    size_t rows, bad, particles;
    size_t named[COLLAPSE_NAMED]; /* the first of the bad */
    double least;                 /* effective particles */
    size_t fewest;                /* starts */
} collapse;

void collapse_begin(collapse *out);
/* What a filter said of row `row`: effective part of its particles, starts behind its draws. */
void collapse_add(collapse *all, size_t row, double ess, size_t starts, size_t particles,
                  size_t draws);
/* A note that names rows and what to do, where there are such; rows are named from 1 + first. */
void collapse_tell(const collapse *all, const char *option, int names_rows,
                   const common_values *common);

#endif
