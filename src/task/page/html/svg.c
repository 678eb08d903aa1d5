/* svg.c - drawings of a page: their frame, axes and texts. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <float.h>
#include <math.h>

#include "task/page/html/html.h"

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

double nqi_axis_at(const nqi_axis *axis, double value)
{
    const double part =
        axis->high > axis->low ? (value - axis->low) / (axis->high - axis->low) : 0;
    return round(10 * (axis->from + part * (axis->to - axis->from))) / 10;
}

size_t nqi_axis_ticks(double ticks[NQI_TICKS], double *step, const nqi_axis *axis, int wanted)
{
    const double rough = (axis->high - axis->low) / wanted;
    size_t count = 0;
    *step = 1;
    if (!(rough > 0) || !isfinite(rough))
        return 0;
    const double ten = pow(10, floor(log10(rough)));
    *step = ten * (rough / ten > 7 ? 10 : rough / ten > 3.5 ? 5 : rough / ten > 1.5 ? 2 : 1);
    for (double k = ceil(axis->low / *step - 1e-9);
         k * *step <= axis->high + 1e-9 * *step && count < NQI_TICKS; k++)
        ticks[count++] = k * *step;
    return count;
}

/* A round number, with the decimals or digits that its step needs. */
static void tick_put(FILE *file, double value, double step)
{
    const double size = fabs(value), most = fmax(size, step);
    const int decimals = step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    const int digits = 1 + (int)floor(log10(most) + 1e-9) - (int)floor(log10(step) + 1e-9);
    fputs(nqi_html_sign(value), file);
    if (most >= 1e7 || step < 1e-5)
        fprintf(file, "%.*g", digits < DBL_DIG ? digits : DBL_DIG, size);
    else if (most >= 1e4 && fmod(step, 100) == 0)
        fprintf(file, "%gk", size / 1000);
    else
        fprintf(file, "%.*f", decimals, size);
}

void nqi_svg_ticks_below(FILE *file, const nqi_axis *x, double y, int wanted)
{
    double ticks[NQI_TICKS], step;
    const size_t count = nqi_axis_ticks(ticks, &step, x, wanted);
    fprintf(file, "<path class=\"x\" d=\"M%g %gH%g", x->from, y, x->to);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "M%g %gv4", nqi_axis_at(x, ticks[i]), y);
    fputs("\"/>\n", file);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "<text class=\"n\" text-anchor=\"middle\" x=\"%g\" y=\"%g\">",
                nqi_axis_at(x, ticks[i]), y + 14);
        tick_put(file, ticks[i], step);
        fputs("</text>\n", file);
    }
}

void nqi_svg_ticks_left(FILE *file, const nqi_axis *y, double x, double right, int wanted)
{
    double ticks[NQI_TICKS], step;
    const size_t count = nqi_axis_ticks(ticks, &step, y, wanted);
    fputs("<path class=\"g\" d=\"", file);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "M%g %gH%g", x, nqi_axis_at(y, ticks[i]), right);
    fputs("\"/>\n", file);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "<text class=\"n\" text-anchor=\"end\" x=\"%g\" y=\"%g\">", x - 4,
                nqi_axis_at(y, ticks[i]) + 3.5);
        tick_put(file, ticks[i], step);
        fputs("</text>\n", file);
    }
}

void nqi_svg_text(FILE *file, double x, double y, const char *anchor, const char *text)
{
    fprintf(file, "<text class=\"n\" text-anchor=\"%s\" x=\"%g\" y=\"%g\">", anchor, x, y);
    nqi_html_text(file, text);
    fputs("</text>\n", file);
}
