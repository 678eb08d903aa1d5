/* rounds.h - trajectories of a likelihood on the line of progress, and Ctrl-C among them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_ROUNDS_H
#define NONEQ_CLI_ROUNDS_H

#include <noneq.h>

/* The nq_round_function of the program: from the first on, a signal ends the drawing instead of the
 * process. user: not looked at. */
void rounds_show(void *user, const nq_ais_run *run, size_t drawn);

/* The exit status of a call that drew trajectories: the signal's where one has ended it. */
int rounds_status(int code);

#endif
