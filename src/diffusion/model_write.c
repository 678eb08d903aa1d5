/* model_write.c - a model as a safetensors file: tensors, and JSON for all the rest. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/version.h>

#include "core/context.h"
#include "diffusion/model.h"
#include "io/json.h"

enum { FORMAT_VERSION = 1 };
static const nqi_dtype real_dtype = sizeof(nq_real) == 8 ? NQI_DTYPE_F64 : NQI_DTYPE_F32;

static cJSON *json_numbers(const double *values, size_t count)
{
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; array && i < count; i++)
        cJSON_AddItemToArray(array, nqi_json_number(values[i]));
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
            cJSON_AddItemToObject(object, table[i].field,
                                  nqi_json_number(*(const nq_number *)(const void *)field));
    }
}

static void add_scaling(cJSON *parent, const nqi_scaling *scaling)
{
    cJSON *object = cJSON_AddObjectToObject(parent, "scaling");
    cJSON_AddItemToObject(object, "mean", json_numbers(scaling->mean, scaling->columns));
    cJSON_AddItemToObject(object, "deviation",
                          json_numbers(scaling->deviation, scaling->columns));
    cJSON_AddItemToObject(object, "log_jacobian", nqi_json_number(scaling->log_jacobian));
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
    cJSON_AddItemToObject(schedule, "beta",
                          json_numbers(model->process.schedule.beta,
                                       model->process.schedule.steps));
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
