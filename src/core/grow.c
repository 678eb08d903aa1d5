/* grow.c - lists and texts that grow by doubling. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/grow.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_LEAST = 64 };

int nqi_grow(void *list, size_t *room, size_t wanted, size_t size)
{
    size_t fresh = *room ? *room : ROOM_LEAST;
    void *items;
    if (wanted <= *room)
        return 1;
    while (fresh < wanted && fresh <= SIZE_MAX / 4)
        fresh *= 2;
    if (fresh < wanted || fresh > PTRDIFF_MAX / size)
        return 0;
    memcpy(&items, list, sizeof items); /* whatever the pointer's type */
    void *grown = realloc(items, fresh * size);
    if (!grown)
        return 0;
    memcpy(list, &grown, sizeof grown);
    *room = fresh;
    return 1;
}

void nqi_bytes_add(nqi_bytes *bytes, const char *text, size_t count)
{
    if (bytes->failed || !count)
        return;
    if (count > SIZE_MAX - bytes->used - 1 ||
        !nqi_grow(&bytes->text, &bytes->room, bytes->used + count + 1, 1)) {
        bytes->failed = 1;
        return;
    }
    memcpy(bytes->text + bytes->used, text, count);
    bytes->used += count;
    bytes->text[bytes->used] = '\0';
}
