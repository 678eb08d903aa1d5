/* origin.c - where the numbers of a table stand in their file: lines, columns, the text itself. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/origin.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/text.h"

enum { COLUMNS_SHOWN = 8, LIST = 640 };

void nqi_origin_free(nqi_origin *origin)
{
    if (!origin)
        return;
    for (size_t c = 0; origin->column && c < origin->columns; c++) {
        free(origin->column[c].name);
        free(origin->column[c].bad_cell);
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

/* Room for `wanted` things of `size` bytes, growing by doubling. 0: no memory. */
static int room_make(void **list, size_t *room, size_t wanted, size_t size)
{
    size_t fresh = *room ? *room : 64;
    if (wanted <= *room)
        return 1;
    while (fresh < wanted && fresh <= SIZE_MAX / 4)
        fresh *= 2;
    if (fresh < wanted || fresh > SIZE_MAX / 2 / size)
        return 0;
    void *grown = realloc(*list, fresh * size);
    if (!grown)
        return 0;
    *list = grown;
    *room = fresh;
    return 1;
}

int nqi_origin_add_line(nqi_origin *origin, size_t row, size_t line)
{
    void *list = origin->jumps;
    const nqi_line_jump *last =
        origin->jump_count ? origin->jumps + origin->jump_count - 1 : NULL;
    if (last && last->line + (row - last->row) == line)
        return 1;
    if (!room_make(&list, &origin->jump_room, origin->jump_count + 1, sizeof *origin->jumps))
        return 0;
    origin->jumps = list;
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
    void *bytes = origin->text, *starts = origin->row_at;
    if (!room_make(&bytes, &origin->text_room, origin->text_size + length + 1, 1))
        return 0;
    origin->text = bytes;
    if (!room_make(&starts, &origin->row_room, row + 2, sizeof *origin->row_at))
        return 0;
    origin->row_at = starts;
    origin->row_at[row] = origin->text_size;
    memcpy(origin->text + origin->text_size, text, length);
    origin->text_size += length;
    origin->text[origin->text_size++] = '\n';
    origin->row_at[row + 1] = origin->text_size;
    return 1;
}

void nqi_text_show(char out[NQI_SHOWN], const char *text, size_t length)
{
    size_t most = NQI_SHOWN - 4, shown = length < most ? length : most;
    while (shown < length && shown > most - 3 && ((unsigned char)text[shown] >> 6) == 2)
        shown--; /* not through the middle of a character */
    memcpy(out, text, shown);
    strcpy(out + shown, shown < length ? "..." : "");
    for (char *at = out; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '.';
    nqi_text_utf8_repair(out);
}

const char *nqi_column_label(char out[NQI_LABEL], size_t column, const char *name)
{
    char shown[NQI_SHOWN];
    nqi_text_show(shown, name ? name : "", name ? strlen(name) : 0);
    if (*shown)
        snprintf(out, NQI_LABEL, "column %zu (\"%s\")", column + 1, shown);
    else
        snprintf(out, NQI_LABEL, "column %zu", column + 1);
    return out;
}

/* How --drop may call it: by name where that needs no care, else by number. */
static void drop_word(char out[NQI_SHOWN], const nqi_origin *origin, size_t column)
{
    const char *name = origin->column[column].name;
    char shown[NQI_SHOWN] = "";
    if (name)
        nqi_text_show(shown, name, strlen(name));
    if (name && *name && !strpbrk(name, ", \"'") && !strcmp(name, shown))
        snprintf(out, NQI_SHOWN, "%s", name);
    else
        snprintf(out, NQI_SHOWN, "%zu", column + 1);
}

static int is_decimal_comma(const nqi_origin *origin, const char *cell)
{
    return origin->separator != ',' && origin->decimal == '.' &&
           strspn(cell, "+-0123456789,") == strlen(cell) && strchr(cell, ',');
}

nq_status nqi_origin_refuse(nq_context *context, const nqi_origin *origin, size_t column)
{
    const nqi_file_column *bad = &origin->column[column];
    char label[NQI_LABEL], word[NQI_SHOWN], advice[2 * NQI_SHOWN + 80] = "";
    drop_word(word, origin, column);
    if (is_decimal_comma(origin, bad->bad_cell))
        snprintf(advice, sizeof advice, "; --decimal , reads decimal commas");
    else if (bad->bad_count >= origin->rows)
        snprintf(advice, sizeof advice, "; the column holds text: --drop %s leaves it out", word);
    else if (!bad->bad_is_infinite && !strpbrk(bad->bad_cell, "\", "))
        snprintf(advice, sizeof advice,
                 "; --missing=%s makes it a missing cell, --drop %s leaves the column out",
                 bad->bad_cell, word);
    else
        snprintf(advice, sizeof advice, "; --drop %s leaves the column out", word);
    return nqi_fail(context, NQ_ERROR_FORMAT, "%s:%zu: %s: expected a %snumber, found \"%s\"%s",
                    origin->path, bad->bad_line, nqi_column_label(label, column, bad->name),
                    bad->bad_is_infinite ? "finite " : "", bad->bad_cell, advice);
}

static int is_bad(const nqi_file_column *column)
{
    return column->use == NQI_COLUMN_TEXT;
}

/* Adds to a list that is cut off where it gets too long. */
static void list_add(char *list, size_t size, const char *between, const char *item)
{
    const size_t length = strlen(list);
    snprintf(list + length, size - length, "%s%s", length ? between : "", item);
}

nq_status nqi_origin_refuse_all(nq_context *context, const nqi_origin *origin)
{
    char cells[LIST] = "", words[LIST / 2] = "", more[48] = "";
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
        list_add(cells, sizeof cells, "; ", item);
        drop_word(word, origin, c);
        list_add(words, sizeof words, ",", word);
    }
    if (count < 2)
        return count ? nqi_origin_refuse(context, origin, first) : NQ_OK;
    if (count > COLUMNS_SHOWN)
        snprintf(more, sizeof more, " and %zu more columns", count - COLUMNS_SHOWN);
    return nqi_fail(context, NQ_ERROR_FORMAT,
                    "%s: %zu columns have cells that are no numbers: %s%s; %s%s%s", origin->path,
                    count, cells, more,
                    is_decimal_comma(origin, origin->column[first].bad_cell)
                        ? "--decimal , reads decimal commas"
                        : "--drop ",
                    is_decimal_comma(origin, origin->column[first].bad_cell) ? "" : words,
                    is_decimal_comma(origin, origin->column[first].bad_cell) ? ""
                    : *more ? ",... leaves them out"
                            : " leaves them out");
}
