/* json.c - JSON text in memory that is whole or not there: nothing is lost in silence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/container/json.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/text/utf8.h"

static void bytes_add(nqi_json *json, const char *bytes, size_t count)
{
    nqi_bytes_add(&json->bytes, bytes, count);
}

static void text_add(nqi_json *json, const char *text)
{
    bytes_add(json, text, strlen(text));
}

/* Two letters for what has them, else \u00XX, else the byte. */
static void byte_add(nqi_json *json, char byte)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* byte, letter after the \ */
    char text[8];
    for (const char *at = letters; *at; at += 2) {
        if (*at == byte) {
            text[0] = '\\';
            text[1] = at[1];
            bytes_add(json, text, 2);
            return;
        }
    }
    if ((unsigned char)byte >= 0x20) {
        bytes_add(json, &byte, 1);
        return;
    }
    bytes_add(json, text, (size_t)snprintf(text, sizeof text, "\\u%04x", (unsigned char)byte));
}

/* A control character of Latin-1, which a terminal may obey. */
static void control_add(nqi_json *json, unsigned char point)
{
    char text[8];
    bytes_add(json, text, (size_t)snprintf(text, sizeof text, "\\u%04x", point));
}

static void string_add(nqi_json *json, const char *text)
{
    size_t length = strlen(text), step;
    text_add(json, "\"");
    for (; length > 0; text += step, length -= step) {
        const size_t valid = nqi_utf8_length(text, length);
        const unsigned char first = (unsigned char)text[0];
        step = valid ? valid : 1;
        if (!valid)
            text_add(json, "\\ufffd");
        else if (first == 0x7f)
            text_add(json, "\\u007f");
        else if (first == 0xc2 && (unsigned char)text[1] < 0xa0)
            control_add(json, (unsigned char)text[1]);
        else if (valid == 1)
            byte_add(json, *text);
        else
            bytes_add(json, text, valid);
    }
    text_add(json, "\"");
}

static void line_add(nqi_json *json)
{
    text_add(json, "\n");
    for (int i = 0; i < json->depth; i++)
        text_add(json, "\t");
}

/* What comes before a value: comma, line, key. Arrays stay on one line. */
static void value_start(nqi_json *json, const char *key)
{
    if (json->depth == 0)
        return;
    const int is_object = json->open[json->depth - 1].closes == '}';
    int *has_items = &json->open[json->depth - 1].has_items;
    if (is_object != (key != NULL))
        json->bytes.failed = 1;
    if (*has_items)
        text_add(json, json->is_pretty && !is_object ? ", " : ",");
    *has_items = 1;
    if (!is_object || !key)
        return;
    if (json->is_pretty)
        line_add(json);
    string_add(json, key);
    text_add(json, json->is_pretty ? ":\t" : ":");
}

static void open_add(nqi_json *json, const char *key, const char *bracket, char closes)
{
    value_start(json, key);
    text_add(json, bracket);
    if (json->depth == NQI_JSON_DEPTH) {
        json->bytes.failed = 1;
        return;
    }
    json->open[json->depth].closes = closes;
    json->open[json->depth++].has_items = 0;
}

void nqi_json_begin(nqi_json *json, int is_pretty)
{
    *json = (nqi_json){.is_pretty = is_pretty};
    open_add(json, NULL, "{", '}');
}

void nqi_json_object(nqi_json *json, const char *key)
{
    open_add(json, key, "{", '}');
}

void nqi_json_array(nqi_json *json, const char *key)
{
    open_add(json, key, "[", ']');
}

void nqi_json_close(nqi_json *json)
{
    if (json->depth == 0) {
        json->bytes.failed = 1;
        return;
    }
    const char closes = json->open[--json->depth].closes;
    if (json->is_pretty && closes == '}' && json->open[json->depth].has_items)
        line_add(json);
    bytes_add(json, &closes, 1);
}

void nqi_json_text(nqi_json *json, const char *key, const char *value)
{
    value_start(json, key);
    if (value)
        string_add(json, value);
    else
        text_add(json, "null");
}

void nqi_json_number(nqi_json *json, const char *key, double value)
{
    char text[NQI_TEXT_SIZE] = "null";
    if (isfinite(value))
        nqi_text_double(text, sizeof text, value);
    value_start(json, key);
    text_add(json, text);
}

void nqi_json_numbers(nqi_json *json, const char *key, const double *values, size_t count)
{
    nqi_json_array(json, key);
    for (size_t i = 0; i < count; i++)
        nqi_json_number(json, NULL, values[i]);
    nqi_json_close(json);
}

void nqi_json_count(nqi_json *json, const char *key, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    value_start(json, key);
    text_add(json, text);
}

void nqi_json_bool(nqi_json *json, const char *key, int value)
{
    value_start(json, key);
    text_add(json, value ? "true" : "false");
}

char *nqi_json_finish(nqi_json *json)
{
    nqi_json_close(json);
    if (json->bytes.failed || json->depth) {
        free(json->bytes.text);
        json->bytes.text = NULL;
    }
    char *text = json->bytes.text;
    *json = (nqi_json){0};
    return text;
}

struct cJSON *nqi_json_parse(const char *text, size_t length, const char **end)
{
    /* cJSON goes by the thread's locale. This one needs no memory. */
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const locale_t before = plain ? uselocale(plain) : (locale_t)0;
    cJSON *root = cJSON_ParseWithLengthOpts(text, length, end, 0);
    if (plain) {
        uselocale(before);
        freelocale(plain);
    }
    return root;
}

double nqi_json_number_of(const struct cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}
