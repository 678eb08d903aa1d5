/* test_presets.c - configurations by name: each can be applied, and the unknown is told of them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <noneq.h>

static void every_preset_of_the_list_says_what_it_is_and_chooses_a_network(void **state)
{
    nq_context *context = *state;
    const char *const *names, *const *help;
    nq_preset_list(&names, &help);
    size_t count = 0;
    for (; names[count]; count++) {
        nq_model_options model = {0};
        nq_train_options train = {0};
        assert_int_equal(nq_preset_apply(&model, &train, context, names[count]), NQ_OK);
        assert_true(strlen(help[count]) > 20);
        assert_true(model.regressor[0] && model.steps > 1 && train.batch > 0);
    }
    assert_int_equal(count, 12);
    assert_null(help[count]);
}

static void settings_of_a_preset_are_those_of_its_name(void **state)
{
    nq_model_options model = {0};
    nq_train_options train = {0};
    assert_int_equal(nq_preset_apply(&model, &train, *state, "swissroll"), NQ_OK);
    assert_string_equal(model.regressor, "rbf");
    assert_int_equal(model.steps, 40);
    assert_int_equal(nq_preset_apply(&model, &train, *state, "bark"), NQ_OK);
    assert_string_equal(model.regressor, "image");
    assert_int_equal(model.steps, 500);
    assert_int_equal(nq_preset_apply(&model, &train, *state, "bark-2015"), NQ_OK);
    assert_string_equal(model.schedule, "learned");
    assert_string_equal(model.mean_form, "paper");
    assert_string_equal(train.weighting, "bound");
    assert_int_equal(nq_preset_apply(&model, &train, *state, "texture"), NQ_OK);
    assert_string_equal(model.schedule, "cosine");
    assert_string_equal(model.image, "1x48x48");
    assert_int_equal(train.batch, 16);
}

static void an_unknown_preset_is_told_of_all(void **state)
{
    nq_model_options model = {0};
    nq_train_options train = {0};
    assert_int_equal(nq_preset_apply(&model, &train, *state, "mnits"), NQ_ERROR_ARGUMENT);
    assert_string_equal(nq_context_message(*state),
                        "unknown preset \"mnits\", did you mean \"mnist\": the presets are "
                        "swissroll, heartbeat, mnist, cifar10, deadleaves, bark, texture, "
                        "shapes, mnist-2015, cifar10-2015, deadleaves-2015 and bark-2015");
}

static int open_context(void **state)
{
    return nq_context_new((nq_context **)state, NULL);
}

static int close_context(void **state)
{
    nq_context_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preset_of_the_list_says_what_it_is_and_chooses_a_network),
        cmocka_unit_test(settings_of_a_preset_are_those_of_its_name),
        cmocka_unit_test(an_unknown_preset_is_told_of_all),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
