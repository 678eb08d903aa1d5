/* long_calls_table.h - the table of calls that can take long. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_LONG_CALLS_TABLE_H
#define TESTS_LONG_CALLS_TABLE_H

#include "long_calls_files.h"

static nq_status run_model(room *r)
{
    nq_model *model;
    nq_dataset *set;
    nq_status status = nq_dataset_slice(&set, r->context, r->data, 1, r->size - 1);
    if (status)
        return status;
    status = nq_model_new(&model, r->context, set, NULL);
    if (!status) {
        status = nq_model_save(room_path(r, "out.nq"), r->context, model);
        nq_model_free(model);
    }
    nq_dataset_free(set);
    return status ? status : found_add_file(r, r->path);
}

static nq_status prepare_wide_model(room *r)
{
    nq_model_options options;
    nq_model_options_init(&options, sizeof options);
    snprintf(options.hidden, sizeof options.hidden, "%zu,%zu", r->size, r->size);
    const nq_status status = bits_make(r, 200, 10);
    return status ? status : nq_model_new(&r->model, r->context, r->data, &options);
}

static nq_status run_save(room *r)
{
    const nq_status status = nq_model_save(room_path(r, "out.nq"), r->context, r->model);
    return status ? status : found_add_file(r, r->path);
}

static nq_status prepare_load(room *r)
{
    const nq_status status = prepare_wide_model(r);
    snprintf(r->from, sizeof r->from, "%s/model.nq", r->folder);
    return status ? status : nq_model_save(r->from, r->context, r->model);
}

static nq_status run_load(room *r)
{
    nq_model *model;
    const nq_status status = nq_model_load(&model, r->context, r->from);
    if (!status)
        nq_model_free(model);
    return status;
}

static nq_status with_model(room *r, nq_status status, const char *kernel, nq_count steps)
{
    return status ? status : model_make(r, kernel, steps);
}

static nq_status prepare_gaussian(room *r)
{
    return with_model(r, data_make(r, r->size, ROOM_COLUMNS), "gaussian", 200);
}

static nq_status prepare_mixed(room *r)
{
    return with_model(r, table_make(r, r->size), "mixed", 200);
}

static nq_status run_bound(room *r)
{
    nq_bound bound;
    const nq_bound_options options = {.terms = 64, .each_row = 1};
    const nq_status status = nq_bound_estimate(&bound, r->context, r->model, r->data, &options);
    found_add(r, &bound.bound, sizeof bound.bound);
    nq_bound_free(&bound);
    return status;
}

static nq_status run_comparison(room *r)
{
    nq_comparison found;
    const nq_bound_options options = {.terms = 64};
    const nq_status status =
        nq_comparison_estimate(&found, r->context, r->model, r->model, r->data, &options);
    found_add(r, &found.difference, sizeof found.difference);
    nq_comparison_free(&found);
    return status;
}

static nq_status run_ais(room *r)
{
    nq_ais found;
    const nq_ais_options options = {.samples = 4};
    const nq_status status = nq_ais_estimate(&found, r->context, r->model, r->data, &options);
    if (!status)
        found_add(r, found.row_likelihood, found.rows * sizeof(double));
    nq_ais_free(&found);
    return status;
}

static nq_status run_entropy(room *r)
{
    nq_entropy found;
    nq_bound bound;
    const nq_bound_options options = {.terms = 1};
    nq_status status = nq_bound_estimate(&bound, r->context, r->model, r->data, &options);
    if (status)
        return status;
    status = nq_entropy_account(&found, r->context, r->model, r->data, &bound);
    nq_bound_free(&bound);
    nq_entropy_free(&found);
    return status;
}

/* Some of the rows, which stay among the others. */
static nq_status split(room *r, double fraction)
{
    nq_dataset *rest;
    const nq_status status = nq_dataset_split(&r->more, &rest, r->context, r->data, fraction, 1);
    nq_dataset_free(rest);
    return status;
}

static nq_status prepare_parzen(room *r)
{
    const nq_status status = data_make(r, r->size, ROOM_COLUMNS);
    return status ? status : split(r, 0.5);
}

static nq_status run_parzen(room *r)
{
    nq_parzen found;
    const nq_status status =
        nq_parzen_estimate(&found, r->context, r->data, r->more, r->more, NULL);
    found_add(r, &found.likelihood, sizeof found.likelihood);
    return status;
}

static nq_status prepare_steps(room *r)
{
    return with_model(r, data_make(r, 5000, 10 * r->size), "gaussian", 1000);
}

static nq_status run_steps(room *r)
{
    const nq_status status = nq_model_measure_steps(r->model, r->context, r->data, NULL);
    const size_t usual = nq_model_usual_steps(r->model);
    found_add(r, &usual, sizeof usual);
    return status;
}

static nq_status prepare_sample(room *r)
{
    return with_model(r, data_make(r, 1000, ROOM_COLUMNS), "gaussian", 200);
}

static nq_status prepare_sample_mixed(room *r)
{
    return with_model(r, table_make(r, 1000), "mixed", 200);
}

