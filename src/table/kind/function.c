/* function.c - columns that are exact functions of another column, such as a code beside its name.
 */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "table/kind/counts.h"

/* A level of the source has so many rows on average, and at most a twentieth of the rows lie in
 * levels of fewer than a few; of the column, so many rows have not its most frequent level. */
enum { LEVEL_ROWS = 10, FEW = 3, TWENTIETH = 20, OTHER_ROWS = 20 };
enum { LEVELS_MOST = 65534, UNSEEN = 65535 };

typedef struct finder {
    const nq_dataset *data;
    const nqi_column_kind *kinds;
    nqi_function *out;
    uint16_t *levels; /* [candidates][rows] the level of each cell; level_count: missing */
    size_t *list;     /* [count] columns with few levels, sources first */
    size_t count;
} finder;

static int is_candidate(const nqi_column_kind *kind)
{
    return (kind->kind == NQI_KIND_CATEGORY || kind->kind == NQI_KIND_BIT) &&
           kind->level_count > 1 && kind->level_count < LEVELS_MOST;
}

/* Whether column a is rather the source: more levels, text, or the first. */
static int is_before(const finder *f, size_t a, size_t b)
{
    const size_t na = f->kinds[a].level_count, nb = f->kinds[b].level_count;
    const int ta = f->data->columns[a].levels != NULL, tb = f->data->columns[b].levels != NULL;
    return na != nb ? na > nb : ta != tb ? ta > tb : a < b;
}

static void list_make(finder *f)
{
    for (size_t c = 0; c < f->data->dim; c++) {
        size_t at = f->count;
        if (!is_candidate(&f->kinds[c]))
            continue;
        for (; at && is_before(f, c, f->list[at - 1]); at--)
            f->list[at] = f->list[at - 1];
        f->list[at] = c;
        f->count++;
    }
}

typedef struct ranked {
    double value;
    uint16_t level;
} ranked;

static int ranked_compare(const void *a, const void *b)
{
    const double x = ((const ranked *)a)->value, y = ((const ranked *)b)->value;
    return (x > y) - (x < y);
}

/* The level of each cell of a column. */
static nq_status levels_read(uint16_t *out, nq_context *context, const nqi_counts *counts,
                             const nqi_column_kind *kind, size_t rows)
{
    ranked *list = malloc(kind->level_count * sizeof *list);
    if (!list)
        return nqi_fail_memory(context, "the levels of a column", kind->level_count);
    for (size_t i = 0; i < kind->level_count; i++)
        list[i] = (ranked){kind->level[i], (uint16_t)i};
    qsort(list, kind->level_count, sizeof *list, ranked_compare);
    for (size_t r = 0; r < rows; r++) {
        const ranked key = {counts->cell[r], 0};
        const ranked *found =
            isnan(key.value) ? NULL
                             : bsearch(&key, list, kind->level_count, sizeof key, ranked_compare);
        out[r] = found ? found->level : (uint16_t)kind->level_count;
    }
    free(list);
    return NQ_OK;
}

/* Whether there are rows enough in the levels of a source, those with a missing cell aside. */
static int is_source(const nqi_column_kind *kind)
{
    size_t few = 0;
    for (size_t i = 0; i < kind->level_count; i++)
        few += kind->level_rows[i] < FEW ? kind->level_rows[i] : 0;
    return kind->rows >= LEVEL_ROWS * kind->level_count && few * TWENTIETH <= kind->rows;
}

/* map[level of the source] = level of the column; 0: rows disagree. */
static int map_make(uint16_t *map, const uint16_t *source, const uint16_t *column, size_t levels,
                    size_t missing, size_t rows)
{
    for (size_t i = 0; i <= levels; i++)
        map[i] = UNSEEN;
    for (size_t r = 0; r < rows; r++) {
        if (map[source[r]] == UNSEEN)
            map[source[r]] = column[r];
        else if (map[source[r]] != column[r])
            return 0;
    }
    return map[levels] == UNSEEN || map[levels] == missing; /* no source, no value */
}

static nq_status function_keep(nqi_function *out, nq_context *context,
                               const nqi_column_kind *kind, size_t source, const uint16_t *map,
                               size_t levels)
{
    out->value = malloc((levels + 1) * sizeof *out->value);
    if (!out->value)
        return nqi_fail_memory(context, "a column", levels * sizeof *out->value);
    for (size_t i = 0; i <= levels; i++)
        out->value[i] = map[i] < kind->level_count ? kind->level[map[i]] : (double)NAN;
    out->source = source;
    return NQ_OK;
}

/* The first source that column list[k] is a function of. */
static nq_status function_find(finder *f, nq_context *context, size_t k, uint16_t *map)
{
    const size_t rows = f->data->rows, column = f->list[k];
    const nqi_column_kind *own = &f->kinds[column];
    if (own->rows - own->level_rows[0] < OTHER_ROWS)
        return NQ_OK;
    for (size_t s = 0; s < k; s++) {
        const nq_status status = nqi_tell_again(context);
        if (status)
            return status;
        const size_t source = f->list[s];
        const size_t levels = f->kinds[source].level_count;
        if (f->out[source].source != SIZE_MAX || !is_source(&f->kinds[source]) ||
            !map_make(map, f->levels + s * rows, f->levels + k * rows, levels, own->level_count,
                      rows))
            continue;
        return function_keep(&f->out[column], context, own, source, map, levels);
    }
    return NQ_OK;
}

static nq_status functions_find(finder *f, nq_context *context)
{
    const size_t rows = f->data->rows;
    nqi_counts counts = {0};
    uint16_t *map = malloc((LEVELS_MOST + 1) * sizeof *map);
    nq_status status =
        map ? NQ_OK : nqi_fail_memory(context, "the levels of a column", LEVELS_MOST);
    for (size_t k = 0; k < f->count && !status; k++)
        if (!(status = nqi_tell(context, "looking at columns", (double)k, (double)f->count)) &&
            !(status = nqi_counts_make(&counts, context, f->data, f->list[k])))
            status =
                levels_read(f->levels + k * rows, context, &counts, &f->kinds[f->list[k]], rows);
    for (size_t k = 1; k < f->count && !status; k++)
        status = function_find(f, context, k, map);
    nqi_counts_free(&counts);
    free(map);
    return status;
}

nq_status nqi_functions_find(nqi_function **out, nq_context *context, const nq_dataset *data,
                             const nqi_column_kind *kinds)
{
    finder f = {.data = data, .kinds = kinds};
    nq_status status = NQ_OK;
    f.out = malloc(data->dim * sizeof *f.out);
    f.list = malloc(data->dim * sizeof *f.list);
    *out = NULL;
    for (size_t c = 0; f.out && c < data->dim; c++)
        f.out[c] = (nqi_function){SIZE_MAX, NULL};
    if (!f.out || !f.list)
        status = nqi_fail_memory(context, "columns of a data set", data->dim * sizeof *f.out);
    if (!status && data->columns)
        list_make(&f);
    if (!status && f.count > 1) {
        const size_t bytes = nqi_table_bytes(data->rows, f.count, NQI_U16);
        f.levels = bytes ? malloc(bytes) : NULL;
        status = f.levels ? functions_find(&f, context)
                          : nqi_fail_memory(context, "the levels of a table", bytes);
    }
    free(f.levels);
    free(f.list);
    if (status)
        nqi_functions_free(f.out, data->dim);
    else
        *out = f.out;
    return status;
}

void nqi_functions_free(nqi_function *functions, size_t count)
{
    for (size_t c = 0; functions && c < count; c++)
        free(functions[c].value);
    free(functions);
}
