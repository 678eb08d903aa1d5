/* options.c - one command-line parser for all verbs, driven by tables. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "options_table.h"

enum { OPTIONS_MAX = 128 }; /* more than any verb has */

int options_refuse(const verb *self, const char *format, ...)
{
    va_list list;

    char text[2048];

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    message_print("%s; see 'noneq %s --help'", text, self->name);
    return EXIT_USAGE;
}

int number_parse(double *out, const char *text)
{
    char *end;

    /* strtod skips white space; an option's value has none. */
    if (!*text || isspace((unsigned char)*text))
        return 0;
    *out = strtod(text, &end);
    return *end == '\0' && isfinite(*out);
}

int count_parse(int64_t *out, const char *text)
{
    char *end;
    double number;

    if (!*text || isspace((unsigned char)*text))
        return 0;
    errno = 0;
    const long long whole = strtoll(text, &end, 10);
    if (*end == '\0') {
        *out = whole;
        return errno == 0;
    }
    /* 1e6 is a whole number too; past 2^53 not every one of them is a double. */
    if (!number_parse(&number, text) || number != floor(number) || fabs(number) > 0x1p53)
        return 0;
    *out = (int64_t)number;
    return 1;
}

static const char *value_wanted(const option_row *row)
{
    return row->kind == OPTION_COUNT ? "a whole number" : "a number";
}

static double row_least(const option_row *row)
{
    return row->least > -HUGE_VAL ? row->least : -option_most(row);
}

static int is_in_range(const option_row *row, double value)
{
    return value >= row_least(row) && value <= option_most(row);
}

static int value_refuse(const verb *self, const option_row *row, const char *text)
{
    char most[32];

    if (option_most(row) == NQ_COUNT_MOST)
        snprintf(most, sizeof most, "9223372036854775807");
    else
        snprintf(most, sizeof most, row->kind == OPTION_COUNT ? "%.0f" : "%.17g",
                 option_most(row));
    return options_refuse(self, "--%s takes %s of at least %.17g and at most %s, not '%s'",
                          row->name, value_wanted(row), row_least(row), most, text);
}

static int row_set(const verb *self, void *values, const option_row *row, const char *text)
{
    void *field = (char *)values + row->offset;
    int good = 1;

    switch (row->kind) {
    case OPTION_FLAG:
        *(int *)field = 1;
        break;
    case OPTION_TEXT:
        *(const char **)field = text;
        break;
    case OPTION_COUNT:
        good = count_parse(field, text) && is_in_range(row, (double)*(int64_t *)field);
        break;
    case OPTION_NUMBER:
        good = number_parse(field, text) && is_in_range(row, *(double *)field);
        break;
    }
    return good ? EXIT_DONE : value_refuse(self, row, text);
}

/* A row without a default gets NULL, 0 or NaN. */
static void row_init(const verb *self, void *values, const option_row *row)
{
    void *field = (char *)values + row->offset;

    if (row->fallback) {
        row_set(self, values, row, row->fallback);
        return;
    }
    switch (row->kind) {
    case OPTION_FLAG:
        *(int *)field = 0;
        break;
    case OPTION_TEXT:
        *(const char **)field = NULL;
        break;
    case OPTION_COUNT:
        *(int64_t *)field = 0;
        break;
    case OPTION_NUMBER:
        *(double *)field = NAN;
        break;
    }
}

static int setting_add(arguments *out, const verb *self, const option_view *view,
                       const char *text)
{
    int i = 0;

    while (i < out->setting_count && out->settings[i].option != view->library)
        i++;
    if (i == SETTINGS_MOST)
        return options_refuse(self, "there are more than %d options", SETTINGS_MOST);
    out->settings[i] = (option_setting){view->library, view->home == HOME_MODEL, text};
    if (i == out->setting_count)
        out->setting_count++;
    return EXIT_DONE;
}

/* "a whole number of at least 0 and at most 9", as of the program's own options. */
static int library_refuse(const verb *self, const nq_option *option, const char *text)
{
    char most[32];
    const int is_whole = option->type != NQ_OPTION_NUMBER;

    if (option->type == NQ_OPTION_TEXT)
        return options_refuse(self, "--%s is longer than %d characters", option->flag,
                              NQ_TEXT_SIZE - 1);
    if (option->type == NQ_OPTION_AREA)
        return options_refuse(self,
                              "--%s takes LEFT,TOP,WIDTH,HEIGHT in pixels, such as 0,0,512,512, "
                              "not '%s'",
                              option->flag, text);
    if (option->most >= NQ_SIZE_MOST)
        snprintf(most, sizeof most, "18446744073709551615");
    else if (option->most >= NQ_COUNT_MOST)
        snprintf(most, sizeof most, "9223372036854775807");
    else
        snprintf(most, sizeof most, is_whole ? "%.0f" : "%.17g", option->most);
    return options_refuse(self, "--%s takes %s of at least %.17g and at most %s, not '%s'",
                          option->flag, is_whole ? "a whole number" : "a number", option->least,
                          most, text);
}

static int struct_set(void *values, const verb *self, const option_view *view, const char *text)
{
    void *options = (char *)values + view->part->offset;

    return nq_option_set(options, NULL, view->library, text ? text : "1")
               ? library_refuse(self, view->library, text)
               : EXIT_DONE;
}

