/* mask.h - which cells of rows are hidden: a table, a picture, a rectangle or a half. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_MASK_H
#define NONEQ_CLI_MASK_H

#include <noneq.h>

/* Makes the cells of rows[count, columns] NaN that `mask` names: "left", "right", "top" or
 * "bottom"; LEFT,TOP,WIDTH,HEIGHT; or a file, of the rows' shape (1: hidden) or a picture of
 * theirs (light: hidden), of `total` rows, of which the first `count` are here. Returns an exit
 * status and has printed why not. */
int mask_apply(nq_context *context, const char *mask, double *rows, size_t count, size_t total,
               size_t columns, const nq_picture *shape);

#endif
