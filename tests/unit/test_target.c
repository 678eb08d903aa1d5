/* test_target.c - where written bytes go: modes, links, and what dead processes left. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/context.h"
#include "io/file/file.h"
#include "says.h"
#include "scratch.h"

static const char content[] = "what is new";
enum { LENGTH = sizeof content - 1 };

typedef struct bench {
    scratch place; /* first: scratch_tear_down */
    nq_context context;
    char copy[100];
} bench;

static int set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    if (!b || scratch_new(&b->place))
        return -1;
    *state = b;
    return 0;
}

static nq_status file_write(bench *b, const char *path)
{
    nqi_writer *writer;
    nq_status status = nqi_writer_open(&writer, &b->context, path);
    if (status)
        return status;
    if ((status = nqi_writer_put(writer, content, LENGTH)))
        nqi_writer_abandon(writer);
    else
        status = nqi_writer_commit(writer);
    return status;
}

static void two_writers_of_one_file_do_not_meet(void **state)
{
    bench *b = *state;
    nqi_writer *first, *second;
    char text[10] = "";
    const char *path = scratch_path(&b->place, "file");
    assert_int_equal(nqi_writer_open(&first, &b->context, path), NQ_OK);
    assert_int_equal(nqi_writer_open(&second, &b->context, path), NQ_OK);
    assert_int_equal(nqi_writer_put(first, "one", 3), NQ_OK);
    assert_int_equal(nqi_writer_put(second, "three", 5), NQ_OK);
    assert_int_equal(nqi_writer_commit(first), NQ_OK);
    assert_int_equal(nqi_writer_commit(second), NQ_OK);
    assert_int_equal(scratch_get(path, text, 9), 5);
    assert_string_equal(text, "three");
    assert_int_equal(scratch_count(&b->place), 1);
}

static void permissions_of_a_replaced_file_stay(void **state)
{
    bench *b = *state;
    struct stat about;
    const char *path = scratch_path(&b->place, "file");
    const mode_t mask = umask(027);
    assert_int_equal(file_write(b, path), NQ_OK);
    umask(mask);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    assert_int_equal(chmod(path, 0604), 0);
    assert_int_equal(file_write(b, path), NQ_OK);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0604);
}

static void a_symbolic_link_stays_and_its_target_changes(void **state)
{
    bench *b = *state;
    struct stat about;
    char target[600];
    strcpy(target, scratch_path(&b->place, "target"));
    assert_int_equal(scratch_put(target, "old", 3), 0);
    const char *link = scratch_path(&b->place, "link");
    assert_int_equal(symlink(target, link), 0);
    assert_int_equal(file_write(b, link), NQ_OK);
    assert_int_equal(lstat(link, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(scratch_get(target, b->copy, sizeof b->copy), LENGTH);
}

static void a_link_to_nowhere_stays_and_its_target_appears(void **state)
{
    bench *b = *state;
    struct stat about;
    char target[600];
    strcpy(target, scratch_path(&b->place, "target"));
    const char *link = scratch_path(&b->place, "link");
    assert_int_equal(symlink("target", link), 0);
    assert_int_equal(file_write(b, link), NQ_OK);
    assert_int_equal(lstat(link, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(scratch_get(target, b->copy, sizeof b->copy), LENGTH);
}

static void links_that_go_round_are_refused(void **state)
{
    bench *b = *state;
    const char *link = scratch_path(&b->place, "round");
    assert_int_equal(symlink("round", link), 0);
    assert_int_equal(file_write(b, link), NQ_ERROR_FILE);
    context_says(&b->context, strerror(ELOOP));
    assert_null(nq_file_target(link));
}

/* A child that is killed while it writes (go NULL), or lives on until the pipe `go` is closed. */
static pid_t child_write(bench *b, const char *path, const int *go)
{
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        nqi_writer *writer;
        if (nqi_writer_open(&writer, &b->context, path) || write(ready[1], "x", 1) != 1)
            _exit(1);
        if (go)
            close(go[1]);
        if (go)
            _exit(read(go[0], &byte, 1) == 0 && !nqi_writer_commit(writer) ? 0 : 1);
        kill(getpid(), SIGKILL);
    }
    assert_true(child > 0);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return child;
}

static void what_the_dead_left_is_removed_and_what_the_living_write_is_not(void **state)
{
    bench *b = *state;
    int go[2], status;
    const char *path = scratch_path(&b->place, "file");
    assert_int_equal(pipe(go), 0);
    waitpid(child_write(b, path, NULL), &status, 0);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(scratch_count(&b->place), 1);
    const pid_t living = child_write(b, path, go);
    assert_int_equal(scratch_count(&b->place), 1); /* the dead one's is gone */
    assert_int_equal(file_write(b, path), NQ_OK);
    assert_int_equal(scratch_count(&b->place), 2);
    close(go[1]);
    waitpid(living, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(scratch_count(&b->place), 1);
    close(go[0]);
}

static void a_context_drops_the_files_that_it_writes(void **state)
{
    bench *b = *state;
    nqi_writer *writers[2];
    const char *path = scratch_path(&b->place, "file");
    for (int i = 0; i < 2; i++)
        assert_int_equal(nqi_writer_open(&writers[i], &b->context, path), NQ_OK);
    assert_int_equal(scratch_count(&b->place), 2);
    nq_context_drop_files(&b->context);
    assert_int_equal(scratch_count(&b->place), 0);
    assert_int_equal(nqi_writer_commit(writers[0]), NQ_ERROR_FILE);
    nqi_writer_abandon(writers[1]);
    nq_context_drop_files(NULL);
    assert_int_equal(file_write(b, path), NQ_OK);
    nq_context_drop_files(&b->context);
    assert_int_equal(scratch_count(&b->place), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(two_writers_of_one_file_do_not_meet),
        TEST(permissions_of_a_replaced_file_stay),
        TEST(a_symbolic_link_stays_and_its_target_changes),
        TEST(a_link_to_nowhere_stays_and_its_target_appears),
        TEST(links_that_go_round_are_refused),
        TEST(what_the_dead_left_is_removed_and_what_the_living_write_is_not),
        TEST(a_context_drops_the_files_that_it_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
