/* test_pictures.c - PGM, PPM, CIFAR-10, folders and arrays, as they should be and damaged. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "data_bench.h"

#define READ(b, name, text) bench_read(b, name, text, sizeof(text) - 1)

static void pgm_and_ppm_are_read_in_all_four_forms(void **state)
{
    bench *b = *state;
    const double grey[] = {0, 10, 200, 255}, colour[] = {1, 4, 2, 5, 3, 6}, wide[] = {258, 1000};
    const double small[] = {0, 1, 2, 3};
    assert_int_equal(READ(b, "a.pgm", "P2\n# a comment\n2 2\n255\n0 10\n200 255\n"), NQ_OK);
    bench_holds(b, 1, 4, grey);
    bench_shape(b, 1, 2, 2);
    assert_int_equal(READ(b, "a.pgm", "P5 2 2 255\n\x00\x0a\xc8\xff"), NQ_OK);
    bench_holds(b, 1, 4, grey);
    assert_int_equal(READ(b, "a.pgm", "P5#c\n2#\n 2 # 9\n255\n\x00\x0a\xc8\xff"), NQ_OK);
    bench_holds(b, 1, 4, grey);
    assert_int_equal(READ(b, "a.ppm", "P3 2 1 255 1 2 3 4 5 6"), NQ_OK);
    bench_holds(b, 1, 6, colour);
    bench_shape(b, 3, 1, 2);
    assert_int_equal(READ(b, "a.ppm", "P6 2 1 255 \1\2\3\4\5\6"), NQ_OK);
    bench_holds(b, 1, 6, colour);
    assert_int_equal(READ(b, "a.pgm", "P5 2 1 1000\n\x01\x02\x03\xe8"), NQ_OK);
    bench_holds(b, 1, 2, wide);
    assert_int_equal(READ(b, "a.pgm", "P2 2 1 1000\n258 1000"), NQ_OK);
    bench_holds(b, 1, 2, wide);
    assert_int_equal(READ(b, "a.ppm", "P6 1 1 256\n\0\1\0\2\0\3"), NQ_OK);
    bench_holds(b, 1, 3, small + 1);
    assert_int_equal(READ(b, "a.pgm", "P5 2 2 3\n\0\1\2\3"), NQ_OK);
    bench_holds(b, 1, 4, small);
    assert_int_equal(bench_read_gzip(b, "a.pgm.gz", "P5 2 2 3\n\0\1\2\3", 13), NQ_OK);
    bench_holds(b, 1, 4, small);
}

static void damaged_pgm_and_ppm_are_refused(void **state)
{
    bench *b = *state;
    static const struct {
        const char *text, *says;
    } cases[] = {{"P5\n2 2\n255", "expected 4 bytes of data for a picture of 2 x 2 pixels"},
                 {"P5\n2 2\n255\nabc", "found 3"},
                 {"P5\n2 2\n255\nabcde", "found more"},
                 {"P5\n2 2\n9\nabcd", "above the largest number"},
                 {"P5\n2 2\n65536\nabcd", "largest number, a whole number up to 65535"},
                 {"P5\n2 0\n255\n", "above 0"},
                 {"P5\n2 2\n0\n", "above 0"},
                 {"P5\n2 -2\n255\nabcd", "expected the height"},
                 {"P5\n2 2x\n255\nabcd", "expected the height"},
                 {"P5\n99999999 99999999\n255\nabcd", "found 4"},
                 {"P6\n100000000 100000000\n65535\nabcd", "found 4"},
                 {"P5\n999999999999999999999 1\n255\nabcd", "expected the width"},
                 {"P2\n99999999 99999999\n255\n1 2", "before a pixel"},
                 {"P2\n2 1\n255\n1", "before a pixel"},
                 {"P2\n2 1\n255\n1 256", "expected a pixel, a whole number up to 255"},
                 {"P2\n2 1\n255\n1 x", "expected a pixel"},
                 {"P3\n1 1\n255\n1 2", "before a pixel"},
                 {"P5\n2", "before the height"},
                 {"P5\n# a comment without an end", "before the width"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const nq_status status = bench_read(b, "d.pgm", cases[i].text, strlen(cases[i].text));
        if (status != NQ_ERROR_FORMAT)
            fail_msg("'%s' gave %d", cases[i].text, status);
        bench_says(b, cases[i].says);
        bench_says(b, "d.pgm");
    }
}

static void a_table_whose_columns_are_called_p2_is_still_one(void **state)
{
    bench *b = *state;
    const double cells[] = {1, 2};
    assert_int_equal(READ(b, "t.txt", "P2 P3\n1 2\n"), NQ_OK);
    bench_holds(b, 1, 2, cells);
    bench_shape(b, 0, 0, 0);
    assert_int_equal(READ(b, "t.csv", "P5,P6\n1,2\n"), NQ_OK);
    bench_holds(b, 1, 2, cells);
    assert_true(nq_dataset_grey_level(b->data) == 0);
}

static void other_picture_formats_say_what_helps(void **state)
{
    bench *b = *state;
    assert_int_equal(READ(b, "a.jpg", "\xff\xd8\xff\xe0JFIF"), NQ_ERROR_UNSUPPORTED);
    bench_says(b, "JPEG");
    assert_int_equal(READ(b, "a.gif", "GIF89a.."), NQ_ERROR_UNSUPPORTED);
    assert_int_equal(READ(b, "a.pbm", "P4\n8 1\n\xff"), NQ_ERROR_UNSUPPORTED);
    bench_says(b, "PBM");
    assert_int_equal(READ(b, "raw.bin", "\x51\x88\xa7\xb9\xbb\xc1\xcb\xde\xe0"),
                     NQ_ERROR_UNSUPPORTED);
    bench_says(b, "do not say their shape");
    assert_int_equal(READ(b, "text.bin", "1,2\n3,4\n"), NQ_OK);
}

enum { RECORD = 3073 };

static void cifar_records_become_pictures_without_labels(void **state)
{
    bench *b = *state;
    enum { COUNT = 150 };
    unsigned char *bytes = malloc(COUNT * RECORD);
    double row[RECORD - 1];
    assert_non_null(bytes);
    for (size_t i = 0; i < COUNT * RECORD; i++)
        bytes[i] = (unsigned char)(i % RECORD == 0 ? i / RECORD % 10 : i * 2654435761u >> 11);
    for (int is_gzip = 0; is_gzip < 2; is_gzip++) {
        assert_int_equal(is_gzip ? bench_read_gzip(b, "c.bin.gz", bytes, COUNT * RECORD)
                                 : bench_read(b, "c.bin", bytes, COUNT * RECORD),
                         NQ_OK);
        assert_int_equal(nq_dataset_rows(b->data), COUNT);
        bench_shape(b, 3, 32, 32);
        for (size_t r = 0; r < COUNT; r++) {
            nq_dataset_row(row, b->data, r);
            for (size_t i = 0; i < RECORD - 1; i++)
                assert_true(row[i] == bytes[r * RECORD + 1 + i]);
        }
    }
    assert_int_equal(bench_read(b, "c.bin", bytes, COUNT * RECORD - 1), NQ_ERROR_FORMAT);
    bench_says(b, "ends inside record 150");
    assert_int_equal(bench_read(b, "c.bin", bytes, 1), NQ_ERROR_FORMAT);
    bytes[7 * RECORD] = 10;
    assert_int_equal(bench_read(b, "c.bin", bytes, COUNT * RECORD), NQ_ERROR_FORMAT);
    bench_says(b, "record 8 has label 10");
    free(bytes);
}

static void put(bench *b, const char *name, const char *text)
{
    assert_int_equal(scratch_put(scratch_path(&b->place, name), text, strlen(text)), 0);
}

static void a_folder_is_read_in_the_order_of_names(void **state)
{
    bench *b = *state;
    const double expected[] = {1, 2, 3, 4, 5, 6};
    const double last[] = {5, 6};
    const nq_picture picture = {1, 1, 2};
    put(b, "b.pgm", "P2 2 1 255 3 4");
    put(b, "a10.PGM", "P2 2 1 255 1 2");
    put(b, ".hidden.pgm", "P2 9 9");
    put(b, "notes.txt", "not a picture");
    assert_int_equal(nq_picture_write(scratch_path(&b->place, "c.png"), &b->context, last,
                                      &picture, 255, 8),
                     NQ_OK);
    assert_int_equal(bench_open(b, b->place.folder), NQ_OK);
    bench_holds(b, 3, 2, expected);
    bench_shape(b, 1, 1, 2);
    char path[300];
    snprintf(path, sizeof path, "%s/", b->place.folder);
    assert_int_equal(bench_open(b, path), NQ_OK);
    bench_holds(b, 3, 2, expected);
}

static void folders_of_unlike_pictures_name_two(void **state)
{
    bench *b = *state;
    assert_int_equal(bench_open(b, b->place.folder), NQ_ERROR_FILE);
    bench_says(b, "it is a folder without pictures");
    put(b, "a.pgm", "P2 2 1 255 3 4");
    static const char *const others[] = {"P2 1 2 255 3 4", "P3 2 1 255 1 2 3 4 5 6",
                                         "P2 2 1 300 3 4"};
    for (int i = 0; i < 3; i++) {
        put(b, "z.pgm", others[i]);
        assert_int_equal(bench_open(b, b->place.folder), NQ_ERROR_SHAPE);
        bench_says(b, "/a.pgm has 1 x 1 x 2");
        bench_says(b, "/z.pgm has ");
    }
    put(b, "z.pgm", "P2 2 1 255 3");
    assert_int_equal(bench_open(b, b->place.folder), NQ_ERROR_FORMAT);
    bench_says(b, "z.pgm");
    put(b, "z.pgm", "1,2\n");
    assert_int_equal(bench_open(b, b->place.folder), NQ_ERROR_FORMAT);
    bench_says(b, "no PNG, PGM or PPM");
}

/* An npy file of bytes with this shape, filled 0, 1, 2, ... */
static nq_status npy_open(bench *b, const char *shape, size_t count, int is_gzip)
{
    unsigned char bytes[128 + 256];
    memset(bytes, ' ', 128);
    memcpy(bytes, "\x93NUMPY\x01\x00\x76\x00", 10);
    char *text = (char *)bytes + 10;
    const int length =
        snprintf(text, 118, "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }", shape);
    text[length] = ' ';
    bytes[127] = '\n';
    for (size_t i = 0; i < count; i++)
        bytes[128 + i] = (unsigned char)i;
    return is_gzip ? bench_read_gzip(b, "s.npy.gz", bytes, 128 + count)
                   : bench_read(b, "s.npy", bytes, 128 + count);
}

