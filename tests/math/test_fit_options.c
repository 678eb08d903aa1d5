/* test_fit_options.c - what is asked of nq_fit: structs and settings, what is refused, what is
 * said. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/fit_bench.h"

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
    assert_non_null(strstr(heard.text, "4 row 6, column 1: 1000000 lies"));
    assert_non_null(strstr(heard.text, "1 data      the data: 270 rows of 2 columns; 30 more"));
    assert_non_null(strstr(heard.text, "1 model     gaussian kernel, mlp regressor (8), "));
    assert_non_null(strstr(heard.text, "0           updates = 24\n"));
    assert_non_null(strstr(heard.text, "\n1 done      K "));
    assert_non_null(strstr(heard.text, "\n1 steps     samples take "));

    const nq_monitor less = {.log = listen, .user = &heard, .least = NQ_LOG_WARNING};
    heard = (said){.text = ""};
    assert_ok(nq_context_watch(b->context, &less), b->context);
    assert_ok(nq_fit(NULL, NULL, b->context, &rows, &options), b->context);
    assert_true(heard.levels[NQ_LOG_WARNING] > 0 && !heard.levels[NQ_LOG_NOTE]);
    assert_true(!heard.levels[NQ_LOG_INFO] && !heard.levels[NQ_LOG_DETAIL]);
    assert_ok(nq_context_watch(b->context, NULL), b->context);
    nq_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIT_TEST(structs_say_what_settings_say),
        FIT_TEST(what_has_no_sense_is_refused),
        FIT_TEST(the_log_hears_what_was_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
