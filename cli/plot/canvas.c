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
    if (ends_in(path, ".png") || ends_in(path, ".svg") || ends_in(path, ".pdf"))
        return EXIT_DONE;
    return message_fail("the extension of '%s' says no format of figures: expected .png, .svg or "
                        ".pdf",
                        path);
}

static cairo_surface_t *surface_new(canvas *page)
{
    if (page->is_png)
        return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(page->width * PNG_SCALE),
                                          (int)(page->height * PNG_SCALE));
    if (ends_in(page->path, ".svg"))
        return cairo_svg_surface_create_for_stream(bytes_write, page, page->width, page->height);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(bytes_write, page, page->width, page->height);
    /* The same figure has the same bytes whenever it is drawn. */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    return surface;
}

int canvas_open(canvas *out, const plot_target *target, double width, double height)
{
    *out = (canvas){.context = target->context,
                    .path = target->path,
                    .is_quiet = target->is_quiet,
                    .width = width,
                    .height = height,
                    .is_png = ends_in(target->path, ".png")};
    const nq_status status = nq_file_open(&out->file, out->context, out->path);
    if (status)
        return session_fail(out->context, status);
    out->surface = surface_new(out);
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
    if (!status && !page->status)
        canvas_missing_tell(page);
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

void canvas_dash(canvas *page, double length)
{
    const double lengths[] = {length, 0.7 * length};
    cairo_set_dash(page->cairo, lengths, length > 0 ? 2 : 0, 0);
}

void canvas_box(canvas *page, double x, double y, double width, double height)
{
    cairo_rectangle(page->cairo, x, y, width, height);
    cairo_fill(page->cairo);
}
