/* complete.c - what may stand at the end of a command line, from the tables of the options. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "complete.h"

#include <stdio.h>
#include <string.h>

#include "cmd/verbs.h"
#include "message.h"
#include "names.h"
#include "options_table.h"

enum { ABOUT_MOST = 60 }; /* characters that say what a candidate is */

/* Values of options that the library has a list of. */
static const struct {
    const char *flag;
    nq_list list;
} listed[] = {
    {"kernel", NQ_LIST_KERNELS},     {"regressor", NQ_LIST_REGRESSORS},
    {"schedule", NQ_LIST_SCHEDULES}, {"preset", NQ_LIST_PRESETS},
    {"method", NQ_LIST_METHODS},     {"twist", NQ_LIST_TWISTS},
    {"types", NQ_LIST_KINDS},
};

/* And those that stand in their help alone (tests/cli/completions.sh holds them to it). */
static const struct {
    const char *flag, *values;
} worded[] = {
    {"activation", "sigmoid tanh silu softplus"},
    {"readout", "per-step bumps embedding"},
    {"base", "normal none"},
    {"offset", "tree kernel none"},
    {"mean-form", "x0 forward paper"},
    {"variance-form", "free belief"},
    {"scale", "none column whole"},
    {"weighting", "bound v"},
    {"precision", "float32 bf16"},
    {"missing-as", "level fill"},
    {"optimizer", "adam rmsprop"},
    {"header", "yes no"},
    {"decimal", ". ,"},
    {"separator", "tab blank"},
    {"units", "scaled data"},
    {"mask", "left right top bottom"},
    {"unseen", "refuse missing"},
    {"depth", "8 16"},
};

/* What the words before the last one have been. */
typedef struct line {
    const verb *verb;
    int operands;      /* there so far */
    int only_operands; /* after -- */
    option_view asks;  /* an option whose value comes next; option NULL: none */
    int asks_value;
} line;

/* A candidate that begins like `word`; `before` stands in front of it. */
static void candidate_print(const char *word, const char *before, const char *candidate,
                            const char *help)
{
    char about[NAMES_TEXT], whole[NAMES_TEXT];
    snprintf(whole, sizeof whole, "%s%s", before, candidate);
    if (strncmp(whole, word, strlen(word)) != 0)
        return;
    names_fill(about, help ? help : "");
    /* The first words of a help text, up to where it goes into detail. */
    char *end = about + strcspn(about, ";(");
    if (end - about > ABOUT_MOST) {
        end = about + ABOUT_MOST;
        while (end > about && *end != ' ')
            end--;
    }
    while (end > about && strchr(" ,:", end[-1]))
        end--;
    *end = '\0';
    printf("%s\t%s\n", whole, about);
}

static void list_print(const char *word, const char *before, nq_list list)
{
    const char *name, *help;
    for (size_t i = 0; (name = nq_list_get(&help, list, i)); i++)
        candidate_print(word, before, name, help);
}

static void verbs_print(const char *word)
{
    for (size_t i = 0; verb_get(i); i++)
        candidate_print(word, "", verb_get(i)->name, verb_get(i)->summary);
}

/* Files that a word of a usage line, such as MODEL|DATA, stands for. */
static void files_print(const char *argument)
{
    static const char *const tables[] = {"DATA", "DRAWS", "MASK", "SAMPLES"};
    const char *ending;
    size_t k = 0;
    const int is_model = strstr(argument, "MODEL") != NULL;
    while (k < sizeof tables / sizeof *tables && !strstr(argument, tables[k]))
        k++;
    const int is_table = k < sizeof tables / sizeof *tables;
    if (!strcmp(argument, "DIR")) {
        puts("folders");
    } else if (is_model || is_table) {
        fputs(is_model ? "files .nq" : "files", stdout);
        for (size_t i = 0; is_table && (ending = nq_list_get(NULL, NQ_LIST_TABLES, i)); i++)
            printf(" %s", ending);
        puts(is_table ? " .txt .dat .data .gz .png .pgm .ppm .bin -ubyte" : "");
    } else {
        puts(strstr(argument, "FILE") || strstr(argument, "OUT") ? "files" : "words");
    }
}

/* NAME=KIND,NAME=KIND,...: kinds stand behind a name. */
static void kinds_print(const char *word)
{
    char before[NQ_TEXT_SIZE];
    const char *equals = strrchr(word, '=');
    if (!equals || strchr(equals, ','))
        return;
    snprintf(before, sizeof before, "%.*s", (int)(equals + 1 - word), word);
    list_print(word, before, NQ_LIST_KINDS);
}

/* What -o writes, as the usage line has it. */
static void output_files_print(const verb *self)
{
    const char *output = strstr(self->operands, "-o ");
    files_print(output && !strncmp(output, "-o MODEL", 8) ? "MODEL" : "FILE");
}

