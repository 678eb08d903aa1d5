/* model.c - making, asking and freeing a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "core/text.h"

/* What rows of the process are made from. */
static void recorded_fill(nq_model *model)
{
    const nqi_coding *coding = model->scaling.coding;
    model->process.spread = coding ? coding->scores : 0;
    model->process.cells = coding ? coding->columns : 0;
}

nq_status nqi_model_assemble(nq_model *model, nq_context *context, nq_schedule *schedule,
                             const double *equilibrium, double dropout,
                             const nqi_container *container, const char *path)
{
    nq_model_options *options = &model->options;
    const nqi_family *family = nqi_family_find(options->kernel);
    nq_schedule made = {0};
    nq_status status = NQ_OK;
    if (!family)
        return nqi_fail_unknown(context, "kernel", options->kernel, nqi_family_name);
    if ((status = nqi_model_shape(model, context)))
        return status;
    if (!schedule) {
        if ((status = nqi_model_schedule(&made, context, options))) {
            nq_schedule_free(&made);
            return status;
        }
        schedule = &made;
    }
    options->steps = (nq_count)schedule->steps;
    nqi_block_plans plans = {0};
    if (!(status = nqi_model_rates_check(schedule, context, family)) &&
        !(status = nqi_model_plans(&plans, context, model, equilibrium)) &&
        !(status = nqi_process_new(&model->process, context, schedule, plans.plan, plans.count,
                                   options))) {
        recorded_fill(model);
        status = nqi_model_make_regressors(model, context, dropout, container);
    }
    nqi_block_plans_free(&plans);
    nq_schedule_free(&made);
    if (status)
        return status;
    if (container && (status = nqi_model_check_tensors(model, context, container, path)))
        return status;
    status = nqi_regressor_fill(&model->regressor, context);
    return status || !model->offset.type ? status : nqi_regressor_fill(&model->offset, context);
}

nq_status nqi_model_open(nq_model *model, nq_context *context)
{
    const nq_status status = nqi_regressor_open(&model->regressor, context);
    return status || !model->offset.type ? status : nqi_regressor_open(&model->offset, context);
}

/* Row numbers spread evenly over the data. */
static void spread_rows(uint64_t *rows, size_t count, size_t total)
{
    for (size_t i = 0; i < count; i++)
        rows[i] = (uint64_t)i * total / count;
}

size_t nqi_model_kept_row(size_t row, size_t count, size_t rows)
{
    const size_t i = (size_t)(((uint64_t)row * count + rows - 1) / rows);
    return i < count && (uint64_t)i * rows / count == row ? i : NQI_NO_ROW;
}

/* Scores are drawn, or those of the middles of bins (stream NULL). */
static int gather_coded(const nq_model *model, const nq_dataset *data, const uint64_t *rows,
                        size_t count, const nqi_stream *stream, nqi_real *out)
{
    const nqi_coding *coding = model->scaling.coding;
    double *row = malloc(coding->columns * sizeof *row);
    double *raw = malloc((coding->scores * count + 1) * sizeof *raw);
    for (size_t r = 0; row && raw && r < count; r++) {
        nq_dataset_row(row, data, rows[r]);
        nqi_coding_levels_of(coding, row, out + r, count, raw + r, count);
    }
    for (size_t j = 0; stream && j < coding->scores * count; j++)
        out[j] = (nqi_real)nqi_stream_uniform(stream, j);
    if (row && raw)
        nqi_coding_score(coding, out, NULL, raw, stream ? out : NULL, count, count);
    const int done = row && raw;
    free(row);
    free(raw);
    return done;
}

static int gather_sample(const nq_model *model, const nq_dataset *data, const uint64_t *rows,
                         size_t count, const nqi_stream *stream, nqi_real *out)
{
    if (model->scaling.coding)
        return gather_coded(model, data, rows, count, stream, out);
    nqi_scaling_gather(&model->scaling, data, rows, count, out, count);
    return 1;
}

nqi_real *nqi_model_sample_rows(const nq_model *model, const nq_dataset *data, size_t count,
                                const nqi_stream *stream)
{
    const size_t dim = model->scaling.active;
    nqi_real *columns = malloc(count * dim * sizeof *columns);
    nqi_real *sample = malloc(count * dim * sizeof *sample);
    uint64_t *rows = malloc(count * sizeof *rows);
    if (rows)
        spread_rows(rows, count, nq_dataset_rows(data));
    if (columns && sample && rows && gather_sample(model, data, rows, count, stream, columns)) {
        for (size_t r = 0; r < count; r++)
            for (size_t i = 0; i < dim; i++)
                sample[r * dim + i] = columns[i * count + r];
    } else {
        free(sample);
        sample = NULL;
    }
    free(columns);
    free(rows);
    return sample;
}

