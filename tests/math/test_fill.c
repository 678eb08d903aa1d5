/* test_fill.c - nq_fill and nq_denoise: files and memory give the same rows, which are those of the
 * posterior; summaries, scores, conditions; ends before time; what is refused. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "math/task_test.h"

enum { ROWS = 60, COLUMNS = 4, DRAWS = 6, TOWNS = 3 };

/* A table of texts, dates, real and whole numbers with gaps and a model of it; a model of reals. */
typedef struct bench {
    scratch folder;
    nq_context *context;
    nq_model *model, *normal;
    nq_dataset *reals;
    char table[700], mask[700];
    two_files files;
} bench;

/* Every third town, every fourth day and every fifth number is missing. */
static void table_write(const char *path, int has_gaps)
{
    static const char *const towns[TOWNS] = {"Bern", "Rome, old", "Oslo"};
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("town,day,x,n\n", file);
    for (int i = 0; i < ROWS; i++) {
        const int town = i * 7 % TOWNS;
        if (!has_gaps || i % 3)
            fprintf(file, "\"%s\"", towns[town]);
        if (!has_gaps || i % 4)
            fprintf(file, ",2024-0%d-1%d,", 1 + i % 5, i % 7);
        else
            fputs(",,", file);
        if (!has_gaps || i % 5)
            fprintf(file, "%.3f", 0.5 * town + 0.01 * (i * i % 97));
        fprintf(file, ",%d\n", i * i % 11);
    }
    assert_int_equal(fclose(file), 0);
}

static nq_dataset *table_open(bench *b, const char *path)
{
    nq_dataset *data;
    nq_read_options options;
    nq_read_options_init(&options, sizeof options);
    options.keep_text = 1;
    assert_ok(nq_dataset_open_with(&data, b->context, path, &options), b->context);
    return data;
}

static int set_up(void **state)
{
    static const setting of_reals[] = {{"kernel", "gaussian"}, {"steps", "8"}, {NULL, NULL}};
    static const setting of_kinds[] = {{"kernel", "mixed"}, {"steps", "8"}, {NULL, NULL}};
    bench *b = calloc(1, sizeof *b);
    if (!b || scratch_new(&b->folder) || !two_files_new(&b->files, &b->folder))
        return -1;
    b->context = context_open(1);
    snprintf(b->table, sizeof b->table, "%s", scratch_path(&b->folder, "full.csv"));
    table_write(b->table, 0);
    nq_dataset *full = table_open(b, b->table);
    b->model = model_of(b->context, full, of_kinds);
    nq_dataset_free(full);
    snprintf(b->table, sizeof b->table, "%s", scratch_path(&b->folder, "gaps.csv"));
    table_write(b->table, 1);
    snprintf(b->mask, sizeof b->mask, "%s", scratch_path(&b->folder, "mask.npy"));
    b->reals = dataset_made(b->context, "gaussian", ROWS, COLUMNS, 3);
    b->normal = model_of(b->context, b->reals, of_reals);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    bench *b = *state;
    nq_model_free(b->model);
    nq_model_free(b->normal);
    nq_dataset_free(b->reals);
    nq_context_free(b->context);
    two_files_free(&b->files);
    return scratch_tear_down(state);
}

static nq_fill_options options_of(size_t draws)
{
    nq_fill_options options;
    nq_fill_options_init(&options, sizeof options);
    options.draws = draws;
    options.particles = 16;
    return options;
}

static nq_filled filled_of(bench *b, const nq_source *rows, const nq_fill_options *options)
{
    nq_filled out;
    const nq_model *models[] = {b->model};
    assert_ok(nq_fill(&out, NULL, b->context, models, 1, rows, options), b->context);
    return out;
}

static void assert_same_values(const nq_filled *a, const nq_filled *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->each, b->each);
    assert_int_equal(a->columns, b->columns);
    assert_memory_equal(a->values, b->values, a->rows * a->each * a->columns * sizeof *a->values);
}

static int exists(const char *path)
{
    char byte;
    return scratch_get(path, &byte, 1) >= 0;
}

