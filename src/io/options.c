/* options.c - the option tables, and setting a field from text. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/options.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/text.h"

#define NQ_OPTION_TYPE_text NQ_OPTION_TEXT
#define NQ_OPTION_TYPE_count NQ_OPTION_COUNT
#define NQ_OPTION_TYPE_number NQ_OPTION_NUMBER

#define ROW(struct_name, type, field, flag, fallback, help)                                      \
    {#field, flag, NQ_OPTION_TYPE_##type, offsetof(struct_name, field), fallback, help},
#define MODEL_ROW(type, field, flag, fallback, help)                                             \
    ROW(nq_model_options, type, field, flag, fallback, help)
#define TRAIN_ROW(type, field, flag, fallback, help)                                             \
    ROW(nq_train_options, type, field, flag, fallback, help)

static const nq_option model_table[] = {NQ_MODEL_OPTIONS(MODEL_ROW)};
static const nq_option train_table[] = {NQ_TRAIN_OPTIONS(TRAIN_ROW)};
enum {
    MODEL_ROWS = sizeof model_table / sizeof model_table[0],
    TRAIN_ROWS = sizeof train_table / sizeof train_table[0]
};

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

static nq_status set_text(nq_context *context, char *field, const nq_option *option,
                          const char *text)
{
    if (strlen(text) >= NQ_TEXT_SIZE)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "--%s: longer than %d characters",
                        option->flag, NQ_TEXT_SIZE - 1);
    strcpy(field, text);
    return NQ_OK;
}

nq_status nq_option_set(nq_context *context, void *options, const nq_option *option,
                        const char *text)
{
    char *field = (char *)options + option->offset;
    const char *flag = option->flag ? option->flag : option->field;
    char *end;
    errno = 0;
    if (option->type == NQ_OPTION_TEXT)
        return set_text(context, field, option, text);
    if (option->type == NQ_OPTION_COUNT) {
        const long long value = strtoll(text, &end, 10);
        if (end == text || *end || errno)
            return nqi_fail(context, NQ_ERROR_ARGUMENT, "--%s \"%s\": expected a whole number",
                            flag, text);
        *(nq_count *)(void *)field = (nq_count)value;
        return NQ_OK;
    }
    const double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value))
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "--%s \"%s\": expected a number", flag, text);
    *(nq_number *)(void *)field = value;
    return NQ_OK;
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

static void set_defaults(void *options, const nq_option *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)nq_option_set(NULL, options, &table[i], table[i].fallback);
}

void nq_model_options_init(nq_model_options *options)
{
    set_defaults(options, model_table, MODEL_ROWS);
}

void nq_train_options_init(nq_train_options *options)
{
    set_defaults(options, train_table, TRAIN_ROWS);
}
