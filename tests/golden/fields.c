/* fields.c - numbers and lists out of a golden case, and its memory. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "golden/golden.h"

void golden_damaged(const golden_case *c, const char *format, ...)
{
    va_list arguments;
    printf("not ok %s: the case is damaged: ", c->id);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
    _exit(1); /* what the check had allocated is no leak */
}

void *golden_new(golden_case *c, size_t count, size_t size)
{
    void *piece = c->piece_count < GOLDEN_PIECES ? calloc(count ? count : 1, size) : NULL;
    if (!piece)
        golden_damaged(c, "too large: %zu numbers", count);
    c->pieces[c->piece_count++] = piece;
    return piece;
}

void golden_release(golden_case *c)
{
    while (c->piece_count)
        free(c->pieces[--c->piece_count]);
}

const cJSON *golden_input_optional(const golden_case *c, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(c->inputs, name);
}

const cJSON *golden_input(const golden_case *c, const char *name)
{
    const cJSON *field = golden_input_optional(c, name);
    if (!field)
        golden_damaged(c, "input \"%s\" is missing", name);
    return field;
}

int golden_offers(const golden_case *c, const char *output)
{
    return cJSON_HasObjectItem(c->outputs, output);
}

const cJSON *golden_output(golden_case *c, const char *name)
{
    int index = 0;
    const cJSON *field;
    cJSON_ArrayForEach(field, c->outputs)
    {
        if (!strcmp(field->string, name)) {
            if (index < GOLDEN_FIELDS)
                c->looked[index] = 1;
            return field;
        }
        index++;
    }
    golden_damaged(c, "output \"%s\" is missing", name);
}

static const struct {
    const char *text;
    double value;
} words[] = {{"inf", HUGE_VAL}, {"-inf", -HUGE_VAL}, {"nan", NAN}};

double golden_value(const golden_case *c, const cJSON *value, const char *name)
{
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value);
    for (size_t i = 0; cJSON_IsString(value) && i < sizeof words / sizeof *words; i++)
        if (!strcmp(value->valuestring, words[i].text))
            return words[i].value;
    if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble))
        golden_damaged(c, "\"%s\": expected a number", name);
    return value->valuedouble;
}

double golden_number(const golden_case *c, const char *input)
{
    return golden_value(c, golden_input(c, input), input);
}

size_t golden_count(const golden_case *c, const char *input, size_t least, size_t most)
{
    const double value = golden_number(c, input);
    if (!(value >= (double)least && value <= (double)most && value == floor(value)))
        golden_damaged(c, "input \"%s\": expected a whole number from %zu to %zu", input, least,
                       most);
    return (size_t)value;
}

static size_t count_numbers(const golden_case *c, const cJSON *list, const char *name)
{
    const cJSON *item;
    size_t count = 0, each = 0;
    if (!cJSON_IsArray(list))
        golden_damaged(c, "\"%s\": expected a list", name);
    cJSON_ArrayForEach(item, list)
    {
        const size_t here = cJSON_IsArray(item) ? count_numbers(c, item, name) : 1;
        if (cJSON_IsArray(item) != cJSON_IsArray(list->child) || (count && here != each))
            golden_damaged(c, "\"%s\": its lists differ in length", name);
        each = here;
        count += here;
    }
    return count;
}

static double *copy_numbers(const golden_case *c, const cJSON *list, const char *name,
                            double *out)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        if (cJSON_IsArray(item))
            out = copy_numbers(c, item, name, out);
        else
            *out++ = golden_value(c, item, name);
    }
    return out;
}

double *golden_list(golden_case *c, const cJSON *list, const char *name, size_t expected,
                    size_t *count)
{
    const size_t found = count_numbers(c, list, name);
    double *out = golden_new(c, found, sizeof *out);
    if (!found || (expected && found != expected))
        golden_damaged(c, "\"%s\" has %zu numbers: expected %zu", name, found,
                       expected ? expected : 1);
    copy_numbers(c, list, name, out);
    if (count)
        *count = found;
    return out;
}

double *golden_input_list(golden_case *c, const char *name, size_t expected, size_t *count)
{
    return golden_list(c, golden_input(c, name), name, expected, count);
}

/* Each item is a list of `width` numbers and holds no list. */
static double *rows_list(golden_case *c, const cJSON *list, const char *name, size_t width,
                         size_t *rows)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list) if (!cJSON_IsArray(item) || cJSON_IsArray(item->child) ||
                                       (size_t)cJSON_GetArraySize(item) != width)
        golden_damaged(c, "\"%s\": expected rows of %zu numbers", name, width);
    double *out = golden_list(c, list, name, 0, rows);
    *rows /= width;
    return out;
}

double *golden_rows(golden_case *c, const char *output, size_t width, size_t *rows)
{
    return rows_list(c, golden_output(c, output), output, width, rows);
}

double *golden_input_rows(golden_case *c, const char *input, size_t width, size_t *rows)
{
    return rows_list(c, golden_input(c, input), input, width, rows);
}

uint32_t *golden_times(golden_case *c, const cJSON *tau, size_t *steps)
{
    const double *list = golden_list(c, tau, "tau", 0, steps);
    uint32_t *time = golden_new(c, *steps + 1, sizeof *time);
    for (size_t k = 0; k < *steps; k++) {
        if (!(list[k] >= 1 && list[k] <= 100000))
            golden_damaged(c, "there is no time %g", list[k]);
        time[k + 1] = (uint32_t)list[k];
    }
    return time;
}