/* One draw; several, with labels; a mean; quantiles. */
static void a_file_and_memory_are_filled_alike(void **state)
{
    bench *b = *state;
    nq_dataset *data = table_open(b, b->table);
    for (int i = 0; i < 4; i++) {
        nq_fill_options options = options_of(i == 1 ? DRAWS : 0);
        options.mean = i == 2;
        options.quantiles = i == 3 ? "0.1,0.5,.9" : NULL;
        options.output = b->files.output;
        nq_filled one = filled_of(b, &(nq_source){.path = b->table}, &options);
        options.output = b->files.other;
        nq_filled two = filled_of(b, &(nq_source){.data = data}, &options);
        assert_int_equal(one.each, i == 1 ? DRAWS : i == 3 ? 3 : 1);
        assert_int_equal(one.draws, i == 1 ? DRAWS : i ? 100 : 1);
        assert_same_values(&one, &two);
        assert_same_files(&b->files);
        nq_filled_free(&one);
        nq_filled_free(&two);
    }
    nq_dataset_free(data);
}

static void labels_stand_before_several_draws(void **state)
{
    bench *b = *state;
    nq_fill_options options = options_of(2);
    const nq_model *models[] = {b->model, b->model};
    options.output = b->files.output;
    assert_ok(nq_fill(NULL, NULL, b->context, models, 1, &(nq_source){.path = b->table},
                      &options),
              b->context);
    assert_true(scratch_get(b->files.output, b->files.before, BYTES) > 0);
    assert_memory_equal(b->files.before, "row,draw,town,day,x,n\n0,0,", 26);
    assert_ok(nq_fill(NULL, NULL, b->context, models, 2, &(nq_source){.path = b->table},
                      &options),
              b->context);
    assert_true(scratch_get(b->files.output, b->files.before, BYTES) > 0);
    assert_memory_equal(b->files.before, "row,draw,model,town,day,x,n\n0,0,1,", 34);
}

/* The rows as the model has them. */
static double *rows_of(bench *b)
{
    nq_dataset *data = table_open(b, b->table), *matched;
    double *rows = calloc(ROWS * COLUMNS, sizeof *rows);
    assert_ok(nq_dataset_for_model(&matched, b->context, data, b->model), b->context);
    for (size_t r = 0; r < ROWS; r++)
        nq_dataset_row(rows + r * COLUMNS, matched, r);
    if (matched != data)
        nq_dataset_free(matched);
    nq_dataset_free(data);
    return rows;
}

static void draws_are_those_of_the_posterior(void **state)
{
    bench *b = *state;
    const nq_fill_options options = options_of(DRAWS);
    nq_filled filled = filled_of(b, &(nq_source){.path = b->table}, &options);
    double *rows = rows_of(b), gaps[ROWS * COLUMNS];
    size_t number[ROWS], count = 0;
    nq_evidence *evidence;
    nq_posterior posterior;
    nq_posterior_options drawing;
    for (size_t r = 0; r < ROWS; r++) {
        double sum = 0;
        for (size_t c = 0; c < COLUMNS; c++)
            sum += rows[r * COLUMNS + c];
        for (size_t k = 0; k < DRAWS && !isnan(sum); k++)
            assert_memory_equal(filled.values + (r * DRAWS + k) * COLUMNS, rows + r * COLUMNS,
                                COLUMNS * sizeof *rows);
        if (!isnan(sum))
            continue;
        memcpy(gaps + count * COLUMNS, rows + r * COLUMNS, COLUMNS * sizeof *rows);
        number[count++] = r;
    }
    nq_posterior_options_init(&drawing, sizeof drawing);
    drawing.draws = DRAWS;
    drawing.particles = 16;
    drawing.seed = 1;
    assert_ok(nq_evidence_clamp(&evidence, b->context, b->model, gaps, count), b->context);
    assert_ok(nq_posterior_sample(&posterior, b->context, b->model, evidence, &drawing),
              b->context);
    for (size_t i = 0; i < count; i++)
        assert_memory_equal(filled.values + number[i] * DRAWS * COLUMNS,
                            posterior.samples + i * DRAWS * COLUMNS,
                            DRAWS * COLUMNS * sizeof *rows);
    assert_string_equal(filled.method, posterior.method);
    nq_posterior_free(&posterior);
    nq_evidence_free(evidence);
    nq_filled_free(&filled);
    free(rows);
}

