/* grow.h - lists and texts that grow by doubling. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_GROW_H
#define NQI_CORE_GROW_H

#include <stddef.h>

/* list: the address of a pointer to *room items of `size` bytes (NULL and 0 at first), which gets
 * room for at least `wanted`. 0: no memory, and all is as it was. */
int nqi_grow(void *list, size_t *room, size_t wanted, size_t size);

/* Zeroed, it is empty. The first failure stays and everything after it does nothing, so that only
 * the end needs a check. The owner frees text. */
typedef struct nqi_bytes {
    char *text; /* with a zero behind it that is not counted; NULL: nothing was added */
    size_t used, room;
    int failed; /* memory was out */
} nqi_bytes;

void nqi_bytes_add(nqi_bytes *bytes, const char *text, size_t count);

#endif
