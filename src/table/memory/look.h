/* look.h - what the numbers of a column in memory show before anybody uses them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_MEMORY_LOOK_H
#define NQI_TABLE_MEMORY_LOOK_H

#include "table/dataset.h"

/* Finds the decimals that the column's numbers need, and refuses what they cannot be: codes without
 * a text, dates that are none, infinite ones, whole numbers that float64 does not have. `c`: its
 * place, for the sentence, which names row and column. NQ_ERROR_FORMAT, NQ_ERROR_SHAPE. */
nq_status nqi_column_look(nqi_column *column, nq_context *context, size_t c, size_t rows);

#endif
