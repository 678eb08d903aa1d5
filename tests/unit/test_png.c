/* test_png.c - PNG pictures of every kind, damaged ones, and pictures that are written. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include <png.h>

#include "data_bench.h"

/* A PNG made by libpng itself. */
typedef struct recipe {
    png_uint_32 width, height;
    int depth, type, interlace;
    int palette;         /* its entries are (10 i, 10 i + 1, 10 i + 2) */
    int transparent;     /* palette entries that are not opaque */
    png_color_16 *clear; /* the colour that is transparent, or NULL */
} recipe;

#define KIND(w, h, bits, kind) .width = (w), .height = (h), .depth = (bits), .type = (kind)

static void png_make(const char *path, const recipe *r, const unsigned char *rows, size_t line)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_color colours[4];
    png_byte alphas[4] = {0x80, 0xff, 0xff, 0xff}, *pointers[16];
    for (int i = 0; i < 4; i++)
        colours[i] =
            (png_color){(png_byte)(10 * i), (png_byte)(10 * i + 1), (png_byte)(10 * i + 2)};
    if (setjmp(png_jmpbuf(png)))
        fail_msg("libpng could not write %s", path);
    png_init_io(png, file);
    png_set_IHDR(png, info, r->width, r->height, r->depth, r->type, r->interlace,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (r->palette)
        png_set_PLTE(png, info, colours, 4);
    if (r->transparent)
        png_set_tRNS(png, info, alphas, r->transparent, NULL);
    if (r->clear)
        png_set_tRNS(png, info, NULL, 0, r->clear);
    png_write_info(png, info);
    for (size_t y = 0; y < r->height; y++)
        pointers[y] = (png_byte *)rows + y * line;
    png_write_image(png, pointers);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    fclose(file);
}

static nq_status png_open(bench *b, const recipe *r, const unsigned char *rows, size_t line)
{
    const char *path = scratch_path(&b->place, "a.png");
    png_make(path, r, rows, line);
    return bench_open(b, path);
}

static void grey_levels_of_every_depth_are_read(void **state)
{
    bench *b = *state;
    const double bytes[] = {0, 1, 254, 255, 7, 9}, wide[] = {0x0102, 0xffff},
                 bits[] = {255, 0, 0, 255, 0, 255, 255, 0}, quads[] = {0x11, 0xff};
    const unsigned char levels[] = {0, 1, 254, 255, 7, 9};
    assert_int_equal(png_open(b, &(recipe){KIND(3, 2, 8, PNG_COLOR_TYPE_GRAY)}, levels, 3),
                     NQ_OK);
    bench_holds(b, 1, 6, bytes);
    bench_shape(b, 1, 2, 3);
    assert_true(nq_dataset_grey_level(b->data) == 1);
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 16, PNG_COLOR_TYPE_GRAY)},
                              (const unsigned char *)"\x01\x02\xff\xff", 4),
                     NQ_OK);
    bench_holds(b, 1, 2, wide);
    assert_true(nq_dataset_grey_level(b->data) == 1);
    assert_int_equal(png_open(b, &(recipe){KIND(4, 2, 1, PNG_COLOR_TYPE_GRAY)},
                              (const unsigned char *)"\x90\x60", 1),
                     NQ_OK);
    bench_holds(b, 1, 8, bits);
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 4, PNG_COLOR_TYPE_GRAY)},
                              (const unsigned char *)"\x1f", 1),
                     NQ_OK);
    bench_holds(b, 1, 2, quads);
}

static void colours_become_planes(void **state)
{
    bench *b = *state;
    const double planes[] = {1, 4, 2, 5, 3, 6}, wide[] = {256, 4, 2, 5, 3, 6};
    const double entries[] = {30, 0, 31, 1, 32, 2};
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 8, PNG_COLOR_TYPE_RGB)},
                              (const unsigned char *)"\1\2\3\4\5\6", 6),
                     NQ_OK);
    bench_holds(b, 1, 6, planes);
    bench_shape(b, 3, 1, 2);
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 16, PNG_COLOR_TYPE_RGB)},
                              (const unsigned char *)"\1\0\0\2\0\3\0\4\0\5\0\6", 12),
                     NQ_OK);
    bench_holds(b, 1, 6, wide);
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 2, PNG_COLOR_TYPE_PALETTE), .palette = 1},
                              (const unsigned char *)"\xc0", 1),
                     NQ_OK);
    bench_holds(b, 1, 6, entries);
    bench_shape(b, 3, 1, 2);
}

