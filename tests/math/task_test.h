/* task_test.h - what tests of whole jobs share: two files, failures with a sentence, a monitor that
 * stops. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_MATH_TASK_TEST_H
#define TESTS_MATH_TASK_TEST_H

#include "math/math_test.h"
#include "unit/says.h"
#include "unit/scratch.h"

enum { BYTES = 1 << 18 }; /* of a file at most */

/* Names of two files in a scratch folder, and room for what they hold. */
typedef struct two_files {
    char output[700], other[700];
    char *before, *after; /* [BYTES] */
} two_files;

/* 0: memory is out. */
static inline int two_files_new(two_files *out, scratch *folder)
{
    snprintf(out->output, sizeof out->output, "%s", scratch_path(folder, "out.csv"));
    snprintf(out->other, sizeof out->other, "%s", scratch_path(folder, "other.csv"));
    out->before = malloc(BYTES);
    out->after = malloc(BYTES);
    return out->before && out->after;
}

static inline void two_files_free(two_files *files)
{
    free(files->before);
    free(files->after);
}

static inline void assert_same_files(const two_files *files)
{
    const long size = scratch_get(files->output, files->before, BYTES);
    assert_true(size > 0);
    assert_int_equal(scratch_get(files->other, files->after, BYTES), size);
    assert_memory_equal(files->before, files->after, (size_t)size);
}

static inline void refused_as(nq_status status, nq_status expected, const nq_context *context,
                              const char *part)
{
    assert_int_equal(status, expected);
    context_says(context, part);
}

/* A monitor's progress function; user counts the questions. */
static inline int stop_at_once(void *user, const nq_progress *told)
{
    (void)told;
    ++*(int *)user;
    return NQ_STOP;
}

#endif
