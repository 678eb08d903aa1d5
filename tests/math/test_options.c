/* test_options.c - one table guards every option: set from text, in a struct, in a file; and a
 * zeroed struct is a struct of defaults. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <unistd.h>

#include "math_test.h"
#include "unit/says.h"

enum { ROWS = 200 };

typedef struct bench {
    nq_context *context;
    nq_dataset *data;
    char path[64];
} bench;

static int set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    b->context = context_open(1);
    assert_ok(nq_dataset_generate(&b->data, b->context, "gaussian",
                                  &(nq_generate_options){.rows = ROWS, .dim = 2, .seed = 3}),
              b->context);
    snprintf(b->path, sizeof b->path, "noneq-options-%ld.nq", (long)getpid());
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    bench *b = *state;
    remove(b->path);
    nq_dataset_free(b->data);
    nq_context_free(b->context);
    free(b);
    return 0;
}

/* The table that a test walks over, and a struct for it. */
typedef struct walk {
    const nq_option *table;
    size_t count;
    int of_model;
    nq_model_options model;
    nq_train_options train;
} walk;

static void *walk_begin(walk *w, int of_model)
{
    w->of_model = of_model;
    w->table = of_model ? nq_model_options_table(&w->count) : nq_train_options_table(&w->count);
    nq_model_options_init(&w->model, sizeof w->model);
    nq_train_options_init(&w->train, sizeof w->train);
    return of_model ? (void *)&w->model : (void *)&w->train;
}

static nq_status model_try(const bench *b, const walk *w)
{
    nq_model *model = NULL;
    nq_trainer *trainer = NULL;
    const nq_status status =
        w->of_model ? nq_model_new(&model, b->context, b->data, &w->model)
                    : nq_trainer_new(&trainer, b->context, b->data, NULL, NULL, &w->train);
    nq_model_free(model);
    nq_trainer_free(trainer);
    return status;
}

static void field_put(void *options, const nq_option *option, double value)
{
    void *field = (char *)options + option->offset;
    if (option->type == NQ_OPTION_NUMBER)
        *(nq_number *)field = value;
    else
        *(nq_count *)field = value >= NQ_COUNT_MOST ? INT64_MAX : (nq_count)value;
}

static void texts_out_of_range_are_refused_with_the_range(void **state)
{
    static const char *const wrong[] = {"",    " ",    "1 ",    " 1",     "nan",
                                        "inf", "-inf", "0x10",  "1,5",    "1e",
                                        "e5",  "--1",  "1e999", "-1e300", "abc"};
    bench *b = *state;
    walk w;
    for (int of_model = 0; of_model < 2; of_model++) {
        void *options = walk_begin(&w, of_model);
        for (size_t i = 0; i < w.count; i++) {
            if (w.table[i].type == NQ_OPTION_TEXT)
                continue;
            for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
                if (!nq_option_set(options, b->context, &w.table[i], wrong[k]))
                    fail_msg("%s takes \"%s\"", w.table[i].field, wrong[k]);
                context_says(b->context, "at least");
                context_says(b->context, "at most");
            }
        }
    }
}

static void structs_out_of_range_are_refused_by_name(void **state)
{
    bench *b = *state;
    walk w;
    for (int of_model = 0; of_model < 2; of_model++) {
        void *options = walk_begin(&w, of_model);
        for (size_t i = 0; i < w.count; i++) {
            const nq_option *o = &w.table[i];
            const double wrong[] = {o->least - 7, 2 * o->most + 1, -1e18, (double)NAN};
            for (size_t k = 0; k < 4 && o->type != NQ_OPTION_TEXT; k++) {
                if (o->type == NQ_OPTION_COUNT && !(wrong[k] < NQ_COUNT_MOST))
                    continue;
                walk_begin(&w, of_model);
                field_put(options, o, wrong[k]);
                assert_int_equal(model_try(b, &w), NQ_ERROR_ARGUMENT);
                context_says(b->context, o->field);
                context_says(b->context, "at most");
            }
        }
    }
}

static void a_text_without_an_end_is_refused(void **state)
{
    bench *b = *state;
    walk w;
    walk_begin(&w, 1);
    memset(w.model.hidden, '4', NQ_TEXT_SIZE);
    assert_int_equal(model_try(b, &w), NQ_ERROR_ARGUMENT);
    context_says(b->context, "hidden");
}

static void a_refused_text_leaves_the_field_alone(void **state)
{
    bench *b = *state;
    walk w;
    void *options = walk_begin(&w, 0);
    char before[NQ_TEXT_SIZE], after[NQ_TEXT_SIZE];
    for (size_t i = 0; i < w.count; i++) {
        nq_option_get(before, sizeof before, options, &w.table[i]);
        if (w.table[i].type != NQ_OPTION_TEXT)
            assert_int_not_equal(nq_option_set(options, b->context, &w.table[i], "-7"), NQ_OK);
        nq_option_get(after, sizeof after, options, &w.table[i]);
        assert_string_equal(before, after);
    }
}

