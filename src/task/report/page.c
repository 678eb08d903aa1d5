/* page.c - a page of text that a task writes: for people, or JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/report/page.h"

#include <stdlib.h>
#include <string.h>

#include <noneq/file.h>

#include "core/context.h"

nq_status nqi_page_open(nqi_page *page, nq_context *context)
{
    *page = (nqi_page){0};
    page->file = open_memstream(&page->text, &page->length);
    if (!page->file)
        return nqi_fail_memory(context, "a report", 1);
    page->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (page->plain)
        page->before = uselocale(page->plain);
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

nq_status nqi_page_close(char **out, nqi_page *page, nq_context *context)
{
    int is_short = 1;
    if (out)
        *out = NULL;
    if (!page->file)
        return NQ_OK;
    if (page->plain) {
        uselocale(page->before);
        freelocale(page->plain);
    }
    is_short = fflush(page->file) || ferror(page->file);
    is_short |= fclose(page->file) != 0;
    is_short |= !page->text; /* closing wants memory too, and does not say that there was none */
    page->file = NULL;
    if (!is_short && strchr(page->text, NQI_OPTION[0]))
        is_short = !(page->text = options_name(page->text, page->length, context));
    if (!is_short && out)
        *out = page->text;
    else
        free(page->text);
    page->text = NULL;
    return is_short ? nqi_fail_memory(context, "a report", page->length) : NQ_OK;
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

nq_status nqi_page_give(char **out, nqi_page *page, nq_context *context, const char *output)
{
    char *text = NULL;
    nq_status status = nqi_page_close(&text, page, context);
    if (!status && output)
        status = text_write(output, context, text);
    if (out)
        *out = status ? NULL : text;
    if (!out || status)
        free(text);
    return status;
}

nq_status nqi_page_make(char **out, nq_context *context, const char *output, nqi_printer *print,
                        const void *result)
{
    nqi_page page;
    const nq_status status = nqi_page_open(&page, context);
    if (status)
        return status;
    print(page.file, result);
    return nqi_page_give(out, &page, context, output);
}
