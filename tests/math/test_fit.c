/* test_fit.c - nq_fit: files and memory give the same model; ends before time; locks. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/fit_bench.h"

/* Fits from the file and from memory, which both give the same. */
static void both_fit(bench *b, const char *path, const nq_dataset *data, nq_fit_options options)
{
    const nq_source of_file = {.path = path}, of_memory = {.data = data};
    nq_fit_result result;
    nq_model *model, *copy;
    options.output = b->output;
    assert_ok(nq_fit(&copy, &result, b->context, &of_file, &options), b->context);
    assert_true(result.finished && result.has_model && result.number == 0);
    assert_string_equal(result.output, b->output);
    assert_is_file(b, copy, b->output);
    options.output = NULL;
    assert_ok(nq_fit(&model, &result, b->context, &of_memory, &options), b->context);
    assert_true(result.finished && result.has_model && !*result.output);
    assert_is_file(b, model, b->output);
    nq_model_free(model);
    nq_model_free(copy);
}

static void rows_of_memory_give_the_model_of_the_file(void **state)
{
    static const struct {
        const char *set, *file;
        size_t dim;
    } sets[] = {{"swissroll", "d.csv", 2},
                {"heartbeat", "d.npy", 10},
                {"deadleaves", "d.npy", 0}};
    bench *b = *state;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const nq_generate_options made = {.rows = 220,
                                          .dim = sets[i].dim,
                                          .seed = 3,
                                          .side = sets[i].dim ? 0 : 8};
        char path[700];
        nq_dataset *data, *held = dataset_made(b->context, sets[i].set, 30, sets[i].dim, 4);
        snprintf(path, sizeof path, "%s", scratch_path(&b->folder, sets[i].file));
        assert_ok(nq_dataset_generate_to(path, b->context, sets[i].set, &made), b->context);
        assert_ok(nq_dataset_open(&data, b->context, path), b->context);
        both_fit(b, path, data, options_of(b));
        nq_fit_options options = options_of(b);
        options.valid = "0.4";
        both_fit(b, path, data, options);
        options.bootstrap = 1;
        options.valid = NULL;
        both_fit(b, path, data, options);
        options.valid_data = sets[i].dim ? held : data;
        both_fit(b, path, data, options);
        nq_dataset_free(held);
        nq_dataset_free(data);
    }
}

static void a_table_of_kinds_is_the_same_from_memory(void **state)
{
    static const char *const towns[] = {"Oslo", "Rome", "Bern"};
    bench *b = *state;
    nq_dataset *data;
    char path[700], text[16384] = "town,on,count,x\n";
    for (int i = 0; i < 240; i++) {
        const size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s,%d,%d,%.3f\n", towns[i * i % 3],
                 i % 5 == 0, i * 7 % 31, sin(i));
    }
    snprintf(path, sizeof path, "%s", scratch_path(&b->folder, "kinds.csv"));
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    assert_ok(nq_dataset_open(&data, b->context, path), b->context);
    both_fit(b, path, data, options_of(b));
    nq_dataset_free(data);
}

static void a_set_held_out_is_that_of_a_file(void **state)
{
    bench *b = *state;
    const nq_generate_options made = {.rows = 60, .dim = 2, .seed = 9};
    nq_dataset *data = dataset_made(b->context, "gaussian", 100, 2, 1);
    const nq_source rows = {.data = data};
    nq_fit_options options = options_of(b);
    char path[700];
    nq_dataset *held;
    nq_model *model;
    snprintf(path, sizeof path, "%s", scratch_path(&b->folder, "held.npy"));
    assert_ok(nq_dataset_generate_to(path, b->context, "gaussian", &made), b->context);
    assert_ok(nq_dataset_open(&held, b->context, path), b->context);
    options.valid = path;
    assert_ok(nq_fit(NULL, NULL, b->context, &rows, &options), b->context);
    options.valid = options.output = NULL;
    options.valid_data = held;
    assert_ok(nq_fit(&model, NULL, b->context, &rows, &options), b->context);
    assert_is_file(b, model, b->output);
    nq_model_free(model);
    nq_dataset_free(held);
    nq_dataset_free(data);
}

/* Answers at an update. */
typedef struct ending {
    int64_t at;
    int answer;
    int calls;
} ending;

static int end_at(void *user, const nq_fit_result *now)
{
    ending *e = user;
    e->calls++;
    return now->state.update == e->at ? e->answer : NQ_GO_ON;
}

