/* exact.h - what the programs share that write models whose laws are known and compare with them
 * what noneq says: tables and JSON as the program writes them, and comparisons within error bars.
 * The library makes the models; the laws are computed here, by other means. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_EXACT_H
#define NQI_TESTS_EXACT_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/context.h"
#include "model/model.h"

#define EXACT_LN2 0.69314718055994530942

static inline void exact_fail(const char *what)
{
    printf("%s\n", what);
    exit(1);
}

static inline void exact_ok(nq_status status, const nq_context *context)
{
    if (status)
        exact_fail(nq_context_message(context));
}

static inline void *exact_memory(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        exact_fail("out of memory");
    return memory;
}

static int exact_misses;

/* Says what was compared; one that misses makes the program fail. */
static inline void exact_compare(const char *what, double got, double expected, double within)
{
    const int holds = fabs(got - expected) <= within;
    printf("%s%s: %.6g, exactly %.6g, within %.2g\n", holds ? "" : "MISSED ", what, got, expected,
           within);
    exact_misses += !holds;
}

static inline void exact_between(const char *what, double got, double least, double most)
{
    const int holds = got >= least && got <= most;
    printf("%s%s: %.6g, from %.6g to %.6g\n", holds ? "" : "MISSED ", what, got, least, most);
    exact_misses += !holds;
}

static inline char *exact_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size = 0, room = 1 << 16;
    char *text = exact_memory(room, 1);
    if (!file)
        exact_fail(path);
    for (size_t got; (got = fread(text + size, 1, room - size - 1, file)) > 0;) {
        size += got;
        if (room - size < 2 && !(text = realloc(text, room *= 2)))
            exact_fail("out of memory");
    }
    text[size] = '\0';
    fclose(file);
    return text;
}

/* What lives until exact_main ends. */
static void *exact_kept[64];
static size_t exact_kept_count;

static inline void exact_keep(void *memory)
{
    if (exact_kept_count == sizeof exact_kept / sizeof *exact_kept)
        exact_fail("too many tables");
    exact_kept[exact_kept_count++] = memory;
}

/* A table as the program writes it, with or without a line of names. */
typedef struct exact_table {
    size_t rows, columns;
    double *cells;
    char *names; /* the first line, or "" */
} exact_table;

static inline exact_table exact_read(const char *path)
{
    char *text = exact_text(path), *line = text;
    exact_table out = {.names = exact_memory(1, 1)};
    size_t room = 0;
    for (char *end; (end = strchr(line, '\n')); line = end + 1) {
        size_t column = 0;
        *end = '\0';
        if (line == text && strspn(line, "0123456789+-.,eE\r") < strlen(line)) {
            free(out.names);
            out.names = strdup(line);
            continue;
        }
        for (char *next, *at = line; *at; at = next + (*next == ','), column++) {
            if (out.rows * out.columns + column + 1 > room &&
                !(out.cells = realloc(out.cells, (room = 2 * room + 4096) * sizeof *out.cells)))
                exact_fail("out of memory");
            out.cells[out.rows * out.columns + column] = strtod(at, &next);
            if (next == at)
                exact_fail(line);
        }
        if (out.rows++ && column != out.columns)
            exact_fail("rows of several widths");
        out.columns = column;
    }
    free(text);
    exact_keep(out.cells);
    exact_keep(out.names);
    return out;
}

/* Which column is called so: names may be added. */
static inline size_t exact_column(const exact_table *table, const char *name)
{
    size_t column = 0;
    const size_t length = strlen(name);
    for (const char *at = table->names; *at; column++) {
        const size_t width = strcspn(at, ",");
        if (width == length && !strncmp(at, name, width))
            return column;
        at += width + (at[width] == ',');
    }
    printf("no column %s in %s\n", name, table->names);
    exit(1);
}

/* A number of the JSON that the program wrote, by names with dots. */
static inline double exact_number(const char *path, const char *name)
{
    char *text = exact_text(path), *names = strdup(name), *rest = names;
    cJSON *root = cJSON_Parse(text);
    const cJSON *item = root;
    for (char *key; (key = strsep(&rest, ".")) && item;)
        item = cJSON_GetObjectItemCaseSensitive(item, key);
    if (!cJSON_IsNumber(item))
        exact_fail(name);
    const double number = item->valuedouble;
    cJSON_Delete(root);
    free(names);
    free(text);
    return number;
}

/* Where a parameter of step t is kept. */
static inline nqi_real *exact_param(nq_model *model, const char *name, size_t t)
{
    const nqi_param *param = nqi_graph_param(&model->regressor.graph, name);
    if (!param)
        exact_fail(name);
    return model->regressor.params + nqi_param_position(&model->regressor.graph, param) +
           (param->banked ? (t - 1) * model->regressor.graph.bank_size : 0);
}

/* Normal numbers, always the same. */
static inline double exact_normal(unsigned long *state)
{
    double uniform[2];
    for (int i = 0; i < 2; i++) {
        *state = *state * 6364136223846793005UL + 1442695040888963407UL;
        uniform[i] = ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
    }
    return sqrt(-2 * log(uniform[0])) * cos(6.283185307179586 * uniform[1]);
}

static inline void exact_set(nq_context *context, nq_model_options *options, const char *field,
                             const char *value)
{
    size_t count;
    const nq_option *table = nq_model_options_table(&count);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(table[i].field, field))
            exact_ok(nq_option_set(options, context, &table[i], value), context);
}

/* Fields and values, the last field NULL. */
static inline nq_model *exact_model(nq_context *context, const char *data,
                                    const char *const settings[][2])
{
    nq_dataset *rows;
    nq_model *model;
    nq_model_options options;
    nq_model_options_init(&options, sizeof options);
    for (; (*settings)[0]; settings++)
        exact_set(context, &options, (*settings)[0], (*settings)[1]);
    exact_ok(nq_dataset_open(&rows, context, data), context);
    exact_ok(nq_model_new(&model, context, rows, &options), context);
    nq_dataset_free(rows);
    return model;
}

/* What a program knows of its model: each defines its own. */
typedef struct chain chain;

typedef struct exact_comparison {
    const char *name;
    void (*compare)(const chain *c, const char *path);
} exact_comparison;

typedef struct exact_program {
    const char *model;                  /* the file */
    void (*write)(nq_context *context); /* the model and what goes with it */
    chain *(*open)(nq_context *context, nq_model *model);
    void (*close)(chain *c);
    const exact_comparison *comparisons; /* the last without a name */
} exact_program;

static inline void exact_run(const exact_program *program, nq_context *context, const char *name,
                             const char *path)
{
    nq_model *model;
    const exact_comparison *comparison = program->comparisons;
    exact_ok(nq_model_load(&model, context, program->model), context);
    while (comparison->name && strcmp(name, comparison->name) != 0)
        comparison++;
    if (!comparison->name || !path)
        exact_fail("compare what?");
    chain *c = program->open(context, model);
    comparison->compare(c, path);
    program->close(c);
    nq_model_free(model);
}

/* main of such a program: write, or a comparison and a file. */
static inline int exact_main(const exact_program *program, int argc, char **argv)
{
    nq_context *context;
    const nq_context_options options = {.threads = 1};
    if (nq_context_new(&context, &options) || argc < 2)
        exact_fail("usage: PROGRAM write | WHAT FILE");
    if (!strcmp(argv[1], "write"))
        program->write(context);
    else
        exact_run(program, context, argv[1], argc > 2 ? argv[2] : NULL);
    nq_context_free(context);
    while (exact_kept_count)
        free(exact_kept[--exact_kept_count]);
    return exact_misses > 0;
}

#endif
