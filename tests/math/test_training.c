/* test_training.c - training raises K towards the ceiling and never above it, and a run is the same
 * for any number of threads, interrupted or not. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/math_test.h"
#include "model/model.h"
#include "unit/scratch.h"

static nq_trainer *trainer_of(nq_context *context, const nq_dataset *data,
                              const nq_dataset *valid, const setting *model, const setting *train)
{
    nq_trainer *trainer;
    const nq_model_options model_choice = model_options(model);
    const nq_train_options train_choice = train_options(train);
    assert_ok(nq_trainer_new(&trainer, context, data, valid, &model_choice, &train_choice),
              context);
    return trainer;
}

static void run(nq_trainer *trainer, const nq_context *context, int64_t until)
{
    nq_train_state state;
    do {
        assert_ok(nq_trainer_step(trainer), context);
        nq_trainer_state(&state, trainer);
    } while (!state.done && state.update < until);
}

/* K on fresh rows after training, above `least` and below `ceiling`, which holds for the
 * population, up to 4 standard errors. */
static void check_ceiling(const char *set, size_t dim, const setting *model, const setting *train,
                          double least, double ceiling)
{
    nq_context *context = context_open(2);
    nq_dataset *data = dataset_made(context, set, 4000, dim, 1);
    nq_dataset *fresh = dataset_made(context, set, 4000, dim, 2);
    nq_trainer *trainer = trainer_of(context, data, NULL, model, train);
    const nq_model *trained;
    nq_bound bound;
    const nq_bound_options options = {.terms = 128, .seed = 5};
    run(trainer, context, INT64_MAX);
    assert_ok(nq_trainer_model(&trained, trainer), context);
    assert_ok(nq_bound_estimate(&bound, context, trained, fresh, &options), context);
    const double error = sqrt(bound.se * bound.se + bound.se_rows * bound.se_rows);
    print_message("# %s: K = %.4f +- %.4f, ceiling %.4f, L_null %.4f\n", set, bound.bound, error,
                  ceiling, bound.null);
    assert_true(bound.bound > least);
    assert_true(bound.bound < ceiling + 4 * error);
    nq_bound_free(&bound);
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_dataset_free(fresh);
    nq_context_free(context);
}

/* Two Gaussians with s = .3: no model of these rates exceeds -.91857 nats (findings). */
static void mixture_is_learned_up_to_its_ceiling(void **state)
{
    (void)state;
    const setting rbf[] = {{"regressor", "rbf"},    {"hidden", "8"},    {"steps", "40"},
                           {"schedule", "log-snr"}, {"beta_1", "1e-3"}, {NULL, NULL}};
    const setting mlp[] = {{"regressor", "mlp"},    {"hidden", "24,24"}, {"steps", "40"},
                           {"schedule", "log-snr"}, {"beta_1", "1e-3"},  {NULL, NULL}};
    const setting fit[] = {{"updates", "300"},
                           {"fit_updates", "150"},
                           {"batch", "2048"},
                           {NULL, NULL}};
    const setting descend[] = {{"updates", "800"}, {"batch", "1024"}, {NULL, NULL}};
    check_ceiling("mixture", 1, rbf, fit, -1.00, -0.91857);
    check_ceiling("mixture", 1, mlp, descend, -1.05, -0.91857);
}

/* The Bayes-optimal factorial reverse process of T = 200 reaches -2.6798 bits (findings). */
static void heartbeat_is_learned_up_to_its_ceiling(void **state)
{
    (void)state;
    const setting model[] = {{"regressor", "mlp"},
                             {"hidden", "50,50"},
                             {"readout", "per-step"},
                             {"activation", "silu"},
                             {"steps", "200"},
                             {"activity", "0.2"},
                             {NULL, NULL}};
    const setting train[] = {{"updates", "600"},
                             {"batch", "1024"},
                             {"rate", "1e-2"},
                             {NULL, NULL}};
    check_ceiling("heartbeat", 20, model, train, -4.0 * log(2), -2.6798 * log(2));
}

/* Ways to train between which the code paths differ. */
typedef struct way {
    const char *name, *set;
    setting model[10], train[8];
} way;

