/* charts.c - a column of rows beside one of samples: bars of its values, a histogram of its
 * numbers; and a histogram of distances. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "task/figure/bins.h"
#include "task/page/html/html.h"

enum {
    WIDTH = 280,
    RIGHT = 264,
    LABEL = 106,
    BAR = 7,
    ROW = 21,
    LEFT = 34,
    HEIGHT = 110,
    BELOW = 20,
    NOTE = 12
};
enum { LABEL_LETTERS = 15 };

static double bar_most(const nq_column_figure *figure)
{
    double most = 0;
    for (size_t k = 0; k < figure->bars; k++)
        most = fmax(most, fmax(figure->parts[k][0], figure->parts[k][1]));
    return most > 0 ? most : 1;
}

/* "12.3", at most three digits. */
static void percent_put(FILE *file, double part)
{
    const double percent = 100 * part;
    fprintf(file, "%.*f", percent < 0.995 && percent > 0 ? 2 : percent < 9.95 ? 1 : 0, percent);
}

static void bars_put(FILE *file, const nq_column_figure *figure, double top)
{
    const double room = WIDTH - LABEL - 66, most = bar_most(figure);
    for (size_t k = 0; k < figure->bars; k++) {
        const double y = top + (double)k * ROW;
        fprintf(file, "<text text-anchor=\"end\" x=\"%d\" y=\"%g\">", LABEL - 6, y + 12);
        nqi_html_short(file, figure->labels[k], LABEL_LETTERS);
        fprintf(file,
                "</text><rect class=\"d\" x=\"%d\" y=\"%g\" width=\"%.1f\" height=\"%d\"/>"
                "<rect class=\"s\" x=\"%d\" y=\"%g\" width=\"%.1f\" height=\"%d\"/>"
                "<text class=\"n\" x=\"%.1f\" y=\"%g\">",
                LABEL, y + 1, room * figure->parts[k][0] / most, BAR, LABEL, y + 1 + BAR,
                room * figure->parts[k][1] / most, BAR,
                LABEL + 5 + room * fmax(figure->parts[k][0], figure->parts[k][1]) / most, y + 12);
        percent_put(file, figure->parts[k][0]);
        fputs(" / ", file);
        percent_put(file, figure->parts[k][1]);
        fputs(" %</text>\n", file);
    }
}

/* A path over the tops of bins; closed: down to the ground at both ends. */
static void steps_put(FILE *file, const char *class, const double *bins, size_t count,
                      const nqi_svg_axis *x, const nqi_svg_axis *y, int closed)
{
    fprintf(file, "<path class=\"%s\" d=\"M%g %g", class, x->from,
            closed ? y->from : nqi_svg_at(y, bins[0]));
    for (size_t i = 0; i < count; i++)
        fprintf(file, "V%gH%g", nqi_svg_at(y, bins[i]),
                nqi_svg_at(x, x->low + (x->high - x->low) * (double)(i + 1) / (double)count));
    fprintf(file, closed ? "V%gz\"/>\n" : "\"/>\n", y->from);
}

/* Two histograms over one axis, data filled. */
static void bins_put(FILE *file, const double *const bins[NQ_SIDES], size_t count,
                     const nqi_svg_axis *x, const nq_ticks *ticks, double top)
{
    nqi_svg_axis y = {0, 0, top + HEIGHT, top + 8, NQ_AXIS_NUMBERS};
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t i = 0; i < count; i++)
            y.high = fmax(y.high, 100 * bins[side][i]);
    y.high = y.high > 0 ? y.high : 1;
    nqi_svg_ticks_left(file, &y, LEFT, RIGHT);
    nqi_svg_text(file, 0, top + 11, "start", "%");
    y.high /= 100;
    steps_put(file, "a", bins[NQ_SIDE_DATA], count, x, &y, 1);
    steps_put(file, "l", bins[NQ_SIDE_SAMPLES], count, x, &y, 0);
    nqi_svg_ticks_below(file, ticks, x, top + HEIGHT);
}

static double bins_height(const nq_ticks *ticks)
{
    return HEIGHT + BELOW + (*ticks->note ? NOTE : 0);
}

void nqi_chart_column(FILE *file, const nqi_page_column *column)
{
    const nq_column_figure *figure = &column->figure;
    const double *const bins[NQ_SIDES] = {figure->bins[0], figure->bins[1]};
    const double bars = (double)figure->bars * ROW + (figure->bars ? 4 : 0);
    const nqi_svg_axis x = {figure->low, figure->high, LEFT, RIGHT, figure->axis};
    nq_ticks ticks;
    nqi_svg_ticks_choose(&ticks, &x);
    nqi_svg_begin(file, WIDTH, bars + (figure->has_bins ? bins_height(&ticks) : 0),
                  "data beside samples");
    bars_put(file, figure, 0);
    if (figure->has_bins)
        bins_put(file, bins, figure->bin_count, &x, &ticks, bars);
    nqi_svg_end(file);
}

void nqi_chart_distances(FILE *file, const nqi_nearest *nearest)
{
    enum { BINS = 30 };
    double bins[NQ_SIDES][BINS] = {{0}}, most = 0;
    const double *const both[NQ_SIDES] = {bins[0], bins[1]};
    nqi_svg_axis x = {0, 1, LEFT, RIGHT, NQ_AXIS_NUMBERS};
    nq_ticks ticks;
    for (int side = 0; side < NQ_SIDES; side++) {
        const size_t last = nearest->count[side] - 1;
        most = fmax(most, nearest->distance[side][last - last / 100]);
    }
    x.high = most > 0 ? most : 1;
    for (int side = 0; side < NQ_SIDES; side++)
        nqi_bins_count(bins[side], BINS, x.low, x.high, nearest->distance[side],
                       nearest->count[side]);
    nqi_svg_ticks_choose(&ticks, &x);
    nqi_svg_begin(file, WIDTH, bins_height(&ticks), "distances to the nearest training row");
    bins_put(file, both, BINS, &x, &ticks, 0);
    nqi_svg_end(file);
}