static void a_run_that_is_stopped_leaves_nothing(void **state)
{
    bench *b = *state;
    nq_dataset *data = dataset_made(b->context, "gaussian", 220, 2, 1);
    const nq_source rows = {.data = data};
    nq_fit_options options = options_of(b);
    nq_model *model, *whole;
    nq_fit_result result;
    options.checkpoint_every = 0; /* after every update */
    options.updated = end_at;
    for (int64_t at = 0; at < UPDATES; at += 7) {
        ending e = {.at = at, .answer = NQ_STOP};
        options.user = &e;
        assert_int_equal(nq_fit(&model, &result, b->context, &rows, &options), NQ_ERROR_STOPPED);
        context_says(b->context, "stopped");
        assert_int_equal(e.calls, at + 1);
        assert_true(!model && !result.finished && !result.has_model);
        assert_int_equal(scratch_count(&b->folder), 0);
    }
    ending never = {.at = -1};
    options.user = &never;
    assert_ok(nq_fit(&model, NULL, b->context, &rows, &options), b->context);
    assert_int_equal(never.calls, UPDATES + 1);
    assert_int_equal(scratch_count(&b->folder), 1);
    options.updated = NULL;
    options.output = NULL;
    nq_context *other = context_open(2);
    assert_ok(nq_fit(&whole, NULL, other, &rows, &options), other);
    assert_is_file(b, whole, b->output);
    nq_context_free(other);
    nq_model_free(whole);
    nq_model_free(model);
    nq_dataset_free(data);
}

static void a_run_that_is_finished_early_goes_on_bit_for_bit(void **state)
{
    bench *b = *state;
    nq_dataset *data = dataset_made(b->context, "heartbeat", 220, 10, 1);
    const nq_source rows = {.data = data};
    nq_fit_options options = options_of(b);
    nq_model *model, *whole;
    nq_fit_result result;
    options.output = NULL;
    assert_ok(nq_fit(&whole, NULL, b->context, &rows, &options), b->context);
    options.output = b->output;
    options.updated = end_at;

    ending e = {.at = 0, .answer = NQ_FINISH};
    options.user = &e;
    assert_ok(nq_fit(&model, &result, b->context, &rows, &options), b->context);
    assert_true(!model && !result.finished && !result.has_model && exists(b->checkpoint));
    assert_int_equal(nq_fit(NULL, NULL, b->context, &rows, &options), NQ_ERROR_ARGUMENT);
    context_says(b->context, "resume goes on from it");

    options.resume = 1;
    e.at = 10;
    assert_ok(nq_fit(&model, &result, b->context, &rows, &options), b->context);
    assert_true(model && !result.finished && result.has_model && result.state.update == 10);
    assert_is_file(b, model, b->output);
    nq_model_free(model);

    e = (ending){.at = 15, .answer = NQ_STOP};
    assert_int_equal(nq_fit(NULL, &result, b->context, &rows, &options), NQ_ERROR_STOPPED);
    assert_true(exists(b->checkpoint) && exists(b->output));

    options.updated = NULL;
    assert_ok(nq_fit(&model, &result, b->context, &rows, &options), b->context);
    assert_true(result.finished && !exists(b->checkpoint));
    assert_is_file(b, whole, b->output);
    assert_is_file(b, model, b->output);
    assert_int_equal(scratch_count(&b->folder), 1);
    nq_model_free(model);
    nq_model_free(whole);
    nq_dataset_free(data);
}

/* The monitor, from its second question in training on. */
static int answer_in_training(void *user, const nq_progress *progress)
{
    ending *e = user;
    return strcmp(progress->what, "training") == 0 && e->calls++ ? e->answer : NQ_GO_ON;
}

static void the_monitor_ends_it_too(void **state)
{
    static const nq_setting endless[] = {{"updates", "1e9"}, {"steps", "6"}, {"hidden", "8"}};
    bench *b = *state;
    nq_dataset *data = dataset_made(b->context, "gaussian", 220, 2, 1);
    const nq_source rows = {.data = data};
    nq_fit_options options = options_of(b);
    nq_fit_result result;
    nq_model *model;
    options.settings = endless;
    options.setting_count = sizeof endless / sizeof *endless;
    ending e = {.answer = NQ_STOP};
    const nq_monitor monitor = {.progress = answer_in_training, .user = &e};
    assert_ok(nq_context_watch(b->context, &monitor), b->context);
    assert_int_equal(nq_fit(&model, &result, b->context, &rows, &options), NQ_ERROR_STOPPED);
    assert_true(!model && scratch_count(&b->folder) == 0);
    e = (ending){.answer = NQ_FINISH};
    assert_ok(nq_fit(&model, &result, b->context, &rows, &options), b->context);
    assert_true(model && !result.finished && exists(b->checkpoint) && exists(b->output));
    nq_model_free(model);
    assert_ok(nq_context_watch(b->context, NULL), b->context);
    nq_dataset_free(data);
}

