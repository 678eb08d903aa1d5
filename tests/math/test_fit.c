/* test_fit.c - nq_fit: files and memory give the same model; ends before time; what is refused. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/math_test.h"
#include "unit/says.h"
#include "unit/scratch.h"

enum { UPDATES = 24, BYTES = 1 << 22 };

/* A context and a folder. */
typedef struct bench {
    scratch folder;
    nq_context *context;
    char output[700], checkpoint[720];
    char *before, *after; /* [BYTES] of two files */
} bench;

static int set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    if (!b || scratch_new(&b->folder) || !(b->before = malloc(BYTES)) ||
        !(b->after = malloc(BYTES)))
        return -1;
    b->context = context_open(1);
    snprintf(b->output, sizeof b->output, "%s", scratch_path(&b->folder, "m.nq"));
    snprintf(b->checkpoint, sizeof b->checkpoint, "%s.checkpoint", b->output);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    bench *b = *state;
    nq_context_free(b->context);
    free(b->before);
    free(b->after);
    return scratch_tear_down(state);
}

static const nq_setting little[] = {{"updates", "24"}, {"steps", "6"},       {"hidden", "8"},
                                    {"batch", "32"},   {"valid_every", "6"}, {"patience", "0"}};

static nq_fit_options options_of(const bench *b)
{
    nq_fit_options options;
    nq_fit_options_init(&options, sizeof options);
    options.output = b ? b->output : NULL;
    options.settings = little;
    options.setting_count = sizeof little / sizeof *little;
    return options;
}

static int exists(const char *path)
{
    char byte;
    return scratch_get(path, &byte, 1) >= 0;
}

static void assert_same_files(bench *b, const char *path, const char *other)
{
    const long size = scratch_get(path, b->before, BYTES);
    assert_true(size > 0 && size < BYTES);
    assert_int_equal(scratch_get(other, b->after, BYTES), size);
    assert_memory_equal(b->before, b->after, (size_t)size);
}

/* The model as a file is that file. */
static void assert_is_file(bench *b, const nq_model *model, const char *path)
{
    char own[700];
    snprintf(own, sizeof own, "%s", scratch_path(&b->folder, "own.nq"));
    assert_ok(nq_model_save(own, b->context, model), b->context);
    assert_same_files(b, own, path);
    remove(own);
}

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

