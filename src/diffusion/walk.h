/* walk.h - the reverse walk: rows from x_T down to x_0, plain or guided. There is no other. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DIFFUSION_WALK_H
#define NQI_DIFFUSION_WALK_H

#include "diffusion/predictor.h"
#include "diffusion/stepper.h"

/* What is done to rows on their way beside the steps. NULL: nothing. */
typedef struct nqi_guide {
    void *state;
    /* Of a walk with proposals: the one of x at `level` is there, and may be changed before x is
     * drawn from it. */
    void (*proposed)(void *state, size_t level);
    /* x of `level` is there. */
    void (*drawn)(void *state, size_t level);
    /* Names the draw of x at `level`; NULL: level + 1. */
    uint32_t (*number)(void *state, size_t level);
} nqi_guide;

/* A plain walk has its rows in the predictor's batch, and steps them there in float32. One with
 * proposals has any number of rows, which the predictor sees in turn. */
struct nqi_walk {
    const nqi_process *process;
    const nqi_stepper *stepper;
    nqi_predictor *predictor; /* borrowed */
    nqi_stream stream;        /* of its draws, whose numbers are added to its step */
    size_t run;   /* rows of it that follow each other; each further run begins with the next
                          group. 0: all rows are one */
    size_t extra; /* normals that are drawn beside a row's numbers, behind these */
    const unsigned char *mirrors; /* [rows] 1: of the same law as the row before, by its noise
                                     turned over; NULL: each has its own; borrowed */
    nqi_proposal proposal;        /* [dim][rows], [laws][rows]; rows 0: a plain walk */
    nqi_real *noise;              /* [dim + extra][rows] */
    nqi_real *moment;             /* [2][laws][ld of the batch] */
    /* The outputs for rows first.. are in the batch, and their mean and variance in the proposal.
     * NULL: nobody looks. */
    void (*looked)(void *state, size_t first);
    void *looker;
    nqi_arena arena;
};

void nqi_walk_plain(nqi_walk *out, const nqi_process *process, nqi_predictor *predictor);
nq_status nqi_walk_new(nqi_walk *out, nq_context *context, const nqi_process *process,
                       nqi_predictor *predictor, size_t rows, size_t extra);
void nqi_walk_free(nqi_walk *walk); /* copes with a zeroed struct */

/* Of a plain walk: x_T ~ pi. */
void nqi_walk_start(nqi_walk *walk, const nqi_stream *stream);
/* Of one with proposals: x_T from that of pi, guided. */
void nqi_walk_begin(nqi_walk *walk, const nqi_guide *guide);
/* From x of level `from` to that of `to`, or on the way to where the region that it is a part of
 * ends (the batch's tape.map.hand). guide NULL: none. */
void nqi_walk_down(nqi_walk *walk, const nqi_guide *guide, size_t from, size_t to);

/* For steppers: the regressor's outputs at step t for the rows in the batch, whatever x_t has been
 * made of; of a network that sees roles these are placed first. */
void nqi_walk_predict(nqi_walk *walk, size_t t);
/* Of a walk with proposals: rows first.. into the batch, as many as it has (what is left of it
 * repeats the first), and from the outputs that are there mean and variance into the proposal. */
void nqi_walk_load(nqi_walk *walk, size_t first);
void nqi_walk_store(nqi_walk *walk, size_t first);
/* Noise alone. */
void nqi_walk_noise(nqi_walk *walk, const nqi_stream *stream);
/* A block's part of the proposal. */
nqi_proposal nqi_walk_block(const nqi_walk *walk, const nqi_block *block);

#endif
