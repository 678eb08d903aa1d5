/* png.c - PNG pictures by libpng, in memory that grows with what a file holds. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "core/context.h"
#include "core/monitor.h"
#include "io/format/format.h"
#include "io/picture/picture.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "png_set_swap makes numbers native");

enum { LARGEST_SIDE = 1000000, FIRST_ROOM = 1 << 20 };

/* libpng reports an error by a jump out of whatever it was called in, so nothing that must be
 * released lives elsewhere than here. */
typedef struct decoder {
    nqi_input *input;
    png_structp png;
    png_infop info;
    nq_status status;
    unsigned char *pixels; /* [height][width][samples], room for `room` bytes */
    size_t room;
    size_t height, width;
    size_t samples; /* numbers of a pixel, alpha included */
    size_t size;    /* bytes of a number */
} decoder;

static int png_begins(const nqi_input *input)
{
    enum { LEAST = 4 }; /* of the signature: a damaged one is better named so than called text */
    return input->head_size >= LEAST && !png_sig_cmp(input->head, 0, LEAST);
}

static void decoder_refuse(png_structp png, png_const_charp message)
{
    decoder *d = png_get_error_ptr(png);
    if (!d->status)
        d->status = nqi_fail(d->input->context, NQ_ERROR_FORMAT,
                             "%s is a damaged PNG picture: %s", d->input->path, message);
    png_longjmp(png, 1);
}

