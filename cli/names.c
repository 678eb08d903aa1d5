/* names.c - lists of names that the library has, in texts of the program. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "names.h"

#include <stdio.h>
#include <string.h>

#include <noneq.h>

static const struct {
    const char *mark;
    nq_list list;
    const char *before_last;
} lists[] = {
    {"{presets}", NQ_LIST_PRESETS, " or "},
    {"{sets}", NQ_LIST_DATA_SETS, ", "},
    {"{tables}", NQ_LIST_TABLES, " or "},
};
enum { LISTS = sizeof lists / sizeof *lists };

static void text_add(char out[NAMES_TEXT], const char *text, size_t most)
{
    const size_t length = strlen(out);
    snprintf(out + length, NAMES_TEXT - length, "%.*s", (int)most, text);
}

static void list_add(char out[NAMES_TEXT], size_t k)
{
    const char *name;
    for (size_t i = 0; (name = nq_list_get(NULL, lists[k].list, i)); i++) {
        if (i > 0)
            text_add(out, nq_list_get(NULL, lists[k].list, i + 1) ? ", " : lists[k].before_last,
                     NAMES_TEXT);
        text_add(out, name, NAMES_TEXT);
    }
}

const char *names_fill(char out[NAMES_TEXT], const char *text)
{
    out[0] = '\0';
    while (*text) {
        size_t k = 0;
        while (k < LISTS && strncmp(text, lists[k].mark, strlen(lists[k].mark)) != 0)
            k++;
        if (k < LISTS) {
            list_add(out, k);
            text += strlen(lists[k].mark);
        } else {
            text_add(out, text++, 1);
        }
    }
    return out;
}
