/* test_draw.c - nq_draw: the rows are those of the sampler, in files and memory; trajectories;
 * conditions and how probable they are; ends before time; what is refused. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "math/kinds_table.h"
#include "math/task_test.h"

enum { ROWS = 70, COLUMNS = 3, STEPS = 8, SLICES = 3 };

/* A model of reals, one of kinds, one of pictures. */
typedef struct bench {
    scratch folder;
    nq_context *context;
    nq_model *reals, *kinds, *pictures;
    two_files files;
} bench;

static int set_up(void **state)
{
    static const setting gaussian[] = {{"kernel", "gaussian"}, {"steps", "8"}, {NULL, NULL}};
    static const setting mixed[] = {{"kernel", "mixed"}, {"steps", "8"}, {NULL, NULL}};
    bench *b = calloc(1, sizeof *b);
    if (!b || scratch_new(&b->folder) || !two_files_new(&b->files, &b->folder))
        return -1;
    b->context = context_open(1);
    nq_dataset *data = dataset_made(b->context, "gaussian", 50, COLUMNS, 3);
    b->reals = model_of(b->context, data, gaussian);
    nq_dataset_free(data);
    char *text = table_text(300, 0);
    data = table_of(b->context, text);
    b->kinds = model_of(b->context, data, mixed);
    nq_dataset_free(data);
    free(text);
    const nq_generate_options leaves = {.rows = 4, .side = 8};
    assert_ok(nq_dataset_generate(&data, b->context, "deadleaves", &leaves), b->context);
    b->pictures = model_of(b->context, data, gaussian);
    nq_dataset_free(data);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    bench *b = *state;
    nq_model_free(b->reals);
    nq_model_free(b->kinds);
    nq_model_free(b->pictures);
    nq_context_free(b->context);
    two_files_free(&b->files);
    return scratch_tear_down(state);
}

static nq_draw_options options_of(size_t rows)
{
    nq_draw_options options;
    nq_draw_options_init(&options, sizeof options);
    options.rows = rows;
    return options;
}

static nq_drawn drawn_of(bench *b, const nq_model *model, const nq_draw_options *options)
{
    nq_drawn out;
    assert_ok(nq_draw(&out, NULL, b->context, model, options), b->context);
    return out;
}

static void rows_are_those_of_the_sampler(void **state)
{
    bench *b = *state;
    nq_draw_options options = options_of(ROWS);
    double rows[ROWS * COLUMNS];
    nq_sample_options sampling;
    options.output = b->files.output;
    nq_drawn drawn = drawn_of(b, b->reals, &options);
    nq_sample_options_init(&sampling, sizeof sampling);
    sampling.rows = ROWS;
    sampling.seed = 1;
    assert_ok(nq_sample(rows, b->context, b->reals, &sampling), b->context);
    assert_int_equal(drawn.rows, ROWS);
    assert_int_equal(drawn.slices, 1);
    assert_null(drawn.times);
    assert_memory_equal(drawn.values, rows, sizeof rows);
    assert_ok(nq_values_write(b->files.other, b->context, rows, ROWS, COLUMNS, NULL), b->context);
    assert_same_files(&b->files);
    nq_drawn_free(&drawn);
    drawn = drawn_of(b, b->kinds, &options);
    assert_ok(nq_model_write_rows(b->files.other, b->context, b->kinds, drawn.values, ROWS),
              b->context);
    assert_same_files(&b->files);
    nq_drawn_free(&drawn);
}

static void defaults_are_100_rows_of_seed_1(void **state)
{
    bench *b = *state;
    const nq_draw_options hundred = options_of(100);
    nq_drawn one = drawn_of(b, b->reals, NULL), two = drawn_of(b, b->reals, &hundred);
    nq_drawn three = drawn_of(b, b->reals, &(nq_draw_options){.size = 0});
    assert_int_equal(one.rows, 100);
    assert_memory_equal(one.values, two.values, 100 * COLUMNS * sizeof *one.values);
    assert_memory_equal(one.values, three.values, 100 * COLUMNS * sizeof *one.values);
    nq_drawn_free(&one);
    nq_drawn_free(&two);
    nq_drawn_free(&three);
}

static void a_trajectory_ends_in_the_rows(void **state)
{
    bench *b = *state;
    nq_draw_options options = options_of(5);
    nq_drawn rows = drawn_of(b, b->reals, &options);
    options.trajectory = SLICES;
    options.output = b->files.output;
    nq_drawn way = drawn_of(b, b->reals, &options);
    assert_int_equal(way.slices, SLICES);
    assert_int_equal(way.times[0], STEPS);
    assert_int_equal(way.times[1], STEPS / 2);
    assert_int_equal(way.times[2], 0);
    assert_memory_equal(way.values + (SLICES - 1) * 5 * COLUMNS, rows.values,
                        5 * COLUMNS * sizeof *rows.values);
    assert_true(scratch_get(b->files.output, b->files.before, BYTES) > 0);
    assert_memory_equal(b->files.before, "t,row,x1,x2,x3\n8,0,", 19);
    nq_drawn_free(&rows);
    nq_drawn_free(&way);
}

