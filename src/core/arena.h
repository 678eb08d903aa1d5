/* arena.h - memory taken once and handed out in aligned pieces; nothing is allocated in a step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_ARENA_H
#define NQI_CORE_ARENA_H

#include <stddef.h>

#include <noneq/status.h>

enum { NQI_ALIGNMENT = 64 }; /* bytes: one cache line, one AVX-512 vector */

typedef struct nqi_arena {
    unsigned char *memory;
    size_t size; /* bytes */
    size_t used; /* bytes, a multiple of NQI_ALIGNMENT */
} nqi_arena;

/* Zeroed memory (huge pages where the system offers them for large sizes). */
nq_status nqi_arena_new(nqi_arena *out, size_t bytes);
void nqi_arena_free(nqi_arena *arena); /* copes with a zeroed struct */

/* Aligned piece of `count` elements of `size` bytes, or NULL when it does not fit (a bug in the
 * caller's sizing: sizes are computed with nqi_arena_need). */
void *nqi_arena_take(nqi_arena *arena, size_t count, size_t size);
/* Bytes that a take of this shape uses up. */
size_t nqi_arena_need(size_t count, size_t size);

/* Aligned heap memory for long-lived arrays: zeroed, NULL on overflow or when memory is out;
 * freed with nqi_aligned_free. */
void *nqi_aligned_new(size_t count, size_t size);
/* The same with whatever was there: for large arrays that are cleared or filled before use by the
 * threads that use them, so that no pass over them is lost at the start. */
void *nqi_aligned_raw(size_t count, size_t size);
void nqi_aligned_free(void *memory);

#endif
