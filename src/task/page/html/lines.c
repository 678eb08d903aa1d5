/* lines.c - coverage against what is nominal, and K while the model was trained. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/sort/sort.h"
#include "task/page/html/html.h"

enum { WIDTH = 340, HEIGHT = 210, LEFT = 40, TOP = 10, GROUND = 180, RIGHT = 320 };

static void axes_put(FILE *file, const nqi_svg_axis *x, const nqi_svg_axis *y, const char *below)
{
    nq_ticks ticks;
    nqi_svg_ticks_choose(&ticks, x);
    nqi_svg_ticks_left(file, y, LEFT, RIGHT);
    nqi_svg_ticks_below(file, &ticks, x, GROUND);
    nqi_svg_text(file, RIGHT, HEIGHT - 2, "end", below);
}

/* Points with their errors, joined. */
static void shares_put(FILE *file, const char *line, const char *dot, const double *part,
                       const double *se, const nqi_svg_axis *x, const nqi_svg_axis *y,
                       double aside)
{
    fprintf(file, "<path class=\"%s\" d=\"", line);
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++)
        fprintf(file, "%c%g %g", i ? 'L' : 'M', nqi_svg_at(x, 100 * nq_check_share(i)) + aside,
                nqi_svg_at(y, 100 * part[i]));
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++)
        fprintf(file, "M%g %gV%g", nqi_svg_at(x, 100 * nq_check_share(i)) + aside,
                nqi_svg_at(y, 100 * (part[i] - 2 * se[i])),
                nqi_svg_at(y, 100 * (part[i] + 2 * se[i])));
    fputs("\"/>\n", file);
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++)
        fprintf(file, "<circle class=\"%s\" cx=\"%g\" cy=\"%g\" r=\"3\"/>\n", dot,
                nqi_svg_at(x, 100 * nq_check_share(i)) + aside, nqi_svg_at(y, 100 * part[i]));
}

void nqi_chart_coverage(FILE *file, const nq_check *check)
{
    const nq_check_coverage *all = &check->coverage[0];
    const nqi_svg_axis x = {40, 100, LEFT, RIGHT, NQ_AXIS_NUMBERS};
    nqi_svg_axis y = {40, 100, GROUND, TOP, NQ_AXIS_NUMBERS};
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++) {
        y.low = fmin(y.low, 100 * (all->part[i] - 2 * all->se[i]));
        if (all->given_values)
            y.low = fmin(y.low, 100 * (all->given_part[i] - 2 * all->given_se[i]));
    }
    y.low = fmax(0, 10 * floor(y.low / 10));
    nqi_svg_begin(file, WIDTH, HEIGHT, "coverage of intervals against what is nominal");
    axes_put(file, &x, &y, "% of the model's law in the interval");
    fprintf(file, "<path class=\"x o\" d=\"M%g %gL%g %g\"/>\n", nqi_svg_at(&x, fmax(40, y.low)),
            nqi_svg_at(&y, fmax(40, y.low)), nqi_svg_at(&x, 100), nqi_svg_at(&y, 100));
    shares_put(file, "m", "d", all->part, all->se, &x, &y, 0);
    if (all->given_values)
        shares_put(file, "l", "s", all->given_part, all->given_se, &x, &y, 4);
    nqi_svg_end(file);
}

/* From a little below the worst of the later half of the run to the best: the first points may be
 * far below. */
static nqi_svg_axis curve_range(const nqi_curve *curve)
{
    double all[2 * NQI_CURVE_MOST];
    size_t count = 0;
    for (size_t i = 0; i < curve->count; i++) {
        if (!isnan(curve->point[i].bound))
            all[count++] = curve->point[i].bound;
        if (!isnan(curve->point[i].valid))
            all[count++] = curve->point[i].valid;
    }
    qsort(all, count, sizeof *all, nqi_double_compare);
    const double high = count ? all[count - 1] : 1, middle = count ? all[count / 4] : 0;
    const double span = high > middle ? high - middle : 1;
    const double low = count ? fmax(all[0], middle - span) : 0;
    return (nqi_svg_axis){low - 0.04 * span, high + 0.04 * span, GROUND, TOP, NQ_AXIS_NUMBERS};
}

static void curve_put(FILE *file, const char *class, const nqi_curve *curve, int of_valid,
                      const nqi_svg_axis *x, const nqi_svg_axis *y)
{
    int any = 0;
    fprintf(file, "<path class=\"%s\" d=\"", class);
    for (size_t i = 0; i < curve->count; i++) {
        const nqi_curve_point *point = &curve->point[i];
        const double value = of_valid ? point->valid : point->bound;
        if (isnan(value))
            continue;
        fprintf(file, "%c%g %g", any++ ? 'L' : 'M', nqi_svg_at(x, (double)point->update),
                nqi_svg_at(y, fmax(value, y->low)));
    }
    fputs("\"/>\n", file);
}

void nqi_chart_curve(FILE *file, const nqi_curve *curve)
{
    const nqi_svg_axis x = {0, (double)curve->point[curve->count - 1].update, LEFT, RIGHT,
                            NQ_AXIS_NUMBERS};
    const nqi_svg_axis y = curve_range(curve);
    nqi_svg_begin(file, WIDTH, HEIGHT, "K while the model was trained");
    axes_put(file, &x, &y, "updates");
    curve_put(file, "m", curve, 0, &x, &y);
    curve_put(file, "l", curve, 1, &x, &y);
    nqi_svg_end(file);
}
