/* svg.c - drawings of a page: their frame, axes and texts. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/text/utf8.h"
#include "task/page/html/html.h"

/* Of the small text: its letters, which are seldom wider; room between lines of it; and what may
 * stick out of a picture's axis. */
enum { LETTER = 6, LINE = 20, OVERHANG = 16, LEFT_LETTERS = 6 };

void nqi_svg_begin(FILE *file, double width, double height, const char *about)
{
    fprintf(file, "<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"", width, height);
    nqi_html_text(file, about);
    fputs("\">\n", file);
}

void nqi_svg_end(FILE *file)
{
    fputs("</svg>\n", file);
}

double nqi_svg_at(const nqi_svg_axis *axis, double value)
{
    const double part =
        axis->high > axis->low ? (value - axis->low) / (axis->high - axis->low) : 0;
    return round(10 * (axis->from + part * (axis->to - axis->from))) / 10;
}

void nqi_svg_text(FILE *file, double x, double y, const char *anchor, const char *text)
{
    if (!*text)
        return;
    fprintf(file, "<text class=\"n\" text-anchor=\"%s\" x=\"%g\" y=\"%g\">", anchor, x, y);
    nqi_html_text(file, text);
    fputs("</text>\n", file);
}

static double label_width(void *user, const char *label)
{
    (void)user;
    return LETTER * (double)nqi_utf8_characters(label);
}

static double label_height(void *user, const char *label)
{
    (void)user;
    (void)label;
    return LINE;
}

void nqi_svg_ticks_choose(nq_ticks *found, const nqi_svg_axis *x)
{
    const nq_axis along = {.kind = x->kind,
                           .low = x->low,
                           .high = x->high,
                           .length = x->to - x->from,
                           .overhang = OVERHANG,
                           .measure = label_width};
    nq_ticks_choose(found, &along);
}

void nqi_svg_ticks_below(FILE *file, const nq_ticks *found, const nqi_svg_axis *x, double y)
{
    fprintf(file, "<path class=\"x\" d=\"M%g %gH%g", x->from, y, x->to);
    for (size_t i = 0; i < found->count; i++)
        fprintf(file, "M%g %gv4", nqi_svg_at(x, found->value[i]), y);
    fputs("\"/>\n", file);
    for (size_t i = 0; i < found->count; i++)
        nqi_svg_text(file, nqi_svg_at(x, found->value[i]) + round(found->shift[i]), y + 14,
                     "middle", found->label[i]);
    nqi_svg_text(file, x->from, y + 26, "start", found->note);
}

void nqi_svg_ticks_left(FILE *file, const nqi_svg_axis *y, double x, double right)
{
    const nq_axis along = {.low = y->low,
                           .high = y->high,
                           .length = y->from - y->to,
                           .overhang = LINE / 2,
                           .characters_most = LEFT_LETTERS,
                           .measure = label_height};
    nq_ticks found;
    nq_ticks_choose(&found, &along);
    fputs("<path class=\"g\" d=\"", file);
    for (size_t i = 0; i < found.count; i++)
        fprintf(file, "M%g %gH%g", x, nqi_svg_at(y, found.value[i]), right);
    fputs("\"/>\n", file);
    for (size_t i = 0; i < found.count; i++)
        nqi_svg_text(file, x - 4, nqi_svg_at(y, found.value[i]) + 3.5, "end", found.label[i]);
    nqi_svg_text(file, x + 5, y->to + 8, "start", found.note);
}
