/* test_guest.c - the library in a host's process: its locale, its floating-point traps, its forks,
 * its threads, and options that it leaves out. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "math_test.h"

enum { ROWS = 120, DRAWN = 8 };

static nq_dataset *made(nq_context *context, const char *name)
{
    nq_dataset *data;
    const nq_generate_options options = {.rows = ROWS, .dim = 2, .seed = 3};
    const int heartbeat = !strcmp(name, "heartbeat");
    assert_ok(nq_dataset_generate(&data, context, name, heartbeat ? NULL : &options), context);
    return data;
}

/* Trained for a few updates, so that its weights are not zero. */
static nq_trainer *trained(nq_context *context, const nq_dataset *data, const char *schedule)
{
    nq_trainer *trainer;
    nq_model_options model = {.steps = 8};
    nq_train_options train = {.updates = 12, .batch = 32};
    strcpy(model.hidden, "8");
    strcpy(model.schedule, schedule);
    assert_ok(nq_trainer_new(&trainer, context, data, NULL, &model, &train), context);
    for (int i = 0; i < 12; i++)
        assert_ok(nq_trainer_step(trainer), context);
    return trainer;
}

static int numbers_are(const char *decimal)
{
    char text[16];
    snprintf(text, sizeof text, "%.1f", 0.5);
    return !strcmp(text, decimal);
}

/* A locale whose decimals have a comma, or 0. */
static int comma_set(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8"};
    for (int i = 0; i < 4; i++)
        if (setlocale(LC_ALL, names[i]) && numbers_are("0,5"))
            return 1;
    setlocale(LC_ALL, "C");
    return 0;
}

static void numbers_do_not_depend_on_the_locale(void **state)
{
    char path[64], text[NQ_TEXT_SIZE];
    (void)state;
    if (!comma_set())
        skip();
    nq_context *context = context_open(1);
    nq_dataset *data = made(context, "gaussian"), *back;
    nq_trainer *trainer = trained(context, data, "log-snr");
    nq_model *model;
    const nq_model *best;
    size_t count;
    const nq_option *table = nq_model_options_table(&count);
    assert_ok(nq_model_new(&model, context, data, NULL), context);
    assert_close("alpha_bar_T", nq_model_schedule(model)->alpha_bar[199], 0.005, 1e-9);
    nq_model_free(model);
    nq_model_options options;
    nq_model_options_init(&options, sizeof options);
    assert_close("alpha_bar_last", options.alpha_bar_last, 0.005, 0);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(table[i].field, "beta_1")) {
            assert_ok(nq_option_set(&options, context, &table[i], "0.25"), context);
            assert_int_not_equal(nq_option_set(&options, context, &table[i], "0,5"), NQ_OK);
            assert_non_null(strstr(nq_context_message(context), "0.999"));
            nq_option_get(text, sizeof text, &options, &table[i]);
            assert_string_equal(text, "0.25");
        }
    snprintf(path, sizeof path, "noneq-guest-%ld.nq", (long)getpid());
    assert_ok(nq_trainer_model(&best, trainer), context);
    assert_ok(nq_model_save(path, context, best), context);
    assert_ok(nq_model_load(&model, context, path), context);
    for (size_t t = 0; t < 8; t++)
        assert_true(nq_model_schedule(model)->beta[t] == nq_model_schedule(best)->beta[t]);
    assert_true(nq_model_log_jacobian(model) == nq_model_log_jacobian(best));
    nq_model_free(model);
    remove(path);
    snprintf(path, sizeof path, "noneq-guest-%ld.csv", (long)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("a,b\n0.5,1.25e-3\n-1.5,2\n", file);
    fclose(file);
    double row[2];
    assert_ok(nq_dataset_open(&back, context, path), context);
    nq_dataset_row(row, back, 0);
    assert_true(row[0] == (double)0.5 && row[1] == (double)1.25e-3);
    remove(path);
    nq_dataset_free(back);
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
    setlocale(LC_ALL, "C");
}

#define SAME(what, a, b) assert_close(what, (double)(a), (double)(b), 0)

