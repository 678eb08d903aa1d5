/* test_file.c - files appear whole or not at all; gzip is read and written unasked. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include <cmocka.h>

#include "core/context.h"
#include "io/file/file.h"
#include "says.h"
#include "scratch.h"

enum { LARGE = 300001 }; /* bytes: several buffers, no multiple of one */

typedef struct bench {
    scratch place; /* first: scratch_tear_down */
    nq_context context;
    unsigned char large[LARGE], copy[LARGE + 100];
} bench;

static int set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    if (!b || scratch_new(&b->place))
        return -1;
    unsigned number = 1;
    for (size_t i = 0; i < LARGE; i++) {
        number = number * 1664525u + 1013904223u;
        b->large[i] = (unsigned char)(number >> 24 & 0x1f); /* compresses somewhat */
    }
    *state = b;
    return 0;
}

/* Writes in pieces of every size up to a few thousand bytes. */
static nq_status pieces_write(bench *b, const char *path)
{
    nqi_writer *writer;
    nq_status status = nqi_writer_open(&writer, &b->context, path);
    if (status)
        return status;
    for (size_t begin = 0, piece = 0; begin < LARGE; begin += piece++) {
        if (piece > LARGE - begin)
            piece = LARGE - begin;
        if ((status = nqi_writer_put(writer, b->large + begin, piece)))
            break;
    }
    if (!status)
        return nqi_writer_commit(writer);
    nqi_writer_abandon(writer);
    return status;
}

static nq_status whole_read(bench *b, const char *path, size_t piece, size_t *total)
{
    nqi_reader *reader;
    size_t got;
    *total = 0;
    nq_status status = nqi_reader_open(&reader, &b->context, path);
    if (status)
        return status;
    do {
        const size_t room = sizeof b->copy - *total, want = piece < room ? piece : room;
        status = nqi_reader_get(reader, b->copy + *total, want, &got);
        *total += got;
        if (!status && got < want) {
            size_t more = 1; /* the end stays the end */
            assert_int_equal(nqi_reader_get(reader, b->copy + *total, 1, &more), NQ_OK);
            assert_int_equal(more, 0);
        }
    } while (!status && got == piece);
    nqi_reader_free(reader);
    return status;
}

static void round_trip(bench *b, const char *name)
{
    const size_t pieces[] = {sizeof b->copy, 1000, 65536, 70000, 7};
    const char *path = scratch_path(&b->place, name);
    assert_int_equal(pieces_write(b, path), NQ_OK);
    assert_int_equal(scratch_count(&b->place), 1);
    for (size_t i = 0; i < 5; i++) {
        size_t total;
        memset(b->copy, 0xff, sizeof b->copy);
        assert_int_equal(whole_read(b, path, pieces[i], &total), NQ_OK);
        assert_int_equal(total, LARGE);
        assert_memory_equal(b->copy, b->large, LARGE);
    }
}

static void plain_files_read_back(void **state)
{
    bench *b = *state;
    round_trip(b, "plain.bin");
    assert_int_equal(scratch_get(b->place.path, b->copy, sizeof b->copy), LARGE);
}

static void gzip_files_read_back_and_are_smaller(void **state)
{
    bench *b = *state;
    round_trip(b, "packed.bin.gz");
    const long size = scratch_get(b->place.path, b->copy, sizeof b->copy);
    assert_true(size > 0 && size < LARGE * 7 / 10);
    assert_int_equal(b->copy[0], 0x1f);
    assert_int_equal(b->copy[1], 0x8b);
}

static void gzip_is_known_by_content_and_not_by_name(void **state)
{
    bench *b = *state;
    size_t total;
    assert_int_equal(pieces_write(b, scratch_path(&b->place, "packed.gz")), NQ_OK);
    char from[600];
    strcpy(from, b->place.path);
    assert_int_equal(rename(from, scratch_path(&b->place, "plain.csv")), 0);
    assert_int_equal(whole_read(b, b->place.path, 1000, &total), NQ_OK);
    assert_int_equal(total, LARGE);
    assert_int_equal(scratch_put(scratch_path(&b->place, "no.gz"), "1,2\n", 4), 0);
    assert_int_equal(whole_read(b, b->place.path, 1000, &total), NQ_OK);
    assert_int_equal(total, 4);
}

