/* fill.h - missing cells of a table or of pictures are filled, and noisy rows cleaned: a whole job,
 * from files or memory, with the defaults of the program's verbs impute and denoise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_FILL_H
#define NONEQ_FILL_H

#include <noneq/model.h>
#include <noneq/source.h>
#include <noneq/view.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NQ_FILL_OPTIONS(X)                                                                       \
    X(string, output, "output", NULL, 0, 0,                                                      \
      "table (.npy, .csv or .tsv, perhaps with .gz), - for CSV to standard output, or .png, "    \
      ".pgm or .ppm: pictures, a line for each row of several draws")                            \
    X(size, draws, "draws", "0", 0, 1e9,                                                         \
      "posterior draws per row; several give M rows for each, text with the columns row and "    \
      "draw in front; 0: 1; 4 for a sheet, 19 for a score, 100 for mean and quantiles; several " \
      "models share them in order (default: rounded up to equal parts), and a column model "     \
      "says whose a draw is")                                                                    \
    X(flag, mean, "mean", "0", 0, 1,                                                             \
      "write the mean of the draws instead of the draws; of a text the most frequent")           \
    X(string, quantiles, "quantiles", NULL, 0, 0,                                                \
      "write these quantiles of the draws of each cell, such as 0.05,0.95: one row for each, "   \
      "text with the columns row and quantile in front")                                         \
    X(string, sheet, "sheet", NULL, 0, 0,                                                        \
      "pictures before and after: a line for each of the first 64, with the original (where it " \
      "is known), what the model was given, up to 8 draws, and their mean")                      \
    X(flag, score, "score", "0", 0, 1,                                                           \
      "report how far draws are from cells that were known but not shown to the model")          \
    X(flag, json, "json", "0", 0, 1, "the same report as JSON")                                  \
    X(size, rows, "rows", "0", 0, 1e12, "look at the first N rows only; 0: all")                 \
    X(string, mask, "mask", NULL, 0, 0,                                                          \
      "hide cells: a table of the data's shape with 1 where a cell is missing, 0 where it is "   \
      "known; of pictures also a picture of their size, white where they are missing, a "        \
      "rectangle LEFT,TOP,WIDTH,HEIGHT, or left, right, top or bottom for that half")            \
    X(string, unseen, "unseen", NULL, 0, 0,                                                      \
      "cells of a value that no training row had, which say nothing to the model: refuse "       \
      "(default), or missing: other cells are drawn as if it was not known, and it stays")       \
    X(string, coarse, "coarse", NULL, 0, 0,                                                      \
      "holes of pictures: this model of reduced pictures (train with reduce N) draws them in "   \
      "the reduced picture first, and MODEL then draws pixels given the means of squares")       \
    X(string, method, "method", NULL, 0, 0,                                                      \
      "particles (a particle filter, exact as particles grow), paper (each reverse step times "  \
      "r), noised (known cells diffused to each level; known cells only) or roles (one pass of " \
      "a model that was trained with roles 1; known cells only); default: roles of such "        \
      "models, else particles, and beyond 256 numbers noised (filling) or paper (cleaning)")     \
    X(size, particles, "particles", "0", 0, 1048576,                                             \
      "particles of a filter; 0: 512, or 128 beyond 256 numbers")                                \
    X(string, twist, "twist", NULL, 0, 0,                                                        \
      "what r is worth at step t: constant, annealed, informed or lookahead; default: by the "   \
      "method")                                                                                  \
    X(string, given, "given", NULL, 0, 0, NQ_GIVEN_HELP)                                         \
    X(string, observe, "observe", NULL, 0, 0,                                                    \
      "a table of linear observations y = sum of coefficient * column + noise, a line each: "    \
      "columns named like the model's (or a_NAME) hold coefficients, then y and sigma; a "       \
      "column row names the one row of the data that it is of (models of one kernel, real "      \
      "numbers)")                                                                                \
    X(string, evidence, "evidence", NULL, 0, 0,                                                  \
      "write log evidence of each row, its error (from 8 filters on: draws), the least "         \
      "effective part of the particles and the number of starts (method particles)")             \
    X(size, jumps, "jumps", "0", 0, 1e6,                                                         \
      "noised: times that each part of the way is repeated; 0: 1, or 4 where the method was "    \
      "not named")                                                                               \
    X(size, steps, "steps", "0", 1, NQ_STEPS_MOST,                                               \
      "take S steps instead of the T that were trained, through the times that lose least; "     \
      "default: method roles: as samples; others change each step, and take all")                \
    X(seed, seed, "seed", "1", 0, NQ_COUNT_MOST, "seed of every random number")

/* What `given` says, here and in noneq/draw.h. */
#define NQ_GIVEN_HELP                                                                            \
    "only rows that meet these, separated by commas: a=3, a=40..50, a=F|M, a!=F, a<=b, "         \
    "2*a-b>=1, x+y+z=100, x+y=1+-0.01; names and texts with other signs in quotes"

