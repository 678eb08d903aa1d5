/* select.h - columns as an option names them: A,"B, C",3,5-7. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_TABLE_SELECT_H
#define NQI_IO_TABLE_SELECT_H

#include <stddef.h>

#include <noneq/context.h>

enum { NQI_SELECT_WORD = 256, NQI_SELECT_LIST = 512 }; /* bytes of an item, and of a list */

/* The next item of a list between commas; one with commas in it stands in double quotes. Returns
 * what follows it and its comma. */
const char *nqi_select_next(char out[NQI_SELECT_WORD], const char *text);
/* Marks the columns that an item means by name, else by number from 1. names: [count], or NULL:
 * they have none. Returns how many. */
size_t nqi_select_mark(unsigned char *marks, const char *const *names, size_t count,
                       const char *item);
/* Adds an item that means no column, and the nearest name, to a list for a sentence. */
nq_status nqi_select_unknown(char list[NQI_SELECT_LIST], nq_context *context,
                             const char *const *names, size_t count, const char *item);
/* NQ_ERROR_ARGUMENT with that list: --flag: `where` has no column ... */
nq_status nqi_select_refuse(nq_context *context, const char *flag, const char *where,
                            const char *list, int has_names, size_t count);

#endif
