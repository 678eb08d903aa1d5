/* canvas.c - the page: opened by extension, written whole or not at all, and its text. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "plot/canvas.h"

#include <string.h>
#include <strings.h>

#include "message.h"
#include "session.h"

/* Pixels of a PNG for each point: 144 dots per inch, sharp in print and on dense screens. */
static const double PNG_SCALE = 2;

static cairo_status_t bytes_write(void *page, const unsigned char *bytes, unsigned int size)
{
    canvas *own = page;
    if (!own->status)
        own->status = nq_file_put(own->file, bytes, size);
    return own->status ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static int ends_in(const char *path, const char *ending)
{
    const size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcasecmp(path + length - tail, ending) == 0;
}

int canvas_check_path(const char *path)
{
    if (ends_in(path, ".png") || ends_in(path, ".svg"))
        return EXIT_DONE;
    return message_fail("the extension of '%s' says no picture format: expected .png or .svg",
                        path);
}

int canvas_open(canvas *out, nq_context *context, const char *path, double width, double height)
{
    *out = (canvas){.context = context,
                    .path = path,
                    .width = width,
                    .height = height,
                    .is_png = ends_in(path, ".png")};
    const nq_status status = nq_file_open(&out->file, context, path);
    if (status)
        return session_fail(context, status);
    if (out->is_png)
        out->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(width * PNG_SCALE),
                                                  (int)(height * PNG_SCALE));
    else
        out->surface = cairo_svg_surface_create_for_stream(bytes_write, out, width, height);
    out->cairo = cairo_create(out->surface);
    if (out->is_png)
        cairo_scale(out->cairo, PNG_SCALE, PNG_SCALE);
    cairo_set_source_rgb(out->cairo, 1, 1, 1);
    cairo_paint(out->cairo);
    return EXIT_DONE;
}

int canvas_close(canvas *page)
{
    cairo_status_t status = cairo_status(page->cairo);
    cairo_destroy(page->cairo);
    if (!status && page->is_png)
        status = cairo_surface_write_to_png_stream(page->surface, bytes_write, page);
    cairo_surface_finish(page->surface);
    if (!status)
        status = cairo_surface_status(page->surface);
    cairo_surface_destroy(page->surface);
    if (!status)
        page->status = nq_file_commit(page->file);
    else
        nq_file_abandon(page->file);
    if (page->status)
        return session_fail(page->context, page->status);
    return status ? message_fail("'%s' could not be drawn: %s", page->path,
                                 cairo_status_to_string(status))
                  : EXIT_DONE;
}

void canvas_drop(canvas *page)
{
    cairo_destroy(page->cairo);
    cairo_surface_finish(page->surface);
    cairo_surface_destroy(page->surface);
    nq_file_abandon(page->file);
}

void canvas_ink(canvas *page, ink colour, double opacity)
{
    static const double rgb[][3] = {
        [INK_BLACK] = {0.1, 0.1, 0.1},   [INK_GREY] = {0.4, 0.4, 0.4},
        [INK_PALE] = {0.85, 0.85, 0.85}, [INK_BLUE] = {0, 0.447, 0.698},
        [INK_RED] = {0.835, 0.369, 0},   [INK_GREEN] = {0, 0.62, 0.451},
    };
    cairo_set_source_rgba(page->cairo, rgb[colour][0], rgb[colour][1], rgb[colour][2], opacity);
}

static void font_set(canvas *page, double size, cairo_font_weight_t weight)
{
    cairo_select_font_face(page->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, weight);
    cairo_set_font_size(page->cairo, size);
}

void canvas_text(canvas *page, double x, double y, double size, text_align align,
                 const char *text)
{
    cairo_text_extents_t extents;
    const shown_text label = shown(text);
    font_set(page, size, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_text_extents(page->cairo, label.text, &extents);
    cairo_move_to(page->cairo, x - extents.x_advance * 0.5 * (double)align, y);
    cairo_show_text(page->cairo, label.text);
}

double canvas_text_width(canvas *page, double size, const char *text)
{
    cairo_text_extents_t extents;
    font_set(page, size, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_text_extents(page->cairo, shown(text).text, &extents);
    return extents.x_advance;
}

void canvas_text_within(canvas *page, double x, double y, double size, text_align align,
                        const char *text, double width)
{
    static const char dots[] = "\xe2\x80\xa6";
    shown_text label = shown(text);
    size_t length = strnlen(label.text, sizeof label.text - sizeof dots);
    label.text[length] = '\0';
    while (length && canvas_text_width(page, size, label.text) > width) {
        do /* whole characters */
            length--;
        while (length && ((unsigned char)label.text[length] & 0xc0) == 0x80);
        memcpy(label.text + length, dots, sizeof dots);
    }
    canvas_text(page, x, y, size, align, label.text);
}

void canvas_title(canvas *page, double x, double y, double size, const char *text)
{
    font_set(page, size, CAIRO_FONT_WEIGHT_BOLD);
    cairo_move_to(page->cairo, x, y);
    cairo_show_text(page->cairo, shown(text).text);
}

void canvas_text_up(canvas *page, double x, double y, double size, const char *text)
{
    cairo_save(page->cairo);
    cairo_translate(page->cairo, x, y);
    cairo_rotate(page->cairo, -1.5707963267948966);
    canvas_text(page, 0, 0, size, ALIGN_CENTRE, text);
    cairo_restore(page->cairo);
}
