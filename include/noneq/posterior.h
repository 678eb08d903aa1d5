/* posterior.h - a model multiplied by evidence r(x): denoising, missing values, conditions
 * ([SD15] 2.5), and the evidence's own probability. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_POSTERIOR_H
#define NONEQ_POSTERIOR_H

#include <noneq/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is known about each of `targets` rows x_0: a positive function r(x_0), up to a constant for
 * each target. All values are in the data's units. Immutable once made; may be shared. */
typedef struct nq_evidence nq_evidence;

/* Known cells (a delta on some coordinates): values[targets, columns]; a cell that is NaN is
 * unknown. Cells of constant columns are ignored. Of a mixed model cells are what was recorded: the
 * evidence is their probability (of real columns the density), where unknown cells are no gaps; a
 * number beyond those of training rows counts as the outermost. */
nq_status nq_evidence_clamp(nq_evidence **out, nq_context *context, const nq_model *model,
                            const double *values, size_t targets);
/* y = x_0 + noise: y[targets, columns] (NaN: not observed), sigma[columns] standard deviations
 * (one per column, shared by targets, positive). Gaussian models, and real columns of mixed ones.
 * Cells of constant columns are ignored here too. */
nq_status nq_evidence_gaussian(nq_evidence **out, nq_context *context, const nq_model *model,
                               const double *y, const double *sigma, size_t targets);
/* r(x) = product of d^x (1-d)^(1-x): d[targets, columns] in [0, 1], NaN: nothing is known.
 * Binomial models only (levels of mixed ones: nq_evidence_levels). */
nq_status nq_evidence_bernoulli(nq_evidence **out, nq_context *context, const nq_model *model,
                                const double *d, size_t targets);
/* r(x) = the weight >= 0 of the level that column `column` of x has: weights[targets][levels], the
 * order of nq_model_level (of a column with spikes the last is that of all other numbers); a first
 * one that is NaN: nothing is known. Of several columns: a product. Columns of mixed models that
 * have levels. */
nq_status nq_evidence_levels(nq_evidence **out, nq_context *context, const nq_model *model,
                             size_t column, const double *weights, size_t targets);
/* The number that column `column` of x has lies in low[targets]..high[targets], ends included, each
 * finite or infinite, in the data's units; a low that is NaN: nothing is known. The evidence is the
 * probability that it does, gaps and texts excluded. Of several columns: a product. Numbers of
 * mixed models, on a grid, real, spiked or levels. Each particle holds the number to a place of
 * its own in the interval. */
nq_status nq_evidence_interval(nq_evidence **out, nq_context *context, const nq_model *model,
                               size_t column, const double *low, const double *high,
                               size_t targets);
/* y = A x_0 + noise: a[observations, columns] shared by targets, y[targets, observations],
 * sigma[observations] positive. Gaussian models only. */
nq_status nq_evidence_linear(nq_evidence **out, nq_context *context, const nq_model *model,
                             const double *a, const double *y, const double *sigma,
                             size_t observations, size_t targets);
/* Where squares of side x side pixels lie in a picture: `down` lines of `across` of them, side by
 * side, from the pixel `left` of line `top` on. */
typedef struct nq_squares {
    size_t side, top, left, down, across;
} nq_squares;
/* The mean of the pixels of each square is known: means[targets][channels][down][across], NaN: it
 * is not. They are brought in as known cells are by the methods noised and roles, which alone take
 * them (docs/posterior.md: in an orthonormal basis each is a coordinate). The method roles also
 * tells a network that was trained for it (squares = side) of those squares that lie at multiples
 * of their side. No pixel of such a square may be a known cell. Gaussian models of pictures with
 * one mean and deviation (scale whole). */
nq_status nq_evidence_squares(nq_evidence **out, nq_context *context, const nq_model *model,
                              const nq_squares *squares, const double *means, size_t targets);
/* The caller's function: log r and, when gradient is not NULL, its gradient [columns] at the row
 * x[columns] (data's units) for a target. Called from several threads at once. has_gradient 0:
 * gradients are made by central differences, of bits by flipping them. For bits
 * gradient[i] is log r with x_i = 1 less log r with x_i = 0. Rows of bits hold 0 and 1 only. The
 * value may be -infinity; NaN and +infinity end the work with NQ_ERROR_DIVERGED. */
