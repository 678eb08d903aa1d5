/* print.c - a text that a task prints: for people, or JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/report/print.h"

#include <stdlib.h>
#include <string.h>

#include <noneq/file.h>

#include "core/context.h"

nq_status nqi_print_open(nqi_print *print, nq_context *context)
{
    *print = (nqi_print){0};
    print->file = open_memstream(&print->text, &print->length);
    if (!print->file)
        return nqi_fail_memory(context, "a report", 1);
    print->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (print->plain)
        print->before = uselocale(print->plain);
    return NQ_OK;
}

/* The text with the names of options as the user knows them; NULL: no memory. */
static char *options_name(char *text, size_t length, const nq_context *context)
{
    size_t size = length + 1;
    for (const char *at = text; (at = strchr(at, NQI_OPTION[0])); at++)
        size++;
    char *named = malloc(size);
    if (named)
        nqi_options_named(named, size, context, text);
    free(text);
    return named;
}

nq_status nqi_print_close(char **out, nqi_print *print, nq_context *context)
{
    int is_short = 1;
    if (out)
        *out = NULL;
    if (!print->file)
        return NQ_OK;
    if (print->plain) {
        uselocale(print->before);
        freelocale(print->plain);
    }
    is_short = fflush(print->file) || ferror(print->file);
    is_short |= fclose(print->file) != 0;
    is_short |= !print->text; /* closing wants memory too, and does not say that there was none */
    print->file = NULL;
    if (!is_short && strchr(print->text, NQI_OPTION[0]))
        is_short = !(print->text = options_name(print->text, print->length, context));
    if (!is_short && out)
        *out = print->text;
    else
        free(print->text);
    print->text = NULL;
    return is_short ? nqi_fail_memory(context, "a report", print->length) : NQ_OK;
}

static nq_status text_write(const char *path, nq_context *context, const char *text)
{
    nq_file *file;
    nq_status status = nq_file_open(&file, context, path);
    if (status)
        return status;
    if ((status = nq_file_put(file, text, strlen(text)))) {
        nq_file_abandon(file);
        return status;
    }
    return nq_file_commit(file);
}

nq_status nqi_print_give(char **out, nqi_print *print, nq_context *context, const char *output)
{
    char *text = NULL;
    nq_status status = nqi_print_close(&text, print, context);
    if (!status && output)
        status = text_write(output, context, text);
    if (out)
        *out = status ? NULL : text;
    if (!out || status)
        free(text);
    return status;
}

nq_status nqi_print_make(char **out, nq_context *context, const char *output, nqi_printer *say,
                         const void *result)
{
    nqi_print print;
    const nq_status status = nqi_print_open(&print, context);
    if (status)
        return status;
    say(print.file, result);
    return nqi_print_give(out, &print, context, output);
}
