/* test_field.c - what a checkpoint holds: in the order of the file, and as it reads back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <noneq.h>

#include "train/checkpoint/checkpoint.h"

/* An object with a field of each kind but arrays. */
typedef struct object {
    double number, none;
    int64_t count;
    int flag;
    uint64_t digest;
} object;

static void list(object *o, nqi_fields *fields)
{
    *fields = (nqi_fields){.count = 0};
    nqi_fields_flag(fields, 4, "flag", &o->flag);
    nqi_fields_number(fields, 0, "number", &o->number);
    nqi_fields_digest(fields, 3, "digest", &o->digest);
    nqi_fields_number(fields, 1, "none", &o->none);
    nqi_fields_count(fields, 2, "count", &o->count);
}

/* For free(). */
static char *text_of(object *o)
{
    nqi_fields fields;
    nqi_json json;
    list(o, &fields);
    nqi_json_begin(&json, 0);
    nqi_fields_describe(&json, &fields);
    return nqi_json_finish(&json);
}

static void fields_are_written_by_place_and_read_back(void **state)
{
    object from = {0.1, NAN, INT64_C(1) << 52, 1, UINT64_MAX - 5}, to = {0};
    nqi_fields fields;
    char *text = text_of(&from);
    assert_string_equal(text, "{\"number\":0.1,\"none\":null,\"count\":4503599627370496,"
                              "\"digest\":\"fffffffffffffffa\",\"flag\":true}");
    cJSON *json = cJSON_Parse(text);
    list(&to, &fields);
    assert_null(nqi_fields_read(&fields, json));
    assert_true(to.number >= from.number && to.number <= from.number && isnan(to.none));
    assert_true(to.count == from.count && to.flag == 1 && to.digest == from.digest);
    cJSON_Delete(json);
    free(text);
    (void)state;
}

static void what_is_no_such_value_is_named(void **state)
{
    static const char *const cases[][2] = {
        {"{\"digest\":\"0000000000000000\"}", "count"},
        {"{\"count\":-1,\"digest\":\"0000000000000000\"}", "count"},
        {"{\"count\":1e300,\"digest\":\"0000000000000000\"}", "count"},
        {"{\"count\":1}", "digest"},
        {"{\"count\":1,\"digest\":7}", "digest"},
        {"{\"count\":1,\"digest\":\"00000000000000\"}", "digest"},
        {"{\"count\":1,\"digest\":\"+000000000000000\"}", "digest"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        object o = {0};
        nqi_fields fields;
        cJSON *json = cJSON_Parse(cases[i][0]);
        list(&o, &fields);
        assert_string_equal(nqi_fields_read(&fields, json), cases[i][1]);
        cJSON_Delete(json);
    }
    (void)state;
}

static void a_list_that_is_full_says_so(void **state)
{
    nqi_fields fields = {.count = 0};
    double value = 0;
    for (int i = 0; i < NQI_FIELDS_MOST; i++)
        nqi_fields_number(&fields, i, "x", &value);
    assert_false(fields.is_full);
    nqi_fields_number(&fields, 0, "x", &value);
    assert_true(fields.is_full);
    assert_int_equal(fields.count, NQI_FIELDS_MOST);
    (void)state;
}

static void check_run(nq_context *context, const nq_dataset *data, nq_train_options *train,
                      const char *readout, const char *schedule, size_t arrays)
{
    nq_model_options model;
    nq_trainer *trainer;
    nqi_fields fields;
    nqi_tensor tensors[NQI_FIELDS_MOST];
    nq_model_options_init(&model, sizeof model);
    strcpy(model.kernel, "gaussian");
    strcpy(model.hidden, "4");
    strcpy(model.readout, readout);
    strcpy(model.schedule, schedule);
    model.steps = 6;
    if (nq_trainer_new(&trainer, context, data, data, &model, train))
        fail_msg("%s", nq_context_message(context));
    nqi_checkpoint_fields(trainer, &fields);
    assert_false(fields.is_full);
    for (size_t i = 0; i < fields.count; i++)
        for (size_t k = 0; k < i; k++) {
            assert_true(fields.field[k].place < fields.field[i].place);
            assert_string_not_equal(fields.field[k].name, fields.field[i].name);
        }
    assert_int_equal(nqi_fields_tensors(tensors, &fields), arrays);
    nq_trainer_free(trainer);
}

/* Of runs that together have every array that there is: rows with gaps, shared readouts that are
 * solved, a learned schedule; an average, and patience. */
static void no_two_fields_of_a_run_have_one_place_or_name(void **state)
{
    const double gaps[] = {1, 2, 3, NAN, 5, 7, 2, 1, 4, 4, 0, 3};
    nq_context *context;
    nq_dataset *data;
    nq_train_options train;
    nq_train_options_init(&train, sizeof train);
    train.updates = 10;
    train.share = 2;
    train.fit_updates = 2;
    assert_int_equal(nq_context_new(&context, NULL), NQ_OK);
    assert_int_equal(nq_dataset_from_array(&data, context, gaps, 6, 2, NULL), NQ_OK);
    check_run(context, data, &train, "per-step", "learned", 15);
    train.share = 1;
    train.fit_updates = 0;
    train.patience = 3;
    train.average = 0.9;
    check_run(context, data, &train, "embedding", "log-snr", 11);
    nq_dataset_free(data);
    nq_context_free(context);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_written_by_place_and_read_back),
        cmocka_unit_test(what_is_no_such_value_is_named),
        cmocka_unit_test(a_list_that_is_full_says_so),
        cmocka_unit_test(no_two_fields_of_a_run_have_one_place_or_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
