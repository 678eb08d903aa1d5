/* in.h - struct arrays of one schema as one data set. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_ARROW_IN_H
#define NQI_TABLE_ARROW_IN_H

#include <noneq/arrow.h>

#include "table/dataset.h"

/* The rows of chunks[count], one after the other; count > 0. Of one chunk the set borrows what it
 * can, so on success it is moved into the set; of several nothing is needed any more. what: "an
 * Arrow array", for sentences. */
nq_status nqi_arrow_set_new(nq_dataset **out, nq_context *context,
                            const struct ArrowSchema *schema, struct ArrowArray *chunks,
                            size_t count, const char *what);

#endif
