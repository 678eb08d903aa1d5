/* write.c - a model as a safetensors file: tensors, and JSON for all the rest. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/version.h>

#include "core/context.h"
#include "io/container/json.h"
#include "model/codes/codes.h"
#include "model/model.h"

static const nqi_dtype real_dtype = sizeof(nqi_real) == 8 ? NQI_DTYPE_F64 : NQI_DTYPE_F32;

/* Readers have numbers as doubles, exact up to 2^53 only; a seed may be larger. */
static void add_count(nqi_json *json, const char *name, nq_count value)
{
    char text[32];
    if (value > (nq_count)1 << 53 && snprintf(text, sizeof text, "%lld", (long long)value) > 0)
        nqi_json_text(json, name, text);
    else
        nqi_json_count(json, name, value);
}

static void add_options(nqi_json *json, const nq_model_options *options)
{
    size_t count;
    const nq_option *table = nq_model_options_table(&count);
    nqi_json_object(json, "options");
    for (size_t i = 0; i < count; i++) {
        const char *field = (const char *)options + table[i].offset;
        if (table[i].type == NQ_OPTION_TEXT)
            nqi_json_text(json, table[i].field, field);
        else if (table[i].type == NQ_OPTION_COUNT)
            add_count(json, table[i].field, *(const nq_count *)(const void *)field);
        else
            nqi_json_number(json, table[i].field, *(const nq_number *)(const void *)field);
    }
    nqi_json_close(json);
}

static void add_scaling(nqi_json *json, const nqi_scaling *scaling)
{
    nqi_json_object(json, "scaling");
    nqi_json_numbers(json, "mean", scaling->mean, scaling->columns);
    nqi_json_numbers(json, "deviation", scaling->deviation, scaling->columns);
    nqi_json_number(json, "log_jacobian", scaling->log_jacobian);
    if (nqi_columns_named(scaling->column)) {
        nqi_json_array(json, "names");
        for (size_t i = 0; i < scaling->columns; i++)
            nqi_json_text(json, NULL, scaling->column[i].name);
        nqi_json_close(json);
    }
    nqi_json_close(json);
}

static void add_schedule(nqi_json *json, const nq_model *model)
{
    nqi_json_object(json, "schedule");
    nqi_json_text(json, "kind", model->options.schedule);
    nqi_json_numbers(json, "beta", model->process.schedule.beta, model->process.schedule.steps);
    nqi_json_close(json);
}

/* All that is no tensor, for free(); NULL when memory is out. */
static char *describe(const nq_model *model, int is_pretty)
{
    nqi_json json;
    nqi_json_begin(&json, is_pretty);
    nqi_json_text(&json, "writer", "noneq " NQ_VERSION);
    nqi_json_count(&json, "format", NQI_MODEL_FORMAT);
    nqi_json_text(&json, "kernel", nq_model_kernel(model));
    nqi_json_text(&json, "regressor", nq_model_regressor(model));
    nqi_json_count(&json, "steps", (int64_t)nq_model_steps(model));
    nqi_json_count(&json, "dim", (int64_t)nq_model_dim(model));
    nqi_json_count(&json, "columns", (int64_t)nq_model_columns(model));
    nqi_json_count(&json, "parameters", (int64_t)nq_model_parameters(model));
    add_options(&json, &model->options);
    add_schedule(&json, model);
    if (model->usual_steps)
        nqi_json_count(&json, "usual_steps", (int64_t)model->usual_steps);
    for (size_t k = 0; k < model->process.block_count; k++) {
        const nqi_block *block = &model->process.blocks[k];
        if (block->equilibrium && !model->scaling.coding)
            nqi_json_numbers(&json, block->family->equilibrium->name, block->equilibrium,
                             nqi_block_laws(block));
    }
    add_scaling(&json, &model->scaling);
    nqi_codes_write(&json, &model->scaling);
    nqi_json_object(&json, "training");
    for (size_t i = 0; i < model->record_count; i++)
        nqi_json_text(&json, model->record[i].key, model->record[i].value);
    nqi_json_close(&json);
    return nqi_json_finish(&json);
}

nq_status nq_model_describe(char **out, nq_context *context, const nq_model *model)
{
    *out = describe(model, 1);
    return *out ? NQ_OK : nqi_fail_memory(context, "a description", 0);
}

