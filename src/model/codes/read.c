/* read.c - how columns of several kinds stand in rows, from JSON: it may be hostile. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text/utf8.h"
#include "model/codes/codes.h"

enum { KNOTS_MOST = 65536, DECIMALS_MOST = 30 };

static nq_status bad(nq_context *context, const char *what)
{
    return nqi_fail(context, NQ_ERROR_FORMAT, "codes of columns: %s", what);
}

static const cJSON *item(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Numbers, of which null is NaN and "other" infinite; NULL: it is no such array, or no memory. */
static double *read_values(const cJSON *array, size_t count, int gaps)
{
    double *out = cJSON_IsArray(array) && (size_t)cJSON_GetArraySize(array) == count
                      ? malloc((count + 1) * sizeof *out)
                      : NULL;
    size_t i = 0;
    for (const cJSON *at = out ? array->child : NULL; at; at = at->next) {
        const int is_other = gaps && cJSON_IsString(at) && !strcmp(at->valuestring, "other");
        if (!(cJSON_IsNumber(at) && isfinite(at->valuedouble)) && !is_other &&
            !(gaps && cJSON_IsNull(at))) {
            free(out);
            return NULL;
        }
        out[i++] = is_other ? INFINITY : cJSON_IsNull(at) ? NAN : at->valuedouble;
    }
    return out;
}

/* Levels differ, and only the last of a spiked column may stand for the others. */
static int levels_fit(const nqi_code *code)
{
    const int is_spiked = code->kind == NQI_KIND_SPIKED;
    double sum = 0;
    for (size_t k = 0; k < code->level_count; k++) {
        if (!(code->frequency[k] > 0) ||
            isinf(code->level[k]) != (is_spiked && k + 1 == code->level_count))
            return 0;
        if (k) {
            const double a = code->level[code->by_value[k - 1]];
            const double b = code->level[code->by_value[k]];
            if (!(a < b) && !(isnan(b) && !isnan(a)))
                return 0;
        }
        sum += code->frequency[k];
    }
    return fabs(sum - 1) < 0.01;
}

static nq_status read_levels(nqi_code *code, nq_context *context, const cJSON *object)
{
    const cJSON *array = item(object, "levels");
    if (!array)
        return NQ_OK;
    const int count = cJSON_GetArraySize(array);
    if (count < 1 || count > NQI_LEVELS_MOST + 2)
        return bad(context, "expected 1 to 4098 levels");
    code->level_count = (size_t)count;
    code->level = read_values(array, code->level_count, 1);
    code->frequency = read_values(item(object, "frequency"), code->level_count, 0);
    if (!code->level || !code->frequency)
        return bad(context, "expected levels and how frequent they are");
    if (nqi_code_order(code))
        return nqi_fail_memory(context, "levels", code->level_count);
    return levels_fit(code) ? NQ_OK : bad(context, "expected different levels of parts above 0");
}

static nq_status read_warp(nqi_code *code, nq_context *context, const cJSON *object)
{
    const cJSON *warp = item(object, "warp"), *kind = item(warp, "kind");
    if (!warp)
        return NQ_OK;
    const int count = cJSON_GetArraySize(item(warp, "x"));
    const nqi_grid grid = {nqi_json_number_of(warp, "step"), nqi_json_number_of(warp, "offset"),
                           nqi_json_number_of(warp, "least"), nqi_json_number_of(warp, "most")};
    const int is_smooth = cJSON_IsString(kind) && !strcmp(kind->valuestring, "smooth");
    if (count < 1 || count > KNOTS_MOST || !cJSON_IsString(kind) ||
        (!is_smooth && strcmp(kind->valuestring, "scores") != 0))
        return bad(context, "expected a warp of 1 to 65536 knots");
    double *x = read_values(item(warp, "x"), (size_t)count, 0);
    double *y = read_values(item(warp, "y"), (size_t)count, 0);
    double *slope = is_smooth ? read_values(item(warp, "slope"), (size_t)count, 0) : NULL;
    const nq_status status =
        x && y && (slope || !is_smooth)
            ? nqi_warp_new(&code->warp, context, is_smooth ? NQI_WARP_SMOOTH : NQI_WARP_SCORES,
                           &grid, (size_t)count, x, y, slope)
            : bad(context, "expected the knots of a warp");
    free(x);
    free(y);
    free(slope);
    return status;
}

static nq_status read_texts(nqi_column *column, nq_context *context, const cJSON *array,
                            const nqi_code *code)
{
    size_t count = 0;
    if (!array)
        return NQ_OK;
    for (size_t k = 0; k < code->level_count; k++)
        count += isfinite(code->level[k]) ? 1 : 0;
    if (!cJSON_IsArray(array) || (size_t)cJSON_GetArraySize(array) != count)
        return bad(context, "expected a text for each level");
    column->levels = calloc(count + 1, sizeof *column->levels);
    if (!column->levels)
        return nqi_fail_memory(context, "texts of levels", count);
    for (const cJSON *at = array->child; at; at = at->next) {
        if (!cJSON_IsString(at))
            return bad(context, "expected a text for each level");
        column->levels[column->level_count] = strdup(at->valuestring);
        if (!column->levels[column->level_count++])
            return nqi_fail_memory(context, "texts of levels", count);
    }
    for (size_t k = 0; k < code->level_count; k++)
        if (isfinite(code->level[k]) && !(code->level[k] >= 0 && code->level[k] < (double)count &&
                                          code->level[k] == floor(code->level[k])))
            return bad(context, "expected levels that count their texts");
    return NQ_OK;
}

