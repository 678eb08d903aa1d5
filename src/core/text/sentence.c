/* sentence.c - names and cells of a file as they stand in a sentence, alone or in a list. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/text/sentence.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"

void nqi_text_show(char out[NQI_SHOWN], const char *text, size_t length)
{
    size_t most = NQI_SHOWN - 4, shown = length < most ? length : most;
    while (shown < length && shown > most - 3 && ((unsigned char)text[shown] >> 6) == 2)
        shown--; /* not through the middle of a character */
    memcpy(out, text, shown);
    strcpy(out + shown, shown < length ? "..." : "");
    for (char *at = out; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '.';
    nqi_text_utf8_repair(out);
}

const char *nqi_column_label(char out[NQI_LABEL], size_t column, const char *name)
{
    char shown[NQI_SHOWN];
    nqi_text_show(shown, name ? name : "", name ? strlen(name) : 0);
    if (*shown)
        snprintf(out, NQI_LABEL, "column %zu (\"%s\")", column + 1, shown);
    else
        snprintf(out, NQI_LABEL, "column %zu", column + 1);
    return out;
}

void nqi_list_add(char *list, size_t size, const char *between, const char *item)
{
    static const char more[] = "...";
    const size_t length = strlen(list), room = sizeof more + strlen(between);
    const size_t own = strlen(between) + strlen(item);
    if (length >= sizeof more && !strcmp(list + length - strlen(more), more))
        return;
    snprintf(list + length, size - length, "%s%s", length ? between : "",
             length + own + room < size ? item : more);
}
