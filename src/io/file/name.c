/* name.c - what the name of a file ends in. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/file/name.h"

#include <string.h>
#include <strings.h>

static const char packed[] = ".gz";

enum { PACKED = sizeof packed - 1 };

int nqi_path_is_packed(const char *path)
{
    const size_t length = strlen(path);
    return length >= PACKED && !strcasecmp(path + length - PACKED, packed);
}

int nqi_path_ends(const char *path, const char *extension)
{
    const size_t tail = strlen(extension);
    const size_t length = strlen(path) - (nqi_path_is_packed(path) ? PACKED : 0);
    return length > tail && !strncasecmp(path + length - tail, extension, tail);
}
