/* arena.c - aligned memory: single arrays, and arenas that are handed out in pieces. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* First touch of 4 KB pages costs five times what huge pages cost. */
enum { HUGE_PAGE = 2 << 20 }; /* bytes */

/* For whole ones: the rest of the last would be resident and used by nobody. */
static void huge_pages_ask(void *memory, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    /* Advice: a refusal does no harm. */
    (void)madvise(memory, bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)bytes;
#endif
}

static int round_up(size_t *bytes, size_t unit)
{
    if (*bytes > SIZE_MAX - (unit - 1))
        return 0;
    *bytes = (*bytes + unit - 1) / unit * unit;
    return 1;
}

/* *bytes becomes what was taken. */
static void *memory_raw(size_t *bytes)
{
    const size_t alignment = *bytes >= 2 * (size_t)HUGE_PAGE ? HUGE_PAGE : NQI_ALIGNMENT;
    void *memory;
    if (*bytes == 0)
        *bytes = 1;
    if (!round_up(bytes, NQI_ALIGNMENT) || posix_memalign(&memory, alignment, *bytes))
        return NULL;
    if (alignment == HUGE_PAGE)
        huge_pages_ask(memory, *bytes);
    return memory;
}

static void *memory_new(size_t bytes)
{
    void *memory = memory_raw(&bytes);
    return memory ? memset(memory, 0, bytes) : NULL;
}

void *nqi_aligned_new(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return memory_new(count * size);
}

void *nqi_aligned_raw(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    size_t bytes = count * size;
    return memory_raw(&bytes);
}

void nqi_aligned_free(void *memory)
{
    free(memory);
}

nq_status nqi_arena_new(nqi_arena *out, size_t bytes)
{
    *out = (nqi_arena){0};
    if (!round_up(&bytes, NQI_ALIGNMENT) || !(out->memory = memory_new(bytes)))
        return NQ_ERROR_MEMORY;
    out->size = bytes;
    return NQ_OK;
}

void nqi_arena_free(nqi_arena *arena)
{
    nqi_aligned_free(arena->memory);
    *arena = (nqi_arena){0};
}

/* SIZE_MAX, which no arena has, when the true size does not fit. */
size_t nqi_arena_need(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return SIZE_MAX;
    size_t bytes = count * size;
    return round_up(&bytes, NQI_ALIGNMENT) ? bytes : SIZE_MAX;
}

void *nqi_arena_take(nqi_arena *arena, size_t count, size_t size)
{
    const size_t need = nqi_arena_need(count, size);
    if (!arena->memory || need > arena->size - arena->used)
        return NULL;
    void *piece = arena->memory + arena->used;
    arena->used += need;
    return piece;
}
