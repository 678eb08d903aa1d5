/* notes.c - sentences about what a reader decided, kept with the data for whoever shows them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/table/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

nq_status nqi_notes_add(nqi_notes *notes, nq_context *context, const char *format, ...)
{
    char made[1024], sentence[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(made, sizeof made, format, arguments);
    va_end(arguments);
    nqi_options_named(sentence, sizeof sentence, context, made);
    char **grown = realloc(notes->list, (notes->count + 1) * sizeof *grown);
    if (grown)
        notes->list = grown;
    char *copy = grown ? strdup(sentence) : NULL;
    if (!copy)
        return nqi_fail_memory(context, "a note on the data", sizeof sentence);
    notes->list[notes->count++] = copy;
    return NQ_OK;
}

void nqi_notes_free(nqi_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->list[i]);
    free(notes->list);
    *notes = (nqi_notes){0};
}
