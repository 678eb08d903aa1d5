/* options_table.c - the options of a verb, its own and the shared ones, as one list. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "options_table.h"

#include <string.h>

/* In the order of the COMMON_... bits. */
static const nq_option common_rows[] = {
    {"seed", "seed", NQ_OPTION_COUNT, offsetof(common_values, seed), "1", 0, NQ_COUNT_MOST,
     "seed of every random number"},
    {"threads", "threads", NQ_OPTION_INT, offsetof(common_values, threads), "0", 0, 4096,
     "worker threads; 0: all cores. No result depends on it"},
    {"quiet", "quiet", NQ_OPTION_FLAG, offsetof(common_values, quiet), "0", 0, 1,
     "say nothing but errors"},
    {"log", "log", NQ_OPTION_STRING, offsetof(common_values, log), NULL, 0, 0,
     "write metrics to this folder: metrics.jsonl and TensorBoard events"},
    {"verbose", "verbose", NQ_OPTION_FLAG, offsetof(common_values, verbose), "0", 0, 1,
     "say more about what is done"},
};
enum { COMMON_ROWS = sizeof common_rows / sizeof *common_rows };

const nq_options_type common_type = {"common_values", sizeof(common_values),
                                     sizeof(common_values), common_rows, COMMON_ROWS};

static const nq_option help_row = {.field = "help",
                                   .flag = "help",
                                   .type = NQ_OPTION_FLAG,
                                   .help = "print this help"};

/* Row `index` among those that have a flag. */
static const nq_option *row_get(const nq_option *table, size_t count, size_t *index)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].flag && (*index)-- == 0)
            return &table[i];
    return NULL;
}

static int library_view_get(option_view *out, size_t *index)
{
    size_t count;
    const nq_option *table = nq_model_options_table(&count);
    out->home = HOME_MODEL;
    if ((out->option = row_get(table, count, index)))
        return 1;
    table = nq_train_options_table(&count);
    out->home = HOME_TRAIN;
    return (out->option = row_get(table, count, index)) != NULL;
}

/* Which columns of a table are used, and as what. */
static int is_of_columns(const nq_option *option)
{
    return option->type == NQ_OPTION_STRING;
}

static int read_view_get(option_view *out, unsigned bits, size_t *index)
{
    size_t count;
    const nq_option *table = nq_read_options_table(&count);
    out->home = HOME_READ;
    for (size_t i = 0; i < count; i++) {
        const unsigned bit = is_of_columns(&table[i]) ? COMMON_COLUMNS : COMMON_READ;
        if (table[i].flag && bits & bit && (*index)-- == 0) {
            out->option = &table[i];
            return 1;
        }
    }
    return 0;
}

const nq_options_type *option_struct_type(const verb *self, const option_struct *part)
{
    if (!part->type)
        return NULL;
    return strcmp(part->type, "own") ? nq_options_type_find(part->type) : self->own;
}

static int struct_view_get(option_view *out, const verb *self, size_t *index)
{
    const nq_options_type *type;
    out->home = HOME_STRUCT;
    for (out->part = self->structs; (type = option_struct_type(self, out->part)); out->part++)
        if ((out->option = row_get(type->table, type->count, index)))
            return 1;
    out->part = NULL;
    return 0;
}

static int common_view_get(option_view *out, unsigned bits, size_t *index)
{
    out->home = HOME_COMMON;
    for (size_t i = 0; i < COMMON_ROWS; i++)
        if (bits >> i & 1 && (*index)-- == 0) {
            out->option = &common_rows[i];
            return 1;
        }
    return 0;
}

int option_view_get(option_view *out, const verb *self, size_t index)
{
    *out = (option_view){.home = HOME_STRUCT};
    if (struct_view_get(out, self, &index) || (self->library && library_view_get(out, &index)) ||
        read_view_get(out, self->common, &index) || common_view_get(out, self->common, &index))
        return 1;
    out->home = HOME_HELP;
    out->option = &help_row;
    return index == 0;
}

/* "o=output n=draws": the letter before the name. */
static char letter_of(const char *letters, const char *name)
{
    while (letters && *letters) {
        const size_t length = strcspn(letters, " ");
        if (length > 2 && strlen(name) == length - 2 && !strncmp(letters + 2, name, length - 2))
            return *letters;
        letters += length + (letters[length] == ' ');
    }
    return '\0';
}

int option_view_is_number(const option_view *view)
{
    const nq_option_type type = view->option->type;
    return type == NQ_OPTION_COUNT || type == NQ_OPTION_NUMBER || type == NQ_OPTION_SIZE ||
           type == NQ_OPTION_SEED || type == NQ_OPTION_INT;
}

char option_view_letter(const option_view *view)
{
    const char *letters = view->part ? view->part->letters : "h=help q=quiet v=verbose";
    return letter_of(letters, view->option->flag);
}

/* What help calls values of a kind of their own. */
static const char *const arguments_named[][2] = {
    {"output", "FILE"},      {"image", "HxW"},           {"area", "LEFT,TOP,WIDTH,HEIGHT"},
    {"preset", "NAME"},      {"method", "NAME"},         {"twist", "NAME"},
    {"of", "A,B,..."},       {"valid", "DATA|FRACTION"}, {"init", "MODEL"},
    {"mask", "MASK"},        {"sheet", "FILE"},          {"observe", "FILE"},
    {"evidence", "FILE"},    {"quantiles", "LIST"},      {"columns", "A,B,..."},
    {"drop", "A,B,..."},     {"types", "NAME=KIND,..."}, {"checkpoint-every", "SECONDS"},
    {"size", "HxW"},         {"given", "CONDITIONS"},    {"log", "DIR"},
    {"parzen", "SAMPLES|N"}, {"parzen-valid", "DATA"},   {"schedule", "NAME|FILE"},
    {"kernel", "NAME"},      {"regressor", "NAME"},      {"test", "DATA"},
    {"title", "TEXT"},       {"unseen", "HOW"},          {"coarse", "MODEL"},
};

const char *option_view_argument(const option_view *view)
{
    static const char *const of_type[] = {
        [NQ_OPTION_TEXT] = "TEXT",   [NQ_OPTION_COUNT] = "N",   [NQ_OPTION_NUMBER] = "X",
        [NQ_OPTION_SIZE] = "N",      [NQ_OPTION_SEED] = "N",    [NQ_OPTION_INT] = "N",
        [NQ_OPTION_STRING] = "TEXT", [NQ_OPTION_AREA] = "TEXT", [NQ_OPTION_FLAG] = NULL,
        [NQ_OPTION_BYTES] = NULL};
    for (size_t i = 0; i < sizeof arguments_named / sizeof *arguments_named; i++)
        if (strcmp(arguments_named[i][0], view->option->flag) == 0)
            return arguments_named[i][1];
    return of_type[view->option->type];
}