typedef double (*nq_log_evidence)(void *user, size_t target, const double *x, double *gradient);
nq_status nq_evidence_custom(nq_evidence **out, nq_context *context, const nq_model *model,
                             nq_log_evidence function, void *user, int has_gradient,
                             size_t targets);
/* A statement on a row: a sum of numbers of columns (or one column) lies in one of some intervals,
 * ends included; or a column has one of some levels. Columns that follow from others, spikes and
 * levels that are numbers count as what they stand for; gaps and texts are in no interval. */
typedef struct nq_condition {
    size_t terms;              /* columns of the sum, at least 1 */
    const size_t *column;      /* [terms] rising */
    const double *coefficient; /* [terms] finite, not 0 */
    size_t intervals;
    const double *ends; /* [intervals][2] rising, in the data's units; may be infinite */
    const unsigned char
        *levels; /* terms 1: [nq_model_levels] 1 where it may be; NULL: intervals */
} nq_condition;
/* r(x) = 1 where all of `count` conditions hold, else 0; holds[targets][count] 0: that one is not
 * asked of this target (NULL: all are). Rows that are drawn meet them as they are returned. The
 * evidence is the probability of the event. At most one condition of each column alone. Particles
 * with the twist lookahead only. NQ_ERROR_UNSUPPORTED: it cannot be met (a single column that has
 * no such value), or has probability 0 (one value of real numbers). */
nq_status nq_evidence_conditions(nq_evidence **out, nq_context *context, const nq_model *model,
                                 const nq_condition *conditions, size_t count,
                                 const unsigned char *holds, size_t targets);
/* 1: the row [columns] meets the condition. */
int nq_condition_holds(const nq_model *model, const nq_condition *condition, const double *row);
/* The product of several, of equal targets and one model; borrows the parts, which must outlive
 * it. */
nq_status nq_evidence_product(nq_evidence **out, nq_context *context,
                              const nq_evidence *const *parts, size_t count);
size_t nq_evidence_targets(const nq_evidence *evidence);
void nq_evidence_free(nq_evidence *evidence);

/* So many draws, and more, the method roles makes in pairs. */
enum { NQ_PAIRED_DRAWS = 16 };

#define NQ_POSTERIOR_OPTIONS(X)                                                                  \
    X(text, method, "method", "", 0, 0,                                                          \
      "paper (each reverse step is multiplied by r, [SD15] 2.5), noised (known cells are "       \
      "diffused to level t; known cells only), particles (the filter that is exact as "          \
      "particles grow) or roles (one pass of a network that was trained with roles; known "      \
      "cells only); default: roles where they serve, else particles, and of rows of more than "  \
      "256 numbers noised where all evidence is known cells, else paper")                        \
    X(text, twist, "twist", "", 0, 0,                                                            \
      "r(x_t): constant, annealed, informed or lookahead (docs/posterior.md); default: for "     \
      "particles lookahead, and of rows of more than 256 numbers informed; annealed for paper. " \
      "Known cells need one of these two for particles")                                         \
    X(size, draws, "draws", "0", 0, NQ_SIZE_MOST,                                                \
      "posterior samples per target; 0: 1. From NQ_PAIRED_DRAWS on the method roles makes "      \
      "neighbours (2k and 2k + 1 of all targets' draws) from noise of opposite sign: each has "  \
      "the same law, and their mean a smaller error")                                            \
    X(size, particles, "particles", "0", 0, NQ_SIZE_MOST,                                        \
      "particles of a filter; 0: 512, or 128 of rows of more than 256 numbers. A target has "    \
      "one filter for every half as many draws, and at least two where there are several draws") \
    X(size, jumps, "jumps", "0", 0, NQ_SIZE_MOST,                                                \
      "noised: times that each stretch of steps is repeated; 0: 1, or 4 where the method is "    \
      "not named")                                                                               \
    X(size, first, NULL, "0", 0, NQ_SIZE_MOST,                                                   \
      "number of the first target, a multiple of 64: names the random numbers, so that targets " \
      "may be drawn in parts")                                                                   \
    X(seed, seed, "seed", "0", 0, NQ_SIZE_MOST, "seed of every random number")                   \
    X(size, steps, "steps", "0", 1, NQ_STEPS_MOST,                                               \
      "steps of a shorter chain (nq_model_shorten); 0: for the method roles the model's usual "  \
      "ones, for others, which change each step, all")

