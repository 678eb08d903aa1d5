/* page.c - a page of text that a task writes: for people, or JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/report/page.h"

#include <stdlib.h>

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
    page->file = NULL;
    if (!is_short && out)
        *out = page->text;
    else
        free(page->text);
    page->text = NULL;
    return is_short ? nqi_fail_memory(context, "a report", page->length) : NQ_OK;
}