static void empty_and_tiny_files_are_read(void **state)
{
    bench *b = *state;
    const char *path = scratch_path(&b->place, "tiny");
    for (size_t size = 0; size < 4; size++) {
        size_t total;
        assert_int_equal(scratch_put(path, "\x1f\x7f\x7f", size), 0);
        assert_int_equal(whole_read(b, path, 100, &total), NQ_OK);
        assert_int_equal(total, size);
    }
}

static void an_empty_file_is_written_plain_and_packed(void **state)
{
    bench *b = *state;
    const char *const names[] = {"empty", "empty.gz"};
    for (size_t i = 0; i < 2; i++) {
        nqi_writer *writer;
        size_t total;
        const char *path = scratch_path(&b->place, names[i]);
        assert_int_equal(nqi_writer_open(&writer, &b->context, path), NQ_OK);
        assert_int_equal(nqi_writer_commit(writer), NQ_OK);
        assert_int_equal(whole_read(b, path, 100, &total), NQ_OK);
        assert_int_equal(total, 0);
    }
}

static void truncated_gzip_is_refused(void **state)
{
    bench *b = *state;
    const char *path = scratch_path(&b->place, "short.gz");
    assert_int_equal(pieces_write(b, path), NQ_OK);
    unsigned char *packed = malloc(LARGE);
    assert_non_null(packed);
    const size_t size = (size_t)scratch_get(path, packed, LARGE);
    const size_t cuts[] = {2, 9, 10, 11, 1000, size / 2, size - 9, size - 8, size - 1};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        size_t total;
        assert_int_equal(scratch_put(path, packed, cuts[i]), 0);
        assert_int_equal(whole_read(b, path, 5000, &total), NQ_ERROR_FORMAT);
        context_says(&b->context, "truncated");
        context_says(&b->context, path);
    }
    free(packed);
}

static void damaged_gzip_is_refused(void **state)
{
    bench *b = *state;
    const char *path = scratch_path(&b->place, "bad.gz");
    assert_int_equal(pieces_write(b, path), NQ_OK);
    unsigned char *packed = malloc(LARGE);
    assert_non_null(packed);
    const size_t size = (size_t)scratch_get(path, packed, LARGE), places[] = {2, size - 6};
    for (size_t i = 0; i < 2; i++) { /* method; checksum */
        size_t total;
        packed[places[i]] ^= 0x55;
        assert_int_equal(scratch_put(path, packed, size), 0);
        assert_int_equal(whole_read(b, path, 5000, &total), NQ_ERROR_FORMAT);
        context_says(&b->context, "damaged");
        packed[places[i]] ^= 0x55;
    }
    free(packed);
}

static void several_gzip_members_are_one_file(void **state)
{
    bench *b = *state;
    const char *path = scratch_path(&b->place, "members.gz");
    for (int i = 0; i < 3; i++) {
        gzFile file = gzopen(path, "ab");
        assert_non_null(file);
        assert_int_equal(gzwrite(file, b->large + 1000 * i, 1000), 1000);
        assert_int_equal(gzclose(file), Z_OK);
    }
    for (int padded = 0; padded < 2; padded++) {
        size_t total;
        assert_int_equal(whole_read(b, path, 700, &total), NQ_OK);
        assert_int_equal(total, 3000);
        assert_memory_equal(b->copy, b->large, 3000);
        FILE *file = fopen(path, "ab"); /* zeros at the end, as tapes have them */
        assert_non_null(file);
        for (int i = 0; i < 70000; i++)
            putc(0, file);
        fclose(file);
    }
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    fputs("rest", file);
    fclose(file);
    size_t total;
    assert_int_equal(whole_read(b, path, 700, &total), NQ_ERROR_FORMAT);
    context_says(&b->context, "after its gzip data");
}

