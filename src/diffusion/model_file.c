/* model_file.c - a model as a safetensors file: tensors, and JSON for all the rest. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/version.h>

#include "core/context.h"
#include "diffusion/model.h"

enum { FORMAT_VERSION = 1 };
static const nqi_dtype real_dtype = sizeof(nq_real) == 8 ? NQI_DTYPE_F64 : NQI_DTYPE_F32;

static cJSON *json_numbers(const double *values, size_t count)
{
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; array && i < count; i++)
        cJSON_AddItemToArray(array, cJSON_CreateNumber(values[i]));
    return array;
}

static void add_options(cJSON *parent, const nq_model_options *options)
{
    size_t count;
    const nq_option *table = nq_model_options_table(&count);
    cJSON *object = cJSON_AddObjectToObject(parent, "options");
    for (size_t i = 0; i < count; i++) {
        const char *field = (const char *)options + table[i].offset;
        if (table[i].type == NQ_OPTION_TEXT)
            cJSON_AddStringToObject(object, table[i].field, field);
        else if (table[i].type == NQ_OPTION_COUNT)
            cJSON_AddNumberToObject(object, table[i].field,
                                    (double)*(const nq_count *)(const void *)field);
        else
            cJSON_AddNumberToObject(object, table[i].field,
                                    *(const nq_number *)(const void *)field);
    }
}

static void add_scaling(cJSON *parent, const nqi_scaling *scaling)
{
    cJSON *object = cJSON_AddObjectToObject(parent, "scaling");
    cJSON_AddItemToObject(object, "mean", json_numbers(scaling->mean, scaling->columns));
    cJSON_AddItemToObject(object, "deviation",
                          json_numbers(scaling->deviation, scaling->columns));
    cJSON_AddNumberToObject(object, "log_jacobian", scaling->log_jacobian);
    if (scaling->names) {
        cJSON *names = cJSON_AddArrayToObject(object, "names");
        for (size_t i = 0; i < scaling->columns; i++)
            cJSON_AddItemToArray(names, cJSON_CreateString(scaling->names[i]));
    }
}

static cJSON *describe(const nq_model *model)
{
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "writer", "noneq " NQ_VERSION);
    cJSON_AddNumberToObject(root, "format", FORMAT_VERSION);
    cJSON_AddStringToObject(root, "kernel", nq_model_kernel(model));
    cJSON_AddStringToObject(root, "regressor", nq_model_regressor(model));
    cJSON_AddNumberToObject(root, "steps", (double)nq_model_steps(model));
    cJSON_AddNumberToObject(root, "dim", (double)nq_model_dim(model));
    cJSON_AddNumberToObject(root, "columns", (double)nq_model_columns(model));
    cJSON_AddNumberToObject(root, "parameters", (double)nq_model_parameters(model));
    add_options(root, &model->options);
    cJSON *schedule = cJSON_AddObjectToObject(root, "schedule");
    cJSON_AddStringToObject(schedule, "kind", model->options.schedule);
    cJSON_AddItemToObject(
        schedule, "beta",
        json_numbers(model->process.schedule.beta, model->process.schedule.steps));
    if (model->process.activity)
        cJSON_AddItemToObject(root, "activity",
                              json_numbers(model->process.activity, model->process.dim));
    add_scaling(root, &model->scaling);
    cJSON *record = cJSON_AddObjectToObject(root, "training");
    for (size_t i = 0; i < model->record_count; i++)
        cJSON_AddStringToObject(record, model->record[i].key, model->record[i].value);
    return root;
}

nq_status nq_model_describe(char **out, nq_context *context, const nq_model *model)
{
    cJSON *root = describe(model);
    *out = root ? cJSON_Print(root) : NULL;
    cJSON_Delete(root);
    return *out ? NQ_OK : nqi_fail_memory(context, "a description", 0);
}

/* A banked parameter stands strided in the vector; in the file it is [T][...] of its own. */
static nq_real *gather_banks(const nq_model *model, const nqi_param *param)
{
    const nqi_graph *graph = &model->graph;
    nq_real *copy = malloc(graph->banks * param->count * sizeof *copy);
    for (size_t b = 0; copy && b < graph->banks; b++)
        memcpy(copy + b * param->count,
               model->params + nqi_param_position(graph, param) + b * graph->bank_size,
               param->count * sizeof *copy);
    return copy;
}

