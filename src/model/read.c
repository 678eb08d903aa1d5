/* read.c - a model back from its file, every value checked: a file may be hostile. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/version.h>

#include "core/context.h"
#include "core/option/options.h"
#include "io/container/format.h"
#include "io/container/json.h"
#include "model/codes/codes.h"
#include "model/model.h"

typedef struct reading {
    nq_context *context;
    const char *path;
    const cJSON *root;
    const nqi_container *container;
} reading;

enum { RECORD_MOST = 1000, TABLE_ENTRIES_SMALL = 1 << 23 };

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
    if (!cJSON_IsObject(object))
        return bad(in, "it has no options");
    nq_model_options_init(options, sizeof *options);
    for (size_t i = 0; i < count; i++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, table[i].field);
        char *field = (char *)options + table[i].offset;
        if (!item)
            continue;
        /* Counts past 2^53 are written as text. */
        if (cJSON_IsString(item) && table[i].type != NQ_OPTION_NUMBER) {
            if (nq_option_set(options, in->context, &table[i], item->valuestring))
                return bad(in, nq_context_message(in->context));
        } else if (table[i].type == NQ_OPTION_TEXT || !cJSON_IsNumber(item)) {
            return bad(in, "an option has the wrong type");
        } else if (table[i].type == NQ_OPTION_NUMBER) {
            *(nq_number *)(void *)field = item->valuedouble;
        } else if (item->valuedouble == floor(item->valuedouble) &&
                   fabs(item->valuedouble) <= 0x1p53) {
            *(nq_count *)(void *)field = (nq_count)item->valuedouble;
        } else {
            return bad(in, "an option is no whole number");
        }
    }
    return nqi_options_check(in->context, options, &nqi_model_options, in->path, "noneq model");
}

static nq_status read_names(const reading *in, const cJSON *names, nqi_scaling *scaling)
{
    if (!names)
        return NQ_OK;
    if (!cJSON_IsArray(names) || (size_t)cJSON_GetArraySize(names) != scaling->columns)
        return bad(in, "column names");
    scaling->column = nqi_columns_new(scaling->columns);
    size_t i = 0;
    int has_memory = scaling->column != NULL;
    for (const cJSON *item = names->child; has_memory && item; item = item->next) {
        if (!cJSON_IsString(item))
            return bad(in, "column names");
        scaling->column[i].name = strdup(item->valuestring);
        has_memory = scaling->column[i++].name != NULL;
    }
    return has_memory ? NQ_OK : nqi_fail_memory(in->context, "column names", scaling->columns);
}

/* The sum over columns of -log(deviation), which the file has too. */
static nq_status check_jacobian(const reading *in, const nqi_scaling *scaling, double stated)
{
    const double least = 1e-290, most = 1e290;
    double sum = 0, size = 1;
    for (size_t i = 0; i < scaling->columns; i++) {
        const double deviation = scaling->deviation[i];
        if (deviation == 0)
            continue;
        if (!(deviation >= least && deviation <= most))
            return bad(in, "a column's deviation is out of range");
        sum -= log(deviation);
        size += fabs(log(deviation));
    }
    return fabs(stated - sum) <= 1e-9 * size
               ? NQ_OK
               : bad(in, "its log-Jacobian is not that of the deviations");
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
    if ((status = check_jacobian(in, scaling, jacobian->valuedouble)))
        return status;
    scaling->log_jacobian = jacobian->valuedouble;
    scaling->active_index = calloc(scaling->columns, sizeof *scaling->active_index);
    if (!scaling->active_index)
        return nqi_fail_memory(in->context, "scaling", scaling->columns);
    for (size_t i = 0; i < scaling->columns; i++) {
        if (scaling->deviation[i] > 0)
            scaling->active_index[scaling->active++] = i;
    }
    if (!scaling->active)
        return bad(in, "no column varies");
    const cJSON *codes = cJSON_GetObjectItemCaseSensitive(in->root, "codes");
    status = read_names(in, cJSON_GetObjectItemCaseSensitive(object, "names"), scaling);
    if (!status && codes && (status = nqi_codes_read(scaling, in->context, codes)) &&
        status != NQ_ERROR_MEMORY)
        status = bad(in, nq_context_message(in->context));
    return status;
}

static int is_of_reals(const nqi_tensor *tensor)
{
    return tensor->dtype == NQI_DTYPE_F32 || tensor->dtype == NQI_DTYPE_F64;
}

/* Everything that the network asks for stands in the file, in this size: what a file merely claims
 * takes no memory. */
static nq_status check_tensors(const reading *in, const nqi_graph *graph)
{
    for (int p = 0; p < graph->param_count; p++) {
        const nqi_param *param = &graph->params[p];
        const nqi_tensor *tensor = nqi_container_tensor(in->container, param->name);
        const size_t banks = param->banked ? graph->banks : 1;
        if (!tensor || !is_of_reals(tensor) || nqi_tensor_count(tensor) / banks != param->count ||
            nqi_tensor_count(tensor) % banks)
            return nqi_fail(in->context, NQ_ERROR_FORMAT,
                            "%s: not a usable noneq model: its options ask for %zu x %zu numbers "
                            "called %s, which the file does not hold",
                            in->path, banks, param->count, param->name);
    }
    return NQ_OK;
}

