/* notes.h - sentences about what a reader decided, kept with the data for whoever shows them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_TABLE_NOTES_H
#define NQI_IO_TABLE_NOTES_H

#include <stddef.h>

#include <noneq/context.h>

/* Zeroed, it is an empty list. */
typedef struct nqi_notes {
    char **list;
    size_t count;
} nqi_notes;

/* Adds the printf-style sentence. NQ_ERROR_MEMORY, with a sentence in the context. */
nq_status nqi_notes_add(nqi_notes *notes, nq_context *context, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void nqi_notes_free(nqi_notes *notes); /* leaves it zeroed */

#endif
