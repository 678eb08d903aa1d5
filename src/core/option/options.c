/* options.c - a field from text and as text, structs of all versions, and the ranges of fields. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/option/options.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/version.h>

#include "core/context.h"
#include "core/text.h"

enum { RANGE_SIZE = 160 /* bytes that say a range */ };

/* What the types of fields have in common. */
static int is_number(const nq_option *option)
{
    return option->type != NQ_OPTION_TEXT && option->type != NQ_OPTION_STRING &&
           option->type != NQ_OPTION_BYTES && option->type != NQ_OPTION_AREA;
}

static int is_whole(const nq_option *option)
{
    return is_number(option) && option->type != NQ_OPTION_NUMBER;
}

static size_t field_size(const nq_option *option)
{
    static const size_t sizes[] = {
        [NQ_OPTION_TEXT] = sizeof(nq_text),     [NQ_OPTION_COUNT] = sizeof(nq_count),
        [NQ_OPTION_NUMBER] = sizeof(nq_number), [NQ_OPTION_SIZE] = sizeof(nq_size),
        [NQ_OPTION_SEED] = sizeof(nq_seed),     [NQ_OPTION_INT] = sizeof(nq_int),
        [NQ_OPTION_FLAG] = sizeof(nq_flag),     [NQ_OPTION_STRING] = sizeof(nq_string),
        [NQ_OPTION_BYTES] = sizeof(nq_bytes),   [NQ_OPTION_AREA] = sizeof(nq_area)};
    return sizes[option->type];
}

/* A field that holds a number, as one. */
static double number_of(const void *field, const nq_option *option)
{
    switch (option->type) {
    case NQ_OPTION_NUMBER:
        return *(const nq_number *)field;
    case NQ_OPTION_COUNT:
        return (double)*(const nq_count *)field;
    case NQ_OPTION_SIZE:
        return (double)*(const nq_size *)field;
    case NQ_OPTION_SEED:
        return (double)*(const nq_seed *)field;
    default:
        return *(const nq_int *)field;
    }
}

/* A whole number of a text that is nothing but one, as its magnitude. 1e6 is one too. */
static int whole_read(uint64_t *out, int *is_negative, const char *text)
{
    char *end;
    double number;
    if (!nqi_text_read_double(&number, text))
        return 0;
    *is_negative = *text == '-';
    const char *digits = text + (*text == '-' || *text == '+');
    errno = 0;
    *out = strtoull(digits, &end, 10);
    if (!*end)
        return !errno;
    /* Past 2^53 not every whole number is a double. */
    if (number != floor(number) || fabs(number) > 0x1p53)
        return 0;
    *out = (uint64_t)fabs(number);
    return 1;
}

/* The number as one of the type of the field; 0: it is too large for it. */
static int whole_put(void *field, const nq_option *option, uint64_t number, int is_negative)
{
    const int is_signed = option->type != NQ_OPTION_SIZE && option->type != NQ_OPTION_SEED;
    const uint64_t most = option->type == NQ_OPTION_SEED   ? UINT64_MAX
                          : option->type == NQ_OPTION_SIZE ? SIZE_MAX
                          : option->type == NQ_OPTION_COUNT
                              ? (uint64_t)INT64_MAX + (uint64_t)(is_negative != 0)
                              : INT_MAX;
    if (number > most || (is_negative && number && !is_signed))
        return 0;
    const int64_t with_sign = is_negative ? (int64_t)(0 - number) : (int64_t)number;
    if (option->type == NQ_OPTION_SEED)
        *(nq_seed *)field = number;
    else if (option->type == NQ_OPTION_SIZE)
        *(nq_size *)field = (size_t)number;
    else if (option->type == NQ_OPTION_COUNT)
        *(nq_count *)field = with_sign;
    else
        *(nq_int *)field = (int)with_sign;
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
    else if (value == NQ_SIZE_MOST)
        snprintf(out, NQI_TEXT_SIZE, "18446744073709551615");
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
             is_whole(option) ? "a whole number" : "a number", least, most, apart ? ", or " : "",
             apart ? option->fallback : "", apart ? " for the default" : "");
    return out;
}

static nq_status number_refuse(nq_context *context, const nq_option *option, const char *text)
{
    char range[RANGE_SIZE];
    return nqi_fail(context, NQ_ERROR_ARGUMENT, NQI_OPTION "%s \"%s\": expected %s",
                    option->field, text, range_say(range, option));
}

