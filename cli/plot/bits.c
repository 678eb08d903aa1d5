/* bits.c - how often each bit is 1, data beside samples: a list by name, or of many bits dots and
 * the names of those that differ most. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/bars.h"
#include "session.h"

enum { LISTED_MOST = 60, LISTS = 3, WORST = 14 };

static const double HEAD = 24, LIST_GAP = 26, SQUARE = 216, FOOT = 34,
                    WORST_WIDTH = 330; /* points */

typedef struct bits {
    const nq_model *model;
    const nq_sides *sides;
    size_t columns;
    double *part; /* [columns][NQ_SIDES] of rows with a 1 */
} bits;

static int has_data(const bits *all)
{
    return all->sides->count[NQ_SIDE_DATA] > 0;
}

double plot_bits_height(const nq_model *model)
{
    const size_t columns = nq_model_columns(model);
    return HEAD + FOOT +
           (columns <= LISTED_MOST ? bars_pitch * (double)((columns + LISTS - 1) / LISTS)
                                   : SQUARE);
}

static void parts_count(bits *all)
{
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t r = 0; r < all->sides->count[side]; r++)
            for (size_t c = 0; c < all->columns; c++)
                all->part[c * NQ_SIDES + (size_t)side] +=
                    (all->sides->rows[side][r * all->columns + c] > 0.5) /
                    (double)all->sides->count[side];
}

static void list_draw(canvas *page, const bits *all, const size_t *shown, size_t count,
                      bar_list list, double y)
{
    char name[NQ_LABEL_SIZE];
    double widest = 0;
    for (size_t i = 0; i < count; i++) {
        plot_column_name(name, sizeof name, all->model, shown[i]);
        widest = fmax(widest, canvas_text_width(page, 8, name));
    }
    list.label_width = bars_label_width(widest, list.width);
    for (size_t i = 0; i < count; i++) {
        plot_column_name(name, sizeof name, all->model, shown[i]);
        bars_row(page, &list, y + bars_pitch * (double)i, name, all->part + shown[i] * NQ_SIDES);
    }
}

static double difference(const bits *all, size_t column)
{
    const double *part = all->part + column * NQ_SIDES;
    return has_data(all) ? fabs(part[NQ_SIDE_DATA] - part[NQ_SIDE_SAMPLES])
                         : part[NQ_SIDE_SAMPLES];
}

/* The first are those that differ most, or without data the most frequent. */
static void worst_first(const bits *all, size_t *order)
{
    for (size_t k = 0; k < WORST; k++)
        for (size_t i = k + 1; i < all->columns; i++)
            if (difference(all, order[i]) > difference(all, order[k])) {
                const size_t other = order[k];
                order[k] = order[i];
                order[i] = other;
            }
}

/* A dot a bit, over its frequency in the data or without these over its number. */
static void dots_draw(canvas *page, const bits *all, double x, double y, double side)
{
    const double last = has_data(all) ? 1 : (double)all->columns;
    const frame panel = {.x = x,
                         .y = y,
                         .width = side,
                         .height = side,
                         .x_low = -0.03 * last,
                         .x_high = 1.03 * last,
                         .y_low = -0.03,
                         .y_high = 1.03};
    const double ends[] = {0, 1};
    frame_clip(page, &panel);
    canvas_ink(page, INK_GREY, 0.6);
    if (has_data(all))
        frame_line(page, &panel, ends, ends, 2, 0.6);
    canvas_ink(page, INK_RED, 0.8);
    for (size_t c = 0; c < all->columns; c++) {
        const double *part = all->part + c * NQ_SIDES;
        frame_dot(page, &panel, has_data(all) ? part[NQ_SIDE_DATA] : (double)c + 1,
                  part[NQ_SIDE_SAMPLES], 1.5);
    }
    frame_unclip(page);
    frame_ticks_x(page, &panel, NQ_AXIS_NUMBERS, 1);
    frame_ticks_y(page, &panel, NQ_AXIS_NUMBERS, 1);
    frame_outline(page, &panel);
    canvas_text(page, x + side / 2, y + side + 23, 8, ALIGN_CENTRE, INK_GREY,
                has_data(all) ? "frequency in the data" : "number of the bit");
    canvas_text_up(page, x - 25, y + side / 2, 8, INK_GREY, "in samples", HUGE_VAL);
}

static void heading_draw(canvas *page, const bits *all, double y)
{
    const plot_layout layout = plot_layout_get();
    const double error = 50 / sqrt((double)all->sides->count[NQ_SIDE_SAMPLES]);
    char text[160];
    canvas_text(page, layout.left, y, 9, ALIGN_LEFT, INK_BLACK, "how often each bit is 1");
    const double x =
        bars_legend(page,
                    layout.left + canvas_text_width(page, 9, "how often each bit is 1") + 18, y,
                    all->sides);
    snprintf(text, sizeof text, "so many samples have a standard error of up to %.1f %%", error);
    canvas_text_within(page, x, y, 9, ALIGN_LEFT, INK_GREY, text, page->width - layout.right - x);
}

int plot_bits_row(canvas *page, const plot_slices *slices, const nq_sides *sides, double y)
{
    const plot_layout layout = plot_layout_get();
    const double room = layout.width - layout.left - layout.right, top = y + HEAD;
    bits all = {slices->model, sides, nq_model_columns(slices->model), NULL};
    double *memory = values_new(all.columns, NQ_SIDES + 1);
    if (!memory)
        return EXIT_FAILED;
    all.part = memory;
    for (size_t i = 0; i < all.columns * NQ_SIDES; i++)
        memory[i] = 0;
    size_t *order = (size_t *)(memory + all.columns * NQ_SIDES); /* no wider than a double */
    for (size_t c = 0; c < all.columns; c++)
        order[c] = c;
    parts_count(&all);
    plot_row_label(page, top, plot_bits_height(slices->model) - HEAD - FOOT, "frequency",
                   "of ones");
    heading_draw(page, &all, y + 10);
    bar_list list = {.most = 1, .has_data = has_data(&all)};
    if (all.columns <= LISTED_MOST) {
        const size_t each = (all.columns + LISTS - 1) / LISTS;
        list.width = (room - (LISTS - 1) * LIST_GAP) / LISTS;
        for (size_t k = 0; k * each < all.columns; k++) {
            const size_t left = all.columns - k * each;
            list.x = layout.left + (double)k * (list.width + LIST_GAP);
            list_draw(page, &all, order + k * each, left < each ? left : each, list, top);
        }
    } else {
        worst_first(&all, order);
        dots_draw(page, &all, layout.left + 30, top, SQUARE);
        list.x = layout.left + SQUARE + 80;
        list.width = WORST_WIDTH;
        list_draw(page, &all, order, WORST, list, top);
        canvas_text(page, list.x, top + SQUARE + 23, 8, ALIGN_LEFT, INK_GREY,
                    list.has_data ? "those that differ most" : "the most frequent");
    }
    free(memory);
    return EXIT_DONE;
}