/* A whole number that is 0 or 1. */
static int is_switch(const option_view *view)
{
    const nq_option *option = view->option;
    return option_view_is_number(view) && option->type != NQ_OPTION_NUMBER &&
           option->least == 0 && option->most == 1;
}

static void values_print(const line *now, const char *word)
{
    const char *flag = now->asks.option->flag, *values;
    char value[NQ_TEXT_SIZE];
    size_t i = 0;
    if (is_switch(&now->asks)) {
        puts("words");
        candidate_print(word, "", "0", NULL);
        candidate_print(word, "", "1", NULL);
        return;
    }
    if (!strcmp(flag, "output"))
        output_files_print(now->verb);
    else
        files_print(option_view_argument(&now->asks));
    for (i = 0; i < sizeof listed / sizeof *listed; i++)
        if (!strcmp(flag, listed[i].flag)) {
            if (listed[i].list == NQ_LIST_KINDS)
                kinds_print(word);
            else
                list_print(word, "", listed[i].list);
        }
    for (i = 0; i < sizeof worded / sizeof *worded; i++)
        for (values = strcmp(flag, worded[i].flag) ? "" : worded[i].values; *values;
             values += strspn(values, " ")) {
            const size_t length = strcspn(values, " ");
            snprintf(value, sizeof value, "%.*s", (int)length, values);
            candidate_print(word, "", value, NULL);
            values += length;
        }
}

static void options_print(const line *now, const char *word)
{
    option_view view;
    puts("words");
    for (size_t i = 0; option_view_get(&view, now->verb, i); i++)
        candidate_print(word, "--", view.option->flag, view.option->help);
}

/* Operand number `operands` of a usage line such as "MODEL... DATA [-o OUT]". */
static void operands_print(const line *now, const char *word)
{
    char argument[NAMES_TEXT] = "";
    const char *text = now->verb->operands;
    int many = 0;
    for (int k = 0; k <= now->operands; k++) {
        text += strspn(text, " [");
        const size_t length = strcspn(text, " ]");
        /* After one of MODEL... there may be another, or DATA. */
        snprintf(argument + (many ? strlen(argument) : 0),
                 sizeof argument - (many ? strlen(argument) : 0), "%.*s",
                 *text == '-' ? 0 : (int)length, text);
        many = many || strstr(argument, "...") != NULL;
        text += *text == '-' ? 0 : length + strspn(text + length, "]");
    }
    if (!*argument) { /* none is left */
        options_print(now, word);
        return;
    }
    files_print(argument);
    if (!strcmp(argument, "NAME"))
        list_print(word, "", NQ_LIST_DATA_SETS);
}

/* "--name" or "--name=value", or "-n": its option; 0: there is none. */
static int option_find(option_view *out, const verb *self, const char *word)
{
    const size_t length = strcspn(word, "=");
    for (size_t i = 0; option_view_get(out, self, i); i++) {
        const char *flag = out->option->flag;
        if (word[1] == '-' ? length == strlen(flag) + 2 && !strncmp(word + 2, flag, length - 2)
                           : word[1] && !word[2] && word[1] == option_view_letter(out))
            return 1;
    }
    return 0;
}

static void word_take(line *now, const char *word)
{
    if (now->asks_value)
        now->asks_value = 0;
    else if (now->only_operands || word[0] != '-' || !word[1])
        now->operands++;
    else if (!strcmp(word, "--"))
        now->only_operands = 1;
    else
        now->asks_value = option_find(&now->asks, now->verb, word) && !strchr(word, '=') &&
                          option_view_argument(&now->asks);
}

static int verb_line_run(line *now, int argc, char **argv)
{
    const char *word = argv[argc - 1], *equals = strchr(word, '=');
    for (int i = 0; i < argc - 1; i++)
        word_take(now, argv[i]);
    if (now->asks_value) {
        values_print(now, word);
    } else if (word[0] != '-' || now->only_operands) {
        operands_print(now, word);
    } else if (equals && option_find(&now->asks, now->verb, word) &&
               option_view_argument(&now->asks)) {
        values_print(now, equals + 1);
    } else {
        options_print(now, word);
    }
    return output_finish();
}

int complete_run(int argc, char **argv)
{
    const char *word = argc > 0 ? argv[argc - 1] : "";
    line now = {.verb = argc > 1 ? verb_find(argv[0]) : NULL};
    if (now.verb)
        return verb_line_run(&now, argc - 1, argv + 1);
    puts("words");
    if (argc < 2) {
        verbs_print(word);
        candidate_print(word, "", "help", "what a verb does, and its options");
        if (*word == '-') {
            candidate_print(word, "--", "help", "what the verbs are");
            candidate_print(word, "--", "version", verb_version.summary);
        }
    } else if (argc == 2 && !strcmp(argv[0], "help")) {
        verbs_print(word);
    }
    return output_finish();
}