static nq_status set_text(nq_context *context, char *field, const nq_option *option,
                          const char *text)
{
    if (strlen(text) >= NQ_TEXT_SIZE)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, NQI_OPTION "%s: longer than %d characters",
                        option->field, NQ_TEXT_SIZE - 1);
    strcpy(field, text);
    return NQ_OK;
}

static nq_status set_number(nq_context *context, void *field, const nq_option *option,
                            const char *text)
{
    unsigned char before[sizeof(uint64_t)];
    double number = 0;
    uint64_t whole = 0;
    int is_negative = 0;
    if (option->type == NQ_OPTION_NUMBER) {
        if (!nqi_text_read_double(&number, text) || !is_in_range(option, number))
            return number_refuse(context, option, text);
        *(nq_number *)field = number;
        return NQ_OK;
    }
    memcpy(before, field, field_size(option));
    if (whole_read(&whole, &is_negative, text) && whole_put(field, option, whole, is_negative) &&
        is_in_range(option, number_of(field, option)))
        return NQ_OK;
    memcpy(field, before, field_size(option));
    return number_refuse(context, option, text);
}

static nq_status set_area(nq_context *context, nq_area *field, const nq_option *option,
                          const char *text)
{
    size_t sizes[4] = {0};
    const char *rest = text;
    char word[NQI_TEXT_SIZE];
    int i = 0, good = 1;
    for (; good && i < 4; i++) {
        const size_t length = strcspn(rest, ",");
        uint64_t number = 0;
        int is_negative = 0;
        good = length < sizeof word && (rest[length] == ',') == (i < 3);
        if (!good)
            break;
        memcpy(word, rest, length);
        word[length] = '\0';
        good = whole_read(&number, &is_negative, word) && (!is_negative || !number) &&
               number <= INT32_MAX;
        sizes[i] = (size_t)number;
        rest += length + 1;
    }
    if (!good)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "%s takes LEFT,TOP,WIDTH,HEIGHT in pixels, such as "
                                   "0,0,512,512, not '%s'",
                        option->field, text);
    *field = (nq_area){sizes[0], sizes[1], sizes[2], sizes[3]};
    return NQ_OK;
}

static nq_status field_set(nq_context *context, void *field, const nq_option *option,
                           const char *text)
{
    switch (option->type) {
    case NQ_OPTION_TEXT:
        return set_text(context, field, option, text);
    case NQ_OPTION_STRING:
        *(nq_string *)field = text;
        return NQ_OK;
    case NQ_OPTION_AREA:
        return set_area(context, field, option, text);
    case NQ_OPTION_BYTES:
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "%s is an array of numbers: text cannot set it",
                        option->field);
    default:
        return set_number(context, field, option, text);
    }
}

/* A field without a fallback is zeroed. */
static void field_init(void *field, const nq_option *option)
{
    memset(field, 0, field_size(option));
    if (option->fallback)
        (void)field_set(NULL, field, option, option->fallback);
}

/* Zero, "" or NULL. */
static int is_zero(const void *field, const nq_option *option)
{
    static const unsigned char zeros[sizeof(nq_area)];
    if (option->type == NQ_OPTION_TEXT)
        return !*(const char *)field;
    if (option->type == NQ_OPTION_NUMBER)
        return number_of(field, option) == 0;
    return !memcmp(field, zeros, field_size(option));
}

/* The defaults in place of every zero of a zeroed struct. */
static void struct_settle(void *options, const nq_options_type *type)
{
    size_t *size = options;
    for (size_t i = 0; !*size && i < type->count; i++) {
        void *field = (char *)options + type->table[i].offset;
        if (is_zero(field, &type->table[i]))
            field_init(field, &type->table[i]);
    }
    *size = type->size;
}

void nq_options_init(void *options, size_t size, const nq_options_type *type)
{
    memset(options, 0, size);
    for (size_t i = 0; i < type->count; i++)
        if (type->table[i].offset + field_size(&type->table[i]) <= size)
            field_init((char *)options + type->table[i].offset, &type->table[i]);
    memcpy(options, &size, sizeof size);
}

/* The struct that has a row in its table; NULL: the row is a copy. */
static const nq_options_type *type_of(const nq_option *option)
{
    const nq_options_type *type;
    for (size_t i = 0; (type = nq_options_type_get(i)); i++)
        if (option >= type->table && option < type->table + type->count)
            return type;
    return NULL;
}

