/* values.h - rows of numbers on their way to a file, as npy or text. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_WRITE_VALUES_H
#define NQI_TABLE_WRITE_VALUES_H

#include <noneq/data.h>

#include "table/column.h"

typedef struct nqi_values_writer nqi_values_writer;

/* The format is that of the extension, as nq_values_write says. element: NQI_F64, or NQI_F32 for
 * numbers that are float32: npy is then of that type, and text has the digits that those need. */
nq_status nqi_values_open(nqi_values_writer **out, nq_context *context, const char *path,
                          size_t rows, size_t dim, const char *const *names, nqi_element element);
/* The same for pictures of grey levels from 0 to 255. An npy file then holds bytes of shape (rows,
 * height, width), or (rows, channels, height, width), so that it is read back as pictures. */
nq_status nqi_values_open_pictures(nqi_values_writer **out, nq_context *context, const char *path,
                                   size_t rows, const nq_picture *picture);
/* values[rows][count] as a table of these columns, all at once: text has a header where they have
 * names, and the texts of their levels, dates and decimals (table/write/cell.h). An npy file holds
 * their numbers; NQ_ERROR_UNSUPPORTED: one has texts. */
nq_status nqi_values_write_columns(nq_context *context, const char *path, const double *values,
                                   size_t rows, const nqi_column *columns, size_t count);
/* values[rows][dim]; all calls together bring the promised number of rows. */
nq_status nqi_values_put(nqi_values_writer *writer, const double *values, size_t rows);
/* The file appears; frees the writer whatever happens. */
nq_status nqi_values_commit(nqi_values_writer *writer);
/* Nothing appears. NULL is fine. */
void nqi_values_abandon(nqi_values_writer *writer);

#endif
