/* test_lists.c - names that can be asked for are names that are taken. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <noneq.h>

static size_t length_of(nq_list list)
{
    size_t i = 0;
    while (nq_list_get(NULL, list, i))
        i++;
    return i;
}

static void every_list_has_names_and_an_end(void **state)
{
    (void)state;
    for (int list = NQ_LIST_KERNELS; list <= NQ_LIST_TABLES; list++) {
        const size_t length = length_of((nq_list)list);
        assert_in_range(length, 2, 40);
        for (size_t i = length; i < length + 100; i++)
            assert_null(nq_list_get(NULL, (nq_list)list, i));
    }
}

static void presets_and_data_sets_have_a_line_of_help(void **state)
{
    const nq_list lists[] = {NQ_LIST_PRESETS, NQ_LIST_DATA_SETS};
    (void)state;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < length_of(lists[k]); i++) {
            const char *help = NULL;
            assert_non_null(nq_list_get(&help, lists[k], i));
            assert_non_null(help);
        }
}

static void what_is_listed_can_be_made(void **state)
{
    nq_context *context;
    const char *name;
    (void)state;
    assert_int_equal(nq_context_new(&context, NULL), NQ_OK);
    for (size_t i = 0; (name = nq_list_get(NULL, NQ_LIST_DATA_SETS, i)); i++) {
        const nq_generate_options options = {.rows = 2};
        nq_dataset *data;
        assert_int_equal(nq_dataset_generate(&data, context, name, &options), NQ_OK);
        nq_dataset_free(data);
    }
    for (size_t i = 0; (name = nq_list_get(NULL, NQ_LIST_PRESETS, i)); i++) {
        nq_model_options model;
        nq_train_options train;
        nq_model_options_init(&model, sizeof model);
        nq_train_options_init(&train, sizeof train);
        assert_int_equal(nq_preset_apply(&model, &train, context, name), NQ_OK);
    }
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_has_names_and_an_end),
        cmocka_unit_test(presets_and_data_sets_have_a_line_of_help),
        cmocka_unit_test(what_is_listed_can_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
