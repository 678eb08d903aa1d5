/* order.c - texts of a column in the order of another data set: a model has them by frequency, and
 * an ordered dictionary means its order. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/csv/words.h"
#include "table/arrow/put.h"

/* The column by its name, or by its place where names are on one side alone; NULL: there is none,
 * or it is not of text. */
static const nqi_column *column_find(const nqi_arrow_put *put, const nq_dataset *texts)
{
    const int are_named = nqi_columns_named(texts->columns) && put->about.name;
    const nqi_column *found = NULL;
    for (size_t c = 0; texts->columns && are_named && c < texts->dim && !found; c++)
        if (!strcmp(texts->columns[c].name, put->about.name))
            found = &texts->columns[c];
    if (texts->columns && !are_named && texts->dim == put->data->dim)
        found = &texts->columns[put->column];
    return found && found->levels ? found : NULL;
}

/* The wanted texts, and then those of the column that are not among them; map[i]: the new number
 * of its text i. */
static nq_status texts_merge(nqi_arrow_put *put, nqi_words *words, uint32_t *map,
                             const nqi_column *wanted)
{
    const nqi_column *about = &put->about;
    int is_new;
    for (size_t i = 0; i < wanted->level_count + about->level_count; i++) {
        const size_t own = i - wanted->level_count;
        char *text = i < wanted->level_count ? wanted->levels[i] : about->levels[own];
        const uint32_t word = nqi_words_put(words, text, strlen(text), &is_new);
        if (word == UINT32_MAX)
            return nqi_fail_memory(put->context, "the texts of a column", strlen(text));
        put->levels[word] = text;
        if (i >= wanted->level_count)
            map[own] = word;
    }
    return NQ_OK;
}

nq_status nqi_arrow_texts_order(nqi_arrow_put *put, const nq_dataset *texts)
{
    nqi_column *about = &put->about;
    nqi_words words = {0};
    const nqi_column *wanted = texts && about->levels ? column_find(put, texts) : NULL;
    put->is_ordered = 0;
    if (!wanted)
        return NQ_OK;
    const size_t count = wanted->level_count + about->level_count + 1;
    uint32_t *map = malloc(count * sizeof *map);
    put->levels = malloc(count * sizeof *put->levels);
    nq_status status = map && put->levels ? NQ_OK
                                          : nqi_fail_memory(put->context, "the texts of a column",
                                                            count * sizeof *map);
    if (!status)
        status = texts_merge(put, &words, map, wanted);
    for (size_t r = 0; r < put->data->rows && !status; r++)
        put->cells[r] = isnan(put->cells[r]) ? put->cells[r] : map[(size_t)put->cells[r]];
    about->levels = put->levels;
    about->level_count = words.count;
    put->is_ordered = words.count == wanted->level_count;
    nqi_words_free(&words);
    free(map);
    return status;
}
