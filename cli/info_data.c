/* info_data.c - noneq info DATA: how a data file is read, column by column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "info_data.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data_open.h"
#include "info_json.h"
#include "message.h"
#include "output.h"
#include "session.h"

/* Characters of a line, and columns that are listed. */
enum { LINE = 100, NAME = 22, COLUMNS_SHOWN = 200, CELL = 200, LEVEL = 24 };

int info_is_model(const char *path)
{
    unsigned char head[9] = {0};
    struct stat about;
    FILE *file;

    if (path_has_extension(path, ".nq"))
        return 1;
    if (stat(path, &about) || !S_ISREG(about.st_mode) || !(file = fopen(path, "rb")))
        return 0;
    const size_t count = fread(head, 1, sizeof head, file);
    fclose(file);
    return count == sizeof head && head[8] == '{' && !head[4] && !head[5] && !head[6] && !head[7];
}

/* A text of at most `most` characters and its end; what no longer fits is told by dots. */
typedef struct line {
    char text[4 * LINE];
    size_t length, most; /* characters */
    int is_full;
} line;

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* 0: it did not fit, and nothing more will. */
static int line_add(line *l, const char *text)
{
    const size_t own = characters(text), used = strlen(l->text);
    const int fits = l->length + own <= l->most && used + strlen(text) < sizeof l->text - 8;

    if (l->is_full)
        return 0;
    if (!fits) {
        l->is_full = 1;
        strcpy(l->text + used, " ...");
        return 0;
    }
    strcpy(l->text + used, text);
    l->length += own;
    return 1;
}

/* Not more than `most` characters of a text. */
static const char *cut(char *text, size_t most)
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

static const char *cell(char out[CELL], const nq_dataset *data, size_t column, double value)
{
    char raw[CELL];

    nq_dataset_cell_text(raw, sizeof raw, data, column, value);
    nq_text_printable(out, CELL, raw);
    return cut(out, LEVEL);
}

/* The most frequent levels with their shares. */
static void levels_add(line *l, nq_context *context, const nq_dataset *data, size_t column,
                       const nq_column_facts *facts)
{
    for (size_t i = 0; i < facts->levels; i++) {
        char item[CELL + 32], text[CELL];
        size_t rows;
        const double value = nq_dataset_level(&rows, context, data, column, i);

        snprintf(item, sizeof item, "%s%s %.*f %%", i ? ", " : "",
                 cell(text, data, column, value), rows * 1000 < facts->rows * 99 ? 1 : 0,
                 100.0 * (double)rows / (double)facts->rows);
        if (!line_add(l, item))
            return;
    }
}

static void range_add(line *l, const nq_dataset *data, size_t column,
                      const nq_column_facts *facts)
{
    char item[3 * CELL], least[CELL], most[CELL];

    snprintf(item, sizeof item, "%s to %s", cell(least, data, column, facts->least),
             cell(most, data, column, facts->most));
    line_add(l, item);
    if (!(facts->step > 0) || facts->is_text)
        return;
    snprintf(item, sizeof item, ", step %.10g", facts->step);
    line_add(l, item);
}

/* What a column holds, in words. */
static void holds_add(line *l, nq_context *context, const nq_dataset *data, size_t column,
                      const nq_column_facts *facts)
{
    const int is_category = !strcmp(facts->kind, "category");
    char item[CELL], least[CELL], most[CELL];

    if (facts->why) {
        line_add(l, facts->why);
        return;
    }
    if (facts->source != SIZE_MAX) {
        const char *name = nq_dataset_column_name(data, facts->source);
        char number[24], text[CELL];

        snprintf(number, sizeof number, "column %zu", facts->source + 1);
        nq_text_printable(text, sizeof text, name ? name : number);
        snprintf(item, sizeof item, "a function of %.90s; ", cut(text, NAME));
        line_add(l, item);
    }
    if (is_category && facts->is_text) {
        snprintf(item, sizeof item, "%zu texts: ", facts->levels);
        line_add(l, item);
    } else if (is_category) {
        snprintf(item, sizeof item, "%zu values, %.64s to %.64s: ", facts->levels,
                 cell(least, data, column, facts->least), cell(most, data, column, facts->most));
        line_add(l, item);
    } else if (!facts->levels || !strcmp(facts->kind, "spiked")) {
        range_add(l, data, column, facts);
        if (facts->levels)
            line_add(l, "; often ");
    }
    levels_add(l, context, data, column, facts);
}