static nq_status run_sample(room *r)
{
    const size_t numbers = r->size * ROOM_COLUMNS;
    const nq_sample_options options = {.rows = r->size};
    double *out = malloc(numbers * sizeof *out);
    if (!out)
        return NQ_ERROR_MEMORY;
    const nq_status status = nq_sample(out, r->context, r->model, &options);
    if (!status)
        found_add(r, out, numbers * sizeof *out);
    free(out);
    return status;
}

enum { ROOM_SIDE = 32 };

static nq_status prepare_pictures(room *r)
{
    return with_model(r, pictures_make(r, 64, ROOM_SIDE), "gaussian", 20);
}

static nq_status run_sample_pictures(room *r)
{
    const size_t numbers = ROOM_SIDE * ROOM_SIDE * r->size;
    const nq_sample_options options = {.rows = r->size};
    double *out = malloc(numbers * sizeof *out);
    if (!out)
        return NQ_ERROR_MEMORY;
    const nq_status status = nq_sample(out, r->context, r->model, &options);
    if (!status)
        found_add(r, out, numbers * sizeof *out);
    free(out);
    return status;
}

/* A hole in a large picture, drawn by a network of crops. */
static nq_status run_inpaint(room *r)
{
    const size_t side = r->size, pixels = side * side;
    const nq_picture picture = {1, side, side};
    double *out = malloc(pixels * sizeof *out);
    if (!out)
        return NQ_ERROR_MEMORY;
    for (size_t i = 0; i < pixels; i++)
        out[i] = i / side % 40 > 8 && i % side % 40 > 8 ? (double)NAN : (double)(i % 200);
    const nq_status status = nq_inpaint(&out, r->context, r->model, 1, &picture, NULL);
    if (!status)
        found_add(r, out, pixels * sizeof *out);
    free(out);
    return status;
}

static nq_status prepare_evidence(room *r)
{
    nq_status status = with_model(r, data_make(r, 1000, ROOM_COLUMNS), "gaussian", 200);
    free(r->values);
    r->values = NULL;
    if (status || !values_make(r, r->size, ROOM_COLUMNS))
        return status ? status : NQ_ERROR_MEMORY;
    for (size_t i = 0; i < r->size * ROOM_COLUMNS; i++)
        r->values[i] = i % 3 ? r->values[i] : (double)NAN;
    return nq_evidence_clamp(&r->evidence, r->context, r->model, r->values, r->size);
}

static nq_status posterior(room *r, const char *method)
{
    nq_posterior found;
    nq_posterior_options options;
    nq_posterior_options_init(&options, sizeof options);
    snprintf(options.method, sizeof options.method, "%s", method);
    options.particles = 64;
    const nq_status status =
        nq_posterior_sample(&found, r->context, r->model, r->evidence, &options);
    if (!status)
        found_add(r, found.samples, found.targets * found.columns * sizeof(double));
    nq_posterior_free(&found);
    return status;
}

static nq_status run_particles(room *r)
{
    return posterior(r, "particles");
}

static nq_status run_paper(room *r)
{
    return posterior(r, "paper");
}

static nq_status run_noised(room *r)
{
    return posterior(r, "noised");
}

static nq_status run_evidence(room *r)
{
    nq_evidence *evidence;
    const nq_status status =
        nq_evidence_clamp(&evidence, r->context, r->model, r->values, r->size);
    if (!status)
        nq_evidence_free(evidence);
    return status;
}

static nq_status run_check(room *r)
{
    nq_check found;
    const nq_check_options options = {.self_rows = 50};
    const nq_status status = nq_check_estimate(&found, r->context, r->model, r->data, &options);
    if (!status)
        found_add(r, &found.p, sizeof found.p);
    nq_check_free(&found);
    return status;
}

/* A page asks many terms of the bound for few rows: of a small network. */
static nq_status prepare_page(room *r)
{
    nq_model_options options;
    nq_model_options_init(&options, sizeof options);
    snprintf(options.kernel, sizeof options.kernel, "mixed");
    snprintf(options.hidden, sizeof options.hidden, "8");
    options.steps = 20;
    const nq_status status = table_make(r, r->size);
    return status ? status : nq_model_new(&r->model, r->context, r->data, &options);
}

static nq_status run_page(room *r)
{
    const nq_source source = {.path = r->from};
    const nq_page_options options = {.output = room_path(r, "out.html"),
                                     .samples = r->size,
                                     .ais = 2,
                                     .permutations = 9};
    const nq_status status = nq_report_page(NULL, r->context, r->model, &source, NULL, &options);
    return status ? status : found_add_file(r, r->path);
}

/* Training, with gaps and hold-out rows. */
static nq_status prepare_training(room *r)
{
    const nq_status status = data_make(r, 20000, ROOM_COLUMNS);
    return status ? status : split(r, 0.2);
}

static nq_status prepare_gaps(room *r)
{
    if (!values_make(r, 5000, ROOM_COLUMNS))
        return NQ_ERROR_MEMORY;
    for (size_t i = 0; i < 5000 * ROOM_COLUMNS; i += 7)
        r->values[i] = (double)NAN;
    return nq_dataset_from_array(&r->data, r->context, r->values, 5000, ROOM_COLUMNS, NULL);
}

