/* sheet.c - pictures side by side on one page, and the page as a file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/picture/sheet.h"

#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "io/file/name.h"
#include "task/source/output.h"

enum { GAP = 2, PIXELS_MOST = 1 << 28 };

size_t nqi_sheet_columns(size_t count)
{
    const size_t columns = (size_t)ceil(sqrt((double)count));
    return columns ? columns : 1;
}

int nqi_path_is_picture(const char *path)
{
    return path && !nqi_path_is_packed(path) &&
           (nqi_path_ends(path, ".png") || nqi_path_ends(path, ".pgm") ||
            nqi_path_ends(path, ".ppm"));
}

nq_status nqi_sheet_check_path(nq_context *context, const char *path)
{
    if (!nqi_path_is_picture(path))
        return nqi_fail(context, NQ_ERROR_FILE,
                        "the extension of '%s' says no picture format: expected .png, .pgm or "
                        ".ppm",
                        path);
    return nqi_output_check(context, path);
}

nq_status nqi_sheet_new(nqi_sheet *out, nq_context *context, size_t rows, size_t columns,
                        const nqi_picture_view *view)
{
    const nq_picture *shape = &view->picture;
    const double height = (double)rows * (double)(shape->height + GAP) - GAP;
    const double width = (double)columns * (double)(shape->width + GAP) - GAP;
    *out = (nqi_sheet){.rows = rows, .columns = columns, .view = *view};
    if (height * width > PIXELS_MOST)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "a page of %zu x %zu pictures of %zux%zu pixels is too large; ask for "
                        "fewer",
                        rows, columns, shape->height, shape->width);
    out->page = (nq_picture){shape->channels, (size_t)height, (size_t)width};
    const size_t pixels = out->page.channels * out->page.height * out->page.width;
    out->pixels = malloc((pixels + 1) * sizeof *out->pixels);
    if (!out->pixels)
        return nqi_fail_memory(context, "a page of pictures", pixels * sizeof *out->pixels);
    for (size_t i = 0; i < pixels; i++)
        out->pixels[i] = 1;
    return NQ_OK;
}

/* Stripes of two greys, from corner to corner. */
static double hatch(size_t x, size_t y)
{
    return (x + y) % 4 < 2 ? 0.4 : 0.6;
}

void nqi_sheet_place(nqi_sheet *sheet, size_t row, size_t column, const double *picture)
{
    const nq_picture *shape = &sheet->view.picture, *page = &sheet->page;
    const size_t top = row * (shape->height + GAP), left = column * (shape->width + GAP);
    const double black = sheet->view.black, span = sheet->view.white - black;
    for (size_t c = 0; c < shape->channels; c++)
        for (size_t y = 0; y < shape->height; y++) {
            const double *from = picture + (c * shape->height + y) * shape->width;
            double *to = sheet->pixels + (c * page->height + top + y) * page->width + left;
            for (size_t x = 0; x < shape->width; x++)
                to[x] = isnan(from[x]) ? hatch(x, y) : (from[x] - black) / span;
        }
}

nq_status nqi_sheet_write(const char *path, nq_context *context, const nqi_sheet *sheet)
{
    return nq_picture_write(path, context, sheet->pixels, &sheet->page, 1, sheet->view.depth);
}

void nqi_sheet_free(nqi_sheet *sheet)
{
    free(sheet->pixels);
    *sheet = (nqi_sheet){0};
}
