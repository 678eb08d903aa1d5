/* names.c - lists of names that the library has, in texts of the program. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "names.h"

#include <stdio.h>
#include <string.h>

#include <noneq.h>

static const char *preset_at(size_t i)
{
    const char *const *names;

    nq_preset_list(&names, NULL);
    return names[i];
}

static const char *set_at(size_t i)
{
    const char *const *names;

    nq_dataset_generators(&names, NULL);
    return names[i];
}

static const char *table_at(size_t i)
{
    return nq_values_ending(NULL, i);
}

static const struct {
    const char *mark;
    const char *(*at)(size_t i); /* NULL past the last, and not asked beyond */
    const char *before_last;
} lists[] = {
    {"{presets}", preset_at, " or "},
    {"{sets}", set_at, ", "},
    {"{tables}", table_at, " or "},
};
enum { LISTS = sizeof lists / sizeof *lists };

static void text_add(char out[NAMES_TEXT], const char *text, size_t most)
{
    const size_t length = strlen(out);

    snprintf(out + length, NAMES_TEXT - length, "%.*s", (int)most, text);
}

static void list_add(char out[NAMES_TEXT], size_t which)
{
    const char *(*const at)(size_t i) = lists[which].at;

    for (size_t i = 0; at(i); i++) {
        if (i > 0)
            text_add(out, at(i + 1) ? ", " : lists[which].before_last, NAMES_TEXT);
        text_add(out, at(i), NAMES_TEXT);
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