/* Some updates, stopped wherever it is. */
static nq_status train(room *r, const char *kernel)
{
    nq_train_options options;
    nq_model_options shape;
    nq_trainer *trainer;
    const nq_model *model;
    nq_train_options_init(&options, sizeof options);
    nq_model_options_init(&shape, sizeof shape);
    snprintf(shape.kernel, sizeof shape.kernel, "%s", kernel);
    options.updates = (nq_count)r->size;
    nq_status status = nq_trainer_new(&trainer, r->context, r->data, r->more, &shape, &options);
    if (status)
        return status;
    nq_train_state state = {0};
    while (!status && !state.done) {
        status = nq_trainer_step(trainer);
        nq_trainer_state(&state, trainer);
    }
    if (!status && !(status = nq_trainer_model(&model, trainer)) &&
        !(status = nq_model_save(room_path(r, "out.nq"), r->context, model)))
        found_add_file(r, r->path);
    nq_trainer_free(trainer);
    return status;
}

static nq_status run_train(room *r)
{
    return train(r, "gaussian");
}

/* One step: an update of many rows. */
static nq_status run_step(room *r)
{
    nq_train_options options;
    nq_trainer *trainer;
    nq_train_options_init(&options, sizeof options);
    options.updates = 1;
    options.batch = (nq_count)(64 * r->size);
    nq_status status = nq_trainer_new(&trainer, r->context, r->data, NULL, NULL, &options);
    if (status)
        return status;
    status = nq_trainer_step(trainer);
    nq_train_state state;
    nq_trainer_state(&state, trainer);
    if (!status)
        found_add(r, &state.bound, sizeof state.bound);
    nq_trainer_free(trainer);
    return status;
}

static nq_status run_trainer(room *r)
{
    nq_trainer *trainer;
    const nq_status status = nq_trainer_new(&trainer, r->context, r->data, NULL, NULL, NULL);
    if (!status)
        nq_trainer_free(trainer);
    return status;
}

static const long_call long_calls[] = {
    {"dataset_open .csv", 20000, prepare_text_file, run_open, 0},
    {"dataset_open .csv.gz", 20000, prepare_packed_file, run_open, 0},
    {"dataset_open .npy", 200000, prepare_numpy_file, run_open, 0},
    {"values_write .csv", 20000, prepare_numbers, run_write, 0},
    {"values_write .csv.gz", 20000, prepare_numbers, run_write_packed, 0},
    {"values_write .npy", 500000, prepare_numbers, run_write_numpy, 0},
    {"dataset_write_like", 20000, prepare_text_table, run_write_like, 0},
    {"picture_write", 512, prepare_picture, run_picture, 0},
    {"dataset_generate", 20000, prepare_nothing, run_generate, 0},
    {"dataset_generate pictures", 1000, prepare_nothing, run_generate_pictures, 0},
    {"dataset_generate_to", 20000, prepare_nothing, run_generate_to, 0},
    {"dataset_outliers", 200000, prepare_numbers, run_outliers, 0},
    {"dataset_column_facts", 100000, prepare_table, run_facts, 0},
    {"model_new", 50000, prepare_table, run_model, 1},
    {"model_save", 1000, prepare_wide_model, run_save, 0},
    {"model_load", 1000, prepare_load, run_load, 0},
    {"bound_estimate", 1000, prepare_gaussian, run_bound, 0},
    {"bound_estimate mixed", 500, prepare_mixed, run_bound, 0},
    {"comparison_estimate", 2000, prepare_gaussian, run_comparison, 0},
    {"ais_estimate", 200, prepare_gaussian, run_ais, 0},
    {"entropy_account", 50000, prepare_gaussian, run_entropy, 1},
    {"parzen_estimate", 2000, prepare_parzen, run_parzen, 0},
    {"model_measure_steps", 1, prepare_steps, run_steps, 0},
    {"sample", 500, prepare_sample, run_sample, 0},
    {"sample mixed", 500, prepare_sample_mixed, run_sample, 0},
    {"sample pictures", 2, prepare_pictures, run_sample_pictures, 0},
    {"inpaint", 96, prepare_pictures, run_inpaint, 0},
    {"posterior_sample particles", 20, prepare_evidence, run_particles, 0},
    {"posterior_sample paper", 200, prepare_evidence, run_paper, 0},
    {"posterior_sample noised", 200, prepare_evidence, run_noised, 0},
    {"evidence_clamp", 20000, prepare_evidence, run_evidence, 0},
    {"check_estimate", 300, prepare_mixed, run_check, 0},
    {"report_page", 50, prepare_page, run_page, 1},
    {"trainer_new", 50000, prepare_table, run_trainer, 0},
    {"trainer_step", 100, prepare_training, run_step, 1},
    {"training", 50, prepare_training, run_train, 1},
    {"training with gaps", 20, prepare_gaps, run_train, 1},
};

enum { LONG_CALLS = sizeof long_calls / sizeof *long_calls };

#endif