nq_status nqi_model_check_tensors(const nq_model *model, nq_context *context,
                                  const nqi_container *container, const char *path)
{
    const reading in = {context, path, NULL, container};
    nq_status status = NQ_OK;
    const nqi_regressor *part;
    for (int i = 0; (part = nqi_model_regressor(model, i)) && !status; i++)
        status = check_tensors(&in, &part->graph);
    return status;
}

/* Elements of a tensor as nqi_real. */
static nq_status read_elements(const reading *in, const nqi_tensor *tensor, size_t first,
                               size_t count, nqi_real *out)
{
    enum { PIECE = 1024 };
    double wide[PIECE];
    float narrow[PIECE];
    const int is_wide = tensor->dtype == NQI_DTYPE_F64;
    void *piece = is_wide ? (void *)wide : (void *)narrow;
    for (size_t done = 0, here; done < count; done += here) {
        here = count - done < PIECE ? count - done : PIECE;
        const nq_status status =
            nqi_container_get(in->container, tensor, first + done, here, piece);
        if (status)
            return status;
        for (size_t i = 0; i < here; i++) {
            const nqi_real value = is_wide ? (nqi_real)wide[i] : (nqi_real)narrow[i];
            if (!isfinite(value))
                return bad(in, "a parameter is not finite");
            out[done + i] = value;
        }
    }
    return NQ_OK;
}

static nq_status read_tensors(const reading *in, const nqi_regressor *regressor)
{
    const nqi_graph *graph = &regressor->graph;
    nq_status status = NQ_OK;
    for (int p = 0; !status && p < graph->param_count; p++) {
        const nqi_param *param = &graph->params[p];
        const nqi_tensor *tensor = nqi_container_tensor(in->container, param->name);
        const size_t banks = param->banked ? graph->banks : 1;
        nqi_real *to = regressor->params + nqi_param_position(graph, param);
        for (size_t b = 0; !status && b < banks; b++)
            status = read_elements(in, tensor, b * param->count, param->count,
                                   to + b * graph->bank_size);
    }
    return status;
}

static nq_status read_regressors(const reading *in, nq_model *model)
{
    nq_status status = NQ_OK;
    const nqi_regressor *part;
    for (int i = 0; (part = nqi_model_regressor(model, i)) && !status; i++)
        status = read_tensors(in, part);
    return status ? status : nqi_model_open(model, in->context);
}

static nq_status read_record(const reading *in, nq_model *model)
{
    const cJSON *record = cJSON_GetObjectItemCaseSensitive(in->root, "training");
    size_t entries = 0;
    for (const cJSON *item = record ? record->child : NULL; item; item = item->next) {
        if (!cJSON_IsString(item))
            return bad(in, "training record");
        if (entries++ == RECORD_MOST) /* each is compared with those before it */
            return bad(in, "its training record has more than 1000 entries");
        const nq_status status =
            nqi_model_set_record(model, in->context, item->string, item->valuestring);
        if (status)
            return status;
    }
    return NQ_OK;
}

static nq_status read_equilibrium(const reading *in, const nq_model *model, double **out)
{
    size_t count;
    *out = NULL;
    const nqi_family *family = nqi_family_find(model->options.kernel);
    if (family && family->is_mixed != (model->scaling.coding != NULL))
        return bad(in, "codes of columns are for the kernel mixed alone");
    if (!family || !family->equilibrium)
        return family ? NQ_OK : bad(in, "unknown kernel");
    const char *name = family->equilibrium->name;
    const nq_status status =
        read_numbers(in, cJSON_GetObjectItemCaseSensitive(in->root, name), name, out, &count);
    if (status)
        return status;
    if (count != model->scaling.active)
        return bad(in, name);
    for (size_t i = 0; i < count; i++)
        if (!family->equilibrium->holds((*out)[i]))
            return bad(in, name);
    return NQ_OK;
}

/* Bits have a table for each step and column. A file of some megabytes must not ask for gigabytes:
 * beyond some entries there are numbers of a network to match. */
static nq_status check_tables(const reading *in, const nq_model *model, size_t steps)
{
    size_t bytes = 0;
    int overflows;
    for (size_t i = 0; i < in->container->count; i++)
        bytes += nqi_tensor_bytes(&in->container->tensors[i], &overflows);
    const nqi_coding *coding = model->scaling.coding;
    if ((nqi_family_find(model->options.kernel)->tables_for_each || coding) &&
        model->scaling.active > (TABLE_ENTRIES_SMALL + 16 * bytes) / steps)
        return bad(in, "more diffusion steps and columns than its network has numbers for");
    return NQ_OK;
}

