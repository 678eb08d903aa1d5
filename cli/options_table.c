/* options_table.c - the options of a verb, its own and the shared ones, as one list. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "options_table.h"

#include <string.h>

typedef struct common_row {
    unsigned bit;
    option_row row;
} common_row;

static const common_row common_rows[] = {
    {COMMON_SEED,
     {"seed", 0, OPTION_COUNT, offsetof(common_values, seed), "S", "1", 0,
      "seed of every random number"}},
    {COMMON_THREADS,
     {"threads", 0, OPTION_COUNT, offsetof(common_values, threads), "N", "0", 0,
      "worker threads; 0: all cores. No result depends on it"}},
    {COMMON_JSON,
     {"json", 0, OPTION_FLAG, offsetof(common_values, json), NULL, NULL, 0,
      "print the result as JSON"}},
    {COMMON_LOG,
     {"log", 0, OPTION_TEXT, offsetof(common_values, log), "DIR", NULL, 0,
      "write metrics to this folder: metrics.jsonl and TensorBoard events"}},
    {COMMON_QUIET,
     {"quiet", 'q', OPTION_FLAG, offsetof(common_values, quiet), NULL, NULL, 0,
      "say nothing but errors"}},
    {COMMON_VERBOSE,
     {"verbose", 'v', OPTION_FLAG, offsetof(common_values, verbose), NULL, NULL, 0,
      "say more about what is done"}},
};

static const option_row help_row = {"help", 'h',  OPTION_FLAG, 0,
                                    NULL,   NULL, 0,           "print this help"};

static const option_row *common_get(const common_row *table, size_t count, unsigned bits,
                                    size_t *index)
{
    for (size_t i = 0; i < count; i++) {
        if (!(bits & table[i].bit))
            continue;
        if ((*index)-- == 0)
            return &table[i].row;
    }
    return NULL;
}

/* Row `index` among those that have a flag. */
static const nq_option *library_get(const nq_option *table, size_t count, size_t *index)
{
    for (size_t i = 0; i < count; i++) {
        if (!table[i].flag)
            continue;
        if ((*index)-- == 0)
            return &table[i];
    }
    return NULL;
}

static int library_view_get(option_view *out, size_t *index)
{
    size_t count;
    const nq_option *table = nq_model_options_table(&count);

    out->home = HOME_MODEL;
    if ((out->library = library_get(table, count, index)))
        return 1;
    table = nq_train_options_table(&count);
    out->home = HOME_TRAIN;
    return (out->library = library_get(table, count, index)) != NULL;
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
            out->library = &table[i];
            return 1;
        }
    }
    return 0;
}

static int struct_view_get(option_view *out, const verb *self, size_t *index)
{
    out->home = HOME_STRUCT;
    for (out->part = self->structs; out->part && out->part->type; out->part++) {
        const nq_options_type *type = nq_options_type_find(out->part->type);

        if ((out->library = library_get(type->table, type->count, index)))
            return 1;
    }
    return 0;
}

int option_view_get(option_view *out, const verb *self, size_t index)
{
    *out = (option_view){.home = HOME_VERB};
    if (index < self->option_count) {
        out->row = &self->options[index];
        return 1;
    }
    index -= self->option_count;
    if (struct_view_get(out, self, &index))
        return 1;
    if (self->library && library_view_get(out, &index))
        return 1;
    if (read_view_get(out, self->common, &index))
        return 1;
    out->home = HOME_COMMON;
    if ((out->row = common_get(common_rows, sizeof common_rows / sizeof *common_rows,
                               self->common, &index)))
        return 1;
    out->home = HOME_HELP;
    out->row = &help_row;
    return index == 0;
}

/* What an option of this name takes at most, whatever the verb: beyond, nothing is meant, and
 * products overflow. The library's own options have their ranges in its tables. */
static const struct {
    const char *name;
    double most;
} limits[] = {
    {"seed", NQ_COUNT_MOST},
    {"threads", 4096},
    {"terms", 1e9},
    {"ais", 1e9},
    {"most", 1e9},
    {"trajectory", NQ_STEPS_MOST},
    {"columns", 1e6},
    {"depth", 16},
    {"flip", 1},
    {"dim", 1e9},
    {"size", 65536},
    {"checkpoint-every", 1e9},
    {"seconds", 1e7},
    {"particles", 1 << 20},
    {"jumps", 1e6},
    {"draws", 1e9},
};
static const double count_most = 1e12, number_most = 1e30; /* of all others */

double option_most(const option_row *row)
{
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (strcmp(limits[i].name, row->name) == 0)
            return limits[i].most;
    return row->kind == OPTION_COUNT ? count_most : number_most;
}

const char *option_view_name(const option_view *view)
{
    return view->row ? view->row->name : view->library->flag;
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

char option_view_letter(const option_view *view)
{
    if (view->row)
        return view->row->letter;
    return view->part ? letter_of(view->part->letters, view->library->flag) : '\0';
}

/* What help calls values of a kind of their own. */
static const char *const arguments_named[][2] = {
    {"output", "FILE"},   {"image", "HxW"},           {"area", "LEFT,TOP,WIDTH,HEIGHT"},
    {"preset", "NAME"},   {"method", "NAME"},         {"twist", "NAME"},
    {"of", "A,B,..."},    {"valid", "DATA|FRACTION"}, {"init", "MODEL"},
    {"mask", "MASK"},     {"sheet", "FILE"},          {"observe", "FILE"},
    {"evidence", "FILE"}, {"quantiles", "LIST"},      {"columns", "A,B,..."},
    {"drop", "A,B,..."},  {"types", "NAME=KIND,..."}, {"checkpoint-every", "SECONDS"},
    {"size", "HxW"},      {"given", "CONDITIONS"},
};

const char *option_view_argument(const option_view *view)
{
    static const char *const of_type[] = {
        [NQ_OPTION_TEXT] = "TEXT",   [NQ_OPTION_COUNT] = "N",   [NQ_OPTION_NUMBER] = "X",
        [NQ_OPTION_SIZE] = "N",      [NQ_OPTION_SEED] = "N",    [NQ_OPTION_INT] = "N",
        [NQ_OPTION_STRING] = "TEXT", [NQ_OPTION_AREA] = "TEXT", [NQ_OPTION_FLAG] = NULL,
        [NQ_OPTION_BYTES] = NULL};

    if (view->row)
        return view->row->kind == OPTION_FLAG ? NULL : view->row->argument;
    for (size_t i = 0; i < sizeof arguments_named / sizeof *arguments_named; i++)
        if (strcmp(arguments_named[i][0], view->library->flag) == 0 &&
            view->library->type != NQ_OPTION_SIZE)
            return arguments_named[i][1];
    return of_type[view->library->type];
}

int option_view_takes_value(const option_view *view)
{
    return view->row ? view->row->kind != OPTION_FLAG : view->library->type != NQ_OPTION_FLAG;
}