static nq_status make_tensors(const nq_model *model, nq_context *context, nqi_tensor *tensors,
                              void **owned)
{
    for (int i = 0; i < model->graph.param_count; i++) {
        const nqi_param *param = &model->graph.params[i];
        nqi_tensor *tensor = &tensors[i];
        tensor->name = param->name;
        tensor->dtype = real_dtype;
        if (param->banked)
            tensor->shape[tensor->rank++] = model->graph.banks;
        for (int k = 0; k < param->rank; k++)
            tensor->shape[tensor->rank++] = param->shape[k];
        tensor->data = model->params + nqi_param_position(&model->graph, param);
        if (param->banked && !(tensor->data = owned[i] = gather_banks(model, param)))
            return nqi_fail_memory(context, param->name, param->count * model->graph.banks);
    }
    return NQ_OK;
}

nq_status nqi_model_write(const nq_model *model, nq_context *context, const char *path,
                          const nqi_tensor *extra, size_t extra_count, const char *extra_json)
{
    const size_t own = (size_t)model->graph.param_count;
    nqi_tensor *tensors = calloc(own + extra_count, sizeof *tensors);
    void *owned[NQI_GRAPH_PARAMS] = {0};
    cJSON *root = describe(model);
    char *json = root ? cJSON_PrintUnformatted(root) : NULL;
    nq_status status = tensors && json ? make_tensors(model, context, tensors, owned)
                                       : nqi_fail_memory(context, "a model file", own);
    if (!status) {
        const nqi_metadata_entry metadata[] = {{"noneq", json}, {"train", extra_json}};
        for (size_t i = 0; i < extra_count; i++)
            tensors[own + i] = extra[i];
        status = nqi_container_write(context, path, tensors, own + extra_count, metadata,
                                     extra_json ? 2 : 1);
    }
    for (size_t i = 0; i < own; i++)
        free(owned[i]);
    free(tensors);
    cJSON_free(json);
    cJSON_Delete(root);
    return status;
}

nq_status nq_model_save(const nq_model *model, nq_context *context, const char *path)
{
    return nqi_model_write(model, context, path, NULL, 0, NULL);
}

/* Reading: every value is checked, because a file may be damaged or hostile. */
typedef struct reading {
    nq_context *context;
    const char *path;
    const cJSON *root;
} reading;

static nq_status bad(const reading *in, const char *what)
{
    return nqi_fail(in->context, NQ_ERROR_FORMAT, "%s: not a usable noneq model: %s", in->path,
                    what);
}

/* An array of finite numbers; *out is malloc'ed, *count its length. */
static nq_status read_numbers(const reading *in, const cJSON *array, const char *what,
                              double **out, size_t *count)
{
    *out = NULL;
    if (!cJSON_IsArray(array) || !array->child)
        return bad(in, what);
    *count = (size_t)cJSON_GetArraySize(array);
    *out = malloc(*count * sizeof **out);
    if (!*out)
        return nqi_fail_memory(in->context, what, *count * sizeof **out);
    size_t i = 0;
    for (const cJSON *item = array->child; item; item = item->next) {
        if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble))
            return bad(in, what);
        (*out)[i++] = item->valuedouble;
    }
    return NQ_OK;
}