static nq_status read_schedule(const reading *in, const nq_model *model, nq_schedule *out)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(in->root, "schedule");
    double *beta;
    size_t steps;
    const cJSON *rates = cJSON_GetObjectItemCaseSensitive(object, "beta");
    if (cJSON_GetArraySize(rates) > NQ_STEPS_MOST)
        return bad(in, "it has more than 100000 diffusion steps");
    nq_status status = read_numbers(in, rates, "schedule", &beta, &steps);
    if (!status && !(status = check_tables(in, model, steps)))
        status = nqi_model_schedule_again(out, in->context, &model->options, beta, steps);
    free(beta);
    return status;
}

/* Files of before have neither. */
static nq_status read_steps(const reading *in, nq_model *model)
{
    const cJSON *usual = cJSON_GetObjectItemCaseSensitive(in->root, "usual_steps");
    const double most = (double)nq_model_steps(model);
    const nq_status status =
        nqi_ladder_read(&model->ladder, in->context, in->container, in->path, &model->process);
    if (status)
        return status;
    nqi_model_take_ladder(model);
    if (!usual)
        return NQ_OK;
    if (!cJSON_IsNumber(usual) || usual->valuedouble != floor(usual->valuedouble) ||
        !(usual->valuedouble >= (double)model->process.first_learned &&
          usual->valuedouble <= most) ||
        (nqi_model_needs_residual(model) && !model->ladder.of.width))
        return bad(in, "usual steps");
    model->usual_steps = (size_t)usual->valuedouble;
    return NQ_OK;
}

/* What a later version writes may mean something that this one does not know. */
static nq_status read_format(const reading *in)
{
    const cJSON *format = cJSON_GetObjectItemCaseSensitive(in->root, "format");
    const char *writer =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(in->root, "writer"));
    if (!cJSON_IsNumber(format) || !(format->valuedouble >= 1))
        return bad(in, "its format has no number");
    if (format->valuedouble > NQI_MODEL_FORMAT)
        return nqi_fail(in->context, NQ_ERROR_UNSUPPORTED,
                        "%s: a model file of format %.9g%s%.40s%s; this version, noneq %s, reads "
                        "formats up to %d",
                        in->path, format->valuedouble, writer ? " (written by " : "",
                        writer ? writer : "", writer ? ")" : "", NQ_VERSION,
                        (int)NQI_MODEL_FORMAT);
    return NQ_OK;
}

static nq_status read_all(const reading *in, nq_model *model, double dropout)
{
    nq_status status;
    nq_schedule schedule = {0};
    double *equilibrium = NULL;
    if (!(status = read_format(in)) && !(status = read_options(in, &model->options)) &&
        !(status = read_scaling(in, &model->scaling)) &&
        !(status = read_equilibrium(in, model, &equilibrium)) &&
        !(status = read_schedule(in, model, &schedule)) &&
        !(status = nqi_model_assemble(model, in->context, &schedule, equilibrium, dropout,
                                      in->container, in->path)) &&
        !(status = read_regressors(in, model)) && !(status = read_steps(in, model)))
        status = read_record(in, model);
    free(equilibrium);
    nq_schedule_free(&schedule);
    return status;
}

nq_status nqi_model_read(nq_model **out, nq_context *context, const nqi_container *container,
                         const char *path, double dropout)
{
    *out = NULL;
    reading in = {context, path, NULL, container};
    const char *json = nqi_container_metadata(container, "noneq");
    if (!json)
        return bad(&in, "its metadata has no entry \"noneq\"");
    cJSON *root = nqi_json_parse(json, strlen(json), NULL);
    in.root = root;
    nq_model *model = calloc(1, sizeof *model);
    nq_status status = model ? NQ_OK : nqi_fail_memory(context, "a model", sizeof *model);
    if (!status)
        status = cJSON_IsObject(root) ? read_all(&in, model, dropout)
                                      : bad(&in, "its metadata is not JSON");
    if (status == NQ_ERROR_ARGUMENT) /* elsewhere; here the file is wrong */
        status = bad(&in, nq_context_message(context));
    cJSON_Delete(root);
    if (status) {
        nq_model_free(model);
        return status;
    }
    *out = model;
    return NQ_OK;
}

/* Of a container that was opened, or of why it was not. */
static nq_status container_take(nq_model **out, nq_context *context, nqi_container *container,
                                const char *path, nq_status status)
{
    *out = NULL;
    if (status)
        return status;
    status = nqi_model_read(out, context, container, path, 0);
    nqi_container_free(container);
    return status;
}

nq_status nq_model_load(nq_model **out, nq_context *context, const char *path)
{
    nqi_container *container;
    nq_status status = nqi_container_read(&container, context, path);
    status = container_take(out, context, container, path, status);
    if (!status && !((*out)->path = strdup(path))) {
        nq_model_free(*out);
        *out = NULL;
        status = nqi_fail_memory(context, "the name of a model's file", strlen(path) + 1);
    }
    return status;
}

nq_status nq_model_from_bytes(nq_model **out, nq_context *context, const void *bytes, size_t size)
{
    static const char name[] = "model in memory";
    nqi_container *container;
    const nq_status status = nqi_container_from_bytes(&container, context, bytes, size, name);
    return container_take(out, context, container, name, status);
}
