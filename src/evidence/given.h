/* given.h - conditions on rows: the cells of a column, their laws, and sets of what they may be. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_EVIDENCE_GIVEN_H
#define NQI_EVIDENCE_GIVEN_H

#include "evidence/evidence.h"

/* How the cell of a column comes from the numbers of a row: a level, a number, or a level of which
 * the last says that the number counts. */
typedef struct nqi_cell {
    const nq_model *model;
    size_t column, home;         /* and the column whose numbers it has: of one that follows, not
                                    its own */
    const nqi_code *code;        /* of the home, of a table of several kinds; else NULL */
    size_t level_number, levels; /* NQI_NO_NUMBER and 0: it has none */
    const double *level_value;   /* [levels] what they stand for; NaN: a gap; NULL: 0 and 1 */
    size_t score_number;         /* NQI_NO_NUMBER: it has none */
    double fixed;                /* its value where it has neither */
    double step;                 /* of the grid of its numbers; 0: they are real, or levels */
} nqi_cell;

/* What a cell may be: values with coefficient * value + rest in one of some intervals, or levels.
 */
typedef struct nqi_cell_set {
    const nqi_cell *cell;
    const double *ends; /* [intervals][2] */
    size_t intervals;
    double coefficient, rest;
    const unsigned char *allowed; /* [levels], or NULL */
} nqi_cell_set;

/* The law of a cell: of its levels, of its number, and the scores that it may have. */
typedef struct nqi_cell_law {
    double *level; /* [levels] probabilities */
    double mean, deviation;
    double *ends, *spare; /* [pieces][2] */
    size_t pieces;
    double mass; /* of the number within them */
} nqi_cell_law;

/* A condition; leaves of the kind `given` have some. */
struct nqi_given {
    size_t terms, pivot;    /* the term that is drawn last */
    nqi_cell *cell;         /* [terms] */
    double *coefficient;    /* [terms] */
    double *ends;           /* [intervals][2] */
    unsigned char *allowed; /* [levels of the cell], or NULL */
    size_t intervals;
    double step;          /* least change of the sum; 0: real */
    unsigned char *holds; /* [targets] */
    nqi_cell home;        /* of the pivot */
};
void nqi_given_free(nqi_given *given, size_t count); /* copes with NULL */

/* given_cell.c */
nqi_cell nqi_cell_of(const nq_model *model, size_t column);
/* Whether level k says that the number counts; of a cell without levels 0 does. */
int nqi_cell_is_number(const nqi_cell *cell, size_t level);
/* What it stands for: a level, or a number. */
double nqi_cell_value(const nqi_cell *cell, size_t level, double score);
/* Its value in row r of a walk. */
double nqi_cell_read(const nqi_cell *cell, const nqi_walk *walk, size_t r);
int nqi_cell_set_has(const nqi_cell_set *set, size_t level, double value);
/* The law of row r of a walk's proposal; room for levels and pieces is the caller's. */
void nqi_cell_law_load(nqi_cell_law *law, const nqi_cell *home, const nqi_walk *walk, size_t r);
/* Holds a law to `count` sets of cells with this home: levels lose their part, the number its
 * pieces. Returns log of what is left. */
double nqi_cell_hold(nqi_cell_law *law, const nqi_cell *home, const nqi_cell_set *sets,
                     size_t count);
/* The mean of a number that is held. */
double nqi_cell_held_mean(const nqi_cell_law *law);
/* A level and a score of a law that is held, by u, v in (0, 1). */
void nqi_cell_draw(const nqi_cell_law *law, const nqi_cell *home, double u, double v,
                   size_t *level, double *score);

#endif