static void a_zeroed_struct_is_a_struct_of_defaults(void **state)
{
    bench *b = *state;
    const nq_model_options zero_model = {0};
    const nq_train_options zero_train = {0};
    nq_model_options model;
    nq_train_options train;
    nq_model_options_init(&model, sizeof model);
    nq_train_options_init(&train, sizeof train);
    const nq_model_options *const models[] = {NULL, &zero_model, &model};
    const nq_train_options *const trains[] = {NULL, &zero_train, &train};
    size_t counts[2];
    const nq_option *tables[] = {nq_model_options_table(&counts[0]),
                                 nq_train_options_table(&counts[1])};
    char want[2][40][NQ_TEXT_SIZE], got[NQ_TEXT_SIZE];
    for (int k = 0; k < 3; k++) {
        nq_trainer *t;
        assert_ok(nq_trainer_new(&t, b->context, b->data, NULL, models[k], trains[k]),
                  b->context);
        const void *used[] = {nq_trainer_model_options(t), nq_trainer_train_options(t)};
        for (int s = 0; s < 2; s++)
            for (size_t i = 0; i < counts[s] && i < 40; i++) {
                nq_option_get(k ? got : want[s][i], NQ_TEXT_SIZE, used[s], &tables[s][i]);
                if (k && strcmp(got, want[s][i]))
                    fail_msg("%s is %s: expected %s", tables[s][i].field, got, want[s][i]);
            }
        nq_trainer_free(t);
    }
}

static void setting_a_field_of_a_zeroed_struct_gives_the_others_their_defaults(void **state)
{
    nq_train_options zero = {0}, made;
    size_t count;
    const nq_option *table = nq_train_options_table(&count);
    nq_train_options_init(&made, sizeof made);
    (void)state;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(table[i].field, "dropout")) {
            assert_int_equal(nq_option_set(&zero, NULL, &table[i], "0"), NQ_OK);
            assert_int_equal(nq_option_set(&made, NULL, &table[i], "0"), NQ_OK);
        }
    assert_memory_equal(&zero, &made, sizeof zero);
}

static void a_seed_past_2_to_53_comes_back_from_the_file(void **state)
{
    bench *b = *state;
    nq_model *model;
    nq_model_options options = {.steps = 4, .model_seed = INT64_MAX - 6};
    strcpy(options.hidden, "4");
    assert_ok(nq_model_new(&model, b->context, b->data, &options), b->context);
    assert_ok(nq_model_save(b->path, b->context, model), b->context);
    nq_model_free(model);
    assert_ok(nq_model_load(&model, b->context, b->path), b->context);
    assert_true(nq_model_get_options(model)->model_seed == INT64_MAX - 6);
    nq_model_free(model);
}

/* What an option says and another contradicts. */
static void contradictions_are_refused(void **state)
{
    static const struct {
        const char *part;
        setting model[4], train[3];
    } cases[] = {
        {"share", {{"steps", "4"}, {NULL, NULL}}, {{"share", "2"}, {NULL, NULL}}},
        {"share",
         {{"steps", "4"}, {"schedule", "learned"}, {NULL, NULL}},
         {{"share", "2"}, {NULL, NULL}}},
        {"alpha_bar_last",
         {{"schedule", "linear"}, {"alpha_bar_last", ".1"}, {NULL, NULL}},
         {{NULL, NULL}}},
        {"at most 0.999",
         {{"schedule", "log-snr"}, {"alpha_bar_last", "1e-9"}, {"steps", "2"}, {NULL, NULL}},
         {{NULL, NULL}}},
        {"optimizer", {{NULL, NULL}}, {{"optimizer", "sgd"}, {NULL, NULL}}},
    };
    bench *b = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nq_trainer *t;
        const nq_model_options model = model_options(cases[i].model);
        const nq_train_options train = train_options(cases[i].train);
        assert_int_equal(nq_trainer_new(&t, b->context, b->data, NULL, &model, &train),
                         NQ_ERROR_ARGUMENT);
        context_says(b->context, cases[i].part);
    }
}

static void a_schedule_file_is_not_contradicted(void **state)
{
    bench *b = *state;
    const char rates[] = "0.001\n0.1\n0.4\n0.8\n";
    static const struct {
        const char *part;
        setting more[2];
    } cases[] = {{"4 rates", {{"steps", "5"}, {NULL, NULL}}},
                 {"first rate", {{"beta_1", "0.01"}, {NULL, NULL}}},
                 {"alpha_bar_last", {{"alpha_bar_last", "0.01"}, {NULL, NULL}}}};
    FILE *file = fopen(b->path, "w");
    assert_non_null(file);
    fputs(rates, file);
    fclose(file);
    nq_model *model;
    const setting names[] = {{"schedule", b->path}, {"hidden", "4"}, {NULL, NULL}};
    nq_model_options options = model_options(names);
    assert_ok(nq_model_new(&model, b->context, b->data, &options), b->context);
    assert_int_equal(nq_model_steps(model), 4);
    nq_model_free(model);
    options.steps = 4;
    assert_ok(nq_model_new(&model, b->context, b->data, &options), b->context);
    nq_model_free(model);
    for (size_t i = 0; i < 3; i++) {
        size_t rows;
        const nq_option *table = nq_model_options_table(&rows);
        options = model_options(names);
        apply_settings(&options, table, rows, cases[i].more);
        assert_int_equal(nq_model_new(&model, b->context, b->data, &options), NQ_ERROR_ARGUMENT);
        context_says(b->context, cases[i].part);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(texts_out_of_range_are_refused_with_the_range),
        TEST(structs_out_of_range_are_refused_by_name),
        TEST(a_text_without_an_end_is_refused),
        TEST(a_refused_text_leaves_the_field_alone),
        TEST(a_zeroed_struct_is_a_struct_of_defaults),
        TEST(setting_a_field_of_a_zeroed_struct_gives_the_others_their_defaults),
        TEST(a_seed_past_2_to_53_comes_back_from_the_file),
        TEST(contradictions_are_refused),
        TEST(a_schedule_file_is_not_contradicted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
