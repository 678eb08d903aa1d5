/* fit_bench.h - what tests of nq_fit share: a folder, small options, models compared with files. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_MATH_FIT_BENCH_H
#define NQI_TESTS_MATH_FIT_BENCH_H

#include "math/math_test.h"
#include "unit/says.h"
#include "unit/scratch.h"

enum { UPDATES = 24, BYTES = 1 << 22 };

/* A context and a folder. */
typedef struct bench {
    scratch folder;
    nq_context *context;
    char output[700], checkpoint[720];
    char *before, *after; /* [BYTES] of two files */
} bench;

static inline int set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    if (!b || scratch_new(&b->folder) || !(b->before = malloc(BYTES)) ||
        !(b->after = malloc(BYTES)))
        return -1;
    b->context = context_open(1);
    snprintf(b->output, sizeof b->output, "%s", scratch_path(&b->folder, "m.nq"));
    snprintf(b->checkpoint, sizeof b->checkpoint, "%s.checkpoint", b->output);
    *state = b;
    return 0;
}

static inline int tear_down(void **state)
{
    bench *b = *state;
    nq_context_free(b->context);
    free(b->before);
    free(b->after);
    return scratch_tear_down(state);
}

static const nq_setting little[] = {{"updates", "24"}, {"steps", "6"},       {"hidden", "8"},
                                    {"batch", "32"},   {"valid_every", "6"}, {"patience", "0"}};

static inline nq_fit_options options_of(const bench *b)
{
    nq_fit_options options;
    nq_fit_options_init(&options, sizeof options);
    options.output = b ? b->output : NULL;
    options.settings = little;
    options.setting_count = sizeof little / sizeof *little;
    return options;
}

static inline int exists(const char *path)
{
    char byte;
    return scratch_get(path, &byte, 1) >= 0;
}

static inline void assert_same_files(bench *b, const char *path, const char *other)
{
    const long size = scratch_get(path, b->before, BYTES);
    assert_true(size > 0 && size < BYTES);
    assert_int_equal(scratch_get(other, b->after, BYTES), size);
    assert_memory_equal(b->before, b->after, (size_t)size);
}

/* The model as a file is that file. */
static inline void assert_is_file(bench *b, const nq_model *model, const char *path)
{
    char own[700];
    snprintf(own, sizeof own, "%s", scratch_path(&b->folder, "own.nq"));
    assert_ok(nq_model_save(own, b->context, model), b->context);
    assert_same_files(b, own, path);
    remove(own);
}

#define FIT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
