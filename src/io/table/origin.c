/* origin.c - where the numbers of a table stand in their file: lines, columns, the text itself. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/table/origin.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/grow.h"

enum { COLUMNS_SHOWN = 8, LIST = 640 };

void nqi_origin_free(nqi_origin *origin)
{
    if (!origin)
        return;
    for (size_t c = 0; origin->column && c < origin->columns; c++) {
        free(origin->column[c].name);
        free(origin->column[c].bad_cell);
        for (size_t i = 0; i < origin->column[c].level_count; i++)
            free(origin->column[c].levels[i]);
        free(origin->column[c].levels);
    }
    free(origin->path);
    free(origin->header);
    free(origin->column);
    free(origin->file_column);
    free(origin->jumps);
    free(origin->text);
    free(origin->row_at);
    free(origin);
}

int nqi_origin_add_line(nqi_origin *origin, size_t row, size_t line)
{
    const nqi_line_jump *last =
        origin->jump_count ? origin->jumps + origin->jump_count - 1 : NULL;
    if (last && last->line + (row - last->row) == line)
        return 1;
    if (!nqi_grow(&origin->jumps, &origin->jump_room, origin->jump_count + 1,
                  sizeof *origin->jumps))
        return 0;
    origin->jumps[origin->jump_count++] = (nqi_line_jump){row, line};
    return 1;
}

size_t nqi_origin_line(const nqi_origin *origin, size_t row)
{
    size_t low = 0, high = origin->jump_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (origin->jumps[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    return high ? origin->jumps[low].line + (row - origin->jumps[low].row) : row + 1;
}

int nqi_origin_add_text(nqi_origin *origin, size_t row, const char *text, size_t length)
{
    if (!nqi_grow(&origin->text, &origin->text_room, origin->text_size + length + 1, 1) ||
        !nqi_grow(&origin->row_at, &origin->row_room, row + 2, sizeof *origin->row_at))
        return 0;
    origin->row_at[row] = origin->text_size;
    memcpy(origin->text + origin->text_size, text, length);
    origin->text_size += length;
    origin->text[origin->text_size++] = '\n';
    origin->row_at[row + 1] = origin->text_size;
    return 1;
}

const char *nqi_origin_word(char out[NQI_SHOWN], const nqi_origin *origin, size_t column)
{
    const char *name = origin->column[column].name;
    char shown[NQI_SHOWN] = "";
    if (name)
        nqi_text_show(shown, name, strlen(name));
    if (name && *name && !strpbrk(name, ", =\"'") && !strcmp(name, shown))
        snprintf(out, NQI_SHOWN, "%s", name);
    else
        snprintf(out, NQI_SHOWN, "%zu", column + 1);
    return out;
}

static int is_decimal_comma(const nqi_origin *origin, const char *cell)
{
    return origin->separator != ',' && origin->decimal == '.' &&
           strspn(cell, "+-0123456789,") == strlen(cell) && strchr(cell, ',');
}

/* What helps, behind a semicolon. */
static void advice_make(char out[3 * NQI_SHOWN + 120], const nqi_origin *origin,
                        const nqi_file_column *bad, const char *word)
{
    const size_t size = 3 * NQI_SHOWN + 120;
    if (bad->bad_is_bytes)
        snprintf(out, size, "; save the file as UTF-8, or \036drop %s leaves the column out",
                 word);
    else if (is_decimal_comma(origin, bad->bad_cell))
        snprintf(out, size, "; \036decimal , reads decimal commas");
    else if (bad->use == NQI_COLUMN_KEPT || bad->bad_count >= origin->rows)
        snprintf(out, size, "; the column holds text: \036drop %s leaves it out", word);
    else if (!bad->bad_is_infinite && !strpbrk(bad->bad_cell, "\", "))
        snprintf(
            out, size,
            "; \036missing=%s makes it a missing cell, \036types %s=category reads the column as "
            "text, \036drop %s leaves it out",
            bad->bad_cell, word, word);
    else
        snprintf(out, size,
                 "; \036types %s=category reads the column as text, \036drop %s leaves it out",
                 word, word);
}

nq_status nqi_origin_refuse(nq_context *context, const nqi_origin *origin, size_t column)
{
    const nqi_file_column *bad = &origin->column[column];
    char label[NQI_LABEL], word[NQI_SHOWN], advice[3 * NQI_SHOWN + 120];
    nqi_column_label(label, column, bad->name);
    nqi_origin_word(word, origin, column);
    if (!bad->bad_cell)
        return nqi_fail(context, NQ_ERROR_FORMAT,
                        "%s: %s is left out: %s; expected a column that is used", origin->path,
                        label, bad->why ? bad->why : "the option types says so");
    advice_make(advice, origin, bad, word);
    return nqi_fail(context, NQ_ERROR_FORMAT, "%s:%zu: %s: expected %s, found \"%s\"%s",
                    origin->path, bad->bad_line, label,
                    bad->bad_is_bytes            ? "text as UTF-8"
                    : bad->told == NQI_TYPE_DATE ? "a date such as 2024-02-29"
                    : bad->bad_is_infinite       ? "a finite number"
                                                 : "a number",
                    bad->bad_cell, advice);
}

static int is_bad(const nqi_file_column *column)
{
    return column->use == NQI_COLUMN_BAD;
}

nq_status nqi_origin_refuse_all(nq_context *context, const nqi_origin *origin)
{
    char cells[LIST] = "", words[LIST / 2] = "", more[48] = "", advice[LIST];
    size_t count = 0, first = 0;
    for (size_t c = 0; c < origin->columns; c++) {
        const nqi_file_column *column = &origin->column[c];
        char label[NQI_LABEL], item[NQI_LABEL + NQI_SHOWN + 32], word[NQI_SHOWN];
        if (!is_bad(column))
            continue;
        first = count++ ? first : c;
        if (count > COLUMNS_SHOWN)
            continue;
        snprintf(item, sizeof item, "line %zu, %s: \"%s\"", column->bad_line,
                 nqi_column_label(label, c, column->name), column->bad_cell);
        nqi_list_add(cells, sizeof cells, "; ", item);
        nqi_list_add(words, sizeof words, ",", nqi_origin_word(word, origin, c));
    }
    if (count < 2)
        return count ? nqi_origin_refuse(context, origin, first) : NQ_OK;
    if (count > COLUMNS_SHOWN)
        snprintf(more, sizeof more, " and %zu more column%s", count - COLUMNS_SHOWN,
                 count == COLUMNS_SHOWN + 1 ? "" : "s");
    if (is_decimal_comma(origin, origin->column[first].bad_cell))
        snprintf(advice, sizeof advice, "\036decimal , reads decimal commas");
    else
        snprintf(advice, sizeof advice,
                 "\036missing TOKEN,... tells which are missing cells, \036types NAME=category "
                 "reads a "
                 "column as text, \036drop %s%s leaves them out",
                 words, *more ? ",..." : "");
    return nqi_fail(context, NQ_ERROR_FORMAT,
                    "%s: %zu columns have cells that are no numbers: %s%s; %s", origin->path,
                    count, cells, more, advice);
}