/* A banked parameter stands strided in the vector; in the file it is [T][...] of its own. */
static nqi_real *gather_banks(const nqi_regressor *regressor, const nqi_param *param)
{
    const nqi_graph *graph = &regressor->graph;
    nqi_real *copy = malloc(graph->banks * param->count * sizeof *copy);
    for (size_t b = 0; copy && b < graph->banks; b++)
        memcpy(copy + b * param->count,
               regressor->params + nqi_param_position(graph, param) + b * graph->bank_size,
               param->count * sizeof *copy);
    return copy;
}

static nq_status make_tensors(const nqi_regressor *regressor, nq_context *context,
                              nqi_tensor *tensors, void **owned)
{
    const nqi_graph *graph = &regressor->graph;
    for (int i = 0; i < graph->param_count; i++) {
        const nqi_param *param = &graph->params[i];
        nqi_tensor *tensor = &tensors[i];
        tensor->name = param->name;
        tensor->dtype = real_dtype;
        if (param->banked)
            tensor->shape[tensor->rank++] = graph->banks;
        for (int k = 0; k < param->rank; k++)
            tensor->shape[tensor->rank++] = param->shape[k];
        tensor->data = regressor->params + nqi_param_position(graph, param);
        if (param->banked && !(tensor->data = owned[i] = gather_banks(regressor, param)))
            return nqi_fail_memory(context, param->name, param->count * graph->banks);
    }
    return NQ_OK;
}

/* What the file of a model is made of. */
typedef struct contents {
    nqi_tensor *tensors;
    size_t count;
    void *owned[NQI_GRAPH_PARAMS];
    double time[NQI_LADDER_MOST];
    char *json;
    nqi_metadata_entry metadata[2];
    size_t metadata_count;
} contents;

static void contents_free(contents *c)
{
    for (size_t i = 0; i < NQI_GRAPH_PARAMS; i++)
        free(c->owned[i]);
    free(c->tensors);
    free(c->json);
}

/* extra: tensors and JSON beside the model's own. Freed by the caller whatever is returned. */
static nq_status contents_make(contents *out, nq_context *context, const nq_model *model,
                               const nqi_tensor *extra, size_t extra_count,
                               const char *extra_json)
{
    const size_t network = (size_t)model->regressor.graph.param_count;
    const size_t own =
        network + (model->offset.type ? (size_t)model->offset.graph.param_count : 0);
    *out = (contents){0};
    if (model->trained)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "a model with fewer steps than were trained has no file of its own: "
                        "expected the trained one");
    out->tensors = calloc(own + extra_count + NQI_LADDER_TENSORS, sizeof *out->tensors);
    out->json = describe(model, 0);
    nq_status status = out->tensors && out->json
                           ? make_tensors(&model->regressor, context, out->tensors, out->owned)
                           : nqi_fail_memory(context, "a model file", own);
    if (!status && model->offset.type)
        status = make_tensors(&model->offset, context, out->tensors + network, NULL);
    if (status)
        return status;
    for (size_t i = 0; i < extra_count; i++)
        out->tensors[own + i] = extra[i];
    out->count = own + extra_count;
    out->count += nqi_ladder_tensors(out->tensors + out->count, &model->ladder, out->time);
    out->metadata[0] = (nqi_metadata_entry){"noneq", out->json};
    out->metadata[1] = (nqi_metadata_entry){"train", extra_json};
    out->metadata_count = extra_json ? 2 : 1;
    return NQ_OK;
}

nq_status nqi_model_write(const nq_model *model, nq_context *context, const char *path,
                          const nqi_tensor *extra, size_t extra_count, const char *extra_json)
{
    contents c;
    nq_status status = contents_make(&c, context, model, extra, extra_count, extra_json);
    if (!status)
        status =
            nqi_container_write(context, path, c.tensors, c.count, c.metadata, c.metadata_count);
    contents_free(&c);
    return status;
}

nq_status nq_model_save(const char *path, nq_context *context, const nq_model *model)
{
    return nqi_model_write(model, context, path, NULL, 0, NULL);
}

nq_status nq_model_to_bytes(void **out, size_t *size, nq_context *context, const nq_model *model)
{
    contents c;
    nq_status status = contents_make(&c, context, model, NULL, 0, NULL);
    *out = NULL;
    *size = 0;
    if (!status)
        status = nqi_container_to_bytes(out, size, context, c.tensors, c.count, c.metadata,
                                        c.metadata_count);
    contents_free(&c);
    return status;
}

void nq_bytes_free(void *bytes)
{
    free(bytes);
}
