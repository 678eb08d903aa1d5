/* kinds_table.h - small tables of columns of several kinds, and models of them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_KINDS_TABLE_H
#define NQI_TESTS_KINDS_TABLE_H

#include <stdio.h>

#include "core/rng.h"
#include "math/math_test.h"
#include "unit/scratch.h"

enum { TOWNS = 4, FLAGS = 2, NUMBERS = 5, TABLE_STATES = TOWNS * FLAGS * NUMBERS };

static const char *const towns[TOWNS] = {"Bern", "Rome", "NA", "Oslo"};

/* P(town, flag, n): they hang together. */
static inline double table_law(size_t state)
{
    const size_t town = state % TOWNS, flag = state / TOWNS % FLAGS, n = state / TOWNS / FLAGS;
    static const double of_town[TOWNS] = {0.4, 0.3, 0.1, 0.2};
    const double one = 0.2 + 0.2 * (double)town;
    const double peak = (double)town + (flag ? 1 : 0);
    double sum = 0;
    for (size_t k = 0; k < NUMBERS; k++)
        sum += exp(-0.5 * pow((double)k - peak, 2));
    return of_town[town] * (flag ? one : 1 - one) * exp(-0.5 * pow((double)n - peak, 2)) / sum;
}

static inline size_t table_draw(uint64_t row)
{
    const nqi_stream law = {19, NQI_DRAW_TEST, 0, 0};
    double u = nqi_stream_uniform(&law, row);
    size_t s = 0;
    while (s + 1 < TABLE_STATES && (u -= table_law(s)) > 0)
        s++;
    return s;
}

static inline size_t table_line(char *out, size_t size, size_t state, const char *more)
{
    return (size_t)snprintf(out, size, "%s,%s,%zu%s\n", towns[state % TOWNS],
                            state / TOWNS % FLAGS ? "yes" : "no", state / TOWNS / FLAGS, more);
}

static inline nq_dataset *table_of_kinds(nq_context *context, const char *text, const char *types)
{
    scratch place;
    nq_dataset *data;
    nq_read_options options;
    nq_read_options_init(&options, sizeof options);
    options.types = types;
    assert_int_equal(scratch_new(&place), 0);
    const char *path = scratch_path(&place, "t.csv");
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    assert_ok(nq_dataset_open_with(&data, context, path, &options), context);
    scratch_free(&place);
    return data;
}

static inline nq_dataset *table_of(nq_context *context, const char *text)
{
    return table_of_kinds(context, text,
                          strstr(text, "gain")
                              ? "town=category,flag=bit,n=whole,x=real,gain=spiked"
                              : "town=category,flag=bit,n=whole");
}

/* Rows of the law, to be freed; with more: a real column and one with spikes beside it. */
static inline char *table_text(size_t rows, int more)
{
    const nqi_stream law = {23, NQI_DRAW_TEST, 0, 0};
    char *text = malloc(64 * (rows + 1)), tail[40] = "";
    size_t used = (size_t)sprintf(text, "town,flag,n%s\n", more ? ",x,gain" : "");
    for (size_t r = 0; r < rows; r++) {
        const double x = nqi_stream_normal(&law, 2 * r), u = nqi_stream_uniform(&law, 2 * r + 1);
        if (more)
            snprintf(tail, sizeof tail, ",%.5f,%.2f", 3 + 2 * x,
                     u < 0.6 ? 0 : fabs(20 * x + 5 * u));
        used += table_line(text + used, 64, table_draw(r), tail);
    }
    return text;
}

static inline nq_dataset *table_rows(nq_context *context, size_t rows, int more)
{
    char *text = table_text(rows, more);
    nq_dataset *data = table_of(context, text);
    free(text);
    return data;
}

/* Every state once. */
static inline nq_dataset *table_states(nq_context *context)
{
    char text[32 * (TABLE_STATES + 1)] = "town,flag,n\n";
    size_t used = strlen(text);
    for (size_t s = 0; s < TABLE_STATES; s++)
        used += table_line(text + used, 32, s, "");
    return table_of(context, text);
}

static const setting small_mixed[] = {
    {"kernel", "mixed"}, {"hidden", "16,16"}, {"steps", "20"}, {"roles", "0"}, {NULL, NULL}};

/* A trained model that went through a file. */
static inline nq_model *model_trained(nq_context *context, const nq_dataset *data,
                                      const setting *settings, const setting *of_run)
{
    const nq_model_options options = model_options(settings);
    const nq_train_options run = train_options(of_run);
    nq_trainer *trainer;
    nq_train_state at = {0};
    const nq_model *model;
    nq_model *kept;
    scratch place;
    assert_ok(nq_trainer_new(&trainer, context, data, NULL, &options, &run), context);
    while (!at.done) {
        assert_ok(nq_trainer_step(trainer), context);
        nq_trainer_state(&at, trainer);
    }
    assert_ok(nq_trainer_model(&model, trainer), context);
    assert_int_equal(scratch_new(&place), 0);
    assert_ok(nq_model_save(scratch_path(&place, "m.nq"), context, model), context);
    assert_ok(nq_model_load(&kept, context, scratch_path(&place, "m.nq")), context);
    scratch_free(&place);
    nq_trainer_free(trainer);
    return kept;
}

static inline nq_model *table_trained(nq_context *context, const nq_dataset *data,
                                      const char *updates)
{
    const setting of_run[] = {{"updates", updates}, {"batch", "256"}, {NULL, NULL}};
    return model_trained(context, data, small_mixed, of_run);
}

#endif