static nq_status read_options(const reading *in, nq_model_options *options)
{
    size_t count;
    const nq_option *table = nq_model_options_table(&count);
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(in->root, "options");
    nq_model_options_init(options);
    for (size_t i = 0; i < count; i++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, table[i].field);
        char *field = (char *)options + table[i].offset;
        if (!item)
            continue;
        const int is_text = table[i].type == NQ_OPTION_TEXT;
        if (is_text ? !cJSON_IsString(item) : !cJSON_IsNumber(item))
            return bad(in, "an option has the wrong type");
        if (is_text && strlen(item->valuestring) >= NQ_TEXT_SIZE)
            return bad(in, "an option is too long");
        if (is_text)
            strcpy(field, item->valuestring);
        else if (table[i].type == NQ_OPTION_NUMBER)
            *(nq_number *)(void *)field = item->valuedouble;
        else if (fabs(item->valuedouble) < 9e15)
            *(nq_count *)(void *)field = (nq_count)item->valuedouble;
        else
            return bad(in, "an option is out of range");
    }
    return NQ_OK;
}

static nq_status read_names(const reading *in, const cJSON *names, nqi_scaling *scaling)
{
    if (!names)
        return NQ_OK;
    if (!cJSON_IsArray(names) || (size_t)cJSON_GetArraySize(names) != scaling->columns)
        return bad(in, "column names");
    scaling->names = calloc(scaling->columns, sizeof *scaling->names);
    size_t i = 0;
    for (const cJSON *item = names->child; scaling->names && item; item = item->next) {
        if (!cJSON_IsString(item))
            return bad(in, "column names");
        scaling->names[i++] = strdup(item->valuestring);
    }
    return scaling->names && (i == 0 || scaling->names[i - 1])
               ? NQ_OK
               : nqi_fail_memory(in->context, "column names", scaling->columns);
}

static nq_status read_scaling(const reading *in, nqi_scaling *scaling)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(in->root, "scaling");
    const cJSON *jacobian = cJSON_GetObjectItemCaseSensitive(object, "log_jacobian");
    size_t deviations;
    nq_status status;
    if ((status = read_numbers(in, cJSON_GetObjectItemCaseSensitive(object, "mean"),
                               "column means", &scaling->mean, &scaling->columns)) ||
        (status = read_numbers(in, cJSON_GetObjectItemCaseSensitive(object, "deviation"),
                               "column deviations", &scaling->deviation, &deviations)))
        return status;
    if (deviations != scaling->columns || !cJSON_IsNumber(jacobian))
        return bad(in, "scaling");
    scaling->log_jacobian = jacobian->valuedouble;
    scaling->active_index = calloc(scaling->columns, sizeof *scaling->active_index);
    if (!scaling->active_index)
        return nqi_fail_memory(in->context, "scaling", scaling->columns);
    for (size_t i = 0; i < scaling->columns; i++) {
        if (scaling->deviation[i] < 0)
            return bad(in, "a column's deviation is negative");
        if (scaling->deviation[i] > 0)
            scaling->active_index[scaling->active++] = i;
    }
    if (!scaling->active)
        return bad(in, "no column varies");
    return read_names(in, cJSON_GetObjectItemCaseSensitive(object, "names"), scaling);
}

static nq_real element(const nqi_tensor *tensor, size_t i)
{
    return tensor->dtype == NQI_DTYPE_F64 ? (nq_real)((const double *)tensor->data)[i]
                                          : (nq_real)((const float *)tensor->data)[i];
}

static nq_status read_tensors(const reading *in, nq_model *model,
                              const nqi_container *container)
{
    const nqi_graph *graph = &model->graph;
    for (int p = 0; p < graph->param_count; p++) {
        const nqi_param *param = &graph->params[p];
        const nqi_tensor *tensor = nqi_container_tensor(container, param->name);
        const size_t banks = param->banked ? graph->banks : 1;
        if (!tensor || nqi_tensor_count(tensor) != banks * param->count ||
            (tensor->dtype != NQI_DTYPE_F32 && tensor->dtype != NQI_DTYPE_F64))
            return bad(in, param->name);
        nq_real *to = model->params + nqi_param_position(graph, param);
        for (size_t b = 0; b < banks; b++)
            for (size_t i = 0; i < param->count; i++) {
                const nq_real value = element(tensor, b * param->count + i);
                if (!isfinite(value))
                    return bad(in, "a parameter is not finite");
                to[b * graph->bank_size + i] = value;
            }
    }
    return NQ_OK;
}

