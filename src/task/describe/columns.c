/* columns.c - a line about each column of a table or a model: kind, gaps, range, levels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/describe/columns.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/text/utf8.h"

/* Characters of a line: of data, and of a model, which has more to tell. */
enum {
    LINE = 100,
    LINE_OF_MODEL = 112,
    NAME = NQI_COLUMN_NAME_MOST,
    CELL = NQI_COLUMN_CELL,
    LEVEL = 24
};

/* A text of at most `most` characters and its end; what no longer fits is told by dots. */
typedef struct line {
    char text[4 * LINE_OF_MODEL];
    size_t length, most; /* characters */
    int is_full;
} line;

/* 0: it did not fit, and nothing more will. */
static int line_add(line *l, const char *text)
{
    const size_t own = nqi_utf8_characters(text), used = strlen(l->text);
    const int fits = l->length + own <= l->most && used + strlen(text) < sizeof l->text - 8;
    if (l->is_full)
        return 0;
    if (!fits) {
        const int has_blank = used && l->text[used - 1] == ' ';
        l->is_full = 1;
        strcpy(l->text + used, has_blank ? "..." : " ...");
        return 0;
    }
    strcpy(l->text + used, text);
    l->length += own;
    return 1;
}

/* Not more than `most` characters of a text. */
const char *nqi_column_text_cut(char *text, size_t most)
{
    size_t count = 0, at = 0;
    for (; text[at]; at++) {
        count += ((unsigned char)text[at] & 0xc0) != 0x80;
        if (count > most) {
            strcpy(text + at, "~");
            break;
        }
    }
    return text;
}

static const char *cell(char out[CELL], const nqi_column_source *source, size_t column,
                        double value)
{
    char raw[CELL];
    if (source->model)
        nq_model_cell_text(raw, sizeof raw, source->model, column, value);
    else
        nq_dataset_cell_text(raw, sizeof raw, source->data, column, value);
    nq_text_printable(out, CELL, raw);
    return nqi_column_text_cut(out, LEVEL);
}

static const char *name_of(const nqi_column_source *source, size_t column)
{
    return source->model ? nq_model_column_name(source->model, column)
                         : nq_dataset_column_name(source->data, column);
}

/* A level, and its part of the cells that have a value. */
static double level_of(double *part, const nqi_column_source *source, size_t column, size_t i,
                       const nq_column_facts *facts)
{
    size_t rows;
    if (source->model) {
        const double level = nq_model_level(part, source->model, column, i);
        *part /= fmax(1 - nq_model_gap_part(source->model, column), *part);
        return level;
    }
    const double level = nq_dataset_level(&rows, source->context, source->data, column, i);
    *part = (double)rows / (double)facts->rows;
    return level;
}

/* The most frequent levels with their shares. */
static void levels_add(line *l, const nqi_column_source *source, size_t column,
                       const nq_column_facts *facts)
{
    for (size_t i = 0; i < facts->levels; i++) {
        char item[CELL + 32], text[CELL];
        double part;
        const double value = level_of(&part, source, column, i, facts);
        snprintf(item, sizeof item, "%s%s %.*f %%", i ? ", " : "",
                 cell(text, source, column, value), part < 0.099 ? 1 : 0, 100 * part);
        if (!line_add(l, item))
            return;
    }
}

static void range_add(line *l, const nqi_column_source *source, size_t column,
                      const nq_column_facts *facts)
{
    char item[3 * CELL], least[CELL], most[CELL];
    snprintf(item, sizeof item, "%s to %s", cell(least, source, column, facts->least),
             cell(most, source, column, facts->most));
    line_add(l, item);
    if (!(facts->step > 0) || facts->is_text)
        return;
    snprintf(item, sizeof item, ", step %.10g", facts->step);
    line_add(l, item);
}