static void no_options_are_zeroed_options(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = made(context, "gaussian"), *sets[2];
    nq_trainer *trainer = trained(context, data, "log-snr");
    const nq_model *model;
    assert_ok(nq_trainer_model(&model, trainer), context);

    nq_bound bounds[2];
    const nq_bound_options bound = {0};
    assert_ok(nq_bound_estimate(&bounds[0], context, model, data, NULL), context);
    assert_ok(nq_bound_estimate(&bounds[1], context, model, data, &bound), context);
    SAME("bound", bounds[0].bound, bounds[1].bound);

    nq_ais ais[2];
    const nq_ais_options likelihood = {0};
    assert_ok(nq_ais_estimate(&ais[0], context, model, data, NULL), context);
    assert_ok(nq_ais_estimate(&ais[1], context, model, data, &likelihood), context);
    SAME("likelihood", ais[0].likelihood, ais[1].likelihood);

    /* A sample has no default size: both are refused. */
    double out[2];
    const nq_sample_options sample = {0};
    assert_int_equal(nq_sample(out, context, model, NULL), NQ_ERROR_ARGUMENT);
    assert_int_equal(nq_sample(out, context, model, &sample), NQ_ERROR_ARGUMENT);

    nq_evidence *evidence;
    nq_posterior draws[2];
    nq_posterior_options posterior = {0};
    const double cells[4] = {0.25, (double)NAN, (double)NAN, -0.5};
    assert_ok(nq_evidence_clamp(&evidence, context, model, cells, 2), context);
    assert_ok(nq_posterior_sample(&draws[0], context, model, evidence, NULL), context);
    assert_ok(nq_posterior_sample(&draws[1], context, model, evidence, &posterior), context);
    assert_memory_equal(draws[0].samples, draws[1].samples, 4 * sizeof(double));
    nq_posterior_free(&draws[1]);
    nq_posterior_options_init(&posterior, sizeof posterior);
    assert_ok(nq_posterior_sample(&draws[1], context, model, evidence, &posterior), context);
    assert_memory_equal(draws[0].samples, draws[1].samples, 4 * sizeof(double));

    static const char *const names[] = {"swissroll", "heartbeat", "gaussian", "mixture"};
    for (int k = 0; k < 4; k++) {
        const nq_generate_options generate = {0};
        double rows[2][64];
        assert_ok(nq_dataset_generate(&sets[0], context, names[k], NULL), context);
        assert_ok(nq_dataset_generate(&sets[1], context, names[k], &generate), context);
        assert_int_equal(nq_dataset_rows(sets[0]), nq_dataset_rows(sets[1]));
        for (int s = 0; s < 2; s++)
            nq_dataset_row(rows[s], sets[s], 7);
        assert_memory_equal(rows[0], rows[1], nq_dataset_dim(sets[0]) * sizeof(double));
        nq_dataset_free(sets[0]);
        nq_dataset_free(sets[1]);
    }
    const nq_crop_options crop = {0};
    assert_int_not_equal(nq_dataset_crops(&sets[0], context, data, NULL), NQ_OK);
    assert_int_not_equal(nq_dataset_crops(&sets[0], context, data, &crop), NQ_OK);

    nq_evidence_free(evidence);
    for (int i = 0; i < 2; i++) {
        nq_posterior_free(&draws[i]);
        nq_ais_free(&ais[i]);
        nq_bound_free(&bounds[i]);
    }
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void too_many_terms_are_refused(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = made(context, "gaussian");
    nq_model *model;
    nq_bound bound;
    const nq_bound_options options = {.terms = (size_t)1 << 62};
    assert_ok(nq_model_new(&model, context, data, NULL), context);
    assert_int_equal(nq_bound_estimate(&bound, context, model, data, &options),
                     NQ_ERROR_ARGUMENT);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Everything that a host does with a model, for one set; the status of a child. */
static int work(const char *name, const char *schedule)
{
    nq_context *context = context_open(2);
    nq_dataset *data = made(context, name);
    nq_trainer *trainer = trained(context, data, schedule);
    const nq_model *model;
    nq_bound bound;
    nq_ais ais;
    nq_evidence *evidence;
    nq_posterior draws;
    const size_t columns = nq_dataset_dim(data);
    const nq_bound_options few = {.terms = 16};
    const nq_ais_options paths = {.samples = 4, .max_rows = 16};
    double out[DRAWN * 64], row[64];
    assert_ok(nq_trainer_model(&model, trainer), context);
    assert_ok(nq_bound_estimate(&bound, context, model, data, &few), context);
    assert_ok(nq_ais_estimate(&ais, context, model, data, &paths), context);
    assert_ok(nq_sample(out, context, model, &(nq_sample_options){.rows = DRAWN}), context);
    nq_dataset_row(row, data, 0);
    row[0] = (double)NAN;
    assert_ok(nq_evidence_clamp(&evidence, context, model, row, 1), context);
    assert_ok(nq_posterior_sample(&draws, context, model, evidence, NULL), context);
    nq_posterior_free(&draws);
    nq_evidence_free(evidence);
    nq_ais_free(&ais);
    nq_bound_free(&bound);
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
    return columns > 64;
}

static void no_step_traps(void **state)
{
    static const struct {
        const char *name, *schedule;
    } cases[] = {{"gaussian", "log-snr"},
                 {"gaussian", "learned"},
                 {"gaussian", "cosine"},
                 {"heartbeat", "constant-fraction"},
                 {"heartbeat", "linear"}};
    (void)state;
#ifdef __GLIBC__
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = 0;
        const pid_t child = fork();
        if (!child) {
            feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW);
            _exit(work(cases[i].name, cases[i].schedule));
        }
        waitpid(child, &status, 0);
        if (status)
            fail_msg("%s, %s: status %d", cases[i].name, cases[i].schedule, status);
    }
#else
    (void)cases;
    skip();
#endif
}

