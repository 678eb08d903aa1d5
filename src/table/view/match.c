/* match.c - columns of a data set laid in a model's order by their names. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "table/dataset.h"
#include "table/view/levels.h"

enum { LIST = 600 };

int nqi_dataset_matches(const nq_dataset *dataset, const nqi_column *wanted, size_t count)
{
    const nqi_column *columns = dataset->columns;
    const int are_named = nqi_columns_named(wanted) && nqi_columns_named(columns);
    if (dataset->dim != count)
        return 0;
    for (size_t c = 0; c < count && columns; c++)
        if (!nqi_levels_same(&columns[c], wanted ? &wanted[c] : &(nqi_column){0}))
            return 0;
    for (size_t c = 0; c < count && are_named; c++)
        if (strcmp(wanted[c].name, columns[c].name) != 0)
            return 0;
    return are_named || !dataset->origin || dataset->origin->columns == dataset->dim;
}

/* What is looked through: columns of the set, and of its file those that are text. */
typedef struct finder {
    const nq_dataset *set;
    const nqi_origin *origin; /* NULL: all that there is is in the set */
    struct entry {
        const char *name;
        size_t column; /* of the set, or of the file */
        int is_text;
    } * entries; /* by name */
    size_t count;
} finder;

static int entry_compare(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static nq_status finder_new(finder *out, nq_context *context, const nq_dataset *set)
{
    const nqi_origin *origin = set->origin;
    *out = (finder){.set = set, .origin = origin};
    const size_t most = set->dim + (origin ? origin->columns : 0);
    out->entries = malloc(most * sizeof *out->entries);
    if (!out->entries)
        return nqi_fail_memory(context, "column names", most * sizeof *out->entries);
    for (size_t c = 0; c < set->dim; c++)
        out->entries[out->count++] = (struct entry){set->columns[c].name, c, 0};
    for (size_t c = 0; origin && c < origin->columns; c++)
        if (nqi_column_is_aside(&origin->column[c]))
            out->entries[out->count++] = (struct entry){origin->column[c].name, c, 1};
    qsort(out->entries, out->count, sizeof *out->entries, entry_compare);
    return NQ_OK;
}

static const struct entry *finder_find(const finder *f, const char *name)
{
    const struct entry key = {name, 0, 0};
    return f->count ? bsearch(&key, f->entries, f->count, sizeof key, entry_compare) : NULL;
}

/* Adds `"name"` to the list. */
static void name_add(char list[LIST], const char *name)
{
    char shown[NQI_SHOWN], quoted[NQI_SHOWN + 2];
    nqi_text_show(shown, name, strlen(name));
    snprintf(quoted, sizeof quoted, "\"%s\"", shown);
    nqi_list_add(list, LIST, ", ", quoted);
}

static const char *path_of(const nq_dataset *set)
{
    size_t row = 0, column = 0;
    const nq_dataset *root = nqi_dataset_root(set, &row, &column);
    return root->origin ? root->origin->path : "the data";
}

/* The name nearest to one that is missing, as a parenthesis. */
static nq_status nearest_tell(char out[2 * NQI_SHOWN], nq_context *context, const nq_dataset *set,
                              const char *missing)
{
    char shown[NQI_SHOWN];
    const char **names = calloc(set->dim + 1, sizeof *names);
    *out = '\0';
    if (!names)
        return nqi_fail_memory(context, "column names", set->dim);
    for (size_t c = 0; c < set->dim; c++)
        names[c] = set->columns[c].name;
    const char *nearest = nq_name_nearest(missing, names);
    if (nearest) {
        nqi_text_show(shown, nearest, strlen(nearest));
        snprintf(out, 2 * NQI_SHOWN, " (the nearest is \"%s\")", shown);
    }
    free(names);
    return NQ_OK;
}

static nq_status missing_refuse(nq_context *context, const nq_dataset *set, const char *list,
                                const char *first, size_t count)
{
    char near[2 * NQI_SHOWN];
    const nq_status status = nearest_tell(near, context, set, first);
    if (status)
        return status;
    return nqi_fail(context, NQ_ERROR_SHAPE, "%s has no column %s%s; the model needs %s",
                    path_of(set), list, count == 1 ? near : "", count == 1 ? "it" : "them");
}

/* Columns of the set by the model's names. */
static nq_status match_by_name(size_t *columns, nq_context *context, const nq_dataset *set,
                               const nqi_column *wanted, size_t count)
{
    char list[LIST] = "";
    const char *first = NULL;
    size_t missing = 0;
    finder f;
    nq_status status = finder_new(&f, context, set);
    for (size_t i = 0; i < count && !status; i++) {
        const struct entry *entry = finder_find(&f, wanted[i].name);
        if (entry && entry->is_text) {
            status = nqi_origin_refuse(context, f.origin, entry->column);
        } else if (entry) {
            columns[i] = entry->column;
        } else {
            first = missing++ ? first : wanted[i].name;
            name_add(list, wanted[i].name);
        }
    }
    free(f.entries);
    if (!status && missing)
        status = missing_refuse(context, set, list, first, missing);
    return status;
}

static int is_input(const nq_dataset *set, size_t column)
{
    return !set->columns || set->columns[column].role == NQI_ROLE_INPUT;
}

/* Columns of the set by their places in the file, of which an index is none. */
static nq_status match_by_place(size_t *columns, nq_context *context, const nq_dataset *set,
                                size_t count)
{
    const nqi_origin *origin = set->origin;
    size_t numbers = 0, all = 0, text = SIZE_MAX;
    for (size_t c = 0; c < set->dim; c++)
        numbers += is_input(set, c) ? 1 : 0;
    for (size_t c = 0; origin && c < origin->columns; c++) {
        const int is_aside = nqi_column_is_aside(&origin->column[c]);
        all += origin->column[c].use == NQI_COLUMN_KEPT || is_aside;
        text = is_aside && text == SIZE_MAX ? c : text;
    }
    if (origin && text != SIZE_MAX && all == count)
        return nqi_origin_refuse(context, origin, text);
    const size_t found = origin && numbers != count && set->dim != count ? all : set->dim;
    if (set->dim != count && numbers != count)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "%s has %zu columns; the model was made for %zu, and without names on "
                        "both sides their places must agree",
                        origin ? origin->path : "the data set", found, count);
    for (size_t c = 0, i = 0; c < set->dim; c++)
        if (set->dim == count || is_input(set, c))
            columns[i++] = c;
    return NQ_OK;
}

