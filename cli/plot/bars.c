/* bars.c - rows of a list: a name, the bar of the data over that of samples, both as numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "plot/bars.h"

#include <math.h>
#include <stdio.h>

const plot_mark bars_marks[NQ_SIDES] = {{INK_BLUE, 0.45, 0, 0}, {INK_RED, 0.9, 0, 0}};
const double bars_pitch = 15.5;

static const double LABEL_SIZE = 8, LABEL_LEAST = 40, LABEL_PART = 0.56, PART_WIDTH = 50;
static const double BAR = 5.5, GAP = 5;

double bars_label_width(double widest, double width)
{
    return fmin(fmax(widest + 1, LABEL_LEAST), LABEL_PART * width);
}

void bars_parts_text(char out[48], const double parts[NQ_SIDES], int has_data)
{
    const double real = 100 * parts[NQ_SIDE_DATA], drawn = 100 * parts[NQ_SIDE_SAMPLES];
    if (has_data)
        snprintf(out, 48, "%.*f | %.*f %%", real < 9.95 ? 1 : 0, real, drawn < 9.95 ? 1 : 0,
                 drawn);
    else
        snprintf(out, 48, "%.*f %%", drawn < 9.95 ? 1 : 0, drawn);
}

void bars_row(canvas *page, const bar_list *list, double y, const char *label,
              const double parts[NQ_SIDES])
{
    const double start = list->x + list->label_width + GAP;
    const double width = list->width - list->label_width - 2 * GAP - PART_WIDTH;
    char text[48];
    canvas_text_within(page, start - GAP, y + 8.5, LABEL_SIZE, ALIGN_RIGHT, INK_BLACK, label,
                       list->label_width);
    for (int side = list->has_data ? NQ_SIDE_DATA : NQ_SIDE_SAMPLES; side < NQ_SIDES; side++) {
        canvas_ink(page, bars_marks[side].colour, bars_marks[side].opacity);
        canvas_box(page, start, list->has_data ? y + BAR * side : y + BAR / 2,
                   list->most > 0 ? width * parts[side] / list->most : 0, BAR - 0.5);
    }
    bars_parts_text(text, parts, list->has_data);
    canvas_text(page, list->x + list->width, y + 8.5, 7, ALIGN_RIGHT, INK_GREY, text);
}

double bars_legend(canvas *page, double x, double y, const nq_sides *sides)
{
    static const char *const names[NQ_SIDES] = {"data", "samples"};
    char text[64];
    for (int side = 0; side < NQ_SIDES; side++) {
        if (!sides->count[side])
            continue;
        snprintf(text, sizeof text, "%s, %zu rows", names[side], sides->count[side]);
        x = plot_legend(page, x, y, &bars_marks[side], text);
    }
    return x;
}
