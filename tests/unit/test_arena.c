/* test_arena.c - aligned, zeroed, checked memory. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"

static int is_aligned(const void *memory)
{
    return (uintptr_t)memory % NQI_ALIGNMENT == 0;
}

static int is_zero(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i])
            return 0;
    }
    return 1;
}

static void pieces_are_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    nqi_arena arena;
    const size_t sizes[] = {1, 64, 65, 3, 1000};
    size_t need = 0;
    for (size_t i = 0; i < 5; i++)
        need += nqi_arena_need(sizes[i], sizeof(float));
    assert_int_equal(nqi_arena_new(&arena, need), NQ_OK);
    for (size_t i = 0; i < 5; i++) {
        unsigned char *piece = nqi_arena_take(&arena, sizes[i], sizeof(float));
        assert_non_null(piece);
        assert_true(is_aligned(piece));
        /* Zero still: what was written to earlier pieces has not reached this one. */
        assert_true(is_zero(piece, sizes[i] * sizeof(float)));
        memset(piece, 0xff, sizes[i] * sizeof(float));
    }
    assert_int_equal(arena.used, arena.size);
    assert_null(nqi_arena_take(&arena, 1, 1));
    nqi_arena_free(&arena);
    assert_null(arena.memory);
    nqi_arena_free(&arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    nqi_arena arena;
    assert_int_equal(nqi_arena_new(&arena, 640), NQ_OK);
    assert_null(nqi_arena_take(&arena, SIZE_MAX / 2, 4));
    assert_null(nqi_arena_take(&arena, SIZE_MAX, 1));
    assert_int_equal(arena.used, 0);
    nqi_arena_free(&arena);
    assert_null(nqi_aligned_new(SIZE_MAX / 4, 8));
    assert_null(nqi_aligned_new(SIZE_MAX, 1));
    assert_null(nqi_aligned_raw(SIZE_MAX / 4, 8));
    assert_null(nqi_aligned_raw(SIZE_MAX, 1));
    assert_int_equal(nqi_arena_new(&arena, SIZE_MAX), NQ_ERROR_MEMORY);
    assert_null(nqi_arena_take(&arena, 0, 1));
    nqi_arena_free(&arena);
}

static void empty_pieces_are_memory_too(void **state)
{
    (void)state;
    nqi_arena arena;
    void *nothing = nqi_aligned_new(0, 8);
    assert_non_null(nothing);
    nqi_aligned_free(nothing);
    nqi_aligned_free(NULL);
    assert_int_equal(nqi_arena_new(&arena, 0), NQ_OK);
    assert_non_null(nqi_arena_take(&arena, 0, 4));
    assert_null(nqi_arena_take(&arena, 1, 4));
    nqi_arena_free(&arena);
}

static void large_blocks_are_zeroed_and_aligned(void **state)
{
    (void)state;
    const size_t sizes[] = {1, (4u << 20) - 1, (4u << 20) + 1, 5000001};
    for (size_t i = 0; i < 4; i++) {
        unsigned char *block = nqi_aligned_new(sizes[i], 1);
        assert_non_null(block);
        assert_true(is_aligned(block) && is_zero(block, sizes[i]));
        nqi_aligned_free(block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_zeroed_and_apart),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(empty_pieces_are_memory_too),
        cmocka_unit_test(large_blocks_are_zeroed_and_aligned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