static void what_cannot_be_read_is_said(void **state)
{
    bench *b = *state;
    size_t total;
    assert_int_equal(whole_read(b, scratch_path(&b->place, "none"), 10, &total), NQ_ERROR_FILE);
    context_says(&b->context, "none: No such file");
    assert_int_equal(whole_read(b, b->place.folder, 10, &total), NQ_ERROR_FILE);
    context_says(&b->context, "is a folder");
    context_says(&b->context, b->place.folder);
    nqi_reader_free(NULL);
}

static void the_old_file_stays_until_the_new_one_is_whole(void **state)
{
    bench *b = *state;
    nqi_writer *writer;
    char text[10] = "";
    const char *path = scratch_path(&b->place, "file");
    assert_int_equal(scratch_put(path, "old", 3), 0);
    assert_int_equal(nqi_writer_open(&writer, &b->context, path), NQ_OK);
    assert_int_equal(nqi_writer_put(writer, b->large, LARGE), NQ_OK);
    assert_int_equal(scratch_get(path, text, 9), 3);
    assert_string_equal(text, "old");
    assert_int_equal(scratch_count(&b->place), 2); /* the temporary file is beside it */
    nqi_writer_abandon(writer);
    assert_int_equal(scratch_get(path, text, 9), 3);
    assert_int_equal(scratch_count(&b->place), 1);
    assert_int_equal(pieces_write(b, path), NQ_OK);
    assert_int_equal(scratch_get(path, b->copy, sizeof b->copy), LARGE);
    assert_int_equal(scratch_count(&b->place), 1);
    nqi_writer_abandon(NULL);
}

static void a_name_as_long_as_names_can_be_is_written(void **state)
{
    bench *b = *state;
    char name[257];
    memset(name, 'n', 255);
    name[255] = '\0';
    assert_int_equal(pieces_write(b, scratch_path(&b->place, name)), NQ_OK);
    name[255] = 'n';
    name[256] = '\0';
    assert_int_equal(pieces_write(b, scratch_path(&b->place, name)), NQ_ERROR_FILE);
    context_says(&b->context, strerror(ENAMETOOLONG));
    assert_int_equal(scratch_count(&b->place), 1);
}

static void what_cannot_be_written_is_said_at_once(void **state)
{
    bench *b = *state;
    nqi_writer *writer;
    assert_int_equal(nqi_writer_open(&writer, &b->context, b->place.folder), NQ_ERROR_FILE);
    context_says(&b->context, "is a folder");
    assert_null(writer);
    const char *path = scratch_path(&b->place, "missing/file");
    assert_int_equal(nqi_writer_open(&writer, &b->context, path), NQ_ERROR_FILE);
    context_says(&b->context, "its folder does not exist");
    context_says(&b->context, path);
    path = scratch_path(&b->place, "new/");
    assert_int_equal(nqi_writer_open(&writer, &b->context, path), NQ_ERROR_FILE);
    context_says(&b->context, "is a folder");
    assert_int_equal(scratch_put(scratch_path(&b->place, "plain"), "x", 1), 0);
    path = scratch_path(&b->place, "plain/file");
    assert_int_equal(nqi_writer_open(&writer, &b->context, path), NQ_ERROR_FILE);
    context_says(&b->context, "not a folder");
    assert_int_equal(nqi_writer_open(&writer, &b->context, ""), NQ_ERROR_FILE);
    context_says(&b->context, "empty");
    assert_int_equal(scratch_count(&b->place), 1);
}

