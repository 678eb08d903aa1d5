/* table.h - tables that tasks make in memory: their numbers, and names of their columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_REPORT_TABLE_H
#define NQI_TASK_REPORT_TABLE_H

#include <noneq/model.h>

/* Memory for rows * columns numbers, and one more; NULL, with its sentence: there is not so
 * much. */
double *nqi_numbers_new(nq_context *context, size_t rows, size_t columns);

/* A header: labels, then x1, x2, ... or what the model calls its columns. Zeroed there is none. */
typedef struct nqi_table_header {
    const char **names; /* NULL: a table without a header */
    char (*made)[24];
} nqi_table_header;

/* model NULL: columns have no names. Without labels a header needs all names. NQ_ERROR_MEMORY; free
 * it whatever is returned. */
nq_status nqi_table_header_make(nqi_table_header *out, nq_context *context, const nq_model *model,
                                size_t columns, const char *const *labels, size_t label_count);
void nqi_table_header_free(nqi_table_header *header);

#endif