/* A mean in as many decimals as the column has; of texts the most frequent draw. */
static void means_are_those_of_the_draws(void **state)
{
    bench *b = *state;
    nq_fill_options options = options_of(DRAWS);
    const nq_source source = {.path = b->table};
    nq_filled draws = filled_of(b, &source, &options);
    options.mean = 1;
    nq_filled means = filled_of(b, &source, &options);
    for (size_t r = 0; r < ROWS; r++) {
        double sum = 0;
        size_t frequent = 0, own = 0;
        for (size_t k = 0; k < DRAWS; k++)
            sum += draws.values[(r * DRAWS + k) * COLUMNS + 2];
        assert_close("mean", means.values[r * COLUMNS + 2],
                     nq_model_column_round(b->model, 2, sum / DRAWS), 1e-9);
        for (size_t k = 0; k < DRAWS; k++) {
            size_t same = 0;
            for (size_t j = 0; j < DRAWS; j++)
                same += draws.values[(r * DRAWS + k) * COLUMNS] ==
                        draws.values[(r * DRAWS + j) * COLUMNS];
            frequent = same > frequent ? same : frequent;
            own += draws.values[(r * DRAWS + k) * COLUMNS] == means.values[r * COLUMNS];
        }
        assert_int_equal(own, frequent);
    }
    nq_filled_free(&draws);
    nq_filled_free(&means);
}

static void a_zeroed_struct_and_null_are_defaults(void **state)
{
    bench *b = *state;
    const nq_source source = {.path = b->table};
    nq_fill_options options;
    nq_fill_options_init(&options, sizeof options);
    nq_filled one = filled_of(b, &source, &options), two = filled_of(b, &source, NULL);
    nq_filled three = filled_of(b, &source, &(nq_fill_options){.size = 0});
    assert_int_equal(options.seed, 1);
    assert_same_values(&one, &two);
    assert_same_values(&one, &three);
    nq_filled_free(&one);
    nq_filled_free(&two);
    nq_filled_free(&three);
}

/* The figures of the struct are those of the report. */
static void hidden_cells_are_scored(void **state)
{
    bench *b = *state;
    nq_fill_options options = options_of(20);
    const nq_model *models[] = {b->normal};
    double hidden[ROWS * COLUMNS] = {0};
    char *report, expected[64];
    nq_filled filled;
    for (size_t i = 0; i < ROWS * COLUMNS; i += 5)
        hidden[i] = 1;
    assert_ok(nq_values_write(b->mask, b->context, hidden, ROWS, COLUMNS, NULL), b->context);
    options.mask = b->mask;
    options.json = 1;
    assert_ok(nq_fill(&filled, &report, b->context, models, 1, &(nq_source){.data = b->reals},
                      &options),
              b->context);
    assert_int_equal(filled.score.cells, ROWS * COLUMNS / 5);
    assert_true(filled.score.rmse > 0 && filled.score.crps > 0 && filled.score.energy > 0);
    assert_true(filled.score.coverage_90 > 0.5 && filled.score.coverage_90 <= 1);
    snprintf(expected, sizeof expected, "\"rmse\":%.10g,", filled.score.rmse);
    assert_non_null(strstr(report, expected));
    free(report);
    nq_filled_free(&filled);
    options.json = 0;
    options.score = 1;
    assert_ok(nq_fill(NULL, &report, b->context, models, 1, &(nq_source){.data = b->reals},
                      &options),
              b->context);
    assert_memory_equal(report, "cells             48 in 60 rows, 20 draws each\n", 47);
    free(report);
    options.mask = NULL;
    refused_as(nq_fill(NULL, &report, b->context, models, 1, &(nq_source){.data = b->reals},
                       &options),
               NQ_ERROR_ARGUMENT, b->context,
               "score and json need data that the job itself hides");
    assert_null(report);
}

static void noisy_rows_are_drawn_given_the_noise(void **state)
{
    bench *b = *state;
    const nq_model *models[] = {b->normal};
    const nq_fill_options options = options_of(2);
    const nq_noise_options noise = {.sigma = 0.5};
    const double sigma[COLUMNS] = {0.5, 0.5, 0.5, 0.5};
    double rows[ROWS * COLUMNS];
    nq_evidence *evidence;
    nq_posterior posterior;
    nq_posterior_options drawing;
    nq_filled filled;
    for (size_t r = 0; r < ROWS; r++)
        nq_dataset_row(rows + r * COLUMNS, b->reals, r);
    assert_ok(nq_denoise(&filled, NULL, b->context, models, 1, &(nq_source){.data = b->reals},
                         &noise, &options),
              b->context);
    nq_posterior_options_init(&drawing, sizeof drawing);
    drawing.draws = 2;
    drawing.particles = 16;
    drawing.seed = 1;
    assert_ok(nq_evidence_gaussian(&evidence, b->context, b->normal, rows, sigma, ROWS),
              b->context);
    assert_ok(nq_posterior_sample(&posterior, b->context, b->normal, evidence, &drawing),
              b->context);
    assert_memory_equal(filled.values, posterior.samples, ROWS * 2 * COLUMNS * sizeof *rows);
    assert_close("log evidence", filled.log_evidence[4], posterior.log_evidence[1], 0);
    nq_posterior_free(&posterior);
    nq_evidence_free(evidence);
    nq_filled_free(&filled);
    refused_as(nq_denoise(NULL, NULL, b->context, models, 1, &(nq_source){.data = b->reals}, NULL,
                          &options),
               NQ_ERROR_ARGUMENT, b->context, "the noise is missing: expected sigma S, snr R");
}

