/* select.c - columns as an option names them: A,"B, C",3,5-7. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/table/select.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/options.h>

#include "core/context.h"
#include "core/text/sentence.h"

const char *nqi_select_next(char out[NQI_SELECT_WORD], const char *text)
{
    const char *end = *text == '"' ? strchr(text + 1, '"') : NULL;
    const char *begin = end ? text + 1 : text;
    if (!end)
        end = text + strcspn(text, ",");
    const size_t length = (size_t)(end - begin);
    snprintf(out, NQI_SELECT_WORD, "%.*s",
             (int)(length < NQI_SELECT_WORD ? length : NQI_SELECT_WORD - 1), begin);
    end += *end == '"';
    return end + (*end == ',');
}

/* A number from 1 at the front, or 0. */
static size_t number_front(const char **text)
{
    size_t number = 0;
    for (; **text >= '0' && **text <= '9' && number < SIZE_MAX / 20; ++*text)
        number = number * 10 + (size_t)(**text - '0');
    return number;
}

/* Numbers such as 3 or 3-7; 0: it is none, or not of this table. */
static int range_parse(size_t *first, size_t *last, const char *text, size_t columns)
{
    *first = *last = number_front(&text);
    if (*text == '-') {
        text++;
        *last = number_front(&text);
    }
    return !*text && *first >= 1 && *first <= *last && *last <= columns;
}

size_t nqi_select_mark(unsigned char *marks, const char *const *names, size_t count,
                       const char *item)
{
    size_t found = 0, first, last;
    for (size_t c = 0; c < count && names; c++)
        if (names[c] && !strcmp(names[c], item)) {
            marks[c] = 1;
            found++;
        }
    if (found || !range_parse(&first, &last, item, count))
        return found;
    memset(marks + first - 1, 1, last - first + 1);
    return last - first + 1;
}

/* The name that was probably meant; *list: to be freed when it was used. */
static const char *nearest_find(const char ***list, const char *const *names, size_t count,
                                const char *item)
{
    *list = calloc(count + 1, sizeof **list);
    for (size_t c = 0; *list && names && c < count; c++)
        (*list)[c] = names[c] ? names[c] : "";
    return *list && names ? nq_name_nearest(item, *list) : NULL;
}

nq_status nqi_select_unknown(char list[NQI_SELECT_LIST], nq_context *context,
                             const char *const *names, size_t count, const char *item)
{
    char shown[NQI_SHOWN], near[NQI_SHOWN] = "", entry[3 * NQI_SHOWN];
    const char **all;
    const char *nearest = nearest_find(&all, names, count, item);
    if (!all)
        return nqi_fail_memory(context, "column names", count);
    if (nearest)
        nqi_text_show(near, nearest, strlen(nearest));
    free(all);
    nqi_text_show(shown, item, strlen(item));
    snprintf(entry, sizeof entry, "\"%s\"%s%s%s", shown, nearest ? " (the nearest is \"" : "",
             near, nearest ? "\")" : "");
    nqi_list_add(list, NQI_SELECT_LIST, ", ", entry);
    return NQ_OK;
}

nq_status nqi_select_refuse(nq_context *context, const char *flag, const char *where,
                            const char *list, int has_names, size_t count)
{
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "\036%s: %s has no column %s; expected names%s or numbers from 1 to %zu",
                    flag, where, list, has_names ? "" : " (it has none)", count);
}
