/* filler.h - a network of p(missing cells | observed cells), which completes rows with gaps.
 *
 * It is a diffusion of a row's missing cells with the others given to it clean, and is trained
 * beside the model, on patterns of gaps that the data have: cells where another row has its gaps
 * are diffused and scored. Until the first draws, missing cells are absent from what it sees. Then
 * it is trained on completed rows, and a drawn cell leaves the score exactly when all that was
 * observed of its row is given: there it would only confirm itself (docs/posterior.md). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_GAP_FILLER_H
#define NQI_TRAIN_GAP_FILLER_H

#include "core/real.h"
#include "diffusion/walk.h"
#include "train/gap/missing.h"
#include "train/learn/optimiser.h"

enum {
    NQI_FILLER_MICROS = 4, /* microbatches of an update, each with a gradient of its own */
    NQI_FILLER_LD = 64,    /* rows of one */
    NQI_FILLER_ROWS = NQI_FILLER_MICROS * NQI_FILLER_LD
};

/* One for each thread. */
typedef struct nqi_filler_scratch {
    nqi_predictor *predictors;          /* [threads] */
    nqi_real *roles, *scored, *pattern; /* [threads] times [2], [1], [1][dim][NQI_FILLER_LD] */
    double *restored;                   /* [threads][columns] */
} nqi_filler_scratch;

/* An update on its way. */
typedef struct nqi_filler_update {
    uint32_t time[NQI_FILLER_ROWS];   /* of each group */
    double losses[NQI_FILLER_MICROS]; /* sums of divergences */
    nqi_real *gradient;               /* [NQI_FILLER_MICROS][parameters] */
    size_t slices;     /* parts of the parameters that are stepped each by a thread */
    double *squares;   /* [slices] of the gradient */
    double rate, clip; /* of this step; the gradient's factor */
} nqi_filler_update;

/* A run of draws: rows first.. of target's list. */
typedef struct nqi_filler_draws {
    nqi_missing *target;
    size_t first, count;
    uint32_t number; /* names the noise */
} nqi_filler_draws;

typedef struct nqi_filler {
    nq_context *context;
    nqi_missing *missing;        /* of the training set, which it completes and is trained on */
    const nqi_missing *patterns; /* of the set whose gaps it is trained to fill */
    uint64_t seed;
    nq_model *model;
    nqi_optimiser optimiser;
    int64_t updates;
    nqi_filler_scratch scratch;
    nqi_filler_update step;
    nqi_filler_draws draws;
} nqi_filler;

/* options: of the model that is trained. */
nq_status nqi_filler_new(nqi_filler *out, nq_context *context, nqi_missing *missing,
                         const nqi_missing *patterns, const nq_model_options *options,
                         double dropout, uint64_t seed);
void nqi_filler_free(nqi_filler *filler);
/* One update; progress 0..1 through its training. NQ_ERROR_DIVERGED. */
nq_status nqi_filler_step(nqi_filler *filler, double progress);
/* Draws given what is observed, by the averaged weights, into the gaps of rows first.. of target's
 * list. number names the noise. */
nq_status nqi_filler_draw(nqi_filler *filler, nqi_missing *target, size_t first, size_t count,
                          uint32_t number) __attribute__((warn_unused_result));
/* Of the next `rows` rows of the training set that have gaps (at most all). */
nq_status nqi_filler_renew(nqi_filler *filler, size_t rows) __attribute__((warn_unused_result));
/* Passes through the network that a draw of a row takes. */
size_t nqi_filler_cost(const nqi_filler *filler);

void nqi_filler_fields(nqi_filler *filler, nqi_fields *fields);

#endif