/* Small ones lack some of the seven passes. */
static void interlaced_pictures_are_the_same(void **state)
{
    bench *b = *state;
    enum { SIDE = 13 };
    unsigned char rows[SIDE * SIDE];
    double found[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++)
        rows[i] = (unsigned char)(i * 37);
    for (unsigned height = 1; height <= SIDE; height++)
        for (unsigned width = 1; width <= SIDE; width++) {
            assert_int_equal(png_open(b,
                                      &(recipe){KIND(width, height, 8, PNG_COLOR_TYPE_GRAY),
                                                .interlace = PNG_INTERLACE_ADAM7},
                                      rows, width),
                             NQ_OK);
            nq_dataset_row(found, b->data, 0);
            for (unsigned i = 0; i < height * width; i++)
                assert_true(found[i] == rows[i]);
        }
}

static void opaque_alpha_is_dropped_and_other_alpha_refused(void **state)
{
    bench *b = *state;
    const double grey[] = {7, 8}, colour[] = {1, 4, 2, 5, 3, 6};
    png_color_16 clear = {.gray = 8}, absent = {.gray = 9};
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 8, PNG_COLOR_TYPE_GRAY_ALPHA)},
                              (const unsigned char *)"\x07\xff\x08\xff", 4),
                     NQ_OK);
    bench_holds(b, 1, 2, grey);
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 8, PNG_COLOR_TYPE_RGB_ALPHA)},
                              (const unsigned char *)"\1\2\3\xff\4\5\6\xff", 8),
                     NQ_OK);
    bench_holds(b, 1, 6, colour);
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 8, PNG_COLOR_TYPE_GRAY_ALPHA)},
                              (const unsigned char *)"\x07\xff\x08\xfe", 4),
                     NQ_ERROR_UNSUPPORTED);
    bench_says(b, "transparent pixels (the first at row 1, column 2)");
    assert_int_equal(png_open(b, &(recipe){KIND(1, 1, 16, PNG_COLOR_TYPE_GRAY_ALPHA)},
                              (const unsigned char *)"\x07\x01\xff\xfe", 4),
                     NQ_ERROR_UNSUPPORTED);
    assert_int_equal(png_open(b,
                              &(recipe){KIND(2, 1, 2, PNG_COLOR_TYPE_PALETTE), .palette = 1,
                                        .transparent = 1},
                              (const unsigned char *)"\x10", 1),
                     NQ_ERROR_UNSUPPORTED);
    assert_int_equal(png_open(b,
                              &(recipe){KIND(2, 1, 2, PNG_COLOR_TYPE_PALETTE), .palette = 1,
                                        .transparent = 1},
                              (const unsigned char *)"\x50", 1),
                     NQ_OK);
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 8, PNG_COLOR_TYPE_GRAY), .clear = &clear},
                              (const unsigned char *)"\x07\x08", 2),
                     NQ_ERROR_UNSUPPORTED);
    assert_int_equal(png_open(b, &(recipe){KIND(2, 1, 8, PNG_COLOR_TYPE_GRAY), .clear = &absent},
                              (const unsigned char *)"\x07\x08", 2),
                     NQ_OK);
}

static void a_png_cut_anywhere_is_refused(void **state)
{
    bench *b = *state;
    unsigned char bytes[4096];
    const double pixels[6] = {1, 2, 3, 4, 5, 6};
    const nq_picture picture = {1, 2, 3};
    const char *path = scratch_path(&b->place, "whole.png");
    assert_int_equal(nq_picture_write(path, &b->context, pixels, &picture, 255, 8), NQ_OK);
    const long size = scratch_get(path, bytes, sizeof bytes);
    for (long cut = 0; cut < size; cut++) {
        assert_int_equal(bench_read(b, "cut.png", bytes, (size_t)cut), NQ_ERROR_FORMAT);
        bench_says(b, "cut.png");
    }
    for (long at = 8; at < size; at++) { /* every chunk has a checksum */
        bytes[at] ^= 0x55;
        assert_int_not_equal(bench_read(b, "changed.png", bytes, (size_t)size), NQ_OK);
        bytes[at] ^= 0x55;
    }
    assert_int_equal(bench_read(b, "whole.png", bytes, (size_t)size), NQ_OK);
    assert_int_equal(bench_read_gzip(b, "whole.png.gz", bytes, (size_t)size), NQ_OK);
    bench_shape(b, 1, 2, 3);
}