static int view_set(arguments *out, void *values, const verb *self, const option_view *view,
                    const char *text)
{
    switch (view->home) {
    case HOME_VERB:
        return row_set(self, values, view->row, text);
    case HOME_STRUCT:
        return struct_set(values, self, view, text);
    case HOME_READ:
        return nq_option_set(&out->common.read, NULL, view->library, text)
                   ? options_refuse(self, "--%s is longer than %d characters",
                                    view->library->flag, NQ_TEXT_SIZE - 1)
                   : EXIT_DONE;
    case HOME_COMMON:
        return row_set(self, &out->common, view->row, text);
    case HOME_HELP:
        out->finished = 1;
        return options_help(self);
    default:
        return setting_add(out, self, view, text);
    }
}

static int long_refuse(const verb *self, const char *name)
{
    const char *names[OPTIONS_MAX + 1] = {NULL};
    option_view view;

    for (size_t i = 0; i < OPTIONS_MAX && option_view_get(&view, self, i); i++)
        names[i] = option_view_name(&view);
    const char *nearest = nq_name_nearest(name, names);
    return nearest ? options_refuse(self, "'%s' has no option '--%s'; the nearest is '--%s'",
                                    self->name, name, nearest)
                   : options_refuse(self, "'%s' has no option '--%s'", self->name, name);
}

/* True when the word can be a value: not an option itself, though -1.5 and - are fine. */
static int is_value(const char *word)
{
    double number;

    return word && (word[0] != '-' || word[1] == '\0' || number_parse(&number, word));
}

/* A word --name, --name=value; *index moves on past a value that is a word of its own. */
static int long_parse(arguments *out, void *values, const verb *self, char **argv, int *index)
{
    char name[64];
    option_view view;
    const char *word = argv[*index] + 2;
    const char *equals = strchr(word, '=');
    const size_t length = equals ? (size_t)(equals - word) : strlen(word);

    snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), word);
    for (size_t i = 0; option_view_get(&view, self, i); i++) {
        if (strcmp(option_view_name(&view), name) != 0)
            continue;
        if (!option_view_takes_value(&view))
            return equals ? options_refuse(self, "--%s takes no value", name)
                          : view_set(out, values, self, &view, NULL);
        if (equals)
            return view_set(out, values, self, &view, equals + 1);
        if (!is_value(argv[*index + 1]))
            return options_refuse(self,
                                  "--%s needs a value (one that begins with a dash is "
                                  "written --%s=VALUE)",
                                  name, name);
        return view_set(out, values, self, &view, argv[++*index]);
    }
    return long_refuse(self, name);
}

static int letter_find(option_view *view, const verb *self, char letter)
{
    for (size_t i = 0; option_view_get(view, self, i); i++)
        if (option_view_letter(view) == letter)
            return 1;
    return 0;
}

/* A word -n5, -n (then the value is the next word), or several flags as in -qv. */
static int short_parse(arguments *out, void *values, const verb *self, char **argv, int *index)
{
    option_view view;
    int status = EXIT_DONE;

    for (const char *letter = argv[*index] + 1; *letter && !status && !out->finished; letter++) {
        if (!letter_find(&view, self, *letter))
            return options_refuse(self, "'%s' has no option '-%c'", self->name, *letter);
        if (!option_view_takes_value(&view)) {
            status = view_set(out, values, self, &view, NULL);
            continue;
        }
        if (letter[1])
            return view_set(out, values, self, &view, letter + 1);
        if (!is_value(argv[*index + 1]))
            return options_refuse(self, "-%c needs a value", *letter);
        return view_set(out, values, self, &view, argv[++*index]);
    }
    return status;
}

static int operand_add(arguments *out, const verb *self, const char *word)
{
    if (out->operand_count == self->operands_most)
        return options_refuse(self, "'%s' is one word too many: expected 'noneq %s %s'", word,
                              self->name, self->operands);
    out->operands[out->operand_count++] = word;
    return EXIT_DONE;
}

static int words_parse(arguments *out, void *values, const verb *self, int argc, char **argv)
{
    int status = EXIT_DONE, only_operands = 0;

    for (int i = 0; i < argc && !status && !out->finished; i++) {
        if (only_operands || is_value(argv[i]))
            status = operand_add(out, self, argv[i]);
        else if (strcmp(argv[i], "--") == 0)
            only_operands = 1;
        else if (argv[i][1] == '-')
            status = long_parse(out, values, self, argv, &i);
        else
            status = short_parse(out, values, self, argv, &i);
    }
    return status;
}

int options_parse(arguments *out, void *values, const verb *self, int argc, char **argv)
{
    option_view view;

    *out = (arguments){.status = EXIT_DONE};
    for (const option_struct *part = self->structs; part && part->type; part++) {
        const nq_options_type *type = nq_options_type_find(part->type);

        nq_options_init((char *)values + part->offset, type->size, type);
    }
    for (size_t i = 0; option_view_get(&view, self, i); i++)
        if (view.home == HOME_VERB || view.home == HOME_COMMON)
            row_init(self, view.home == HOME_VERB ? values : &out->common, view.row);
    out->status = words_parse(out, values, self, argc, argv);
    if (out->finished || out->status)
        return 0;
    if (out->operand_count < self->operands_least)
        out->status = options_refuse(self, "%s expected: 'noneq %s %s'",
                                     out->operand_count ? "more words were" : "a name was",
                                     self->name, self->operands);
    return out->status == EXIT_DONE;
}
