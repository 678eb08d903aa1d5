/* format.c - the registry of file formats, asked by name, by content and for a list. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/format/format.h"

#include <stdio.h>
#include <string.h>

#include "io/file/name.h"

#define ENTRY(name) &nqi_format_##name,
static const nqi_format *const formats[] = {NQI_FORMATS(ENTRY) NULL};

enum { FORMATS = sizeof formats / sizeof formats[0] - 1 };

const nqi_format *nqi_format_get(size_t i)
{
    return i < FORMATS ? formats[i] : NULL;
}

static int is_used(const nqi_format *format, nqi_format_use use)
{
    return use == NQI_FORMAT_ROWS ? format->rows_put != NULL : format->is_picture;
}

const nqi_extension *nqi_format_extension(const nqi_format **format, nqi_format_use use, size_t i)
{
    for (size_t f = 0; f < FORMATS; f++) {
        *format = formats[f];
        for (size_t e = 0; is_used(formats[f], use) && e < NQI_FORMAT_EXTENSIONS; e++)
            if (formats[f]->extensions[e].tail && i-- == 0)
                return &formats[f]->extensions[e];
    }
    return NULL;
}

const nqi_format *nqi_format_of_name(const char *path, nqi_format_use use,
                                     const nqi_extension **extension)
{
    const nqi_format *format;
    const nqi_extension *here;
    for (size_t i = 0; (here = nqi_format_extension(&format, use, i)); i++)
        if (nqi_path_ends(path, here->tail)) {
            if (extension)
                *extension = here;
            return format;
        }
    return NULL;
}

const nqi_format *nqi_format_of_picture(const nqi_input *input)
{
    for (size_t f = 0; f < FORMATS; f++)
        if (formats[f]->is_picture && formats[f]->begins(input))
            return formats[f];
    return NULL;
}

const char *nqi_format_list(char out[NQI_FORMAT_LIST], nqi_format_use use, int as_names)
{
    const nqi_format *format;
    const nqi_extension *here = nqi_format_extension(&format, use, 0), *next;
    size_t length = 0;
    *out = '\0';
    for (size_t i = 1; here && length < NQI_FORMAT_LIST; here = next, i++) {
        next = nqi_format_extension(&format, use, i);
        const char *between = i == 1 ? "" : next ? ", " : " or ";
        length += (size_t)snprintf(out + length, NQI_FORMAT_LIST - length, "%s%s", between,
                                   as_names ? here->name : here->tail);
    }
    return out;
}