static void several_models_are_those_of_their_files(void **state)
{
    enum { MODELS = 3 };
    bench *b = *state;
    nq_dataset *data = dataset_made(b->context, "gaussian", 220, 2, 1);
    const nq_source rows = {.data = data};
    nq_fit_options options = options_of(b);
    nq_model *here[MODELS], *there[MODELS];
    nq_fit_result result;
    char path[MODELS][700];
    for (int i = 0; i < MODELS; i++)
        snprintf(path[i], sizeof path[i], "%s/m.%d.nq", b->folder.folder, i + 1);
    options.models = MODELS;
    options.output = NULL;
    assert_ok(nq_fit(here, &result, b->context, &rows, &options), b->context);
    assert_true(result.finished && result.number == MODELS);

    ending e = {.at = 9, .answer = NQ_FINISH};
    options.output = b->output;
    options.updated = end_at;
    options.user = &e;
    assert_ok(nq_fit(there, &result, b->context, &rows, &options), b->context);
    assert_true(there[0] && !there[1] && !there[2] && result.number == 1 && !result.finished);
    nq_model_free(there[0]);
    options.resume = 1;
    options.updated = NULL;
    assert_ok(nq_fit(there, &result, b->context, &rows, &options), b->context);
    assert_true(result.finished && result.number == MODELS);
    assert_int_equal(scratch_count(&b->folder), MODELS);
    for (int i = 0; i < MODELS; i++) {
        assert_is_file(b, here[i], path[i]);
        assert_is_file(b, there[i], path[i]);
        nq_model_free(there[i]);
    }
    /* The last is made again; those before are its files. */
    remove(path[MODELS - 1]);
    assert_ok(nq_fit(there, &result, b->context, &rows, &options), b->context);
    for (int i = 0; i < MODELS; i++) {
        assert_is_file(b, there[i], path[i]);
        nq_model_free(there[i]);
        nq_model_free(here[i]);
    }
    nq_dataset_free(data);
}

/* While a model is trained: another run on its file, and what a signal handler does. */
typedef struct second_run {
    bench *b;
    const nq_source *rows;
    int tried;
} second_run;

static int second_try(void *user, const nq_fit_result *now)
{
    second_run *second = user;
    nq_fit_options options = options_of(second->b);
    char lock[720];
    if (now->state.update != 3)
        return NQ_GO_ON;
    snprintf(lock, sizeof lock, "%s.lock", second->b->output);
    nq_context *other = context_open(1);
    second->tried = nq_fit(NULL, NULL, other, second->rows, &options) == NQ_ERROR_FILE &&
                    strstr(nq_context_message(other), "is being trained by process") &&
                    exists(lock);
    nq_context_free(other);
    nq_context_drop_files(second->b->context);
    second->tried = second->tried && !exists(lock);
    return NQ_GO_ON;
}

static void a_file_is_locked_while_it_is_made(void **state)
{
    bench *b = *state;
    nq_dataset *data = dataset_made(b->context, "gaussian", 220, 2, 1);
    const nq_source rows = {.data = data};
    nq_fit_options options = options_of(b);
    second_run second = {.b = b, .rows = &rows};
    options.updated = second_try;
    options.user = &second;
    assert_ok(nq_fit(NULL, NULL, b->context, &rows, &options), b->context);
    assert_true(second.tried);
    assert_int_equal(scratch_count(&b->folder), 1);
    nq_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIT_TEST(rows_of_memory_give_the_model_of_the_file),
        FIT_TEST(a_table_of_kinds_is_the_same_from_memory),
        FIT_TEST(a_set_held_out_is_that_of_a_file),
        FIT_TEST(a_run_that_is_stopped_leaves_nothing),
        FIT_TEST(a_run_that_is_finished_early_goes_on_bit_for_bit),
        FIT_TEST(the_monitor_ends_it_too),
        FIT_TEST(several_models_are_those_of_their_files),
        FIT_TEST(a_file_is_locked_while_it_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
