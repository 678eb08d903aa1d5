/* context.c - the error sentence of a context, and what core knows of the rest of it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/context.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/text.h"
#include <string.h>

static int is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Options that a command line knows by a letter. */
static size_t letter_of(char *out, const char *name)
{
    static const char output[] = "output";
    if (strncmp(name, output, sizeof output - 1) != 0 || is_name(name[sizeof output - 1]))
        return 0;
    *out = 'o';
    return sizeof output - 1;
}

const char *nqi_options_named(char *out, size_t size, const nq_context *context, const char *text)
{
    const int flags = context && context->says_flags;
    size_t length = 0;
    for (int in_name = 0; *text && length + 1 < size; text++) {
        if (*text == NQI_OPTION[0]) {
            char letter = '-';
            const size_t skipped = flags ? letter_of(&letter, text + 1) : 0;
            in_name = 1;
            if (flags && length + 1 < size)
                out[length++] = '-';
            if (flags && length + 1 < size)
                out[length++] = letter;
            text += skipped;
            continue;
        }
        in_name = in_name && is_name(*text);
        out[length++] = in_name && flags && *text == '_' ? '-' : *text;
    }
    out[length] = '\0';
    return out;
}

nq_status nqi_fail(nq_context *context, nq_status status, const char *format, ...)
{
    if (!context)
        return status;
    /* An argument may be the present message, so the new one is made beside it. */
    char message[sizeof context->message], named[sizeof message];
    va_list arguments;
    va_start(arguments, format);
    nqi_text_format(message, sizeof message, format, arguments);
    va_end(arguments);
    nq_text_printable(context->message, sizeof context->message,
                      nqi_options_named(named, sizeof named, context, message));
    return status;
}

nq_status nqi_fail_memory(nq_context *context, const char *what, size_t bytes)
{
    return nqi_fail(context, NQ_ERROR_MEMORY, "out of memory: %s needs %zu bytes", what, bytes);
}

nq_status nqi_fail_unknown(nq_context *context, const char *what, const char *name,
                           const char *(*at)(size_t i))
{
    char known[400] = "";
    size_t length = 0;
    for (size_t i = 0; at(i) && length < sizeof known; i++)
        length += (size_t)snprintf(known + length, sizeof known - length, "%s%s",
                                   !i          ? ""
                                   : at(i + 1) ? ", "
                                               : " or ",
                                   at(i));
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "unknown %s \"%s\": expected %s", what, name,
                    known);
}

const char *nq_context_message(const nq_context *context)
{
    return context ? context->message : "";
}

int nq_context_threads(const nq_context *context)
{
    return nqi_pool_size(context->pool);
}

int nq_context_rank(const nq_context *context)
{
    return context->comm ? context->comm->rank : 0;
}

int nq_context_ranks(const nq_context *context)
{
    return context->comm ? context->comm->size : 1;
}

void nq_context_use_booster(nq_context *context, const nq_booster *booster)
{
    context->booster = booster;
}
