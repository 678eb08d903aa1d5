/* sheet.c - pictures side by side on one page, and the page as a file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "sheet.h"

#include <math.h>
#include <stdlib.h>

#include "message.h"
#include "output.h"
#include "session.h"

enum { GAP = 2, PIXELS_MOST = 1 << 28 };

size_t sheet_columns(size_t count)
{
    size_t columns = (size_t)ceil(sqrt((double)count));

    return columns ? columns : 1;
}

int path_is_picture(const char *path)
{
    return path && (path_has_extension(path, ".png") || path_has_extension(path, ".pgm") ||
                    path_has_extension(path, ".ppm"));
}

int sheet_check_path(const char *path)
{
    if (!path_is_picture(path))
        return message_fail("the extension of '%s' says no picture format: expected .png, .pgm "
                            "or .ppm",
                            path);
    return output_check(path);
}

int sheet_new(sheet *out, size_t rows, size_t columns, const picture_view *view)
{
    const nq_picture *shape = &view->picture;
    const double height = (double)rows * (double)(shape->height + GAP) - GAP;
    const double width = (double)columns * (double)(shape->width + GAP) - GAP;

    *out = (sheet){.rows = rows, .columns = columns, .view = *view};
    if (height * width > PIXELS_MOST)
        return message_fail("a page of %zu x %zu pictures of %zux%zu pixels is too large; ask "
                            "for fewer",
                            rows, columns, shape->height, shape->width);
    out->page = (nq_picture){shape->channels, (size_t)height, (size_t)width};
    out->pixels = values_new(out->page.channels * out->page.height, out->page.width);
    if (!out->pixels)
        return EXIT_FAILED;
    for (size_t i = 0; i < out->page.channels * out->page.height * out->page.width; i++)
        out->pixels[i] = 1;
    return EXIT_DONE;
}

/* Stripes of two greys, from corner to corner. */
static double hatch(size_t x, size_t y)
{
    return (x + y) % 4 < 2 ? 0.4 : 0.6;
}

void sheet_place(sheet *page, size_t row, size_t column, const double *picture)
{
    const nq_picture *shape = &page->view.picture;
    const size_t top = row * (shape->height + GAP), left = column * (shape->width + GAP);
    const double black = page->view.black, span = page->view.white - black;

    for (size_t c = 0; c < shape->channels; c++)
        for (size_t y = 0; y < shape->height; y++) {
            const double *from = picture + (c * shape->height + y) * shape->width;
            double *to =
                page->pixels + (c * page->page.height + top + y) * page->page.width + left;

            for (size_t x = 0; x < shape->width; x++)
                to[x] = isnan(from[x]) ? hatch(x, y) : (from[x] - black) / span;
        }
}

int sheet_write(const sheet *page, nq_context *context, const char *path)
{
    const nq_status status =
        nq_picture_write(path, context, page->pixels, &page->page, 1, page->view.depth);

    return status ? session_fail(context, status) : EXIT_DONE;
}

void sheet_free(sheet *page)
{
    free(page->pixels);
    *page = (sheet){.pixels = NULL};
}
