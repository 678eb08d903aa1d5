/* sort.h - sorting that can be stopped, and the order of numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_SORT_SORT_H
#define NQI_CORE_SORT_SORT_H

#include <stddef.h>

#include "core/context.h"

/* As qsort, by merging: elements that compare equal stay in their order where qsort leaves them so.
 * Asks the monitor now and then (core/monitor.h); context may be NULL. Without memory
 * for a copy it is qsort. NQ_ERROR_STOPPED: the elements are in some order. */
nq_status nqi_sort(nq_context *context, void *base, size_t count, size_t size,
                   int (*compare)(const void *, const void *));
/* Of doubles, the least first. */
int nqi_double_compare(const void *left, const void *right);

#endif
