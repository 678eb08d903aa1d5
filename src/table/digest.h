/* digest.h - 64 bits that tell one data set from another: a resumed run must be on the same. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_DIGEST_H
#define NQI_TABLE_DIGEST_H

#include "table/dataset.h"

/* Of the cells in the order of rows and columns, gaps included, as they are stored, and of the type
 * and shape; not of the names. Reads the data once. Not meant against forgery. */
uint64_t nqi_digest_values(const nq_dataset *dataset);
/* The sum of one for each row, of its cells as numbers: whatever the order, and that of two parts
 * is the sum of theirs. 0: crops. NQ_ERROR_MEMORY. */
nq_status nqi_digest_rows(uint64_t *out, nq_context *context, const nq_dataset *dataset);
/* Of the column names; 0: there are none. */
uint64_t nqi_digest_names(const nq_dataset *dataset);

#endif
