/* banks.h - the readouts of single steps: which steps share one, and which an update moves. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_LEARN_BANKS_H
#define NQI_TRAIN_LEARN_BANKS_H

#include "train/learn/optimiser.h"

/* A run of groups of one update that share a bank. */
typedef struct nqi_bank_run {
    size_t bank, first, count; /* groups first..first+count-1 of the update */
} nqi_bank_run;

typedef struct nqi_banks {
    const nqi_graph *graph;
    size_t steps;
    uint32_t *of_step;  /* [T + 1], or NULL: every step its own */
    nqi_real *gradient; /* [groups][bank_size] */
    nqi_bank_run *runs; /* [groups] of banks that are stepped after all groups are scored */
    size_t run_count;
    size_t *single; /* [groups] 1 + the bank that is stepped with this group; 0: none */
    size_t groups;  /* of an update */
} nqi_banks;

/* Of an update of so many groups; share: steps have one readout, all of them at first. */
nq_status nqi_banks_new(nqi_banks *out, nq_context *context, const nqi_graph *graph, size_t steps,
                        size_t groups, int share);
void nqi_banks_free(nqi_banks *banks);

/* The runs of an update whose groups have time[groups], in ascending order; none is single. */
void nqi_banks_group(nqi_banks *banks, const uint32_t *time);
/* Banks that one group alone has become single and leave the list of runs. */
void nqi_banks_split(nqi_banks *banks);

/* Lets up to `span` neighbouring steps share: a step that becomes the first of a smaller span
 * starts from what it shared. Spans never grow again. */
void nqi_banks_share(nqi_banks *banks, nqi_optimiser *optimiser, nqi_real *params, double span);
/* A span ends with copies for every step in it, so that the model file needs no map. */
void nqi_banks_spread(const nqi_banks *banks, nqi_real *params);

void nqi_banks_fields(nqi_banks *banks, nqi_fields *fields);
const char *nqi_banks_wrong(const nqi_banks *banks);

#endif
