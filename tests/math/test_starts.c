/* test_starts.c - a run of several starts is the run of its best start, bit for bit. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/context.h"
#include "core/rng.h"
#include "math/math_test.h"
#include "model/model.h"
#include "unit/scratch.h"

enum { STARTS = 3, UPDATES = 96, PART = 36 };

typedef struct bench {
    nq_context *context;
    nq_dataset *data;
    nq_model_options model;
    nq_train_options train;
} bench;

static int bench_open(void **state)
{
    static bench b;
    const setting model[] = {{"kernel", "gaussian"}, {"regressor", "rbf"},
                             {"hidden", "6"},        {"readout", "per-step"},
                             {"steps", "8"},         {"schedule", "learned"},
                             {"beta_1", "1e-4"},     {NULL, NULL}};
    const setting train[] = {{"updates", "96"}, {"fit_updates", "96"}, {"batch", "512"},
                             {"rate", "0.03"},  {"patience", "0"},     {NULL, NULL}};
    b.context = context_open(2);
    b.data = dataset_made(b.context, "swissroll", 700, 0, 1);
    b.model = model_options(model);
    b.train = train_options(train);
    *state = &b;
    return 0;
}

static int bench_close(void **state)
{
    bench *b = *state;
    nq_dataset_free(b->data);
    nq_context_free(b->context);
    return 0;
}

static nq_trainer *trainer_new(bench *b, nq_count starts, nq_count seed)
{
    nq_trainer *trainer;
    nq_model_options model = b->model;
    nq_train_options train = b->train;
    model.model_seed = seed;
    train.starts = starts;
    assert_ok(nq_trainer_new(&trainer, b->context, b->data, NULL, &model, &train), b->context);
    return trainer;
}

static nq_train_state run(bench *b, nq_trainer *trainer, int64_t updates)
{
    nq_train_state state;
    double before = 0;
    nq_trainer_state(&state, trainer);
    while (!state.done && state.update < updates) {
        assert_ok(nq_trainer_step(trainer), b->context);
        nq_trainer_state(&state, trainer);
        assert_true(state.progress >= before && state.progress <= 1);
        before = state.progress;
    }
    return state;
}

static const nq_model *model_of_run(bench *b, nq_trainer *trainer)
{
    const nq_model *model;
    assert_ok(nq_trainer_model(&model, trainer), b->context);
    return model;
}

static void assert_same(const nq_model *a, const nq_model *b)
{
    assert_int_equal(nq_model_parameters(a), nq_model_parameters(b));
    assert_memory_equal(a->regressor.params, b->regressor.params,
                        nq_model_parameters(a) * sizeof(nqi_real));
    assert_memory_equal(nq_model_schedule(a)->beta, nq_model_schedule(b)->beta,
                        nq_model_steps(a) * sizeof(double));
}

static nq_count seed_of(int start)
{
    return start ? (nq_count)(nqi_seed_child(5, (uint64_t)start) >> 12) : 5;
}

static void the_best_start_goes_on_as_if_it_were_alone(void **state)
{
    bench *b = *state;
    nq_trainer *several = trainer_new(b, STARTS, 5), *alone[STARTS];
    int best = 0;
    double bound[STARTS];
    for (int i = 0; i < STARTS; i++) {
        alone[i] = trainer_new(b, 1, seed_of(i));
        bound[i] = run(b, alone[i], PART).bound;
        best = bound[i] > bound[best] ? i : best;
    }
    assert_true(bound[0] != bound[1]);
    const nq_train_state now = run(b, several, PART);
    assert_int_equal(now.update, PART);
    assert_close("K", now.bound, bound[best], 0);
    run(b, several, UPDATES);
    assert_true(run(b, alone[best], UPDATES).done);
    assert_same(model_of_run(b, several), model_of_run(b, alone[best]));
    assert_int_equal(nq_model_get_options(model_of_run(b, several))->model_seed, seed_of(best));
    for (int i = 0; i < STARTS; i++)
        nq_trainer_free(alone[i]);
    nq_trainer_free(several);
}

/* Before the last start has ended a checkpoint begins with the first one again. */
static void a_run_goes_on_from_a_checkpoint(void **state)
{
    bench *b = *state;
    scratch folder;
    assert_int_equal(scratch_new(&folder), 0);
    nq_trainer *whole = trainer_new(b, STARTS, 5);
    run(b, whole, UPDATES);
    for (int steps = 10; steps < STARTS * PART + 20; steps += STARTS * PART) {
        char path[sizeof folder.path];
        snprintf(path, sizeof path, "%s", scratch_path(&folder, "run.checkpoint"));
        nq_trainer *trainer = trainer_new(b, STARTS, 5);
        for (int i = 0; i < steps; i++)
            assert_ok(nq_trainer_step(trainer), b->context);
        assert_ok(nq_trainer_checkpoint(path, trainer), b->context);
        nq_trainer_free(trainer);
        assert_ok(nq_trainer_resume(&trainer, b->context, b->data, NULL, path), b->context);
        run(b, trainer, UPDATES);
        assert_same(model_of_run(b, whole), model_of_run(b, trainer));
        nq_trainer_free(trainer);
    }
    nq_trainer_free(whole);
    scratch_free(&folder);
}

static void a_run_without_a_number_of_updates_has_one_start(void **state)
{
    bench *b = *state;
    nq_trainer *trainer;
    nq_train_options train = b->train;
    train.starts = 2;
    train.updates = train.fit_updates = 0;
    train.minutes = 1;
    assert_int_equal(nq_trainer_new(&trainer, b->context, b->data, NULL, &b->model, &train),
                     NQ_ERROR_ARGUMENT);
    assert_non_null(strstr(nq_context_message(b->context), "how many updates"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_start_goes_on_as_if_it_were_alone),
        cmocka_unit_test(a_run_goes_on_from_a_checkpoint),
        cmocka_unit_test(a_run_without_a_number_of_updates_has_one_start),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
