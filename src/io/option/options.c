/* options.c - the option tables, setting a field from text, and the ranges of all fields. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/option/options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/text/text.h"

#define NQ_OPTION_TYPE_text NQ_OPTION_TEXT
#define NQ_OPTION_TYPE_count NQ_OPTION_COUNT
#define NQ_OPTION_TYPE_number NQ_OPTION_NUMBER

#define ROW(struct_name, type, field, flag, fallback, least, most, help)                         \
    {#field,   flag,  NQ_OPTION_TYPE_##type, offsetof(struct_name, field),                       \
     fallback, least, (double)most,          help},
#define MODEL_ROW(type, field, flag, fallback, least, most, help)                                \
    ROW(nq_model_options, type, field, flag, fallback, least, most, help)
#define TRAIN_ROW(type, field, flag, fallback, least, most, help)                                \
    ROW(nq_train_options, type, field, flag, fallback, least, most, help)

static const nq_option model_table[] = {NQ_MODEL_OPTIONS(MODEL_ROW)};
static const nq_option train_table[] = {NQ_TRAIN_OPTIONS(TRAIN_ROW)};
enum {
    MODEL_ROWS = sizeof model_table / sizeof model_table[0],
    TRAIN_ROWS = sizeof train_table / sizeof train_table[0],
    RANGE_SIZE = 160 /* bytes that say a range */
};

/* Both structs begin with their size. */
_Static_assert(offsetof(nq_model_options, size) == 0 && offsetof(nq_train_options, size) == 0,
               "the size of an options struct is its first field");

const nq_option *nq_model_options_table(size_t *count)
{
    *count = MODEL_ROWS;
    return model_table;
}

const nq_option *nq_train_options_table(size_t *count)
{
    *count = TRAIN_ROWS;
    return train_table;
}

/* A number of a text that is nothing but one. */
static int option_number(double *out, const nq_option *option, const char *text)
{
    return nqi_text_read_double(out, text) &&
           (option->type == NQ_OPTION_NUMBER || (*out == floor(*out) && fabs(*out) <= 0x1p53));
}

static int option_count(nq_count *out, const nq_option *option, const char *text)
{
    char *end;
    double number;
    if (!nqi_text_read_double(&number, text))
        return 0;
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    *out = (nq_count)value;
    if (!*end)
        return !errno;
    if (!option_number(&number, option, text))
        return 0;
    *out = (nq_count)number;
    return 1;
}

static int is_in_range(const nq_option *option, double value)
{
    double fallback = NAN;
    (void)nqi_text_read_double(&fallback, option->fallback);
    return (value >= option->least && value <= option->most) || value == fallback;
}

static void bound_say(char *out, double value)
{
    if (value == NQ_COUNT_MOST)
        snprintf(out, NQI_TEXT_SIZE, "9223372036854775807");
    else
        nqi_text_double(out, NQI_TEXT_SIZE, value);
}

/* Such as "a whole number of at least 2 and at most 100000, or 0 for the default". */
static const char *range_say(char out[RANGE_SIZE], const nq_option *option)
{
    char least[NQI_TEXT_SIZE], most[NQI_TEXT_SIZE];
    double fallback = option->least;
    (void)nqi_text_read_double(&fallback, option->fallback);
    const int apart = fallback < option->least || fallback > option->most;
    bound_say(least, option->least);
    bound_say(most, option->most);
    snprintf(out, RANGE_SIZE, "%s of at least %s and at most %s%s%s%s",
             option->type == NQ_OPTION_COUNT ? "a whole number" : "a number", least, most,
             apart ? ", or " : "", apart ? option->fallback : "",
             apart ? " for the default" : "");
    return out;
}

static nq_status text_refuse(nq_context *context, const nq_option *option, const char *text)
{
    char range[RANGE_SIZE];
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "--%s \"%s\": expected %s",
                    option->flag ? option->flag : option->field, text, range_say(range, option));
}

static nq_status set_text(nq_context *context, char *field, const nq_option *option,
                          const char *text)
{
    if (strlen(text) >= NQ_TEXT_SIZE)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "--%s: longer than %d characters",
                        option->flag ? option->flag : option->field, NQ_TEXT_SIZE - 1);
    strcpy(field, text);
    return NQ_OK;
}