/* Signature, header and nothing else: what it promises must not be believed. */
static void huge_png(bench *b, png_uint_32 width, png_uint_32 height, int interlace,
                     nq_status expected, const char *says)
{
    unsigned char bytes[8 + 25 + 12] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
    for (int i = 0; i < 4; i++) {
        bytes[16 + i] = (unsigned char)(width >> (24 - 8 * i));
        bytes[20 + i] = (unsigned char)(height >> (24 - 8 * i));
    }
    memcpy(bytes + 24, "\x10\x06\0\0", 4);
    bytes[28] = (unsigned char)interlace;
    const uint32_t sum = (uint32_t)crc32(0, bytes + 12, 17);
    for (int i = 0; i < 4; i++)
        bytes[29 + i] = (unsigned char)(sum >> (24 - 8 * i));
    memcpy(bytes + 33, "\0\0\0\0IDAT\x35\xaf\x06\x1e", 12);
    assert_int_equal(bench_read(b, "huge.png", bytes, sizeof bytes), expected);
    bench_says(b, says);
}

static void png_extents_are_not_believed(void **state)
{
    bench *b = *state;
    huge_png(b, 0x7fffffff, 0x7fffffff, 0, NQ_ERROR_FORMAT, "damaged PNG");
    huge_png(b, 0, 5, 0, NQ_ERROR_FORMAT, "damaged PNG");
    huge_png(b, 1000000, 1000000, 0, NQ_ERROR_FORMAT, "truncated");
    huge_png(b, 1000000, 1000000, 1, NQ_ERROR_FORMAT, "truncated");
    huge_png(b, 16000, 16000, 1, NQ_ERROR_FORMAT, "truncated");
}

/* A text of 2 GB that is not there; and one that is. */
static void texts_of_a_png_are_skipped(void **state)
{
    bench *b = *state;
    const double pixels[] = {5};
    unsigned char bytes[400], longer[sizeof bytes];
    assert_int_equal(png_open(b, &(recipe){KIND(1, 1, 8, PNG_COLOR_TYPE_GRAY)},
                              (const unsigned char *)"\5", 1),
                     NQ_OK);
    const size_t size = (size_t)scratch_get(b->place.path, bytes, sizeof bytes), head = 8 + 25;
    memcpy(longer, bytes, head);
    memcpy(longer + head, "\0\0\0\4tEXta\0bc", 12);
    const uint32_t sum = (uint32_t)crc32(0, longer + head + 4, 8);
    for (int i = 0; i < 4; i++)
        longer[head + 12 + (size_t)i] = (unsigned char)(sum >> (24 - 8 * i));
    memcpy(longer + head + 16, bytes + head, size - head);
    assert_int_equal(bench_read(b, "text.png", longer, size + 16), NQ_OK);
    bench_holds(b, 1, 1, pixels);
    memcpy(longer + head, "\x7f\xff\xff\xf0iTXt", 8);
    assert_int_equal(bench_read(b, "long.png", longer, size + 16), NQ_ERROR_FORMAT);
    bench_says(b, "truncated");
}

static void what_is_written_as_png_reads_back(void **state)
{
    bench *b = *state;
    enum { HEIGHT = 5, WIDTH = 7, COUNT = 3 * HEIGHT * WIDTH };
    double pixels[COUNT], found[COUNT];
    static const char *const names[2][3] = {{"w.png", "w.pgm", "w.pgm.gz"},
                                            {"w.png", "w.ppm", "w.ppm.gz"}};
    for (int depth = 8; depth <= 16; depth += 8) {
        for (size_t i = 0; i < COUNT; i++)
            pixels[i] = (double)(i * 2654435761u >> 7 & (depth == 8 ? 255 : 65535));
        for (size_t n = 0; n < 6; n++) {
            const nq_picture picture = {n < 3 ? 1 : 3, HEIGHT, WIDTH};
            const char *path = scratch_path(&b->place, names[n / 3][n % 3]);
            assert_int_equal(nq_picture_write(path, &b->context, pixels, &picture,
                                              depth == 8 ? 255 : 65535, depth),
                             NQ_OK);
            assert_int_equal(bench_open(b, path), NQ_OK);
            bench_shape(b, picture.channels, HEIGHT, WIDTH);
            nq_dataset_row(found, b->data, 0);
            assert_memory_equal(found, pixels, picture.channels * HEIGHT * WIDTH * sizeof *found);
        }
    }
}