/* A note on the columns of the file that are not asked for. */
static nq_status foreign_tell(nq_dataset *view, nq_context *context, const nq_dataset *set,
                              const size_t *columns, size_t count)
{
    char list[LIST] = "";
    size_t foreign = 0;
    const nqi_origin *origin = set->origin;
    unsigned char *used = calloc(set->dim, 1);
    if (!used)
        return nqi_fail_memory(context, "columns of a data set", set->dim);
    for (size_t i = 0; i < count; i++)
        used[columns[i]] = 1;
    for (size_t c = 0; c < (origin ? origin->columns : set->dim); c++) {
        const nqi_file_column *column = origin ? &origin->column[c] : NULL;
        char number[32];
        if (column && column->use == NQI_COLUMN_DROPPED)
            continue;
        if (column ? !nqi_column_is_aside(column) && used[column->at] : used[c])
            continue;
        const char *name = column ? column->name : nq_dataset_column_name(set, c);
        snprintf(number, sizeof number, "column %zu", c + 1);
        name_add(list, name && *name ? name : number);
        foreign++;
    }
    free(used);
    return !foreign ? NQ_OK
                    : nqi_notes_add(&view->notes, context, "%s: the model does not use %s",
                                    path_of(set), list);
}

nq_status nqi_dataset_match(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                            const nqi_column *wanted, size_t count)
{
    *out = NULL;
    if (nqi_dataset_matches(parent, wanted, count)) {
        const nq_status status = nq_dataset_slice(out, context, parent, 0, parent->rows);
        if (!status)
            nqi_forms_match(*out, wanted);
        return status;
    }
    size_t *columns = malloc(count * sizeof *columns);
    if (!columns)
        return nqi_fail_memory(context, "columns of a data set", count * sizeof *columns);
    nq_status status = nqi_columns_named(wanted) && nqi_columns_named(parent->columns)
                           ? match_by_name(columns, context, parent, wanted, count)
                           : match_by_place(columns, context, parent, count);
    if (!status)
        status = nqi_dataset_pick_columns(out, context, parent, columns, count);
    if (!status && ((status = nqi_levels_match(*out, context, wanted)) ||
                    (status = foreign_tell(*out, context, parent, columns, count)))) {
        nq_dataset_free(*out);
        *out = NULL;
    }
    if (!status)
        nqi_forms_match(*out, wanted);
    free(columns);
    return status;
}
