/* optimiser.h - Adam and RMSprop on a parameter vector with a dense part and banks. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_LEARN_OPTIMISER_H
#define NQI_TRAIN_LEARN_OPTIMISER_H

#include "core/real.h"
#include "nn/graph/graph.h"
#include "train/checkpoint/field.h"

typedef enum nqi_optimiser_kind { NQI_ADAM, NQI_RMSPROP } nqi_optimiser_kind;

/* Adam: Kingma & Ba 2015, with the decoupled weight decay of Loshchilov & Hutter 2019. RMSprop:
 * Tieleman & Hinton 2012. A bank is updated only when it has a gradient, and counts its own
 * updates; the running average of a bank that rests catches up when it is next touched. */
typedef struct nqi_optimiser {
    nqi_optimiser_kind kind;
    const nqi_graph *graph;
    const nqi_ops *ops;
    size_t count;             /* parameters */
    double decay;             /* weight decay */
    double keep;              /* of the running average; 1: none is kept */
    nqi_real *first, *second; /* [count] moments */
    nqi_real *average;        /* [count], or NULL */
    uint64_t updates;         /* of the dense part */
    uint64_t *bank_updates;   /* [banks] */
    uint64_t *bank_touched;   /* [banks] value of `updates` when last updated */
} nqi_optimiser;

nq_status nqi_optimiser_new(nqi_optimiser *out, nq_context *context, nqi_optimiser_kind kind,
                            const nqi_graph *graph, const nqi_ops *ops, const nqi_real *params,
                            double decay, double keep);
void nqi_optimiser_free(nqi_optimiser *optimiser);

/* Starts an update: counts it. Then each part once, from any thread. */
void nqi_optimiser_begin(nqi_optimiser *optimiser);
/* Dense parameters first..first+count-1. */
void nqi_optimiser_dense(nqi_optimiser *optimiser, nqi_real *params, const nqi_real *gradient,
                         size_t first, size_t count, double rate);
void nqi_optimiser_bank(nqi_optimiser *optimiser, nqi_real *params, const nqi_real *gradient,
                        size_t bank, double rate);
/* Brings a bank's weights and moments into the cache of this core, all at once. */
void nqi_optimiser_bank_await(const nqi_optimiser *optimiser, const nqi_real *params,
                              size_t bank);
/* Brings the averages of all resting banks up to date. */
void nqi_optimiser_settle(nqi_optimiser *optimiser, const nqi_real *params);
/* What settling would make of the average (or the parameters, where there is none), into
 * out[count]. */
void nqi_optimiser_present(const nqi_optimiser *optimiser, nqi_real *out, const nqi_real *params);
/* Goes on from other parameters, from[count]: they are the average too; nothing has momentum. */
void nqi_optimiser_restart(nqi_optimiser *optimiser, nqi_real *params, const nqi_real *from);
/* Copies bank `from` to bank `to`: weights, moments, average and counts. */
void nqi_optimiser_copy_bank(nqi_optimiser *optimiser, nqi_real *params, size_t from, size_t to);

/* Of the model that is trained; updates: that the run has had. */
void nqi_optimiser_fields(nqi_optimiser *optimiser, nqi_fields *fields);
const char *nqi_optimiser_wrong(const nqi_optimiser *optimiser, int64_t updates);

#endif
