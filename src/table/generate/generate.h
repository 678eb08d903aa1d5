/* generate.h - the interface of a built-in data set: rows as a function of (seed, row number). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_GENERATE_GENERATE_H
#define NQI_TABLE_GENERATE_GENERATE_H

#include <noneq/data.h>

/* X(name, help): a new set is a line here and a file gen_<name>.c. */
#define NQI_GENERATORS(X)                                                                        \
    X(swissroll, "a spiral in the plane; --noise: deviation in raw units (0)")                   \
    X(heartbeat, "a pulse every five bits, random phase; --noise: part of bits flipped (0)")     \
    X(gaussian, "normal columns; --noise: correlation of neighbouring columns (0)")              \
    X(mixture, "two normal humps in each column; --noise: deviation of a hump (0.3)")            \
    X(deadleaves, "pictures of discs that hide each other; --size, --radius-least, "             \
                  "--radius-most")

/* A request with its defaults filled in. */
typedef struct nqi_recipe {
    uint64_t seed;
    size_t dim;
    double noise;
    /* Of pictures. */
    size_t size; /* side, pixels; 0: the set is none of pictures */
    double radius_least, radius_most;
} nqi_recipe;

typedef struct nqi_generator {
    const char *name;
    size_t dim;   /* default */
    double noise; /* default */
    size_t size;  /* default; 0: rows are no pictures, else grey levels from 0 to 255 */
    /* What is wrong with dim or noise, to follow the set's name in a sentence; NULL: nothing. */
    const char *(*refuse)(const nqi_recipe *recipe);
    /* Rows first..first+count-1 to out[count][dim]. */
    void (*rows)(const nqi_recipe *recipe, size_t first, size_t count, double *out);
} nqi_generator;

#define NQI_GENERATOR_DECLARE(name, help) extern const nqi_generator nqi_generator_##name;
NQI_GENERATORS(NQI_GENERATOR_DECLARE)
#undef NQI_GENERATOR_DECLARE

/* Four random words: chunk `chunk` of a row, all words of it used. */
void nqi_row_words(uint32_t out[4], const nqi_recipe *recipe, size_t row, uint32_t chunk);
/* count standard normal numbers (Box-Muller in float32, the same in every build), from the row's
 * chunks 0, 1, ... */
void nqi_row_normals(double *out, size_t count, const nqi_recipe *recipe, size_t row);

/* The rows' chunks from here on are free for uses beside nqi_row_normals. */
#define NQI_ROW_OTHER UINT32_C(0x80000000)

#endif
