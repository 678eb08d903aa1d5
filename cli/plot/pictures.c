/* pictures.c - figure of a model of pictures ([SD15] figures 3 and 4): some of them at five
 * times. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "message.h"
#include "options.h"
#include "plot/plot.h"
#include "session.h"

static const double HEIGHT_MOST = 400, HEIGHT_LEAST = 84; /* points; the labels need some */

/* Pictures beside and below each other, with a white pixel between them. */
typedef struct sheet {
    nq_picture shape;
    size_t count, across, down;
    size_t width, height; /* pixels */
    double black, white;
    uint32_t *pixels;
} sheet;

static uint32_t grey_of(const sheet *own, double value)
{
    const double part = (value - own->black) / (own->white - own->black);
    return (uint32_t)lround(255 * fmin(fmax(part, 0), 1));
}

static void picture_put(sheet *own, const double *row, size_t i)
{
    const nq_picture *shape = &own->shape;
    const size_t plane = shape->height * shape->width, colour = shape->channels == 3 ? plane : 0;
    uint32_t *corner = own->pixels + i / own->across * (shape->height + 1) * own->width +
                       i % own->across * (shape->width + 1);
    for (size_t k = 0; k < plane; k++)
        corner[k / shape->width * own->width + k % shape->width] =
            grey_of(own, row[k]) << 16 | grey_of(own, row[colour + k]) << 8 |
            grey_of(own, row[2 * colour + k]);
}

static void sheet_draw(canvas *page, sheet *own, const double *rows, size_t columns,
                       const frame *panel)
{
    const double scale = panel->width / (double)own->width;
    for (size_t k = 0; k < own->width * own->height; k++)
        own->pixels[k] = 0xffffff;
    for (size_t i = 0; i < own->count; i++)
        picture_put(own, rows + i * columns, i);
    cairo_surface_t *image =
        cairo_image_surface_create_for_data((unsigned char *)own->pixels, CAIRO_FORMAT_RGB24,
                                            (int)own->width, (int)own->height,
                                            (int)(4 * own->width));
    cairo_save(page->cairo);
    cairo_translate(page->cairo, panel->x, panel->y);
    cairo_scale(page->cairo, scale, scale);
    cairo_set_source_surface(page->cairo, image, 0, 0);
    if (scale > 0.5) /* pixels stay squares */
        cairo_pattern_set_filter(cairo_get_source(page->cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(page->cairo);
    cairo_restore(page->cairo);
    cairo_surface_destroy(image);
}

/* The range of the rows at t = 0, which noise leaves. */
static void range_set(sheet *own, const plot_slices *slices)
{
    const size_t numbers = slices->way.rows * slices->way.columns;
    own->black = HUGE_VAL;
    own->white = -HUGE_VAL;
    for (size_t i = 0; i < numbers; i++) {
        own->black = fmin(own->black, slices->way.forward[0][i]);
        own->white = fmax(own->white, slices->way.forward[0][i]);
    }
    if (!(own->white > own->black))
        own->white = own->black + 1;
}

static int sheet_new(sheet *out, const plot_slices *slices)
{
    *out = (sheet){.count = slices->way.rows};
    nq_model_picture(&out->shape, slices->model);
    while (out->across * out->across < out->count)
        out->across++;
    out->down = (out->count + out->across - 1) / out->across;
    out->width = out->across * (out->shape.width + 1) - 1;
    out->height = out->down * (out->shape.height + 1) - 1;
    range_set(out, slices);
    if (out->width > INT16_MAX || out->height > INT16_MAX)
        return message_fail(
            "%zu pictures of %zu x %zu are more than a figure holds; --rows takes "
            "fewer",
            out->count, out->shape.height, out->shape.width);
    out->pixels = malloc(out->width * out->height * sizeof *out->pixels);
    return out->pixels ? EXIT_DONE : session_fail(slices->context, NQ_ERROR_MEMORY);
}

int plot_pictures_draw(const plot_slices *slices, const plot_target *target)
{
    const plot_layout layout = plot_layout_get();
    char text[96];
    canvas page;
    sheet own;
    int code = sheet_new(&own, slices);
    if (code)
        return code;
    double height = layout.panel * (double)own.height / (double)own.width;
    const double narrow = fmin(1, HEIGHT_MOST / height);
    height *= narrow;
    const double row = fmax(height, HEIGHT_LEAST), pitch = row + 12;
    if ((code = canvas_open(&page, target, layout.width, 76 + 2 * pitch + 168))) {
        free(own.pixels);
        return code;
    }
    snprintf(text, sizeof text, "%zu pictures of %zu \xc3\x97 %zu", own.count, own.shape.height,
             own.shape.width);
    const double top = plot_heading(&page, slices, text) + 18;
    plot_time_labels(&page, slices->way.times, top - 6);
    plot_row_label(&page, top, row, "forward q",
                   slices->way.from_data ? "data, diffused" : "samples, diffused");
    plot_row_label(&page, top + pitch, row, "reverse p", "samples from noise");
    for (int k = 0; k < NQ_SLICES; k++)
        for (int side = 0; side < 2; side++) {
            frame panel = plot_panel(k, top + side * pitch, height);
            panel.width *= narrow;
            sheet_draw(&page, &own, side ? slices->way.reverse[k] : slices->way.forward[k],
                       slices->way.columns, &panel);
        }
    free(own.pixels);
    if ((code = plot_schedule_row(&page, slices, top + 2 * pitch + 20, 104))) {
        canvas_drop(&page);
        return code;
    }
    return canvas_close(&page);
}