typedef struct nq_fill_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_FILL_OPTIONS(NQ_FIELD)
    const nq_view_options *view; /* of pictures that are written; NULL: defaults */
} nq_fill_options;
void nq_fill_options_init(nq_fill_options *options, size_t size);

/* The noise that rows have: one of these. */
#define NQ_NOISE_OPTIONS(X)                                                                      \
    X(number, sigma, "sigma", "-1", 0, 1e30,                                                     \
      "standard deviation of the noise in every column, in the data's units (real numbers)")     \
    X(number, snr, "snr", "-1", 0, 1e30,                                                         \
      "the same as a signal-to-noise ratio: each column's deviation in training divided by R")   \
    X(number, flip, "flip", "-1", 0, 1, "probability that a bit is the wrong one (bits)")        \
    X(flag, add_noise, "add-noise", "0", 0, 1, "the data are clean: add that noise first")

/* -1, and 0 in a zeroed struct: not given. */
typedef struct nq_noise_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_NOISE_OPTIONS(NQ_FIELD)
} nq_noise_options;
void nq_noise_options_init(nq_noise_options *options, size_t size);

/* How well draws agree with cells that they did not see. Deviations are those of the columns in
 * training; NaN where there are no such cells. */
typedef struct nq_fill_score {
    size_t cells; /* of numbers, and of texts */
    size_t texts;
    double rmse, rmse_scaled; /* of the means of draws, in the data's units and in deviations */
    double crps, energy; /* mean continuous ranked probability score of a cell, energy score of a
                            row, in deviations (Gneiting and Raftery, JASA 102 (2007) 359) */
    double
        coverage_90; /* part of the cells within their 90 % interval; NaN: fewer than 19 draws */
    double texts_agree, texts_right; /* parts: of the draws, and of the most frequent draws */
} nq_fill_score;

/* The table that the file has, and what is known of it. */
typedef struct nq_filled {
    size_t rows, each, columns; /* of the data that were used; rows for each; of the model */
    double *values; /* [rows][each][columns] in the data's units: draws, quantiles or one mean.
                           A text is its number in the model (nq_model_cell_text) */
    size_t draws;   /* made of each row */
    const char *method;   /* that was used; constant text. NULL: by window, or no row was drawn */
    double *log_evidence; /* [rows][4] log evidence, nats, its standard error, the least effective
                             part of the particles, starts; NaN where that is not known */
    nq_fill_score score;  /* with the option score or json; else zero */
    double least_ess;     /* least effective part of the particles of any row; NaN: no filters */
    size_t few;           /* rows whose draws come from few particles: too narrow */
    double seconds;       /* that drawing took */
} nq_filled;
void nq_filled_free(nq_filled *filled); /* leaves it zeroed, and copes with that */

/* Fills the cells of the rows that are missing (NaN, or hidden by the option mask) with draws given
 * the row's known cells ([SD15] 2.5), which come back unchanged; a row without missing cells passes
 * through. Several models, such as those of nq_train_options' models, share the draws of each row
 * in order: the first ones one more where the parts are not equal. Pictures of another size than
 * the model's are drawn by windows (nq_inpaint).
 *
 * Writes what options name (output, sheet, evidence), each whole or not at all, and checks before
 * it reads anything that it can. out: the table in memory, for nq_filled_free; NULL: is not wanted.
 * report: the score as text or JSON, for free(), NULL where none was asked for; NULL: is not
 * wanted. Both are as good as untouched after a failure. options NULL: defaults. Rows that come
 * from few particles are told to the monitor in a note. One thread at a time, as its context.
 *
 * NQ_ERROR_ARGUMENT (options), NQ_ERROR_SHAPE (data, mask, conditions and model do not fit
 * together), NQ_ERROR_FORMAT (a file, or conditions, are none), NQ_ERROR_UNSUPPORTED (conditions
 * that cannot be met, methods that cannot do it), NQ_ERROR_FILE, NQ_ERROR_MEMORY,
 * NQ_ERROR_DIVERGED, NQ_ERROR_STOPPED. */
nq_status nq_fill(nq_filled *out, char **report, nq_context *context,
                  const nq_model *const *models, size_t model_count, const nq_source *rows,
                  const nq_fill_options *options);

/* The same for noisy rows: draws of the rows behind y = x + noise, for every row y. A missing cell
 * is one of which nothing is known. noise NULL or none, with the options given or observe: cells
 * that are there are known exactly, and all rows are drawn. */
nq_status nq_denoise(nq_filled *out, char **report, nq_context *context,
                     const nq_model *const *models, size_t model_count, const nq_source *rows,
                     const nq_noise_options *noise, const nq_fill_options *options);

#ifdef __cplusplus
}
#endif
#endif