/* How wide the names are, within bounds. */
static int name_width(const nq_dataset *data, size_t listed)
{
    size_t width = 6;

    for (size_t c = 0; c < listed; c++) {
        const char *name = nq_dataset_column_name(data, c);
        const size_t own = name ? characters(name) : 0;
        width = own > width ? own : width;
    }
    return (int)(width < NAME ? width : NAME);
}

static int column_text(FILE *file, nq_context *context, const nq_dataset *data, size_t column,
                       int width)
{
    const char *name = nq_dataset_column_name(data, column);
    nq_column_facts facts;
    char shown_name[CELL], gaps[32] = "", kind[24];
    const nq_status status = nq_dataset_column_facts(&facts, context, data, column);
    line l = {.most = LINE - 4};

    if (status)
        return session_fail(context, status);
    nq_text_printable(shown_name, sizeof shown_name, name ? name : "");
    cut(shown_name, NAME - 1);
    snprintf(kind, sizeof kind, "%.16s%s", facts.kind, facts.is_told ? "*" : "");
    if (facts.missing)
        snprintf(gaps, sizeof gaps, "%zu", facts.missing);
    const int used =
        fprintf(file, "%4zu  %s%*s  %-9s %8s  ", nq_dataset_file_column(data, column) + 1,
                shown_name, width - (int)characters(shown_name), "", kind, gaps);
    l.most -= (size_t)(used > 0 ? used : 0) -
              (strlen(shown_name) - characters(shown_name)); /* bytes, of characters */
    holds_add(&l, context, data, column, &facts);
    fprintf(file, "%s\n", l.text);
    return EXIT_DONE;
}

static void left_out_text(FILE *file, const nq_dataset *data)
{
    size_t column;
    const char *name, *why;

    for (size_t i = 0; (why = nq_dataset_left_out(data, i, &column, &name)); i++) {
        char text[CELL];
        nq_text_printable(text, sizeof text, name ? name : "");
        fprintf(file, "%scolumn %zu%s%s is left out: %s\n", i ? "" : "\n", column + 1,
                *text ? " " : "", cut(text, NAME), why);
    }
}

static int data_text(FILE *file, nq_context *context, const char *path, const nq_dataset *data)
{
    const size_t columns = nq_dataset_dim(data);
    const size_t listed = columns < COLUMNS_SHOWN ? columns : COLUMNS_SHOWN;
    nq_picture picture;
    int is_told = 0;

    nq_dataset_picture(data, &picture);
    fprintf(file, "file     %s\nrows     %zu\n", shown(path).text, nq_dataset_rows(data));
    if (picture.channels) {
        fprintf(file, "pictures %zu x %zu, %zu channel%s\n", picture.height, picture.width,
                picture.channels, picture.channels == 1 ? "" : "s");
        return EXIT_DONE;
    }
    fprintf(file, "columns  %zu, %zu missing cell%s\n\n", columns,
            nq_dataset_missing(data, NULL, NULL),
            nq_dataset_missing(data, NULL, NULL) == 1 ? "" : "s");
    const int width = name_width(data, listed);
    fprintf(file, "%4s  %-*s  %-9s %8s  %s\n", "", width, "column", "kind", "missing", "values");
    for (size_t c = 0; c < listed; c++) {
        nq_column_facts facts;
        const int code = column_text(file, context, data, c, width);
        if (code)
            return code;
        nq_dataset_column_facts(&facts, context, data, c);
        is_told |= facts.is_told;
    }
    if (listed < columns)
        fprintf(file, "... and %zu more (--json lists all)\n", columns - listed);
    if (is_told)
        fputs("* told by --types\n", file);
    left_out_text(file, data);
    return EXIT_DONE;
}

int info_data_write(nq_context *context, const char *data_path, const char *path,
                    const common_values *common)
{
    nq_dataset *data = NULL;
    output out;
    int code = data_file_open(&data, context, data_path, common, 0, 0);

    if (!code && (code = output_open(&out, context, path)) == EXIT_DONE) {
        code = common->json ? info_json_write(out.file, context, data_path, data)
                            : data_text(out.file, context, data_path, data);
        if (!code)
            code = output_close(&out);
        else
            output_drop(&out);
    }
    nq_dataset_free(data);
    return code;
}
