/* heartbeat.h - the states of a heartbeat that matter: phase counts.
 * A row of n bits has ones at every `period`-th place, the phase being uniform. What x_t says of
 * the phase is the number of ones among the n / period places of each phase, and phases are
 * exchangeable: a state is how many phases have k ones, for each k. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_GOLDEN_HEARTBEAT_H
#define NQI_TESTS_GOLDEN_HEARTBEAT_H

#include "golden/golden.h"

enum { PERIOD_MOST = 8, PLACES_MOST = 6 };

typedef struct heartbeat {
    nqi_process process; /* one bit: all are alike */
    size_t period, places;
    double scale[PLACES_MOST + 1]; /* code = sum over k of scale[k] (phases with k ones) */
    size_t *codes;                 /* those of `period` phases */
    size_t code_count;
} heartbeat;

size_t heartbeat_phases_with(const heartbeat *h, size_t code, size_t k);
size_t heartbeat_phases(const heartbeat *h, size_t code);
/* All codes are below. */
size_t heartbeat_code_end(const heartbeat *h);
double heartbeat_log_factorial(size_t n);
const nqi_binomial_step *heartbeat_step(const heartbeat *h, size_t t);
/* logit of P(x_0 = 1 | x_t) for the bits of a phase with `ones` ones: odds against the others. */
double heartbeat_logit(const heartbeat *h, size_t t, size_t code, size_t ones);
/* P(x_0 is a heartbeat) under the optimal model. */
double heartbeat_valid_part(golden_case *c, const heartbeat *h);

#endif