static char first_char(const cJSON *text)
{
    return cJSON_IsString(text) ? text->valuestring[0] : '\0';
}

/* A number of the object within 0..most, else 0. */
static int read_small(const cJSON *object, const char *name, int most)
{
    const double x = nqi_json_number_of(object, name);
    return x >= 0 && x <= most ? (int)x : 0;
}

static void read_form(nqi_column *column, const cJSON *object)
{
    const cJSON *date = item(object, "date");
    const char between = first_char(item(date, "between")), zone = first_char(item(date, "zone"));
    const cJSON *gap = item(object, "gap");
    if (cJSON_IsString(gap) && strlen(gap->valuestring) < sizeof column->gap)
        memcpy(column->gap, gap->valuestring, strlen(gap->valuestring));
    if (item(object, "decimals")) {
        column->has_precision = 1;
        column->precision = read_small(object, "decimals", DECIMALS_MOST);
        column->precision_least = read_small(object, "decimals_least", column->precision);
    }
    if (cJSON_IsObject(date))
        column->date = (nqi_date_form){.is_date = 1,
                                       .between = strchr("Tt ", between) ? between : '\0',
                                       .has_seconds = read_small(date, "seconds", 1) != 0,
                                       .decimals = (char)read_small(date, "decimals", 9),
                                       .zone = strchr("Zz", zone) ? zone : '\0'};
}

/* The source is read before or after; both are checked at the end. */
static nq_status read_follows(nqi_code *code, nq_context *context, const cJSON *object,
                              size_t columns)
{
    const cJSON *follows = item(object, "follows"), *values = item(follows, "values");
    const double source = nqi_json_number_of(follows, "column");
    code->refill.source = SIZE_MAX;
    if (!follows)
        return NQ_OK;
    if (!(source >= 0 && source < (double)columns) || source != floor(source) ||
        !cJSON_IsArray(values))
        return bad(context, "expected the column that another follows from");
    code->refill.source = (size_t)source;
    code->refill.value = read_values(values, (size_t)cJSON_GetArraySize(values), 1);
    return code->refill.value ? NQ_OK : bad(context, "expected the values of a column");
}

static nq_status read_code(nqi_code *code, nqi_column *column, nq_context *context,
                           const cJSON *object, size_t columns)
{
    const cJSON *kind = item(object, "kind");
    nq_status status;
    for (int k = NQI_KIND_REAL; cJSON_IsString(kind) && k <= NQI_KIND_CONSTANT; k++)
        if (!strcmp(nqi_kind_name((nqi_kind)k), kind->valuestring))
            code->kind = column->kind = (nqi_kind)k;
    if (code->kind == NQI_KIND_UNKNOWN)
        return bad(context, "expected a kind of column");
    if ((status = read_levels(code, context, object)) ||
        (status = read_warp(code, context, object)) ||
        (status = read_texts(column, context, item(object, "texts"), code)) ||
        (status = read_follows(code, context, object, columns)))
        return status;
    read_form(column, object);
    if (!code->level_count && !code->warp.knots)
        return bad(context, "expected levels or a warp");
    const int is_number = code->kind == NQI_KIND_REAL || code->kind == NQI_KIND_WHOLE;
    const int is_spiked = code->kind == NQI_KIND_SPIKED;
    return (code->level_count > 0) == is_number ||
                   (code->warp.knots > 0) != (is_number || is_spiked)
               ? bad(context,
                     "expected a warp of numbers, levels of others, both of spiked columns")
               : NQ_OK;
}

static int follows_fit(const nqi_coding *coding, const cJSON *array)
{
    size_t c = 0;
    for (const cJSON *at = array->child; at; at = at->next, c++) {
        const size_t source = coding->code[c].refill.source;
        const cJSON *values = item(item(at, "follows"), "values");
        if (source == SIZE_MAX)
            continue;
        if (coding->code[source].refill.source != SIZE_MAX || !coding->code[source].level_count ||
            coding->code[source].warp.knots ||
            (size_t)cJSON_GetArraySize(values) != coding->code[source].level_count)
            return 0;
        for (size_t k = 0; k < coding->code[source].level_count; k++)
            if (nqi_code_level(&coding->code[c], coding->code[c].refill.value[k]) >=
                coding->code[c].level_count)
                return 0;
    }
    return 1;
}

nq_status nqi_codes_read(nqi_scaling *out, nq_context *context, const cJSON *array)
{
    nq_status status = NQ_OK;
    size_t c = 0;
    if (!cJSON_IsArray(array) || (size_t)cJSON_GetArraySize(array) != out->columns)
        return bad(context, "expected one for each column");
    if (!out->column)
        out->column = nqi_columns_new(out->columns);
    out->coding = calloc(1, sizeof *out->coding);
    if (out->coding)
        *out->coding = (nqi_coding){.columns = out->columns,
                                    .code = calloc(out->columns, sizeof *out->coding->code)};
    if (!out->column || !out->coding || !out->coding->code)
        return nqi_fail_memory(context, "codes of columns", out->columns);
    for (const cJSON *at = array->child; at && !status; at = at->next, c++)
        status = read_code(&out->coding->code[c], &out->column[c], context, at, out->columns);
    if (!status && !follows_fit(out->coding, array))
        status = bad(context, "a column follows from no such other");
    if (!status && (nqi_coding_number(out->coding) || nqi_scaling_coded(out)))
        status = nqi_fail_memory(context, "codes of columns", out->columns);
    return !status && !out->active ? bad(context, "no column varies") : status;
}