nq_status nq_option_set(void *options, nq_context *context, const nq_option *option,
                        const char *text)
{
    const nq_options_type *type = type_of(option);
    size_t size;
    memcpy(&size, options, sizeof size);
    if (type && !size)
        struct_settle(options, type);
    else if (size < option->offset + field_size(option))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "%s is not in a struct of %zu bytes: it came later",
                        option->field, size);
    return field_set(context, (char *)options + option->offset, option, text);
}

static int area_get(char *out, size_t size, const nq_area *area)
{
    if (!area->left && !area->top && !area->width && !area->height)
        return snprintf(out, size, "%s", "");
    return snprintf(out, size, "%zu,%zu,%zu,%zu", area->left, area->top, area->width,
                    area->height);
}

int nq_option_get(char *out, size_t size, const void *options, const nq_option *option)
{
    const void *field = (const char *)options + option->offset;
    switch (option->type) {
    case NQ_OPTION_TEXT:
        return snprintf(out, size, "%s", (const char *)field);
    case NQ_OPTION_STRING:
        return snprintf(out, size, "%s",
                        *(const nq_string *)field ? *(const nq_string *)field : "");
    case NQ_OPTION_BYTES:
        return snprintf(out, size, "%s", "");
    case NQ_OPTION_AREA:
        return area_get(out, size, field);
    case NQ_OPTION_NUMBER:
        return nqi_text_double(out, size, *(const nq_number *)field);
    case NQ_OPTION_COUNT:
        return snprintf(out, size, "%lld", (long long)*(const nq_count *)field);
    case NQ_OPTION_SIZE:
        return snprintf(out, size, "%zu", *(const nq_size *)field);
    case NQ_OPTION_SEED:
        return snprintf(out, size, "%llu", (unsigned long long)*(const nq_seed *)field);
    default:
        return snprintf(out, size, "%d", *(const nq_int *)field);
    }
}

int nqi_option_differs(const void *options, const void *others, const nq_option *option)
{
    char mine[NQ_TEXT_SIZE], theirs[NQ_TEXT_SIZE];
    nq_option_get(mine, sizeof mine, options, option);
    nq_option_get(theirs, sizeof theirs, others, option);
    return strcmp(mine, theirs) != 0;
}

static nq_status refuse(nq_context *context, const char *path, const char *what,
                        const nq_option *option, const char *value, const char *expected)
{
    if (path)
        return nqi_fail(context, NQ_ERROR_FORMAT,
                        "%s: not a usable %s: its option %s is %s: expected %s", path, what,
                        option->field, value, expected);
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "option " NQI_OPTION "%s is %s: expected %s",
                    option->field, value, expected);
}

nq_status nqi_options_check(nq_context *context, const void *options, const nq_options_type *type,
                            const char *path, const char *what)
{
    char value[NQI_TEXT_SIZE], range[RANGE_SIZE];
    for (size_t i = 0; i < type->count; i++) {
        const nq_option *option = &type->table[i];
        const void *field = (const char *)options + option->offset;
        if (option->type == NQ_OPTION_TEXT && !memchr(field, '\0', NQ_TEXT_SIZE))
            return refuse(context, path, what, option, "a text without an end",
                          "at most 255 characters");
        if (!is_number(option) || is_in_range(option, number_of(field, option)))
            continue;
        nq_option_get(value, sizeof value, options, option);
        return refuse(context, path, what, option, *value ? value : "not a number",
                      range_say(range, option));
    }
    return NQ_OK;
}

/* What a program knows that is newer than this library must not matter. */
static int has_more(const unsigned char *options, size_t known, size_t size)
{
    for (size_t i = known; i < size; i++)
        if (options[i])
            return 1;
    return 0;
}

nq_status nqi_options_take(void *out, nq_context *context, const nq_options_type *type,
                           const void *options)
{
    size_t size = 0;
    if (!options) {
        nq_options_init(out, type->size, type);
        return NQ_OK;
    }
    memcpy(&size, options, sizeof size);
    if (size && size < sizeof size)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "%s.size is %zu: expected the bytes of the struct, or 0", type->name,
                        size);
    if (size > type->size && has_more(options, type->size, size))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "%s: a field beyond the first %zu bytes is set, and this library, "
                        "version %s, does not know it; expected zeros",
                        type->name, type->size, nq_version());
    const size_t theirs = size ? size : type->first;
    nq_options_init(out, type->size, type);
    memcpy(out, options, theirs < type->size ? theirs : type->size);
    if (!size) {
        memset(out, 0, sizeof size);
        struct_settle(out, type);
    }
    memcpy(out, &type->size, sizeof type->size);
    return nqi_options_check(context, out, type, NULL, NULL);
}