static void pictures_are_written_as_a_page_and_a_strip(void **state)
{
    bench *b = *state;
    nq_draw_options options = options_of(4);
    const char *page = scratch_path(&b->folder, "page.pgm");
    options.output = page;
    assert_ok(nq_draw(NULL, NULL, b->context, b->pictures, &options), b->context);
    assert_true(scratch_get(page, b->files.before, BYTES) > 0);
    assert_memory_equal(b->files.before, "P5\n18 18\n255\n", 13);
    options.trajectory = SLICES;
    nq_drawn way = drawn_of(b, b->pictures, &options);
    assert_true(scratch_get(page, b->files.before, BYTES) > 0);
    assert_memory_equal(b->files.before, "P5\n28 38\n255\n", 13);
    assert_int_equal(way.slices, SLICES);
    nq_drawn_free(&way);
    refused_as(nq_draw(NULL, NULL, b->context, b->reals, &options), NQ_ERROR_SHAPE, b->context,
               "the model describes no pictures");
}

/* Half of untrained numbers or so are at least 2; all that are drawn are. */
static void rows_meet_what_is_given(void **state)
{
    bench *b = *state;
    nq_draw_options options = options_of(20);
    char *report, expected[64];
    nq_drawn drawn;
    options.given = "n>=2,town!=Oslo";
    options.json = 1;
    assert_ok(nq_draw(&drawn, &report, b->context, b->kinds, &options), b->context);
    for (size_t r = 0; r < drawn.rows; r++)
        assert_true(drawn.values[r * drawn.columns + 2] >= 2);
    assert_true(drawn.log_evidence < 0 && drawn.log_evidence > -5);
    assert_int_equal(drawn.particles, 64);
    assert_false(drawn.is_density);
    snprintf(expected, sizeof expected, "\"log_evidence\":%.10g,", drawn.log_evidence);
    assert_non_null(strstr(report, expected));
    free(report);
    nq_drawn_free(&drawn);
    options.given = "n>=2,n<1";
    refused_as(nq_draw(NULL, &report, b->context, b->kinds, &options), NQ_ERROR_UNSUPPORTED,
               b->context, "given cannot be met: nothing is left of column \"n\"");
    assert_null(report);
    options.given = "n=";
    refused_as(nq_draw(NULL, NULL, b->context, b->kinds, &options), NQ_ERROR_FORMAT, b->context,
               "given: a value of column \"n\" is missing");
}

static void a_monitor_stops_it_and_nothing_is_left(void **state)
{
    bench *b = *state;
    int asked = 0;
    const nq_monitor monitor = {.progress = stop_at_once, .user = &asked};
    nq_draw_options options = options_of(5);
    char byte;
    options.output = b->files.output;
    for (int i = 0; i < 3; i++) {
        options.trajectory = i == 1 ? SLICES : 0;
        options.given = i == 2 ? "n>=2" : NULL;
        assert_ok(nq_context_watch(b->context, &monitor), b->context);
        assert_int_equal(nq_draw(NULL, NULL, b->context, b->kinds, &options), NQ_ERROR_STOPPED);
        assert_true(scratch_get(b->files.output, &byte, 1) < 0);
    }
    assert_ok(nq_context_watch(b->context, NULL), b->context);
    assert_ok(nq_draw(NULL, NULL, b->context, b->kinds, &options), b->context);
}

static void what_goes_with_nothing_is_refused(void **state)
{
    bench *b = *state;
    nq_draw_options options = options_of(5);
    options.trajectory = STEPS + 2;
    refused_as(nq_draw(NULL, NULL, b->context, b->reals, &options), NQ_ERROR_SHAPE, b->context,
               "trajectory takes 2 to 9 times for a chain of 8 steps, not 10");
    options.trajectory = 0;
    options.particles = 8;
    refused_as(nq_draw(NULL, NULL, b->context, b->reals, &options), NQ_ERROR_ARGUMENT, b->context,
               "particles and json are of given CONDITIONS");
    options.particles = 0;
    options.levels = 1;
    refused_as(nq_draw(NULL, NULL, b->context, b->reals, &options), NQ_ERROR_SHAPE, b->context,
               "not trained on dequantised grey levels");
    options.levels = 0;
    options.picture_size = "12x";
    refused_as(nq_draw(NULL, NULL, b->context, b->pictures, &options), NQ_ERROR_ARGUMENT,
               b->context, "HEIGHTxWIDTH");
    options.picture_size = NULL;
    options.output = "rows.xls";
    refused_as(nq_draw(NULL, NULL, b->context, b->reals, &options), NQ_ERROR_FILE, b->context,
               "says no format");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_are_those_of_the_sampler, set_up, tear_down),
        cmocka_unit_test_setup_teardown(defaults_are_100_rows_of_seed_1, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_trajectory_ends_in_the_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pictures_are_written_as_a_page_and_a_strip, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(rows_meet_what_is_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_monitor_stops_it_and_nothing_is_left, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_goes_with_nothing_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