static const way ways[] = {
    {"per-step readouts that share, of bits",
     "heartbeat",
     {{"regressor", "mlp"}, {"hidden", "12,10"}, {"readout", "per-step"}, {"steps", "50"}},
     {{"updates", "24"}, {"batch", "256"}, {"share", "20"}, {"valid_every", "5"}}},
    {"time as an input, with dropout and a running average",
     "swissroll",
     {{"regressor", "mlp"}, {"hidden", "96,96"}, {"readout", "embedding"}, {"steps", "30"}},
     {{"updates", "24"},
      {"batch", "300"},
      {"dropout", "0.2"},
      {"average", "0.9"},
      {"clip", "0.5"},
      {"weight_decay", "0.01"},
      {"valid_every", "7"}}},
    {"exact readouts and a learned schedule",
     "swissroll",
     {{"regressor", "rbf"}, {"hidden", "8"}, {"schedule", "learned"}, {"steps", "20"}},
     {{"updates", "80"}, {"batch", "1024"}, {"fit_updates", "60"}, {"valid_every", "9"}}},
    {"rmsprop on a learned schedule in the forward form",
     "mixture",
     {{"regressor", "rbf"},
      {"hidden", "4"},
      {"schedule", "learned"},
      {"steps", "10"},
      {"mean_form", "forward"}},
     {{"updates", "24"}, {"batch", "512"}, {"optimizer", "rmsprop"}, {"rate", "1e-3"}}},
    {"time as an input of a learned schedule, whole numbers",
     "mixture",
     {{"regressor", "mlp"},
      {"hidden", "20,20"},
      {"schedule", "learned"},
      {"steps", "12"},
      {"dequantize", "0.1"},
      {"scale", "whole"}},
     {{"updates", "24"}, {"batch", "512"}, {"rate", "1e-2"}}},
    {"so large that sums of gradients take turns, with 1 and 2 threads",
     "swissroll",
     {{"regressor", "mlp"}, {"hidden", "1030,1030"}, {"readout", "embedding"}, {"steps", "30"}},
     {{"updates", "18"}, {"batch", "256"}, {"valid_every", "9"}}},
};
enum { WAYS = sizeof ways / sizeof ways[0] };

/* A run of one of the ways, with a hold-out set. */
typedef struct training {
    nq_context *context;
    nq_dataset *data, *valid;
    nq_trainer *trainer;
} training;

static training training_open(const way *w, int threads, const char *checkpoint)
{
    training t = {.context = context_open(threads)};
    t.data = dataset_made(t.context, w->set, 700, 0, 1);
    t.valid = dataset_made(t.context, w->set, 200, 0, 2);
    if (checkpoint)
        assert_ok(nq_trainer_resume(&t.trainer, t.context, t.data, t.valid, checkpoint),
                  t.context);
    else
        t.trainer = trainer_of(t.context, t.data, t.valid, w->model, w->train);
    return t;
}

static void training_close(training *t)
{
    nq_trainer_free(t->trainer);
    nq_dataset_free(t->data);
    nq_dataset_free(t->valid);
    nq_context_free(t->context);
}

/* What a finished run is compared by: parameters, rates and hold-out figures, malloc'ed. */
typedef struct outcome {
    nqi_real *params;
    double *beta;
    size_t count, steps;
    double best;
    int64_t best_update;
} outcome;

static outcome training_finish(training *t)
{
    outcome out;
    const nq_model *model;
    nq_train_state state;
    run(t->trainer, t->context, INT64_MAX);
    assert_ok(nq_trainer_model(&model, t->trainer), t->context);
    nq_trainer_state(&state, t->trainer);
    out.count = nq_model_parameters(model);
    out.steps = nq_model_steps(model);
    out.params = malloc(out.count * sizeof *out.params);
    out.beta = malloc(out.steps * sizeof *out.beta);
    assert_true(out.params && out.beta);
    memcpy(out.params, model->regressor.params, out.count * sizeof *out.params);
    memcpy(out.beta, nq_model_schedule(model)->beta, out.steps * sizeof *out.beta);
    out.best = state.best_bound;
    out.best_update = state.best_update;
    return out;
}

static void outcome_free(outcome *out)
{
    free(out->params);
    free(out->beta);
}

static void assert_same(const char *name, const outcome *a, const outcome *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->steps, b->steps);
    for (size_t i = 0; i < a->count; i++)
        if (memcmp(&a->params[i], &b->params[i], sizeof *a->params))
            fail_msg("%s: parameter %zu is %.9g and %.9g", name, i, (double)a->params[i],
                     (double)b->params[i]);
    if (memcmp(a->beta, b->beta, a->steps * sizeof *a->beta))
        fail_msg("%s: the schedules differ", name);
    if (memcmp(&a->best, &b->best, sizeof a->best) || a->best_update != b->best_update)
        fail_msg("%s: best K is %.17g at %lld and %.17g at %lld", name, a->best,
                 (long long)a->best_update, b->best, (long long)b->best_update);
}

static void result_does_not_depend_on_threads(void **state)
{
    (void)state;
    const int threads[3] = {1, 2, 7};
    for (int w = 0; w < WAYS; w++) {
        outcome first = {0};
        for (int i = 0; i < 3; i++) {
            training t = training_open(&ways[w], threads[i], NULL);
            outcome out = training_finish(&t);
            if (i) {
                assert_same(ways[w].name, &first, &out);
                outcome_free(&out);
            } else {
                first = out;
            }
            training_close(&t);
        }
        outcome_free(&first);
    }
}

