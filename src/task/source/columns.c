/* columns.c - columns of a model by a list of names and numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/source.h>

#include "core/context.h"

enum { WORD = 512 };

/* A name, or a number from 1. */
static int column_find(size_t *out, const nq_model *model, const char *word)
{
    const size_t columns = nq_model_columns(model);
    char *end;
    for (*out = 0; *out < columns; ++*out) {
        const char *name = nq_model_column_name(model, *out);
        if (name && !strcmp(name, word))
            return 1;
    }
    if (*word < '0' || *word > '9')
        return 0;
    const unsigned long number = strtoul(word, &end, 10);
    if (*end || number < 1 || number > columns)
        return 0;
    *out = number - 1;
    return 1;
}

/* Bytes of the longest name or number that the list begins with; 0: it begins with none. */
static size_t word_find(size_t *column, char word[WORD], const nq_model *model, const char *list)
{
    size_t length = strnlen(list, WORD - 1);
    for (; length; length--) {
        if (list[length] && list[length] != ',')
            continue;
        snprintf(word, WORD, "%.*s", (int)length, list);
        if (column_find(column, model, word))
            break;
    }
    return length;
}

nq_status nq_model_list_columns(size_t *out, size_t *count, nq_context *context,
                                const nq_model *model, const char *list, size_t most)
{
    char word[WORD];
    *count = 0;
    while (*list) {
        size_t column = 0;
        const size_t length = word_find(&column, word, model, list);
        if (!length)
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "there is no column '%.*s': expected a name or 1 to %zu",
                            (int)strcspn(list, ","), list, nq_model_columns(model));
        if (*count == most)
            return nqi_fail(context, NQ_ERROR_ARGUMENT, "at most %zu columns can be named", most);
        out[(*count)++] = column;
        list += length + (list[length] == ',');
    }
    return NQ_OK;
}
