/* draw.h - samples of a model: a whole job, to files or memory, with the defaults of the program's
 * verb sample. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_DRAW_H
#define NONEQ_DRAW_H

#include <noneq/fill.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NQ_DRAW_OPTIONS(X)                                                                       \
    X(size, rows, "rows", "100", 1, 1e12, "samples to draw")                                     \
    X(string, output, "output", NULL, 0, 0,                                                      \
      "table (.npy, .csv or .tsv, perhaps with .gz), - for CSV to standard output, or .png, "    \
      ".pgm or .ppm: a page of pictures")                                                        \
    X(size, steps, "steps", "0", 1, NQ_STEPS_MOST,                                               \
      "take S steps instead of the T that were trained, through the times that lose least; "     \
      "default: the fewest that lost at most .02 bits a column of K at the end of training, or " \
      "all of older models")                                                                     \
    X(size, trajectory, "trajectory", "0", 0, NQ_STEPS_MOST,                                     \
      "keep the rows at K times evenly spread from T to 0: text gets the columns t and row in "  \
      "front, .npy is [K*N, columns], noise first; pictures: a line for each sample")            \
    X(size, columns, "columns", "0", 0, 1e6,                                                     \
      "pictures: how many stand in a line; 0: as many as lines")                                 \
    X(string, picture_size, "size", NULL, 0, 0,                                                  \
      "size of the pictures, HEIGHTxWIDTH, for a network that does not depend on it; default: "  \
      "as in training")                                                                          \
    X(string, coarse, "coarse", NULL, 0, 0,                                                      \
      "of pictures: this model of reduced pictures (train with reduce N) draws each at the "     \
      "reduced size first, and MODEL then draws pixels given the means of squares: what is "     \
      "large has its shape; no exact samples of either model")                                   \
    X(flag, levels, "levels", "0", 0, 1,                                                         \
      "whole grey levels from black to white, as the training data were before "                 \
      "dequantisation")                                                                          \
    X(string, given, "given", NULL, 0, 0, NQ_GIVEN_HELP)                                         \
    X(size, particles, "particles", "0", 0, 1048576,                                             \
      "of conditions: particles of a filter, of which there are at least 8; 0: 64")              \
    X(flag, json, "json", "0", 0, 1, "of conditions: report how probable they are as JSON")      \
    X(seed, seed, "seed", "1", 0, NQ_COUNT_MOST, "seed of every random number")

typedef struct nq_draw_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_DRAW_OPTIONS(NQ_FIELD)
    const nq_view_options *view; /* of pictures that are written; NULL: defaults */
} nq_draw_options;
void nq_draw_options_init(nq_draw_options *options, size_t size);

/* The table that the file has, without labels, and what is known of it. */
typedef struct nq_drawn {
    size_t rows, columns, slices; /* slices: times of a trajectory, else 1 */
    double *values;               /* [slices][rows][columns] in the data's units */
    size_t *times; /* [slices] of a trajectory, noise first, the last 0; NULL: there is none */
    /* With the option given; else NaN and 0. */
    double log_evidence, log_evidence_se; /* log probability of what is given, nats, its error */
    double ess;                           /* least effective part of the particles */
    size_t starts, particles;
    int is_density; /* it is a density: of real numbers that are known */
} nq_drawn;
void nq_drawn_free(nq_drawn *drawn); /* leaves it zeroed, and copes with that */

/* Draws rows: noise at time T, then reverse steps ([SD15] 2.2). Row i depends on the seed and i
 * alone, so that 10 rows are the first 10 of 1000. With the option given only rows that meet the
 * conditions are drawn, by a particle filter, and how probable they are is reported: as JSON to
 * *report, or to the monitor in a note.
 *
 * Writes what the option output names, whole or not at all. out: the rows in memory, for
 * nq_drawn_free; NULL: are not wanted. report: for free(); NULL where nothing was asked for; NULL:
 * is not wanted. options NULL: defaults. One thread at a time, as its context. Statuses as of
 * nq_fill. */
nq_status nq_draw(nq_drawn *out, char **report, nq_context *context, const nq_model *model,
                  const nq_draw_options *options);

#ifdef __cplusplus
}
#endif
#endif
