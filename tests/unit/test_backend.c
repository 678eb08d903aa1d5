/* test_backend.c - which kernels a context gets, and what it says when there are none. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backend/ops.h"
#include "core/context.h"
#include "kernels.h"

static void every_name_finds_its_own_table(void **state)
{
    (void)state;
    const char *const names[] = {"ref", "generic", "avx2", "avx512", "avx512-bf16"};
    for (size_t i = 0; i < 5; i++) {
        const nqi_ops *ops = nqi_backends_named(kernels(), names[i]);
        assert_true(ops || i > 1);
        if (ops)
            assert_string_equal(ops->name, names[i]);
    }
    assert_null(nqi_backends_named(kernels(), "abacus"));
}

static void kernels_are_found_by_what_they_can_do(void **state)
{
    (void)state;
    const nqi_ops *best = nqi_backends_with(kernels(), NQI_EXACT);
    const nqi_ops *rounded = nqi_backends_with(kernels(), NQI_BF16);
    assert_ptr_equal(best, &kernels()->table[0]);
    assert_int_equal(best->precision, NQI_EXACT);
    assert_true(!rounded || rounded->precision == NQI_BF16);
    assert_ptr_equal(rounded, nqi_backends_named(kernels(), "avx512-bf16"));
}

static void every_slot_of_every_table_is_filled(void **state)
{
    (void)state;
    const char *const names[] = {"ref", "generic", "avx2", "avx512", "avx512-bf16"};
    for (size_t i = 0; i < 5; i++) {
        const nqi_ops *ops = nqi_backends_named(kernels(), names[i]);
        const char *slots = (const char *)ops;
        const char none[sizeof(void *)] = {0};
        for (size_t at = offsetof(nqi_ops, dense); ops && at < sizeof *ops; at += sizeof none)
            assert_memory_not_equal(slots + at, none, sizeof none);
    }
}

static void context_has_the_kernels_that_were_asked_for(void **state)
{
    (void)state;
    const nq_context_options options = {.threads = 2, .cpu = "generic"};
    nq_context *context;
    assert_int_equal(setenv("NONEQ_CPU", "ref", 1), 0);
    assert_int_equal(nq_context_new(&context, &options), NQ_OK);
    assert_string_equal(nq_context_cpu(context), "generic");
    assert_int_equal(nq_context_threads(context), 2);
    nq_context_free(context);
    assert_int_equal(unsetenv("NONEQ_CPU"), 0);
}

static void environment_chooses_the_kernels(void **state)
{
    (void)state;
    nq_context *context;
    assert_int_equal(setenv("NONEQ_CPU", "ref", 1), 0);
    assert_int_equal(nq_context_new(&context, NULL), NQ_OK);
    assert_string_equal(nq_context_cpu(context), "ref");
    nq_context_free(context);
    assert_int_equal(unsetenv("NONEQ_CPU"), 0);
    assert_int_equal(nq_context_new(&context, NULL), NQ_OK);
    assert_string_equal(nq_context_cpu(context), best_kernels()->name);
    assert_true(nq_context_threads(context) >= 1);
    nq_context_free(context);
}

static void unknown_kernels_are_refused_with_the_known_ones(void **state)
{
    (void)state;
    const nq_context_options options = {.threads = 1, .cpu = "abacus"};
    nq_context *context;
    assert_int_equal(nq_context_new(&context, &options), NQ_ERROR_ARGUMENT);
    assert_non_null(strstr(nq_context_message(context), "abacus"));
    assert_non_null(strstr(nq_context_message(context), "generic, ref"));
    nq_context_free(context);
    assert_int_equal(setenv("NONEQ_CPU", "slate", 1), 0);
    assert_int_equal(nq_context_new(&context, NULL), NQ_ERROR_ARGUMENT);
    assert_non_null(strstr(nq_context_message(context), "NONEQ_CPU \"slate\""));
    nq_context_free(context);
    assert_int_equal(unsetenv("NONEQ_CPU"), 0);
}

static void negative_thread_count_is_refused(void **state)
{
    (void)state;
    const nq_context_options options = {.threads = -3};
    nq_context *context;
    assert_int_equal(nq_context_new(&context, &options), NQ_ERROR_ARGUMENT);
    assert_non_null(strstr(nq_context_message(context), "-3"));
    nq_context_free(context);
    nq_context_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_finds_its_own_table),
        cmocka_unit_test(kernels_are_found_by_what_they_can_do),
        cmocka_unit_test(every_slot_of_every_table_is_filled),
        cmocka_unit_test(context_has_the_kernels_that_were_asked_for),
        cmocka_unit_test(environment_chooses_the_kernels),
        cmocka_unit_test(unknown_kernels_are_refused_with_the_known_ones),
        cmocka_unit_test(negative_thread_count_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
