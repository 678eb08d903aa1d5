/* layout.c - what all figures share: geometry, heading, labels of rows and columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "plot/plot.h"

static const double MARGIN = 14, LEGEND_SIZE = 9;

plot_layout plot_layout_get(void)
{
    plot_layout layout = {.left = 76, .panel = 146, .gap = 11, .right = 14};
    layout.width =
        layout.left + NQ_SLICES * layout.panel + (NQ_SLICES - 1) * layout.gap + layout.right;
    return layout;
}

/* What the training record says of K, on hold-out rows if there were any. */
static void recorded_bound(char *out, size_t size, const nq_model *model)
{
    static const char *const keys[] = {"valid_bits", "train_bits"};
    static const char *const where[] = {"on hold-out rows", "in training"};
    *out = '\0';
    for (int i = 0; i < 2 && !*out; i++) {
        const char *text = nq_model_record(model, keys[i]);
        double bits;
        if (text && number_parse(&bits, text))
            snprintf(out, size, "; K = %s%.3f bits %s", bits < 0 ? "\xe2\x88\x92" : "",
                     fabs(bits), where[i]);
    }
}

void plot_column_name(char *out, size_t size, const nq_model *model, size_t column)
{
    const char *name = nq_model_column_name(model, column);
    if (name)
        snprintf(out, size, "%s", name);
    else
        snprintf(out, size, "x%zu", column + 1);
}

double plot_heading(canvas *page, const plot_slices *slices, const char *right)
{
    const nq_model *model = slices->model;
    const nq_schedule *schedule = nq_model_schedule(model);
    const char *slash = strrchr(slices->title, '/');
    char text[256], bound[80], first[48] = "";
    canvas_title(page, MARGIN, 26, 14, slash ? slash + 1 : slices->title,
                 page->width - 2 * MARGIN);
    recorded_bound(bound, sizeof bound, model);
    if (!nq_model_is_recorded(model)) /* whose K does not depend on it */
        snprintf(first, sizeof first, ", \xce\xb2\xe2\x82\x81 = %.3g", schedule->beta[0]);
    snprintf(text, sizeof text, "%s diffusion, %s regressor; T = %zu%s%s", nq_model_kernel(model),
             nq_model_regressor(model), schedule->steps, first, bound);
    text[0] = (char)(text[0] - 'a' + 'A');
    canvas_ink(page, INK_GREY, 1);
    const double room = page->width - 2 * MARGIN;
    const double used = canvas_text_within(page, page->width - MARGIN, 43, 10, ALIGN_RIGHT,
                                           INK_GREY, right, room / 2);
    canvas_text_within(page, MARGIN, 43, 10, ALIGN_LEFT, INK_GREY, text,
                       room - used - (used > 0 ? 12 : 0));
    return 58;
}

frame plot_panel(int column, double y, double height)
{
    const plot_layout layout = plot_layout_get();
    return (frame){.x = layout.left + column * (layout.panel + layout.gap),
                   .y = y,
                   .width = layout.panel,
                   .height = height,
                   .x_high = 1,
                   .y_high = 1};
}

void plot_time_labels(canvas *page, const size_t times[NQ_SLICES], double y)
{
    char text[48];
    canvas_ink(page, INK_BLACK, 1);
    for (int k = 0; k < NQ_SLICES; k++) {
        const frame panel = plot_panel(k, y, 0);
        snprintf(text, sizeof text, k == NQ_SLICES - 1 ? "t = T = %zu" : "t = %zu", times[k]);
        canvas_text(page, panel.x + panel.width / 2, y, 10, ALIGN_CENTRE, INK_BLACK, text);
    }
}

void plot_row_label(canvas *page, double y, double height, const char *what, const char *detail)
{
    canvas_text_up(page, 22, y + height / 2, 10, INK_BLACK, what, HUGE_VAL);
    canvas_text_up(page, 35, y + height / 2, 8, INK_GREY, detail, HUGE_VAL);
}

void plot_beyond(canvas *page, const frame *panel, size_t rows)
{
    char text[64];
    if (!rows)
        return;
    snprintf(text, sizeof text, "%zu beyond", rows);
    canvas_text(page, panel->x + panel->width, panel->y - 2.5, 7, ALIGN_RIGHT, INK_GREY, text);
}

double plot_legend(canvas *page, double x, double y, const plot_mark *mark, const char *text)
{
    const double width = mark->width > 0 ? 16 : 8;
    canvas_ink(page, mark->colour, mark->opacity);
    if (mark->width > 0) {
        canvas_dash(page, mark->dash);
        cairo_set_line_width(page->cairo, mark->width);
        cairo_move_to(page->cairo, x, y - 3);
        cairo_rel_line_to(page->cairo, width, 0);
        cairo_stroke(page->cairo);
        canvas_dash(page, 0);
    } else
        canvas_box(page, x, y - 7, width, width);
    canvas_text(page, x + width + 4, y, LEGEND_SIZE, ALIGN_LEFT, INK_BLACK, text);
    return x + plot_legend_width(page, mark, text);
}

double plot_legend_width(canvas *page, const plot_mark *mark, const char *text)
{
    return (mark->width > 0 ? 16 : 8) + 4 + canvas_text_width(page, LEGEND_SIZE, text) + 14;
}