static nq_status field_set(nq_context *context, void *field, const nq_option *option,
                           const char *text)
{
    nq_count count = 0;
    double number = 0;
    if (option->type == NQ_OPTION_TEXT)
        return set_text(context, field, option, text);
    if (option->type == NQ_OPTION_COUNT) {
        if (!option_count(&count, option, text) || !is_in_range(option, (double)count))
            return text_refuse(context, option, text);
        *(nq_count *)field = count;
        return NQ_OK;
    }
    if (!option_number(&number, option, text) || !is_in_range(option, number))
        return text_refuse(context, option, text);
    *(nq_number *)field = number;
    return NQ_OK;
}

static int is_zero(const void *field, const nq_option *option)
{
    if (option->type == NQ_OPTION_TEXT)
        return !*(const char *)field;
    if (option->type == NQ_OPTION_COUNT)
        return *(const nq_count *)field == 0;
    return *(const nq_number *)field == 0;
}

/* The defaults in place of every zero of a zeroed struct. */
static void struct_settle(void *options, const nq_option *table, size_t count, size_t bytes)
{
    size_t *size = options;
    for (size_t i = 0; !*size && i < count; i++) {
        void *field = (char *)options + table[i].offset;
        if (is_zero(field, &table[i]))
            (void)field_set(NULL, field, &table[i], table[i].fallback);
    }
    *size = bytes;
}

nq_status nq_option_set(void *options, nq_context *context, const nq_option *option,
                        const char *text)
{
    if (option >= model_table && option < model_table + MODEL_ROWS)
        struct_settle(options, model_table, MODEL_ROWS, sizeof(nq_model_options));
    else if (option >= train_table && option < train_table + TRAIN_ROWS)
        struct_settle(options, train_table, TRAIN_ROWS, sizeof(nq_train_options));
    return field_set(context, (char *)options + option->offset, option, text);
}

int nq_option_get(char *out, size_t size, const void *options, const nq_option *option)
{
    const char *field = (const char *)options + option->offset;
    if (option->type == NQ_OPTION_TEXT)
        return snprintf(out, size, "%s", field);
    if (option->type == NQ_OPTION_COUNT)
        return snprintf(out, size, "%lld", (long long)*(const nq_count *)(const void *)field);
    return nqi_text_double(out, size, *(const nq_number *)(const void *)field);
}

void nq_model_options_init(nq_model_options *options, size_t size)
{
    nqi_model_options_copy(options, NULL);
}

void nq_train_options_init(nq_train_options *options, size_t size)
{
    nqi_train_options_copy(options, NULL);
}

void nqi_model_options_copy(nq_model_options *out, const nq_model_options *options)
{
    if (options)
        *out = *options;
    else
        memset(out, 0, sizeof *out);
    struct_settle(out, model_table, MODEL_ROWS, sizeof *out);
}

void nqi_train_options_copy(nq_train_options *out, const nq_train_options *options)
{
    if (options)
        *out = *options;
    else
        memset(out, 0, sizeof *out);
    struct_settle(out, train_table, TRAIN_ROWS, sizeof *out);
}

static nq_status refuse(nq_context *context, const char *path, const char *what,
                        const nq_option *option, const char *value, const char *expected)
{
    if (path)
        return nqi_fail(context, NQ_ERROR_FORMAT,
                        "%s: not a usable %s: its option %s is %s: expected %s", path, what,
                        option->field, value, expected);
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "option %s is %s: expected %s", option->field,
                    value, expected);
}

static nq_status struct_check(nq_context *context, const void *options, const nq_option *table,
                              size_t count, const char *path, const char *what)
{
    char value[NQI_TEXT_SIZE], range[RANGE_SIZE];
    for (size_t i = 0; i < count; i++) {
        const void *field = (const char *)options + table[i].offset;
        if (table[i].type == NQ_OPTION_TEXT) {
            if (!memchr(field, '\0', NQ_TEXT_SIZE))
                return refuse(context, path, what, &table[i], "a text without an end",
                              "at most 255 characters");
            continue;
        }
        const double number = table[i].type == NQ_OPTION_COUNT ? (double)*(const nq_count *)field
                                                               : *(const nq_number *)field;
        if (is_in_range(&table[i], number))
            continue;
        nq_option_get(value, sizeof value, options, &table[i]);
        return refuse(context, path, what, &table[i], *value ? value : "not a number",
                      range_say(range, &table[i]));
    }
    return NQ_OK;
}

nq_status nqi_model_options_check(nq_context *context, const nq_model_options *options,
                                  const char *path)
{
    return struct_check(context, options, model_table, MODEL_ROWS, path, "noneq model");
}

nq_status nqi_train_options_check(nq_context *context, const nq_train_options *options,
                                  const char *path)
{
    return struct_check(context, options, train_table, TRAIN_ROWS, path, "checkpoint");
}
