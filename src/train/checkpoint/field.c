/* field.c - lists of fields, to a file and from one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/checkpoint/field.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARRAYS_BEGIN = 1000, DIGITS = 16 }; /* places of arrays; of a digest */

static void add(nqi_fields *fields, nqi_field field)
{
    size_t i = fields->count;
    if (i == NQI_FIELDS_MOST) {
        fields->is_full = 1;
        return;
    }
    for (; i > 0 && fields->field[i - 1].place > field.place; i--)
        fields->field[i] = fields->field[i - 1];
    fields->field[i] = field;
    fields->count++;
}

void nqi_fields_number(nqi_fields *fields, int place, const char *name, double *value)
{
    add(fields, (nqi_field){.name = name, place, NQI_FIELD_NUMBER, value, NQI_DTYPE_F64, 1});
}

void nqi_fields_count(nqi_fields *fields, int place, const char *name, int64_t *value)
{
    add(fields, (nqi_field){.name = name, place, NQI_FIELD_COUNT, value, NQI_DTYPE_U64, 1});
}

void nqi_fields_flag(nqi_fields *fields, int place, const char *name, int *value)
{
    add(fields, (nqi_field){.name = name, place, NQI_FIELD_FLAG, value, NQI_DTYPE_U8, 1});
}

void nqi_fields_digest(nqi_fields *fields, int place, const char *name, uint64_t *value)
{
    add(fields, (nqi_field){.name = name, place, NQI_FIELD_DIGEST, value, NQI_DTYPE_U64, 1});
}

void nqi_fields_array(nqi_fields *fields, int place, const char *name, nqi_dtype dtype,
                      void *value, size_t count)
{
    if (value)
        add(fields,
            (nqi_field){name, ARRAYS_BEGIN + place, NQI_FIELD_ARRAY, value, dtype, count});
}

void nqi_fields_reals(nqi_fields *fields, int place, const char *name, nqi_real *value,
                      size_t count)
{
    nqi_fields_array(fields, place, name, sizeof *value == 8 ? NQI_DTYPE_F64 : NQI_DTYPE_F32,
                     value, count);
}

static void describe_digest(nqi_json *json, const nqi_field *field)
{
    char text[DIGITS + 1];
    snprintf(text, sizeof text, "%016" PRIx64, *(const uint64_t *)field->value);
    nqi_json_text(json, field->name, text);
}

void nqi_fields_describe(nqi_json *json, const nqi_fields *fields)
{
    for (const nqi_field *f = fields->field; f < fields->field + fields->count; f++)
        if (f->kind == NQI_FIELD_NUMBER)
            nqi_json_number(json, f->name, *(const double *)f->value);
        else if (f->kind == NQI_FIELD_COUNT)
            nqi_json_count(json, f->name, *(const int64_t *)f->value);
        else if (f->kind == NQI_FIELD_FLAG)
            nqi_json_bool(json, f->name, *(const int *)f->value);
        else if (f->kind == NQI_FIELD_DIGEST)
            describe_digest(json, f);
}

size_t nqi_fields_tensors(nqi_tensor tensors[NQI_FIELDS_MOST], const nqi_fields *fields)
{
    size_t n = 0;
    for (const nqi_field *f = fields->field; f < fields->field + fields->count; f++)
        if (f->kind == NQI_FIELD_ARRAY)
            tensors[n++] = (nqi_tensor){f->name, f->dtype, 1, {f->count}, f->value};
    return n;
}

/* Each kind of value: whether it could be read. */
static int read_count(int64_t *out, const cJSON *object, const char *name)
{
    const double value = nqi_json_number_of(object, name);
    if (!(value >= 0 && value < 9e15))
        return 0;
    *out = (int64_t)value;
    return 1;
}

static int read_digest(uint64_t *out, const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsString(item) || strlen(item->valuestring) != DIGITS ||
        strspn(item->valuestring, "0123456789abcdef") != DIGITS)
        return 0;
    *out = strtoull(item->valuestring, NULL, 16);
    return 1;
}

const char *nqi_fields_read(const nqi_fields *fields, const cJSON *object)
{
    for (const nqi_field *f = fields->field; f < fields->field + fields->count; f++) {
        if (f->kind == NQI_FIELD_NUMBER)
            *(double *)f->value = nqi_json_number_of(object, f->name);
        else if (f->kind == NQI_FIELD_FLAG)
            *(int *)f->value = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, f->name));
        else if ((f->kind == NQI_FIELD_COUNT && !read_count(f->value, object, f->name)) ||
                 (f->kind == NQI_FIELD_DIGEST && !read_digest(f->value, object, f->name)))
            return f->name;
    }
    return NULL;
}

static int is_finite(const nqi_field *field)
{
    for (size_t i = 0; i < field->count && field->dtype == NQI_DTYPE_F32; i++)
        if (!isfinite(((const float *)field->value)[i]))
            return 0;
    for (size_t i = 0; i < field->count && field->dtype == NQI_DTYPE_F64; i++)
        if (!isfinite(((const double *)field->value)[i]))
            return 0;
    return 1;
}

nq_status nqi_fields_read_arrays(const char **wrong, const nqi_fields *fields,
                                 const nqi_container *container)
{
    *wrong = NULL;
    for (const nqi_field *f = fields->field; f < fields->field + fields->count; f++) {
        if (f->kind != NQI_FIELD_ARRAY)
            continue;
        const nqi_tensor *from = nqi_container_tensor(container, f->name);
        *wrong = f->name;
        if (!from || from->dtype != f->dtype || nqi_tensor_count(from) != f->count)
            return NQ_OK;
        const nq_status status = nqi_container_get(container, from, 0, f->count, f->value);
        if (status)
            return status;
        if (!is_finite(f))
            return NQ_OK;
        *wrong = NULL;
    }
    return NQ_OK;
}