static void filled_rows_meet_conditions(void **state)
{
    bench *b = *state;
    nq_fill_options options = options_of(1);
    const nq_model *models[] = {b->model};
    options.given = "x<=40, n>=0";
    nq_filled filled = filled_of(b, &(nq_source){.path = b->table}, &options);
    for (size_t r = 0; r < ROWS; r++)
        assert_true(filled.values[r * COLUMNS + 2] <= 40 && filled.values[r * COLUMNS + 3] >= 0);
    nq_filled_free(&filled);
    options.given = "town=Paris";
    refused_as(nq_fill(NULL, NULL, b->context, models, 1, &(nq_source){.path = b->table},
                       &options),
               NQ_ERROR_SHAPE, b->context, "given: column \"town\" has no level \"Paris\"");
}

static void a_monitor_stops_it_and_nothing_is_left(void **state)
{
    bench *b = *state;
    int asked = 0;
    const nq_monitor monitor = {.progress = stop_at_once, .user = &asked};
    const nq_model *models[] = {b->model};
    nq_fill_options options = options_of(2);
    options.output = b->files.output;
    assert_ok(nq_context_watch(b->context, &monitor), b->context);
    assert_int_equal(nq_fill(NULL, NULL, b->context, models, 1, &(nq_source){.path = b->table},
                             &options),
                     NQ_ERROR_STOPPED);
    assert_int_equal(asked, 1);
    assert_false(exists(b->files.output));
    assert_ok(nq_context_watch(b->context, NULL), b->context);
    assert_ok(nq_fill(NULL, NULL, b->context, models, 1, &(nq_source){.path = b->table},
                      &options),
              b->context);
    assert_true(exists(b->files.output));
}

static void what_goes_with_nothing_is_refused(void **state)
{
    bench *b = *state;
    const nq_model *models[] = {b->model, b->normal};
    const nq_source source = {.path = b->table};
    nq_fill_options options = options_of(0);
    options.mean = 1;
    options.quantiles = ".5";
    refused_as(nq_fill(NULL, NULL, b->context, models, 1, &source, &options), NQ_ERROR_ARGUMENT,
               b->context, "mean and quantiles are two different tables");
    options.mean = 0;
    options.quantiles = ".5,2";
    refused_as(nq_fill(NULL, NULL, b->context, models, 1, &source, &options), NQ_ERROR_ARGUMENT,
               b->context, "quantiles takes numbers from 0 to 1, not '2'");
    options.quantiles = NULL;
    options.output = b->table;
    refused_as(nq_fill(NULL, NULL, b->context, models, 1, &source, &options), NQ_ERROR_FILE,
               b->context, "is an input of this job (DATA) and would be overwritten");
    options.output = "none/out.csv";
    refused_as(nq_fill(NULL, NULL, b->context, models, 1, &source, &options), NQ_ERROR_FILE,
               b->context, "folder 'none'");
    options.output = NULL;
    refused_as(nq_fill(NULL, NULL, b->context, models, 2, &source, &options), NQ_ERROR_SHAPE,
               b->context, "model 2");
    refused_as(nq_fill(NULL, NULL, b->context, models, 0, &source, &options), NQ_ERROR_ARGUMENT,
               b->context, "there is no model");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_and_memory_are_filled_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(labels_stand_before_several_draws, set_up, tear_down),
        cmocka_unit_test_setup_teardown(draws_are_those_of_the_posterior, set_up, tear_down),
        cmocka_unit_test_setup_teardown(means_are_those_of_the_draws, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_zeroed_struct_and_null_are_defaults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hidden_cells_are_scored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(noisy_rows_are_drawn_given_the_noise, set_up, tear_down),
        cmocka_unit_test_setup_teardown(filled_rows_meet_conditions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_monitor_stops_it_and_nothing_is_left, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_goes_with_nothing_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
