/* list.h - what there is to choose from: names that options take. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_LIST_H
#define NONEQ_LIST_H

#include <stddef.h>

#include <noneq/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum nq_list {
    NQ_LIST_KERNELS,    /* nq_model_options.kernel */
    NQ_LIST_REGRESSORS, /* .regressor */
    NQ_LIST_SCHEDULES,  /* .schedule, beside a file */
    NQ_LIST_PRESETS,    /* nq_preset_apply */
    NQ_LIST_KINDS,      /* of columns: nq_read_options.types */
    NQ_LIST_METHODS,    /* nq_posterior_options.method */
    NQ_LIST_TWISTS,     /* .twist */
    NQ_LIST_DATA_SETS,  /* nq_dataset_generate */
    NQ_LIST_TABLES      /* endings of files that nq_values_write knows */
} nq_list;

/* The i-th name of a list; NULL past the last. *help: a line on it, or NULL; help may be NULL.
 * Constant texts; any thread may ask. */
const char *nq_list_get(const char **help, nq_list list, size_t i);

#ifdef __cplusplus
}
#endif
#endif