static void arrays_of_rank_3_and_4_are_pictures(void **state)
{
    bench *b = *state;
    double straight[24], turned[24];
    for (int i = 0; i < 24; i++) { /* (2, 2, 2, 3) to (2, 3, 2, 2) */
        straight[i] = i;
        turned[i] = i / 12 * 12 + i % 4 * 3 + i / 4 % 3;
    }
    for (int is_gzip = 0; is_gzip < 2; is_gzip++) {
        assert_int_equal(npy_open(b, "(2, 3, 4)", 24, is_gzip), NQ_OK);
        bench_shape(b, 1, 3, 4);
        bench_holds(b, 2, 12, straight);
        assert_int_equal(npy_open(b, "(2, 3, 2, 2)", 24, is_gzip), NQ_OK);
        bench_shape(b, 3, 2, 2);
        bench_holds(b, 2, 12, straight);
        assert_int_equal(npy_open(b, "(2, 2, 2, 3)", 24, is_gzip), NQ_OK);
        bench_shape(b, 3, 2, 2);
        bench_holds(b, 2, 12, turned);
        assert_int_equal(npy_open(b, "(2, 3, 4, 1)", 24, is_gzip), NQ_OK);
        bench_shape(b, 3, 4, 1);
        assert_int_equal(npy_open(b, "(2, 4, 3, 1)", 24, is_gzip), NQ_OK);
        bench_shape(b, 1, 4, 3);
        bench_holds(b, 2, 12, straight);
        assert_int_equal(npy_open(b, "(3, 2, 2, 2)", 24, is_gzip), NQ_OK);
        bench_shape(b, 0, 0, 0);
        assert_int_equal(npy_open(b, "(2, 12)", 24, is_gzip), NQ_OK);
        bench_shape(b, 0, 0, 0);
    }
    assert_int_equal(READ(b, "i", "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03\1\2\3\4\5\6"),
                     NQ_OK);
    bench_shape(b, 1, 1, 3);
    assert_int_equal(READ(b, "i",
                          "\0\0\x08\x04\0\0\0\x01\0\0\0\x01\0\0\0\x02\0\0\0\x03\1\2\3\4\5\6"),
                     NQ_OK);
    bench_shape(b, 1, 2, 3);
    assert_int_equal(READ(b, "i",
                          "\0\0\x0b\x04\0\0\0\x01\0\0\0\x02\0\0\0\x01\0\0\0\x03"
                          "\0\1\0\2\0\3\0\4\0\5\0\6"),
                     NQ_OK);
    bench_shape(b, 3, 2, 1);
    bench_holds(b, 1, 6, (const double[]){1, 4, 2, 5, 3, 6});
}