/* Of how many pieces the map to normal scores is, where there is one. */
static void knots_add(line *l, const nqi_column_source *source, size_t column)
{
    const size_t knots = source->model ? nq_model_column_knots(source->model, column) : 0;
    char item[40];
    snprintf(item, sizeof item, "; %zu knots", knots);
    if (knots)
        line_add(l, item);
}

/* What a column holds, in words. */
static void holds_add(line *l, const nqi_column_source *source, size_t column,
                      const nq_column_facts *facts)
{
    const int is_category = !strcmp(facts->kind, "category");
    char item[CELL], least[CELL], most[CELL];
    if (!strcmp(facts->kind, "left-out")) {
        line_add(l, facts->why);
        return;
    }
    if (facts->why) {
        line_add(l, facts->why);
        line_add(l, "; ");
    }
    if (facts->source != SIZE_MAX) {
        const char *name = name_of(source, facts->source);
        char number[24], text[CELL];
        snprintf(number, sizeof number, "column %zu", facts->source + 1);
        nq_text_printable(text, sizeof text, name ? name : number);
        snprintf(item, sizeof item, "a function of %.90s; ", nqi_column_text_cut(text, NAME));
        line_add(l, item);
    }
    if (is_category && facts->is_text) {
        snprintf(item, sizeof item, "%zu texts: ", facts->levels);
        line_add(l, item);
    } else if (is_category) {
        snprintf(item, sizeof item, "%zu values, %.64s to %.64s: ", facts->levels,
                 cell(least, source, column, facts->least),
                 cell(most, source, column, facts->most));
        line_add(l, item);
    } else if (!facts->levels || !strcmp(facts->kind, "spiked")) {
        range_add(l, source, column, facts);
        knots_add(l, source, column);
        if (facts->levels)
            line_add(l, "; often ");
    }
    levels_add(l, source, column, facts);
}

/* How wide the names are, within bounds. */
int nqi_column_name_width(const nqi_column_source *source, size_t listed)
{
    size_t width = 6;
    for (size_t c = 0; c < listed; c++) {
        const char *name = name_of(source, c);
        const size_t own = name ? nqi_utf8_characters(name) : 0;
        width = own > width ? own : width;
    }
    return (int)(width < NAME ? width : NAME);
}

void nqi_column_heading(FILE *file, int width)
{
    fprintf(file, "%4s  %-*s  %-9s %8s  %s\n", "", width, "column", "kind", "missing", "values");
}

/* Cells without a value, as a number or a part of all. */
static void gaps_text(char gaps[32], const nqi_column_source *source, size_t column,
                      const nq_column_facts *facts)
{
    const double part = source->model ? nq_model_gap_part(source->model, column) : 0;
    *gaps = '\0';
    if (part > 0)
        snprintf(gaps, 32, "%.*f %%", part < 0.099 ? 1 : 0, 100 * part);
    else if (facts->missing)
        snprintf(gaps, 32, "%zu", facts->missing);
}

void nqi_column_print(FILE *file, const nqi_column_source *source, size_t column,
                      const nq_column_facts *facts, int width)
{
    const char *name = name_of(source, column);
    char shown_name[CELL], gaps[32], kind[24];
    const size_t number = source->model ? column : nq_dataset_file_column(source->data, column);
    line l = {.most = (source->model ? LINE_OF_MODEL : LINE) - 4};
    nq_text_printable(shown_name, sizeof shown_name, name ? name : "");
    nqi_column_text_cut(shown_name, NAME - 1);
    snprintf(kind, sizeof kind, "%.16s%s", facts->kind, facts->is_told ? "*" : "");
    gaps_text(gaps, source, column, facts);
    const int used = fprintf(file, "%4zu  %s%*s  %-9s %8s  ", number + 1, shown_name,
                             width - (int)nqi_utf8_characters(shown_name), "", kind, gaps);
    l.most -= (size_t)(used > 0 ? used : 0) -
              (strlen(shown_name) - nqi_utf8_characters(shown_name)); /* bytes, of characters */
    holds_add(&l, source, column, facts);
    fprintf(file, "%s\n", l.text);
}