/* pi's own numbers, one for each number of a row; NULL: memory is out. */
static double *measure_equilibrium(const nq_model *model, const nqi_equilibrium *equilibrium,
                                   const nq_dataset *data)
{
    const nqi_scaling *scaling = &model->scaling;
    const size_t rows = nq_dataset_rows(data);
    double *numbers = calloc(scaling->active, sizeof *numbers);
    nqi_real *row = malloc(scaling->active * sizeof *row);
    for (uint64_t r = 0; numbers && row && r < rows; r++) {
        nqi_scaling_gather(scaling, data, &r, 1, row, 1);
        for (size_t i = 0; i < scaling->active; i++)
            numbers[i] += (double)row[i];
    }
    for (size_t i = 0; numbers && i < scaling->active; i++)
        numbers[i] = equilibrium->measure(&model->options, numbers[i], (double)rows, 0);
    if (!row) {
        free(numbers);
        numbers = NULL;
    }
    free(row);
    return numbers;
}

/* Weights that were not trained, by the model's seed. */
static nq_status weights_init(nq_model *model, nq_context *context, const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data);
    const size_t count = rows < NQI_INIT_ROWS ? rows : NQI_INIT_ROWS;
    nqi_real *sample = nqi_model_sample_rows(model, data, count, NULL);
    if (!sample)
        return nqi_fail_memory(context, "a sample of rows", count * model->scaling.active);
    nqi_regressor_init(&model->regressor, (uint64_t)model->options.model_seed, sample, count);
    free(sample);
    return nqi_model_law_fit(model, context, data);
}

static nq_status model_init(nq_model *model, nq_context *context, const nq_dataset *data,
                            double dropout)
{
    const nqi_family *family = nqi_family_find(model->options.kernel);
    nq_status status;
    double *numbers = NULL;
    if (family->equilibrium && !(numbers = measure_equilibrium(model, family->equilibrium, data)))
        return nqi_fail_memory(context, "an equilibrium", model->scaling.active * sizeof(double));
    model->rows = nq_dataset_rows(data);
    status = nqi_model_assemble(model, context, NULL, numbers, dropout, NULL, NULL);
    free(numbers);
    if (status)
        return status;
    if (model->offset.type && (status = nqi_model_learn(model, context, &model->offset, data)))
        return status;
    if (model->regressor.type->learn)
        return nqi_model_learn(model, context, &model->regressor, data);
    return weights_init(model, context, data);
}

nq_status nqi_model_begin_again(nq_model *model, nq_context *context, const nq_dataset *data)
{
    const nq_dataset *rows;
    nq_dataset *owned = NULL;
    nq_status status = nqi_model_rows(&rows, &owned, context, model, data);
    if (!status)
        status = weights_init(model, context, rows);
    nq_dataset_free(owned);
    return status;
}

static nq_status scaling_mode(nqi_scaling_mode *out, nq_context *context, const char *text)
{
    static const char *const names[] = {"none", "column", "whole"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(names[i], text)) {
            *out = (nqi_scaling_mode)i;
            return NQ_OK;
        }
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "unknown scale \"%s\": expected none, column or whole", text);
}

/* The header of a model's file has up to four values for a column, and a limit. */
static nq_status check_columns(nq_context *context, const nq_dataset *data)
{
    enum { COLUMNS_MOST = 450000 };
    if (nq_dataset_dim(data) <= COLUMNS_MOST)
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                    "%zu numbers in a row: expected at most %d (larger pictures are cut into "
                    "crops: \036image HEIGHTxWIDTH)",
                    nq_dataset_dim(data), (int)COLUMNS_MOST);
}

static nq_status measure_columns(nq_model *model, nq_context *context, const nq_dataset *data,
                                 nqi_scaling_mode mode)
{
    return nqi_family_find(model->options.kernel)->is_mixed
               ? nqi_scaling_of_kinds(&model->scaling, context, data)
               : nqi_scaling_measure(&model->scaling, context, data, mode);
}

/* Most of the work. */
static nq_status columns_look(nq_model *model, nq_context *context, const nq_dataset *data,
                              nqi_scaling_mode mode)
{
    nq_status status = nqi_tell(context, "looking at columns", 0, 1);
    const nqi_portion portion = nqi_portion_enter(context, 0, 0.9);
    if (!status)
        status = measure_columns(model, context, data, mode);
    nqi_portion_leave(context, portion);
    return status;
}

nq_status nqi_model_build(nq_model **out, nq_context *context, const nq_dataset *data,
                          const nq_model_options *options, double dropout)
{
    nq_status status;
    nqi_scaling_mode mode = NQI_SCALE_NONE;
    const nq_dataset *rows;
    nq_dataset *owned = NULL;
    nq_model *model = calloc(1, sizeof *model);
    *out = NULL;
    if (!model)
        return nqi_fail_memory(context, "a model", sizeof *model);
    if ((status = check_columns(context, data)) ||
        (status = nqi_options_take(&model->options, context, &nqi_model_options, options)) ||
        (status = nqi_model_options_choose(&model->options, context, data)) ||
        (status = scaling_mode(&mode, context, model->options.scale)) ||
        (status = columns_look(model, context, data, mode)) ||
        (status = nqi_model_rows(&rows, &owned, context, model, data)) ||
        (status = model_init(model, context, rows, dropout))) {
        nq_dataset_free(owned);
        nq_model_free(model);
        return status;
    }
    nq_dataset_free(owned);
    *out = model;
    return NQ_OK;
}

