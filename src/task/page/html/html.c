/* html.c - text and numbers of a page: whatever comes from outside is escaped here. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/page/html/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/utf8.h"
#include "task/report/shown.h"

static void character_put(FILE *file, const char *text, size_t size)
{
    switch (*text) {
    case '&':
        fputs("&amp;", file);
        break;
    case '<':
        fputs("&lt;", file);
        break;
    case '>':
        fputs("&gt;", file);
        break;
    case '"':
        fputs("&quot;", file);
        break;
    case '\'':
        fputs("&#39;", file);
        break;
    default:
        fwrite(text, 1, size, file);
    }
}

void nqi_html_short(FILE *file, const char *text, size_t most)
{
    const nqi_shown_text shown = nqi_shown(text);
    size_t left = strlen(shown.text), characters = 0;
    for (const char *at = shown.text; left; characters++) {
        const size_t size = nqi_utf8_length(at, left);
        if (characters + 1 == most && left > size) {
            fputs("\xe2\x80\xa6", file);
            return;
        }
        character_put(file, at, size);
        at += size;
        left -= size;
    }
}

void nqi_html_text(FILE *file, const char *text)
{
    nqi_html_short(file, text, SIZE_MAX);
}

void nqi_html_name(FILE *file, const nqi_findings *found, size_t column, size_t most)
{
    const char *name = nq_model_column_name(found->model, column);
    if (name && *name)
        nqi_html_short(file, name, most);
    else
        fprintf(file, "column %zu", column + 1);
}

void nqi_html_name_apart(FILE *file, const nqi_findings *found, size_t column, size_t most)
{
    fputs("<bdi>", file);
    nqi_html_name(file, found, column, most);
    fputs("</bdi>", file);
}

const char *nqi_html_sign(double value)
{
    return value < 0 ? "\xe2\x88\x92" : "";
}

void nqi_html_number(FILE *file, double value, int digits)
{
    const double size = fabs(value);
    if (isnan(value))
        fputs("\xe2\x80\x93", file);
    else if (isinf(value))
        fprintf(file, "%s\xe2\x88\x9e", nqi_html_sign(value));
    else if (size > 0 && (size < 1e-4 || size >= 1e9))
        fprintf(file, "%s%.*e", nqi_html_sign(value), digits - 1, size);
    else {
        const int before = size >= 1 ? (int)floor(log10(size)) + 1 : 0;
        const int zeros = size > 0 && size < 1 ? (int)-floor(log10(size)) - 1 : 0;
        const int after = digits - before + zeros;
        fprintf(file, "%s%.*f", nqi_html_sign(value), after > 0 ? after : 0, size);
    }
}

void nqi_html_left_out(FILE *file, const char *why)
{
    fputs("<p class=\"soft\">Left out: ", file);
    nqi_html_text(file, why);
    fputs(".</p>\n", file);
}