static void a_flat_row_can_be_given_its_shape(void **state)
{
    bench *b = *state;
    nq_dataset *slice;
    nq_picture found;
    const nq_picture shape = {1, 2, 3};
    const nq_picture wrong[] = {
        {1, 2, 2}, {0, 2, 3}, {0, 0, 0}, {6, 1, 0}, {SIZE_MAX / 2 + 1, 2, 6}};
    assert_int_equal(READ(b, "f.csv", "1,2,3,4,5,6\n7,8,9,10,11,12\n"), NQ_OK);
    bench_shape(b, 0, 0, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(nq_dataset_set_picture(b->data, &b->context, &wrong[i]), NQ_ERROR_SHAPE);
    bench_says(b, "rows of 6 numbers");
    bench_shape(b, 0, 0, 0);
    assert_int_equal(nq_dataset_set_picture(b->data, &b->context, &shape), NQ_OK);
    bench_shape(b, 1, 2, 3);
    assert_int_equal(nq_dataset_slice(&slice, &b->context, b->data, 1, 1), NQ_OK);
    nq_dataset_picture(&found, slice);
    assert_memory_equal(&found, &shape, sizeof shape);
    nq_dataset_free(slice);
}

static void shapes_are_read_from_text(void **state)
{
    static const char *const bad[] = {"",        "28",        "x28",  "28x",   "28x28x",
                                      "0x28",    "-1x2",      " 2x2", "2x2 ",  "2 x2",
                                      "1x2x3x4", "1048577x1", "axb",  "1e1x1", "2,2"};
    (void)state;
    nq_picture p = {7, 7, 7};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(nq_picture_parse(&p, bad[i]));
    assert_true(p.channels == 7 && p.height == 7 && p.width == 7);
    assert_true(nq_picture_parse(&p, "28x30"));
    assert_true(p.channels == 0 && p.height == 28 && p.width == 30);
    assert_true(nq_picture_parse(&p, "3X32x1048576"));
    assert_true(p.channels == 3 && p.height == 32 && p.width == 1048576);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(shapes_are_read_from_text),
        TEST(pgm_and_ppm_are_read_in_all_four_forms),
        TEST(damaged_pgm_and_ppm_are_refused),
        TEST(a_table_whose_columns_are_called_p2_is_still_one),
        TEST(other_picture_formats_say_what_helps),
        TEST(cifar_records_become_pictures_without_labels),
        TEST(a_folder_is_read_in_the_order_of_names),
        TEST(folders_of_unlike_pictures_name_two),
        TEST(arrays_of_rank_3_and_4_are_pictures),
        TEST(a_flat_row_can_be_given_its_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
