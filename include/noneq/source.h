/* source.h - where the rows of a task come from: a file, or memory. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_SOURCE_H
#define NONEQ_SOURCE_H

#include <noneq/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Rows for a task (nq_fit, nq_fill, ...): a file that is read when the task begins, or a set that
 * is there. What it names is borrowed until the task is over. Usual: `(nq_source){.path = "x.csv"}`
 * or `(nq_source){.data = rows}`. */
typedef struct nq_source {
    size_t size;                 /* noneq/option.h has the rules of such structs */
    const char *path;            /* a data file; one of this ... */
    const nq_dataset *data;      /* ... and this is given, the other NULL */
    const nq_read_options *read; /* how text is read; NULL: defaults */
    nq_area area;                /* of pictures only this rectangle; zeroed: all */
} nq_source;

/* Refuses an output, of any kind of file, that could not be written later, or that is the same as
 * one of inputs[count], whatever they are called; roles[count] are what sentences call those;
 * NULL inputs are passed over. NQ_ERROR_FILE. */
nq_status nq_output_check_apart(nq_context *context, const char *output,
                                const char *const *inputs, const char *const *roles,
                                size_t count);

/* The columns of a model that a list names, "age,income,7": by name, which may have commas of its
 * own (of several names that fit the longest counts), or by number from 1. *count of them in
 * out[most], in their order. NQ_ERROR_ARGUMENT: there is no such column, or there are too many. */
nq_status nq_model_list_columns(size_t *out, size_t *count, nq_context *context,
                                const nq_model *model, const char *list, size_t most);

#ifdef __cplusplus
}
#endif
#endif
