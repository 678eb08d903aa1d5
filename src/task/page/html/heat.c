/* heat.c - a triangle of how columns go together, in two hues: with each other, and against. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "task/page/html/html.h"

enum { CELL = 14, NAMES = 104, NAME_LETTERS = 15, SHADES = 10, SCALE = 26, TOP = 56 };

static const nqi_pair *pair_of(const nqi_findings *found, size_t a, size_t b)
{
    return &found->pairs.pair[a > b ? a * (a - 1) / 2 + b : b * (b - 1) / 2 + a];
}

/* -SHADES..SHADES; 0 is not drawn. */
static int shade_of(double association)
{
    return isnan(association) ? 0 : (int)lround(association * SHADES);
}

/* All cells of a shade are one path, so that a page stays small. */
static void shades_put(FILE *file, const nqi_findings *found, const size_t *pick, size_t count,
                       int side)
{
    for (int shade = -SHADES; shade <= SHADES; shade++) {
        int any = 0;
        for (size_t i = 1; i < count && shade; i++)
            for (size_t k = 0; k < i; k++) {
                if (shade_of(pair_of(found, pick[i], pick[k])->of[side]) != shade)
                    continue;
                if (!any++)
                    fprintf(file, "<path class=\"%s\" fill-opacity=\"%g\" d=\"",
                            shade > 0 ? "d" : "s", fabs((double)shade) / SHADES);
                fprintf(file, "M%zu %zuh%dv%dh-%dz", NAMES + k * CELL, TOP + i * CELL, CELL - 1,
                        CELL - 1, CELL - 1);
            }
        if (any)
            fputs("\"/>\n", file);
    }
}

static void names_put(FILE *file, const nqi_findings *found, const size_t *pick, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t column = found->columns[pick[i]].column;
        if (i > 0) {
            fprintf(file, "<text text-anchor=\"end\" x=\"%d\" y=\"%zu\">", NAMES - 5,
                    TOP + i * CELL + CELL - 4);
            nqi_html_name(file, found, column, NAME_LETTERS);
            fputs("</text>\n", file);
        }
        if (i + 1 == count)
            continue;
        fprintf(file, "<text class=\"n\" transform=\"translate(%zu %zu) rotate(-45)\">",
                NAMES + i * CELL + 9, TOP + (i + 1) * CELL - 4);
        nqi_html_name(file, found, column, NAME_LETTERS);
        fputs("</text>\n", file);
    }
}

static void scale_put(FILE *file, double y)
{
    static const char *const words[] = {"\342\210\2221", "0", "1"}; /* a minus sign before 1 */
    const double part = 8;
    for (int shade = -SHADES; shade <= SHADES; shade++)
        fprintf(file,
                "<rect class=\"%s\" fill-opacity=\"%g\" x=\"%g\" y=\"%g\" width=\"%g\" "
                "height=\"8\"/>",
                shade > 0 ? "d" : "s", fabs((double)shade) / SHADES,
                NAMES + (shade + SHADES) * part, y, part);
    for (int k = 0; k < 3; k++)
        nqi_svg_text(file, NAMES + (k * SHADES + 0.5) * part, y + 19, "middle", words[k]);
}

void nqi_chart_heat(FILE *file, const nqi_findings *found, const size_t *pick, size_t count,
                    int side)
{
    enum { SLANTED = 60 }; /* room for a name at 45 degrees on the right */
    const double cells = (double)count * CELL;
    const double width = fmax(NAMES + cells + SLANTED, NAMES + (2 * SHADES + 1) * 8 + 10);
    nqi_svg_begin(file, width, TOP + cells + 8 + SCALE, "how columns go together");
    shades_put(file, found, pick, count, side);
    names_put(file, found, pick, count);
    scale_put(file, TOP + cells + 8);
    nqi_svg_end(file);
}