typedef struct nq_posterior_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_POSTERIOR_OPTIONS(NQ_FIELD)
} nq_posterior_options;

void nq_posterior_options_init(nq_posterior_options *options, size_t size);

/* Draws, and what is known of their quality. */
typedef struct nq_posterior {
    size_t targets, draws, columns;
    size_t particles;     /* of a filter; 1: there were none */
    const char *method;   /* that was used; constant text */
    double *samples;      /* [targets, draws, columns] in the data's units */
    double *log_evidence; /* [targets] log of the integral of p(x) r(x), nats, in the data's units
                             where r is a density of observations in them; particles only,
                             else NaN */
    double *log_evidence_se; /* [targets] its standard error, from independent filters; NaN where
                                a target had fewer than 8 */
    double *ess;             /* [targets] least effective sample size on the way, as a part of the
                             particles (particles only, else NaN) */
    size_t *resamplings;     /* [targets] most of a filter */
    size_t *starts;          /* [targets] how many different rows at T the draws come from */
} nq_posterior;

/* Pictures of any size, by a network that does not depend on it (nq_model_resize). */
#define NQ_INPAINT_OPTIONS(X)                                                                    \
    X(size, margin, "margin", "0", 0, NQ_SIZE_MOST,                                              \
      "pixels around a hole that its draw looks at; 0: 32")                                      \
    X(size, most, "window", "0", 0, NQ_SIZE_MOST,                                                \
      "largest side of a window that is drawn at once, pixels; 0: 160. Larger holes are filled " \
      "window by window, each given what is there by then. Down to half the margin is given up " \
      "to draw a hole at once, and a quarter of this is the largest margin of one that is cut")  \
    X(number, sigma, "sigma", "0", -NQ_NUMBER_MOST, NQ_NUMBER_MOST,                              \
      "above 0: pixels other than NaN have noise of this deviation (denoising); 0: they are "    \
      "known exactly")                                                                           \
    X(size, side, "side", "0", 0, NQ_SIZE_MOST,                                                  \
      "with coarse: of the squares whose means its pixels are; 0: of those that it was trained " \
      "on (nq_model_reduced)")

/* Pictures of any size, by a network that does not depend on it (nq_model_resize). */
typedef struct nq_inpaint_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    /* How windows are drawn; first and draws are not read, and what is left to be chosen is chosen
     * for each window. With sigma and several windows the twist "" is informed. NULL: defaults. */
    const nq_posterior_options *posterior;
    NQ_INPAINT_OPTIONS(NQ_FIELD)
    /* A model of reduced pictures, or NULL: it draws the holes of the picture reduced so first, and
     * each square that is a hole has the mean that was drawn (nq_evidence_squares). */
    const nq_model *coarse;
} nq_inpaint_options;

void nq_inpaint_options_init(nq_inpaint_options *options, size_t size);
/* Draws the unknown pixels (NaN) of one picture given the others, in the data's units; with sigma,
 * all pixels. draws[d] is a picture of its own, [channels, height, width] each: every NaN is
 * replaced; known pixels keep their bits. Memory is bounded by the windows, not by the picture. A
 * network that depends on the size takes pictures of its own size only, whole. NQ_ERROR_UNSUPPORTED
 * (another size, no picture model, or a method that does not know the evidence), NQ_ERROR_SHAPE,
 * NQ_ERROR_ARGUMENT, NQ_ERROR_MEMORY; the draws may then be filled in part. */
nq_status nq_inpaint(double *const *draws, nq_context *context, const nq_model *model,
                     size_t count, const nq_picture *picture, const nq_inpaint_options *options);

nq_status nq_posterior_sample(nq_posterior *out, nq_context *context, const nq_model *model,
                              const nq_evidence *evidence, const nq_posterior_options *options);
void nq_posterior_free(nq_posterior *posterior); /* copes with a zeroed struct */

#ifdef __cplusplus
}
#endif
#endif
