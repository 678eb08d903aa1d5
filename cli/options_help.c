/* options_help.c - the help of a verb, generated from its option tables. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "names.h"
#include "options_table.h"

enum { HELP_WIDTH = 80, HELP_COLUMN = 28 }; /* characters */

/* Prints words, breaking lines before HELP_WIDTH; lines after the first start at `indent`. */
static void text_wrap(const char *text, size_t column, size_t indent)
{
    while (*text) {
        const size_t length = strcspn(text, " ");
        if (column > indent && column + 1 + length > HELP_WIDTH) {
            printf("\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            putchar(' ');
            column++;
        }
        printf("%.*s", (int)length, text);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
}

/* A default worth showing: "", 0, -1 and the largest number stand for a choice that the help text
 * explains. */
static const char *shown_fallback(const option_view *view)
{
    const char *fallback = view->option->fallback;
    if (!fallback || !*fallback || !strcmp(fallback, "0") || !strcmp(fallback, "-1") ||
        !strcmp(fallback, "1.7976931348623157e308"))
        return NULL;
    return fallback;
}

static void option_print(const option_view *view)
{
    char left[64], text[NAMES_TEXT], filled[NAMES_TEXT];
    const char letter = option_view_letter(view), *fallback = shown_fallback(view);
    const char *argument = option_view_argument(view);
    int length;
    length = snprintf(left, sizeof left, letter ? "  -%c, --%s%s%s" : "  %c   --%s%s%s",
                      letter ? letter : ' ', view->option->flag, argument ? " " : "",
                      argument ? argument : "");
    snprintf(text, sizeof text, "%s%s%s%s", view->option->help, fallback ? " (default: " : "",
             fallback ? fallback : "", fallback ? ")" : "");
    fputs(left, stdout);
    if (length > HELP_COLUMN - 2) /* two blanks part an option from its text, for help2man too */
        printf("\n%*s", HELP_COLUMN, "");
    else
        printf("%*s", HELP_COLUMN - length, "");
    text_wrap(names_fill(filled, text), HELP_COLUMN, HELP_COLUMN);
}

int options_help(const verb *self)
{
    static const char *const titles[] = {
        [HOME_STRUCT] = "Options",      [HOME_COMMON] = "Common options",
        [HOME_MODEL] = "Model options", [HOME_TRAIN] = "Training options",
        [HOME_READ] = "Reading tables", [HOME_HELP] = NULL};
    option_view view;
    const char *title = NULL;
    printf("Usage: noneq %s %s\n\n", self->name, self->operands);
    text_wrap(self->details, 0, 0);
    for (size_t i = 0; option_view_get(&view, self, i); i++) {
        if (titles[view.home] && titles[view.home] != title)
            printf("\n%s:\n", title = titles[view.home]);
        option_print(&view);
    }
    printf("\nExample:\n  %s\n", self->example);
    return output_finish();
}
