/* kind.h - the interface of a kind of evidence: what its leaves do to rows on their way. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_EVIDENCE_KIND_H
#define NQI_EVIDENCE_KIND_H

#include "diffusion/walk.h"
#include "evidence/evidence.h"

/* Rows on their way as draws of targets, with what they count. */
typedef struct nqi_particles {
    nqi_walk *walk;
    size_t *target;     /* [rows] */
    double *log_weight; /* [rows] */
    size_t first;       /* of beliefs: the row of the walk that the first one is of */
    size_t fault;       /* target + 1 that cannot be, 0: none */
    int undefined;      /* the fault is a NaN, not a zero */
} nqi_particles;

/* The leaves of one kind, and what one thread needs for them. */
typedef struct nqi_twist_leaves {
    const nq_model *model;
    const nq_evidence **leaf; /* [count] */
    size_t count;
    nqi_twist twist;
    void *scratch; /* the kind's own */
} nqi_twist_leaves;

/* Hooks may be NULL: nothing is to be done. Levels go down from T to 0. */
struct nqi_evidence_kind {
    const char *name;
    nq_status (*open)(nqi_twist_leaves *leaves, nq_context *context, size_t rows);
    void (*close)(nqi_twist_leaves *leaves);
    /* Normals that it wants drawn beside each row. */
    size_t (*extra)(const nq_evidence *leaf);
    /* Rows set out anew. */
    void (*begin)(nqi_twist_leaves *leaves, nqi_particles *particles);
    /* Takes log r_t(x_t) off the weights, and multiplies the proposal by the twist of `level`: log
     * weights gain the normaliser. */
    void (*untwist)(nqi_twist_leaves *leaves, nqi_particles *particles, size_t t);
    void (*condition)(nqi_twist_leaves *leaves, nqi_particles *particles, size_t level);
    /* The twist lookahead: particles are beliefs about x_0, whose proposal becomes what it is given
     * the leaves (of numbers the mean alone counts), and log weights gain the normaliser. NULL:
     * condition at level 0 does it. */
    void (*foresee)(nqi_twist_leaves *leaves, nqi_particles *particles, size_t t);
    int is_open; /* condition at level 0 does not normalise it: lookahead asks settle there */
    /* Row first + k of the proposal has become a copy of first + ancestor[k], k < count. */
    void (*resample)(nqi_twist_leaves *leaves, nqi_particles *particles, size_t first,
                     const size_t *ancestor, size_t count);
    /* x has been drawn from the proposal: makes it a draw given the leaves; and gives the weights
     * what an approximate proposal owes. */
    void (*correct)(nqi_twist_leaves *leaves, nqi_particles *particles);
    void (*settle)(nqi_twist_leaves *leaves, nqi_particles *particles, size_t level);
};

/* X(name), in the order in which they multiply: a new kind is a file here and its name below. */
#define NQI_EVIDENCE_LIST(X) X(cells) X(custom) X(linear) X(squares) X(given)
#define NQI_EVIDENCE_DECLARE(name) extern const nqi_evidence_kind nqi_evidence_##name;
#define NQI_EVIDENCE_COUNT(name) +1
NQI_EVIDENCE_LIST(NQI_EVIDENCE_DECLARE)
enum { NQI_EVIDENCE_KINDS = NQI_EVIDENCE_LIST(NQI_EVIDENCE_COUNT) };

/* All leaves of one evidence, by kind. */
typedef struct nqi_twists {
    struct {
        const nqi_evidence_kind *kind;
        nqi_twist_leaves leaves;
    } of[NQI_EVIDENCE_KINDS];
} nqi_twists;

/* For as many rows. */
nq_status nqi_twists_new(nqi_twists *out, nq_context *context, const nq_evidence *evidence,
                         nqi_twist twist, size_t rows);
/* The walk is of that chain, which may have fewer steps than the evidence's model. */
void nqi_twists_follow(nqi_twists *twists, const nq_model *model);
void nqi_twists_free(nqi_twists *twists); /* copes with a zeroed struct */
size_t nqi_twists_extra(const nq_evidence *evidence);
void nqi_twists_begin(nqi_twists *twists, nqi_particles *particles);
void nqi_twists_untwist(nqi_twists *twists, nqi_particles *particles, size_t t);
void nqi_twists_condition(nqi_twists *twists, nqi_particles *particles, size_t level);
void nqi_twists_resample(nqi_twists *twists, nqi_particles *particles, size_t first,
                         const size_t *ancestor, size_t count);
/* At x_1, whose belief is the law of x_0, of open kinds alone. */
void nqi_twists_foresee(nqi_twists *twists, nqi_particles *particles, size_t t);
/* settles: the rows have weights that count. */
void nqi_twists_drawn(nqi_twists *twists, nqi_particles *particles, size_t level, int settles);

/* values[k] becomes what values[ancestor[k]] was. spare: [count]. */
void nqi_particles_move(double *values, const size_t *ancestor, size_t count, double *spare);
/* A value of the row is no number. */
void nqi_particles_blame(nqi_particles *particles, size_t row);

#endif