/* A bound on the gradient's norm that is never met: readouts are then stepped when the whole
 * gradient is known, and otherwise as soon as their own is. */
static void readouts_may_be_stepped_at_once_or_after_all(void **state)
{
    (void)state;
    way w = ways[0];
    outcome out[2];
    for (int i = 0; i < 2; i++) {
        training t;
        w.train[2] = (setting){"share", "1"};
        w.train[4] = (setting){"clip", i ? "1e29" : "1e30"};
        t = training_open(&w, 2, NULL);
        out[i] = training_finish(&t);
        training_close(&t);
    }
    assert_same("stepped at once, and after all", &out[0], &out[1]);
    outcome_free(&out[0]);
    outcome_free(&out[1]);
}

/* Stops a run after `updates`, writes a checkpoint, resumes in a new trainer and finishes. */
static outcome finish_interrupted(const way *w, int64_t updates, const char *path)
{
    training t = training_open(w, 1, NULL);
    run(t.trainer, t.context, updates);
    assert_ok(nq_trainer_checkpoint(path, t.trainer), t.context);
    training_close(&t);
    t = training_open(w, 2, path);
    outcome out = training_finish(&t);
    training_close(&t);
    return out;
}

static void resumed_run_is_the_run_that_was_not_interrupted(void **state)
{
    (void)state;
    scratch folder;
    assert_int_equal(scratch_new(&folder), 0);
    const char *path = scratch_path(&folder, "run.ckpt");
    for (int w = 0; w < WAYS; w++) {
        training t = training_open(&ways[w], 1, NULL);
        outcome whole = training_finish(&t);
        training_close(&t);
        for (int64_t updates = 3; updates <= 17; updates += 7) {
            outcome resumed = finish_interrupted(&ways[w], updates, path);
            assert_same(ways[w].name, &whole, &resumed);
            outcome_free(&resumed);
        }
        outcome_free(&whole);
    }
    scratch_free(&folder);
}

/* Resuming a run that is over changes nothing. */
static void finished_run_stays_finished(void **state)
{
    (void)state;
    scratch folder;
    assert_int_equal(scratch_new(&folder), 0);
    const char *path = scratch_path(&folder, "run.ckpt");
    training t = training_open(&ways[0], 1, NULL);
    outcome whole = training_finish(&t);
    training_close(&t);
    outcome resumed = finish_interrupted(&ways[0], 24, path);
    assert_same(ways[0].name, &whole, &resumed);
    outcome_free(&whole);
    outcome_free(&resumed);
    scratch_free(&folder);
}

/* A file says all that a model is: what is loaded scores and draws the same, bit for bit. */
static void loaded_model_is_the_trained_one(void **state)
{
    (void)state;
    enum { DRAWS = 64 };
    scratch folder;
    assert_int_equal(scratch_new(&folder), 0);
    const char *path = scratch_path(&folder, "model.safetensors");
    for (int w = 0; w < WAYS; w++) {
        training t = training_open(&ways[w], 2, NULL);
        const nq_bound_options options = {.terms = 20, .seed = 3};
        const nq_sample_options sampling = {.rows = DRAWS, .seed = 4};
        double drawn[2][DRAWS * 20];
        const nq_model *model;
        nq_model *loaded;
        nq_bound bounds[2];
        run(t.trainer, t.context, INT64_MAX);
        assert_ok(nq_trainer_model(&model, t.trainer), t.context);
        assert_ok(nq_model_save(path, t.context, model), t.context);
        assert_ok(nq_model_load(&loaded, t.context, path), t.context);
        assert_ok(nq_bound_estimate(&bounds[0], t.context, model, t.valid, &options), t.context);
        assert_ok(nq_bound_estimate(&bounds[1], t.context, loaded, t.valid, &options), t.context);
        assert_close(ways[w].name, bounds[1].bound, bounds[0].bound, 0);
        assert_close(ways[w].name, bounds[1].null, bounds[0].null, 0);
        assert_ok(nq_sample(drawn[0], t.context, model, &sampling), t.context);
        assert_ok(nq_sample(drawn[1], t.context, loaded, &sampling), t.context);
        assert_memory_equal(drawn[0], drawn[1], DRAWS * nq_model_columns(model) * sizeof(double));
        nq_bound_free(&bounds[0]);
        nq_bound_free(&bounds[1]);
        nq_model_free(loaded);
        training_close(&t);
    }
    scratch_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixture_is_learned_up_to_its_ceiling),
        cmocka_unit_test(heartbeat_is_learned_up_to_its_ceiling),
        cmocka_unit_test(result_does_not_depend_on_threads),
        cmocka_unit_test(readouts_may_be_stepped_at_once_or_after_all),
        cmocka_unit_test(resumed_run_is_the_run_that_was_not_interrupted),
        cmocka_unit_test(finished_run_stays_finished),
        cmocka_unit_test(loaded_model_is_the_trained_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
