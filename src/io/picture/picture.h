/* picture.h - pictures as the rows of a table, plane after plane. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_PICTURE_PICTURE_H
#define NQI_IO_PICTURE_PICTURE_H

#include "io/table/table.h"

/* States the shape of rows that are pictures by their extents (of rank 3 or 4, the rows first):
 * (N, height, width) is grey; (N, channels, height, width) stays; (N, height, width, channels) is
 * brought into planes. Channels are told by being 1 or 3, first where both could be, and other
 * tables stay without a shape. On failure the table is empty. */
nq_status nqi_table_picture(nqi_table *table, nq_context *context, const size_t *extents,
                            size_t rank);
/* Rows of pixels [height][width][channels] to planes, by the table's shape. On failure the table is
 * empty. */
nq_status nqi_table_separate(nqi_table *table, nq_context *context);
/* Pixels [count][channels] to planes [channels][count], of numbers of `size` bytes. */
void nqi_planes_make(unsigned char *planes, const unsigned char *pixels, size_t count,
                     size_t channels, size_t size);

#endif
