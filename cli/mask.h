/* mask.h - which cells of rows are hidden: a table, a picture, a rectangle or a half. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_MASK_H
#define NONEQ_CLI_MASK_H

#include "posterior.h"

/* Makes the cells of the job's rows NaN that `mask` names: "left", "right", "top" or "bottom";
 * LEFT,TOP,WIDTH,HEIGHT; or a file: a table with a row for each of the data's (1: hidden), its
 * columns by name or, without names, by their places in the data's file; or pictures (light:
 * hidden). shape: of a row; channels 0: it is no picture. Returns an exit status and has printed
 * why not. */
int mask_apply(const posterior_job *job, const char *mask, const nq_picture *shape);

#endif
