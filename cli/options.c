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

static int setting_add(arguments *out, const verb *self, const option_view *view,
                       const char *text)
{
    int i = 0;
    while (i < out->setting_count && out->settings[i].option != view->option)
        i++;
    if (i == SETTINGS_MOST)
        return options_refuse(self, "there are more than %d options", SETTINGS_MOST);
    out->settings[i] = (option_setting){view->option, view->home == HOME_MODEL, text};
    if (i == out->setting_count)
        out->setting_count++;
    return EXIT_DONE;
}

/* "a whole number of at least 0 and at most 9". */
static int value_refuse(const verb *self, const nq_option *option, const char *text)
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
    if (option->most >= NQ_SIZE_MOST && is_whole)
        snprintf(most, sizeof most, "18446744073709551615");
    else if (option->most >= NQ_COUNT_MOST && is_whole)
        snprintf(most, sizeof most, "9223372036854775807");
    else
        snprintf(most, sizeof most, is_whole ? "%.0f" : "%.17g", option->most);
    return options_refuse(self, "--%s takes %s of at least %.17g and at most %s, not '%s'",
                          option->flag, is_whole ? "a whole number" : "a number", option->least,
                          most, text);
}

static int view_set(arguments *out, void *values, const verb *self, const option_view *view,
                    const char *text)
{
    void *options = view->home == HOME_STRUCT ? (char *)values + view->part->offset
                    : view->home == HOME_READ ? (void *)&out->common.read
                                              : (void *)&out->common;
    if (view->home == HOME_HELP) {
        out->finished = 1;
        return options_help(self);
    }
    if (view->home == HOME_MODEL || view->home == HOME_TRAIN)
        return setting_add(out, self, view, text);
    double number;
    if (nq_option_set(options, NULL, view->option, text ? text : "1"))
        return value_refuse(self, view->option, text);
    /* What stands for the default in a struct is no value here: --steps 0. */
    const int is_below = view->home == HOME_STRUCT && option_view_is_number(view) &&
                         number_parse(&number, text) && number < view->option->least;
    return is_below ? value_refuse(self, view->option, text) : EXIT_DONE;
}

static int long_refuse(const verb *self, const char *name)
{
    const char *names[OPTIONS_MAX + 1] = {NULL};
    option_view view;
    for (size_t i = 0; i < OPTIONS_MAX && option_view_get(&view, self, i); i++)
        names[i] = view.option->flag;
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
        if (strcmp(view.option->flag, name) != 0)
            continue;
        if (!option_view_argument(&view))
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
        if (!option_view_argument(&view)) {
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
    const nq_options_type *type;
    *out = (arguments){.status = EXIT_DONE};
    nq_options_init(&out->common, sizeof out->common, &common_type);
    for (const option_struct *part = self->structs; (type = option_struct_type(self, part));
         part++)
        nq_options_init((char *)values + part->offset, type->size, type);
    out->status = words_parse(out, values, self, argc, argv);
    if (out->finished || out->status)
        return 0;
    if (out->operand_count < self->operands_least)
        out->status = options_refuse(self, "%s expected: 'noneq %s %s'",
                                     out->operand_count ? "more words were" : "a name was",
                                     self->name, self->operands);
    return out->status == EXIT_DONE;
}