static void structs_say_what_settings_say(void **state)
{
    bench *b = *state;
    nq_dataset *data = dataset_made(b->context, "swissroll", 250, 2, 1);
    const nq_source rows = {.data = data};
    const nq_setting settings[] = {{"updates", "5"}, {"updates", "12"}, {"hidden", "6"}};
    nq_model_options model_options;
    nq_train_options train_options = {.updates = 12}; /* zeroed: defaults */
    nq_fit_options options = {.preset = "swissroll", .settings = settings, .setting_count = 3};
    nq_model *by_settings, *by_structs;
    options.output = b->output;
    assert_ok(nq_fit(&by_settings, NULL, b->context, &rows, &options), b->context);
    nq_model_options_init(&model_options, sizeof model_options);
    strcpy(model_options.hidden, "6");
    options =
        (nq_fit_options){.preset = "swissroll", .model = &model_options, .train = &train_options};
    assert_ok(nq_fit(&by_structs, NULL, b->context, &rows, &options), b->context);
    assert_is_file(b, by_structs, b->output);
    assert_string_equal(nq_model_record(by_structs, "updates"), "12");
    nq_model_free(by_structs);
    nq_model_free(by_settings);
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

    ending e = {.at = 4, .answer = NQ_FINISH};
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

static void what_has_no_sense_is_refused(void **state)
{
    bench *b = *state;
    nq_dataset *data = dataset_made(b->context, "gaussian", 220, 2, 1);
    const nq_source rows = {.data = data}, none = {.path = NULL};
    const nq_setting unknown = {"udpates", "3"}, useless = {"activity", "0.2"};
    char path[700];
    snprintf(path, sizeof path, "%s", scratch_path(&b->folder, "d.csv"));
    const nq_source file = {.path = path};
    const struct {
        const nq_source *rows;
        nq_fit_options options;
        nq_status status;
        const char *says;
    } cases[] = {
        {&rows, {.preset = "swissroll"}, NQ_ERROR_ARGUMENT, "output is missing"},
        {&rows, {.resume = 1, .output = b->output}, NQ_ERROR_FILE, "nothing to resume"},
        {NULL, {.output = b->output}, NQ_ERROR_ARGUMENT, "source of rows"},
        {&none, {.output = b->output}, NQ_ERROR_ARGUMENT, "neither a path nor a data set"},
        {&rows,
         {.output = b->output, .resume = 1, .restart = 1},
         NQ_ERROR_ARGUMENT,
         "restart begins anew"},
        {&rows,
         {.output = b->output, .valid = "0.1", .valid_data = data},
         NQ_ERROR_ARGUMENT,
         "given twice"},
        {&rows, {.output = b->output, .valid = "1"}, NQ_ERROR_ARGUMENT, "valid takes a file or"},
        {&rows, {.output = b->output, .models = 1001}, NQ_ERROR_ARGUMENT, "at most 1000"},
        {&rows,
         {.output = b->output, .settings = &unknown, .setting_count = 1},
         NQ_ERROR_ARGUMENT,
         "the nearest is updates"},
        {&rows,
         {.output = b->output, .settings = &useless, .setting_count = 1},
         NQ_ERROR_ARGUMENT,
         "activity"},
        {&rows,
         {.output = b->output, .area = {0, 0, 1, 1}},
         NQ_ERROR_SHAPE,
         "area needs pictures"},
        {&file, {.output = path}, NQ_ERROR_FILE, "(output) is an input of this job (DATA)"},
        {&rows, {.output = "nowhere/m.nq"}, NQ_ERROR_FILE, "folder 'nowhere'"},
    };
    assert_ok(nq_values_write(path, b->context, (double[]){1, 2, 3, 5}, 2, 2, NULL), b->context);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nq_fit_result result;
        assert_int_equal(nq_fit(NULL, &result, b->context, cases[i].rows, &cases[i].options),
                         cases[i].status);
        context_says(b->context, cases[i].says);
        assert_false(result.has_model);
    }
    nq_fit_options options = options_of(NULL);
    nq_model *model;
    options.restart = 1;
    assert_int_equal(nq_fit(&model, NULL, b->context, &rows, &options), NQ_ERROR_ARGUMENT);
    context_says(b->context, "restart needs output");
    assert_null(model);
    assert_int_equal(scratch_count(&b->folder), 1); /* the data */
    nq_dataset_free(data);
}

/* Lines that were said. */
typedef struct said {
    char text[8192];
    int levels[NQ_LOG_WARNING + 1];
} said;

static void listen(void *user, nq_log_level level, const char *text)
{
    said *heard = user;
    const size_t length = strlen(heard->text);
    heard->levels[level]++;
    snprintf(heard->text + length, sizeof heard->text - length, "%d %s\n", (int)level, text);
}

static void the_log_hears_what_was_chosen(void **state)
{
    bench *b = *state;
    double values[600];
    for (int i = 0; i < 600; i++)
        values[i] = sin(i);
    values[10] = 1e6;
    nq_dataset *data = dataset_of(b->context, values, 300, 2);
    const nq_source rows = {.data = data};
    said heard = {.text = ""};
    const nq_monitor monitor = {.log = listen, .user = &heard};
    nq_fit_options options = options_of(b);
    assert_ok(nq_context_watch(b->context, &monitor), b->context);
    assert_ok(nq_fit(NULL, NULL, b->context, &rows, &options), b->context);
    assert_non_null(strstr(heard.text, "3 row 6, column 1: 1000000 lies"));
    assert_non_null(strstr(heard.text, "1 data      the data: 270 rows of 2 columns; 30 more"));
    assert_non_null(strstr(heard.text, "1 model     gaussian kernel, mlp regressor (8), "));
    assert_non_null(strstr(heard.text, "0           updates = 24\n"));
    assert_non_null(strstr(heard.text, "\n1 done      K "));
    assert_non_null(strstr(heard.text, "\n1 steps     samples take "));
    assert_ok(nq_context_watch(b->context, NULL), b->context);
    nq_dataset_free(data);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(rows_of_memory_give_the_model_of_the_file),
        TEST(a_table_of_kinds_is_the_same_from_memory),
        TEST(a_set_held_out_is_that_of_a_file),
        TEST(structs_say_what_settings_say),
        TEST(a_run_that_is_stopped_leaves_nothing),
        TEST(a_run_that_is_finished_early_goes_on_bit_for_bit),
        TEST(the_monitor_ends_it_too),
        TEST(several_models_are_those_of_their_files),
        TEST(a_file_is_locked_while_it_is_made),
        TEST(what_has_no_sense_is_refused),
        TEST(the_log_hears_what_was_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
