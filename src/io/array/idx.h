/* idx.h - the IDX format of the MNIST files: a big-endian array with its shape. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_ARRAY_IDX_H
#define NQI_IO_ARRAY_IDX_H

#include "io/file/input.h"
#include "io/table/table.h"

/* Two zero bytes, a type code, and a rank. */
int nqi_idx_begins(const nqi_input *input);

/* Reads an array of shape (N, ...) as N rows in native byte order, which are pictures when the rank
 * is 3 or 4 (io/picture/picture.h). Refuses a file whose size is not that of its shape. */
nq_status nqi_idx_read(nqi_table *out, nqi_input *input);

#endif
