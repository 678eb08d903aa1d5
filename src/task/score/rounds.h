/* rounds.h - likelihoods by annealed importance sampling, round by round, until there is enough of
 * them or the monitor wants an end. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_SCORE_ROUNDS_H
#define NQI_TASK_SCORE_ROUNDS_H

#include <noneq/score.h>

/* Trajectories for each row at first where only an error is asked for. */
enum { NQI_AIS_LEAST = 16 };

/* Who is told of each round; round NULL: nobody. */
typedef struct nqi_listener {
    nq_round_function round;
    void *user;
} nqi_listener;

/* Draws until done, or until the monitor says NQ_FINISH, and fills `out` with what there is then;
 * *finished: 0 in the second case, and NQ_FINISH ends nothing more, so that what there is can be
 * written, until the caller sets nqi_watch_finishes back. NQ_ERROR_STOPPED, also where it was to
 * finish before anything was drawn. */
nq_status nqi_rounds_draw(nq_ais *out, int *finished, nq_context *context, const nq_model *model,
                          const nq_dataset *data, const nq_ais_options *options,
                          const nqi_listener *listener);
/* A warning where the figure is not what was asked for: stopped early, or the target was not
 * reached. */
void nqi_rounds_warn(nq_context *context, const nq_ais *ais, const nq_ais_options *options,
                     int finished);

/* "full", "care" or "at least". */
const char *nqi_trust_name(nq_trust trust);

#endif
