/* type.c - the kinds of columns that people may tell: NAME=KIND,... */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/table/type.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/options.h>

#include "core/context.h"
#include "core/text/sentence.h"
#include "io/table/select.h"

static const char *const names_of_types[] = {"found",  "real", "whole",    "category", "bit",
                                             "spiked", "date", "constant", "left-out", NULL};

const char *nqi_type_name(nqi_type type)
{
    return names_of_types[type];
}

nqi_type nqi_type_of(const char *word)
{
    for (int i = NQI_TYPE_REAL; names_of_types[i]; i++)
        if (!strcmp(names_of_types[i], word))
            return (nqi_type)i;
    return NQI_TYPE_FIND;
}

static nq_status type_refuse(nq_context *context, const char *column, const char *word)
{
    char shown[NQI_SHOWN], label[NQI_SHOWN];
    const char *nearest = nq_name_nearest(word, names_of_types + 1);
    nqi_text_show(shown, word, strlen(word));
    nqi_text_show(label, column, strlen(column));
    return nqi_fail(
        context, NQ_ERROR_ARGUMENT,
        "\036types %s=%s: expected a kind after the last =: real, whole, category, bit, "
        "spiked, date, constant or left-out%s%s%s",
        label, shown, nearest ? " (the nearest is " : "", nearest ? nearest : "",
        nearest ? ")" : "");
}

static nq_status item_refuse(nq_context *context, const char *item)
{
    char shown[NQI_SHOWN];
    nqi_text_show(shown, item, strlen(item));
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "\036types \"%s\": expected NAME=KIND,... such as age=whole,zip=category",
                    shown);
}

/* The name, quotes or not, and the kind behind the last =. */
static const char *item_split(char column[NQI_SELECT_WORD], char word[NQI_SELECT_WORD],
                              const char *text)
{
    const char *end;
    *word = '\0';
    if (*text == '"' && strchr(text + 1, '"')) {
        text = nqi_select_next(column, text);
        if (text[-1] == ',')
            return text;
        return *text == '=' ? nqi_select_next(word, text + 1) : nqi_select_next(word, text);
    }
    end = nqi_select_next(column, text);
    char *equals = strrchr(column, '=');
    if (equals) {
        snprintf(word, NQI_SELECT_WORD, "%s", equals + 1);
        *equals = '\0';
    }
    return end;
}

nq_status nqi_types_parse(nqi_type *out, nq_context *context, const char *text,
                          const char *const *names, size_t count, const char *where)
{
    char column[NQI_SELECT_WORD], word[NQI_SELECT_WORD], unknown[NQI_SELECT_LIST] = "";
    unsigned char *marks = calloc(count, 1);
    nq_status status = marks ? NQ_OK : nqi_fail_memory(context, "columns", count);
    while (*text && !status) {
        text = item_split(column, word, text);
        const nqi_type type = nqi_type_of(word);
        if (!*column && !*word)
            continue;
        if (!*word)
            status = item_refuse(context, column);
        else if (type == NQI_TYPE_FIND)
            status = type_refuse(context, column, word);
        if (status)
            break;
        memset(marks, 0, count);
        if (!nqi_select_mark(marks, names, count, column))
            status = nqi_select_unknown(unknown, context, names, count, column);
        for (size_t c = 0; c < count; c++)
            out[c] = marks[c] ? type : out[c];
    }
    free(marks);
    if (status || !*unknown)
        return status;
    return nqi_select_refuse(context, "types", where, unknown, names != NULL, count);
}