static void warning_ignore(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void bytes_get(png_structp png, png_bytep bytes, size_t count)
{
    decoder *d = png_get_io_ptr(png);
    size_t got;
    d->status = nqi_input_get(d->input, bytes, count, &got);
    if (d->status || got < count)
        png_error(png, "it is truncated");
}

static void decoder_stop(decoder *d, nq_status status)
{
    d->status = status;
    png_longjmp(d->png, 1);
}

/* Every picture becomes grey or RGB with or without alpha, of 8 or 16 bits. */
static void shape_read(decoder *d)
{
    png_read_info(d->png, d->info);
    const int depth = png_get_bit_depth(d->png, d->info);
    if (png_get_color_type(d->png, d->info) == PNG_COLOR_TYPE_PALETTE)
        png_set_palette_to_rgb(d->png);
    else if (depth < 8)
        png_set_expand_gray_1_2_4_to_8(d->png);
    if (png_get_valid(d->png, d->info, PNG_INFO_tRNS))
        png_set_tRNS_to_alpha(d->png);
    if (depth == 16)
        png_set_swap(d->png);
    png_read_update_info(d->png, d->info);
    d->height = png_get_image_height(d->png, d->info);
    d->width = png_get_image_width(d->png, d->info);
    d->samples = png_get_channels(d->png, d->info);
    d->size = depth == 16 ? 2 : 1;
}

/* Room for `need` bytes at least: memory grows with what is there, since a header may promise a
 * million times what follows it. */
static void room_make(decoder *d, size_t need)
{
    const size_t twice = 2 * d->room, room = need > twice ? need + FIRST_ROOM : twice;
    if (need <= d->room)
        return;
    unsigned char *grown = realloc(d->pixels, room);
    if (!grown)
        decoder_stop(d, nqi_fail_memory(d->input->context, d->input->path, room));
    d->pixels = grown;
    d->room = room;
}

/* Pass p of an interlaced picture has every step-th pixel of a line and line of the picture,
 * from `first` on. */
enum { PASSES = 7 };
static const struct {
    size_t first_x, step_x, first_y, step_y;
} passes[PASSES] = {{0, 8, 0, 8}, {4, 8, 0, 8}, {0, 4, 4, 8}, {2, 4, 0, 4},
                    {0, 2, 2, 4}, {1, 2, 0, 2}, {0, 1, 1, 2}};

/* Puts the pixels of the seven passes, one after the other, where they belong. */
static unsigned char *passes_place(const decoder *d, size_t pixel)
{
    unsigned char *placed = malloc(d->height * d->width * pixel);
    const unsigned char *from = d->pixels;
    for (int p = 0; placed && p < PASSES; p++)
        for (size_t y = passes[p].first_y; y < d->height; y += passes[p].step_y)
            for (size_t x = passes[p].first_x; x < d->width; x += passes[p].step_x) {
                memcpy(placed + pixel * (y * d->width + x), from, pixel);
                from += pixel;
            }
    return placed;
}

/* Pass after pass as the file has them: libpng's own way needs all of the memory at once. */
static void interlaced_read(decoder *d)
{
    const size_t pixel = d->samples * d->size;
    size_t used = 0;
    for (int p = 0; p < PASSES; p++) {
        const size_t first = passes[p].first_x, step = passes[p].step_x;
        const size_t line = d->width > first ? (d->width - first + step - 1) / step * pixel : 0;
        for (size_t y = passes[p].first_y; line && y < d->height; y += passes[p].step_y) {
            room_make(d, used + line);
            png_read_row(d->png, d->pixels + used, NULL);
            used += line;
        }
    }
    unsigned char *placed = passes_place(d, pixel);
    if (!placed)
        decoder_stop(d, nqi_fail_memory(d->input->context, d->input->path, used));
    free(d->pixels);
    d->pixels = placed;
}

static void pixels_read(decoder *d)
{
    const size_t line = png_get_rowbytes(d->png, d->info);
    if (png_get_interlace_type(d->png, d->info) != PNG_INTERLACE_NONE)
        interlaced_read(d);
    else

        for (size_t y = 0; y < d->height; y++) {
            room_make(d, (y + 1) * line);
            png_read_row(d->png, d->pixels + y * line, NULL);
        }
    png_read_end(d->png, NULL);
}

/* A function of its own, without variables that a jump could leave undefined. */
static nq_status decoder_run(decoder *d)
{
    if (setjmp(png_jmpbuf(d->png)))
        return d->status;
    shape_read(d);
    pixels_read(d);
    return NQ_OK;
}

static nq_status opaque_check(const decoder *d)
{
    static const unsigned char opaque[] = {0xff, 0xff};
    const size_t pixel = d->samples * d->size, alpha = pixel - d->size;
    for (size_t i = 0; i < d->height * d->width; i++)
        if (memcmp(d->pixels + i * pixel + alpha, opaque, d->size) != 0)
            return nqi_fail(d->input->context, NQ_ERROR_UNSUPPORTED,
                            "%s has transparent pixels (the first at row %zu, column %zu); save "
                            "it without an alpha channel",
                            d->input->path, i / d->width + 1, i % d->width + 1);
    return NQ_OK;
}

/* The pixels as planes, without alpha. */
static nq_status table_make(nqi_table *out, const decoder *d)
{
    const size_t count = d->height * d->width, channels = d->samples < 3 ? 1 : 3;
    const nq_status status = channels < d->samples ? opaque_check(d) : NQ_OK;
    if (status)
        return status;
    unsigned char *planes = malloc(count * d->samples * d->size);
    if (!planes)
        return nqi_fail_memory(d->input->context, d->input->path, count * d->samples * d->size);
    nqi_planes_make(planes, d->pixels, count, d->samples, d->size);
    *out = (nqi_table){.rows = 1,
                       .dim = channels * count,
                       .element = d->size == 2 ? NQI_U16 : NQI_U8,
                       .values = planes,
                       .channels = channels,
                       .height = d->height,
                       .width = d->width,
                       .buffer = planes};
    return NQ_OK;
}

/* Palettes become colours; an alpha channel is refused unless all of it is opaque. */
static nq_status png_read(nqi_table *out, nqi_input *input, const nq_read_options *options)
{
    (void)options;
    decoder d = {.input = input};
    *out = (nqi_table){0};
    nq_status status =
        nqi_fail_memory(input->context, "reading a PNG picture", sizeof(nqi_table));
    d.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &d, decoder_refuse, warning_ignore);
    if (d.png && (d.info = png_create_info_struct(d.png))) {
        png_set_user_limits(d.png, LARGEST_SIDE, LARGEST_SIDE);
        /* Texts, profiles and the like are skipped: libpng takes memory by what they promise. */
        png_set_keep_unknown_chunks(d.png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
        png_set_read_fn(d.png, &d, bytes_get);
        if (!(status = decoder_run(&d)))
            status = table_make(out, &d);
    }
    png_destroy_read_struct(&d.png, &d.info, NULL);
    free(d.pixels);
    return status;
}

typedef struct encoder {
    nqi_writer *writer;
    nq_context *context;
    const char *path;
    png_structp png;
    png_infop info;
    nq_status status;
} encoder;

static void encoder_refuse(png_structp png, png_const_charp message)
{
    encoder *e = png_get_error_ptr(png);
    if (!e->status)
        e->status = nqi_fail(e->context, NQ_ERROR_ARGUMENT, "cannot write %s as PNG: %s", e->path,
                             message);
    png_longjmp(png, 1);
}

static void bytes_put(png_structp png, png_bytep bytes, size_t count)
{
    encoder *e = png_get_io_ptr(png);
    e->status = nqi_writer_put(e->writer, bytes, count);
    if (e->status)
        png_longjmp(png, 1);
}

static void bytes_flush(png_structp png)
{
    (void)png;
}

static nq_status encoder_run(encoder *e, const nqi_pixels *pixels)
{
    const size_t line = pixels->width * pixels->channels * (size_t)pixels->depth / 8;
    if (setjmp(png_jmpbuf(e->png)))
        return e->status;
    png_set_IHDR(e->png, e->info, (png_uint_32)pixels->width, (png_uint_32)pixels->height,
                 pixels->depth, pixels->channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(e->png, e->info);
    for (size_t y = 0; y < pixels->height; y++) {
        const nq_status told =
            nqi_tell(e->context, "writing a picture", (double)y, (double)pixels->height);
        if (told)
            return told;
        png_write_row(e->png, pixels->bytes + y * line);
    }
    png_write_end(e->png, NULL);
    return NQ_OK;
}

static nq_status png_write(nqi_writer *writer, nq_context *context, const char *path,
                           const nqi_pixels *pixels)
{
    encoder e = {.writer = writer, .context = context, .path = path};
    if (pixels->width > LARGEST_SIDE || pixels->height > LARGEST_SIDE)
        return nqi_fail(
            context, NQ_ERROR_ARGUMENT,
            "cannot write %s: a PNG of %zu x %zu pixels; expected at most %d each way", path,
            pixels->width, pixels->height, LARGEST_SIDE);
    nq_status status = NQ_ERROR_MEMORY;
    e.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &e, encoder_refuse, warning_ignore);
    if (e.png && (e.info = png_create_info_struct(e.png))) {
        png_set_write_fn(e.png, &e, bytes_put, bytes_flush);
        status = encoder_run(&e, pixels);
    } else {
        nqi_fail_memory(context, "writing a PNG picture", sizeof e);
    }
    png_destroy_write_struct(&e.png, &e.info);
    return status;
}

const nqi_format nqi_format_png = {.extensions = {{.tail = ".png", .name = "PNG"}},
                                   .begins = png_begins,
                                   .read = png_read,
                                   .is_picture = 1,
                                   .picture_write = png_write};
