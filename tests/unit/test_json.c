/* test_json.c - JSON text is whole or not there. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "io/container/json.h"

static void everything_put(nqi_json *json)
{
    const double numbers[] = {0.1, 1e300, NAN, -0.0};
    nqi_json_text(json, "a \"key\"", "line\nend\ttab\x01 back\\slash");
    nqi_json_numbers(json, "numbers", numbers, 4);
    nqi_json_object(json, "inside");
    nqi_json_count(json, "most", INT64_MAX);
    nqi_json_bool(json, "yes", 1);
    nqi_json_text(json, "none", NULL);
    nqi_json_close(json);
    nqi_json_object(json, "empty");
    nqi_json_close(json);
}

static void the_text_is_that_of_its_parts(void **state)
{
    nqi_json json;
    (void)state;
    nqi_json_begin(&json, 0);
    everything_put(&json);
    char *text = nqi_json_finish(&json);
    assert_string_equal(text, "{\"a \\\"key\\\"\":\"line\\nend\\ttab\\u0001 back\\\\slash\","
                              "\"numbers\":[0.1,1e+300,null,-0],\"inside\":{\"most\":"
                              "9223372036854775807,\"yes\":true,\"none\":null},\"empty\":{}}");
    free(text);
}

static void both_layouts_parse_to_the_same_value(void **state)
{
    nqi_json plain, pretty;
    (void)state;
    nqi_json_begin(&plain, 0);
    nqi_json_begin(&pretty, 1);
    everything_put(&plain);
    everything_put(&pretty);
    char *texts[] = {nqi_json_finish(&plain), nqi_json_finish(&pretty)};
    cJSON *values[] = {cJSON_Parse(texts[0]), cJSON_Parse(texts[1])};
    assert_non_null(strchr(texts[1], '\n'));
    assert_true(cJSON_Compare(values[0], values[1], 1));
    for (int i = 0; i < 2; i++) {
        cJSON_Delete(values[i]);
        free(texts[i]);
    }
}

static void a_long_text_is_kept_whole(void **state)
{
    enum { LENGTH = 100000 };
    char *long_text = malloc(LENGTH + 1);
    nqi_json json;
    (void)state;
    memset(long_text, 'x', LENGTH);
    long_text[LENGTH] = '\0';
    nqi_json_begin(&json, 0);
    for (int i = 0; i < 3; i++)
        nqi_json_text(&json, "long", long_text);
    char *text = nqi_json_finish(&json);
    assert_int_equal(strlen(text), 3 * (LENGTH + strlen("\"long\":\"\",")) + 1);
    free(text);
    free(long_text);
}

static void a_mistake_gives_no_text_at_all(void **state)
{
    nqi_json json;
    (void)state;
    nqi_json_begin(&json, 0);
    nqi_json_object(&json, "never closed");
    assert_null(nqi_json_finish(&json));
    nqi_json_begin(&json, 0);
    nqi_json_close(&json);
    assert_null(nqi_json_finish(&json));
    nqi_json_begin(&json, 0);
    nqi_json_count(&json, NULL, 1); /* a member without a key */
    assert_null(nqi_json_finish(&json));
    nqi_json_begin(&json, 0);
    for (int i = 0; i < NQI_JSON_DEPTH; i++)
        nqi_json_object(&json, "deeper");
    for (int i = 0; i < NQI_JSON_DEPTH; i++)
        nqi_json_close(&json);
    assert_null(nqi_json_finish(&json));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_that_of_its_parts),
        cmocka_unit_test(both_layouts_parse_to_the_same_value),
        cmocka_unit_test(a_long_text_is_kept_whole),
        cmocka_unit_test(a_mistake_gives_no_text_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