static void written_numbers_are_scaled_rounded_and_clipped(void **state)
{
    bench *b = *state;
    const double pixels[] = {-0.5, 0, 0.5, 1, 7, NAN, INFINITY, -INFINITY};
    const double bytes[] = {0, 0, 128, 255, 255, 0, 255, 0};
    const double wide[] = {0, 0, 32768, 65535, 65535, 0, 65535, 0};
    const nq_picture picture = {1, 2, 4};
    const char *path = scratch_path(&b->place, "c.png");
    assert_int_equal(nq_picture_write(path, &b->context, pixels, &picture, 1, 8), NQ_OK);
    assert_int_equal(bench_open(b, path), NQ_OK);
    bench_holds(b, 1, 8, bytes);
    assert_int_equal(nq_picture_write(path, &b->context, pixels, &picture, 1, 16), NQ_OK);
    assert_int_equal(bench_open(b, path), NQ_OK);
    bench_holds(b, 1, 8, wide);
}

static nq_status write_as(bench *b, const char *name, nq_picture picture, double white, int depth)
{
    const double pixels[4] = {0};
    return nq_picture_write(scratch_path(&b->place, name), &b->context, pixels, &picture, white,
                            depth);
}

static void what_no_picture_file_can_hold_is_refused(void **state)
{
    bench *b = *state;
    assert_int_equal(write_as(b, "a.jpg", (nq_picture){1, 2, 2}, 1, 8), NQ_ERROR_ARGUMENT);
    bench_says(b, ".png, .pgm or .ppm");
    assert_int_equal(write_as(b, ".png", (nq_picture){2, 1, 1}, 1, 8), NQ_ERROR_SHAPE);
    assert_int_equal(write_as(b, "a.ppm", (nq_picture){1, 2, 2}, 1, 8), NQ_ERROR_SHAPE);
    bench_says(b, "expected three");
    assert_int_equal(write_as(b, "a.pgm", (nq_picture){3, 1, 1}, 1, 8), NQ_ERROR_SHAPE);
    assert_int_equal(write_as(b, "a.png", (nq_picture){1, 0, 4}, 1, 8), NQ_ERROR_SHAPE);
    assert_int_equal(write_as(b, "a.png", (nq_picture){1, SIZE_MAX, 4}, 1, 8), NQ_ERROR_SHAPE);
    assert_int_equal(write_as(b, "a.png", (nq_picture){1, 2, 2}, 0, 8), NQ_ERROR_ARGUMENT);
    assert_int_equal(write_as(b, "a.png", (nq_picture){1, 2, 2}, (double)NAN, 8),
                     NQ_ERROR_ARGUMENT);
    assert_int_equal(write_as(b, "a.png", (nq_picture){1, 2, 2}, 1, 12), NQ_ERROR_ARGUMENT);
    assert_int_equal(write_as(b, "none/a.png", (nq_picture){1, 2, 2}, 1, 8), NQ_ERROR_FILE);
    bench_says(b, "folder does not exist");
    assert_int_equal(scratch_count(&b->place), 0);
}

static void a_full_disk_is_told_and_leaves_the_old_picture(void **state)
{
    bench *b = *state;
    enum { SIDE = 512 };
    const nq_picture picture = {1, SIDE, SIDE};
    double *pixels = malloc(SIDE * SIDE * sizeof *pixels);
    if (access("/dev/full", W_OK))
        skip();
    assert_non_null(pixels);
    for (size_t i = 0; i < SIDE * SIDE; i++) /* more than any buffer on the way */
        pixels[i] = (double)(i * 2654435761u >> 9 & 65535);
    static const char *const names[] = {"f.png", "f.pgm", "f.pgm.gz"};
    for (int i = 0; i < 3; i++) {
        const char *path = scratch_path(&b->place, names[i]);
        assert_int_equal(symlink("/dev/full", path), 0);
        assert_int_equal(nq_picture_write(path, &b->context, pixels, &picture, 65535, 16),
                         NQ_ERROR_FILE);
        bench_says(b, "No space left");
    }
    free(pixels);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(grey_levels_of_every_depth_are_read),
        TEST(colours_become_planes),
        TEST(interlaced_pictures_are_the_same),
        TEST(opaque_alpha_is_dropped_and_other_alpha_refused),
        TEST(a_png_cut_anywhere_is_refused),
        TEST(png_extents_are_not_believed),
        TEST(texts_of_a_png_are_skipped),
        TEST(what_is_written_as_png_reads_back),
        TEST(written_numbers_are_scaled_rounded_and_clipped),
        TEST(what_no_picture_file_can_hold_is_refused),
        TEST(a_full_disk_is_told_and_leaves_the_old_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