/* The workers stay with the parent. */
static void a_forked_child_works_alone_and_frees(void **state)
{
    (void)state;
    nq_context *context = context_open(3);
    nq_dataset *data = made(context, "gaussian");
    nq_trainer *trainer = trained(context, data, "log-snr");
    const nq_model *model;
    double want[DRAWN * 2], got[DRAWN * 2];
    const nq_sample_options options = {.rows = DRAWN, .seed = 5};
    assert_ok(nq_trainer_model(&model, trainer), context);
    assert_ok(nq_sample(want, context, model, &options), context);
    int status = 0;
    const pid_t child = fork();
    if (!child) {
        alarm(60); /* a hang ends the child, and so fails */
        if (nq_sample(got, context, model, &options) || memcmp(want, got, sizeof want) ||
            nq_trainer_step(trainer))
            _exit(1);
        nq_trainer_free(trainer);
        nq_dataset_free(data);
        nq_context_free(context);
        _exit(0);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_ok(nq_sample(got, context, model, &options), context);
    assert_memory_equal(want, got, sizeof want);
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void *ask(void *data)
{
    size_t row, column;
    return (void *)(uintptr_t)((size_t)nq_dataset_is_binary(data) +
                               2 * nq_dataset_missing(&row, &column, data));
}

static void many_threads_may_ask_one_set(void **state)
{
    (void)state;
    enum { THREADS = 4, CELLS = 20000 };
    nq_context *context = context_open(1);
    double *cells = calloc(CELLS, sizeof *cells);
    cells[CELLS - 1] = (double)NAN;
    for (int i = 0; i < 20; i++) {
        nq_dataset *data = dataset_of(context, cells, CELLS / 4, 4);
        pthread_t threads[THREADS];
        void *answer;
        for (int t = 0; t < THREADS; t++)
            assert_int_equal(pthread_create(&threads[t], NULL, ask, data), 0);
        for (int t = 0; t < THREADS; t++) {
            pthread_join(threads[t], &answer);
            assert_int_equal((uintptr_t)answer, 3);
        }
        nq_dataset_free(data);
    }
    free(cells);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
        cmocka_unit_test(no_options_are_zeroed_options),
        cmocka_unit_test(too_many_terms_are_refused),
        cmocka_unit_test(no_step_traps),
        cmocka_unit_test(a_forked_child_works_alone_and_frees),
        cmocka_unit_test(many_threads_may_ask_one_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