static nq_status read_record(const reading *in, nq_model *model)
{
    const cJSON *record = cJSON_GetObjectItemCaseSensitive(in->root, "training");
    for (const cJSON *item = record ? record->child : NULL; item; item = item->next) {
        if (!cJSON_IsString(item))
            return bad(in, "training record");
        const nq_status status =
            nqi_model_set_record(model, in->context, item->string, item->valuestring);
        if (status)
            return status;
    }
    return NQ_OK;
}

static nq_status read_activity(const reading *in, const nq_model *model, double **activity)
{
    size_t count;
    *activity = NULL;
    if (strcmp(model->options.kernel, "binomial"))
        return strcmp(model->options.kernel, "gaussian") ? bad(in, "unknown kernel") : NQ_OK;
    const nq_status status =
        read_numbers(in, cJSON_GetObjectItemCaseSensitive(in->root, "activity"), "activity",
                     activity, &count);
    if (status)
        return status;
    if (count != model->scaling.active)
        return bad(in, "activity");
    for (size_t i = 0; i < count; i++)
        if (!((*activity)[i] > 0 && (*activity)[i] < 1))
            return bad(in, "activity");
    return NQ_OK;
}

/* A schedule from its rates; the exact form of constant-fraction is not in its rates (alpha_bar_t
 * is a ratio of integers), so that one is made anew. */
static nq_status read_schedule(const reading *in, const nq_model *model, nq_schedule *out)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(in->root, "schedule");
    double *beta;
    size_t steps;
    nq_status status = read_numbers(in, cJSON_GetObjectItemCaseSensitive(object, "beta"),
                                    "schedule", &beta, &steps);
    if (!status && !strcmp(model->options.schedule, "constant-fraction") &&
        !strcmp(model->options.kernel, "binomial"))
        status = nq_schedule_new(out, in->context, "constant-fraction", steps, 0, 0.5);
    else if (!status)
        status = nq_schedule_from_beta(out, in->context, beta, steps);
    free(beta);
    return status;
}

static nq_status read_all(const reading *in, nq_model *model, const nqi_container *container,
                          double dropout)
{
    nq_status status;
    nq_schedule schedule = {0};
    double *activity = NULL;
    if (!(status = read_options(in, &model->options)) &&
        !(status = read_scaling(in, &model->scaling)) &&
        !(status = read_activity(in, model, &activity)) &&
        !(status = read_schedule(in, model, &schedule)) &&
        !(status = nqi_model_assemble(model, in->context, &schedule, activity, dropout)) &&
        !(status = read_tensors(in, model, container)))
        status = read_record(in, model);
    free(activity);
    nq_schedule_free(&schedule);
    return status;
}

nq_status nqi_model_read(nq_model **out, nq_context *context, const nqi_container *container,
                         const char *path, double dropout)
{
    *out = NULL;
    reading in = {context, path, NULL};
    const char *json = nqi_container_metadata(container, "noneq");
    if (!json)
        return bad(&in, "its metadata has no entry \"noneq\"");
    cJSON *root = cJSON_Parse(json);
    in.root = root;
    nq_model *model = calloc(1, sizeof *model);
    nq_status status = model ? NQ_OK : nqi_fail_memory(context, "a model", sizeof *model);
    if (!status)
        status = cJSON_IsObject(root) ? read_all(&in, model, container, dropout)
                                      : bad(&in, "its metadata is not JSON");
    cJSON_Delete(root);
    if (status) {
        nq_model_free(model);
        return status;
    }
    *out = model;
    return NQ_OK;
}

nq_status nq_model_load(nq_model **out, nq_context *context, const char *path)
{
    nqi_container *container;
    *out = NULL;
    nq_status status = nqi_container_read(&container, context, path);
    if (status)
        return status;
    status = nqi_model_read(out, context, container, path, 0);
    nqi_container_free(container);
    return status;
}
