/* table.c - tables of a page: headings, rows that begin with a name, cells. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdarg.h>
#include <string.h>

#include "task/page/html/html.h"

void nqi_html_table(FILE *file, const char *headings)
{
    fputs("<div class=\"scroll\" tabindex=\"0\"><table", file);
    if (!headings) {
        fputs(" class=\"facts\"><tbody>\n", file);
        return;
    }
    fputs("><thead><tr>", file);
    for (const char *at = headings;; at++) {
        const int is_text = *at == '~';
        at += is_text;
        const int length = (int)strcspn(at, "|");
        if (length)
            fprintf(file, "<th%s scope=\"col\">%.*s</th>", is_text ? " class=\"t\"" : "", length,
                    at);
        else
            fputs("<td></td>", file);
        at += length;
        if (!*at)
            break;
    }
    fputs("</tr></thead><tbody>\n", file);
}

void nqi_html_table_end(FILE *file)
{
    fputs("</tbody></table></div>\n", file);
}

void nqi_html_row(FILE *file, const char *name)
{
    fprintf(file, "<tr><th scope=\"row\">%s</th>", name);
}

void nqi_html_row_column(FILE *file, const nqi_findings *found, size_t column, size_t most)
{
    fputs("<tr><th scope=\"row\">", file);
    nqi_html_name_apart(file, found, column, most);
    fputs("</th>", file);
}

void nqi_html_row_pair(FILE *file, const nqi_findings *found, const nqi_pair *pair)
{
    fputs("<tr><th scope=\"row\">", file);
    nqi_html_name_apart(file, found, found->columns[pair->a].column, 40);
    fputs(" with ", file);
    nqi_html_name_apart(file, found, found->columns[pair->b].column, 40);
    fputs("</th>", file);
}

void nqi_html_row_end(FILE *file)
{
    fputs("</tr>\n", file);
}

void nqi_html_cell(FILE *file, double value, int digits)
{
    fputs("<td>", file);
    nqi_html_number(file, value, digits);
    fputs("</td>", file);
}

void nqi_html_cell_text(FILE *file, const char *text)
{
    fputs("<td class=\"t\">", file);
    nqi_html_text(file, text);
    fputs("</td>", file);
}

void nqi_html_fact(FILE *file, const char *name, const char *text)
{
    nqi_html_row(file, name);
    fputs("<td>", file);
    nqi_html_text(file, text);
    fputs("</td></tr>\n", file);
}

void nqi_html_fact_print(FILE *file, const char *name, const char *format, ...)
{
    char text[NQI_WHY];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    nqi_html_fact(file, name, text);
}