/* Devices are written in place: rename would put a file where /dev/full was. */
static void a_full_device_is_reported_and_stays_a_device(void **state)
{
    bench *b = *state;
    struct stat about;
    if (stat("/dev/full", &about) || !S_ISCHR(about.st_mode))
        skip();
    assert_int_equal(pieces_write(b, "/dev/full"), NQ_ERROR_FILE);
    context_says(&b->context, "/dev/full");
    context_says(&b->context, strerror(ENOSPC));
    nqi_writer *writer; /* so little that only the commit writes */
    assert_int_equal(nqi_writer_open(&writer, &b->context, "/dev/full"), NQ_OK);
    assert_int_equal(nqi_writer_put(writer, "x", 1), NQ_OK);
    assert_int_equal(nqi_writer_commit(writer), NQ_ERROR_FILE);
    assert_int_equal(stat("/dev/full", &about), 0);
    assert_true(S_ISCHR(about.st_mode));
    assert_int_equal(pieces_write(b, "/dev/null"), NQ_OK);
    assert_int_equal(stat("/dev/null", &about), 0);
    assert_true(S_ISCHR(about.st_mode));
}

static void a_full_disk_leaves_the_old_file_and_nothing_else(void **state)
{
    bench *b = *state;
    struct rlimit before;
    const char *const names[] = {"file", "file.gz"};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {100000, before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < 2; i++) {
        const char *path = scratch_path(&b->place, names[i]);
        assert_int_equal(scratch_put(path, "old", 3), 0);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        const nq_status status = pieces_write(b, path);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(status, NQ_ERROR_FILE);
        context_says(&b->context, path);
        context_says(&b->context, strerror(EFBIG));
        assert_int_equal(scratch_get(path, b->copy, 100), 3);
        assert_int_equal(scratch_count(&b->place), (int)i + 1);
    }
    signal(SIGXFSZ, handler);
}

static void after_a_failure_commit_fails_too_and_keeps_the_sentence(void **state)
{
    bench *b = *state;
    struct stat about;
    nqi_writer *writer;
    if (stat("/dev/full", &about))
        skip();
    assert_int_equal(nqi_writer_open(&writer, &b->context, "/dev/full"), NQ_OK);
    assert_int_equal(nqi_writer_put(writer, b->large, LARGE), NQ_ERROR_FILE);
    assert_int_equal(nqi_writer_put(writer, b->large, 1), NQ_ERROR_FILE);
    assert_int_equal(nqi_writer_commit(writer), NQ_ERROR_FILE);
    context_says(&b->context, strerror(ENOSPC));
}

static void a_dash_is_standard_output(void **state)
{
    bench *b = *state;
    nqi_writer *writer;
    char text[20] = "";
    const char *path = scratch_path(&b->place, "out");
    fflush(stdout);
    const int before = dup(STDOUT_FILENO);
    const int file = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(before >= 0 && file >= 0 && dup2(file, STDOUT_FILENO) >= 0);
    close(file);
    nq_status status = nqi_writer_open(&writer, &b->context, "-");
    if (!status && !(status = nqi_writer_put(writer, "result", 6)))
        status = nqi_writer_commit(writer);
    const int still_open = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
    dup2(before, STDOUT_FILENO);
    close(before);
    assert_int_equal(status, NQ_OK);
    assert_true(still_open);
    assert_int_equal(scratch_get(path, text, 19), 6);
    assert_string_equal(text, "result");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(plain_files_read_back),
        TEST(gzip_files_read_back_and_are_smaller),
        TEST(gzip_is_known_by_content_and_not_by_name),
        TEST(empty_and_tiny_files_are_read),
        TEST(an_empty_file_is_written_plain_and_packed),
        TEST(truncated_gzip_is_refused),
        TEST(damaged_gzip_is_refused),
        TEST(several_gzip_members_are_one_file),
        TEST(what_cannot_be_read_is_said),
        TEST(the_old_file_stays_until_the_new_one_is_whole),
        TEST(a_name_as_long_as_names_can_be_is_written),
        TEST(what_cannot_be_written_is_said_at_once),
        TEST(a_full_device_is_reported_and_stays_a_device),
        TEST(a_full_disk_leaves_the_old_file_and_nothing_else),
        TEST(after_a_failure_commit_fails_too_and_keeps_the_sentence),
        TEST(a_dash_is_standard_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
