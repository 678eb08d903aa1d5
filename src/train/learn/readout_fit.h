/* readout_fit.h - per-step readouts are linear, so K is maximised over them exactly.
 * The mean output z of step t is W_t [features; 1]; at a given variance S(x_t), K is largest where
 * E (u - z)^2 / S is least: weighted ridge least squares for each step and number, from sums over a
 * batch. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_LEARN_READOUT_FIT_H
#define NQI_TRAIN_LEARN_READOUT_FIT_H

#include "core/real.h"
#include "diffusion/batch.h"
#include "train/checkpoint/field.h"

enum { NQI_FIT_WIDTH = 256, NQI_FIT_SIZE = 1 << 17 }; /* most features; most numbers in a set */

typedef struct nqi_readout_fit {
    const nqi_process *process;
    const nqi_graph *graph;
    size_t features;   /* of the readout, and 1 for the bias */
    size_t size;       /* doubles of one set of sums: count, then for each number the weighted
                        products features^2, targets features, and the plain square */
    double keep;       /* what the running sums keep per batch */
    int sets_variance; /* solving also writes the best constant variance */
    double *sums;      /* [T][size] */
    double *groups;    /* [groups of a batch][size]: this batch's, in order */
    double *scratch;   /* [features * (features + dim)] */
    /* Of a state that is looked at while features move: sums and all weights, of its own. */
    double *shown_sums;
    nqi_real *shown;
} nqi_readout_fit;

/* Whether the process has outputs that can be solved for. */
int nqi_readout_fit_serves(const nqi_process *process);
nq_status nqi_readout_fit_new(nqi_readout_fit *out, nq_context *context,
                              const nqi_process *process, const nqi_graph *graph,
                              size_t batch_groups);
void nqi_readout_fit_free(nqi_readout_fit *fit);
/* Sums of one group of a scored microbatch into slot `slot` (any thread). */
void nqi_readout_fit_measure(nqi_readout_fit *fit, const nqi_batch *batch, size_t group,
                             size_t slot);
/* Zeroes the part of a bank's gradient that solving takes care of: the mean outputs. */
void nqi_readout_fit_mask(const nqi_readout_fit *fit, nqi_real *bank_gradient);
/* Adds the slots, whose times are time[slots] in ascending order, to the running sums. */
void nqi_readout_fit_add(nqi_readout_fit *fit, const uint32_t *time, size_t slots);
/* Solves every step that has data and writes its mean weights, and, while sets_variance, the
 * constant variance that is best with them. */
void nqi_readout_fit_solve(nqi_readout_fit *fit, nqi_real *params);

void nqi_readout_fit_fields(nqi_readout_fit *fit, nqi_fields *fields);
const char *nqi_readout_fit_wrong(const nqi_readout_fit *fit);

#endif