nq_status nq_model_new(nq_model **out, nq_context *context, const nq_dataset *data,
                       const nq_model_options *options)
{
    return nqi_model_build(out, context, data, options, 0);
}

void nq_model_free(nq_model *model)
{
    if (!model)
        return;
    nqi_process_free(&model->process);
    if (model->trained) { /* all else is borrowed */
        free(model);
        return;
    }
    nqi_ladder_free(&model->ladder);
    nqi_scaling_free(&model->scaling);
    nqi_regressor_free(&model->regressor);
    nqi_regressor_free(&model->offset);
    for (size_t i = 0; i < model->record_count; i++) {
        free(model->record[i].key);
        free(model->record[i].value);
    }
    free(model->record);
    free(model->path);
    free(model);
}

const char *nqi_model_path(const nq_model *model)
{
    return model->trained ? nqi_model_path(model->trained) : model->path;
}

nq_status nqi_model_set_record(nq_model *model, nq_context *context, const char *key,
                               const char *value)
{
    char *copy = strdup(value);
    for (size_t i = 0; copy && i < model->record_count; i++)
        if (!strcmp(model->record[i].key, key)) {
            free(model->record[i].value);
            model->record[i].value = copy;
            return NQ_OK;
        }
    nqi_record_entry *grown = realloc(model->record, (model->record_count + 1) * sizeof *grown);
    if (grown)
        model->record = grown;
    char *name = strdup(key);
    if (!grown || !name || !copy) {
        free(name);
        free(copy);
        return nqi_fail_memory(context, "the training record", strlen(key) + strlen(value));
    }
    model->record[model->record_count++] = (nqi_record_entry){name, copy};
    return NQ_OK;
}

nq_status nqi_model_set_record_number(nq_model *model, nq_context *context, const char *key,
                                      double value)
{
    char text[NQI_TEXT_SIZE];
    nqi_text_double(text, sizeof text, value);
    return nqi_model_set_record(model, context, key, text);
}

const char *nq_model_record(const nq_model *model, const char *key)
{
    for (size_t i = 0; i < model->record_count; i++)
        if (!strcmp(model->record[i].key, key))
            return model->record[i].value;
    return NULL;
}

size_t nq_model_reduced(const nq_model *model)
{
    enum { MOST = 1 << 20 };
    const char *text = nq_model_record(model, "reduce");
    const double side = text ? strtod(text, NULL) : 1;
    return side >= 1 && side <= MOST ? (size_t)side : 1;
}

double nqi_model_grey_level(const nq_model *model)
{
    const char *text = nq_model_record(model, "reduce_level");
    return text ? strtod(text, NULL) : model->options.dequantize;
}

nq_status nq_dataset_reduce_for_model(nq_dataset **out, nq_context *context,
                                      const nq_dataset *rows, const nq_model *model)
{
    const size_t side = nq_model_reduced(model);
    const nq_picture *own = &model->picture;
    nq_picture shape;
    nq_dataset_picture(&shape, rows);
    *out = NULL;
    if (side < 2 || !shape.channels || nq_dataset_reduced(rows) > 1 ||
        (shape.height == own->height && shape.width == own->width))
        return NQ_OK;
    return nq_dataset_reduce(out, context, rows, side);
}

size_t nq_model_steps(const nq_model *model)
{
    return model->process.schedule.steps;
}

size_t nq_model_dim(const nq_model *model)
{
    return model->process.dim;
}

size_t nq_model_columns(const nq_model *model)
{
    return model->scaling.columns;
}

int nq_model_is_density(const nq_model *model)
{
    return nqi_process_is_density(&model->process);
}

const char *nq_model_kernel(const nq_model *model)
{
    return model->options.kernel;
}

const char *nq_model_regressor(const nq_model *model)
{
    return model->regressor.type->name;
}

size_t nq_model_parameters(const nq_model *model)
{
    return nqi_graph_parameters(&model->regressor.graph);
}

const nq_schedule *nq_model_schedule(const nq_model *model)
{
    return &model->process.schedule;
}

const nq_model_options *nq_model_get_options(const nq_model *model)
{
    return &model->options;
}

const char *nq_model_column_name(const nq_model *model, size_t column)
{
    return nqi_scaling_name(&model->scaling, column);
}

void nq_model_column_scaling(double *mean, double *deviation, const nq_model *model,
                             size_t column)
{
    double middle = model->scaling.mean[column], width = model->scaling.deviation[column];
    if (model->scaling.coding)
        nqi_code_moments(&model->scaling.coding->code[column], &middle, &width);
    if (mean)
        *mean = middle;
    if (deviation)
        *deviation = width;
}

double nq_model_column_round(const nq_model *model, size_t column, double x)
{
    return nqi_scaling_round(&model->scaling, column, x);
}

double nq_model_log_jacobian(const nq_model *model)
{
    return model->scaling.log_jacobian;
}
