/* charts.c - a column of rows beside one of samples: bars of its values, a histogram of its
 * numbers; and a histogram of distances. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "task/page/html/html.h"

enum {
    WIDTH = 280,
    RIGHT = 264,
    LABEL = 106,
    BAR = 7,
    ROW = 21,
    LEFT = 34,
    HEIGHT = 110,
    BELOW = 20
};
enum { LABEL_LETTERS = 15, DATE_LETTERS = 10 };

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
                      const nqi_axis *x, const nqi_axis *y, int closed)
{
    fprintf(file, "<path class=\"%s\" d=\"M%g %g", class, x->from,
            closed ? y->from : nqi_axis_at(y, bins[0]));
    for (size_t i = 0; i < count; i++)
        fprintf(file, "V%gH%g", nqi_axis_at(y, bins[i]),
                nqi_axis_at(x, x->low + (x->high - x->low) * (double)(i + 1) / (double)count));
    fprintf(file, closed ? "V%gz\"/>\n" : "\"/>\n", y->from);
}

static void dates_below(FILE *file, const nqi_findings *found, size_t column, const nqi_axis *x,
                        double y)
{
    enum { DATES = 3 };
    static const char *const anchors[DATES] = {"start", "middle", "end"};
    fprintf(file, "<path class=\"x\" d=\"M%g %gH%g\"/>\n", x->from, y, x->to);
    for (int i = 0; i < DATES; i++) {
        char text[NQ_TEXT_SIZE];
        nq_model_cell_text(text, sizeof text, found->model, column,
                           floor(x->low + (x->high - x->low) * i / (DATES - 1)));
        text[DATE_LETTERS] = '\0'; /* a day is enough */
        nqi_svg_text(file, x->from + (x->to - x->from) * i / (DATES - 1), y + 14, anchors[i],
                     text);
    }
}

static void bins_axes(FILE *file, const double *const bins[NQ_SIDES], size_t count, nqi_axis *y,
                      double top)
{
    *y = (nqi_axis){0, 0, top + HEIGHT, top + 8};
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t i = 0; i < count; i++)
            y->high = fmax(y->high, 100 * bins[side][i]);
    y->high = y->high > 0 ? y->high : 1;
    nqi_svg_ticks_left(file, y, LEFT, RIGHT, 3);
    nqi_svg_text(file, 0, top + 11, "start", "%");
    y->high /= 100;
}

static void bins_put(FILE *file, const nqi_findings *found, const nqi_page_column *column,
                     double top)
{
    const nq_column_figure *figure = &column->figure;
    const double *const bins[NQ_SIDES] = {figure->bins[0], figure->bins[1]};
    const nqi_axis x = {figure->low, figure->high, LEFT, RIGHT};
    nqi_axis y;
    bins_axes(file, bins, figure->bin_count, &y, top);
    steps_put(file, "a", bins[0], figure->bin_count, &x, &y, 1);
    steps_put(file, "l", bins[1], figure->bin_count, &x, &y, 0);
    if (figure->is_date)
        dates_below(file, found, column->column, &x, top + HEIGHT);
    else
        nqi_svg_ticks_below(file, &x, top + HEIGHT, 4);
}

void nqi_chart_column(FILE *file, const nqi_findings *found, const nqi_page_column *column)
{
    const nq_column_figure *figure = &column->figure;
    const double bars = (double)figure->bars * ROW + (figure->bars ? 4 : 0);
    const double height = bars + (figure->has_bins ? HEIGHT + BELOW : 0);
    nqi_svg_begin(file, WIDTH, height, "data beside samples");
    bars_put(file, figure, 0);
    if (figure->has_bins)
        bins_put(file, found, column, bars);
    nqi_svg_end(file);
}

void nqi_chart_distances(FILE *file, const nqi_nearest *nearest)
{
    enum { BINS = 30 };
    double bins[NQ_SIDES][BINS] = {{0}}, most = 0;
    const double *const both[NQ_SIDES] = {bins[0], bins[1]};
    nqi_axis x = {0, 1, LEFT, RIGHT}, y;
    for (int side = 0; side < NQ_SIDES; side++) {
        const size_t last = nearest->count[side] - 1;
        most = fmax(most, nearest->distance[side][last - last / 100]);
    }
    x.high = most > 0 ? most : 1;
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t i = 0; i < nearest->count[side]; i++) {
            const double at = nearest->distance[side][i] / x.high * BINS;
            if (at <= BINS)
                bins[side][at < BINS ? (size_t)at : BINS - 1] += 1 / (double)nearest->count[side];
        }
    nqi_svg_begin(file, WIDTH, HEIGHT + BELOW, "distances to the nearest training row");
    bins_axes(file, both, BINS, &y, 0);
    steps_put(file, "a", bins[0], BINS, &x, &y, 1);
    steps_put(file, "l", bins[1], BINS, &x, &y, 0);
    nqi_svg_ticks_below(file, &x, HEIGHT, 4);
    nqi_svg_end(file);
}
